"""The rows a gravity regression can rest on, and what no regression can answer, before it is run.

Left out, in this order: rows with a missing figure; for logs, flows of nil; rows alone in a fixed
effect; for PPML, rows that are separated (`comity.models.statistics.separation`).  Refused: what
would leave a regression with nothing to estimate from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from scipy import sparse
from scipy.sparse.linalg import lsmr

from comity.core import require
from comity.core.errors import BadInput
from comity.models.statistics import separation

# Share of a term's variation, or of its size, below which what effects leave of it is rounding.
IMPLIED, ROUNDING = 1e-7, 1e-13
# Columns up to which the rank of the whole design is worked out.
SMALL = 400


@dataclass(frozen=True)
class Rows:
    """What is estimated on, and what was left out."""

    table: pd.DataFrame
    """Outcome, terms, effects, cluster; a fresh index, ``labels`` in the caller's table."""
    labels: np.ndarray
    missing: int
    zeros_left_out: int
    without_information: int
    separated: tuple[object, ...]
    """Labels of rows left out because terms tell them apart from all rows with flows."""
    separating: tuple[str, ...]
    """Terms of which no finite estimate exists: without the separated rows nothing tells them."""


def prepare(
    table: pd.DataFrame,
    outcome: str,
    terms: Sequence[str],
    effects: Sequence[str],
    method: str,
    cluster: str | None,
    intercept: bool = True,
) -> Rows:
    """Return the rows to estimate on.

    Raises
    ------
    BadInput
        With a missing or doubled column, a figure that is no number or infinite, a negative flow,
        no row or no flow, one cluster only, no term that varies within the fixed effects, or as
        many coefficients as rows.
    """
    used = list(dict.fromkeys([outcome, *terms, *effects, *filter(None, [cluster])]))
    _check(table, used, outcome, terms, effects, method)
    full = table[used].assign(**{n: table[n].astype(float) for n in (outcome, *terms)})
    there = full.notna().all(axis=1).to_numpy()
    rows, labels = full[there], table.index.to_numpy()[there]
    missing, zeros = len(full) - len(rows), 0
    if method == "log-ols":
        positive = (rows[outcome] > 0).to_numpy()
        zeros = int((~positive).sum())
        rows, labels = rows[positive], labels[positive]
        rows = rows.assign(**{outcome: np.log(rows[outcome])})
    rows = rows.reset_index(drop=True)
    if method == "ppml" and len(rows) and not (rows[outcome] > 0).any():
        raise BadInput(f"column {outcome!r} has no flow above nil", why="nothing to explain")
    kept = _in_company(rows, effects)
    told, names = np.zeros(len(rows), dtype=bool), ()
    if method == "ppml" and kept.any():
        flat = _flat(rows[kept], outcome, effects, len(rows), kept)
        kept &= ~flat
        told, names = _separated(rows, outcome, terms, effects, intercept, kept)
    silent = len(rows) - int(kept.sum())
    kept &= ~told
    left = rows[kept].reset_index(drop=True)
    _estimable(left, terms, effects, cluster, intercept)
    return Rows(left, labels[kept], missing, zeros, silent, tuple(labels[told]), names)


def _check(
    table: pd.DataFrame,
    used: list[str],
    outcome: str,
    terms: Sequence[str],
    effects: Sequence[str],
    method: str,
) -> None:
    has_columns(table, used)
    odd = [name for name in used if not name.isidentifier()]
    if odd:
        raise BadInput(f"column {odd[0]!r} cannot stand in a formula", fix="rename it")
    if not terms:
        raise BadInput("no term to estimate", fix="name columns that explain the flow")
    asked = [outcome, *terms, *effects]
    twice = sorted({name for name in asked if asked.count(name) > 1})
    if twice:
        raise BadInput(f"column {twice[0]!r} is asked for twice", fix="name it once")
    for name in (outcome, *terms):
        if not pd.api.types.is_numeric_dtype(table[name]):
            raise BadInput(
                f"column {name!r} is no number", fix="make indicators of it: pandas.get_dummies"
            )
        known = table[name].dropna()
        if np.isinf(known.to_numpy(float)).any():
            at = known.index[np.isinf(known.to_numpy(float))]
            raise BadInput(f"column {name!r} is infinite in rows {_named(at)}", fix="mend them")
    if method != "ols" and (table[outcome] < 0).any():
        at = table.index[(table[outcome] < 0).to_numpy()]
        raise BadInput(
            f"column {outcome!r} has negative flows in rows {_named(at)}", fix="leave them out"
        )


def has_columns(table: pd.DataFrame, needed: Sequence[str]) -> None:
    """Require columns of a table; ``BadInput`` names those that are not there or stand twice."""
    absent = [name for name in needed if name not in table]
    if absent:
        raise BadInput(
            f"the table has no column {', '.join(map(repr, absent))}",
            fix=f"it has {', '.join(map(str, table.columns))}",
        )
    double = [name for name in needed if (table.columns == name).sum() > 1]
    if double:
        raise BadInput(f"the table has two columns {double[0]!r}", fix="rename one")


