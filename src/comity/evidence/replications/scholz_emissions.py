"""Ten European states bargain over a delay of emission standards (Scholz and others 2011, Table 1).

The means by round are read off the authors' figure; means and medians of rounds 1 to 8 stand in
their Table 2, of which a transcription was at hand, not the print.  Both of the program's
departures from the text are on.
"""

from __future__ import annotations

import numpy as np

from comity.evidence.replications.base import Ours, against_print
from comity.models.institutions.expected_utility_bargaining import Course, bargain

ACTORS = ("NLD", "BEL", "LUX", "DEU", "FRA", "ITA", "GBR", "IRL", "DNK", "GRC")
CAPABILITY = np.array([0.08, 0.08, 0.03, 0.16, 0.16, 0.16, 0.16, 0.05, 0.05, 0.08])
# Years of delay.
POSITION = np.array([4.0, 7.0, 4.0, 4.0, 10.0, 10.0, 10.0, 7.0, 4.0, 7.0])
SALIENCE = np.array([80.0, 40.0, 20.0, 80.0, 60.0, 60.0, 90.0, 10.0, 100.0, 70.0]) / 100
ROUNDS, PRINTED_MEDIANS = 10, 8
# Of a figure that is read by eye to one decimal.
OF_MEANS = 0.07


def course(*, all_pairs: bool = True, lowest: bool = True) -> Course:
    """Ten rounds, by the program or by the text."""
    return bargain(POSITION, CAPABILITY, SALIENCE, ROUNDS, all_pairs=all_pairs, lowest=lowest)


@against_print("scholz-emissions")
def run() -> list[Ours]:
    """The start, then the mean of every round, then the medians that are printed."""
    program = course()
    means = [
        Ours(f"mean after round {at}", float(program.mean[at]), OF_MEANS)
        for at in range(1, ROUNDS + 1)
    ]
    medians = [
        Ours(f"median after round {at} (second-hand)", float(program.median[at]), stated=True)
        for at in range(1, PRINTED_MEDIANS + 1)
    ]
    return [
        Ours("mean at the start", float(program.mean[0])),
        Ours("median at the start", float(program.median[0])),
        *means,
        *medians,
    ]
