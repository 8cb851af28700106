"""Games in which players move in turn, and what they choose when their utilities are noisy.

Player 1 ends the game in outcome 1 or moves on; then player 2 ends it in outcome 2 or moves on;
the last player picks between the last two outcomes.  Challenger and target is the game of two,
challenger, target and protector that of three.  Each knows the others' choice probabilities:

    P(k moves on) = F( (sum_j P(j | k moved on) U_kj - U_kk) / (sigma s) )

Agent error: each move has its own error, s = sqrt 2 for the probit and 1 for the logit, whose
equilibrium is the agent quantal response equilibrium with lambda = 1 / sigma
[signorino1999strategic, mckelvey1998quantal].  Private information: each player knows its own
utilities exactly and others see them with error, s = sqrt(1 + sum_j P(j | k moved on)^2)
[signorino2003structure].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jax import nn
from jax.scipy.special import log_ndtr, ndtr
from jaxtyping import Array, Float

from comity.core import require
from comity.core.errors import BadInput

CONSTANT = "constant"
SCALE = "log scale"


@dataclass(frozen=True)
class Game:
    """Who moves in turn, how it can end, and of what each utility is made.

    Parameters
    ----------
    players
        In the order of their moves.
    outcomes
        One more than players: player k ends the game in outcome k, the last player also in the
        last one.
    utilities
        By (player, outcome): a formula such as ``"~ 1 + balance + trade"`` (``0`` for no
        constant, ``a:b`` for a product), or a number where the utility is fixed.  Those that are
        not named are zero.
    log_scale
        Formula of log sigma; sigma is 1 where it is ``None``.
    link
        ``"probit"`` or ``"logit"``.
    errors
        ``"agent"`` error or ``"private"`` information (probit only).

    Raises
    ------
    BadInput
        When the parts do not fit, or coefficients could not be told apart: a term in the utility
        of every outcome that a player can still reach moves none of its choices.
    """

    players: tuple[str, ...]
    outcomes: tuple[str, ...]
    utilities: Mapping[tuple[str, str], str | float]
    log_scale: str | None = None
    link: Literal["probit", "logit"] = "probit"
    errors: Literal["agent", "private"] = "agent"

    def __post_init__(self) -> None:
        if not self.players or len(self.outcomes) != len(self.players) + 1:
            raise BadInput(
                f"{len(self.players)} players and {len(self.outcomes)} outcomes",
                why="every move can end the game, and the last move ends it either way",
                fix="name one outcome more than players",
            )
        if self.link == "logit" and self.errors == "private":
            raise BadInput(
                "private information with a logit",
                why="a weighted sum of extreme-value errors has no logistic distribution",
                fix='use link="probit", or errors="agent"',
            )
        for player, outcome in self.utilities:
            self._reachable(player, outcome)
        for player in self.players:
            self._identified(player)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients, ``player(outcome):term``, in order."""
        blocks = [f"{p}({o}):{t}" for p, o, terms in self._formulas() for t in terms]
        return (*blocks, *(f"{SCALE}:{t}" for t in self._scale_terms()))

    @property
    def terms(self) -> tuple[str, ...]:
        """The term of each coefficient."""
        return tuple(name.split("):", 1)[-1].removeprefix(f"{SCALE}:") for name in self.names)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the frame that the formulas read, in order of first use."""
        used = (part for term in self.terms if term != CONSTANT for part in term.split(":"))
        return tuple(dict.fromkeys(used))

    def slots(self) -> list[tuple[int, int]]:
        """Player and outcome of each coefficient, by position; (-1, -1) for those of the scale."""
        found = [
            (self.players.index(p), self.outcomes.index(o))
            for p, o, terms in self._formulas()
            for _ in terms
        ]
        return found + [(-1, -1)] * len(self._scale_terms())

    def fixed(self) -> Float[np.ndarray, "K J"]:
        """Utilities that are numbers, by player and outcome; zero elsewhere."""
        found = np.zeros((len(self.players), len(self.outcomes)))
        for (player, outcome), value in self.utilities.items():
            if not isinstance(value, str):
                found[self.players.index(player), self.outcomes.index(outcome)] = value
        return found

    def _formulas(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Utilities with coefficients, players first, then outcomes."""
        for player in self.players:
            for outcome in self.outcomes:
                formula = self.utilities.get((player, outcome), 0.0)
                if isinstance(formula, str):
                    yield player, outcome, parse(formula)

    def _scale_terms(self) -> tuple[str, ...]:
        return () if self.log_scale is None else parse(self.log_scale)

    def _reachable(self, player: str, outcome: str) -> None:
        if player not in self.players or outcome not in self.outcomes:
            raise BadInput(
                f"a utility of {player!r} for {outcome!r}",
                why=f"players are {', '.join(self.players)}; outcomes {', '.join(self.outcomes)}",
            )
        if self.outcomes.index(outcome) < self.players.index(player):
            raise BadInput(
                f"a utility of {player!r} for {outcome!r}",
                why="the game has ended there before that player moves",
                fix="leave it out",
            )

    def _identified(self, player: str) -> None:
        open_ = self.outcomes[self.players.index(player) :]
        given = [self.utilities.get((player, outcome), 0.0) for outcome in open_]
        terms = [set(parse(u)) if isinstance(u, str) else set() for u in given]
        both = set.intersection(*terms)
        if both:
            raise BadInput(
                f"{', '.join(sorted(both))} in every utility of {player!r}",
                why="what adds the same to all outcomes moves no choice",
                fix="leave it out of one of them",
            )


