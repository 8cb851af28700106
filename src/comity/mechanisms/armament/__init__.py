"""Military spending follows income and drifts slowly to the common burden; stocks pile it up.

Each state's share of GDP is a random walk pulled weakly to the median share, with a drift that all
share in a future; spending is that share of income, `defence_share` added to it, and the military
stock is a perpetual inventory [richardson1960arms for the adjustment; dunne2007econometrics].
Rivals' and allies' spending [nordhaus2012effects; olson1966economic] moves it only where
`reacting` has put them in: what they do in sample did not make forecasts better, so the default
year is without them (docs/replications/armament.md).
Challenges and wars add to it what `crises` and `war` say. What is spent on arms is not consumed:
real income after trade, which spending follows, is handed on less defence; output rises by a
multiplier on what the lever adds, most of it at once and all of it in the second year, until it is
used to it [barro2011macroeconomic].
Simplified: one sd of shocks. Do not trust it for states at
war, for single years, or for regions whose members have no forces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import jax.numpy as jnp

from comity.core.parameters import Parameter
from comity.core.types import PerDyad, PerState, PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.models.force.armament import followed, next_shift, next_stock
from comity.models.trade.trade_equilibrium import calibrate
from comity.world.given import World

# Of all final spending at home, a limit that is judged: nobody can spend on arms what is not there,
# and the drift of a burden of one half (North Korea, South Sudan) would come to that.
MOST = 0.9


class Armament(AbstractMechanism):
    """Military spending and stock of a year.

    ``base`` is the share of GDP in the base year, ``spending`` that in million USD, ``absorption``
    all final spending at home, defence included; ``rivals`` and ``allies`` are 1 where the row's
    state watches the column's, None where nobody reacts.
    """

    name: ClassVar[str] = "armament"
    book: ClassVar[str] = "armament"
    phase: ClassVar[str] = "defence"
    reads: ClassVar[tuple[str, ...]] = (
        "slot",
        "gdp",
        "capacity",
        "consumption",
        "burden_shift",
        "milex",
        "military_stock",
        "effort_last",
        "effort_usual",
    )
    lagged: ClassVar[tuple[str, ...]] = ("alarm", "mobilised")
    writes: ClassVar[tuple[str, ...]] = (
        "burden_shift",
        "milex",
        "military_stock",
        "consumption",
        "effort_last",
        "effort_usual",
    )
    reference: ClassVar[str] = "dunne2007econometrics"
    levers: ClassVar[tuple[str, ...]] = ("defence_share",)
    keeps: ClassVar[tuple[str, ...]] = ()

    base: PerState
    spending: PerState
    absorption: PerState
    rivals: PerDyad | None
    allies: PerDyad | None
    rivals_response: Scalar
    allies_response: Scalar
    income: Scalar
    reversion: Scalar
    drift: Scalar
    shock_sd: Scalar
    depreciation: Scalar
    prices: Scalar
    multiplier: Scalar
    at_once: Scalar
    adapts: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Armament:
        """The mechanism for a world, with the values of its book."""
        return armament_from(world, numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Shift burdens, spend, and add what was spent to the stocks."""
        shift = next_shift(
            key,
            world.burden_shift,
            self.base,
            self.reversion,
            self.drift,
            self.shock_sd,
            world.slot,
        )
        called = world.alarm + world.mobilised + reaction(self, world.milex)
        own = usual(self, world, shift + called)
        milex = spent(self, world, own, levers.defence_share)
        added = within_means(self, world, own, levers.defence_share)
        known = world.effort_last - world.effort_usual
        stock = next_stock(world.military_stock, self.prices * milex, self.depreciation)
        return {
            "burden_shift": shift,
            "milex": milex,
            "military_stock": stock,
            "consumption": left(self, world.consumption, milex - raised(self, world, added)),
            "effort_last": added,
            "effort_usual": world.effort_usual + self.adapts * known,
        }


