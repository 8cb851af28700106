"""The rest of the world taken apart: ICIO's ROW shared out among the states it stands for.

ICIO knows 79 economies of the registry and one rest; its totals are kept to the last digit.

1. Shape of goods: BACI 2023; pairs it leaves out from COW Trade of 2014 carried to 2023 by the
   growth of all pairs in both; the remaining ones from a gravity fit on BACI.
2. Shape of services: a gravity fit on ICIO's cross-border services.
3. Totals of a split state: goods as in 1, exports and imports scaled together to World Bank
   merchandise trade (BACI books ships on open registers and goods in transit as imports: the
   Marshall Islands 28 times GDP); goods and services together as World Bank shares of exports
   and imports in GDP (both via Gapminder), services the rest, but at least the gravity fit's
   lowest decile; where shares are missing, the gravity fit's own total.
4. RAS of all cells with a split state on one side to these totals and to ICIO's ROW row and
   column.
5. Domestic sales: gross output less exports.  Output is GDP over the value-added share of the
   fifteen ICIO economies nearest in GDP per head, and at least what leaves the domestic share of
   sales of the most open twentieth of ICIO economies.  Scaled so that the block sums to ICIO's.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.data.flows.balance import poisson_fit, ras

NEIGHBOURS = 15
OPEN_QUANTILE = 0.05
SERVICES_FLOOR_QUANTILE = 0.1


class Rest(NamedTuple):
    """What ICIO says about ROW for one kind of goods, in million USD."""

    exports: Float[ndarray, " K"]  # ROW to each economy
    imports: Float[ndarray, " K"]  # each economy to ROW


def fill_goods(
    baci: Float[ndarray, "N N"], older: Float[ndarray, "N N"], gravity: Float[ndarray, "N N"]
) -> tuple[Float[ndarray, "N N"], pd.Series]:
    """Return goods flows without gaps (diagonal 0) and how many pairs each source gave.

    Parameters
    ----------
    baci, older
        Flows of 2023 and 2014, million USD, NaN = not in the file.
    gravity
        Fitted flows of 2023, million USD.
    """
    off = ~np.eye(len(baci), dtype=bool)
    both = off & np.isfinite(baci) & np.isfinite(older)
    carried = older * (baci[both].sum() / older[both].sum())
    origin = np.where(np.isfinite(baci), 0, np.where(np.isfinite(older), 1, 2))
    filled = np.where(off, np.choose(origin, [np.nan_to_num(baci), carried, gravity]), 0.0)
    names = np.array(["BACI 2023", "COW 2014", "gravity"])
    return filled, pd.Series(names[origin[off]]).value_counts()


def gravity_flows(
    flows: Float[ndarray, "N N"], known: ndarray, regressors: Float[ndarray, "N N k"]
) -> tuple[Float[ndarray, "N N"], Float[ndarray, " k"]]:
    """Return flows fitted on the ``known`` off-diagonal cells for every pair, and coefficients."""
    cells = known & ~np.eye(len(flows), dtype=bool)
    coefficients = poisson_fit(flows[cells], regressors[cells])
    return np.exp(regressors @ coefficients), coefficients


def goods_totals(
    exports: Float[ndarray, " S"], imports: Float[ndarray, " S"], both: Float[ndarray, " S"]
) -> tuple[Float[ndarray, " S"], Float[ndarray, " S"]]:
    """Return exports and imports scaled to sum to ``both``; as they are where that is NaN."""
    scale = np.where(np.isfinite(both), both / (exports + imports), 1.0)
    return exports * scale, imports * scale


def services_totals(
    gravity: Float[ndarray, " S"], goods: Float[ndarray, " S"], both: Float[ndarray, " S"]
) -> Float[ndarray, " S"]:
    """Return services totals of split states (million USD).

    Parameters
    ----------
    gravity
        Fitted services totals.
    goods
        Goods totals.
    both
        Goods and services together, NaN where unknown.
    """
    measured = both - goods
    ratio = np.nanmedian(measured / gravity)
    floor = np.quantile(gravity / (gravity + goods), SERVICES_FLOOR_QUANTILE) * (gravity + goods)
    return np.where(np.isfinite(measured), np.maximum(measured, floor), gravity * ratio)


def split_cross_border(
    seed: Float[ndarray, "N N"],
    split: ndarray,
    rest: Rest,
    exports: Float[ndarray, " S"],
    imports: Float[ndarray, " S"],
) -> Float[ndarray, "N N"]:
    """Return flows of which at least one side is a split state; the other cells are 0.

    Parameters
    ----------
    seed
        Shape of the flows, any unit.
    split
        (N,) true for split states.
    rest
        ICIO's totals of ROW with each of the K kept economies, in the order of the states.
    exports, imports
        Wanted totals of the S split states; both are scaled, for their sums follow from ICIO and
        from the seed's share of flows among split states.
    """
    among = seed[np.ix_(split, split)].sum()
    across = seed[np.ix_(split, ~split)].sum() + seed[np.ix_(~split, split)].sum()
    inside = among * (rest.exports.sum() + rest.imports.sum()) / across
    rows, columns = np.zeros(len(seed)), np.zeros(len(seed))
    rows[~split], columns[~split] = rest.imports, rest.exports
    rows[split] = exports * (rest.exports.sum() + inside) / exports.sum()
    columns[split] = imports * (rest.imports.sum() + inside) / imports.sum()
    cells = np.where(split[:, None] | split[None, :], seed, 0.0)
    return ras(cells, rows, columns).matrix


def value_added_share(
    income: Float[ndarray, " S"], known_income: Float[ndarray, " K"], known: Float[ndarray, " K"]
) -> Float[ndarray, " S"]:
    """Return the median value-added share of the fifteen economies nearest in log GDP per head."""
    gap = np.abs(np.log(income)[:, None] - np.log(known_income)[None, :])
    nearest = np.argsort(gap, axis=1, kind="stable")[:, :NEIGHBOURS]
    return np.median(known[nearest], axis=1)


def domestic_sales(
    output: Float[ndarray, " S"], exports: Float[ndarray, " S"], least: float, total: float
) -> Float[ndarray, " S"]:
    """Return domestic sales of split states, positive and summing to ``total``.

    Parameters
    ----------
    output, exports
        Gross output and cross-border sales.
    least
        Smallest share of output sold at home (0-1).
    total
        Sum that ICIO leaves for them.
    """
    scale = (total + exports.sum()) / output.sum()
    sales = np.maximum(output * scale - exports, exports * least / (1 - least))
    return sales * (total / sales.sum())
