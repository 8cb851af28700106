"""Draw where a state stands among bridges between frameworks: docs/images/bridging.svg.

Needs COMITY_DATA for the COW organisations; run `python tools/bridging_picture.py` (some minutes).
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from comity.evidence.studies.bridges import (
    DRAWS,
    named_for_japan,
    organisations,
    placed,
    scores,
    through_time,
)
from comity.present.drawing import FAINT, INK, SOFT, Spec, chart, rows, svg
from comity.present.figures import BLUE, RED

STATE, MEASURES = (
    "JPN",
    {"brokerage": "All pairs of frameworks", "new to old": "New with older ones"},
)
YEARS = range(1990, 2027)
COW_YEARS = range(1990, 2015, 4)
OUT = Path(__file__).parents[1] / "docs" / "images" / "bridging.svg"
TABLE = Path(__file__).parents[1] / "docs" / "explanation" / "bridging.csv"


def ranks() -> pd.DataFrame:
    """Return rank and null band of the state by list of frameworks, measure and year."""
    parts = [
        through_time(YEARS, [STATE], DRAWS).assign(list="registry"),
        through_time(YEARS, [STATE], DRAWS, without=named_for_japan).assign(
            list="registry without frameworks named for Japan"
        ),
    ]
    for year in COW_YEARS:
        member, new, states = organisations(year)
        found = placed(scores(member, new, 30), states, [STATE])
        parts.append(found.assign(year=year, list="COW organisations"))
    return pd.concat(parts, ignore_index=True)


def panel(frame: pd.DataFrame, measure: str, title: str) -> Spec:
    """Draw one measure: the null's band, and the rank in each list."""
    mine = frame[frame["measure"] == measure]
    y_scale = {"type": "log", "domain": [1, 120], "reverse": True}
    x = {
        "field": "year",
        "type": "quantitative",
        "scale": {"domain": [1990, 2026], "nice": False},
        "axis": {"format": "d", "title": title, "grid": False, "values": [1990, 2000, 2010, 2020]},
    }
    axis = {"title": "rank (log scale)", "values": [1, 2, 5, 10, 20, 50, 100]}
    kind = mine["list"]
    layers: list[Spec] = [
        {
            "data": rows(mine[kind == "registry"]),
            "mark": {"type": "area", "color": FAINT, "opacity": 0.8},
            "encoding": {
                "x": x,
                "y": {"field": "low", "type": "quantitative", "scale": y_scale, "axis": axis},
                "y2": {"field": "high"},
            },
        }
    ]
    marks = {
        "registry": {"type": "line", "color": BLUE, "strokeWidth": 2.4},
        "registry without frameworks named for Japan": {
            "type": "line",
            "color": BLUE,
            "strokeDash": [5, 3],
            "strokeWidth": 1.6,
        },
        "COW organisations": {"type": "point", "color": RED, "filled": True, "size": 45},
    }
    for name, mark in marks.items():
        y = {"field": "rank", "type": "quantitative", "scale": y_scale}
        layers.append(
            {"data": rows(mine[kind == name]), "mark": mark, "encoding": {"x": x, "y": y}}
        )
    return chart(layers, 300, 230)


def picture(frame: pd.DataFrame) -> str:
    """Return the picture as SVG, both measures side by side."""
    panels = [panel(frame, measure, title) for measure, title in MEASURES.items()]
    config = panels[0]["config"]
    for one in panels:
        del one["config"], one["$schema"]
    note: Spec = {
        "text": "Japan's rank in linking frameworks, 1 = first",
        "subtitle": [
            "Blue: the registry's frameworks; dashed: without those named for Japan. Red: COW.",
            "Grey: 90 % of networks with the same memberships as the registry's, dealt anew.",
        ],
        "anchor": "start",
        "color": INK,
        "subtitleColor": SOFT,
    }
    spec: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": config,
        "title": note,
        "background": "white",
        "hconcat": panels,
    }
    drawn = str(svg(spec, "bridging", note["text"], " ".join(note["subtitle"])))
    # A file of its own, unlike a chart inside a page, must say what it is.
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


if __name__ == "__main__":
    table = ranks()
    table.round(4).to_csv(TABLE, index=False, lineterminator="\n")
    OUT.write_text(picture(table), encoding="utf-8")
