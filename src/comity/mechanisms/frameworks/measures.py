"""Measures of frameworks for an actor: its share of bridges, its rank in them, frameworks alive."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.engine.measures import Block, Outcome
from comity.world.snapshot import table

# Frameworks that decide on new members one by one and have applicants.
ENLARGED = ("CPTPP", "EU", "NATO", "BRICS")
SHARE = {"en": "% of all links, last year", "ja": "全連結に占める%（最終年）"}


def _share(block: Block) -> np.ndarray:
    return 100.0 * block.of_actor("bridging")[..., -1]


def _rank(block: Block) -> np.ndarray:
    everyone = block.series["bridging"][..., -1, :]
    own = block.of_actor("bridging")[..., -1]
    place = 1.0 + (everyone > own[..., None]).sum(axis=-1)
    return np.where(np.isfinite(own), place, np.nan)


def _alive(block: Block) -> np.ndarray:
    return block.of_actor("alive")[..., -1]


def _row(name: str) -> int:
    """Row of a framework; those that a plan founds come after the snapshot's."""
    return sorted(table("frameworks")["id"]).index(name)


def _enlarged(name: str) -> Callable[[Block], np.ndarray]:
    """100 where the framework has a new member at the end that it lacks without the scenario."""

    def reduce(block: Block) -> np.ndarray:
        members = block.series["members"][..., -1, _row(name)]
        gained = members - members[:, :1]
        # A member of a merged region counts as the share of the region's GDP that it is.
        return np.where(np.isfinite(gained), 100.0 * (gained > 1e-6), np.nan)

    return reduce


def _enlargement(name: str) -> Outcome:
    return Outcome(
        f"enlarged.{name}",
        {"en": f"{name} lets in a new member", "ja": f"{name}に新規加盟"},
        {"en": "% of futures", "ja": "将来に占める%"},
        "none",
        "D",
        {
            "en": f"Whether {name} has a member at the end that it lacks without the scenario.",
            "ja": f"シナリオがない場合にはいない加盟国が最終年に{name}にいるか。",
        },
        _enlarged(name),
    )


def frameworks_outcomes(actor: str) -> tuple[Outcome, ...]:
    """Return the measures of the option ``frameworks`` for an actor."""
    return (
        Outcome(
            "bridging",
            {"en": "Bridging new and old frameworks", "ja": "新旧枠組みの橋渡し"},
            SHARE,
            "higher",
            "D",
            {
                "en": "Share of the links between frameworks founded since 2015 and older ones "
                "that runs through the state; pairs are shared by those in both.",
                "ja": "2015年以降に創設された枠組みとそれ以前の枠組みを結ぶ連結のうち、その国を"
                "通るものの割合。両方に属する国で等分する。",
            },
            _share,
        ),
        Outcome(
            "bridging_rank",
            {"en": "Rank in bridging", "ja": "橋渡しの順位"},
            {"en": "place, last year", "ja": "位（最終年）"},
            "lower",
            "D",
            {
                "en": "Place among all states and regions of the world in bridging; 1 is first.",
                "ja": "橋渡しにおける全ての国・地域の中での順位。1位が最大。",
            },
            _rank,
        ),
        Outcome(
            "frameworks_alive",
            {"en": "Living frameworks", "ja": "活動中の枠組み"},
            {"en": "frameworks, expected, last year", "ja": "枠組みの数（期待値、最終年）"},
            "higher",
            "D",
            {
                "en": "Expected number of the state's frameworks that make progress on what they "
                "are for, rather than go on without it.",
                "ja": "その国が属する枠組みのうち、形骸化せず目的に向けて進んでいるものの期待数。",
            },
            _alive,
        ),
        *(_enlargement(name) for name in ENLARGED),
    )
