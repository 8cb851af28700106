"""Strategic choice: utilities estimated from who did what, where each thought of the other's move.

Maximum likelihood for the games of ``strategic_game`` (signorino1999strategic,
signorino2003structure): log L = sum over rows of the log probability of the outcome reached.
Gradient and Hessian are exact.  Starts: statistical backward induction, the last mover first on
the rows that reach its move, then the one before with the later choices as estimated
(bas2008statistical); and zero, for the likelihood has more than one maximum and where a start
ends is part of the answer.  Every start is reported; no start is best on all data.
Where a column separates the outcomes, the estimate runs to infinity: a warning names it,
``converged`` is false, the table is marked, and the estimate under a log-F prior, which is finite
and less biased in small samples, stands beside it (greenland2015penalization, gelman2008weakly,
crismancox2023separation).
Do not trust it where the order of moves or what players know is otherwise than assumed: a player
who learns from moves (signalling) is not here.  Standard errors take rows as independent;
``clustered`` does not.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Array, Float, Int

from comity.core.errors import BadInput, EstimateWarning
from comity.models.force.strategic_game import Design, Game, design, play, slopes, utilities
from comity.models.force.strategic_likelihood import (
    TOLERANCE,
    Attempt,
    Prior,
    Problem,
    backward,
    climb,
    curvature,
    inverse,
    log_likelihood,
    scores,
    units,
)
from comity.models.force.strategic_separation import separated

__all__ = [
    "Attempt",
    "Game",
    "Prior",
    "StrategicFit",
    "clustered",
    "fit",
    "marginal_effects",
    "predict",
]

Start = Literal["backward induction", "zero"]
STARTS: tuple[Start, ...] = ("backward induction", "zero")
# Starts whose log-likelihoods are nearer than this ended at the same maximum.
SAME = 1e-4
# Standard error, in units of the players' noise per standard column, that says that rows tell
# nothing of a coefficient: it is on its way to infinity.
UNKNOWN = 100.0
# A coefficient has run where the likelihood has no bound: this many times the estimate, or units.
RAN = 10.0
# A last start is this many times the estimate: where outcomes are separated it climbs on from
# there, else it comes back.
FAR = 20.0


@dataclass(frozen=True)
class StrategicFit:
    """A fitted game.

    ``names``, ``coefficients`` (C,) and ``covariance`` (C, C) from the inverse (penalised)
    information; ``log_likelihood`` without the prior, ``objective`` with it; ``dropped`` rows
    for a missing figure; ``attempts``, one a start.  ``converged``: the estimate is a maximum, no
    coefficient has run off to where the rows tell nothing of it, and no start ended higher.
    ``separated``: names of those that run to infinity; ``penalised``: where any does, the estimate
    under a log-F prior.
    """

    game: Game
    names: tuple[str, ...]
    coefficients: Float[np.ndarray, " C"]
    covariance: Float[np.ndarray, "C C"]
    log_likelihood: float
    objective: float
    observations: int
    dropped: int
    residual: float
    converged: bool
    attempts: tuple[Attempt, ...]
    separated: tuple[str, ...] = ()
    penalised: StrategicFit | None = None

    @property
    def standard_errors(self) -> Float[np.ndarray, " C"]:
        """Square roots of the diagonal of the covariance."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def aic(self) -> float:
        """Twice the coefficients less twice the log-likelihood."""
        return 2.0 * (len(self.names) - self.log_likelihood)

    @property
    def false_optima(self) -> tuple[Attempt, ...]:
        """Starts that ended below the estimate."""
        return tuple(a for a in self.attempts if not a.objective > self.objective - SAME)

    @property
    def higher(self) -> tuple[Attempt, ...]:
        """Starts that ended above the estimate without a maximum: the likelihood has no bound."""
        return tuple(a for a in self.attempts if a.objective > self.objective + SAME)

    def __getitem__(self, name: str) -> float:
        """Coefficient by name, ``player(outcome):term``."""
        return float(self.coefficients[self.names.index(name)])

    def table(self) -> pd.DataFrame:
        """Return coefficients, standard errors, z values and a note, by name.

        Where the estimate did not converge, z is missing and the note says why.
        """
        se = self.standard_errors
        columns = {"coefficient": self.coefficients, "standard_error": se}
        z = self.coefficients / se if self.converged else np.full(len(se), np.nan)
        note = "" if self.converged else "not converged"
        notes = ["runs to infinity" if name in self.separated else note for name in self.names]
        return pd.DataFrame(columns | {"z": z, "note": notes}, index=list(self.names))


