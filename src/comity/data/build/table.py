"""What a snapshot table is: a name, keys, described fields and a function that builds it.

Every module in ``comity.data.tables`` offers ``NAME: str``, ``KEYS: list[str]``,
``FIELDS: list[Field]`` and ``build() -> pandas.DataFrame``.
"""

from dataclasses import dataclass, field
from importlib import resources
from typing import Literal, Protocol

import pandas as pd

FieldType = Literal["string", "number", "integer", "boolean"]


@dataclass(frozen=True)
class Field:
    """One column of a snapshot table.

    Parameters
    ----------
    name
        Column name.
    type
        Frictionless type: ``string``, ``number``, ``integer`` or ``boolean``.
    unit
        Unit in words, e.g. ``"million USD"``; ``"1"`` for a share, empty for text.
    description
        What the figure is and how it was made, in one or two sentences.
    sources
        Names of the provenance cards the column was made from.
    licence
        What the producers' terms allow; the snapshot ships selected or aggregated figures.
    vintage
        Year or years of the figures, e.g. ``"2024"``.
    """

    name: str
    type: FieldType
    unit: str
    description: str
    sources: list[str] = field(default_factory=list)
    licence: str = ""
    vintage: str = ""


class Table(Protocol):
    """The interface of a module in ``comity.data.tables``."""

    NAME: str
    KEYS: list[str]
    FIELDS: list[Field]

    @staticmethod
    def build() -> pd.DataFrame:
        """Return the table with the columns named in ``FIELDS``."""
        ...


def handmade(name: str) -> pd.DataFrame:
    """Read a hand-made table that lies beside the modules of tables; blank stays blank."""
    with resources.files("comity.data.tables").joinpath(name).open(encoding="utf-8") as stream:
        return pd.read_csv(stream, keep_default_na=False)


def long(name: str, source: str, values: pd.Series, unit: str = "WORLD") -> pd.DataFrame:
    """One series by year as rows of ``indicators``; what is missing has no row."""
    kept = values.dropna()
    return pd.DataFrame(
        {
            "indicator": name,
            "unit": unit,
            "year": kept.index.astype(int),
            "value": kept.to_numpy(float),
            "source": source,
        }
    )
