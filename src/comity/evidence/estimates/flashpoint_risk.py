"""Yearly chance of a challenge at each flashpoint: the hazard of dispute onset, pair by pair.

The hazard is that of ``hindcasts.dispute_onset``, whose forecasts are scored
(docs/replications/hindcasts.md), fitted to the last year of the disputes (2010); a flashpoint's
chance is the mean over the ten years after it, times the share of the pair's disputes since 1946
that the challenger began, (begun + 1/2) / (all + 1).  Pairs that are neither contiguous nor hold
a major power (Iran and Israel) get their own record instead, shrunk to that of all pairs.
A challenge is a militarized dispute: a threat, display or use of force; few become wars.

How grave such a challenge is differs by pair as well: of the challenges since 1946 that were
resisted alone, the share that became wars, shrunk to that of all pairs (beta-binomial); what ships
is the difference in log-odds from that of all, which is the number ``crises.escalation``.

Interval: pairs resampled for the error of the fit, and the error that past fits made in the level
of the ten years after them, which is the larger part.  What happened after 2010 is in no number.
``python -m comity.evidence.estimates.flashpoint_risk`` writes
``snapshot/flashpoint_risk.csv``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray
from scipy import stats
from scipy.special import expit, logit

from comity.data.build.build import folder
from comity.data.sources.source import load
from comity.evidence.estimates import Figures
from comity.evidence.hindcasts import dispute_onset
from comity.evidence.panels import crisis_panel
from comity.evidence.panels.dyads import PAIR
from comity.models.force import dyad_hazard
from comity.registry.flashpoints import Flashpoint, flashpoints
from comity.registry.states import convert

WINDOWS = (1960, 1970, 1980, 1990, 2000)
YEARS = 10
RESAMPLES = 100
SEED = 1
Z90 = 1.6448536269514722
COLUMNS = (
    "flashpoint",
    "challenger",
    "target",
    "protectors",
    "under_way",
    "chance",
    "low",
    "high",
    "log_odds_sd",
    "disputes",
    "begun",
    "method",
    "last_year",
    "resisted",
    "wars",
    "escalation",
)
Pair = tuple[int, int]


@dataclass(frozen=True)
class Risk:
    """Chance a year of an onset in a pair, its standard error in log-odds, and where it is from."""

    chance: float
    log_odds_sd: float
    method: str


def code(state: str, year: int) -> int:
    """Correlates of War code of a state in a year."""
    return int(convert([state], "id", "cow", year)[0])


def pair_of(point: Flashpoint, year: int) -> Pair:
    """Codes of a flashpoint's two states, the lower first."""
    a, b = code(point.challenger, year), code(point.target, year)
    return min(a, b), max(a, b)


def chances(known: pd.DataFrame, penalty: float, pairs: Sequence[Pair]) -> dict[Pair, float]:
    """Mean chance a year over the ten years after ``known``, of the pairs relevant in its end."""
    found = dispute_onset.foresee(known, penalty, YEARS)
    mean = found.groupby(PAIR)["chance"].mean()
    return {pair: float(mean[pair]) for pair in pairs if pair in mean.index}


def level_error(known: pd.DataFrame, penalty: float, windows: Sequence[int] = WINDOWS) -> float:
    """Root mean square over windows of the log of onsets that came over onsets foreseen."""
    errors = []
    for window in windows:
        early = known[known["year"] <= window]
        seen = dispute_onset.foresee(early, penalty, YEARS).merge(
            known[[*PAIR, "year", "onset"]], on=[*PAIR, "year"]
        )
        errors.append(np.log(seen["onset"].sum() / seen["chance"].sum()))
    return float(np.sqrt(np.mean(np.square(errors))))


def level() -> Figures:
    """Return the error of the level of all chances; at the baseline the level is nil."""
    known = dispute_onset.panel()
    penalty = dispute_onset.choose_penalty(known, YEARS)
    return {"crises.level": {"sd": level_error(known, penalty)}}


