"""Who writes and reads what, as a picture: a row a lever or field, a column a mechanism.

A square is written, a ring is read; the last column says what is measured. A row without a ring is
read by nothing in the year: it is a measure, or moves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from comity.core.words import Text
from comity.present.drawing import INK, SOFT, Spec, chart, quoted, rows, svg
from comity.present.figures import BLUE, RED
from comity.present.folder import Folder
from comity.present.i18n import Lang, pick, t

STEP = 17
MEASURED = "measured"
LEVER = "lever "
Wiring = Mapping[str, Mapping[str, Sequence[str]]]


def cells(wiring: Wiring) -> pd.DataFrame:
    """Columns row (``lever NAME`` or a field), column, kind: writes, reads or measured."""
    found = [
        (row, mechanism, kind)
        for kind in ("writes", "reads")
        for mechanism, named in wiring[kind].items()
        for row in named
    ]
    found += [(field, MEASURED, MEASURED) for field in wiring["measured"]]
    frame = pd.DataFrame(found, columns=["row", "column", "kind"])
    return frame.drop_duplicates(ignore_index=True)


def order(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Rows: levers, then fields in the order in which they are written. Columns: the year's."""
    columns = list(dict.fromkeys(frame["column"]))
    levers = [row for row in frame["row"] if row.startswith(LEVER)]
    written = frame.loc[frame["kind"] == "writes", "row"]
    return list(dict.fromkeys((*levers, *written, *frame["row"]))), columns


def named(row: str, words: Mapping[str, Text], lang: Lang) -> str:
    """What a row is called."""
    key = row if row.startswith(LEVER) else f"field {row}"
    return pick(words.get(key, row), lang)


def spec(wiring: Wiring, words: Mapping[str, Text], lang: Lang) -> Spec:
    """The picture as a Vega-Lite spec."""
    frame = cells(wiring)
    ordered, columns = order(frame)
    read = set(frame.loc[frame["kind"] == "reads", "row"])
    place = {row: number for number, row in enumerate(ordered)}
    heads = [t("wires.measured", lang) if one == MEASURED else one for one in columns]
    labels = [named(row, words, lang) for row in ordered]
    frame = frame.assign(
        y=[place[row] for row in frame["row"]],
        x=[columns.index(one) for one in frame["column"]],
    )
    unread = [place[row] for row in ordered if row not in read]
    y = {"field": "y", "type": "ordinal", "axis": _axis(labels, unread)}
    x = {"field": "x", "type": "ordinal", "axis": _heads(heads)}
    marks = {
        "writes": {"type": "square", "filled": True, "size": 120, "color": BLUE},
        "reads": {"type": "point", "filled": False, "size": 46, "color": INK, "strokeWidth": 1.6},
        MEASURED: {"type": "point", "filled": True, "size": 46, "color": RED},
    }
    layers: list[Spec] = [
        {
            "data": rows(frame.loc[frame["kind"] == kind, ["x", "y"]]),
            "mark": mark,
            "encoding": {"x": x, "y": y},
        }
        for kind, mark in marks.items()
    ]
    return chart(layers, STEP * 1.5 * len(columns), STEP * len(ordered))


def _axis(labels: list[str], unread: list[int]) -> dict[str, Any]:
    return {
        "title": None,
        "domain": False,
        "ticks": False,
        "grid": True,
        "values": list(range(len(labels))),
        "labelExpr": f"{quoted(labels)}[datum.value]",
        "labelColor": {
            "condition": {"test": f"indexof({unread}, datum.value) >= 0", "value": RED},
            "value": INK,
        },
    }


def _heads(heads: list[str]) -> dict[str, Any]:
    return {
        "title": None,
        "orient": "top",
        "domain": False,
        "ticks": False,
        "grid": True,
        "labelAngle": -60,
        "labelAlign": "left",
        "labelExpr": f"{quoted(heads)}[datum.value]",
        "labelColor": SOFT,
    }


def silent(wiring: Wiring) -> int:
    """How many rows nothing in the year reads."""
    read = {row for given in wiring["reads"].values() for row in given}
    return len({*cells(wiring)["row"]} - read)


def drawn(
    wiring: Wiring, words: Mapping[str, Text], lang: Lang, name: str, ground: str = "transparent"
) -> Markup:
    """The picture as inline SVG, on a ground of this colour."""
    made = spec(wiring, words, lang) | {"background": ground}
    about = t("wires.about", lang, silent=silent(wiring))
    return svg(made, name, t("wires.title", lang), about, scale=1.0)


def of_run(folder: Folder, lang: Lang) -> dict[str, Any] | None:
    """Picture and caption of the mechanisms of a run; None where a run did not record them."""
    wiring = folder.run.get("wiring")
    if not wiring:
        return None
    return {
        "drawing": drawn(wiring, folder.run["words_of_paths"], lang, f"{lang}-wires"),
        "about": t("wires.about", lang, silent=silent(wiring)),
    }
