"""Wars of the Correlates of War lists: between states (4.0) and within them (4.1)."""

from typing import Literal

from comity.core.errors import BadInput
from comity.data.panel.coverage import Added, add, add_states
from comity.data.panel.keys import Keys, Table, gather, join_states, place_pairs
from comity.data.sources.source import load

Kind = Literal["inter", "intra"]


def wars(keys: Keys, kind: Kind = "inter") -> Added:
    """Return onset and ongoing, 0/1, of wars.

    ``inter``: ``war_onset`` and ``war_ongoing`` of a pair on opposite sides, or of a state with
    any other (sarkees2010resort).  ``intra``, for states: ``intrawar_onset`` and
    ``intrawar_ongoing``, wars fought within the state (dixon2016guide).

    Raises
    ------
    BadInput
        When wars within states are asked of dyads, or the kind is not known.
    """
    if kind == "intra" and not keys.dyadic:
        return _within(keys)
    if kind != "inter":
        raise BadInput(
            f"wars of kind {kind!r} cannot be added to {keys.unit}s",
            why="wars within states have no pair",
            fix="use kind='inter', or kind='intra' with state-years",
        )
    frame: Table = load("cow_war_inter")
    frame = frame.rename(columns={"cowinteronset": "onset", "cowinterongoing": "ongoing"})
    if not keys.dyadic:
        return _flags(keys, frame, "cow_war_inter", "war", "ccode1")
    most: Table = frame.groupby(["ccode1", "ccode2", "year"], as_index=False)[
        ["onset", "ongoing"]
    ].max()
    at = place_pairs(keys, most, "cow")
    values = {f"war_{name}": gather(most[name], at) for name in ("onset", "ongoing")}
    return add(keys, values, "cow_war_inter", "0/1", "cow")


def _within(keys: Keys) -> Added:
    """Return wars fought within a state: those of which it is the primary party."""
    frame: Table = load("cow_war_intra")
    frame = frame.rename(columns={"cowintraonset": "onset", "cowintraongoing": "ongoing"})
    frame = frame[(frame["primary_state"] == 1) & (frame["ccodea"] > 0)]
    return _flags(keys, frame, "cow_war_intra", "intrawar", "ccodea")


def _flags(keys: Keys, frame: Table, source: str, name: str, code: str) -> Added:
    """Return onset and ongoing of states: 1 where any war is."""
    most = frame.groupby([code, "year"], as_index=False)[["onset", "ongoing"]].max()
    found = join_states(keys, most, "cow", code, ["onset", "ongoing"])
    values = {f"{name}_{what}": found[what] for what in ("onset", "ongoing")}
    return add_states(keys, values, source, dict.fromkeys(values, "0/1"), "cow")
