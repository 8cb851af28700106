"""Words that users read, in every language, from files: nothing of them stands in Python.

A file of words is TOML. Its tables are keys, their leaves the languages:

    [lever.tariff]
    act = { en = "{actors}: tariff on {targets}", ja = "..." }

is the text ``lever.tariff.act``. A text that lacks a language is an error, never a blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from comity.core.errors import BadInput, nearest
from comity.core.toml_tables import location, read

Lang = Literal["en", "ja"]
LANGS: tuple[Lang, ...] = ("en", "ja")
Text = Mapping[str, str]


def language(code: str, what: str = "language") -> Lang:
    """The language of a code; ``what`` was asked for, in the words of the message.

    Raises
    ------
    BadInput
        A language that has no words.
    """
    for lang in LANGS:
        if lang == code:
            return lang
    raise BadInput(f"{what} {code!r} is not known", fix=f"use {' or '.join(LANGS)}")


class Texts(dict[str, dict[str, str]]):
    """Texts by dotted key; ``source`` is the file. One that is not there is a `BadInput`."""

    source = ""

    def __missing__(self, key: str) -> dict[str, str]:
        raise BadInput(
            f"there are no words {key}",
            fix=f"write them in {' and '.join(LANGS)}; {nearest(key, self)}",
            where=self.source,
        )


@cache
def words(package: str, name: str = "words") -> Texts:
    """Texts by dotted key, each by language, from ``<name>.toml`` of a package.

    Raises
    ------
    BadInput
        No such file, a text that is none or empty, that lacks a language, or that has one that
        nobody asked for.
    """
    found = Texts()
    found.source = location(package, f"{name}.toml")
    _collect(read(package, f"{name}.toml"), "", found)
    for key, text in found.items():
        if set(text) != set(LANGS):
            raise BadInput(
                f"{key} is there in {', '.join(sorted(text))} only",
                fix=f"give it in {' and '.join(LANGS)}",
                where=found.source,
            )
        if not all(isinstance(said, str) and said for said in text.values()):
            raise BadInput(f"{key} is no text", fix="write it in quotes", where=found.source)
    return found


def _collect(table: Mapping, key: str, into: Texts) -> None:
    if any(lang in table for lang in LANGS):
        into[key] = dict(table)
        return
    for name, value in table.items():
        if isinstance(value, Mapping):
            _collect(value, f"{key}.{name}" if key else name, into)
        else:
            raise BadInput(
                f"{key}.{name} has no language", fix="write { en = …, ja = … }", where=into.source
            )


def say(text: Text, lang: str, **values: object) -> str:
    """The text in a language, its ``{names}`` filled with ``values``.

    Raises
    ------
    KeyError
        A language that it lacks, or a value that is not given.
    """
    return text[lang].format(**values) if values else text[lang]


def same(text: str) -> dict[str, str]:
    """One text that stands in every language, such as a row of figures or nothing."""
    return {lang: text for lang in LANGS}


def both(text: Text, **values: Text | object) -> dict[str, str]:
    """The text in every language; a value that is itself a text is taken in the same one."""
    return {
        lang: say(
            text, lang, **{n: v[lang] if isinstance(v, Mapping) else v for n, v in values.items()}
        )
        for lang in LANGS
    }
