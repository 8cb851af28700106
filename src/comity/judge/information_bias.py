"""How far estimates of the value of information are off with few futures, by simulation.

Two strategies; the second leads by a mean and a number times its effect, with luck beside it. What
knowing the number is worth has a closed form, so that the error of an estimate is known.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from comity.judge.information import evppi

FUTURES = (50, 100, 200, 500, 1000)
LEAD = 0.2  # mean lead of the second strategy, in standard deviations of the lead
SHARES = (0.0, 0.05, 0.25)  # of the variance of the lead that the number carries


def closed_form(lead: float, spread: float) -> float:
    """Value of learning a lead whose mean will be normal with this mean and spread, in its unit.

    The expected gain of leaving the arm that leads where it turns out not to.
    """
    from scipy.stats import norm

    if spread == 0.0:
        return 0.0
    z = abs(lead) / spread
    return float(spread * (norm.pdf(z) - z * norm.cdf(-z)))


def bias_curve(repeats: int = 400, *, seed: int) -> pd.DataFrame:
    """Mean estimates over repeated samples, by number of futures and what the number carries.

    Parameters
    ----------
    repeats
        Samples of each size.
    seed
        Of all draws.

    Returns
    -------
    DataFrame
        Columns share, futures, true, plain, corrected (means over the samples), sd (of the
        corrected estimate over the samples), se (mean of what is given as its standard error), all
        in standard deviations of the lead.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for share in SHARES:
        true = closed_form(LEAD, np.sqrt(share))
        for futures in FUTURES:
            found = []
            for _ in range(repeats):
                x, luck = rng.standard_normal((2, futures))
                lead = LEAD + np.sqrt(share) * x + np.sqrt(1 - share) * luck
                values = np.column_stack([np.zeros(futures), lead])
                one = evppi(values, pd.DataFrame({"x": x}))
                found.append((one.plain, one.value, one.se))
            plain, corrected, se = np.mean(found, axis=0)
            sd = np.std([value for _, value, _ in found], ddof=1)
            rows.append((share, futures, true, plain, corrected, sd, se))
    columns = ["share", "futures", "true", "plain", "corrected", "sd", "se"]
    return pd.DataFrame(rows, columns=columns)


def bias_table(found: pd.DataFrame) -> str:
    """`bias_curve` as a Markdown table, in hundredths of the spread of the lead."""
    head = "| variance carried | futures | true | uncorrected | corrected | spread | error given |"
    lines = [head, "|---|---|---|---|---|---|---|"]
    for share, futures, *figures in found.to_numpy(float):
        told = " | ".join(f"{100 * x:.2f}" for x in figures)
        lines.append(f"| {share:.0%} | {futures:.0f} | {told} |")
    return "\n".join(lines) + "\n"
