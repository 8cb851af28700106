"""Write the snapshot: CSV tables and datapackage.json, the same bytes every time.

Figures are rounded to four significant digits, rows sorted by their keys, blanks are missing.
Files are written beside their place and moved into it, so that a build that fails leaves the
snapshot as it was.
"""

import hashlib
import importlib
import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

from comity.core.errors import BadInput
from comity.core.whole import write_bytes
from comity.data.build.table import Field
from comity.data.sources.sanity import column, require, unique
from comity.data.sources.source import card
from comity.registry.states import ids
from comity.snapshot import TABLES

DIGITS = 4
LARGEST = 4 * 1024 * 1024


def folder() -> Path:
    """Return the folder of the embedded snapshot."""
    return Path(str(resources.files("comity.snapshot")))


def module(name: str) -> ModuleType:
    """Return the module that builds a table.

    Raises
    ------
    BadInput
        When there is no such table.
    """
    if name not in TABLES:
        raise BadInput(f"there is no table {name!r}", fix=f"tables are {', '.join(TABLES)}")
    return importlib.import_module(f"comity.data.tables.{name}")


def _cell(value: object, kind: str) -> str:
    """Return one figure or text as it stands in the file."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    if kind == "integer":
        return str(int(float(str(value))))
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "number":
        number = float(str(value))
        if not np.isfinite(number):
            raise BadInput(f"{number} cannot stand in the snapshot", why="missing is blank")
        text = np.format_float_positional(
            number, precision=DIGITS, unique=False, fractional=False, trim="-"
        )
        return "0" if text == "-0" else text
    return str(value)


def to_csv(frame: pd.DataFrame, keys: list[str], fields: Sequence[Field], what: str) -> bytes:
    """Return a table as CSV.

    Parameters
    ----------
    frame
        The table; columns other than those of ``fields`` are not written.
    keys
        Columns that identify a row and by which rows are sorted.
    fields
        Columns in the order of the file.
    what
        Name for messages.

    Raises
    ------
    BadInput
        When a column is missing, a key is doubled or a figure is infinite.
    """
    require(frame, [field.name for field in fields], what)
    unique(frame, keys, what)
    ordered = frame.sort_values(keys, kind="stable")
    text = pd.DataFrame(
        {field.name: [_cell(v, field.type) for v in ordered[field.name]] for field in fields}
    )
    return text.to_csv(index=False, lineterminator="\n").encode("utf-8")


def _move_in(place: Path, content: bytes) -> None:
    """Write a file beside its place and move it in."""
    write_bytes(place, content)


def describe(place: Path) -> bytes:
    """Return datapackage.json (Frictionless) for the tables that lie in a folder."""
    found = [name for name in TABLES if (place / f"{name}.csv").is_file()]
    described, used = [], set()
    for name in found:
        content = (place / f"{name}.csv").read_bytes()
        frame = pd.read_csv(place / f"{name}.csv", dtype=str, keep_default_na=False)
        source = module(name)
        fields = [_field(field, column(frame, field.name)) for field in source.FIELDS]
        used |= {one for field in source.FIELDS for one in field.sources}
        described.append(
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "title": (source.__doc__ or name).splitlines()[0],
                "format": "csv",
                "encoding": "utf-8",
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "rows": len(frame),
                "states": _states_covered(frame, source.KEYS),
                "schema": {
                    "fields": fields,
                    "primaryKey": list(source.KEYS),
                    "missingValues": [""],
                },
            }
        )
    package = {
        "name": "comity-snapshot",
        "title": "The base-year world of Comity, end of 2024",
        "profile": "tabular-data-package",
        "licence": "Selected and aggregated figures; the terms of each producer stand in fields "
        "and sources. Polyarchy is V-Dem's, CC BY-SA 4.0.",
        "sources": [_source(name) for name in sorted(used)],
        "resources": described,
    }
    return (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _states_covered(frame: pd.DataFrame, keys: list[str]) -> float:
    """Return the share of the 196 states that stand in a key column."""
    named = {value for key in keys for value in frame[key]}
    return round(len(named & set(ids())) / len(ids()), 4)


def _field(field: Field, values: pd.Series) -> dict[str, object]:
    """Return the description of a column with its coverage (share of rows with a value)."""
    return {
        "name": field.name,
        "type": field.type,
        "unit": field.unit,
        "description": field.description,
        "sources": list(field.sources),
        "licence": field.licence,
        "vintage": field.vintage,
        "coverage": round(float((values != "").mean()), 4),
    }


def _source(name: str) -> dict[str, object]:
    """Return the provenance of a source as it stands in the package."""
    one = card(name)
    keep = ("title", "producer", "version", "citation", "licence", "url", "sha256", "accessed")
    return {"name": name, **{key: getattr(one, key) for key in keep}}


def build(out: Path | None = None, only: Sequence[str] | None = None) -> list[Path]:
    """Build the snapshot from the raw data.

    Parameters
    ----------
    out
        Folder to write to; the embedded snapshot when ``None``.
    only
        Tables to build; all when ``None``.  Others stay as they are.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    DataMissing
        When raw data are needed and not there.
    BadInput
        When a check on the data fails, the snapshot would grow beyond 4 MiB, or ``out`` is a file.
    """
    place = folder() if out is None else out
    if place.exists() and not place.is_dir():
        raise BadInput("a file stands there", fix="name a folder", where=str(place))
    made: dict[str, bytes] = {}
    for name in TABLES if only is None else only:
        source = module(name)
        made[name] = to_csv(source.build(), source.KEYS, source.FIELDS, name)
    kept = sum(
        (place / f"{name}.csv").stat().st_size
        for name in TABLES
        if name not in made and (place / f"{name}.csv").is_file()
    )
    size = kept + sum(len(content) for content in made.values())
    if size > LARGEST:
        raise BadInput(f"the snapshot would take {size:,} bytes", why=f"the limit is {LARGEST:,}")
    place.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        _move_in(place / f"{name}.csv", content)
    _move_in(place / "datapackage.json", describe(place))
    return [place / f"{name}.csv" for name in made] + [place / "datapackage.json"]