class Design(eqx.Module):
    """A game on data: ``terms`` (N, C), the value of each coefficient's term in each row;
    ``place`` (C, K, J), one where a coefficient enters a utility; ``in_scale`` (C,), one where
    it enters log sigma; ``fixed`` (K, J), utilities that are given.
    """

    terms: Float[Array, "N C"]
    place: Float[Array, "C K J"]
    in_scale: Float[Array, " C"]
    fixed: Float[Array, "K J"]


class Play(eqx.Module):
    """What the players do.

    ``index`` (N, K): the argument of F at each move; ``outcomes`` (N, K + 1): the probability of
    each outcome.
    """

    index: Float[Array, "N K"]
    outcomes: Float[Array, "N J"]


def parse(formula: str) -> tuple[str, ...]:
    """Return the terms of a formula such as ``"~ 1 + a + a:b"``; the constant is ``"constant"``.

    As in R a constant is meant unless ``0`` or ``- 1`` takes it out.

    Raises
    ------
    BadInput
        When the formula does not begin with ``~``, or a term is empty or stands twice.
    """
    left, tilde, right = formula.partition("~")
    if left.strip() or not tilde:
        raise BadInput(f"formula {formula!r}", why="it must begin with ~", fix='as in "~ 1 + x"')
    signed = right.replace("-", "+-").split("+")
    parts = [part.strip().replace(" ", "") for part in signed if part.strip()]
    named = [part for part in parts if part not in ("0", "1", "-1", "-0")]
    wrong = [part for part in named if part.startswith("-") or "" in part.split(":")]
    if wrong or not parts or len(set(named)) < len(named):
        raise BadInput(
            f"formula {formula!r}", why="terms are names or products a:b, each once, joined by +"
        )
    bare = "0" in parts or "-1" in parts
    return tuple(named) if bare else (CONSTANT, *named)


def log_chance(index: Float[Array, "..."], link: str) -> Float[Array, "..."]:
    """Log F, with F the standard normal (``"probit"``) or logistic distribution function."""
    return log_ndtr(index) if link == "probit" else nn.log_sigmoid(index)


def _chance(index: Float[Array, "..."], link: str) -> Float[Array, "..."]:
    return ndtr(index) if link == "probit" else nn.sigmoid(index)


