"""World map of one figure a state: own Pacific-centred outlines, no outside address, no script.

`map_paths.json` holds an outline or a dot for each state of the registry (made by ``tools/map``,
where the policy on borders is written down). Disputed areas are hatched and take no state's value.
A state that was merged into a region is hatched in the colour of the region's value, which is not
its own; a state without a figure is grey, never the colour of zero.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from comity.present.folder import Folder
from comity.present.i18n import Lang, t
from comity.present.numbers import NO_FIGURE, decimals, finite, nice, number, shown

# Orange for losses, blue for gains, from far below zero to far above; readers of any common colour
# vision tell the two sides apart, and lightness alone gives the size.
COLOURS = (
    "#8c3a04",
    "#cc5f0f",
    "#ee9a4f",
    "#f8cfa0",
    "#e9e5d8",
    "#b9d7ea",
    "#6cadd6",
    "#2a7ab5",
    "#0b4374",
)
UNKNOWN, SEA, OWN, MERGED = "#aeb4ba", "#f7fafc", "#39424c", "#ffffff"
STEPS = (0.1, 0.2, 0.5, 1.0)
DOT = 30
HATCH = 26
# How each half of a map for narrow screens begins.
HALF = '<svg class="half"'


@cache
def asset() -> dict:
    """Return outlines and dots by state, other land, disputed areas, view box and checksum."""
    source = resources.files("comity.present").joinpath("map_paths.json")
    return json.loads(source.read_text(encoding="utf-8"))


def edges(frame: pd.DataFrame) -> list[float]:
    """Edges of the nine classes, symmetric about zero and the same for both maps of a run.

    The outermost is the round number (1, 2, 5 times a power of ten) that holds 95 % of the values.
    """
    values = frame[["mean", "final"]].to_numpy(float)
    sizes = np.abs(values[np.isfinite(values)])
    limit = nice(float(np.quantile(sizes, 0.95))) if sizes.size else 1.0
    return [-step * limit for step in reversed(STEPS)] + [step * limit for step in STEPS]


def colour(value: object, limits: list[float]) -> str:
    """Colour of a value; grey where there is none."""
    x = finite(value)
    return UNKNOWN if x != x else COLOURS[bisect_left(limits, x)]


def region_fill(value: object, limits: list[float]) -> str:
    """Hatching in the colour of a region's value; plain grey where there is none."""
    x = finite(value)
    return UNKNOWN if x != x else f"url(#region-{bisect_left(limits, x)})"


def _region_patterns() -> str:
    """Hatchings of states that are modelled within a region only, one a colour."""
    return "".join(
        f'<pattern id="region-{place}" width="{HATCH}" height="{HATCH}" '
        f'patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
        f'<rect width="{HATCH}" height="{HATCH}" fill="#fff"/>'
        f'<rect width="{HATCH // 2}" height="{HATCH}" fill="{colour}"/></pattern>'
        for place, colour in enumerate(COLOURS)
    )


def shapes() -> Markup:
    """Outlines that all maps of a page draw from; to be put into the page once."""
    land = asset()
    parts = [
        f'<path id="land-{s}" d="{o["d"]}"/>'
        if "d" in o
        else f'<circle id="land-{s}" cx="{o["x"]}" cy="{o["y"]}" r="{DOT}"/>'
        for s, o in land["states"].items()
    ]
    parts.append(f'<path id="land-other" d="{land["other"]}"/>')
    parts += [f'<path id="land-{a["id"]}" d="{a["d"]}"/>' for a in land["disputed"]]
    hatch = (
        '<pattern id="hatch" width="34" height="34" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="34" height="34" fill="#fff"/>'
        '<rect width="14" height="34" fill="#6b737b"/></pattern>'
    )
    return Markup(
        '<svg class="store" aria-hidden="true" width="0" height="0"><defs>'
        + "".join(parts)
        + hatch
        + _region_patterns()
        + "</defs></svg>"
    )


