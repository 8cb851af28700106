"""Trade in goods (Correlates of War 4.0), million current US dollars."""

from comity.data.panel.coverage import Added, add, add_states
from comity.data.panel.keys import Keys, Table, gather, join_states, place_pairs
from comity.data.sources.source import load

PAIRS, STATES = "cow_trade_v4_dyad_year", "cow_trade_v4_national"
UNIT = "million current USD"


def trade(keys: Keys, smooth: bool = False) -> Added:
    """Return imports and exports; a missing flow stays missing (barbieri2009trading).

    Directed dyads: ``imports`` of state 1 from state 2 and ``exports`` of state 1 to state 2 as
    state 2 reports its imports.  With ``smooth`` the producers' smoothed flows.  State-years:
    total imports and exports.  West Germany's flows of 1960 to 1989 are not in this version
    and are missing.
    """
    if not keys.dyadic:
        frame = load(STATES)
        values = join_states(keys, frame, "cow", "ccode", ["imports", "exports"])
        return add_states(keys, values, STATES, dict.fromkeys(values, UNIT), "cow")
    flows = ("smoothflow1", "smoothflow2") if smooth else ("flow1", "flow2")
    frame: Table = load(PAIRS, ["ccode1", "ccode2", "year", *flows])
    at = place_pairs(keys, frame, "cow")
    values = {"imports": gather(frame[flows[0]], at), "exports": gather(frame[flows[1]], at)}
    note = "West Germany 1960-1989 is missing in the file"
    return add(keys, values, PAIRS, UNIT, "cow", note=note)
