"""What must hold in every solved future of a random scenario, computed anew by hand.

Nothing here goes through the compiled programme: moves are added up state by state from the
scenario itself, and trade is accounted for from prices by the equations of its paper. Each look
gives the largest deviation that it finds; `TOLERANCE` says how far that may go.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from comity.engine.contract import key_of
from comity.mechanisms.armament import MOST
from comity.mechanisms.catalogue import DEFAULT, levers
from comity.models.trade.partner_share import FLOOR
from comity.registry.axes import CHANNELS
from comity.scenarios.moves import Move
from comity.scenarios.rules import Rule
from comity.study.ensemble import SCENARIO, Ensemble
from comity.world.regions import region_of
from fuzz.drafts import NEW, YEARS, words
from fuzz.one_shape import LEDGER, Ground, Ledger

Series = Mapping[str, np.ndarray]

# Chances, shares and the like, by the largest value they may have; none is below 0.
UNIT = (
    *("membership", "survival", "protection", "durability", "vitality", "deadlock", "standing"),
    *("credibility", "commitments_kept", "council_power", "bridging", "trade_left", "war_fought"),
    "government_stands",
)
POSITIVE = (
    *("price", "ledger_price", "capacity", "consumption", "ledger_income", "ledger_cost"),
    "ledger_capacity",
)
NOT_NEGATIVE = ("openness", "milex", "military_stock", "members", "alive", "ledger_tariff")


class Here:
    """The common ground in NumPy: states of each entity, the base year's trade, who is in what."""

    def __init__(self, ground: Ground) -> None:
        over = ground.over
        self.ground = ground
        self.entities = over.world.states
        self.frameworks = over.world.frameworks
        self.states = over.full.states
        regions = region_of()
        rows = [self._entity(state, regions) for state in self.states]
        self.row = dict(zip(self.states, rows, strict=True))
        gdp = np.asarray(over.full.gdp)
        whole = np.bincount(rows, gdp, len(self.entities))
        # Weight of a state in its entity, and how many states there are in each.
        self.weight = np.zeros((len(self.states), len(self.entities)))
        self.weight[np.arange(len(rows)), rows] = gdp / whole[rows]
        self.many = np.bincount(rows, minlength=len(self.entities)).astype(float)
        self.base_members = np.array(
            [[s in words().members.get(f, ()) for s in self.states] for f in self.frameworks],
            float,
        )
        self.base_shares = self.base_members @ self.weight
        self.place = {state: n for n, state in enumerate(self.states)}

    def _entity(self, state: str, regions: Mapping[str, str]) -> int:
        return self.entities.index(state if state in self.entities else regions[state])

    @cached_property
    def sales(self) -> Float[np.ndarray, "N N"]:
        """Sales of the base year, row to column, at producer prices."""
        return self.ground.base("sales")

    @cached_property
    def tariff(self) -> Float[np.ndarray, "N N"]:
        """Tariff of the base year on the whole flow."""
        abroad = 1.0 - np.eye(len(self.entities))
        return abroad * self.ground.base("goods") * self.ground.base("tariff")

    @cached_property
    def final(self) -> Float[np.ndarray, " N"]:
        """Final spending of the base year: value added, tariff revenue and deficit."""
        made, bought = self.sales.sum(1), self.sales.sum(0)
        revenue = (self.sales * self.tariff).sum(0)
        return self.ground.base("value_added_share") * made + revenue + bought - made

    @cached_property
    def openness(self) -> Float[np.ndarray, " N"]:
        """Exports and imports of the base year over value added."""
        home = np.diagonal(self.sales)
        both = self.sales.sum(1) + self.sales.sum(0) - 2.0 * home
        return both / (self.ground.base("value_added_share") * self.sales.sum(1))

    @cached_property
    def fields_of(self) -> dict[str, set[str]]:
        """Mechanisms that write each field."""
        found: dict[str, set[str]] = {}
        for mechanism in self.ground.mechanisms:
            for field in mechanism.writes:
                found.setdefault(field, set()).add(mechanism.name)
        return found


