"""Draw who writes and reads what: docs/images/who-moves-what.svg, and the tables of its page.

Run `python tools/wiring_picture.py`; `tests/docs/test_wiring_picture.py` holds both up to date.
"""

from __future__ import annotations

from pathlib import Path

from comity.mechanisms.called import called
from comity.mechanisms.catalogue import levers
from comity.present.wires import drawn
from comity.study.wiring import Wiring, wiring

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "images" / "who-moves-what.svg"
PAGE = ROOT / "docs" / "explanation" / "who-moves-what.md"
MARK = "<!-- below: written by tools/wiring_picture.py -->\n"


def picture(made: Wiring) -> str:
    """The picture as a file of its own."""
    drawing = str(drawn(made.record(), called(), "en", "who-moves-what", "white"))
    return drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"


def tables(made: Wiring) -> str:
    """Levers with what they reach, fields with who writes and reads them, measures apart."""
    lines = ["## Levers", "", "| lever | measures that some move of it can reach |", "|---|---|"]
    lines += [f"| {name} | {_kinds(made.from_lever(name))} |" for name in levers()]
    written = dict.fromkeys(field for named in made.record()["writes"].values() for field in named)
    only = made.measures_only()
    head = ["| field | what | written by | read by | measured as |", "|---|---|---|---|---|"]
    lines += ["", "## Fields that something in the year reads", "", *head]
    lines += [_row(made, field) for field in written if field not in only]
    lines += ["", "## Measures only: nothing in the year reads them", "", *head]
    lines += [_row(made, field) for field in only]
    return "\n".join(lines) + "\n"


def _row(made: Wiring, field: str) -> str:
    what = called()[f"field {field}"]["en"]
    by, readers = ", ".join(made.written_by(field)), ", ".join(made.read_by(field)) or "–"
    return f"| {field} | {what} | {by} | {readers} | {_kinds(made.measured_by(field))} |"


def _kinds(measures) -> str:
    return ", ".join(dict.fromkeys(name.partition(".")[0] for name in measures)) or "–"


if __name__ == "__main__":
    found = wiring()
    OUT.write_text(picture(found), encoding="utf-8")
    prose = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    PAGE.write_text(prose + MARK + "\n" + tables(found), encoding="utf-8")
