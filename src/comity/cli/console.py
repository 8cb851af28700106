"""What reaches the console reaches it in any encoding: what it cannot show is replaced."""

from __future__ import annotations

import codecs
import json
import sys
from typing import Any

import typer

# Marks of our tables and sentences that old encodings lack, and what stands in for them. A minus
# must never become a question mark.
PLAIN = {
    "\u2212": "-",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2026": "...",
    "\u00d7": "x",
    "\u00b7": "-",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2264": "<=",
    "\u2265": ">=",
    "\u00b1": "+/-",
    "\u00a0": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u2501": "-",
    "\u2500": "-",
    "\u2578": "-",
    "\u257a": "-",
    "\u2022": "*",
}
HANDLER = "comity"


def replaced(error: UnicodeError) -> tuple[str | bytes, int]:
    """Stand in for what an encoding lacks: a plain mark where there is one, else ``?``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(PLAIN.get(letter, "?") for letter in lacking), error.end


def prepare() -> None:
    """Let standard output and error replace what their encodings lack instead of failing."""
    codecs.register_error(HANDLER, replaced)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=HANDLER)


def say_json(value: Any, indent: int | None = None) -> None:
    """Print JSON; where the console cannot show every letter, as escapes, so that none is lost."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    plain = not codecs.lookup(encoding).name.startswith("utf")
    typer.echo(json.dumps(value, ensure_ascii=plain, allow_nan=False, indent=indent))
