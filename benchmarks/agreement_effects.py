"""What agreements and tariffs do, beyond published columns: docs/replications/gravity.md.

    COMITY_DATA=... python benchmarks/agreement_effects.py

Needs the extra [estimate]; about a minute.
"""

from __future__ import annotations

import numpy as np

import comity.core.runtime  # noqa: F401
from comity.data.sources.source import load
from comity.models.trade.gravity import GravityFit, by_year, estimate, with_effects

STATE_YEARS = ["exporter_year", "importer_year"]


def show(title: str, fit: GravityFit, *names: str) -> None:
    figures = ", ".join(
        f"{name} {fit.coefficient(name):.3f} ({fit.standard_error(name):.3f})" for name in names
    )
    print(f"{title}: {figures}; {fit.observations:,} rows")


def elasticity() -> None:
    """Exercise 2 of the Advanced Guide with the borders of every year but the last."""
    table = with_effects(load("agtpa_ch1_exercise2"))
    table = table.assign(
        abroad=1.0 - table.domestic,
        log_mfn=np.where(table.domestic == 1, 0.0, np.log1p(table.MFN_TARIFF)),
        direction=table.exporter + " " + table.importer,
        year=table.year.astype(int),
    )
    table, border = by_year(table, "abroad", sorted(table.year.unique())[:-1])
    lags = ["RTA", "RTA_LAG3", "RTA_LAG6", "RTA_LAG9", "log_mfn"]
    for name in ("direction", "pair"):
        for title, terms in (("", lags), (" and border-years", [*lags, *border])):
            fit = estimate(table, "trade", terms, [*STATE_YEARS, name], cluster=name)
            show(f"tariff elasticity, effects by {name}{title}", fit, "log_mfn")


def depth() -> None:
    """Agreements with more or fewer of the provisions of Breinlich et al. (2021)."""
    table = load("penppml_trade_rta_provisions")
    table = table.assign(exp=table.exp.astype(str), imp=table.imp.astype(str))
    count = table.filter(like="_prov_").fillna(0.0).sum(axis=1)
    member = (table.id.fillna(0) != 0).astype(float)
    middle = count[member == 1].median()
    table = with_effects(
        table.assign(
            agreement=member,
            provisions=count * member,
            deep=member * (count > middle),
            shallow=member * (count <= middle),
            direction=table.exp + " " + table.imp,
        ),
        "exp",
        "imp",
        "time",
    )
    print(f"median provisions of an agreement: {middle:.0f}")
    for terms in (["agreement"], ["shallow", "deep"], ["agreement", "provisions"]):
        fit = estimate(table, "export", terms, [*STATE_YEARS, "direction"], cluster="direction")
        show("exports 1964-2016", fit, *terms)
        if "deep" in terms:
            print("  difference {:.3f} ({:.3f})".format(*fit.combine({"deep": 1, "shallow": -1})))


if __name__ == "__main__":
    elasticity()
    depth()