def usual(armament: Armament, world: World, shift: PerState) -> PerState:
    """Spending without the lever, million USD of the base year.

    ``shift``: log change of the burden since the base year, on income after trade.
    """
    return armament.spending * jnp.exp(shift + armament.income * jnp.log(world.consumption))


def within_means(armament: Armament, world: World, own: PerState, added: PerState) -> PerState:
    """What the lever adds in fact, share of GDP: no cut beyond what is spent, none above `MOST`."""
    output = 1e3 * world.gdp * world.capacity
    most = MOST * armament.absorption * world.consumption
    return jnp.clip(added, -own / output, jnp.maximum((most - own) / output, 0.0))


def spent(armament: Armament, world: World, own: PerState, added: PerState) -> PerState:
    """Spending of the year, million USD of the base year; from nil to `MOST` of what is there.

    ``own``: without the lever. ``added``: share of GDP on top, the lever's; it is not carried into
    later years, so it counts once in every year it stands.
    """
    wanted = own + added * 1e3 * world.gdp * world.capacity
    return jnp.clip(wanted, 0.0, MOST * armament.absorption * world.consumption)


def left(armament: Armament, income: PerState, milex: PerState) -> PerState:
    """Real consumption without defence, ratio to the base year.

    ``income``: real final spending, defence included, ratio to the base year. ``milex``: million
    USD of the base year, less output that it called forth. A state keeps its ratio where what it
    spends on arms moves with income.
    """
    civil = armament.absorption * income - milex
    return civil / (armament.absorption - armament.spending)


def raised(armament: Armament, world: World, added: PerState) -> PerState:
    """Output that new spending calls forth, million USD of the base year.

    ``added``: share of GDP, the lever's. Of the multiplier `at_once` comes in the year itself and
    the rest a year later; what output is used to no longer counts, so that the sum is below zero
    where less is added than before.
    """
    reached = armament.at_once * added + (1.0 - armament.at_once) * world.effort_last
    unused = reached - world.effort_usual
    return armament.multiplier * unused * 1e3 * world.gdp * world.capacity


def reaction(armament: Armament, spending: PerState) -> PerState:
    """Log change of spending that answers rivals and allies as they stood last year."""
    if armament.rivals is None or armament.allies is None:
        return jnp.zeros_like(spending)
    rivals = followed(armament.rivals, spending, armament.spending)
    allies = followed(armament.allies, spending, armament.spending)
    return armament.rivals_response * rivals + armament.allies_response * allies


def armament_from(world: World, numbers: Mapping[str, Parameter]) -> Armament:
    """The mechanism for a filled world: nobody watches anybody.

    Parameters
    ----------
    world
        A world that went through `comity.world.given.door`.
    numbers
        The book ``armament/numbers.toml``.
    """
    nil = jnp.asarray(0.0)
    values = {name: jnp.asarray(number.value) for name, number in numbers.items()}
    foreign = 1.0 - jnp.eye(world.count)
    base = calibrate(world.sales, foreign * world.goods * world.tariff, world.value_added_share)
    return Armament(
        base=world.milex / (1e3 * world.gdp),
        spending=world.milex,
        absorption=base.final,
        rivals=None,
        allies=None,
        rivals_response=nil,
        allies_response=nil,
        **values,
    )


def reacting(
    armament: Armament, rivals: PerDyad, allies: PerDyad, numbers: Mapping[str, Parameter]
) -> Armament:
    """The same mechanism with rivals' and allies' spending in it: an option, off by default.

    Parameters
    ----------
    armament
        From `armament_from`.
    rivals, allies
        1 where the row's state watches the column's, else 0; for allies `World.obligation` turned
        round (who is owed watches who owes).
    numbers
        The book ``armament/reactions.toml``.
    """
    return replace(
        armament,
        rivals=rivals,
        allies=allies,
        rivals_response=jnp.asarray(numbers["rivals_response"].value),
        allies_response=jnp.asarray(numbers["allies_response"].value),
    )
