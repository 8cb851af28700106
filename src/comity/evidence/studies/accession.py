"""Accessions of 2017-2024, foreseen from applications up to 2016.

Cases are applications to nine frameworks that decide on new members by consensus
(``data/tables/accession_cases.csv``, a source in each row; entries agree with the memberships of
the snapshot). A row of the fit is a year in which an application was open. What describes the
applicant and each member beside it is that of the year before; for a forecast it is frozen at the
year before the span. ``python -m comity.evidence.studies.accession`` prints the tables of the page.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from comity.data.panel.keys import Table
from comity.evidence.panels.accession_cases import (
    FIRST,
    Figures,
    Rows,
    cases,
    described,
    figures,
    open_years,
)
from comity.evidence.scoring import brier, log_event
from comity.models.institutions import accession
from comity.models.statistics.logit import fit as fit_logit

FIT_LAST, LAST = 2016, 2024
HEADLINE = ("CPTPP", "NATO", "BRICS", "SCO", "IPEF", "EU")


@dataclass(frozen=True)
class Fitted:
    """Both models, scales of their traits, and base rates."""

    centre: tuple[Float[ndarray, " J"], Float[ndarray, " M"]]
    spread: tuple[Float[ndarray, " J"], Float[ndarray, " M"]]
    veto: accession.Veto
    plain: Float[ndarray, " K"]
    base: float
    by_framework: dict[str, float]


def _scaled(known: Rows, fitted: Fitted) -> tuple[Float[ndarray, "R J"], Float[ndarray, "P M"]]:
    (ac, mc), (asd, msd) = fitted.centre, fitted.spread
    # Centred: what is unknown is taken at the mean of the fit, not at nil.
    return np.nan_to_num((known.applicant - ac) / asd), np.nan_to_num((known.member - mc) / msd)


def _scales(x: Float[ndarray, "R J"]) -> tuple[Float[ndarray, " J"], Float[ndarray, " J"]]:
    """Return mean and sd of columns; the constant stays as it is."""
    mean, sd = np.nanmean(x, axis=0), np.nanstd(x, axis=0)
    mean[0], sd[0] = 0.0, 1.0
    return mean, np.where(sd > 0, sd, 1.0)


def summary(
    applicant: Float[ndarray, "R J"], member: Float[ndarray, "P M"], row: Int[ndarray, " P"]
) -> Float[ndarray, "R K"]:
    """Return the applicant's traits with the mean and the worst member's beside it."""
    count = np.bincount(row, minlength=len(applicant)).astype(float)
    safe = np.maximum(count, 1.0)
    columns = [applicant, np.log(safe)[:, None]]
    for at in range(1, member.shape[1]):
        total = np.bincount(row, weights=member[:, at], minlength=len(applicant))
        worst = np.full(len(applicant), -np.inf)
        np.maximum.at(worst, row, member[:, at])
        columns += [(total / safe)[:, None], np.where(count > 0, worst, 0.0)[:, None]]
    return np.concatenate(columns, axis=1)


def fit(known: Rows, penalty: tuple[float, float] = (1.0, 3.0)) -> Fitted:
    """Fit both models and the base rates to applicant-years.

    ``penalty`` is the ridge of the rule of vetoes and that of the plain hazard.
    """
    came = known.label["came"].to_numpy(float)
    (ac, asd), (mc, msd) = _scales(known.applicant), _scales(known.member)
    a, m = np.nan_to_num((known.applicant - ac) / asd), np.nan_to_num((known.member - mc) / msd)
    wide = summary(a, m, known.row)
    ridge = np.full(wide.shape[1], penalty[1])
    ridge[0] = 1e-6
    base = float(came.mean())
    sums = known.label.groupby("framework")["came"].agg(["sum", "size"])
    shrunk = (sums["sum"] + 20 * base) / (sums["size"] + 20)
    return Fitted(
        (ac, mc),
        (asd, msd),
        accession.fit(a, m, known.row, came, penalty[0]),
        fit_logit(wide, came, ridge).coefficients,
        base,
        {str(k): float(v) for k, v in shrunk.items()},
    )


def foresee(fitted: Fitted, known: Rows) -> Table:
    """Return the yearly chance of each row by each model and base rate."""
    a, m = _scaled(known, fitted)
    plain = summary(a, m, known.row) @ fitted.plain
    return known.label.assign(
        veto=accession.chance(fitted.veto, a, m, known.row),
        plain=1.0 / (1.0 + np.exp(-plain)),
        framework_rate=[fitted.by_framework.get(f, fitted.base) for f in known.label["framework"]],
        base_rate=fitted.base,
    )


MODELS = ("veto", "plain", "framework_rate", "base_rate")
KEYS = ["framework", "state", "applied"]
TUNING = ((2000, 2008), (2008, 2016))
PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0)


@dataclass(frozen=True)
class Span:
    """What a fit learns from, what it is asked, and what came."""

    known: Rows
    asked: Rows
    came: Table


def span(known: Figures, fit_last: int = FIT_LAST, last: int = LAST) -> Span:
    """Return applications up to a year, and those open in a later span of years.

    Nothing dated later than the year before a case's span describes it; a case that is over in the
    middle of the span was still open to the end for a forecaster.
    """
    later = open_years(cases(), fit_last + 1, last)
    first = later.drop_duplicates(KEYS, keep="first")
    steps = [
        first.assign(waited=first["waited"] + step, year=first["year"] + step)
        for step in range(last - fit_last)
    ]
    grown = pd.concat(steps)
    return Span(
        described(known, open_years(cases(), FIRST, fit_last)),
        described(known, grown[grown["year"] <= last].reset_index(drop=True)),
        later.groupby(KEYS)["came"].max(),
    )


def forecasts(at: Span, penalty: tuple[float, float]) -> Table:
    """Return the chance of each case to be a member by the end of a span.

    Columns framework, state, applied, came and one a model.
    """
    return _by_case(foresee(fit(at.known, penalty), at.asked)).join(at.came).reset_index()


def _by_case(chances: Table) -> Table:
    """Return the chance that each case passes in one of its years."""
    return chances.groupby(KEYS)[list(MODELS)].agg(lambda p: float(1.0 - np.prod(1.0 - p)))


def choose_penalty(known: Figures) -> tuple[float, float]:
    """Return the two penalties that foresaw 2001-2008 and 2009-2016 best (log score)."""
    spans = [span(known, first, last) for first, last in TUNING]
    losses = []
    for penalty in PENALTIES:
        tried = pd.concat([forecasts(at, (penalty, penalty)) for at in spans])
        came = tried["came"].to_numpy(float)
        chance = np.clip(tried[["veto", "plain"]].to_numpy(float), 1e-4, 1 - 1e-4)
        losses.append([float(log_event(chance[:, at], came).mean()) for at in (0, 1)])
    best = np.argmin(np.array(losses), axis=0)
    return PENALTIES[int(best[0])], PENALTIES[int(best[1])]


def ahead(known: Figures, framework: str, applied: dict[str, int], first: int, last: int) -> Table:
    """Return the chance that each applicant is in by ``last``, fitted to all cases to 2024.

    Parameters
    ----------
    applied
        Year of the request of each state (the expected one, where it has not asked yet).
    first, last
        The years in which it can pass.
    """
    fitted = fit(described(known, open_years(cases(), FIRST, LAST)), choose_penalty(known))
    rows = [
        (framework, state, asked, year - asked + 1, LAST, 0.0, year)
        for state, asked in applied.items()
        for year in range(max(first, asked), last + 1)
    ]
    label = pd.DataFrame(rows, columns=[*KEYS, "waited", "seen", "came", "year"])
    return _by_case(foresee(fitted, described(known, label))).reset_index()


def scores(found: Table) -> Table:
    """Return log score, Brier score and area of each model, with the 95 % of its lead.

    ``low`` and ``high`` bound the log score less that of the base rate, cases drawn anew.
    """
    from comity.models.institutions.ties import area

    came = found["came"].to_numpy(float)
    base = log_event(found["base_rate"].to_numpy(float), came)
    rng = np.random.default_rng(0)
    drawn = rng.integers(len(found), size=(4000, len(found)))
    rows = []
    for name in MODELS:
        p = np.clip(found[name].to_numpy(float), 1e-4, 1 - 1e-4)
        gap = (log_event(p, came) - base)[drawn].mean(axis=1)
        rows.append(
            (
                name,
                float(log_event(p, came).mean()),
                float(brier(p, came).mean()),
                area(p, came > 0.5),
                float(np.quantile(gap, 0.025)),
                float(np.quantile(gap, 0.975)),
            )
        )
    return pd.DataFrame(rows, columns=["model", "log", "brier", "area", "low", "high"])


def headline(found: Table) -> Bool[ndarray, " R"]:
    """Return which cases belong to the frameworks that the page leads with."""
    return found["framework"].isin(HEADLINE).to_numpy(bool)


if __name__ == "__main__":
    read = figures()
    ridge = choose_penalty(read)
    table = forecasts(span(read), ridge)
    print("penalties", ridge)
    print(table.round(3).to_string())
    print(scores(table).round(3).to_string())
    print(scores(table[headline(table)]).round(3).to_string())
