"""Trade in goods (Correlates of War 4.0), million current US dollars.

Members of a customs union whose trade was published as one (``UNIONS``) are marked in
``trade_joint``.  Their flows are the union's, divided by the producers (Belgium and Luxembourg to
1996), or hold those of the others (South Africa to 1997); flows between them are not recorded and
come as nil in some years, which is no figure.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

from comity.data.panel.coverage import Added, add, add_states
from comity.data.panel.keys import Keys, Table, gather, join_states, place_pairs
from comity.data.sources.source import load

PAIRS, STATES = "cow_trade_v4_dyad_year", "cow_trade_v4_national"
UNIT = "million current USD"


@dataclass(frozen=True)
class Union:
    """A customs union with joint trade figures.

    ``first`` and ``last`` are its years with them; ``totals`` those in which every member's own
    total in the file is the union's (measured: equal to the last digit).
    """

    name: str
    members: tuple[int, ...]
    first: int
    last: int
    totals: tuple[int, int] | None = None


# Correlates of War codes.  Belgium and Luxembourg published trade of their economic union to 1998
# (from 1997 the file divides them by other figures); the Southern African Customs Union was one
# reporter of the IMF's Direction of Trade to 1997.
UNIONS = (
    Union("Belgium and Luxembourg", (211, 212), 1922, 1998, (1960, 1996)),
    Union("Southern African Customs Union", (560, 565, 570, 571, 572), 1910, 1997),
)
NOTE = "; ".join(f"{one.name}: one figure for all to {one.last}" for one in UNIONS)


def trade(keys: Keys, smooth: bool = False) -> Added:
    """Return imports and exports; a missing flow stays missing (barbieri2009trading).

    Directed dyads: ``imports`` of state 1 from state 2 and ``exports`` of state 1 to state 2 as
    state 2 reports its imports.  With ``smooth`` the producers' smoothed flows.  State-years:
    total imports and exports; where the file gives a union's total to each of its members, they
    are missing.  ``trade_joint``: 1 where a state of the row is in a union with joint figures.
    West Germany's flows of 1960 to 1989 are not in this version and are missing.
    """
    code, year = keys.table.code("cow"), keys.table.year
    joint = in_union(code, year).astype(float)
    flag = np.max([joint[side] for side in keys.sides], axis=0)
    if not keys.dyadic:
        frame = load(STATES)
        values = join_states(keys, frame, "cow", "ccode", ["imports", "exports"])
        lost = np.zeros(len(year), dtype=bool)
        for one in UNIONS:
            first, last = one.totals or (1, 0)
            lost |= np.isin(code, one.members) & (year >= first) & (year <= last)
        values = {name: np.where(lost, np.nan, figures) for name, figures in values.items()}
        units = dict.fromkeys(values, UNIT)
        found = add_states(keys, values, STATES, units, "cow", note=NOTE)
        return found | add(keys, {"trade_joint": flag}, STATES, "0/1", "cow", note=NOTE)
    flows = ("smoothflow1", "smoothflow2") if smooth else ("flow1", "flow2")
    frame: Table = load(PAIRS, ["ccode1", "ccode2", "year", *flows])
    at = place_pairs(keys, frame, "cow")
    inner = within_a_union(keys)
    values = {}
    for name, flow in zip(("imports", "exports"), flows, strict=True):
        figures = gather(frame[flow], at)
        values[name] = np.where(inner & (figures == 0), np.nan, figures)
    note = f"West Germany 1960-1989 is missing in the file; {NOTE}"
    return add(keys, values, PAIRS, UNIT, "cow", note=note) | add(
        keys, {"trade_joint": flag}, PAIRS, "0/1", "cow", note=NOTE
    )


def in_union(
    code: Int[np.ndarray, " rows"], year: Int[np.ndarray, " rows"]
) -> Bool[np.ndarray, " rows"]:
    """Tell which Correlates of War codes are in a union with joint figures in a year."""
    inside = np.zeros(len(code), dtype=bool)
    for one in UNIONS:
        inside |= np.isin(code, one.members) & (year >= one.first) & (year <= one.last)
    return inside


def within_a_union(keys: Keys) -> Bool[np.ndarray, " rows"]:
    """Tell which dyads are of two members of one union, in any year."""
    code = keys.table.code("cow")
    first, second = (code[side] for side in keys.sides)
    inner = np.zeros(len(first), dtype=bool)
    for one in UNIONS:
        inner |= np.isin(first, one.members) & np.isin(second, one.members)
    return inner
