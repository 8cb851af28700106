"""Memberships in intergovernmental organisations (Correlates of War IGO 3)."""

from comity.data.panel.coverage import Added, add, add_states
from comity.data.panel.keys import Keys, gather, join_states, place_pairs
from comity.data.sources.source import load

NOTE = "the lists behind it are made every fifth year before 1965"


def igos(keys: Keys) -> Added:
    """Return ``igos_joint`` of each dyad, or ``igos_full`` and ``igos_any`` of each state.

    Counts of organisations (pevehouse2020tracking); any takes associates and observers too.
    """
    if keys.dyadic:
        frame = load("cow_igo_ndy")
        at = place_pairs(keys, frame, "cow", ordered=False)
        joint = {"igos_joint": gather(frame["dyadigos"], at)}
        return add(keys, joint, "cow_igo_ndy", "organisations", "cow", note=NOTE)
    names = {"igos_full": "sum_igo_full", "igos_any": "sum_igo_anytype"}
    found = join_states(keys, load("cow_igo_sy"), "cow", "ccode", list(names.values()))
    values = {ours: found[theirs] for ours, theirs in names.items()}
    units = dict.fromkeys(values, "organisations")
    return add_states(keys, values, "cow_igo_sy", units, "cow", NOTE)