def _named(labels: pd.Index | Sequence[object]) -> str:
    more = len(labels) - require.NAMED
    return ", ".join(map(str, labels[: require.NAMED])) + (f" and {more} more" if more > 0 else "")


def _in_company(rows: pd.DataFrame, effects: Sequence[str]) -> Bool[np.ndarray, " N"]:
    """Rows that share every fixed effect with another row that stays."""
    kept = np.ones(len(rows), dtype=bool)
    codes = [pd.factorize(rows[name])[0] for name in effects]
    before = -1
    while int(kept.sum()) != before:
        before = int(kept.sum())
        for code in codes:
            counts = np.bincount(code[kept], minlength=int(code.max(initial=0)) + 1)
            kept &= counts[code] > 1
    return kept


def _flat(
    rows: pd.DataFrame,
    outcome: str,
    effects: Sequence[str],
    count: int,
    kept: Bool[np.ndarray, " N"],
) -> Bool[np.ndarray, " N"]:
    """Rows whose fixed effect has no flow at all."""
    flat = np.zeros(count, dtype=bool)
    for name in effects:
        flat[kept] |= (rows.groupby(name)[outcome].transform("max") == 0).to_numpy()
    return flat


def _separated(
    rows: pd.DataFrame,
    outcome: str,
    terms: Sequence[str],
    effects: Sequence[str],
    intercept: bool,
    kept: Bool[np.ndarray, " N"],
) -> tuple[Bool[np.ndarray, " N"], tuple[str, ...]]:
    """Separated rows among those kept, and the terms that separate them."""
    told = np.zeros(len(rows), dtype=bool)
    here = rows[kept]
    design = _design(here, terms, effects, intercept)
    told[kept] = separation.poisson(design, here[outcome].to_numpy(float))
    if not told.any():
        return told, ()
    before, after = (
        set(implied(rows[mask], terms, effects, intercept)) for mask in (kept, kept & ~told)
    )
    return told, tuple(name for name in terms if name in after - before)


def _groups(rows: pd.DataFrame, effects: Sequence[str], intercept: bool) -> separation.Sparse:
    """Dummies of the effects; where there are none the constant, if one is meant."""
    parts = [separation.dummies(pd.factorize(rows[name])[0]) for name in effects]
    if not effects:
        parts.append(sparse.csr_array(np.ones((len(rows), 1)) * float(intercept)))
    return sparse.csr_array(sparse.hstack(parts))


def _design(
    rows: pd.DataFrame, terms: Sequence[str], effects: Sequence[str], intercept: bool
) -> separation.Sparse:
    own = sparse.csr_array(rows[list(terms)].to_numpy(float))
    return sparse.csr_array(sparse.hstack([own, _groups(rows, effects, intercept)]))


def implied(
    rows: pd.DataFrame, terms: Sequence[str], effects: Sequence[str], intercept: bool = True
) -> tuple[str, ...]:
    """Return the terms that earlier ones and the effects imply, whatever the units of any."""
    groups = _groups(rows, effects, intercept)
    found, basis = [], np.empty((len(rows), 0))
    for name in terms:
        value = rows[name].to_numpy(float)
        most = float(np.abs(value).max(initial=0.0))
        value = value / most if most > 0 else value
        centred = value - value.mean() if intercept or effects else value
        left = centred - groups @ lsmr(groups, centred, atol=1e-13, btol=1e-13, maxiter=5000)[0]
        for _ in range(2):
            left = left - basis @ (basis.T @ left)
        length, size = float(np.linalg.norm(left)), float(np.linalg.norm(value))
        if length <= max(IMPLIED * float(np.linalg.norm(centred)), ROUNDING * size):
            found.append(name)
        else:
            basis = np.column_stack([basis, left / length])
    return tuple(found)


def _estimable(
    rows: pd.DataFrame,
    terms: Sequence[str],
    effects: Sequence[str],
    cluster: str | None,
    intercept: bool,
) -> None:
    """Refuse what leaves a regression nothing to estimate from."""
    if not len(rows):
        raise BadInput(
            "no row is left to estimate from",
            why="figures are missing, or every row is alone in a fixed effect or without a flow",
        )
    if cluster and rows[cluster].nunique() < 2:
        raise BadInput(f"one cluster only in {cluster!r}", why="nothing to compare it with")
    if len(implied(rows, terms, effects, intercept)) == len(terms):
        raise BadInput(
            f"no term varies within the fixed effects: {', '.join(terms)}",
            why="the effects imply them in the rows that are left",
            fix="take fewer effects or other terms",
        )
    design = _design(rows, terms, effects, intercept)
    if min(design.shape) <= SMALL:
        rank = int(np.linalg.matrix_rank(_unit(design)))
        if rank >= len(rows):
            raise BadInput(
                f"{rank} coefficients for {len(rows)} rows",
                why="they would fit the rows exactly, whatever those say",
                fix="take more rows or fewer terms and effects",
            )


def _unit(design: separation.Sparse) -> Float[np.ndarray, "N K"]:
    dense = design.toarray()
    most = np.abs(dense).max(axis=0, initial=0.0)
    return dense / np.where(most > 0, most, 1.0)
