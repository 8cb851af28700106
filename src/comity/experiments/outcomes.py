"""What is measured for an actor, with direction, unit and grade; reduced from a chunk of futures.

A block holds the yearly series of a chunk with the futures without the scenario in strategy slot
zero, so that every effect is a paired difference within one future.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from comity.world import World

PARTNERS = ("CHN", "USA")


@dataclass(frozen=True)
class Block:
    """Results of F futures by S strategies (slot 0 = without the scenario).

    ``series[name]``: (F, S, T, N), or with another last axis (flashpoints, ...). ``losses``:
    (F, S, P), fall of the actor's real consumption in the last year, in %, were its trade with
    partner p cut off. ``ok``: (F, S).
    """

    states: tuple[str, ...]
    gdp: Float[np.ndarray, " N"]
    actor: str
    partners: tuple[str, ...]
    series: dict[str, Float[np.ndarray, "F S T *element"]]
    losses: Float[np.ndarray, "F S P"]
    ok: Bool[np.ndarray, "F S"]

    def of_actor(self, name: str) -> Float[np.ndarray, "F S T"]:
        """A series of the actor."""
        return self.series[name][..., self.states.index(self.actor)]

    def against_baseline(self, name: str) -> Float[np.ndarray, "F S T"]:
        """Percent by which the actor's series differs from the same future without the scenario."""
        own = self.of_actor(name)
        return 100.0 * (own / own[:, :1] - 1.0)


@dataclass(frozen=True)
class Outcome:
    """One measure: how it is read, which way is better, and how far it can be trusted."""

    name: str
    label: dict[str, str]
    unit: dict[str, str]
    direction: str
    grade: str
    reading: dict[str, str]
    reduce: Callable[[Block], Float[np.ndarray, "F S"]]

    def record(self, actor: str) -> dict:
        """Plain values for ``run.json``."""
        return {
            "name": self.name,
            "label": self.label,
            "unit": self.unit,
            "direction": self.direction,
            "grade": self.grade,
            "state": actor,
            "description": self.reading,
        }


def _mean(block: Block) -> np.ndarray:
    return block.against_baseline("consumption").mean(-1)


def _final(block: Block) -> np.ndarray:
    return block.against_baseline("consumption")[..., -1]


def _worst(block: Block) -> np.ndarray:
    return block.against_baseline("consumption").min(-1)


def _terms(block: Block) -> np.ndarray:
    return block.against_baseline("terms_of_trade")[..., -1]


def _openness(block: Block) -> np.ndarray:
    return 100.0 * block.of_actor("openness")[..., -1]


def _burden(block: Block) -> np.ndarray:
    place = block.states.index(block.actor)
    gdp = 1e3 * block.gdp[place] * block.of_actor("capacity")
    return (100.0 * block.of_actor("milex") / gdp)[..., -1]


def _world(block: Block) -> np.ndarray:
    total = block.series["consumption"] @ (block.gdp / block.gdp.sum())
    return (100.0 * (total / total[:, :1] - 1.0)).mean(-1)


def _exposure(partner: str) -> Callable[[Block], np.ndarray]:
    def reduce(block: Block) -> np.ndarray:
        return block.losses[..., block.partners.index(partner)]

    return reduce


def _exposure_change(partner: str) -> Callable[[Block], np.ndarray]:
    def reduce(block: Block) -> np.ndarray:
        loss = block.losses[..., block.partners.index(partner)]
        return loss - loss[:, :1]

    return reduce


PERCENT_OF_BASELINE = {
    "en": "% of the same future without the scenario",
    "ja": "同じ将来でシナリオがない場合に対する%",
}


def _consumption_outcomes() -> tuple[Outcome, ...]:
    return (
        Outcome(
            "consumption.mean",
            {"en": "Real consumption, mean over the years", "ja": "実質消費(期間平均)"},
            PERCENT_OF_BASELINE,
            "higher",
            "B",
            {
                "en": "Average over the years of the gap to the same future without the scenario.",
                "ja": "シナリオがない同じ将来との差の期間平均。",
            },
            _mean,
        ),
        Outcome(
            "consumption.final",
            {"en": "Real consumption, last year", "ja": "実質消費(最終年)"},
            PERCENT_OF_BASELINE,
            "higher",
            "B",
            {"en": "The same gap in the last year.", "ja": "最終年における同じ差。"},
            _final,
        ),
        Outcome(
            "consumption.worst",
            {"en": "Real consumption, worst year", "ja": "実質消費(最悪年)"},
            PERCENT_OF_BASELINE,
            "higher",
            "B",
            {
                "en": "The same gap in the year in which it is lowest.",
                "ja": "差が最も小さい(悪い)年の値。",
            },
            _worst,
        ),
        Outcome(
            "consumption.world",
            {"en": "World real consumption, mean over the years", "ja": "世界の実質消費(期間平均)"},
            PERCENT_OF_BASELINE,
            "higher",
            "B",
            {
                "en": "States weighted by their GDP of 2024.",
                "ja": "2024年GDPで加重した各国の平均。",
            },
            _world,
        ),
    )


