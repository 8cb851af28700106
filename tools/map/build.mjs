// Makes the world map of the reports: Pacific-centred Equal Earth, one outline or dot a state.
//
//   npm install && npm run build        (writes ../../src/comity/present/map_paths.json)
//
// Outlines: world-atlas 2.0.2 (ISC), made from Natural Earth (public domain). The 110m outline is
// taken where there is one and it can be seen; otherwise the state is a dot. Coordinates are whole
// tenths of a pixel of a 960-pixel map, paths are relative, so that the file stays small.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { geoCentroid, geoContains, geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";

const WIDTH = 9600;
const SMALLEST = 500; // tenths of a pixel, squared: below 5 square pixels a state is a dot
const here = (name) => new URL(name, import.meta.url);
const atlas = (scale) => {
  const file = here(`node_modules/world-atlas/countries-${scale}.json`);
  const topology = JSON.parse(readFileSync(file));
  return feature(topology, topology.objects.countries).features;
};
const [coarse, fine, finest] = ["110m", "50m", "10m"].map(atlas);

// The states of today: rows of the registry whose validity has no end.
const registry = readFileSync(here("../../src/comity/registry/states.csv"), "utf8").trim();
if (registry.includes('"')) throw new Error("quoted fields: split() no longer reads the registry");
const [header, ...rows] = registry.split("\n").map((line) => line.trim().split(","));
const [ID, M49, END] = ["id", "m49", "valid_to"].map((name) => header.indexOf(name));
const today = rows.filter((row) => !row[END]);
const idOf = new Map(today.filter((row) => row[M49]).map((row) => [row[M49].padStart(3, "0"), row[ID]]));
// No ISO numeric code in the atlas: found by name.
const idOfName = new Map([["Kosovo", "XKX"]]);
const stateOf = (f) => idOfName.get(f.properties.name) ?? idOf.get(f.id);

// A dot at the seat of government where the centroid of scattered islands would mislead.
const DOT_AT = { KIR: [172.98, 1.33], FSM: [158.16, 6.92], MHL: [171.38, 7.1], SYC: [55.45, -4.62] };

// Territories that no state of the registry can colour, because who governs is disputed.
const DISPUTED = {
  "W. Sahara": ["western-sahara", "Western Sahara", "西サハラ"],
  Somaliland: ["somaliland", "Somaliland", "ソマリランド"],
  "N. Cyprus": ["northern-cyprus", "Northern Cyprus", "北キプロス"],
  "Falkland Is.": ["falklands", "Falkland Islands (Malvinas)", "フォークランド（マルビナス）諸島"],
};
const CRIMEA = [34.2, 45.2]; // a point inside, to find its ring
// Schematic outline of Jammu and Kashmir as it was in 1947, Aksai Chin and Gilgit included.
const KASHMIR = { type: "Polygon", coordinates: [[
  [74.0, 32.9], [73.6, 34.1], [73.4, 34.9], [72.9, 35.6], [72.6, 36.4], [73.6, 36.9], [74.6, 37.0],
  [75.4, 36.8], [76.2, 36.1], [77.8, 35.5], [79.0, 35.9], [80.2, 35.4], [79.5, 34.5], [78.8, 33.5],
  [79.2, 32.6], [78.4, 32.6], [77.0, 33.0], [76.0, 32.8], [75.5, 32.3], [74.0, 32.9]]] };

const projection = geoEqualEarth().rotate([-150, 0]).fitWidth(WIDTH, { type: "Sphere" });

/** Collects rounded points and writes them as relative moves; rings that vanish are dropped. */
class Pen {
  constructor() { this.rings = []; }
  moveTo(x, y) { this.rings.push([[Math.round(x), Math.round(y)]]); }
  lineTo(x, y) {
    const ring = this.rings.at(-1), [px, py] = ring.at(-1);
    const point = [Math.round(x), Math.round(y)];
    if (point[0] !== px || point[1] !== py) ring.push(point);
  }
  closePath() {}
  beginPath() {}
  toString() {
    let out = "";
    for (const ring of this.rings) {
      const [first, last] = [ring[0], ring.at(-1)];
      if (ring.length > 1 && first[0] === last[0] && first[1] === last[1]) ring.pop();
      if (ring.length < 3) continue;
      const steps = ring.slice(1).map(([x, y], i) => [x - ring[i][0], y - ring[i][1]]);
      const text = steps.map(([x, y]) => (x < 0 ? x : ` ${x}`) + (y < 0 ? `${y}` : ` ${y}`)).join("");
      out += `M${first[0]} ${first[1]}l${text.trim()}z`;
    }
    return out;
  }
}
const draw = (shape) => { const pen = new Pen(); geoPath(projection, pen)(shape); return pen.toString(); };
const area = geoPath(projection).area;
const dot = (f, id) => projection(DOT_AT[id] ?? geoCentroid(f)).map(Math.round);

const states = {}, other = [], disputed = [];
for (const f of coarse) {
  const name = f.properties.name;
  if (name === "Antarctica" || name === "Fr. S. Antarctic Lands") continue;
  if (name === "Russia") {
    const at = f.geometry.coordinates.findIndex((rings) =>
      geoContains({ type: "Polygon", coordinates: rings }, CRIMEA));
    if (at < 0) throw new Error("Crimea not found as a ring of its own");
    const [rings] = f.geometry.coordinates.splice(at, 1);
    disputed.push({ id: "crimea", en: "Crimea", ja: "クリミア", d: draw({ type: "Polygon", coordinates: rings }) });
  }
  const known = DISPUTED[name];
  if (known) disputed.push({ id: known[0], en: known[1], ja: known[2], d: draw(f) });
  else if (!stateOf(f)) other.push(draw(f));
  else if (area(f) >= SMALLEST) states[stateOf(f)] = { d: draw(f) };
}
disputed.push({ id: "kashmir", en: "Kashmir (schematic)", ja: "カシミール（概略）", d: draw(KASHMIR) });
for (const row of today) {
  const id = row[ID];
  if (states[id]) continue;
  const f = [...fine, ...finest].find((one) => stateOf(one) === id);
  if (!f) throw new Error(`no outline for ${id}`);
  const [x, y] = dot(f, id);
  states[id] = { x, y };
}

const sorted = Object.fromEntries(Object.keys(states).sort().map((id) => [id, states[id]]));
disputed.sort((a, b) => (a.id < b.id ? -1 : 1));
const shapes = { states: sorted, other: other.join(""), disputed };
const asset = {
  source: "Natural Earth (public domain), by way of npm world-atlas 2.0.2 (ISC)",
  projection: "Equal Earth, central meridian 150 E; units are tenths of a pixel at width 960",
  script: "tools/map/build.mjs",
  viewBox: [0, 0, WIDTH, Math.round(projection([150, -57])[1])],
  sha256: createHash("sha256").update(JSON.stringify(shapes)).digest("hex"),
  ...shapes,
};
const target = here("../../src/comity/present/map_paths.json");
const body = JSON.stringify(asset, null, 0).replace(/("[A-Z]{3}":)/g, "\n$1")
  .replace(/,"(other|disputed|states|projection|script|viewBox|sha256)":/g, ',\n"$1":');
writeFileSync(target, body + "\n");
const dots = Object.values(states).filter((s) => !s.d).length;
console.log(`${Object.keys(states).length} states, ${dots} dots, ${disputed.length} disputed, ${body.length} bytes`);
