"""YAML documents that remember where every key and value stood, for messages that point.

``read`` gives plain values (dict, list, str, int, float, bool, None) and their positions; dates
stay text. Keys twice in a mapping, numbers without a finite value and merges are refused.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from comity.core.errors import BadInput
from comity.core.errors import nearest as nearest
from comity.core.words import words
from comity.files.guard import CONTROL, MAX_BYTES, decode, not_yaml, scan

Loc = tuple[str | int, ...]
Place = tuple[int, int]

MAX_KEY = 100
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


@dataclass(frozen=True)
class Document:
    """A file as plain values with the place of each.

    Parameters
    ----------
    name
        Name of the file as messages show it.
    folder
        Where relative ``extends`` paths start; None for text that came without a file.
    data
        The values.
    keys, values
        Line and column, from 1, of the key and of the value at each location.
    """

    name: str
    folder: Path | None
    data: dict[str, Any]
    keys: dict[Loc, Place] = field(repr=False, default_factory=dict)
    values: dict[Loc, Place] = field(repr=False, default_factory=dict)

    def where(self, loc: Loc = (), *, key: bool = False) -> str:
        """``FILE:LINE:COLUMN`` of the value (or key) at ``loc``, or of what encloses it."""
        places = self.keys if key else self.values
        while loc and loc not in places:
            loc, places = loc[:-1], self.values
        line, column = places.get(loc, (1, 1))
        return f"{self.name}:{line}:{column}"


def read(path: str | Path) -> Document:
    """Read a YAML file behind the guard.

    Raises
    ------
    BadInput
        No such file, unreadable, refused by the guard, or not one mapping.
    """
    path = Path(path)
    if not path.is_file():
        what = f"{str(path)!r} is a folder or device" if path.exists() else f"no file {str(path)!r}"
        raise BadInput(what, fix="give the path of a YAML file")
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(f"cannot read {str(path)!r}", error.strerror or "") from None
    return from_bytes(raw, str(path), path.parent)


def from_bytes(raw: bytes, name: str, folder: Path | None = None) -> Document:
    """Document of bytes that are already at hand (an upload, a test); raises as `read`."""
    text = decode(raw, name)
    scan(text, name)
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        raise not_yaml(error, name) from None
    if root is None:
        raise BadInput(
            "the file is empty", fix="begin with `comity: scenario 1`", where=f"{name}:1:1"
        )
    document = Document(name, folder, {})
    if not isinstance(root, MappingNode):
        raise BadInput(
            "the file is not a mapping of keys to values",
            fix="begin with `comity: scenario 1`",
            where=_where(root, name),
        )
    document.data.update(_plain(root, (), document))
    return document


def _plain(node: Node, loc: Loc, document: Document) -> Any:
    document.values[loc] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, MappingNode):
        return _mapping(node, loc, document)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*loc, i), document) for i, item in enumerate(node.value)]
    assert isinstance(node, ScalarNode)
    return _scalar(node, document.name)


def _mapping(node: MappingNode, loc: Loc, document: Document) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        where = _where(key, document.name)
        if not isinstance(key, ScalarNode) or _kind(key) == "merge":
            raise BadInput("a key must be a plain word", fix="write `name: value`", where=where)
        name = key.value
        if not name.isprintable() or len(name) > MAX_KEY:
            raise BadInput(
                f"the key {shown(name)} is no plain word",
                f"it is longer than {MAX_KEY} characters or holds unprintable ones",
                "write `name: value`",
                where=where,
            )
        if name in found:
            line = document.keys[(*loc, name)][0]
            raise BadInput(
                f"the key {shown(name)} stands twice",
                f"first on line {line}",
                "keep one of them",
                where=where,
            )
        document.keys[(*loc, name)] = (key.start_mark.line + 1, key.start_mark.column + 1)
        found[name] = _plain(value, (*loc, name), document)
    return found


def _scalar(node: ScalarNode, name: str) -> str | int | float | bool | None:
    kind, text = _kind(node), node.value
    if CONTROL.search(text):
        raise BadInput(
            f"control character in {shown(text)}",
            "escapes like \\x1b are refused too",
            "delete it",
            where=_where(node, name),
        )
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind not in ("int", "float"):
        return text
    if not NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise BadInput(
            f"{shown(text)} is not a finite plain number",
            fix="write digits with a point, such as 0.25",
            where=_where(node, name),
        )
    whole = kind == "int" and len(text) < 19
    return int(text) if whole else float(text)


def _kind(node: Node) -> str:
    return str(node.tag).rpartition(":")[2]


def _where(node: Node, name: str) -> str:
    return f"{name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"


def shown(value: object, limit: int = 60) -> str:
    """A value as messages quote it: one line, short, no control characters."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 3]}...{text[0]}"


def as_number(text: str) -> str:
    """How a number written as text should stand in the file; empty if it is no number."""
    plain = unicodedata.normalize("NFKC", text).strip()
    bare = _percent().sub("", plain)
    if not NUMBER.fullmatch(bare) or not math.isfinite(float(bare)):
        return ""
    value = float(bare) / 100 if bare != plain else float(bare)
    return f"write {value:.10g}"


@cache
def _percent() -> re.Pattern[str]:
    """Per cent after a number, as people write it in any language."""
    written = "|".join(words("comity.files")["percent"].values())
    return re.compile(rf"\s*(%|{written})\s*$", re.IGNORECASE)


def by_line(problems: Sequence[BadInput]) -> list[BadInput]:
    """Problems sorted by file, line and column; the same message twice is kept once."""

    def place(problem: BadInput) -> tuple[str, int, int]:
        name, _, rest = problem.where.rpartition(":")
        name, _, line = name.rpartition(":")
        return (name, int(line), int(rest)) if rest.isdigit() and line.isdigit() else ("", 0, 0)

    unique = {str(problem): problem for problem in problems}
    return sorted(unique.values(), key=place)
