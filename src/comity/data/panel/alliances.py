"""Alliance obligations (ATOP 5.1): who owes what to whom."""

import numpy as np

from comity.data.panel.coverage import Added, add, add_states
from comity.data.panel.keys import Keys, Table, gather, join_states, place_pairs
from comity.data.sources.source import load

SOURCE = "atop_dyad_year"
OBLIGATIONS = ("atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul")


def alliances(keys: Keys) -> Added:
    """Return five obligations: defence, offence, neutrality, non-aggression, consultation.

    Directed dyads: 1 where state 1 owes it to state 2.  Undirected dyads: 1 where either owes
    it to the other.  State-years: the number of states to which the state owes it
    (``atop_defense_owes`` ...) and of those that owe it to the state (``atop_defense_owed`` ...),
    of which some may lie outside the list of states.  Zero only from 1815 to 2018 and only for
    states of the Correlates of War list (leeds2002alliance).
    """
    frame: Table = load(SOURCE)
    if not keys.dyadic:
        named = _counts(keys, frame, "ccode1", "owes") | _counts(keys, frame, "ccode2", "owed")
        return add_states(keys, named, SOURCE, dict.fromkeys(named, "states"), "cow")
    if keys.unit == "undirected dyad-year":
        frame = either_way(frame)
    at = place_pairs(keys, frame, "cow", ordered=keys.unit == "directed dyad-year")
    values = {name: gather(frame[name], at) for name in OBLIGATIONS}
    return add(keys, values, SOURCE, "0/1", "cow")


def _counts(keys: Keys, frame: Table, code: str, way: str) -> dict[str, np.ndarray]:
    """Return the number of partners of each obligation, counted on one side of it."""
    counts: Table = frame.groupby([code, "year"], as_index=False)[list(OBLIGATIONS)].sum()
    values = join_states(keys, counts, "cow", code, list(OBLIGATIONS))
    return {f"{name}_{way}": figures for name, figures in values.items()}


def either_way(frame: Table) -> Table:
    """Return one row a pair and year, lower code first, with the larger of both directions."""
    low = frame[["ccode1", "ccode2"]].min(axis=1)
    high = frame[["ccode1", "ccode2"]].max(axis=1)
    pairs = frame.assign(ccode1=low, ccode2=high)
    return pairs.groupby(["ccode1", "ccode2", "year"], as_index=False)[list(OBLIGATIONS)].max()
