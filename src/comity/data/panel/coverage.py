"""What a source covers, and what that means for a cell: a figure, a zero or missing.

Outside a source's years a cell is missing, whatever the file holds.  Inside them the absence of
a row means zero only where the source lists every case (``ZERO``), and only for states that its
state system knows in that year.  Years come from the provenance card, narrowed where one column
ends before the others.
"""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from comity.core.errors import CoverageWarning
from comity.data.panel.keys import CodeSystem, Keys
from comity.data.sources.source import card, years

# Sources that list every case of what they record, so that no row means none of it.
ZERO = frozenset(
    {
        "atop_dyad_year",
        "cow_contdir",
        "cow_majors",
        "cow_mid_directed_dyad_year",
        "cow_war_inter",
        "cow_war_intra",
        "gml_mid_directed_dyad_year",
        "ucdp_acd",
    }
)
# Columns that end before their file does.
ENDS = {
    ("polity5", "polity2"): 2018,  # later years hold the United States only
    ("unga_ideal_points", "idealpointall"): 2023,
    ("unga_ideal_points", "idealpointlegacy"): 2023,
}


@dataclass(frozen=True)
class Column:
    """Where a column of a panel came from.

    ``first`` and ``last`` are the years outside which it is missing; ``zero`` tells whether the
    absence of a row inside them means zero; ``system`` is the code system of the source.
    """

    name: str
    source: str
    first: int
    last: int
    unit: str
    zero: bool = False
    note: str = ""
    system: CodeSystem = "id"


@dataclass(frozen=True)
class Added:
    """Columns to add to a panel and the record of each."""

    values: dict[str, np.ndarray] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()

    def __or__(self, other: "Added") -> "Added":
        return Added(self.values | other.values, self.columns + other.columns)


def window(source: str, column: str = "") -> tuple[int, int]:
    """Return the first and the last year of a source, or of one column of it."""
    first, last = years(source)
    known = card(source).years
    # A column that stops early in our file may go on in a newer one, as far as that file does.
    early = ENDS.get((source, column), last) if known and last == known[1] else last
    return first, min(last, early)


def inside(keys: Keys, source: str, column: str = "") -> Bool[np.ndarray, " rows"]:
    """Tell which rows lie in the years of a source."""
    first, last = window(source, column)
    return (keys.year >= first) & (keys.year <= last)


def add(
    keys: Keys,
    values: dict[str, np.ndarray],
    source: str,
    unit: str,
    system: CodeSystem,
    column: str = "",
    note: str = "",
) -> Added:
    """Apply the rule to columns of rows and describe them.

    Parameters
    ----------
    keys
        Rows of the panel.
    values
        Column name -> figures of the rows, NaN where the source has no row.
    source
        Name of the provenance card.
    unit
        Unit of the figures.
    system
        Code system of the source; where the absence of a row means zero it does so only for
        states that this system knows.
    column
        Column of the source, where its years are narrower than the card's.
    note
        What the reader of the coverage table should know.
    """
    zero = source in ZERO
    covered = inside(keys, source, column)
    there = keys.known(system) if zero else None
    done = {}
    for name, figures in values.items():
        filled = figures.astype(np.float64)
        if there is not None:
            filled = np.where(np.isnan(filled) & there, 0.0, filled)
        done[name] = np.where(covered, filled, np.nan)
    first, last = window(source, column)
    facts = tuple(Column(name, source, first, last, unit, zero, note, system) for name in done)
    return Added(done, facts)


def add_states(
    keys: Keys,
    values: dict[str, Float[np.ndarray, " S"]],
    source: str,
    units: dict[str, str],
    system: CodeSystem,
    note: str = "",
) -> Added:
    """Spread figures of state-years to the rows and apply the rule to each.

    ``units`` gives the unit of each column.  For k-ads a missing row of a source that lists
    every case counts as zero for the member before members are added up.
    """
    out = Added()
    there = keys.table.code(system) >= 0
    for name, figures in values.items():
        whole = figures
        if source in ZERO:
            whole = np.where(np.isnan(figures) & there, 0.0, figures)
        out = out | add(keys, keys.spread(name, whole), source, units[name], system, note=note)
    return out


def warn(keys: Keys, columns: Iterable[Column], stacklevel: int = 4) -> None:
    """Give one warning when rows lie outside the years, or the states, of what was added."""
    spans = {(c.source, c.first, c.last): c for c in columns}
    parts = []
    for (source, first, last), column in sorted(spans.items(), key=lambda item: item[0]):
        out = (keys.year < first) | (keys.year > last)
        strange = int((~out & ~keys.known(column.system)).sum())
        if not (out.any() or strange):
            continue
        text = f"{source} covers {first} to {last}: {int(out.sum()):,} of {len(out):,} rows lie"
        text += " outside"
        if strange:
            text += f", rows of states not in its list at the time: {strange:,}"
        parts.append(f"{text}; they are missing, not zero")
    if parts:
        warnings.warn(". ".join(parts), CoverageWarning, stacklevel=stacklevel)


def table(
    frame: pd.DataFrame, years: Int[np.ndarray, " rows"], columns: Iterable[Column]
) -> pd.DataFrame:
    """Return the coverage table of a panel; ``years`` of its rows.

    Returns
    -------
    pandas.DataFrame
        column, source, first, last, unit, inside (share of rows in the covered years), present
        (share of rows with a figure), present_inside (the same among the covered rows),
        no_row_means (``zero`` or ``missing``) and note.
    """
    rows = []
    for one in columns:
        if one.name not in frame:
            continue
        there = frame[one.name].notna().to_numpy()
        covered = (years >= one.first) & (years <= one.last)
        rows.append(
            {
                "column": one.name,
                "source": one.source,
                "first": one.first,
                "last": one.last,
                "unit": one.unit,
                "inside": _share(covered),
                "present": _share(there),
                "present_inside": _share(there[covered]),
                "no_row_means": "zero" if one.zero else "missing",
                "note": one.note,
            }
        )
    return pd.DataFrame(rows)


def _share(mask: np.ndarray) -> float:
    """Return the share of true values, NaN of none."""
    return float(mask.mean()) if len(mask) else float("nan")
