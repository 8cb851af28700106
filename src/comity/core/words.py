"""Words that users read, in every language, from files: nothing of them stands in Python.

A file of words is TOML. Its tables are keys, their leaves the languages:

    [lever.tariff]
    act = { en = "{actors}: tariff on {targets}", ja = "..." }

is the text ``lever.tariff.act``. A text that lacks a language is an error, never a blank.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from comity.core.errors import BadInput

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


@cache
def words(package: str, name: str = "words") -> dict[str, dict[str, str]]:
    """Texts by dotted key, each by language, from ``<name>.toml`` of a package.

    Raises
    ------
    BadInput
        A text that lacks a language, or has one that nobody asked for.
    """
    source = resources.files(package).joinpath(f"{name}.toml")
    found: dict[str, dict[str, str]] = {}
    _collect(tomllib.loads(source.read_text(encoding="utf-8")), "", found)
    for key, text in found.items():
        if set(text) != set(LANGS):
            raise BadInput(
                f"{key} is there in {', '.join(sorted(text))} only",
                fix=f"give it in {' and '.join(LANGS)}",
                where=f"{package}:{name}.toml",
            )
    return found


def _collect(table: Mapping, key: str, into: dict[str, dict[str, str]]) -> None:
    if any(lang in table for lang in LANGS):
        into[key] = dict(table)
        return
    for name, value in table.items():
        if isinstance(value, Mapping):
            _collect(value, f"{key}.{name}" if key else name, into)
        else:
            raise BadInput(f"{key}.{name} has no language", fix="write { en = …, ja = … }")


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
