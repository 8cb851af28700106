"""A place in a document that knows its file, its line and the list of what is wrong.

``at = Cursor(document)`` stands at the root, ``at["moves"][0]["lever"]`` at a value further in,
whether or not it stands in the file. ``at["moves"][0]["lever"].bad(what, fix)`` notes a problem
there; all cursors that start from one share one list, so that a file is reported in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from comity.core.errors import BadInput
from comity.files.documents import Document, Loc, by_line


@dataclass(frozen=True)
class Cursor:
    """A place in a document.

    Parameters
    ----------
    document
        The file.
    loc
        Keys and indices from its root to this place.
    problems
        What is wrong with the file so far, in the order it was found.
    on_key
        True where messages point at the key, not at the value.
    """

    document: Document
    loc: Loc = ()
    problems: list[BadInput] = field(default_factory=list)
    on_key: bool = False

    # ``__getitem__`` alone would make a cursor an endless iterable.
    __iter__ = None

    def __getitem__(self, part: str | int) -> Cursor:
        return replace(self, loc=(*self.loc, part), on_key=False)

    @property
    def key(self) -> Cursor:
        """The same place, with messages that point at its key."""
        return replace(self, on_key=True)

    @property
    def name(self) -> str:
        """Key or index of this place; ``file`` at the root."""
        return str(self.loc[-1]) if self.loc else "file"

    @property
    def place(self) -> str:
        """``FILE:LINE:COLUMN`` of the value (or key), or of what encloses it if it is missing."""
        return self.document.where(self.loc, key=self.on_key)

    @property
    def value(self) -> Any:
        """The value here; None if it is missing."""
        found: Any = self.document.data
        for part in self.loc:
            if isinstance(found, dict):
                found = found.get(part)
            elif isinstance(found, list) and isinstance(part, int) and 0 <= part < len(found):
                found = found[part]
            else:
                return None
        return found

    def items(self) -> list[Cursor]:
        """Places of the items of the list here; none if there is no list."""
        value = self.value
        return [self[i] for i in range(len(value))] if isinstance(value, list) else []

    def entries(self) -> dict[str, Cursor]:
        """Places of the values of the mapping here, by key; none if there is no mapping."""
        value = self.value
        return {name: self[name] for name in value} if isinstance(value, dict) else {}

    def fault(self, what: str, fix: str = "", *, why: str = "") -> BadInput:
        """An error of this place, to be raised at once."""
        return BadInput(what, why, fix, self.place)

    def bad(self, what: str, fix: str = "", *, why: str = "") -> None:
        """Note a problem of this place, and go on."""
        self.problems.append(self.fault(what, fix, why=why))

    def caught(self, error: BadInput) -> None:
        """Note an error that was raised elsewhere as a problem of this place."""
        self.bad(error.what, error.fix, why=error.why)

    def aside(self) -> Cursor:
        """The same place with a list of its own: for a look whose problems are not reported."""
        return replace(self, problems=[])

    def refusal(self) -> BadInput:
        """All problems noted so far as one error, sorted by line."""
        return BadInput.many(by_line(self.problems))
