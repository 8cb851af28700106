"""Citations of the sources of a panel."""

from collections.abc import Iterable

from comity.data.sources.source import card


def citations(names: Iterable[str]) -> str:
    """Return one line a source: producer, title, version, address and bibliography key.

    Raises
    ------
    BadInput
        When a source has no card.
    """
    lines = {}
    for name in sorted(set(names)):
        one = card(name)
        line = f"{one.producer}. {one.title}. Version {one.version}. {one.url} [{one.citation}]"
        lines[line] = name
    return "\n".join(lines)
