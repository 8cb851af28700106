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
from comity.evidence.replications.base import Check
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
UNANSWERED = (
    1.13071239738307,
    -18.0618776597615,
    -52.7123095310563,
    -43.5762821134122,
    0.317854754606017,
    12.8100598869917,
    0.0113743239767745,
)
ANSWERED = (
    -0.745409699115485,
    -28.9605777600051,
    -75.5333741087818,
    -59.8256144728485,
    -0.317229020763277,
    6.0178383796905,
    0.00744251420175226,
)
# Welfare by economy in the same files: unanswered, answered.
WELFARE = {
    "ABW": (-1.11293577227018, -0.902782523746826),
    "AUS": (-0.670412061273296, -0.235847183507709),
    "BRA": (-0.452886233098015, -0.138175767788573),
    "CAN": (-0.995790786422912, -0.861377296684562),
    "CHN": (-1.13256221236169, -0.645364223682743),
    "DEU": (-0.733115774342175, -0.455370416740175),
    "FRA": (0.176874103517721, -0.00395448033365664),
    "GBR": (0.422918457622967, 0.10057805801118),
    "GUY": (-18.4812196328003, -11.873929662691),
    "IDN": (-0.703686233571121, -0.40696070077878),
    "IND": (0.248603341788267, -0.0163682420150524),
    "IRL": (-2.96613076417689, -2.20816617577281),
    "JPN": (-0.291379807186765, -0.30657111726109),
    "KHM": (-2.97813771460396, -3.50342002987589),
    "KOR": (-1.70798429899591, -1.23244680735517),
    "MEX": (-2.54122981288165, -2.35575342614398),
    "RUS": (-0.861290671205728, -0.309712689566122),
    "SAU": (-0.737399092127811, -0.3107193725016),
    "SXM": (-4.26519897074475, -1.19243319205511),
    "THA": (-2.74004145476344, -2.26242121208224),
    "UKR": (0.651240824295085, 0.252689796454719),
    "VNM": (-11.0228558417723, -9.39514195981575),
    "ZAF": (-1.45592314807557, -0.731304946872091),
}
PRINTED_RATE = 0.19  # "The optimal tariff is 19%": abstract in the journal


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


def run() -> list[Check]:
    """All seven US figures and welfare of others in two scenarios; the optimal rate as printed."""
    here = world()
    economy = here.economy()
    calm = taxed.solve(economy, here.announced)
    war = taxed.solve(economy, answered(here, economy))
    us = here.setter
    checks = [
        Check(f"USA, {label}: {name}", printed, float(getattr(found, name)[us]), DIGITS)
        for label, found, row in (("unanswered", calm, UNANSWERED), ("answered", war, ANSWERED))
        for name, printed in zip(MEASURES, row, strict=True)
    ]
    for state, pair in WELFARE.items():
        at = here.ids.index(state)
        checks += [
            Check(f"{state}, {label}: welfare", printed, float(found.welfare[at]), DIGITS)
            for label, found, printed in zip(
                ("unanswered", "answered"), (calm, war), pair, strict=True
            )
        ]
    rate = taxed.optimal_rate(economy, np.arange(len(here.ids)) == us)[us]
    return [*checks, Check("optimal US tariff, as printed", PRINTED_RATE, float(rate), 0.005)]
