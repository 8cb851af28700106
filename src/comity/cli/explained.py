"""``comity.explain``: the entry of ``comity explain`` as an object."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from comity.cli import explain as explaining
from comity.core.errors import BadInput


@dataclass(frozen=True, repr=False)
class Explanation:
    """What is known about a name; prints as the text of the command line.

    Parameters
    ----------
    entry
        The same as ``comity explain NAME --json``.
    """

    entry: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.entry[key]

    def __repr__(self) -> str:
        return explaining.in_words(self.entry)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(explaining.in_words(self.entry))}</pre>"


def explain(name: str) -> Explanation:
    """Explain anything by name: what, equation, paper, numbers with sources, file, test.

    Parameters
    ----------
    name
        Mechanism, parameter, lever, outcome, column, file that ships or word of the reports, in
        English or Japanese.

    Raises
    ------
    BadInput
        Nothing has that name; the nearest names are given.
    """
    if not isinstance(name, str):
        raise BadInput(f"{name!r} is no name", fix="write it as text, such as 'elasticity'")
    return Explanation(explaining.in_full(name))
