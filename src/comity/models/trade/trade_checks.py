"""What trade models ask of a base year and of a shock, before they are solved.

A search for market clearing prices ends somewhere for a negative elasticity too, and says that it
converged.  Inside a traced computation only shapes are looked at (`comity.core.require`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from comity.core import require
from comity.core.errors import BadInput


def flows(what: str, sales: Any) -> None:
    """Require finite flows of zero or more between as many sellers as buyers, each with some.

    Parameters
    ----------
    what
        What the flows are called.
    sales
        (N, N), or (J, N, N) by sector: then a sector of a state may have none.
    """
    shape = np.shape(sales)
    if len(shape) not in (2, 3) or shape[-1] != shape[-2]:
        raise BadInput(f"{what} have shape {shape}", why="sellers and buyers are the same states")
    require.not_negative(what, sales)
    if len(shape) == 2 and not require.traced(sales):
        both = np.asarray(sales, dtype=float)
        for side, axis in (("sells", 1), ("buys", 0)):
            nothing = both.sum(axis=axis) <= 0
            if nothing.any():
                raise BadInput(
                    f"{what}: state {require.places(nothing)} {side} nothing",
                    why="its price would be no number",
                    fix="leave it out",
                )


def shares(what: str, value: Any, wanted: tuple[int, ...]) -> None:
    """Require shares of a shape, in (0, 1]."""
    require.shape(what, value, wanted)
    require.share(what, value)


def tariffs(tariff: Any, wanted: tuple[int, ...]) -> None:
    """Require finite tariffs above -100 %."""
    require.shape("the tariff", tariff, wanted)
    require.above("the tariff", tariff, -1.0)


def shock(elasticity: Any, endowment: Any, tariff: Any, cost: Any, wanted: tuple[int, ...]) -> None:
    """Require a positive elasticity, endowment and cost, and tariffs above -100 %.

    Parameters
    ----------
    wanted
        Shape of tariffs and costs: (N, N), or (J, N, N) with an elasticity a sector.
    """
    require.shape("the elasticity", elasticity, wanted[:-2])
    require.positive("the elasticity", elasticity)
    require.shape("the endowment", endowment, wanted[-1:])
    require.positive("the endowment", endowment)
    tariffs(tariff, wanted)
    require.shape("the cost", cost, wanted)
    require.positive("the cost", cost)
