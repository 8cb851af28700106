"""Military spending (SIPRI)."""

from comity.data.panel.coverage import Added, add_states
from comity.data.panel.keys import Keys, join_states
from comity.data.sources import sipri_milex

UNITS = {
    "sipri_current": "million current USD",
    "sipri_constant": "million constant 2023 USD",
    "sipri_share": "share of GDP, 0-1",
}


def spending(keys: Keys) -> Added:
    """Return SIPRI spending of each state (sipri2025milex); zeros that stand for missing are.

    In a year in which a state has two codes (Germany 1990) both rows carry its figure.
    """
    frame = sipri_milex.tidy()
    found = join_states(keys, frame, "id", "id", ["current", "constant", "share"])
    values = {f"sipri_{name}": figures for name, figures in found.items()}
    return add_states(keys, values, "sipri_milex", UNITS, "id")
