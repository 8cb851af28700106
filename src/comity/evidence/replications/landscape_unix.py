"""Nine firms and two standards of Unix, 1988 (Axelrod and Bennett 1993, Table 2).

Sizes are shares of the workstation market in 1987 (%); firms of one kind, specialists or
generalists, have a propensity of -1, others of nil. The energy of the minima and the size of each
basin are not in the paper, which says that both are equal: they were computed apart from this code.
"""

from __future__ import annotations

import numpy as np

from comity.evidence.replications.base import Check, Ours, against_print
from comity.models.force.landscape import configurations, landscape

FIRMS = ("Sun", "AT&T", "Prime", "IBM", "DEC", "HP", "Apollo", "Intergraph", "SGI")
SIZE = np.array([28.9, 28.5, 1.0, 3.8, 20.0, 11.5, 21.2, 4.4, 4.4])
SPECIALIST = np.array([True, False, True, False, False, False, True, True, True])
# Alliances as printed, each with Sun.
FIRST = ("Sun", "AT&T", "Prime", "IBM")
SECOND = ("Sun", "DEC", "Prime", "HP")
UNIX_INTERNATIONAL = ("Sun", "AT&T", "Prime")


@against_print("landscape-unix")
def run() -> list[Check | Ours]:
    """Both minima, then the one in which Sun and AT&T stand together against what happened."""
    propensity = -(SPECIALIST[:, None] == SPECIALIST).astype(float)
    found = landscape(SIZE, propensity)
    alliances = {frozenset(np.array(FIRMS)[~camps]) for camps in found.camps}
    wanted = {frozenset(FIRST), frozenset(SECOND)}
    linked = found.camps[~found.camps[:, FIRMS.index("AT&T")]]
    off = linked[0] == np.isin(FIRMS, UNIX_INTERNATIONAL)
    return [
        Ours("configurations", len(configurations(len(FIRMS)))),
        Ours("minima", len(found.camps)),
        Check("members of both as printed", 1.0, float(alliances == wanted), 0.0),
        Ours("difference of the energies of the two", float(np.ptp(found.energy)), 1e-9),
        Ours("difference of their basins", int(np.ptp(found.basin))),
        Ours("energy of each (computed apart)", float(found.energy[0]), 1e-9),
        Ours("configurations in each basin (computed apart)", int(found.basin[0])),
        Ours("minima with Sun and AT&T together", len(linked)),
        Ours("firms placed wrongly by it", int(off.sum())),
        Ours("size that it places right (%)", float(100 * SIZE[~off].sum() / SIZE.sum()), 0.5),
    ]
