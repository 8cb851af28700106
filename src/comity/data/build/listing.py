"""The catalogue of the snapshot: tables, vintage, coverage, licence and citations."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from comity.core.errors import BadInput
from comity.data.build.build import folder
from comity.data.sources.source import card


@dataclass(frozen=True)
class Entry:
    """One column of one table as the catalogue lists it.

    ``coverage`` is the share of rows with a value, 0 to 1.
    """

    table: str
    rows: int
    column: str
    unit: str
    vintage: str
    coverage: float
    licence: str
    sources: tuple[str, ...]
    description: str


def package() -> dict:
    """Return datapackage.json of the embedded snapshot."""
    return json.loads((folder() / "datapackage.json").read_text(encoding="utf-8"))


def entries(tables: Sequence[str] | None = None) -> list[Entry]:
    """Return one entry a column for the named tables (all when ``None``).

    Raises
    ------
    BadInput
        When a table is not in the snapshot.
    """
    listed = {one["name"]: one for one in package()["resources"]}
    names = list(listed) if tables is None else list(tables)
    unknown = [name for name in names if name not in listed]
    if unknown:
        raise BadInput(f"there is no table {unknown[0]!r}", fix=f"tables are {', '.join(listed)}")
    return [
        Entry(
            table=name,
            rows=listed[name]["rows"],
            column=field["name"],
            unit=field["unit"],
            vintage=field["vintage"],
            coverage=field["coverage"],
            licence=field["licence"],
            sources=tuple(field["sources"]),
            description=field["description"],
        )
        for name in names
        for field in listed[name]["schema"]["fields"]
    ]


@dataclass(frozen=True)
class Summary:
    """One table: rows, columns, the share of states in it and its least covered column."""

    table: str
    title: str
    rows: int
    columns: int
    states: float
    least_covered: str
    vintage: str
    licence: str


def summaries() -> list[Summary]:
    """Return one summary a table of the snapshot."""
    found = []
    for one in package()["resources"]:
        fields = one["schema"]["fields"]
        least = min(fields, key=lambda field: field["coverage"])
        vintages = dict.fromkeys(field["vintage"] for field in fields if field["vintage"])
        found.append(
            Summary(
                table=one["name"],
                title=one["title"],
                rows=one["rows"],
                columns=len(fields),
                states=one["states"],
                least_covered=f"{least['name']} {least['coverage']:.0%}",
                vintage="; ".join(vintages),
                licence="; ".join(dict.fromkeys(f["licence"] for f in fields if f["licence"])),
            )
        )
    return found


def cite(tables: Sequence[str] | None = None) -> str:
    """Return the citations of the sources behind the named tables (all when ``None``)."""
    used = sorted({source for entry in entries(tables) for source in entry.sources})
    lines = {}
    for name in used:
        one = card(name)
        lines[f"{one.producer}. {one.title}. Version {one.version}. {one.url} [{one.citation}]"] = 0
    return "\n".join(lines)
