"""Who gains from tariffs by rules: the orders of `comity.models.trade.order` on the world of 2024.

States of every size, the European Union as one, the rest of the world in regions; deficits are
taken out first, by scaling trade to balance. The effect is the gain, in % of real consumption, of
today's tariffs over another order for the state that gains least. Draws are trade elasticities
from the prior of ``trade/numbers.toml``, at equal steps of probability, for each of the orders
compared: a war of all (Ossa 2014), and the three largest breaking the rules while nobody answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float

from comity.claims.evidence import Finding
from comity.claims.forms import OrderForm
from comity.core.words import same
from comity.mechanisms.catalogue import books
from comity.models.trade import order
from comity.models.trade.gravity_equilibrium import scale_to_totals
from comity.models.trade.tariff_war import best_tariffs, nash
from comity.models.trade.trade_equilibrium import TradeBase, calibrate
from comity.world.given import door
from comity.world.regions import region_of
from comity.world.snapshot import BASE_YEAR, load_world

ALONE = [
    "USA",
    "CHN",
    "JPN",
    "IND",
    "GBR",
    "CAN",
    "BRA",
    "KOR",
    "MEX",
    "AUS",
    "IDN",
    "TUR",
    "SAU",
] + ["CHE", "TWN", "ARG", "VNM", "SGP", "CHL", "NZL", "KEN", "CRI", "ISL", "KHM", "LKA", "FJI"]
LARGE, SMALL = 0.1, 0.01
DRAWS = 5
ORDERS = ("war", "alone")


@dataclass(frozen=True)
class Economy:
    """A balanced world; ``share`` of world value added; ``states``: which rows are no regions."""

    names: tuple[str, ...]
    base: TradeBase
    reach: Float[np.ndarray, "n n"]
    share: Float[np.ndarray, " n"]
    states: Bool[np.ndarray, " n"]


def economy() -> Economy:
    """The states of `ALONE`, the union and the regions of the rest, from the snapshot."""
    world, _ = door(load_world(BASE_YEAR))
    union = np.asarray(world.membership)[world.frameworks.index("EU")] > 0
    regions = region_of()
    label = [
        "EU" if inside else state if state in ALONE else regions[state]
        for state, inside in zip(world.states, union, strict=True)
    ]
    names = ["EU", *ALONE, *sorted({name for name in label if name.startswith("R_")})]
    member = np.array([[one == name for one in label] for name in names], float)
    sales, goods, tariff = (np.asarray(x) for x in (world.sales, world.goods, world.tariff))
    whole = member @ sales @ member.T
    reach = member @ (sales * goods) @ member.T / whole
    rate = member @ (sales * goods * tariff) @ member.T / whole / np.maximum(reach, 1e-9)
    apart = 1.0 - np.eye(len(names))
    added = member @ (np.asarray(world.value_added_share) * sales.sum(1)) / whole.sum(1)
    balanced = scale_to_totals(whole, whole.sum(1), whole.sum(1), 0).trade
    base = calibrate(jnp.asarray(balanced), jnp.asarray(reach * rate * apart), jnp.asarray(added))
    income = added * whole.sum(1)
    states = np.array([not name.startswith("R_") for name in names])
    return Economy(tuple(names), base, reach * apart, income / income.sum(), states)


def gains(form: OrderForm, seed: int) -> Finding:
    """Gain of today's tariffs over other orders for whoever gains least among a size.

    Raises
    ------
    RuntimeError
        An order that was not found.
    """
    world = economy()
    rows = world.states & _of_size(world, form.size)
    steps = (np.arange(DRAWS) + 0.5) / DRAWS
    draws, said = [], []
    for name in form.against:
        least = [_least(world, float(e), name, rows) for e in _elasticity(steps)]
        draws.append([gain for gain, _ in least])
        gain, who = least[DRAWS // 2]
        said.append((name, gain, who))
    text = "; ".join(f"{name}: {gain:.2f} % ({who})" for name, gain, who in said)
    return Finding(np.ravel(draws), len(rows), ("trade",), str(BASE_YEAR), same(text))


def _elasticity(steps: np.ndarray) -> np.ndarray:
    return np.asarray(books()["trade"]["elasticity"].prior.quantile(steps))


def _of_size(world: Economy, size: str) -> np.ndarray:
    if size == "largest":
        return world.share >= LARGE
    return world.share < SMALL if size == "smallest" else np.ones_like(world.states)


def _least(world: Economy, elasticity: float, name: str, rows: np.ndarray) -> tuple[float, str]:
    """Smallest gain of today's tariffs over the order, in %, and whose it is."""
    base, e, reach = world.base, jnp.array(elasticity), jnp.asarray(world.reach)
    apart = 1.0 - jnp.eye(len(world.names))
    rate = jnp.where(reach > 0, base.tariff / jnp.where(reach > 0, reach, 1.0), 0.0) * apart
    today = order.under(base, e, rate, reach)
    if name == "war":
        other = nash(base, e, reach=reach)
    else:
        strong = world.states & (world.share >= LARGE)
        other = best_tariffs(base, e, np.arange(len(strong)), plays=strong, reach=reach)
    found = order.of_war(other)
    if not (bool(found.converged) and bool(today.converged)):
        raise RuntimeError(f"the order {name!r} was not found at elasticity {elasticity:.2f}")
    gain = np.where(rows, order.gains(today, found), np.inf)
    return float(gain.min()), world.names[int(gain.argmin())]
