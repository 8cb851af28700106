"""What levers and fields are called where a path is told: a few words each, in every language."""

from __future__ import annotations

from functools import cache
from importlib import resources

from comity.core.words import Text, same, words
from comity.mechanisms.catalogue import CLASSES, levers
from comity.mechanisms.folders import package_of


@cache
def called() -> dict[str, Text]:
    """Words by ``lever NAME`` and ``field NAME``; the bare name where a folder gives none.

    A field's stand in the folder of a mechanism that writes it, as ``called.field.NAME``.
    """
    found: dict[str, Text] = {}
    given: dict[str, Text] = {}
    for cls in CLASSES:
        package = package_of(cls.name)
        if resources.files(package).joinpath("words.toml").is_file():
            given |= {
                key.removeprefix("called.").replace(".", " "): text
                for key, text in words(package).items()
                if key.startswith("called.")
            }
        found |= {f"field {name}": same(name) for name in cls.writes}
    found |= {f"lever {name}": same(name) for name in levers()}
    return found | given


def nameless() -> list[str]:
    """Levers and fields that have no words yet."""
    return [name for name, text in called().items() if set(text.values()) == {name.split()[1]}]
