"""Gravity regressions of the Advanced Guide to Trade Policy Analysis [yotov2016advanced].

Chapter 1: applications 1 (traditional gravity), 2 (distance puzzle) and 3 (trade agreements), 16
columns, and exercise 2 (most-favoured-nation tariffs), two columns. Chapter 2: the costs of 2006
that its world without borders starts from; its errors are robust, not clustered.
Printed figures, in the csv beside this file, are those of the Guide's authors' files as rendered
with the R package tradepolicy. Standard errors are clustered by pair, the fixed effects not counted
as parameters, as the Guide's PPML commands and that rendering do; a regression on written-out
dummies counts them, which makes the OLS errors of columns with fixed effects 1.65 % larger.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources

import numpy as np
import pandas as pd

from comity.data.sources.source import load
from comity.evidence.replications.base import Check
from comity.models.trade.gravity import GravityFit, by_year, estimate, with_effects

YEARS = list(range(1986, 2007, 4))
TIES = ["log_dist", "cntg", "lang", "clny"]
PHASES = ["rta", "rta_lag4", "rta_lag8", "rta_lag12"]
STATE_YEARS = ["exporter_year", "importer_year"]
# Coefficients to the printed digits; errors two units of the last. The change of a coefficient
# over twenty years is in per cent and gets a hundredth.
TOLERANCE, ERROR_TOLERANCE, CHANGE_TOLERANCE = 0.001, 0.002, 0.01
Fits = dict[tuple[str, int], GravityFit]


def panel() -> pd.DataFrame:
    """The Guide's flows of every fourth year with the columns all its regressions need."""
    table = load("agtpa_applications")
    table = with_effects(table[table["year"].isin(YEARS)].reset_index(drop=True))
    log_dist, abroad = np.log(table["dist"]), 1.0 - table["domestic"]
    made = table.groupby(["exporter", "year"])["trade"].transform("sum")
    spent = table.groupby(["importer", "year"])["trade"].transform("sum")
    # Distances over the partner's size, home included; a factor of the year's world trade drops.
    world = made.groupby(table["year"]).transform("sum")
    table = table.assign(
        log_dist=log_dist,
        log_dist_abroad=log_dist * abroad,
        log_dist_home=log_dist * table["domestic"],
        abroad=abroad,
        log_y=np.log(made),
        log_e=np.log(spent),
        far_buyers=table["dist"] * world / spent,
        far_sellers=table["dist"] * world / made,
    )
    far = {
        "remote_exporter": table.groupby(["exporter", "year"])["far_buyers"].transform("sum"),
        "remote_importer": table.groupby(["importer", "year"])["far_sellers"].transform("sum"),
    }
    return table.assign(**{name: np.log(value) for name, value in far.items()})


def traditional(table: pd.DataFrame) -> Fits:
    """Application 1: OLS without and with remoteness and fixed effects, and PPML."""
    foreign = table[table["domestic"] == 0]
    size = [*TIES, "log_y", "log_e"]
    remote = [*size, "remote_exporter", "remote_importer"]
    return {
        ("application 1", 1): estimate(foreign, "trade", size, method="log-ols", cluster="pair"),
        ("application 1", 2): estimate(foreign, "trade", remote, method="log-ols", cluster="pair"),
        ("application 1", 3): estimate(foreign, "trade", TIES, STATE_YEARS, "log-ols", "pair"),
        ("application 1", 4): estimate(foreign, "trade", TIES, STATE_YEARS, "ppml", "pair"),
    }


def distance_puzzle(table: pd.DataFrame) -> Fits:
    """Application 2: distance by year, without and with domestic trade."""
    table, years = by_year(table, "log_dist_abroad", YEARS)
    names = {name: name.replace("_abroad", "") for name in years}
    table = table.rename(columns=names)
    terms = [*names.values(), *TIES[1:]]
    foreign = table[table["domestic"] == 0]
    home = [*terms, "log_dist_home"]
    bias = [*home, "domestic"]
    own = [*STATE_YEARS, "domestic_state"]
    return {
        ("application 2", 1): estimate(foreign, "trade", terms, STATE_YEARS, "log-ols", "pair"),
        ("application 2", 2): estimate(foreign, "trade", terms, STATE_YEARS, "ppml", "pair"),
        ("application 2", 3): estimate(table, "trade", home, STATE_YEARS, "ppml", "pair"),
        ("application 2", 4): estimate(table, "trade", bias, STATE_YEARS, "ppml", "pair"),
        ("application 2", 5): estimate(table, "trade", terms, own, "ppml", "pair"),
    }


