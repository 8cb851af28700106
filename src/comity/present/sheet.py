"""A plate as one SVG file for papers and slides: title, panels in two columns."""

from __future__ import annotations

import re

from markupsafe import escape

from comity.present.drawing import FONT, INK, width_of
from comity.present.maps import HALF, shapes
from comity.present.plates import Plate

HEAD, GAP, MAP_WIDTH = 34.0, 20.0, 960.0
SWATCH, LINE, LETTER = 22.0, 22.0, 12.5


def sheet(plate: Plate) -> str:
    """Return the SVG file of a plate."""
    columns = 1 if len(plate.panels) == 1 else 2
    # The halves of a map are for narrow screens.
    drawings = [(heading, str(drawing).split(HALF)[0]) for heading, drawing in plate.panels]
    sizes = [_size(drawing) for _, drawing in drawings]
    wide, tall = max(w for w, _ in sizes), max(h for _, h in sizes)
    if plate.is_map:  # drawn in tenths of a pixel
        wide, tall = MAP_WIDTH, MAP_WIDTH * tall / wide
    parts = [str(shapes())] if plate.is_map else []
    for place, (heading, drawing) in enumerate(drawings):
        x, y = place % columns * (wide + GAP), HEAD + place // columns * (tall + HEAD)
        if heading:
            parts.append(_text(heading, x, y + 16, 13.0))
        parts.append(_placed(drawing, x, y + (HEAD - 10 if heading else 0), wide, tall))
    lines = -(-len(plate.panels) // columns)
    width, height = columns * wide + (columns - 1) * GAP, HEAD + lines * (tall + HEAD)
    legend, below = _legend(plate, width, height)
    parts.append(legend)
    height += below
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}"><rect width="100%" height="100%" fill="#fff"/>'
        f"{_text(plate.title, 0.0, 18.0, 15.0)}{''.join(parts)}</svg>\n"
    )


def _legend(plate: Plate, width: float, top: float) -> tuple[str, float]:
    """Swatches with their words below the drawing, and the height that they take."""
    x, y, parts = 0.0, top, []
    for fill, label in plate.legend:
        wide = SWATCH + 8 + LETTER * width_of(label) + GAP
        if x and x + wide > width:
            x, y = 0.0, y + LINE
        parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{SWATCH:g}" height="14" fill="{fill}"/>'
            + _text(label, x + SWATCH + 8, y + 12, LETTER, 400)
        )
        x += wide
    return "".join(parts), (y - top + LINE if parts else 0.0)


def _placed(svg: str, x: float, y: float, wide: float, tall: float) -> str:
    """Return a drawing at a place of the sheet instead of at the width of a page."""
    bare = re.sub(r' style="max-width[^"]*"', "", svg, count=1)
    place = f'<svg x="{x:g}" y="{y:g}" width="{wide:g}" height="{tall:g}" '
    return bare.replace("<svg ", place, 1)


def _text(text: str, x: float, y: float, size: float, weight: int = 600) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{escape(FONT)}" font-size="{size:g}" '
        f'font-weight="{weight}" fill="{INK}">{escape(text)}</text>'
    )


def _size(svg: str) -> tuple[float, float]:
    box = re.search(r'viewBox="([^"]+)"', svg)
    width, height = (box.group(1) if box else "0 0 480 300").split()[2:]
    return float(width), float(height)
