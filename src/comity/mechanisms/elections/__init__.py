"""Elections and succession on the days that the law fixes.

Where a constitution says when a term ends and how many terms a head of government may have, the
calendar foresees changes: one whose terms are used up goes, one who may stand keeps office with a
chance, and few go in between [goemans2009introducing]; on years not seen its log score is half that
of a hazard without a calendar (docs/replications/leadership.md).  Who governs is on record up to
2026; later changes are drawn, and with them whether the new government is of the same side.
`government_stands` is 1 until another side governs.  By itself it moves nothing: what a type of
government does ends with it where the lever `ends_with_government` says so (`leadership`).
Simplified: one chance for all who may stand; a side that is gone does not come back; states where
parliament may be dissolved, or no day is fixed, keep their government. Do not trust it for a named
election, nor for a law that is about to be changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from comity.core.parameters import Parameter
from comity.core.types import PerState, PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.models.institutions.succession import (
    UNLIMITED,
    change_chance,
    days_by_law,
    draw_changes,
    next_terms,
)
from comity.world.given import World
from comity.world.snapshot import table

# Who holds office is on record to September 2026 (`terms` of the table).
DRAWN_FROM = 2027
YEARS = 100  # of the calendar; longer runs repeat no day


class Elections(AbstractMechanism):
    """Whether the side that governs at the end of the record still does."""

    name: ClassVar[str] = "elections"
    book: ClassVar[str] = "elections"
    phase: ClassVar[str] = "leadership"
    reads: ClassVar[tuple[str, ...]] = ("slot", "government_stands", "terms_begun", "years_passed")
    lagged: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("government_stands", "terms_begun", "years_passed")
    reference: ClassVar[str] = "goemans2009introducing"
    levers: ClassVar[tuple[str, ...]] = ()
    keeps: ClassVar[tuple[str, ...]] = ("government_stands",)

    due: Float[Array, "Y N"]
    drawn: Float[Array, " Y"]
    by_law: PerState
    limit: PerState
    terms: PerState
    log_odds_kept: Scalar
    log_odds_between: Scalar
    log_odds_same_side: Scalar
    same_side_between: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Elections:
        """The mechanism for a world; a state merged away keeps its government."""
        years = world.year + 1 + np.arange(YEARS)
        due, limit = np.zeros((YEARS, world.count)), np.full(world.count, UNLIMITED)
        by_law, terms = np.zeros(world.count), np.zeros(world.count)
        rules = table("elections")
        rules = rules[rules["last"].isna() & rules.state.isin(world.states)]
        first, every = (rules[name].to_numpy(int) for name in ("first", "every"))
        days = days_by_law(first, every, np.full(len(rules), years[-1]), years)
        place = [world.states.index(state) for state in rules.state]
        due[:, place], by_law[place] = days.T, 1.0
        limit[place] = np.where(rules.limit > 0, rules.limit, UNLIMITED)
        # One term alone is the one that runs; where there is no limit it does not matter.
        terms[place] = rules.terms.fillna(1.0)
        return cls(
            due=jnp.asarray(due),
            drawn=jnp.asarray(np.where(years >= DRAWN_FROM, 1.0, 0.0)),
            by_law=jnp.asarray(by_law),
            limit=jnp.asarray(limit),
            terms=jnp.asarray(terms),
            **{name: jnp.asarray(number.value) for name, number in numbers.items()},
        )

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Let terms end and governments change in the year, where who governs is not on record."""
        t = jnp.clip(world.years_passed.astype(int), 0, YEARS - 1)
        due, drawn = self.due[t], self.drawn[t] * self.by_law
        # In the first year drawn it is the record's term that runs.
        begun = jnp.where((t > 0) & (self.drawn[t - 1] > 0), world.terms_begun, self.terms)
        kept, between = jax.nn.sigmoid(self.log_odds_kept), jax.nn.sigmoid(self.log_odds_between)
        chance = drawn * change_chance(due, begun >= self.limit, kept, between)
        on_day = jax.nn.sigmoid(self.log_odds_same_side)
        same = jnp.where(due > 0, on_day, self.same_side_between)
        changed, other_side = draw_changes(key, chance, same, world.slot)
        return {
            "government_stands": jnp.where(other_side, 0.0, world.government_stands),
            "terms_begun": jnp.where(drawn > 0, next_terms(begun, due, changed), self.terms),
            "years_passed": world.years_passed + 1.0,
        }
