"""Measures of the default year: consumption, terms of trade, openness, burden, exposure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.engine.measures import PERCENT_OF_BASELINE, Block, Outcome


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


def year_outcomes(partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Measures of the default year; exposure is to each of the partners."""
    from comity.registry.states import name

    named = [(p, {"en": name(p, "en"), "ja": name(p, "ja")}) for p in partners]
    exposed = tuple(
        make(p, names)
        for p, names in named
        for make in (_exposure_outcome, _exposure_change_outcome)
    )
    return (*_consumption_outcomes(), *exposed, *_trade_outcomes(), _burden_outcome())
