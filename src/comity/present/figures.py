"""Charts of the report: each is a function of a frame and returns a Vega-Lite spec.

Colours are those of okabe2008color, which readers with any common colour vision tell apart.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from comity.present.drawing import (
    FAINT,
    INK,
    SOFT,
    TRUE_MINUS,
    Spec,
    chart,
    labelled,
    rows,
    rule_at,
    wrap,
)
from comity.present.folder import Folder
from comity.present.frames import where
from comity.present.i18n import Lang, pick, t
from comity.present.numbers import plain
from comity.present.tables import choice, status

BLUE, RED, GREEN, AMBER, PINK = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7"
STATUS = {"published": BLUE, "estimated": GREEN, "judged": AMBER, "user": PINK}
WIDTH = 445


def number_axis(
    field: str, title: str | list[str] | None, zero: bool = True, **axis: object
) -> Spec:
    """Return a horizontal channel of numbers with true minus signs."""
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"zero": zero, "nice": True},
        "axis": {"title": title, "tickCount": 6, "labelExpr": TRUE_MINUS, "labelFlush": False}
        | axis,
    }


def bands(spread: pd.DataFrame, single: pd.DataFrame, domain: tuple[float, float]) -> Spec:
    """Draw one strategy over years: 5-95 %, 25-75 %, median, single futures, no effect.

    ``spread`` has columns year, p5 ... p95; ``single`` future, year, value; ``domain`` is the range
    of the vertical axis, which the panels of all strategies share.
    """
    years = [int(year) for year in sorted(spread["year"])]
    x = {
        "field": "year",
        "type": "quantitative",
        "scale": {"domain": [years[0], max(years[-1], years[0] + 1)], "nice": False},
        "axis": {
            "format": "d",
            "title": None,
            "grid": False,
            "labelFlush": False,
            "values": [year for year in years if year % 5 == 0] or years,
        },
    }
    y = {
        "field": "p5",
        "type": "quantitative",
        "scale": {"domain": list(domain), "zero": False, "nice": False},
        "axis": {
            "title": None,
            "tickCount": 5,
            "minExtent": 40,
            "maxExtent": 40,
            "labelExpr": TRUE_MINUS,
        },
    }
    line = {
        "x": x,
        "y": {"field": "value", "type": "quantitative"},
        "detail": {"field": "future", "type": "nominal"},
    }
    layers = [
        {
            "mark": {"type": "area", "color": BLUE, "opacity": 0.18},
            "encoding": {"x": x, "y": y, "y2": {"field": "p95"}},
        },
        {
            "mark": {"type": "area", "color": BLUE, "opacity": 0.32},
            "encoding": {"x": x, "y": y | {"field": "p25"}, "y2": {"field": "p75"}},
        },
        {
            "data": rows(single),
            "encoding": line,
            "mark": {"type": "line", "color": SOFT, "strokeWidth": 0.7, "opacity": 0.75},
        },
        rule_at(0.0, "y", color=INK, strokeWidth=1),
        {
            "mark": {"type": "line", "color": BLUE, "strokeWidth": 2.4},
            "encoding": {"x": x, "y": y | {"field": "p50"}},
        },
    ]
    return chart(layers, 270, 175, rows(spread))


def ranking(frame: pd.DataFrame, folder: Folder, lang: Lang) -> Spec:
    """Draw the spread of the objective by strategy: 5-95 %, 25-75 %, median, mean."""
    labels = [folder.strategy(strategy, lang) for strategy in frame["strategy"]]
    shown, y, height, room = labelled(frame, labels)
    x = number_axis("p5", axis_title(folder, lang), zero=False)
    layers = [
        rule_at(0.0, "x", color=INK),
        {
            "mark": {"type": "rule", "color": BLUE, "strokeWidth": 2},
            "encoding": {"y": y, "x": x, "x2": {"field": "p95"}},
        },
        {
            "mark": {"type": "bar", "color": BLUE, "height": 12, "opacity": 0.4},
            "encoding": {"y": y, "x": x | {"field": "p25"}, "x2": {"field": "p75"}},
        },
        {
            "mark": {"type": "tick", "color": BLUE, "thickness": 3, "size": 20, "opacity": 1},
            "encoding": {"y": y, "x": x | {"field": "median"}},
        },
        {
            "mark": {"type": "point", "color": INK, "filled": True, "size": 44, "opacity": 1},
            "encoding": {"y": y, "x": x | {"field": "mean"}},
        },
    ]
    return chart(layers, WIDTH - room, height, rows(shown))


def forest(frame: pd.DataFrame, folder: Folder, lang: Lang, axis: str) -> Spec:
    """Draw paired differences with their 95 % intervals; hollow where the interval holds zero."""
    labels = [
        t("figure.against", lang, a=folder.strategy(a, lang), b=folder.strategy(b, lang))
        for a, b in zip(frame["strategy"], frame["against"], strict=True)
    ]
    settled = (frame["low"] > 0) | (frame["high"] < 0)
    shown, y, height, room = labelled(frame.assign(settled=settled), labels)
    x = number_axis("low", axis)
    fill = {"condition": {"test": "datum.settled", "value": BLUE}, "value": "#ffffff"}
    layers = [
        rule_at(0.0, "x", color=INK),
        {
            "mark": {"type": "rule", "color": BLUE, "strokeWidth": 2.4},
            "encoding": {"y": y, "x": x, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "stroke": BLUE, "strokeWidth": 2, "size": 55, "opacity": 1},
            "encoding": {"y": y, "x": x | {"field": "mean"}, "fill": fill},
        },
    ]
    return chart(layers, WIDTH - room, height, rows(shown))


def stability(frame: pd.DataFrame, lang: Lang, threshold: float = 0.9) -> Spec:
    """Draw the agreement of two rankings against the number of futures behind each."""
    least = min([0.0, *frame["tau"].to_numpy(float).tolist()])
    x = number_axis("futures", t("figure.stability.x", lang), grid=False)
    y = {
        "field": "tau",
        "type": "quantitative",
        "scale": {"domain": [least, 1.0]},
        "axis": {"title": t("figure.stability.y", lang), "tickCount": 5, "labelExpr": TRUE_MINUS},
    }
    point = {"color": BLUE, "size": 50, "filled": True, "opacity": 1}
    layers = [
        rule_at(threshold, "y", color=RED, strokeDash=[5, 4], strokeWidth=1.6),
        {
            "mark": {"type": "line", "color": BLUE, "strokeWidth": 2.2, "point": point},
            "encoding": {"x": x, "y": y},
        },
    ]
    return chart(layers, WIDTH - 60, 180, rows(frame))


def failure(frame: pd.DataFrame, folder: Folder, lang: Lang) -> Spec:
    """Draw the limits of the first box, each within what was drawn for its parameter.

    A number's bar runs from its least to its greatest draw and names its limits; an uncertainty has
    a field for each of its values.
    """
    first = drawable(frame).reset_index(drop=True)
    labels = [folder.quantity(parameter, lang) for parameter in first["parameter"]]
    _, y, height, room = labelled(first, labels)
    pieces, marks = [], []
    for place, row in enumerate(first.to_dict(orient="records")):
        fields = _fields(row, lang) if row["choices"] else _stretches(row)
        pieces += [
            {"row": place, "start": a, "end": b, "inside": inside} for a, b, inside, _ in fields
        ]
        marks += [
            {"row": place, "at": (a + b) / 2, "text": text} for a, b, _, text in fields if text
        ]
        if not row["choices"]:
            marks += [{"row": place, "at": at, "text": text} for at, text in _ends(row)]
    x = {"field": "start", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": None}
    colour = {"condition": {"test": "datum.inside", "value": RED}, "value": FAINT}
    layers = [
        {
            "data": {"values": pieces},
            "encoding": {"y": y, "x": x, "x2": {"field": "end"}, "color": colour},
            "mark": {"type": "bar", "height": 12, "stroke": "#ffffff", "strokeWidth": 1},
        },
        {
            "data": {"values": marks},
            "mark": {"type": "text", "dy": -14},
            "encoding": {"y": y, "x": x | {"field": "at"}, "text": {"field": "text"}},
        },
    ]
    return chart(layers, WIDTH - room, height * 1.25)


def drawable(frame: pd.DataFrame) -> pd.DataFrame:
    """Limits of the first box for which a range or values were drawn."""
    first = where(frame, box=1)
    return first.take(np.flatnonzero((first["most"] > first["least"]) | (first["choices"] != "")))


def _fields(row: dict, lang: Lang) -> list[tuple[float, float, bool, str]]:
    """Start, end, whether inside the box, and name of each value of an uncertainty."""
    every, inside = row["choices"].split("|"), row["values"].split("|")
    step = 1 / len(every)
    return [
        (i * step, (i + 1) * step, value in inside, choice(value, lang))
        for i, value in enumerate(every)
    ]


def _place(value: float, row: dict) -> float:
    return min(max((value - row["least"]) / ((row["most"] - row["least"]) or 1.0), 0.0), 1.0)


def _stretches(row: dict) -> list[tuple[float, float, bool, str]]:
    low = 0.0 if row["low"] != row["low"] else _place(row["low"], row)
    high = 1.0 if row["high"] != row["high"] else _place(row["high"], row)
    return [
        (a, b, inside, "")
        for a, b, inside in ((0.0, low, False), (low, high, True), (high, 1.0, False))
        if b > a
    ]


def _ends(row: dict) -> list[tuple[float, str]]:
    """Where figures stand above a bar: its ends, and limits that are not too near to them."""
    limits = [row[side] for side in ("low", "high") if row[side] == row[side]]
    kept = [(_place(v, row), plain(v)) for v in limits]
    outer = [(0.0, plain(row["least"])), (1.0, plain(row["most"]))]
    return kept + [(at, text) for at, text in outer if all(abs(at - p) > 0.14 for p, _ in kept)]


def drivers(frame: pd.DataFrame, folder: Folder, lang: Lang) -> Spec:
    """Draw the share of the variance by parameter with its interval, coloured by status."""
    named = frame.assign(tone=[STATUS[_standing(s)] for s in frame["status"]], zero=0.0)
    labels = [folder.quantity(parameter, lang) for parameter in frame["parameter"]]
    shown, y, height, room = labelled(named, labels)
    colour = {"field": "tone", "type": "nominal", "scale": None, "legend": None}
    x = number_axis("zero", t("figure.drivers.axis", lang), format="%", tickCount=5)
    layers = [
        {
            "mark": {"type": "bar", "height": 14},
            "encoding": {"y": y, "x": x, "x2": {"field": "share"}, "color": colour},
        },
        {
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.4},
            "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}},
        },
    ]
    return chart(layers, WIDTH - room, height, rows(shown))


def statuses(frame: pd.DataFrame, lang: Lang) -> list[tuple[str, str]]:
    """Colours of the statuses that the drivers have, with their words."""
    there = {_standing(s) for s in frame["status"]}
    return [(STATUS[kind], status(kind, lang)) for kind in STATUS if kind in there]


def _standing(given: str) -> str:
    """Status of a driver; one without is one that the run cannot vouch for: it counts as judged."""
    return given if given in STATUS else "judged"


def axis_title(folder: Folder, lang: Lang) -> list[str]:
    """Label and unit of the objective, broken into lines."""
    measure = folder.objective
    unit = pick(measure["unit"], lang)
    lines = wrap(folder.label(measure["name"], lang), 30).split("\n")
    return [*lines, *wrap(f"({unit})", 30).split("\n")] if unit else lines
