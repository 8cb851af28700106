"""Counts of groups over time with an effect of each group's own: the fixed effects Poisson.

    E[y_gt] = a_g exp(x_gt'b)

Given a group's total, its years share it out as a multinomial, which no a_g enters
(hausman1984econometric): log L = sum_gt y_gt log( exp(x_gt'b) / sum_s exp(x_gs'b) ).  Consistent
whatever the distribution of y, 0/1 included, if the mean is as stated (wooldridge1999distribution);
covariance clustered, with the factor C / (C - 1).  Groups whose total is 0 say nothing and are left
out.  Do not trust it where x answers to y: the effect of what is sent where danger rises.
"""

from __future__ import annotations

import equinox as eqx
import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from comity.core import require
from comity.core.errors import BadInput
from comity.models.statistics import separation

TOLERANCE = 1e-8
MOST = 50
# Smallest eigenvalue of the information, as a share of the largest, that tells anything.
SINGULAR = 1e-12


class WithinFit(eqx.Module):
    """Coefficients (K,), clustered covariance (K, K), rows, groups and clusters that count.

    ``converged``: Newton's steps ended at a maximum, the information can be inverted, and no row
    is separated.  ``separated``: rows that some combination of columns tells from all counts.
    """

    coefficients: Float[np.ndarray, " K"]
    covariance: Float[np.ndarray, "K K"]
    observations: int
    groups: int
    clusters: int
    converged: bool
    separated: int = 0

    @property
    def standard_errors(self) -> Float[np.ndarray, " K"]:
        """Square roots of the diagonal of the covariance."""
        return np.sqrt(np.diag(self.covariance))


def fit(
    x: Float[np.ndarray, "N K"],
    y: Float[np.ndarray, " N"],
    group: Int[np.ndarray, " N"],
    cluster: Int[np.ndarray, " N"],
) -> WithinFit:
    """Fit counts by maximum likelihood.

    Parameters
    ----------
    x
        Columns that vary within groups, no constant; no missing values.
    y
        Counts, 0 or more.
    group
        The group of each row.
    cluster
        The cluster of each row: the group itself, or something larger that holds whole groups.

    Raises
    ------
    BadInput
        When a figure is not finite, a count is negative, a group lies in two clusters, or no
        group has a count.
    """
    _check(x, y, group, cluster)
    total = np.bincount(group, weights=y, minlength=int(group.max()) + 1)
    kept = total[group] > 0
    x, y = x[kept], y[kept]
    _, group = np.unique(group[kept], return_inverse=True)
    _, cluster = np.unique(cluster[kept], return_inverse=True)
    total = np.bincount(group, weights=y)
    b = np.zeros(x.shape[1])
    value, score, information = _at(b, x, y, group, total)
    converged = False
    for _ in range(MOST):
        move = np.linalg.lstsq(information, score.sum(axis=0), rcond=None)[0]
        if float(score.sum(axis=0) @ move) <= TOLERANCE**2:
            converged = _regular(information, x)
            break
        for half in range(30):
            tried = _at(b + move / 2.0**half, x, y, group, total)
            if tried[0] >= value - 1e-12 * abs(value):
                b = b + move / 2.0**half
                value, score, information = tried
                break
    clusters = int(cluster.max()) + 1
    sums = np.zeros((clusters, x.shape[1]))
    np.add.at(sums, cluster, score)
    bread = np.linalg.pinv(information, hermitian=True)
    covariance = bread @ (sums.T @ sums) @ bread * clusters / max(clusters - 1, 1)
    told = _told(x, y, group) if not converged else 0
    return WithinFit(b, covariance, len(y), len(total), clusters, bool(converged), told)


def _told(x: Float[np.ndarray, "N K"], y: Float[np.ndarray, " N"], group: np.ndarray) -> int:
    design = sparse.hstack([sparse.csr_array(x), separation.dummies(group)])
    return int(separation.poisson(sparse.csr_array(design), y).sum())


def efficient(
    x: Float[np.ndarray, "N K"],
    y: Float[np.ndarray, " N"],
    group: Int[np.ndarray, " N"],
    coefficients: Float[np.ndarray, " K"],
    column: int,
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """A column with all others and the groups taken out of it, and the counts expected.

    What one coefficient is told from: its information is the sum of the counts expected times the
    square of what is returned, and its estimate answers to nothing else, to first order.

    Parameters
    ----------
    x, y, group
        As fitted.
    coefficients
        Of the fit.
    column
        Which one.

    Returns
    -------
    tuple
        Of the n rows in groups with a count: the column without the others, the counts expected.
    """
    total = np.bincount(group, weights=y, minlength=int(group.max()) + 1)
    kept = total[group] > 0
    x, y = x[kept], y[kept]
    _, group = np.unique(group[kept], return_inverse=True)
    total = np.bincount(group, weights=y)
    share, off = _shared(coefficients, x, group, total)
    expected = share * total[group]
    rest = np.delete(off, column, axis=1)
    weighted = rest * expected[:, None]
    taken = np.linalg.lstsq(weighted.T @ rest, weighted.T @ off[:, column], rcond=None)[0]
    return off[:, column] - rest @ taken, expected


def _check(
    x: Float[np.ndarray, "N K"],
    y: Float[np.ndarray, " N"],
    group: Int[np.ndarray, " N"],
    cluster: Int[np.ndarray, " N"],
) -> None:
    require.finite("a column", x)
    require.not_negative("a count", y)
    if not (y > 0).any():
        raise BadInput("no group has a count", why="nothing happened in any of them")
    pairs = np.unique(np.column_stack([group, cluster]), axis=0)
    split = pairs[:, 0][np.flatnonzero(np.diff(pairs[:, 0]) == 0)]
    if len(split):
        raise BadInput(f"group {split[0]} lies in two clusters", fix="cluster by whole groups")


def _at(
    b: Float[np.ndarray, " K"],
    x: Float[np.ndarray, "N K"],
    y: Float[np.ndarray, " N"],
    group: Int[np.ndarray, " N"],
    total: Float[np.ndarray, " G"],
) -> tuple[float, Float[np.ndarray, "N K"], Float[np.ndarray, "K K"]]:
    """Return log-likelihood, each row's score, and the information."""
    share, off = _shared(b, x, group, total)
    value = float(y @ (np.log(share)))
    score = (y - share * total[group])[:, None] * off
    information = off.T @ (off * (share * total[group])[:, None])
    return value, score, information


def _shared(
    b: Float[np.ndarray, " K"],
    x: Float[np.ndarray, "N K"],
    group: Int[np.ndarray, " N"],
    total: Float[np.ndarray, " G"],
) -> tuple[Float[np.ndarray, " N"], Float[np.ndarray, "N K"]]:
    """Return each row's share of its group, and the columns less their mean in the group."""
    index = x @ b
    top = np.full(len(total), -np.inf)
    np.maximum.at(top, group, index)
    weight = np.exp(index - top[group])
    whole = np.bincount(group, weights=weight)
    share = weight / whole[group]
    centre = np.zeros((len(total), x.shape[1]))
    np.add.at(centre, group, share[:, None] * x)
    return share, x - centre[group]


def _regular(information: Float[np.ndarray, "K K"], x: Float[np.ndarray, "N K"]) -> bool:
    """Whether columns vary within groups, and not together, judged on one scale of them all."""
    scale = np.sqrt((x**2).sum(axis=0))
    values = np.linalg.eigvalsh(information / np.outer(scale, scale))
    return bool(values[0] > SINGULAR * values[-1])
