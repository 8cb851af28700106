"""What public verbs ask of plain arguments; anything else is a `BadInput` before work starts."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from numbers import Integral
from pathlib import Path
from typing import Any

from comity.core.errors import BadInput


def whole(name: str, value: Any, low: int, high: int) -> int:
    """A whole number of a range as a plain int, so that it can be kept as JSON."""
    if isinstance(value, Integral) and not isinstance(value, bool) and low <= int(value) <= high:
        return int(value)
    raise BadInput(
        f"{name}={value!r} cannot be used", fix=f"use a whole number from {low} to {high}"
    )


def one_of(name: str, value: Any, known: Collection[str]) -> str:
    """One of some words."""
    if isinstance(value, str) and value in known:
        return value
    words = [repr(word) for word in known]
    listed = f"{', '.join(words[:-1])} or {words[-1]}" if words[1:] else "".join(words)
    raise BadInput(f"{name}={value!r} is not known", fix=f"use {listed}")


def flag(name: str, value: Any) -> bool:
    """Yes or no; numbers and words are neither."""
    if type(value).__name__ in ("bool", "bool_"):
        return bool(value)
    raise BadInput(f"{name}={value!r} is neither yes nor no", fix="use True or False")


def path(name: str, value: Any) -> Path:
    """A path, given as text or as a path."""
    if isinstance(value, str | os.PathLike) and str(os.fspath(value)):
        return Path(value)
    raise BadInput(f"{name}={value!r} is no path", fix="write it as text, such as 'my-folder'")


def texts(name: str, value: Any) -> tuple[str, ...]:
    """Some names, as a list or as one text with commas; blanks around them are not theirs."""
    given = value.split(",") if isinstance(value, str) else value
    given = [*given] if isinstance(given, Iterable) else [given]
    if all(isinstance(one, str) for one in given):
        return tuple(one.strip() for one in given if one.strip())
    raise BadInput(f"{name}={value!r} are no names", fix="give a list of texts, such as ['JPN']")