def fit(
    game: Game,
    frame: pd.DataFrame,
    outcome: str = "outcome",
    prior: Prior | None = None,
    starts: tuple[Start, ...] = STARTS,
    scattered: int = 0,
    seed: int = 1,
    outward: bool = True,
) -> StrategicFit:
    """Estimate a game from the outcomes that were reached.

    Parameters
    ----------
    game
        Its utilities; at least one has a formula.
    frame
        A row a case.  Rows with a missing figure are dropped.
    outcome
        Column with the outcome of each case, one of ``game.outcomes``.
    prior
        None for maximum likelihood.
    starts
        Where to start, once at least; the highest maximum is the estimate.
    scattered, seed
        Further starts, drawn from standard normals in the units of the columns.
    outward
        Whether a last start lies far out beyond the estimate, to see whether the likelihood has
        a bound.  With a prior on every coefficient it has.

    Raises
    ------
    BadInput
        When a column is not there or is no number, an outcome is not in the game or never
        reached, or there is nothing to estimate.

    Warns
    -----
    EstimateWarning
        When columns tell outcomes apart, so that coefficients run to infinity; it names them and
        gives their estimates under a log-F prior.

    Examples
    --------
    >>> crisis = Game(
    ...     players=("challenger", "target"),
    ...     outcomes=("status quo", "yields", "war"),
    ...     utilities={
    ...         ("challenger", "status quo"): "~ 1 + similarity",
    ...         ("challenger", "war"): "~ 1 + balance",
    ...         ("target", "war"): "~ 1 + balance",
    ...     },
    ... )  # doctest: +SKIP
    >>> fit(crisis, frame, prior=Prior("log-f")).table()  # doctest: +SKIP
    """
    rows, chosen = _observed(game, frame, outcome)
    on = design(game, rows)
    weights = np.zeros(len(game.names)) if prior is None else prior.weights(game)
    kind = "none" if prior is None else prior.kind
    problem = Problem(on, jnp.asarray(chosen), jnp.asarray(weights), kind, game.link, game.errors)
    begin = {start: _begin(start, problem, game) for start in starts}
    draws = np.random.default_rng(seed).normal(size=(scattered, len(weights)))
    begin |= {f"scattered {i + 1}": b / units(problem) for i, b in enumerate(draws)}
    attempts = tuple(climb(problem, start, b) for start, b in begin.items())
    if outward:
        far = FAR * _highest(attempts).coefficients
        attempts = (*attempts, climb(problem, "far out", far))
    found = _judged(game, problem, attempts, len(rows), len(frame) - len(rows))
    if found.separated and prior is None:
        other = fit(game, frame, outcome, Prior("log-f"), starts, outward=False)
        found = replace(found, penalised=other)
        _warn(found, other)
    return found


def _judged(
    game: Game, problem: Problem, attempts: tuple[Attempt, ...], rows: int, dropped: int
) -> StrategicFit:
    """The highest maximum, and whether it is an estimate."""
    best = _highest(attempts)
    unbounded = any(a.objective > best.objective + SAME for a in attempts)
    b = jnp.asarray(best.coefficients)
    covariance = inverse(curvature(b, problem))
    spread = np.sqrt(np.diag(covariance)) * units(problem)
    known = bool((spread < UNKNOWN).all())
    told = separated(problem, game)
    off = {name for name, s in zip(game.names, spread, strict=True) if s >= UNKNOWN}
    if unbounded:
        highest = max(attempts, key=lambda a: a.objective)
        least = np.maximum(np.abs(best.coefficients), 1.0 / units(problem))
        ran = np.abs(highest.coefficients) > RAN * least
        off |= {name for name, r in zip(game.names, ran, strict=True) if r}
    if told.surely or off or unbounded:
        off |= set(told.names)
    return StrategicFit(
        game=game,
        names=game.names,
        coefficients=best.coefficients,
        covariance=covariance,
        log_likelihood=float(log_likelihood(b, problem)),
        objective=best.objective,
        observations=rows,
        dropped=dropped,
        residual=best.residual,
        converged=best.residual <= TOLERANCE and known and not unbounded and not told.surely,
        attempts=attempts,
        separated=tuple(name for name in game.names if name in off),
    )


def _warn(found: StrategicFit, other: StrategicFit) -> None:
    """Say which coefficients run to infinity, and what they are under a prior."""
    error = dict(zip(other.names, other.standard_errors, strict=True))
    beside = ", ".join(f"{name} {other[name]:.3g} ({error[name]:.2g})" for name in found.separated)
    warnings.warn(
        f"columns tell outcomes apart: {', '.join(found.separated)} run to infinity, and neither "
        "they nor their errors mean anything. Under a log-F prior (`penalised`, or "
        f'fit(..., prior=Prior("log-f"))): {beside}',
        EstimateWarning,
        stacklevel=3,
    )