def play(
    utility: Float[Array, "N K J"],
    scale: Float[Array, " N"],
    link: str = "probit",
    errors: str = "agent",
) -> Play:
    """Solve the game by backward induction.

    Parameters
    ----------
    utility
        Of each player for each outcome; entries for outcomes before a player's move are unused.
    scale
        Sigma of each row; 1 / lambda of the agent quantal response equilibrium for the logit.
    link, errors
        As in :class:`Game`.

    Raises
    ------
    BadInput
        When a utility is not finite, a scale not positive, or a link or kind of error not known.
    """
    require.finite("a utility", utility)
    require.positive("the scale", scale)
    if link not in ("probit", "logit") or errors not in ("agent", "private"):
        raise BadInput(f"link {link!r} and errors {errors!r}", fix="see Game")
    ahead = jnp.ones((utility.shape[0], 1), utility.dtype)
    found = []
    for k in reversed(range(utility.shape[1])):
        expected = (ahead * utility[:, k, k + 1 :]).sum(-1)
        if errors == "private":
            spread = jnp.sqrt(1.0 + (ahead**2).sum(-1))
        else:
            spread = jnp.asarray(np.sqrt(2.0) if link == "probit" else 1.0)
        index = (expected - utility[:, k, k]) / (scale * spread)
        ends, goes_on = (_chance(z, link)[:, None] for z in (-index, index))
        ahead = jnp.concatenate([ends, goes_on * ahead], axis=1)
        found.append(index)
    return Play(jnp.stack(found[::-1], axis=1), ahead)


def design(game: Game, frame: pd.DataFrame) -> Design:
    """Put a game on the rows of a frame.

    Raises
    ------
    BadInput
        When a column is not there, is no number, or has missing values.
    """
    columns = _columns(game, frame)
    terms = [_product(term, columns, len(frame)) for term in game.terms]
    slots = game.slots()
    place = np.zeros((len(slots), len(game.players), len(game.outcomes)))
    for c, (player, outcome) in enumerate(slots):
        if player >= 0:
            place[c, player, outcome] = 1.0
    return Design(
        jnp.asarray(np.array(terms).reshape(len(slots), len(frame)).T),
        jnp.asarray(place),
        jnp.asarray([float(player < 0) for player, _ in slots]),
        jnp.asarray(game.fixed()),
    )


def slopes(game: Game, frame: pd.DataFrame, column: str) -> Float[np.ndarray, "N C"]:
    """Return the derivative of each coefficient's term with respect to ``column``.

    Raises
    ------
    BadInput
        When no formula has that column.
    """
    if column not in game.columns:
        raise BadInput(f"{column!r} is in no formula", why=f"those are {', '.join(game.columns)}")
    columns = _columns(game, frame)
    found = np.zeros((len(game.terms), len(frame)))
    for c, term in enumerate(game.terms):
        parts = term.split(":")
        for i in [i for i, part in enumerate(parts) if part == column]:
            rest = ":".join(parts[:i] + parts[i + 1 :]) or CONSTANT
            found[c] += _product(rest, columns, len(frame))
    return found.T


def utilities(
    coefficients: Float[Array, " C"], on: Design
) -> tuple[Float[Array, "N K J"], Float[Array, " N"]]:
    """Return every player's utility of every outcome, and sigma."""
    value = jnp.tensordot(on.terms, coefficients[:, None, None] * on.place, axes=1) + on.fixed
    return value, jnp.exp(on.terms @ (on.in_scale * coefficients))


def _columns(game: Game, frame: pd.DataFrame) -> dict[str, np.ndarray]:
    missing = [name for name in game.columns if name not in frame.columns]
    if missing:
        raise BadInput(
            f"no column {', '.join(missing)}", why=f"the frame has {', '.join(map(str, frame))}"
        )
    words = [c for c in game.columns if not pd.api.types.is_numeric_dtype(frame[c])]
    if words:
        raise BadInput(
            f"{', '.join(words)} not numeric", fix="make indicators of it: pandas.get_dummies"
        )
    holes = [c for c in game.columns if frame[c].isna().any()]
    if holes:
        raise BadInput(f"missing values in {', '.join(holes)}", fix="drop those rows")
    for name in game.columns:
        require.finite(f"column {name!r}", frame[name].to_numpy(float))
    return {name: frame[name].to_numpy(float) for name in game.columns}


def _product(term: str, columns: Mapping[str, np.ndarray], rows: int) -> Float[np.ndarray, " N"]:
    value = np.ones(rows)
    for part in term.split(":") if term != CONSTANT else ():
        value = value * columns[part]
    return value