@dataclass(frozen=True)
class Seen:
    """A solved future: the scenario on the common ground, and every year of what was kept."""

    here: Here
    made: Ensemble
    number: int
    series: Series

    def drawn(self, name: str) -> float | str:
        """What was drawn of an uncertainty or number."""
        return self.made.drawn[name].iloc[0]

    @cached_property
    def moves(self) -> list[tuple[Move, Float[np.ndarray, " T"]]]:
        """Moves, each with its weight in every year: days, branch, number, rule, act."""
        document = self.made.arms[0].documents[0]
        plain = [(move, self._weight(move)) for move in document.moves]
        ruled = [(r.move, self._weight(r.move) * self._fired(r)) for r in document.rules]
        return [*plain, *ruled]

    def of(self, *names: str) -> list[tuple[Move, Float[np.ndarray, " T"]]]:
        """Moves of some levers."""
        return [(move, weight) for move, weight in self.moves if move.lever in names]

    def _weight(self, move: Move) -> Float[np.ndarray, " T"]:
        year = np.array(YEARS, float)
        days = np.clip(np.minimum(move.stop, year + 1) - np.maximum(move.start, year), 0.0, 1.0)
        branch = all(self.drawn(name) in options for name, options in move.when.items())
        number = float(self.drawn(move.scale)) if move.scale else 1.0
        return days * branch * number * self._stands(move)

    def _fired(self, rule: Rule) -> Float[np.ndarray, " T"]:
        """Whether a rule fires in each year: by what was observed at the end of the one before."""
        at, to = self.here.row[rule.state], self.here.row[rule.partner or rule.state]
        before, later = {
            "tariff": (0.0, self.series["ledger_levy"][:, to, at]),
            "consumption": (1.0, self.series["consumption"][:, at]),
            "openness": (self.here.openness[at], self.series["openness"][:, at]),
        }[rule.observable]
        observed = np.concatenate([[before], later[:-1]])
        over = observed > rule.threshold
        return (over if rule.comparator == ">" else observed < rule.threshold).astype(float)

    def _stands(self, move: Move) -> Float[np.ndarray, " T"]:
        """Whether an act that may be checked stands in each year."""
        if not move.channel:
            return np.ones(len(YEARS))
        act = f"{SCENARIO}.{move.actors[0]}.{move.instrument or f'{move.lever}.{move.start:g}'}"
        root = jax.random.key(jnp.uint32(self.here.ground.seed))
        key = key_of("acts", root, jnp.uint32(self.number), jnp.uint32(0))
        luck = float(jax.random.uniform(jax.random.fold_in(key, zlib.crc32(act.encode()))))
        state, channel = self.here.row[move.actors[0]], CHANNELS.index(move.channel)
        survival = self._before("survival")[:, state, channel]
        delay = self._before("reversal_delay")[:, channel]
        return ((luck < survival) | (np.array(YEARS) < move.start + delay)).astype(float)

    def _before(self, field: str) -> np.ndarray:
        """A field as each year found it."""
        return np.concatenate([self.here.ground.base(field)[None], self.series[field][:-1]])


def finite(seen: Seen) -> float:
    """Share of kept values that are not finite; none may be."""
    bad = [np.mean(~np.isfinite(values)) for values in seen.series.values()]
    return float(max(bad))


def within(seen: Seen) -> float:
    """How far a share or chance leaves 0 to 1, or what cannot be below 0 does."""
    worst = 0.0
    for name in UNIT:
        values = seen.series[name]
        worst = max(worst, -values.min(), values.max() - 1.0)
    for name in ("depth", "new_agreement"):
        worst = max(worst, np.abs(seen.series[name]).max() - 1.0)
    for name in (*POSITIVE, *NOT_NEGATIVE):
        worst = max(worst, -seen.series[name].min())
    return float(max(worst, *(float((seen.series[name] <= 0).any()) for name in POSITIVE)))


def resting(seen: Seen) -> float:
    """How far a field has moved whose mechanisms are all off."""
    on = {*DEFAULT, Ledger.name, *seen.made.options}
    still = [f for f in seen.series if f not in LEDGER and not seen.here.fields_of[f] & on]
    moved = [np.abs(seen.series[f] - seen.here.ground.base(f)).max() for f in still]
    return float(max(moved, default=0.0))


