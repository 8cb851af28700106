"""How measures of the United States are read, whose record checks and leadership rest on.

They are of that state whoever the actor is.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.engine.measures import Block

RECORDED = "USA"


def percent(field: str, place: int, last: bool) -> Callable[[Block], np.ndarray]:
    """Percent, of the last year or averaged over the years; NaN where the state is not there."""

    def reduce(block: Block) -> np.ndarray:
        if RECORDED not in block.states:
            return np.full(block.ok.shape, np.nan)
        series = 100.0 * block.series[field][:, :, :, block.states.index(RECORDED), place]
        return series[..., -1] if last else series.mean(-1)

    return reduce
