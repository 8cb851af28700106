"""What a plan will cost, told before anything is computed: rows, minutes, megabytes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from comity.core.runtime import cores
from comity.core.toml_tables import read
from comity.core.words import Text, both, words
from comity.registry.states import ids
from comity.study.plan import Plan
from comity.world.regions import default_focus, region_names


@dataclass(frozen=True)
class Cost:
    """Futures by arms, what they come to, and about how long that takes and how large it gets."""

    futures: int
    arms: int
    rows: int
    years: int
    states: int
    minutes: float
    megabytes: float

    def record(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        return asdict(self)

    def said(self, key: str = "cost.said") -> Text:
        """The same in a sentence by language; ``key`` of the words that are filled."""
        figures = {name: f"{getattr(self, name):,}" for name in ("futures", "arms", "rows")}
        size = f"{self.megabytes:,.0f}" if self.megabytes >= 1 else f"{self.megabytes:.1f}"
        return both(
            words("comity.study")[key],
            years=self.years,
            states=self.states,
            minutes=f"{self.minutes:,.0f}" if self.minutes >= 10 else f"{self.minutes:.1f}",
            megabytes=size,
            **figures,
        )


def cost_of(plan: Plan) -> Cost:
    """Cost of a plan by the measured figures of ``library/cost.toml``; good to a factor of two."""
    return cost_of_arms(plan, len(plan.arms), {plan.actor}, len(plan.names))


def cost_of_arms(plan: Plan, arms: int, actors: Collection[str], kept: int = 0) -> Cost:
    """Cost of any number of arms in the futures and years of a plan.

    Parameters
    ----------
    plan
        What the arms share.
    arms, actors
        How many there are, and the states that stand apart for them.
    kept
        Arms whose series are kept in a folder; with none there is no folder.
    """
    known = read("comity.library", "cost.toml")
    world, futures = plan.request.world, plan.request.futures
    focus = {*default_focus(), *actors}
    states = len(focus) + len(region_names()) if world == "focus" else len(ids(plan.years[0]))
    rows, years = futures * arms, len(plan.years)
    pace = known["row_year_ms"]
    each = pace[world] * (1.0 + pace["option"] * len(plan.options))
    seconds = known["seconds"][world] + rows * years * each / 1e3 / max(cores(), 1)
    size = known["bytes"]
    series = futures * kept * years * states * size["state_year"]
    megabytes = (size["folder"] + rows * size["row"] + series) / 1e6 if kept else 0.0
    return Cost(futures, arms, rows, years, states, round(seconds / 60, 2), round(megabytes, 1))
