"""TOML files that belong to the package: read, and checked key by key before anything is made."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

from comity.core.errors import BadInput, ComityError, nearest

# What a key may hold, by a word for it.
KINDS: dict[str, Callable[[Any], bool]] = {
    "a text": lambda value: isinstance(value, str),
    "a finite number": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    ),
    "true or false": lambda value: isinstance(value, bool),
    "a list of texts": lambda value: (
        isinstance(value, list) and all(isinstance(one, str) for one in value)
    ),
    "a table": lambda value: isinstance(value, Mapping),
}
Number = Callable[[str], Any]


def location(package: str, file: str) -> str:
    """A file of a package as messages name it: ``mechanisms/trade/words.toml``."""
    return f"{package.removeprefix('comity.').replace('.', '/')}/{file}"


def read(folder: str, file: str, package: str = "", number: Number = float) -> dict[str, Any]:
    """Content of a TOML file.

    Parameters
    ----------
    folder
        Package that it lies in, or one above it.
    file
        Its path from there.
    package
        Package that messages name; ``folder`` if empty.
    number
        What makes a number of the text of one with a point.

    Raises
    ------
    BadInput
        No such file, or one that is no TOML.
    """
    where = location(package or folder, file.rpartition("/")[2])
    try:
        text = resources.files(folder).joinpath(file).read_text(encoding="utf-8")
    except OSError:
        raise BadInput("there is no such file", fix="write it", where=where) from None
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8: {error}", fix="save it as UTF-8", where=where) from None
    try:
        return tomllib.loads(text, parse_float=number)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"not TOML: {error}", fix="mend it there", where=where) from None


def check_keys(
    entry: object,
    needed: Mapping[str, str],
    optional: Mapping[str, str],
    where: str,
    refuse: type[ComityError] = BadInput,
) -> None:
    """Refuse an entry with a key too many, a key missing, or a value of another kind.

    Parameters
    ----------
    entry
        A table as read.
    needed, optional
        What each key holds, a word of `KINDS`.
    where
        File and entry, for the message.
    refuse
        The error raised.
    """
    name, known = where.rpartition(":")[2], {**needed, **optional}
    if not isinstance(entry, Mapping):
        raise refuse(f"{name} is no table", fix=f"write [{name}] and its keys", where=where)
    for key in entry:
        if key not in known:
            raise refuse(f"{name} has a key {key!r}", fix=nearest(key, known), where=where)
    for key in needed:
        if entry.get(key, "") == "":
            raise refuse(f"{name} has no {key}", fix=f"write {key} = ...", where=where)
    for key, value in entry.items():
        if not KINDS[known[key]](value):
            raise refuse(f"{key} of {name} is {value!r}", fix=f"write {known[key]}", where=where)
