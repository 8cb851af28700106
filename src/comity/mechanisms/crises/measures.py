"""Measures of crises: how a scenario changes the odds of a challenge, of being left alone, of war.

All are changes against the same future without the scenario; no chance of a war is reported by
itself. A flashpoint is measured where the actor is challenger, target or protector, and at Korea
and the Taiwan Strait for every actor.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.engine.measures import Block, Outcome
from comity.registry import flashpoints as library
from comity.registry.axes import flashpoints
from comity.world.regions import default_focus

ALWAYS = ("korea", "taiwan-strait")
ODDS = {
    "en": "% change of the yearly odds, mean over the years",
    "ja": "年間オッズの変化率(%、期間平均)",
}


def concerned(actor: str) -> tuple[library.Flashpoint, ...]:
    """Flashpoints of the focus world that are measured for an actor, by name."""
    focus = {*default_focus(), actor}
    found = []
    for point in library.flashpoints():
        sides = {point.challenger, point.target}
        part = actor in sides | {p.state for p in point.protectors} or point.name in ALWAYS
        if part and sides <= focus and point.under_way is None:
            found.append(point)
    return tuple(found)


def _here(point: library.Flashpoint, block: Block) -> bool:
    return {point.challenger, point.target} <= set(block.states)


def _odds(field: str, point: library.Flashpoint) -> Callable[[Block], np.ndarray]:
    """Percent by which odds differ from those without the scenario, geometric mean over years."""
    place = flashpoints().index(point.name)

    def reduce(block: Block) -> np.ndarray:
        if not _here(point, block):
            return np.full(block.ok.shape, np.nan)
        odds = block.series[field][..., place]
        return 100.0 * np.expm1((odds - odds[:, :1]).mean(-1))

    return reduce


def _points(field: str, point: library.Flashpoint) -> Callable[[Block], np.ndarray]:
    """Points by which a chance differs in the last year."""
    place = flashpoints().index(point.name)

    def reduce(block: Block) -> np.ndarray:
        if not _here(point, block):
            return np.full(block.ok.shape, np.nan)
        last = 100.0 * block.series[field][..., -1, place]
        return last - last[:, :1]

    return reduce


def _own_wars(actor: str) -> Callable[[Block], np.ndarray]:
    """Years of war at flashpoints of the actor, less those without the scenario."""
    places = [
        i
        for i, point in enumerate(library.flashpoints())
        if actor in (point.challenger, point.target)
    ]

    def reduce(block: Block) -> np.ndarray:
        years = block.series["war_fought"][..., places].sum((-1, -2))
        return years - years[:, :1]

    return reduce


def commitment_outcomes(actor: str) -> tuple[Outcome, ...]:
    """Credibility and durability of protection at the flashpoints that concern the actor."""
    kinds = (
        (
            "protection",
            "credibility",
            ("Credibility of protection", "保護の信頼性"),
            (
                "Change of the chance that some protector joins a target that resists.",
                "抵抗する被挑戦国に保護国が加わる確率の変化。",
            ),
        ),
        (
            "durability",
            "durability",
            ("Durability of commitments", "約束の持続性"),
            (
                "Change of the chance that protectors' commitments have not lapsed.",
                "保護国の約束が失効していない確率の変化。",
            ),
        ),
    )
    return tuple(
        Outcome(
            f"{word}.{point.name}",
            {"en": f"{label[0]}: {point.title['en']}", "ja": f"{label[1]}：{point.title['ja']}"},
            {"en": "percentage points, last year", "ja": "%ポイント(最終年)"},
            "none",
            "D",
            {"en": reading[0], "ja": reading[1]},
            _points(field, point),
        )
        for point in concerned(actor)
        for field, word, label, reading in kinds
        if point.protectors
    )


def crises_outcomes(actor: str) -> tuple[Outcome, ...]:
    """Change in the odds of a challenge, of resisting alone and of war, by flashpoint."""
    kinds = (
        (
            "challenge_odds",
            "challenge",
            "C",
            ("Risk of a challenge", "挑戦の危険"),
            (
                "A challenge is a threat, display or use of force.",
                "挑戦とは武力の威嚇・誇示・行使。",
            ),
        ),
        (
            "unprotected_odds",
            "unprotected",
            "D",
            ("Risk of protection failing", "保護が果たされない危険"),
            (
                "A challenge comes, the target resists and no protector joins.",
                "挑戦を受けて抵抗した国に、どの保護国も加わらない。",
            ),
        ),
        (
            "war_odds",
            "war",
            "D",
            ("Risk of war", "戦争の危険"),
            ("A challenge comes and becomes a war.", "挑戦が戦争に至る。"),
        ),
    )
    return tuple(
        Outcome(
            f"{word}.{point.name}",
            {"en": f"{label[0]}: {point.title['en']}", "ja": f"{label[1]}：{point.title['ja']}"},
            ODDS,
            # Whether a target should be protected is for its friends and foes to judge.
            "none" if word == "unprotected" else "lower",
            grade,
            {"en": reading[0], "ja": reading[1]},
            _odds(field, point),
        )
        for point in concerned(actor)
        for field, word, grade, label, reading in kinds
        if word != "unprotected" or point.protectors
    )


def war_outcomes(actor: str) -> tuple[Outcome, ...]:
    """Years of war of the actor at its flashpoints."""
    return (
        Outcome(
            f"war_years.{actor}",
            {"en": "Years of war at its flashpoints", "ja": "自国の係争地での戦争年数"},
            {
                "en": "years, against the same future without the scenario",
                "ja": "年(シナリオがない同じ将来との差)",
            },
            "lower",
            "D",
            {
                "en": "Wars are drawn by luck that both futures share: read the mean, not one.",
                "ja": "戦争は両方の将来に共通の乱数で決まる。個々の将来でなく平均を読む。",
            },
            _own_wars(actor),
        ),
    )
