"""Sources: a provenance card (YAML) for every file that is read, and the one door to read it.

Raw data never live in this repository.  ``COMITY_DATA`` names the folder with the data files,
``COMITY_FACTS`` the folder with the tables of dated facts.  ``card`` says where a file comes
from; ``load`` reads it and warns when its checksum is not the one on the card.
"""

import hashlib
import os
import warnings
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, field_validator
from ruamel.yaml import YAML

from comity.core.errors import BadInput, DataMissing

ROOTS = {"data": "COMITY_DATA", "facts": "COMITY_FACTS"}


class Card(BaseModel):
    """Provenance of one file.

    ``years`` are the first and the last year with figures (``None`` where the file has no year
    column), ``unit`` says what the numbers mean, ``file`` is relative to the folder named by
    ``root`` (``data`` or ``facts``), ``redistributable`` is true only where the terms let the
    file itself be passed on; selected and aggregated figures may be shipped either way.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    producer: str
    version: str
    citation: str
    licence: str
    url: str
    years: tuple[int, int] | None
    unit: str
    file: str
    root: Literal["data", "facts"] = "data"
    sha256: str
    accessed: str
    notes: str = ""
    redistributable: bool

    @field_validator("accessed", mode="before")
    @classmethod
    def _date_as_text(cls, value: object) -> str:
        """YAML reads ``2026-11-22`` as a date; the card keeps it as text."""
        return str(value)


@lru_cache(maxsize=1)
def cards() -> dict[str, Card]:
    """Return every provenance card by name, sorted.

    Raises
    ------
    BadInput
        When a card is malformed or its name is not its file name.
    """
    folder = resources.files("comity.data") / "sources"
    found: dict[str, Card] = {}
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not item.name.endswith(".yaml"):
            continue
        raw = YAML(typ="safe", pure=True).load(item.read_text(encoding="utf-8"))
        try:
            one = Card.model_validate(raw)
        except ValueError as error:
            raise BadInput(f"{item.name} is not a valid provenance card", why=str(error)) from error
        if one.name != item.name.removesuffix(".yaml"):
            raise BadInput(f"{item.name} describes {one.name!r}", why="name and file name differ")
        found[one.name] = one
    return found


def card(name: str) -> Card:
    """Return the provenance card called ``name``.

    Raises
    ------
    BadInput
        When there is no such card; the message names the nearest ones.
    """
    from difflib import get_close_matches

    known = cards()
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=3, cutoff=0.4)
    raise BadInput(
        f"there is no source called {name!r}",
        why="no provenance card has that name",
        fix=f"did you mean {', '.join(near)}?" if near else "see `comity data list`",
    )


def path(name: str) -> Path:
    """Return where the file of source ``name`` lies on this machine.

    Raises
    ------
    DataMissing
        When the folder is not named in the environment or the file is not in it.
    """
    one = card(name)
    variable = ROOTS[one.root]
    folder = os.environ.get(variable, "")
    if not folder:
        raise DataMissing(
            f"source {name!r} needs raw data, and {variable} is not set",
            why="raw data are not part of Comity; only the snapshot made from them is",
            fix=f"put {one.file} (from {one.producer}, {one.url}) into a folder and run "
            f"`export {variable}=/path/to/that/folder`",
        )
    place = Path(folder) / one.file
    if not place.is_file():
        raise DataMissing(
            f"source {name!r}: {one.file} is not in {variable}",
            why=f"looked for {place}",
            fix=f"get {one.title}, {one.version}, from {one.producer} ({one.url})",
        )
    return place


def checksum(place: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    with place.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@cache
def _changed(name: str, place: Path, modified: float) -> bool:
    """Tell whether a file, as last modified, is not the one described on its card."""
    return checksum(place) != card(name).sha256


def years(name: str) -> tuple[int, int]:
    """Return the first and last year of a source: its card's, or later where the file goes on.

    A newer file that a user puts in place of ours counts with its own last year.

    Raises
    ------
    BadInput
        When the source has no years.
    """
    listed = card(name).years
    if listed is None:
        raise BadInput(f"source {name!r} has no years")
    try:
        place = path(name)
    except DataMissing:
        return listed[0], listed[1]
    if not _changed(name, place, place.stat().st_mtime):
        return listed[0], listed[1]
    table = load(name)
    named = [column for column in ("year", "Year", "time") if column in table]
    return listed[0], max([listed[1], *(int(table[column].max()) for column in named)])


def last_year(names: Iterable[str], what: str) -> int:
    """Return the last year that every one of several sources covers.

    Parameters
    ----------
    names
        Sources that are all needed to say what came, or who was at risk.
    what
        What is made of them, for the warning: given where a newer file in place of ours goes on
        after another source has ended, since its later years are then not used.
    """
    ends = {name: years(name)[1] for name in names}
    last = min(ends.values())
    short = ", ".join(repr(name) for name, end in ends.items() if end == last)
    for name, end in ends.items():
        listed = card(name).years
        if listed is not None and end > max(last, listed[1]):
            warnings.warn(
                f"{what}: source {name!r} goes to {end}, but {short} ends in {last}; "
                f"what came after {last} is not known and is left out",
                stacklevel=2,
            )
    return last


@cache
def _warn_if_changed(name: str, place: Path) -> None:
    """Warn once a process when a file is not the one described on its card."""
    if _changed(name, place, place.stat().st_mtime):
        warnings.warn(
            f"source {name!r}: {place.name} is not the file described on its card "
            f"(version {card(name).version}); results may differ",
            stacklevel=3,
        )


def load(name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """Read the file of source ``name``.

    Parameters
    ----------
    name
        Name of a provenance card.
    columns
        Columns to read; all when ``None``.

    Returns
    -------
    pandas.DataFrame
        The file as the producer made it.  State codes such as ``NA`` (Namibia) are text.

    Raises
    ------
    BadInput
        When the card or a column does not exist, or the file's type is not supported.
    DataMissing
        When the file is not on this machine.
    """
    place = path(name)
    _warn_if_changed(name, place)
    readers = {
        ".parquet": lambda: pd.read_parquet(place, columns=columns),
        ".csv": lambda: pd.read_csv(place, usecols=columns, keep_default_na=False, na_values=[""]),
        ".tsv": lambda: pd.read_csv(
            place, sep="\t", usecols=columns, keep_default_na=False, na_values=[""]
        ),
        ".xlsx": lambda: pd.read_excel(place, usecols=columns),
    }
    reader = readers.get(place.suffix)
    if reader is None:
        raise BadInput(f"source {name!r}: cannot read {place.suffix} files")
    try:
        return reader()
    except (KeyError, ValueError) as error:
        raise BadInput(
            f"source {name!r}: {place.name} could not be read as asked", why=str(error)
        ) from error
