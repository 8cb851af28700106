"""The US tariffs of April 2025 on world goods trade of 2023, 194 economies.

Ignatenko et al. 2025, one-sector model: BACI 2023, GDP, announced rates (at least 10 % on all),
home sales = GDP + transfer - imports and not below zero, trade elasticity 4, labour supply 0.5.
The reference numbers are the outputs per country that the authors' replication package holds
(files output_map and output_map_retal: the announced tariffs unanswered, and answered by the tariff
that is best for the others together). Beside it the same tariffs in `trade_equilibrium`, without
labour supply, local costs or income taxes: nothing published to compare it with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from comity.data.sources.source import load
from comity.evidence.replications.base import Ours, against_print
from comity.models.trade import tariff_income_tax as taxed
from comity.models.trade.tariff_war import balanced, nash, optimal, reciprocal
from comity.models.trade.trade_equilibrium import TradeBase, TradeEquilibrium, calibrate, solve

_solve = jax.jit(solve, static_argnames=("tol", "max_iterations"))
SETTER = "USA"
LEAST = 0.10
DIGITS = 1e-6
# Columns of the package's files: welfare, deficit, exports and imports over GDP, employment,
# prices (%), revenue over spending.
MEASURES = ("welfare", "deficit", "exports", "imports", "employment", "prices", "revenue")
# Economies whose welfare in the same files is compared.
OTHERS = (
    "ABW",
    "AUS",
    "BRA",
    "CAN",
    "CHN",
    "DEU",
    "FRA",
    "GBR",
    "GUY",
    "IDN",
    "IND",
    "IRL",
    "JPN",
    "KHM",
    "KOR",
    "MEX",
    "RUS",
    "SAU",
    "SXM",
    "THA",
    "UKR",
    "VNM",
    "ZAF",
)


@dataclass(frozen=True)
class World2023:
    """The data as the paper puts them together; values in thousand USD."""

    ids: list[str]
    exports: Float[np.ndarray, "N N"]
    gdp: Float[np.ndarray, " N"]
    announced: Float[np.ndarray, "N N"]

    @property
    def setter(self) -> int:
        """Position of the United States."""
        return self.ids.index(SETTER)

    def economy(self, elasticity: float = 4.0) -> taxed.Economy:
        """The paper's economy; another elasticity moves nothing else."""
        local = taxed.local_shares(self.exports, self.gdp, self.setter)
        return taxed.calibrate(self.exports, self.gdp, local, elasticity)

    def base(self) -> TradeBase:
        """The same sales in the one-sector model of this package: no inputs, no base tariffs."""
        sales = self.economy().sales
        n = len(self.ids)
        return calibrate(jnp.asarray(sales), jnp.zeros((n, n)), jnp.ones(n))


def world() -> World2023:
    """Read the trade matrix, GDP and announced tariffs."""
    states = load("liberation_day_country_gdp_tariff")
    ids = states["iso3"].tolist()
    flows = load("baci_2023_country_matrix").pivot(
        index="iso3_o", columns="iso3_d", values="export_ij"
    )
    # No row means no flow in BACI, as the authors read it.
    exports = flows.reindex(index=ids, columns=ids).fillna(0.0).to_numpy(float)
    setter = ids.index(SETTER)
    announced = np.zeros((len(ids), len(ids)))
    announced[:, setter] = np.maximum(LEAST, states["applied_tariff"])
    announced[setter, setter] = 0.0
    return World2023(ids, exports, states["gdp"].to_numpy(float) / 1000, announced)


def answered(here: World2023, economy: taxed.Economy) -> Float[np.ndarray, "N N"]:
    """Tariffs once the others have answered with the rate that is best for them together."""
    others = np.arange(len(here.ids)) != here.setter
    return _reply(here, here.announced, taxed.optimal_rate(economy, others))


def _reply(
    here: World2023, tariff: Float[np.ndarray, "N N"], rate: Float[np.ndarray, " N"]
) -> Float[np.ndarray, "N N"]:
    both = tariff.copy()
    both[here.setter] = np.where(np.arange(len(here.ids)) == here.setter, 0.0, rate)
    return both


def scenarios(here: World2023, economy: taxed.Economy) -> dict[str, Float[np.ndarray, "N N"]]:
    """Tariffs of the paper's five scenarios, and the optimal one by its other formula."""
    n, us = len(here.ids), here.setter
    alone = np.arange(n) == us

    def chosen(over: Literal["income", "spending"]) -> Float[np.ndarray, "N N"]:
        best = np.zeros((n, n))
        best[:, us] = np.where(alone, 0.0, taxed.optimal_rate(economy, alone, over)[us])
        return best

    best = chosen("income")
    return {
        "announced, unanswered": here.announced,
        "announced, answered in kind": _reply(here, here.announced, here.announced[:, us]),
        "announced, best answer": answered(here, economy),
        "optimal over spending, unanswered": chosen("spending"),
        "optimal over income, unanswered": best,
        "optimal, best answer": _reply(here, best, taxed.optimal_rate(economy, ~alone)),
    }


def one_sector(
    here: World2023, elasticity: float = 4.0
) -> dict[str, tuple[float, TradeEquilibrium]]:
    """US rate (mean over imports) and equilibrium of each scenario in `trade_equilibrium`."""
    e, us = jnp.asarray(elasticity), here.setter
    alone = np.arange(len(here.ids)) == us
    as_is = here.base()
    even = balanced(as_is, e)
    best = optimal(as_is, e, alone).tariff
    announced = jnp.asarray(here.announced)
    nil = as_is.tariff
    plain = {
        "announced, unanswered": (as_is, announced),
        "announced, answered in kind": (as_is, reciprocal(nil, announced, ~alone)),
        "optimal, unanswered": (as_is, best),
        "optimal, answered in kind": (as_is, reciprocal(nil, best, ~alone)),
        "Nash tariffs of all": (as_is, nash(as_is, e).tariff),
        "balanced trade: optimal, unanswered": (even, optimal(even, e, alone).tariff),
        "balanced trade: Nash tariffs of all": (even, nash(even, e).tariff),
    }
    weight = here.exports[:, us] / here.exports[:, us].sum()
    ones = jnp.ones(len(here.ids))
    return {
        name: (float(weight @ np.asarray(t[:, us])), _solve(base, e, ones, t, ones[:, None] * ones))
        for name, (base, t) in plain.items()
    }


@against_print("us-tariffs-2025")
def run() -> list[Ours]:
    """All seven US figures and welfare of others in two scenarios; the optimal rate as printed."""
    here = world()
    economy = here.economy()
    calm = taxed.solve(economy, here.announced)
    war = taxed.solve(economy, answered(here, economy))
    us = here.setter
    both = {"unanswered": calm, "answered": war}
    ours = [
        Ours(f"USA, {label}: {name}", float(getattr(found, name)[us]), DIGITS)
        for label, found in both.items()
        for name in MEASURES
    ]
    ours += [
        Ours(f"{state}, {label}: welfare", float(found.welfare[here.ids.index(state)]), DIGITS)
        for state in OTHERS
        for label, found in both.items()
    ]
    rate = taxed.optimal_rate(economy, np.arange(len(here.ids)) == us)[us]
    return [*ours, Ours("optimal US tariff, as printed", float(rate), 0.005)]
