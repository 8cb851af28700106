"""Do larger allies bear more? NATO in 1964 (Olson and Zeckhauser 1966, the paper's main table).

The fourteen rows were set down from memory, as was the figure that they are compared with: no text
of the table was within reach.  That they agree to three digits makes both likely, no more.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from comity.evidence.replications.base import Ours, against_print
from comity.models.force.burden import exploitation

# Gross national product (billion USD), defence in it (%).
ALLIES = {
    "USA": (569.03, 9.0),
    "DEU": (88.87, 5.5),
    "GBR": (79.46, 7.0),
    "FRA": (73.40, 6.7),
    "ITA": (43.63, 4.1),
    "CAN": (38.14, 4.4),
    "NLD": (15.00, 4.9),
    "BEL": (13.43, 3.7),
    "DNK": (7.73, 3.3),
    "TUR": (6.69, 5.8),
    "NOR": (5.64, 3.9),
    "GRC": (4.31, 4.2),
    "PRT": (2.88, 7.7),
    "LUX": (0.53, 1.7),
}
LEVEL = 0.05


def table() -> tuple[Float[np.ndarray, " N"], Float[np.ndarray, " N"]]:
    """Product and defence share of each ally."""
    rows = np.array(list(ALLIES.values()))
    return rows[:, 0], rows[:, 1]


@against_print("olson-zeckhauser")
def run() -> list[Ours]:
    """The rank correlation, and whether it is more than luck at the paper's level."""
    income, share = table()
    rank = exploitation(share, income)
    return [
        Ours("allies (table from memory)", rank.allies),
        Ours("rank correlation of size and share (from memory)", rank.correlation),
        Ours("more than luck at 5 % (1 = yes, from memory)", int(rank.chance < LEVEL)),
    ]