def clustered(
    found: StrategicFit, frame: pd.DataFrame, groups: str, outcome: str = "outcome"
) -> Float[np.ndarray, "C C"]:
    """Return the covariance of the coefficients when rows of one group are dependent.

    A^-1 (sum over groups of s_g s_g') A^-1 G / (G - 1), with s_g the score of a group's rows and
    A the (penalised) information (liang1986longitudinal).

    Parameters
    ----------
    found
        A fitted game.
    frame
        The rows it was fitted on.
    groups
        Column with the group of each row; two groups at least.
    outcome
        As in :func:`fit`.

    Raises
    ------
    BadInput
        As :func:`fit`; and when there is one group only.
    """
    rows, chosen = _observed(found.game, frame, outcome)
    none = jnp.zeros(len(found.names))
    parts = (design(found.game, rows), jnp.asarray(chosen), none, "none")
    problem = Problem(*parts, found.game.link, found.game.errors)
    slot = pd.factorize(rows[groups])[0]
    count = int(slot.max()) + 1
    if count < 2:
        raise BadInput(f"one group only in {groups!r}", why="nothing to compare it with")
    score = np.zeros((count, len(found.names)))
    np.add.at(score, slot, np.asarray(scores(jnp.asarray(found.coefficients), problem)))
    return found.covariance @ (score.T @ score) @ found.covariance * count / (count - 1)


def predict(found: StrategicFit, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the probability of each outcome in each row of ``frame``.

    Raises
    ------
    BadInput
        When a column is not there, is no number, or has missing values.
    """
    on = design(found.game, frame)
    chances = _chances(jnp.asarray(found.coefficients), on, found.game)
    return pd.DataFrame(np.asarray(chances), index=frame.index, columns=list(found.game.outcomes))


def marginal_effects(
    found: StrategicFit,
    frame: pd.DataFrame,
    column: str,
    between: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Return what ``column`` does to the probability of each outcome, averaged over rows.

    Parameters
    ----------
    found
        A fitted game.
    frame
        The rows to average over, without missing values.
    column
        A column of the formulas; it acts through every utility in which it stands.
    between
        Two values: the change of probability from the first to the second.  When ``None``, the
        derivative at the values in the frame.

    Returns
    -------
    pandas.DataFrame
        ``effect`` and ``standard_error`` (delta method), by outcome; effects add to zero.
    """
    game = found.game
    slope = jnp.asarray(slopes(game, frame, column))
    if between is None:
        on = design(game, frame)

        def effect(b: Float[Array, " C"]) -> Float[Array, " J"]:
            def along(terms: Float[Array, "N C"]) -> Float[Array, "N J"]:
                return _chances(b, eqx.tree_at(lambda d: d.terms, on, terms), game)

            return jax.jvp(along, (on.terms,), (slope,))[1].mean(0)

    else:
        low, high = (design(game, frame.assign(**{column: value})) for value in between)

        def effect(b: Float[Array, " C"]) -> Float[Array, " J"]:
            return (_chances(b, high, game) - _chances(b, low, game)).mean(0)

    at = jnp.asarray(found.coefficients)
    jacobian = np.asarray(jax.jacfwd(effect)(at))
    variance = np.einsum("jc,cd,jd->j", jacobian, found.covariance, jacobian)
    columns = {"effect": np.asarray(effect(at)), "standard_error": np.sqrt(variance)}
    return pd.DataFrame(columns, index=list(game.outcomes))


def _highest(attempts: tuple[Attempt, ...]) -> Attempt:
    """The highest maximum reached; the highest end where no start reached a maximum."""
    maxima = [a for a in attempts if a.residual <= TOLERANCE]
    return max(maxima or attempts, key=lambda a: a.objective)


def _begin(start: Start, problem: Problem, game: Game) -> Float[np.ndarray, " C"]:
    return np.zeros(len(game.names)) if start == "zero" else backward(problem, game)


def _observed(
    game: Game, frame: pd.DataFrame, outcome: str
) -> tuple[pd.DataFrame, Int[np.ndarray, " N"]]:
    """Return the complete rows and the position of the outcome in each."""
    if not game.names:
        raise BadInput("nothing to estimate", why="every utility is a number", fix="see play()")
    lacking = [name for name in (outcome, *game.columns) if name not in frame.columns]
    if lacking:
        raise BadInput(f"no column {', '.join(lacking)}")
    rows = frame.dropna(subset=[outcome, *game.columns])
    chosen = pd.Index(game.outcomes).get_indexer(pd.Index(rows[outcome].astype(object)))
    if (chosen < 0).any():
        strange = sorted({str(v) for v in rows[outcome][chosen < 0]})
        raise BadInput(
            f"outcomes {', '.join(strange)} in column {outcome!r}",
            why=f"the game can end in {', '.join(game.outcomes)}",
        )
    never = [o for j, o in enumerate(game.outcomes) if not (chosen == j).any()]
    if never:
        raise BadInput(f"no row ends in {', '.join(never)}", why="its utility cannot be estimated")
    return rows, chosen.astype(np.int64)


def _chances(b: Float[Array, " C"], on: Design, game: Game) -> Float[Array, "N J"]:
    return play(*utilities(b, on), game.link, game.errors).outcomes
