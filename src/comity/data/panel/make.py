"""New panels: the state-years, dyad-years and k-ad-years that exist, or a user's own rows."""

import warnings
from typing import Any, Literal

from comity.core.arguments import flag, one_of
from comity.core.errors import BadInput, CoverageWarning
from comity.data.panel import rows
from comity.data.panel.coverage import window
from comity.data.panel.frame import Panel
from comity.data.panel.keys import SYSTEMS, CodeSystem


def state_years(
    system: Literal["cow", "gw"] = "cow",
    first: int = 1816,
    last: int = 2020,
    microstates: bool = False,
) -> Panel:
    """Return all state-years: a state counts in a year when it existed on any day of it.

    Parameters
    ----------
    system
        ``cow`` (Correlates of War, list to 2016) or ``gw`` (Gleditsch-Ward, list to 2017).
    first, last
        Years, both included.  After the end of the list its last entries carry on; such rows
        have ``extended`` true.
    microstates
        With the tentative list of microstates of Gleditsch and Ward.

    Returns
    -------
    Panel
        Columns id, ccode, gwcode, year, extended; sorted by code and year.

    Raises
    ------
    BadInput
        When the system or the years cannot be used.
    """
    keys = rows.state_keys(rows.state_table(system, first, last, microstates))
    return Panel(rows.frame_of(keys, system), keys, system)


def dyad_years(
    directed: bool = True,
    system: Literal["cow", "gw"] = "cow",
    first: int = 1816,
    last: int = 2020,
    relevant: bool = False,
    microstates: bool = False,
) -> Panel:
    """Return all pairs of states by year; parameters as in ``state_years``.

    Undirected pairs have the lower code first.  ``relevant`` keeps politically relevant dyads,
    which are known to 2016 (see ``Panel.add_relevance``).

    Returns
    -------
    Panel
        Columns id1, ccode1, gwcode1, id2, ccode2, gwcode2, year, extended.
    """
    directed, relevant = flag("directed", directed), flag("relevant", relevant)
    table = rows.state_table(system, first, last, microstates)
    keys = rows.dyad_keys(table, system, directed)
    made = Panel(rows.frame_of(keys, system), keys, system)
    return made.relevant() if relevant else made


def k_ads(
    kind: Literal["framework", "treaty"] = "framework", first: int = 1816, last: int = 2020
) -> Panel:
    """Return groups of states by year: frameworks of the registry or alliance treaties.

    Returns
    -------
    Panel
        ``framework`` (id), year, name, members (tuple of ids), ``uncertain`` (states that may
        have joined by then: their year of entry is an interval), size; or ``atopid``, year,
        members, size (ATOP 5.1, to 2018).

    Raises
    ------
    BadInput
        When the kind is not known or the years are out of order.
    """
    rows.check_years(first, last)
    makers = {"framework": rows.framework_years, "treaty": rows.treaty_years}
    one_of("kind", kind, makers)
    end = window("atop_members")[1]
    if kind == "treaty" and last > end:
        warnings.warn(
            f"atop_members covers {window('atop_members')[0]} to {end}: there are no treaties "
            "of later years",
            CoverageWarning,
            stacklevel=2,
        )
    frame = makers[kind](first, last)
    frame["size"] = frame["members"].map(len)
    return Panel(frame, rows.kad_keys(frame), "id")


def of(
    frame: Any,
    state: str | tuple[str, str] = "ccode",
    year: str = "year",
    system: CodeSystem = "cow",
    directed: bool = True,
) -> Panel:
    """Make a panel of a user's own frame: pandas, Polars, PyArrow or another that narwhals knows.

    Parameters
    ----------
    frame
        The rows, in any order; all columns are kept.
    state
        Column with the state's code, or two columns for pairs.
    year
        Column with the year: whole numbers of four digits, or dates.
    system
        What the codes are: ``cow``, ``gw`` or ``id`` (ISO 3166 alpha-3 as in the registry).
    directed
        Whether the order of a pair matters.

    Raises
    ------
    BadInput
        When a column is missing, a year is or is none (-9, 2010.5, 201005), or the system is not
        known.
    """
    import narwhals as nw

    names = (state,) if isinstance(state, str) else state
    try:
        read = nw.from_native(frame, eager_only=True)
    except TypeError as error:
        raise BadInput("this is not a data frame", why=str(error)) from error
    missing = [name for name in (*names, year) if name not in read.columns]
    if missing or system not in SYSTEMS:
        raise BadInput(
            f"the frame cannot be read as {system!r} codes",
            why=f"missing columns: {missing}" if missing else "systems are cow, gw and id",
            fix=f"columns are {', '.join(read.columns)}",
        )
    pandas = read.to_pandas()
    codes = tuple(pandas[name] for name in names)
    keys = rows.keys_of(codes, pandas[year], system, directed)
    backend = read.implementation.name.lower()
    return Panel(pandas, keys, system, year, backend=backend)
