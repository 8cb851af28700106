"""The page of a trade case: map, figures and tables in both languages, from its JSON document."""

from __future__ import annotations

import shlex
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from comity.present import maps, priors
from comity.present.drawing import INK, Spec, chart, labelled, rows, rule_at, svg
from comity.present.figures import BLUE, RED, WIDTH, number_axis
from comity.present.folder import Folder
from comity.present.i18n import Lang, has, in_order, pick, t
from comity.present.numbers import NO_FIGURE, decimals, fine, number, plain, shown
from comity.present.pages import environment, style
from comity.present.plates import Plate
from comity.present.tables import Table, csv, data_address, status
from comity.registry.sizes import in_words, rule

Document = dict[str, Any]
SHOWN, FLOWS = 14, 12
HEADINGS = {
    "consumption": "shock.consumption",
    "real_wage": "shock.real_wage",
    "terms_of_trade": "shock.terms",
    "prices": "shock.prices",
    "exports": "shock.exports",
    "imports": "shock.imports",
    "exposure": "shock.exposure",
}
WALLS = ("shock.flatters",)  # where one sector stands for all and tariffs are raised
LIMITS = ("shock.limit_general", "shock.limit_deficits", "shock.limit_time", "shock.limit_numbers")


def folder_of(document: Document) -> Folder:
    """The document as what maps and tables ask for names: states and regions, in bold the first."""
    groups = {one: {"name": name} for one, name in document["names"].items()}
    return Folder(Path(), {"actor": (document["shown"] or [""])[0], "groups": groups}, {})


def render(document: Document, first: Lang = "en") -> str:
    """Return the page as text; the same document gives the same bytes."""
    langs = in_order(first)
    return (
        environment()
        .get_template("report.html")
        .render(
            pages=[page(document, lang) for lang in langs],
            style=style(),
            shapes=maps.shapes(),
            titles=" · ".join(pick(document["title"], lang) for lang in langs),
            body="trade.html",
        )
    )


def page(document: Document, lang: Lang) -> dict[str, Any]:
    """Return what the template needs for one language."""
    names = folder_of(document)
    effects = pd.DataFrame(document["effects"]).astype({"value": float, "low": float})
    effects = effects.astype({"high": float})
    drawn = {
        "map": _map(document, effects, names, lang),
        "welfare": _dots(document, effects, "consumption", names, lang),
        "terms": _dots(document, effects, "terms_of_trade", names, lang),
        "flows": _flows(document, names, lang),
        "exposure": _dots(document, effects, "exposure", names, lang),
    }
    plates = {name: plate for name, plate in drawn.items() if plate}
    model = "shock.one_sector" if document["model"] == "one-sector" else "shock.nine_sectors"
    return {
        "lang": lang,
        "t": partial(t, lang=lang),
        "pick": partial(pick, lang=lang),
        "words": {},
        "run": document,
        "scenario": document,
        "model": t(model, lang),
        "plates": drawn,
        "map_keys": maps.keys(lang),
        "number_of": {name: place for place, name in enumerate(plates, 1)},
        "sources": dict.fromkeys(drawn, _source(document, lang)),
        "commands": dict.fromkeys(drawn, command(document)),
        "address": data_address,
        "finding": finding(document, effects, names, lang),
        "everything": _everything(effects, names, lang),
        "numbers": [_number(given, lang) for given in document["numbers"]],
        "limits": [t(key, lang) for key in (*LIMITS, *WALLS * bool(document.get("walls")))],
        "notes": [pick(note, lang) for note in document["notes"]],
        "command": command(document),
    }


def command(document: Document) -> str:
    """Return the command line that asks the same question."""
    parts = [f"comity trade {shlex.join(document.get('asked', [document['name']]))}"]
    parts += ["--world full"] if document["world"] == "full" else []
    parts += ["--model sectors"] if document["model"] == "sectors" else []
    parts += [f"--states {','.join(document['shown'])}"] if document["shown"] else []
    return " ".join([*parts, f"--draws {document['draws']}", f"--seed {document['seed']}"])


