"""From a Vega-Lite spec to inline SVG in the house style, the same whatever fonts are installed.

Room for labels is set from the texts themselves and not measured by the renderer. Specs are plain
dictionaries: they hold no outside address and no script, and open in Altair or the Vega editor.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

Spec = dict[str, Any]

FONT = (
    "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Hiragino Sans', 'Yu Gothic UI', "
    "'Noto Sans JP', 'Noto Sans CJK JP', sans-serif"
)
INK, SOFT, FAINT = "#1b1f24", "#59636e", "#d5dae0"
SIZE = 12.5

CONFIG: Spec = {
    "font": FONT,
    "aria": False,
    "background": "transparent",
    "padding": {"left": 4, "right": 14, "top": 6, "bottom": 4},
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "titleColor": SOFT,
        "labelFontSize": SIZE,
        "titleFontSize": SIZE,
        "titleFontWeight": "normal",
        "gridColor": "#e9ecef",
        "domainColor": FAINT,
        "tickColor": FAINT,
        "labelLimit": 600,
        "titleLimit": 600,
        "titlePadding": 8,
    },
    "legend": {
        "labelFontSize": SIZE,
        "labelColor": SOFT,
        "symbolSize": 110,
        "labelLimit": 300,
        "orient": "top",
        "title": None,
    },
    "text": {"fontSize": SIZE - 1, "fill": INK},
}
# No line begins with one of these: full-width marks, closing brackets, small kana, the long bar.
NEVER_FIRST = "[\u3001\u3002\u30fb\uff09\u300d\u300f\u30fc\u3063\u3087\u3083\u3085]"
PIECE = re.compile(rf"[!-~À-ÿ–—’“”−]+\s*|.{NEVER_FIRST}*")
TRUE_MINUS = "replace(datum.label, '-', '−')"


def chart(
    layers: list[Spec], width: int | float, height: int | float, data: Spec | None = None
) -> Spec:
    """Return a layered chart in the house style."""
    spec: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": CONFIG,
        "width": width,
        "height": height,
        "layer": layers,
    }
    return spec | {"data": data} if data else spec


def rows(frame: pd.DataFrame) -> Spec:
    """Rows of a frame as inline data; NaN becomes null."""
    values = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return {
        "values": [
            {k: v.item() if isinstance(v, np.generic) else v for k, v in row.items()}
            for row in values
        ]
    }


def rule_at(value: float, channel: str, **mark: object) -> Spec:
    """Return a straight line across the chart at one value."""
    return {
        "data": {"values": [{"at": value}]},
        "mark": {"type": "rule", **mark},
        "encoding": {channel: {"field": "at", "type": "quantitative"}},
    }


def svg(spec: Spec, name: str, title: str, description: str, scale: float = 1.25) -> Markup:
    """Draw a spec as inline SVG with a title and a description for those who cannot see it.

    ``name`` must be unique in the page: it keeps the clip paths of several charts apart. ``scale``
    bounds the width on screen, as a multiple of the spec's own.
    """
    import vl_convert

    head, body = vl_convert.vegalite_to_svg(spec).split(">", 1)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head)
    width, height = box.groups() if box else (str(spec["width"]), str(spec["height"]))
    body = re.sub(r'(id="|url\(#)((?:clip|gradient)[\w-]*)', rf"\1{name}-\2", body)
    # The title and the description speak for the drawing; the renderer's own roles would not.
    idle = r' (?:pointer-events|stroke-miterlimit|role|aria-[a-z]+)="[^"]*"'
    body = re.sub(r"<[^<>]+>", lambda tag: re.sub(idle, "", tag.group()), body)
    opening = (
        f'<svg class="chart" role="img" viewBox="0 0 {width} {height}" '
        f'style="max-width:{round(float(width) * scale)}px" '
        f'aria-labelledby="{name}-t {name}-d">'
    )
    return Markup(
        opening + f'<title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)}</desc>' + body
    )


def width_of(text: str) -> float:
    """Width of a text in em: a full-width letter is one, others a good half."""
    return sum((1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.56 for c in text), 0.0)


def wrap(text: str, most: int | float = 12.0, lines: int = 3) -> str:
    """Break a label into lines of at most ``most`` em.

    Breaks already there are kept. Japanese breaks anywhere but before a closing mark, English at
    blanks; what does not fit into ``lines`` ends in an ellipsis.
    """
    if "\n" in text:
        return "\n".join(wrap(part, most, lines) for part in text.split("\n"))
    done, line = [], ""
    for piece in PIECE.findall(text):
        if line and width_of((line + piece).rstrip()) > most:
            done.append(line.rstrip())
            line = ""
        line += piece
    done.append(line.rstrip())
    if len(done) > lines:
        done = [*done[: lines - 1], done[lines - 1] + "…"]
    return "\n".join(done)


def labelled(frame: pd.DataFrame, labels: list[str]) -> tuple[pd.DataFrame, Spec, int, int]:
    """Set rows of a frame under wrapped labels, in the order given.

    Returns the frame with a column ``row``, the y channel, the height and the room on the left.
    Rows are told apart by number, so labels may be equal.
    """
    # Lines enough for any label: one that is cut says less than one that takes room.
    wrapped = [wrap(label, 13.0, 6) for label in labels]
    lines = [line for label in wrapped for line in label.split("\n")]
    room = round(SIZE * max(map(width_of, lines), default=4.0)) + 8
    tall = max((label.count("\n") + 1 for label in wrapped), default=1)
    height = max(len(frame), 1) * max(34, 17 * tall + 14)
    y = {
        "field": "row",
        "type": "ordinal",
        "axis": {
            "title": None,
            "domain": False,
            "ticks": False,
            "grid": False,
            "minExtent": room,
            "maxExtent": room,
            "labelPadding": 8,
            "labelLineHeight": 16,
            "labelColor": INK,
            "labelExpr": f"split({quoted(wrapped)}[datum.value], '\\n')",
        },
    }
    return frame.assign(row=range(len(frame))), y, height, room


def quoted(labels: list[str]) -> str:
    """Write texts as a Vega array; all but plain letters is escaped, so no text can be code."""

    def one(text: str) -> str:
        units = text.encode("utf-16-be")
        codes = (int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2))
        return "".join(chr(c) if c < 128 and chr(c).isalnum() else f"\\u{c:04x}" for c in codes)

    return "[" + ",".join(f"'{one(label)}'" for label in labels) + "]"
