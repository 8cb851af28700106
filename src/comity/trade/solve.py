"""Solve a case: one sector with inputs, or nine sectors; central numbers and draws."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Bool, Float

from comity.core.arguments import one_of, texts, whole
from comity.core.errors import BadInput
from comity.core.ops import total
from comity.core.parameters import Parameter, book
from comity.models.trade.agreement import of_flow, on_goods
from comity.models.trade.sanctions import left
from comity.models.trade.trade_equilibrium import TradeBase, flows, solve
from comity.registry import states as registry
from comity.study.ensemble import draws as drawn_numbers
from comity.trade.assembly import assembled
from comity.trade.by_sector import solve_sectors
from comity.trade.files import Case, load
from comity.trade.result import Result
from comity.trade.shock import Shock, Stage, base_of, ripeness, shock_of, stage, tariff_after

DRAWN = (
    "trade.elasticity",
    "trade.agreement_effect",
    "trade.services_part",
    "sanctions.leak",
    "sanctions.chill",
)
TOLERANCE = 1e-10
MOST_DRAWS, MOST_SEED = 10_000, 2**31 - 1


class Effects(NamedTuple):
    """Effects of a shock for one set of numbers, against the base year; fractions."""

    consumption: Float[Array, " N"]
    real_wage: Float[Array, " N"]
    terms_of_trade: Float[Array, " N"]
    prices: Float[Array, " N"]
    exports: Float[Array, " N"]
    imports: Float[Array, " N"]
    flows: Float[Array, "N N"]
    converged: Bool[Array, ""]
    residual: Float[Array, ""]


def run(
    case: Case | str | Path,
    world: str = "focus",
    model: str = "one-sector",
    draws: int = 200,
    seed: int = 1,
    keep: Sequence[str] | str = (),
    year: int | None = None,
) -> Result:
    """Effects of a trade shock on every state, with 5-95 % intervals over the numbers' priors.

    The full general equilibrium: wages, prices and spending of all states adjust, revenue is
    handed out, deficits keep their share of world income; capacity and technology stay.

    Parameters
    ----------
    case
        A case, the name of one in the library (or of a scenario), or the path of a file.
    world
        ``focus`` (about fifty states and regions) or ``full`` (all states).
    model
        ``one-sector`` or ``sectors`` (nine, with input-output links).
    draws
        Draws of elasticities, agreement and sanction effects; 0 for central numbers only.
    seed
        Seed of the draws.
    keep
        States to keep apart in the focus world; a list, or a text with commas.
    year
        Year, where a scenario is asked about.

    Raises
    ------
    BadInput
        A file or an argument that cannot be used.
    """
    world = one_of("world", world, ("focus", "full"))
    model = one_of("model", model, ("one-sector", "sectors"))
    draws = whole("draws", draws, 0, MOST_DRAWS)
    seed = whole("seed", seed, 0, MOST_SEED)
    named = texts("keep", keep)
    case = case if isinstance(case, Case) else load(case, year)
    kept = [registry.find(state) for state in named]
    ground = stage(case, world, kept)
    numbers = {p.key: p for name in ("trade", "sanctions") for p in book(name).values()}
    if model == "sectors":
        solved = solve_sectors(case, ground, numbers, draws, seed)
    else:
        solved = one_sector(case, ground, numbers, draws, seed)
    return assembled(case, ground, model, world, draws, seed, solved)


def one_sector(
    case: Case, ground: Stage, numbers: dict[str, Parameter], draws: int, seed: int
) -> tuple[Effects, Effects | None, Shock, tuple[Parameter, ...]]:
    """Central effects, those of every draw, the shock and the numbers that were drawn."""
    if case.sectors:
        where = next(iter(case.sectors))
        raise BadInput(
            "this move is confined to sectors",
            "the one-sector model has none",
            "use the model 'sectors'",
            where,
        )
    shock = shock_of(case.moves, case.year, ripeness(case.age, numbers), ground.over)
    used = tuple(numbers[key] for key in DRAWN if _matters(key, shock))
    base = base_of(ground.world)
    arrays = (
        jnp.asarray(tariff_after(ground.world, shock.tariff, shock.agreement)),
        jnp.asarray(1.0 + shock.barrier),
        jnp.asarray(shock.forbidden),
        jnp.asarray(shock.agreement),
        jnp.asarray(shock.capacity),
        ground.world.tariff,
        ground.world.goods,
    )
    # The central numbers go first, so that one compiled program serves both.
    values = np.array([[numbers[key].value for key in DRAWN]])
    if draws:
        drawn = drawn_numbers((numbers[key] for key in DRAWN), (), seed, draws)
        values = np.concatenate([values, drawn[[*DRAWN]].to_numpy()])
    solved = jax.tree.map(np.asarray, _many(base, jnp.asarray(values), *arrays))
    central = Effects(*(part[0] for part in solved))
    return central, Effects(*(part[1:] for part in solved)) if draws else None, shock, used


def _matters(key: str, shock: Shock) -> bool:
    """Whether a number has anything to act on in this shock."""
    if key in ("trade.agreement_effect", "trade.services_part"):
        return bool(np.any(shock.agreement != 0))
    return bool(np.any(shock.forbidden)) if key.startswith("sanctions") else True


@jax.jit
def _many(
    base: TradeBase,
    values: Float[Array, "D 5"],
    tariff: Float[Array, "N N"],
    cost: Float[Array, "N N"],
    forbidden: Float[Array, "N N"],
    agreement: Float[Array, "N N"],
    capacity: Float[Array, " N"],
    rate: Float[Array, "N N"],
    goods: Float[Array, "N N"],
) -> Effects:
    def one(drawn: Float[Array, " 5"]) -> Effects:
        elasticity, effect, services_part, leak, chill = drawn
        # Agreements and bans say by how much trade changes at given incomes.
        eased = on_goods(agreement, effect, rate, elasticity).growth
        grown_by_pact = of_flow(goods, eased, services_part * effect * agreement)
        log_trade = grown_by_pact + jnp.log(left(forbidden, leak, chill))
        paid = cost * jnp.exp(-log_trade / elasticity)
        found = solve(base, elasticity, capacity, tariff, paid, tol=TOLERANCE)
        traded = flows(base, found, elasticity, tariff, paid)
        foreign = 1.0 - jnp.eye(tariff.shape[0])

        def grown(axis: int) -> Float[Array, " N"]:
            return total(traded * foreign, axis) / total(base.sales * foreign, axis) - 1.0

        bad = jnp.where(found.converged, 0.0, jnp.nan)  # a failed solve gives no numbers at all
        return Effects(
            found.consumption - 1.0 + bad,
            found.real_wage - 1.0 + bad,
            found.terms_of_trade - 1.0 + bad,
            found.price_index - 1.0 + bad,
            grown(1) + bad,
            grown(0) + bad,
            traded + bad,
            found.converged,
            found.residual,
        )

    return lax.map(one, values)