def finding(document: Document, effects: pd.DataFrame, names: Folder, lang: Lang) -> list[str]:
    """Say what happens to the states asked about, else to those hit and helped most."""
    if not document["converged"]:
        return [t("shock.unsolved", lang)]
    welfare = effects[effects["effect"] == "consumption"].sort_values("value", kind="stable")
    chosen = document["shown"] or [*welfare["id"].head(3), *welfare["id"].tail(2)]
    found = []
    for row in welfare.set_index("id").loc[chosen].reset_index().to_dict("records"):
        known = row["low"] == row["low"]
        ends = [row["value"], row["low"], row["high"]]
        places = max(fine(ends), decimals(ends))
        values = {key: shown(row[key], places, sign=True) for key in ("value", "low", "high")}
        state = names.state(str(row["id"]), lang)
        if known:
            said = t("shock.finding", lang, state=state, **values)
        else:
            said = t("shock.finding_central", lang, state=state, value=values["value"])
        size = in_words(document.get("sizes", {}).get(row["id"]), lang)
        found.append(t("shock.sized", lang, said=said, size=size) if size else said)
    if document.get("sizes"):
        found.append(rule(lang))
    return found


def _source(document: Document, lang: Lang) -> str:
    return t(
        "shock.source",
        lang,
        year=document["data"]["year"],
        hash=document["data"]["hash"][:12],
        version=document["comity_version"],
    )


def _map(document: Document, effects: pd.DataFrame, names: Folder, lang: Lang) -> Plate | None:
    welfare = effects[effects["effect"] == "consumption"].set_index("id")["value"]
    frame = pd.DataFrame(
        [
            {"id": state, "source": entity, "mean": welfare[entity], "final": welfare[entity]}
            for entity, inside in document["members"].items()
            for state in inside
        ]
    )
    if not frame["mean"].notna().any():
        return None
    title = t("shock.map", lang)
    drawing = maps.world(frame, "mean", names, lang, f"{lang}-map-trade", title)
    listed = maps.units(frame)[["id", "mean"]]
    table = _table(listed, {"id": "shock.state", "mean": "shock.consumption"}, names, lang)
    return Plate(
        name="map",
        title=title,
        panels=(("", drawing),),
        caption=t("shock.map_caption", lang),
        table=table,
        legend=tuple(maps.legend(frame, lang)),
        is_map=True,
        notes=(t("map.note", lang),),
    )


def _dots(
    document: Document, effects: pd.DataFrame, effect: str, names: Folder, lang: Lang
) -> Plate | None:
    """One effect of the states shown, with its interval."""
    frame = effects[effects["effect"] == effect].reset_index(drop=True)
    if not frame["value"].notna().any() or not (frame["value"] != 0).any():
        return None
    frame = _chosen(frame, document["shown"]).assign(zero=0.0)
    labels = [names.state(state, lang) for state in frame["id"]]
    placed, y, height, room = labelled(frame, labels)
    key = HEADINGS[effect]
    if effect == "terms_of_trade" and document["model"] == "sectors":
        key = "shock.terms_part"
    if effect == "exposure":
        spec = _bars(placed, y, height, room, t("shock.exposure_axis", lang))
    else:
        spec = _intervals(placed, y, height, room, t("shock.axis", lang))
    title, caption = t(key, lang), t(CAPTIONS[effect], lang)
    columns = ["id", "value"] if effect == "exposure" else ["id", "value", "low", "high"]
    heads = {
        "id": "shock.state",
        "value": "shock.central",
        "low": "shock.low",
        "high": "shock.high",
    }
    return Plate(
        name=effect,
        title=title,
        panels=(("", svg(spec, f"{lang}-{effect}", title, caption)),),
        caption=caption,
        table=_table(frame[columns], heads, names, lang),
    )


CAPTIONS = {
    "consumption": "shock.consumption_caption",
    "terms_of_trade": "shock.terms_caption",
    "exposure": "shock.exposure_caption",
}


def _chosen(frame: pd.DataFrame, shown: list[str]) -> pd.DataFrame:
    """Rows of the states asked about, filled up with the largest, from high to low."""
    size = frame["value"].abs().sort_values(ascending=False, kind="stable")
    order = [*shown, *(state for state in frame["id"][size.index] if state not in shown)]
    kept = frame.set_index("id").loc[order[: max(SHOWN, len(shown))]]
    return kept.sort_values("value", ascending=False, kind="stable").reset_index()


def _intervals(frame: pd.DataFrame, y: Spec, height: int, room: int, axis: str) -> Spec:
    x = number_axis("value", axis)
    layers = [
        rule_at(0.0, "x", color=INK),
        {
            "mark": {"type": "rule", "color": BLUE, "strokeWidth": 2.4},
            "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "color": BLUE, "filled": True, "size": 58, "opacity": 1},
            "encoding": {"y": y, "x": x},
        },
    ]
    return chart(layers, WIDTH - room, height * 0.8, rows(frame))