def members(seen: Seen) -> Float[np.ndarray, " N"]:
    """Largest gap of each entity's memberships to the list made by hand.

    State by state: in at the base year, or joined, or a founder; and not out. An entity is in as
    far as the GDP of its states is.
    """
    here, moves = seen.here, seen.of("join", "found", "leave")
    expected = np.repeat(here.base_shares[None], len(YEARS), axis=0)
    for row in {here.frameworks.index(str(move.framework)) for move, _ in moves}:
        inside = np.repeat(here.base_members[None, row], len(YEARS), axis=0)
        for move, weight in moves:
            if move.framework == here.frameworks[row]:
                of = [here.place[state] for state in move.actors]
                inside[:, of] += (-1.0 if move.lever == "leave" else 1.0) * weight[:, None]
        expected[:, row] = np.clip(inside, 0.0, 1.0) @ here.weight
    return np.abs(seen.series["membership"] - expected).max(axis=(0, 1))


def members_of_states(seen: Seen) -> float:
    """Memberships by date, of states that stand alone."""
    return float(members(seen)[seen.here.many == 1].max())


def members_of_regions(seen: Seen) -> float:
    """Memberships by date, of regions: the share of their GDP that is in."""
    return float(members(seen)[seen.here.many > 1].max(initial=0.0))


def founded(seen: Seen) -> float:
    """Membership of a framework before anybody has founded it."""
    worst = 0.0
    for name in NEW:
        starts = [m.start for m, weight in seen.of("found") if m.framework == name and any(weight)]
        early = np.array(YEARS) + 1 <= min(starts, default=np.inf)
        row = seen.here.frameworks.index(name)
        worst = max(worst, seen.series["membership"][early, row].max(initial=0.0))
    return float(worst)


def counted(seen: Seen) -> float:
    """Members counted by `frameworks` against the sum of memberships, relative."""
    if "frameworks" not in seen.made.options:
        return 0.0
    expected = seen.series["membership"] @ seen.here.many
    return float((np.abs(seen.series["members"] - expected) / np.maximum(expected, 1.0)).max())


def forces(seen: Seen) -> float:
    """Troops moved between two entities against the moves added up by hand, thousands."""
    here, lever = seen.here, levers()["forces"]
    expected = np.zeros_like(seen.series["ledger_forces"])
    one_hot = (here.weight > 0).astype(float)
    for move, weight in seen.of("forces"):
        pairs = np.outer(np.isin(here.states, move.actors), np.isin(here.states, move.targets))
        pairs = pairs.astype(float) * (1.0 - np.eye(len(here.states)))
        moved = move.value * (one_hot.T @ pairs @ one_hot)
        expected += weight[:, None, None] * moved
    room = np.outer(here.many, here.many)
    expected = np.clip(expected, lever.low * room, lever.high * room)
    return float(np.abs(seen.series["ledger_forces"] - expected).max())


def partners(seen: Seen) -> float:
    """How far the shares of a state's partners in its trade leave 0 to 1, or miss 1 together."""
    both = (seen.here.sales + seen.here.sales.T) * (1.0 - np.eye(len(seen.here.sales)))
    then = 100.0 * both / both.sum(1)[:, None]
    now = np.exp(seen.series["partner_share"]) * (then + FLOOR) - FLOOR
    return float(max(np.abs(now.sum(2) / 100.0 - 1.0).max(), -now.min() / 100.0))


def bridges(seen: Seen) -> float:
    """How far shares in bridging miss 1 together, where there are any."""
    sums = seen.series["bridging"].sum(1)
    return float(np.minimum(np.abs(sums - 1.0), np.abs(sums)).max())


@dataclass(frozen=True)
class Accounts:
    """Trade of each year by the equations of the paper, from prices alone; (T, ...)."""

    flows: Float[np.ndarray, "T N N"]
    output: Float[np.ndarray, "T N"]
    index: Float[np.ndarray, "T N"]
    revenue: Float[np.ndarray, "T N"]