def agreements(table: pd.DataFrame) -> Fits:
    """Application 3: what trade agreements did, from plain OLS to phases and border-years."""
    table, border = by_year(table, "abroad", YEARS[:-1])
    foreign = table[table["domestic"] == 0]
    terms, own = [*TIES, "rta"], [*STATE_YEARS, "domestic_state"]
    pairs = [*STATE_YEARS, "pair"]
    return {
        ("application 3", 1): estimate(foreign, "trade", terms, STATE_YEARS, "log-ols", "pair"),
        ("application 3", 2): estimate(foreign, "trade", terms, STATE_YEARS, "ppml", "pair"),
        ("application 3", 3): estimate(table, "trade", terms, own, "ppml", "pair"),
        ("application 3", 4): estimate(table, "trade", ["rta"], pairs, "ppml", "pair"),
        ("application 3", 5): estimate(table, "trade", ["rta", "rta_lead4"], pairs, "ppml", "pair"),
        ("application 3", 6): estimate(table, "trade", PHASES, pairs, "ppml", "pair"),
        ("application 3", 7): estimate(table, "trade", [*PHASES, *border], pairs, "ppml", "pair"),
    }


def tariffs() -> Fits:
    """Exercise 2: what most-favoured-nation tariffs did, which domestic trade lets one see."""
    table = with_effects(load("agtpa_ch1_exercise2"))
    mfn = np.where(table["domestic"] == 1, 0.0, np.log1p(table["MFN_TARIFF"]))
    table = table.assign(log_mfn=mfn, direction=table["exporter"] + " " + table["importer"])
    effects = [*STATE_YEARS, "direction"]
    lags = ["RTA", "RTA_LAG3", "RTA_LAG6", "RTA_LAG9"]
    return {
        ("exercise 2", 1): estimate(table, "trade", lags, effects, "ppml", "direction"),
        ("exercise 2", 2): estimate(
            table, "trade", [*lags, "log_mfn"], effects, "ppml", "direction"
        ),
    }


def costs() -> Fits:
    """Chapter 2, application 1: distance, contiguity and the border in 2006."""
    table = load("agtpa_ch2_trade_without_border")
    terms = ["ln_DIST", "CNTG", "INTL_BRDR"]
    return {("chapter 2", 1): estimate(table, "trade", terms, ["exporter", "importer"])}


def printed() -> pd.DataFrame:
    """The printed figures: part, column, term, estimate, standard error (blank: not at hand)."""
    source = resources.files("comity.evidence.replications") / "advanced_guide_gravity.csv"
    with source.open(encoding="utf-8") as stream:
        return pd.read_csv(stream)


def compare(fits: Fits, figures: pd.DataFrame) -> list[Check]:
    """Check every printed figure of the fitted columns."""
    checks = []
    for row in figures.to_dict("records"):
        fit = fits.get((row["part"], row["column"]))
        if fit is not None:
            label = f"{row['part']}, column {row['column']}: {row['term']}"
            checks += _checks(fit, label, row["term"], row["estimate"], row["error"])
    return checks


def _checks(fit: GravityFit, label: str, term: str, published: float, error: float) -> list[Check]:
    """Estimate and standard error of one term against print."""
    if term == "observations":
        return [Check(label, published, float(fit.observations), 0.0)]
    within = (TOLERANCE, ERROR_TOLERANCE)
    if term == "sum":
        ours = fit.combine({name: 1.0 for name in fit.names if name.startswith("rta")})
    elif term == "change":
        ours = fit.change(f"log_dist_{YEARS[-1]}", f"log_dist_{YEARS[0]}")
        within = (CHANGE_TOLERANCE, CHANGE_TOLERANCE)
    else:
        ours = (fit.coefficient(term), fit.standard_error(term))
    checks = [Check(label, published, ours[0], within[0])]
    if not np.isnan(error):
        checks.append(Check(f"{label}, standard error", error, ours[1], within[1]))
    return checks


def run() -> list[Check]:
    """All columns of the applications, of the exercise and of chapter 2."""
    table = panel()
    parts: list[Callable[[pd.DataFrame], Fits]] = [traditional, distance_puzzle, agreements]
    fits: Fits = {}
    for part in parts:
        fits |= part(table)
    return compare(fits | tariffs() | costs(), printed())