def _bars(frame: pd.DataFrame, y: Spec, height: int, room: int, axis: str) -> Spec:
    x = number_axis("zero", axis)
    colour = {"condition": {"test": "datum.value < 0", "value": RED}, "value": BLUE}
    bar = {
        "mark": {"type": "bar", "height": 13},
        "encoding": {"y": y, "x": x, "x2": {"field": "value"}, "color": colour},
    }
    return chart([bar, rule_at(0.0, "x", color=INK)], WIDTH - room, height * 0.8, rows(frame))


def _flows(document: Document, names: Folder, lang: Lang) -> Plate | None:
    flows = pd.DataFrame(document["flows"])
    if flows.empty or not flows["after"].notna().any():
        return None
    for column in ("before", "after", "change", "low", "high"):
        flows[column] = flows[column].astype(float)
    flows = flows.assign(value=(flows["after"] - flows["before"]) / 1000, zero=0.0)
    top = flows.head(FLOWS).sort_values("value", ascending=False, kind="stable")
    ends = [[names.state(state, lang) for state in top[side]] for side in ("exporter", "importer")]
    labels = [t("shock.pair", lang, a=a, b=b) for a, b in zip(*ends, strict=True)]
    placed, y, height, room = labelled(top.reset_index(drop=True), labels)
    title, caption = t("shock.flows", lang), t("shock.flows_caption", lang)
    spec = _bars(placed, y, height, room, t("shock.flows_axis", lang))
    heads = {
        "exporter": "shock.exporter",
        "importer": "shock.importer",
        "before": "shock.before",
        "after": "shock.after",
        "change": "shock.change",
        "low": "shock.low",
        "high": "shock.high",
    }
    return Plate(
        name="flows",
        title=title,
        panels=(("", svg(spec, f"{lang}-flows", title, caption)),),
        caption=caption,
        table=_table(flows[list(heads)], heads, names, lang),
    )


def _table(frame: pd.DataFrame, heads: dict[str, str], names: Folder, lang: Lang) -> Table:
    """A frame ready to print: states by name, money whole, per cents with common decimals."""
    spread = [c for c in frame if c in ("value", "low", "high", "mean")]
    every = decimals(frame[spread].to_numpy().ravel())

    def cell(column: str, value: object, places: int) -> str:
        if column in ("id", "source", "exporter", "importer"):
            return names.state(str(value), lang)
        if column in ("before", "after"):
            return number(value, 0)
        if column == "change" or "exporter" in frame:
            return number(value, 1, sign=True)
        return shown(value, places, sign=True)

    columns = [str(column) for column in frame.columns]
    return Table(
        headings=tuple(t(heads[column], lang) for column in columns),
        rows=tuple(
            tuple(
                cell(column, row[column], fine(ends) if len(ends) > 1 else every)
                for column in columns
            )
            for row in frame.to_dict(orient="records")
            for ends in [[row[c] for c in spread]]
        ),
        numeric=tuple(pd.api.types.is_numeric_dtype(frame[column]) for column in columns),
        csv=csv(frame),
    )


def _everything(effects: pd.DataFrame, names: Folder, lang: Lang) -> Table:
    """Every effect of every state and region."""
    wide = effects.pivot(index="id", columns="effect", values="value").reindex(columns=[*HEADINGS])
    wide = wide.sort_values("consumption", kind="stable").dropna(axis=1, how="all")
    texts = [
        (names.state(str(state), lang), *(number(value, 2, sign=True) for value in row))
        for state, *row in wide.reset_index().itertuples(index=False, name=None)
    ]
    heads = [t("shock.state", lang), *(t(HEADINGS[str(c)], lang) for c in wide.columns)]
    numeric = (False, *(True for _ in wide.columns))
    return Table(tuple(heads), tuple(texts), numeric, csv(wide.reset_index()))


def _number(given: dict[str, Any], lang: Lang) -> dict[str, str]:
    name = str(given["name"])
    label = f"parameter.{name}"
    return {
        "name": name,
        "meaning": t(label, lang) if has(label) else str(given.get("meaning") or NO_FIGURE),
        "value": plain(given.get("value")),
        "prior": priors.prior(given.get("prior"), lang),
        "status": status(str(given.get("status", "")), lang),
        "kind": str(given.get("status", "")),
        "reference": str(given.get("source") or ""),
    }
