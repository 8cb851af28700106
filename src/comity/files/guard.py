"""The guard at the door: what a file's bytes may be before any object is made of them.

A hostile or broken file is refused by its text and its event stream alone: encoding, control
characters, size, depth, number of nodes, aliases, tags. Nothing is constructed until it passes.
"""

from __future__ import annotations

import re

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from comity.core.errors import BadInput

MAX_BYTES = 65_536
MAX_DEPTH = 20
MAX_EVENTS = 20_000

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# A line that begins with % before any content.
DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*%")


def decode(raw: bytes, name: str) -> str:
    """Text of a file: UTF-8, with or without a byte-order mark, LF or CRLF.

    Parameters
    ----------
    raw
        The file's bytes.
    name
        Its name, for messages.

    Raises
    ------
    BadInput
        Too long, not UTF-8, or with control characters; line and column of the first bad one.
    """
    if len(raw) > MAX_BYTES:
        raise BadInput(
            f"the file has more than {MAX_BYTES} bytes",
            "a scenario is short, and long files are refused unread",
            "keep what this scenario needs; inherit the rest by `extends`",
            where=name,
        )
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadInput("the file is UTF-16", fix="save it as UTF-8", where=f"{name}:1:1")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _place(raw[: error.start].decode("utf-8-sig", "replace"))
        raise BadInput(
            f"byte 0x{raw[error.start]:02x} is not UTF-8",
            _guess(raw),
            "save the file as UTF-8",
            where=f"{name}:{line}:{column}",
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := CONTROL.search(text):
        line, column = _place(text[: found.start()])
        raise BadInput(
            f"control character U+{ord(found.group()):04X}",
            "a text file has none",
            "delete it",
            where=f"{name}:{line}:{column}",
        )
    return text


def _place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what follows ``before``."""
    before = before.replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _guess(raw: bytes) -> str:
    """Which encoding the bytes probably are; empty if nothing fits."""
    try:
        japanese = re.search("[\u3040-\u30ff\u4e00-\u9fff]", raw.decode("cp932"))
    except UnicodeDecodeError:
        japanese = None
    return "it looks like Shift-JIS" if japanese else "it looks like Latin-1 or Windows-1252"


def scan(text: str, name: str) -> None:
    """Walk the event stream once and refuse what a scenario never needs.

    Raises
    ------
    BadInput
        Deeper than 20 levels, more than 20,000 events, an alias, an anchor, a tag, a directive,
        or text that is not YAML; with line and column.
    """
    depth = 0
    if found := DIRECTIVE.match(text):
        line, column = _place(text[: found.end() - 1])
        raise BadInput(
            "YAML directives (%) are not allowed",
            fix="delete the line",
            where=f"{name}:{line}:{column}",
        )
    try:
        for count, event in enumerate(YAML(typ="safe", pure=True).parse(text)):
            where = f"{name}:{event.start_mark.line + 1}:{event.start_mark.column + 1}"
            depth += isinstance(event, MappingStartEvent | SequenceStartEvent)
            depth -= isinstance(event, MappingEndEvent | SequenceEndEvent)
            if depth > MAX_DEPTH:
                raise BadInput(f"nested deeper than {MAX_DEPTH} levels", where=where)
            if count > MAX_EVENTS:
                raise BadInput(f"more than {MAX_EVENTS} values", where=where)
            _refuse_extras(event, where)
    except YAMLError as error:
        raise not_yaml(error, name) from None


def _refuse_extras(event: object, where: str) -> None:
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        raise BadInput(
            "anchors and aliases (& and *) are not allowed",
            "a short file with aliases can unfold to a huge one",
            "write the value out, or quote it if it is text",
            where=where,
        )
    tag = str(getattr(event, "ctag", None))
    if tag not in ("None", "!"):
        raise BadInput(
            f"the tag {tag[:40]!r} is not allowed",
            "a scenario holds plain values only",
            "delete it",
            where=where,
        )


def not_yaml(error: YAMLError, name: str) -> BadInput:
    """Message for text that is not YAML, with the hint that most often helps."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
    problem = " ".join(str(error.problem if isinstance(error, MarkedYAMLError) else error).split())
    hints = (
        ("'\\t'", "indent with spaces, not tabs"),
        ("'@'", "quote a text that begins with @, or write the name without it"),
        ("'%'", "quote a text that begins with %"),
        ("mapping values", "quote a text that contains a colon"),
        ("another document", "keep one scenario a file"),
        ("end of stream", "close the quote or bracket"),
    )
    fix = next((hint for mark_, hint in hints if mark_ in problem), "check indentation and quotes")
    return BadInput(f"not YAML: {problem[:120]}", fix=fix, where=where)