def resampled(known: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Pairs drawn with replacement; a pair drawn again counts as another pair.

    The pairs of the last year are kept once as they are, so that they can be forecast.
    """
    here = known.groupby(PAIR, sort=False).indices
    names = list(here)
    drawn = rng.integers(0, len(names), len(names))
    places = [here[names[i]] for i in drawn]
    copy = np.repeat(np.arange(1, len(places) + 1), [len(p) for p in places])
    rows = known.iloc[np.concatenate(places)]
    return rows.assign(ccode2=rows["ccode2"].to_numpy() + 1000 * copy).sort_values(
        [*PAIR, "year"], ignore_index=True
    )


def fit_error(
    known: pd.DataFrame, penalty: float, pairs: Sequence[Pair], resamples: int = RESAMPLES
) -> dict[Pair, float]:
    """Standard deviation of each pair's log-odds over refits on resampled pairs."""
    rng = np.random.default_rng(SEED)
    last = known[known["year"] == known["year"].max()]
    record = dispute_onset.records(known)
    now = last.join(record, on=PAIR).set_index(PAIR).loc[list(pairs)]
    peace = np.where(now["ongoing"] == 1, 0.0, now["peace"] + 1.0)
    draws = []
    for _ in range(resamples):
        model, climate = dispute_onset.train(resampled(known, rng), penalty)
        rate = dyad_hazard.climatological_rate(
            climate, now["onsets"].to_numpy(), now["years"].to_numpy()
        )
        traits = np.column_stack([now[list(dispute_onset.TRAITS)].to_numpy(float), np.log(rate)])
        chance = dyad_hazard.forecast(model, traits, np.isfinite(traits), peace, YEARS)
        draws.append(logit(chance.mean(axis=1)))
    spread = np.std(np.array(draws), axis=0)
    return {pair: float(sd) for pair, sd in zip(pairs, spread, strict=True)}


def disputes(pair: Pair, since: int = dispute_onset.FIRST) -> pd.DataFrame:
    """Disputes that began between two states: a row each, with ``begun_by`` (code or 0)."""
    rows = load("gml_mid_directed_dyad_year")
    both = (
        rows["ccode1"].isin(pair) & rows["ccode2"].isin(pair) & (rows["ccode1"] != rows["ccode2"])
    )
    rows = rows[both & (rows["midonset"] == 1) & (rows["year"] >= since)]
    first = rows[(rows["sidea1"] == 1) & (rows["orig1"] == 1)].drop_duplicates("dispnum")
    begun_by = first.set_index("dispnum")["ccode1"]
    whole = rows.drop_duplicates("dispnum").set_index("dispnum")[["year", "hostlev", "recip"]]
    return whole.assign(begun_by=begun_by.reindex(whole.index).fillna(0).astype(int))


def share_begun(begun: int, every: int) -> float:
    """Share of a pair's disputes that one of them begins, with half a dispute added to each."""
    return (begun + 0.5) / (every + 1.0)


def from_record(known: pd.DataFrame, pair: Pair) -> Risk:
    """Risk of a pair outside the hazard: its onsets and years, shrunk to those of all pairs."""
    record = dispute_onset.records(known)
    fitted = dyad_hazard.fit_climatology(
        record["onsets"].to_numpy(float), record["years"].to_numpy(float)
    )
    found = disputes(pair)
    years = float(known["year"].max()) - dispute_onset.FIRST + 1.0
    a, b = fitted.a + len(found), fitted.b + years - len(found)
    low, high = logit(stats.beta.ppf([0.05, 0.95], a, b))
    return Risk(a / (a + b), float(high - low) / (2 * Z90), "pair's record")


def risks(known: pd.DataFrame, points: Sequence[Flashpoint], resamples: int) -> dict[Pair, Risk]:
    """Risk of every pair of states among the flashpoints."""
    last = int(known["year"].max())
    penalty = dispute_onset.choose_penalty(known, YEARS)
    pairs = sorted({pair_of(point, last) for point in points})
    chance = chances(known, penalty, pairs)
    spread = fit_error(known, penalty, list(chance), resamples)
    level = level_error(known, penalty)
    found = {
        pair: Risk(chance[pair], float(np.hypot(spread[pair], level)), "hazard") for pair in chance
    }
    return found | {pair: from_record(known, pair) for pair in pairs if pair not in chance}


def fought_alone() -> pd.DataFrame:
    """Challenges since 1946 resisted without help: ``size``, and wars (``sum``), by pair of states.

    One population for the chance of a war and for what pairs differ by: with and without an ally.
    """
    found = crisis_panel.challenges(crisis_panel.pledges())
    key = ["ccode1", "ccode2"]
    records = load("gml_mid_directed_dyad_year", ["dispnum", *key, "hostlev"])
    worst = records.groupby(["dispnum", *key])["hostlev"].max()
    found = found.assign(war=(found.join(worst, on=["dispute", *key])["hostlev"] == 5).astype(int))
    found = found[(found["resists"] == 1) & (found["joins"] != 1)]
    sides = pd.DataFrame({"low": found[key].min(axis=1), "high": found[key].max(axis=1)})
    return found["war"].groupby([sides["low"], sides["high"]]).agg(["size", "sum"]).astype(float)


def _shares(count: pd.DataFrame) -> dyad_hazard.Climatology:
    return dyad_hazard.fit_climatology(count["sum"].to_numpy(), count["size"].to_numpy())


def wars_alone() -> Figures:
    """Return the mean over pairs of the share of challenges resisted alone that became wars."""
    fitted = _shares(fought_alone())
    return {"crises.escalation": {"value": fitted.a / (fitted.a + fitted.b)}}


def gravity(pairs: Sequence[Pair]) -> dict[Pair, tuple[int, int, float]]:
    """Challenges resisted alone, wars among them, and the pair's log-odds of a war less all's."""
    count = fought_alone()
    fitted = _shares(count)
    every = logit(fitted.a / (fitted.a + fitted.b))
    known = dict(zip(count.index, count.to_numpy(), strict=True))
    made = {}
    for pair in pairs:
        size, wars = known.get(pair, (0.0, 0.0))
        own = (fitted.a + wars) / (fitted.a + fitted.b + size)
        made[pair] = (int(size), int(wars), float(logit(own) - every))
    return made


def interval(chance: Float[ndarray, " F"], sd: Float[ndarray, " F"]) -> tuple[ndarray, ndarray]:
    """90 % interval of chances whose log-odds are normal; shapes (F,)."""
    middle = logit(chance)
    return expit(middle - Z90 * sd), expit(middle + Z90 * sd)


def table(points: Sequence[Flashpoint] | None = None, resamples: int = RESAMPLES) -> pd.DataFrame:
    """One row a flashpoint: roles, chance of a challenge a year with its interval, the record."""
    points = flashpoints() if points is None else points
    known = dispute_onset.panel()
    last = int(known["year"].max())
    found = risks(known, points, resamples)
    grave = gravity(sorted(found))
    rows = []
    for point in points:
        pair = pair_of(point, last)
        past, risk = disputes(pair), found[pair]
        begun = int((past["begun_by"] == code(point.challenger, last)).sum())
        share = share_begun(begun, len(past))
        rows.append(
            {
                "flashpoint": point.name,
                "challenger": point.challenger,
                "target": point.target,
                "protectors": " ".join(f"{p.state}:{p.basis}" for p in point.protectors),
                "under_way": point.under_way,
                "chance": risk.chance * share,
                "log_odds_sd": risk.log_odds_sd,
                "disputes": len(past),
                "begun": begun,
                "method": risk.method,
                "last_year": last,
                **dict(zip(("resisted", "wars", "escalation"), grave[pair], strict=True)),
            }
        )
    made = pd.DataFrame(rows).astype({"under_way": "Int64"})
    low, high = interval(made["chance"].to_numpy(float), made["log_odds_sd"].to_numpy(float))
    return made.assign(low=low, high=high)[list(COLUMNS)]


def write() -> None:
    """Write the table of risks into the snapshot."""
    path = folder() / "flashpoint_risk.csv"
    table().to_csv(path, index=False, lineterminator="\n", float_format="%.4g")


if __name__ == "__main__":
    write()