def accounts(seen: Seen) -> Accounts:
    """c^-e k^-e to shares, shares and deficits to flows; see `models.trade.trade_equilibrium`."""
    here, series = seen.here, seen.series
    e, gamma = float(seen.drawn("trade.elasticity")), here.ground.base("value_added_share")
    paid = here.sales * (1.0 + here.tariff)
    levied, price = series["ledger_tariff"], series["ledger_price"]
    dearer = series["ledger_cost"] * (1.0 + levied) / (1.0 + here.tariff)
    pull = paid / paid.sum(0) * (price[:, :, None] * dearer) ** -e
    total = pull.sum(1)
    index = total ** (-1.0 / e)
    wage = (price / index ** (1.0 - gamma)) ** (1.0 / gamma)
    output = here.sales.sum(1) * series["ledger_capacity"] * wage
    share = pull / total[:, None, :]
    deficit = here.sales.sum(0) - here.sales.sum(1)
    spent = (output + deficit) / (share / (1.0 + levied)).sum(1)
    flows = share * spent[:, None, :] / (1.0 + levied)
    return Accounts(flows, output, index, (levied * flows).sum(1))


def trade(seen: Seen) -> dict[str, float]:
    """Markets, balances, the numeraire, income and openness, each relative."""
    here, found = seen.here, accounts(seen)
    gamma = here.ground.base("value_added_share")
    deficit = here.sales.sum(0) - here.sales.sum(1)
    sold, bought = found.flows.sum(2), found.flows.sum(1)
    home = np.diagonal(found.flows, axis1=1, axis2=2)
    base_income, income = gamma * here.sales.sum(1), gamma * found.output
    consumption = (income + found.revenue + deficit) / found.index / here.final
    openness = (sold + bought - 2.0 * home) / income
    return {
        "markets": float(np.abs(sold / found.output - 1.0).max()),
        "balance": float((np.abs(bought - sold - deficit) / found.output).max()),
        "world": float(np.abs(income.sum(1) / base_income.sum() - 1.0).max()),
        "income": float(np.abs(seen.series["ledger_income"] / consumption - 1.0).max()),
        "openness": float(np.abs(seen.series["ledger_openness"] / openness - 1.0).max()),
    }


def spending(seen: Seen) -> float:
    """How far military spending passes what there is to spend, relative."""
    there = MOST * seen.here.final * seen.series["ledger_income"]
    return float((seen.series["milex"] / there - 1.0).max())


LOOKS: dict[str, Callable[[Seen], float]] = {
    "every number is finite": finite,
    "shares and chances from 0 to 1, prices, output and spending not below 0": within,
    "what no mechanism in force writes does not move": resting,
    "memberships by date, states": members_of_states,
    "memberships by date, regions": members_of_regions,
    "no member before the founding": founded,
    "members counted": counted,
    "troops moved, thousands": forces,
    "shares of trade partners sum to 1": partners,
    "shares in bridging sum to 1 or 0": bridges,
    "military spending within what there is": spending,
}
# Of the accounts of trade, which are made once for all of them.
TRADE = {
    "markets": "markets clear: sales over output",
    "balance": "imports less exports are the deficit of the base year, over output",
    "world": "world income is the unit",
    "income": "consumption from prices",
    "openness": "openness from flows",
}
TOLERANCE = dict.fromkeys((*LOOKS, *TRADE.values()), 1e-8)
TOLERANCE["every number is finite"] = 0.0


def deviations(seen: Seen) -> dict[str, float]:
    """What every look finds; infinite where a look itself meets what is not finite."""
    with np.errstate(all="ignore"):
        found = {name: look(seen) for name, look in LOOKS.items()}
        found |= {TRADE[name]: value for name, value in trade(seen).items()}
    return {name: value if np.isfinite(value) else np.inf for name, value in found.items()}


def broken(found: Mapping[str, float]) -> list[str]:
    """Looks that found more than they may."""
    return [name for name, value in found.items() if value > TOLERANCE[name]]