def world(
    frame: pd.DataFrame, column: str, folder: Folder, lang: Lang, name: str, title: str
) -> Markup:
    """Map of a column (percent) of a frame with id and source; needs `shapes` in the page.

    ``name`` must be unique in the page. On narrow screens the style sheet shows the two halves of
    the same drawing below each other, at twice the size.
    """
    land, limits = asset(), edges(frame)
    x, y, width, height = land["viewBox"]
    values = dict(zip(frame["id"], frame[column].map(finite), strict=True))
    source = dict(zip(frame["id"], frame["source"], strict=True))
    places = decimals(values.values())
    layers: dict[bool, list[str]] = {True: [], False: []}
    for state in sorted(land["states"], key=lambda s: "d" not in land["states"][s]):
        own = source.get(state, state) == state
        fill = (colour if own else region_fill)(values.get(state), limits)
        label = hover(state, source.get(state, state), values.get(state), places, folder, lang)
        mark = ' stroke-width="22"' if state == folder.run["actor"] else ""
        layers[own].append(
            f'<use href="#land-{state}" fill="{fill}"{mark}><title>{escape(label)}</title></use>'
        )
    disputed = "".join(
        f'<use href="#land-{a["id"]}"><title>{escape(a[lang])}</title></use>'
        for a in land["disputed"]
    )
    halves = "".join(
        f'{HALF} aria-hidden="true" viewBox="{x + side * width / 2:g} {y} '
        f'{width / 2:g} {height}"><use href="#{name}-g"/></svg>'
        for side in (0, 1)
    )
    return Markup(
        f'<svg class="map" role="img" viewBox="{x} {y} {width} {height}" '
        f'aria-labelledby="{name}-t">'
        f'<title id="{name}-t">{escape(title)}</title><g id="{name}-g">'
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{SEA}"/>'
        f'<use href="#land-other" fill="{UNKNOWN}" stroke="{MERGED}" stroke-width="3"/>'
        f'<g stroke="{MERGED}" stroke-width="5">{"".join(layers[False])}</g>'
        f'<g stroke="{OWN}" stroke-width="6" stroke-linejoin="round">{"".join(layers[True])}</g>'
        f'<g fill="url(#hatch)" stroke="#6b737b" stroke-width="4">{disputed}</g></g></svg>{halves}'
    )


def units(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a state or region that was modelled, by its own name; states within regions go."""
    own = frame.drop_duplicates("source", keep="first")
    return own.assign(id=own["source"]).drop(columns="source").sort_values("id", kind="stable")


def hover(state: str, source: str, value: object, places: int, folder: Folder, lang: Lang) -> str:
    """Text shown when the pointer rests on a state."""
    figure = shown(value, places, sign=True)
    figure = t("map.none", lang) if figure == NO_FIGURE else f"{figure}%"
    if source == state:
        return t("map.own", lang, state=folder.state(state, lang), value=figure)
    return t(
        "map.merged",
        lang,
        state=folder.state(state, lang),
        region=folder.state(source, lang),
        value=figure,
    )


def legend(frame: pd.DataFrame, lang: Lang) -> list[tuple[str, str]]:
    """Colours and labels of the classes, from the largest loss to the largest gain, then grey."""
    limits = edges(frame)

    def text(value: float) -> str:
        places = next(p for p in range(9) if abs(round(value, p) - value) < 1e-9)
        return f"{number(value, places, sign=True)}%"

    below = t("map.below", lang, edge=text(limits[0]))
    above = t("map.above", lang, edge=text(limits[-1]))
    middle = [
        t("map.between", lang, low=text(a), high=text(b))
        for a, b in zip(limits, limits[1:], strict=False)
    ]
    classes = zip((*COLOURS, UNKNOWN), (below, *middle, above, t("map.none", lang)), strict=True)
    return list(classes)


def keys(lang: Lang) -> list[tuple[str, str]]:
    """What the hatchings of a map mean."""
    return [("region-3", t("map.region", lang)), ("hatch", t("map.disputed", lang))]
