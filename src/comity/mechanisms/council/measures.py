"""Measures of the Security Council: deadlock by topic, and the voting power of the actor's seat."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.engine.measures import Block, Outcome
from comity.registry.axes import TOPICS

NAMES = {
    "interstate": ("between states", "国家間"),
    "civil": ("civil", "内戦"),
    "internationalised": ("civil with foreign troops", "外国軍の加わる内戦"),
}


def _deadlock(place: int) -> Callable[[Block], np.ndarray]:
    """Percent of recurring conflicts of a topic, averaged over the years."""

    def reduce(block: Block) -> np.ndarray:
        return 100.0 * block.series["deadlock"][..., place].mean(-1)

    return reduce


def _power(block: Block) -> np.ndarray:
    """Percent of all voting power, averaged over the years."""
    return 100.0 * block.of_actor("council_power").mean(-1)


def council_outcomes(actor: str) -> tuple[Outcome, ...]:
    """Return deadlock by topic, and the Shapley-Shubik index of the actor in the Council."""
    deadlock = tuple(
        Outcome(
            f"deadlock.{topic}",
            {
                "en": f"Council deadlock, {NAMES[topic][0]} conflicts",
                "ja": f"安保理の膠着({NAMES[topic][1]})",
            },
            {"en": "% of recurring conflicts a year", "ja": "繰り返す紛争に占める年間の%"},
            "lower",
            "C",
            {
                "en": "Chance that vetoes stop a draft on a recurring conflict in a year.",
                "ja": "繰り返す紛争に関する決議案が一年のうちに拒否権で阻まれる確率。",
            },
            _deadlock(TOPICS.index(topic)),
        )
        for topic in TOPICS
    )
    return (
        *deadlock,
        Outcome(
            "council_power",
            {"en": "Voting power in the Security Council", "ja": "安保理での投票力"},
            {
                "en": "% (Shapley-Shubik), mean over the years",
                "ja": "%(シャープレイ=シュービック指数、期間平均)",
            },
            "none",
            "B",
            {
                "en": "How often the actor's seat turns a vote by the rule alone; 0 without one.",
                "ja": "規則だけから見て、その国の議席が採決の行方を決める頻度。議席がなければ0。",
            },
            _power,
        ),
    )
