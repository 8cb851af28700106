"""Strategic and reduced-form models of challenges and how they end, on the panel of crises.

The strategic model is a game of three (``models.strategic_choice``): the challenger leaves the
status quo or not, foreseeing what the target does, who foresees what a protector does; logit with
agent error and a log-F(1, 1) prior.  The reduced form is a multinomial logit on all the same
columns with a ridge penalty of 1.  Both see columns in standard deviations, an unknown figure as
the mean.  What stands in whose utility was fixed before any score was seen and was not changed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.data.panel.keys import Table
from comity.evidence.panels.crisis_panel import KEY, OUTCOMES, PAIR
from comity.models.force import dyad_hazard
from comity.models.force.strategic_choice import Game, Prior, StrategicFit, fit, predict
from comity.models.statistics import multinomial_logit

PLAYERS = ("challenger", "target", "protector")
QUIET = ("quiet1", "quiet2", "quiet3")
STEADY = (
    "balance",
    "land",
    "water",
    "major1",
    "major2",
    "democracy1",
    "democracy2",
    "democracies",
    "pact",
    "record",
    "own",
    "shield",
    "patrons",
    "patron_major",
    "patron_democracy",
    "patron_torn",
    "neighbours",
)
COLUMNS = (*STEADY, *QUIET)
PENALTY = 1.0
GAME = Game(
    PLAYERS,
    OUTCOMES,
    {
        ("challenger", "status quo"): "~ 1 + balance + land + water + major1 + major2 + democracy1"
        " + democracies + pact + record + own + quiet1 + quiet2 + quiet3",
        ("challenger", "fights alone"): "~ 1 + balance",
        ("challenger", "joins"): "~ 1 + shield",
        ("target", "fights alone"): "~ 1 + balance + land + water + major2 + democracy2"
        " + democracies + record",
        ("target", "joins"): "~ 1",
        ("protector", "joins"): "~ 1 + shield + neighbours + patrons + patron_major"
        " + patron_democracy + patron_torn + land",
    },
    link="logit",
)


@dataclass(frozen=True)
class Scale:
    """What turns traits into columns, all from the rows of a fit.

    ``pairs`` and ``directed``: climatologies of disputes of a pair and of challenges by one of
    the other; ``longest``: the longest quiet (years) that was seen to end; ``mean`` and ``sd`` of
    ``COLUMNS``.
    """

    pairs: dyad_hazard.Climatology
    directed: dyad_hazard.Climatology
    longest: float
    mean: pd.Series
    sd: pd.Series


@dataclass(frozen=True)
class Models:
    """Both models fitted to the same rows; ``shares`` of the outcomes in them."""

    scale: Scale
    game: StrategicFit
    logit: multinomial_logit.MultinomialFit
    shares: Float[ndarray, " J"]


def records(rows: Table) -> pd.DataFrame:
    """Add what each pair's rows up to each year hold, that year included.

    ``onsets`` of disputes in the pair, ``challenges`` by state 1 of state 2, ``years`` of rows.
    """
    rows = rows.sort_values(KEY, kind="stable").reset_index(drop=True)
    pair = [rows["ccode1"], rows["ccode2"]]
    return rows.assign(
        onsets=rows["onset"].fillna(0.0).groupby(pair).cumsum(),
        challenges=(rows["outcome"] > 0).astype(float).groupby(pair).cumsum(),
        years=rows.groupby(PAIR).cumcount() + 1.0,
    )


def exposed(rows: Table) -> pd.DataFrame:
    """Return traits by the year before: covered rows with ``came``, the next year's outcome."""
    came = rows[[*KEY, "outcome"]].assign(year=rows["year"] - 1)
    return rows[rows["covered"] == 1].merge(came.rename(columns={"outcome": "came"}), on=KEY)


def scale_of(rows: Table, train: Table) -> Scale:
    """Return the scale of a fit to ``train``, rows of ``exposed``; ``rows`` with records."""
    last = rows.groupby(PAIR)[["onsets", "challenges", "years"]].last()
    length = last["years"].to_numpy(float)
    climates = [
        dyad_hazard.fit_climatology(last[name].to_numpy(float), length)
        for name in ("onsets", "challenges")
    ]
    longest = float(train["quiet"][train["came"] > 0].max())
    plain = Scale(
        climates[0], climates[1], longest, pd.Series(0.0, COLUMNS), pd.Series(1.0, COLUMNS)
    )
    known = columns(plain, train)
    raw = known.where(_known(train))
    sd = raw.std().where(raw.std() > 0, 1.0)
    return Scale(climates[0], climates[1], longest, raw.mean(), sd)


def columns(scale: Scale, rows: Table) -> pd.DataFrame:
    """Return ``COLUMNS`` in standard deviations, nil where a figure is unknown."""
    s = np.minimum(rows["quiet"].to_numpy(float), scale.longest) / dyad_hazard.DECADE
    made = {"quiet1": s, "quiet2": s**2, "quiet3": s**3}
    for name, climate, events in (
        ("record", scale.pairs, "onsets"),
        ("own", scale.directed, "challenges"),
    ):
        count, length = (rows[c].to_numpy(float) for c in (events, "years"))
        made[name] = np.log(dyad_hazard.climatological_rate(climate, count, length))
    raw = pd.DataFrame(
        {name: made[name] if name in made else rows[name] for name in COLUMNS}, index=rows.index
    )
    return ((raw - scale.mean) / scale.sd).where(_known(rows), 0.0)


def _known(rows: Table) -> pd.DataFrame:
    """Tell which columns of each row are known; those that are made always are."""
    there = {name: np.isfinite(rows[name]) if name in rows else True for name in COLUMNS}
    return pd.DataFrame(there, index=rows.index)


def train(rows: Table) -> Models:
    """Fit both models to the rows of the panel that are given, all years."""
    rows = records(rows)
    known = exposed(rows)
    scale = scale_of(rows, known)
    z = columns(scale, known)
    came = known["came"].to_numpy(np.int64)
    named = z.assign(outcome=np.array(OUTCOMES)[came])
    game = fit(GAME, named, prior=Prior("log-f"), starts=("backward induction",), outward=False)
    penalty = np.full(len(COLUMNS) + 1, PENALTY)
    penalty[0] = 0.0
    logit = multinomial_logit.fit(with_constant(z), came, len(OUTCOMES), penalty)
    shares = np.bincount(came, minlength=len(OUTCOMES)) / len(came)
    return Models(scale, game, logit, shares)


def with_constant(z: Table) -> Float[ndarray, "N K"]:
    """Return the columns with ones before them."""
    return np.column_stack([np.ones(len(z)), z.to_numpy(float)])


def strategic(models: Models, rows: Table) -> Float[ndarray, "N J"]:
    """Return the chance of each outcome by the game."""
    return predict(models.game, columns(models.scale, rows)).to_numpy()


def reduced(models: Models, rows: Table) -> Float[ndarray, "N J"]:
    """Return the chance of each outcome by the multinomial logit."""
    return multinomial_logit.chances(models.logit, with_constant(columns(models.scale, rows)))