def _trade_outcomes() -> tuple[Outcome, ...]:
    return (
        Outcome(
            "terms_of_trade.final",
            {"en": "Terms of trade, last year", "ja": "交易条件(最終年)"},
            PERCENT_OF_BASELINE,
            "higher",
            "B",
            {
                "en": "Price of what the state sells abroad against what it buys.",
                "ja": "輸出価格の輸入価格に対する比。",
            },
            _terms,
        ),
        Outcome(
            "openness.final",
            {"en": "Trade openness, last year", "ja": "貿易開放度(最終年)"},
            {"en": "% of value added", "ja": "付加価値の%"},
            "none",
            "B",
            {
                "en": "Exports plus imports over value added.",
                "ja": "輸出と輸入の合計の付加価値に対する比。",
            },
            _openness,
        ),
    )


def _burden_outcome() -> Outcome:
    return Outcome(
        "burden.final",
        {"en": "Military spending, last year", "ja": "防衛費（最終年）"},
        {"en": "% of GDP", "ja": "GDP比%"},
        "none",
        "A",
        {
            "en": "Military spending over productive capacity at the prices of 2024.",
            "ja": "2024年価格の生産能力に対する防衛費の比。",
        },
        _burden,
    )


def _exposure_outcome(partner: str, name: dict[str, str]) -> Outcome:
    return Outcome(
        f"exposure.{partner}",
        {"en": f"Exposure to {name['en']}, last year", "ja": f"{name['ja']}への依存リスク(最終年)"},
        {"en": "% of real consumption", "ja": "実質消費の%"},
        "lower",
        "B",
        {
            "en": f"Real consumption lost if trade with {name['en']} were cut off.",
            "ja": f"{name['ja']}との貿易が断たれた場合に失われる実質消費。",
        },
        _exposure(partner),
    )


def _exposure_change_outcome(partner: str, name: dict[str, str]) -> Outcome:
    return Outcome(
        f"exposure_change.{partner}",
        {
            "en": f"Exposure to {name['en']} against no scenario",
            "ja": f"{name['ja']}への依存リスクの変化",
        },
        {"en": "percentage points of real consumption", "ja": "実質消費の%ポイント"},
        "lower",
        "B",
        {
            "en": f"Exposure to {name['en']} less that in the same future without the scenario.",
            "ja": f"シナリオがない同じ将来と比べた{name['ja']}への依存リスクの差。",
        },
        _exposure_change(partner),
    )


def partners_of(actor: str, world: World) -> tuple[str, ...]:
    """Partners whose cut-off is measured: China and the United States, or the largest third."""
    others = [p for p in PARTNERS if p != actor]
    if len(others) == len(PARTNERS):
        return tuple(others)
    sales = np.asarray(world.sales)
    row = world.index(actor)
    both_ways = sales[row] + sales[:, row]
    order = [world.states[i] for i in np.argsort(-both_ways)]
    third = next(s for s in order if s not in (actor, *others) and not s.startswith("R_"))
    return (*others, third)


def _leadership(actor: str) -> tuple[Outcome, ...]:
    from comity.experiments.outcomes_institutions import leadership_outcomes

    return leadership_outcomes(actor)


def _checks(actor: str) -> tuple[Outcome, ...]:
    from comity.experiments.outcomes_institutions import checks_outcomes

    return checks_outcomes(actor)


def _council(actor: str) -> tuple[Outcome, ...]:
    from comity.experiments.outcomes_council import council_outcomes

    return council_outcomes(actor)


def _frameworks(actor: str) -> tuple[Outcome, ...]:
    from comity.experiments.outcomes_frameworks import frameworks_outcomes

    return frameworks_outcomes(actor)


def _commitment(actor: str) -> tuple[Outcome, ...]:
    from comity.experiments.outcomes_crises import commitment_outcomes

    return commitment_outcomes(actor)


def _crises(actor: str) -> tuple[Outcome, ...]:
    from comity.experiments.outcomes_crises import crises_outcomes

    return crises_outcomes(actor)


def _war(actor: str) -> tuple[Outcome, ...]:
    from comity.experiments.outcomes_crises import war_outcomes

    return war_outcomes(actor)


def _sectors(actor: str) -> tuple[Outcome, ...]:
    from comity.experiments.outcomes_sectors import sectors_outcomes

    return sectors_outcomes(actor)


# Measures of the mechanisms that can be switched on, by the option's name.
OPTIONAL: dict[str, Callable[[str], tuple[Outcome, ...]]] = {
    "leadership": _leadership,
    "checks": _checks,
    "frameworks": _frameworks,
    "council": _council,
    "commitment": _commitment,
    "crises": _crises,
    "war": _war,
    "sectors": _sectors,
}


def outcomes(
    actor: str, partners: tuple[str, ...], options: Collection[str] = ()
) -> tuple[Outcome, ...]:
    """All measures for an actor, in the order of reports; with options on, theirs too."""
    from comity.registry.states import name

    named = [(p, {"en": name(p, "en"), "ja": name(p, "ja")}) for p in partners]
    exposed = tuple(
        make(p, names)
        for p, names in named
        for make in (_exposure_outcome, _exposure_change_outcome)
    )
    extra = tuple(o for name, made in OPTIONAL.items() if name in options for o in made(actor))
    return (*_consumption_outcomes(), *exposed, *_trade_outcomes(), _burden_outcome(), *extra)
