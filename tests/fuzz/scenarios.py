"""Random scenarios through one compiled program; what must hold is checked in each.

    PYTHONPATH=tests python -m fuzz.scenarios docs/explanation/reliability.md [--scenarios 10000]

Exit code 1 where a scenario raises, a look finds more than it may, there is more than one program,
a future is unsolved for any other reason than a lender's, or of those whose moves are no larger
than the library's one in a thousand or more are.
"""

from __future__ import annotations

import comity.core.runtime  # noqa: F401  (threads are set before NumPy is there)

# isort: split
import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import jax
import numpy as np

from comity.engine.programme import Programme
from comity.mechanisms.catalogue import levers
from comity.mechanisms.trade import Trade
from comity.models.trade.trade_equilibrium import farthest
from comity.scenarios.bounds import pushes
from comity.scenarios.scenario import Scenario, all_moves, library_names, load_scenario
from comity.scenarios.strategy import Strategy, load_strategy, strategy_card
from comity.study.ensemble import Ensemble
from comity.study.row import RowResult
from fuzz.conserved import TOLERANCE, Here, Seen, broken, deviations
from fuzz.drafts import DECADES, LEFT_OUT, YEARS, Drawn, drawn, words
from fuzz.one_shape import SLOTS, Ground, arm_of, blank, chunk_of, fits
from sections import put

SEED = 20261129
A_CHUNK = 32
OFTEN = 20  # chunks between two lines of progress
MOST = 1e-3  # share of futures that may be unsolved
LENDER = "a lender's surplus exceeds what it earns"


@dataclass
class Tally:
    """What a campaign has found so far.

    ``shapes``: how many scenarios have how many moves and rules, ``lever``: and move what;
    ``raised`` and ``faults`` are lines to print; ``worst``: largest deviation by look.
    """

    scenarios: int = 0
    refused: int = 0
    small: int = 0
    programs: int = 0
    shapes: Counter[int] = field(default_factory=Counter)
    lever: Counter[str] = field(default_factory=Counter)
    unsolved: Counter[tuple[str, bool]] = field(default_factory=Counter)
    lenders: Counter[str] = field(default_factory=Counter)
    raised: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    worst: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def flagged(self, small: bool = False) -> int:
        """How many futures are unsolved; of those with moves as in the library if ``small``."""
        return sum(n for (_, inside), n in self.unsolved.items() if inside or not small)

    def flagged_by(self, why: str) -> int:
        """How many futures are unsolved for a reason."""
        return sum(self.unsolved[why, inside] for inside in (False, True))

    @property
    def failed(self) -> bool:
        """Whether anything that must hold does not."""
        too_many = self.flagged(small=True) >= max(MOST * self.small, 1)
        return bool(self.raised or self.faults or too_many or self.programs != 1)


def sizes(found: Scenario | Strategy) -> Iterator[tuple[str, float]]:
    """Lever and largest size, of either sign, of every move that takes a value of its own."""
    doubts = {doubt.name: doubt for doubt in found.uncertainties}
    for push in pushes(all_moves(found.moves, found.rules), doubts):
        if push.move.mode in ("add", "set"):
            yield push.move.lever, max(abs(push.low), abs(push.high))


@cache
def library() -> dict[str, float]:
    """The largest move of each lever, of either sign, in scenarios and strategies that ship."""
    found: dict[str, float] = {}
    documents: list[Scenario | Strategy] = [
        load_scenario(name, words()) for name in library_names("scenario")
    ]
    for name in library_names("strategy"):
        actor, _ = strategy_card(name)
        documents.append(load_strategy(name, words(), "JPN" if actor == "ANY" else actor))
    for lever, size in (one for document in documents for one in sizes(document)):
        found[lever] = max(size, found.get(lever, 0.0))
    return found


def as_in_library(found: Scenario) -> bool:
    """Whether no move is larger than the library's of its lever; what none moves there is free."""
    return all(size <= library().get(lever, np.inf) for lever, size in sizes(found))


@jax.jit
def _end(base, elasticity, capacity, tariff, cost):  # noqa: ANN001, ANN202
    part, there = farthest(base, elasticity, capacity, tariff, cost)
    return part, there.consumption


def cause(here: Here, made: Ensemble, result: RowResult) -> tuple[str, str]:
    """Why a future is unsolved, and the lender if that is one's."""
    series = result.series
    lost = np.flatnonzero(~series["ledger_cleared"])
    if not len(lost):
        wild = [name for name, values in series.items() if not np.isfinite(values).all()]
        return (f"{', '.join(wild)} not finite" if wild else "a cut-off was not solved"), ""
    trade = next(m for m in here.ground.mechanisms if isinstance(m, Trade))
    at = [series[f"ledger_{name}"][lost[0]] for name in ("capacity", "tariff", "cost")]
    _, consumption = _end(trade.base, made.drawn["trade.elasticity"].iloc[0], *at)
    least = int(np.argmin(consumption))
    if consumption[least] <= 0 and trade.base.deficit[least] < 0:
        return LENDER, here.entities[least]
    return "markets not cleared", ""


def campaign(seed: int, scenarios: int, small: bool = False) -> Tally:
    """Draw, compile, run and look at as many scenarios; ``small``: moves as in the library."""
    ground, found = Ground(seed, scenarios), Tally()
    here, room = Here(ground), blank(ground.shared.programme, A_CHUNK)
    for number, first in enumerate(range(0, scenarios, A_CHUNK), start=1):
        numbers = range(first, min(first + A_CHUNK, scenarios))
        some = [drawn(seed, n, _small if small else fits) for n in numbers]
        _one_chunk(here, room, some, found)
        if number % OFTEN == 0:
            print(f"{found.scenarios:,} scenarios", file=sys.stderr, flush=True)
    found.programs = ground.run._cache_size()  # pyright: ignore[reportFunctionMemberAccess]
    return found


def _small(one: Scenario) -> bool:
    return fits(one) and as_in_library(one)


def _one_chunk(here: Here, room: Programme, some: Sequence[Drawn], found: Tally) -> None:
    """Run some scenarios side by side and look at each; what raises is told and left out."""
    made: list[Ensemble] = []
    ready: list[Drawn] = []
    for one in some:
        found.scenarios += 1
        found.refused += one.refused
        moves = all_moves(one.scenario.moves, one.scenario.rules)
        found.shapes[len(one.scenario.moves) + len(one.scenario.rules)] += 1
        found.lever.update({move.lever for move in moves})
        try:
            made.append(arm_of(here.ground, one))
            ready.append(one)
        except Exception as error:
            found.raised.append(f"{one.number}: {type(error).__name__}: {error}")
    if not made:
        return
    try:
        item = chunk_of(here.ground, room, made, [one.number for one in ready])
        results = jax.tree.map(np.asarray, here.ground.run(here.ground.shared, item))
    except Exception as error:
        found.raised += [f"{one.number}: {type(error).__name__}: {error}" for one in ready]
        return
    for place, one in enumerate(ready):
        _looked_at(here, one, made[place], jax.tree.map(lambda x, p=place: x[p], results), found)


def _looked_at(here: Here, one: Drawn, made: Ensemble, result: RowResult, found: Tally) -> None:
    small = as_in_library(one.scenario)
    found.small += small
    if not result.ok:
        why, lender = cause(here, made, result)
        found.unsolved[why, small] += 1
        if lender:
            found.lenders[lender] += 1
        return
    looks = deviations(Seen(here, made, one.number, result.series))
    for name, value in looks.items():
        found.worst[name] = max(found.worst[name], value)
    found.faults += [f"{one.number}: {name}: {looks[name]:.3g}" for name in broken(looks)]


def drawing(found: Tally) -> str:
    """How scenarios are drawn, in words."""
    moves = sum(n * many for n, many in found.shapes.items()) / max(found.scenarios, 1)
    several = sum(many for n, many in found.shapes.items() if n > 1) / max(found.scenarios, 1)
    return f"""How they are drawn: one to six moves and up to two rules ({moves:.1f} on average,
{100 * several:.0f} % have more than one), of all {len(levers())} levers alike; a state in half of
the moves, else two to five, a framework, all, all but two, or the actor; sizes even in logs over
{DECADES:g} decades up to the bound of the lever, so that a tariff lies between 0.01 and 10 and a
barrier between 0.1 and 100; a tenth lay a level down, some multiply one; dates from {YEARS[0]} to
{YEARS[-1]}; branches, consent, early ends, numbers with priors, channels, rules on tariffs,
consumption and openness; options that the moves need and, in half, others
({", ".join(LEFT_OUT)} apart, which no move needs). No draft is left out for what it does."""


def unsolved(found: Tally, wide: Tally) -> str:
    """How many futures are unsolved and why, in words and a table."""
    known = ", ".join(f"`{name}` {size:g}" for name, size in sorted(library().items()))
    free = [name for name, one in levers().items() if one.valued and name not in library()]
    lenders = ", ".join(f"{name} {many}" for name, many in wide.lenders.most_common())
    causes = sorted({why for why, _ in (*found.unsolved, *wide.unsolved)})
    counts = {why: [one.flagged_by(why) for one in (found, wide)] for why in causes}
    rows = [f"| {why} | {some} | {all_} |" for why, (some, all_) in counts.items()]
    lines = [
        f"Unsolved: {found.flagged()} of {found.scenarios:,} futures",
        f"({100 * found.flagged() / max(found.scenarios, 1):.2f} %; the target is less than",
        f"{100 * MOST:g} %). With sizes up to the bounds of the levers: {wide.flagged()} of",
        f"{wide.scenarios:,} ({100 * wide.flagged() / max(wide.scenarios, 1):.2f} %), which misses",
        "that target. The library's largest:",
        f"{known};",
        f"{', '.join(f'`{name}`' for name in free)} are moved by nothing that ships and go up to",
        "their bounds in both. See [Shocks without an equilibrium](no-equilibrium.md).",
        *([f"Lenders: {lenders}."] if lenders else []),
        "",
        "| why unsolved | sizes as in the library | up to the bounds |",
        "|---|---:|---:|",
        *rows,
    ]
    return "\n".join(lines)


def section(found: Tally, wide: Tally, seed: int, seconds: float) -> str:
    """The section of the page."""
    looks = [
        f"| {name} | {found.worst[name]:.1e} | {wide.worst[name]:.1e} | {TOLERANCE[name]:.0e} |"
        for name in TOLERANCE
    ]
    broken_ = [len({line.partition(":")[0] for line in one.faults}) for one in (found, wide)]
    return f"""## Random scenarios

{found.scenarios:,} scenarios are drawn as documents, read by the loader, compiled, padded to one
shape ({SLOTS} groups of moves a lever, a rule and an act for each, {len(YEARS)} years, focus world)
and run as rows of one compiled program, each with its own draw of every number and its own shocks.
No move is larger than the library's largest of its lever; {wide.scenarios:,} more go up to the
bounds of the levers. Programs compiled: {found.programs}, and {wide.programs}. Scenarios that
raised: {len(found.raised)}, and {len(wide.raised)}; that broke what must hold: {broken_[0]}, and
{broken_[1]}. {found.refused + wide.refused:,} drafts were drawn anew: the loader refuses them
(mostly moves that contradict each other), they do not fit the shape, or they are larger than the
library's. Seed {seed}; {seconds / 60:.0f} minutes of CPU time.

{drawing(wide)}

{unsolved(found, wide)}

In every solved future what follows is computed anew from the documents and from prices. Troops have
no account at home: what is moved to a host is checked there, sender by sender.

| must hold | largest deviation | up to the bounds | allowed |
|---|---:|---:|---:|
{chr(10).join(looks)}
"""


def main() -> int:
    """Run the campaign and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--scenarios", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    begun = time.process_time()
    found = campaign(asked.seed, asked.scenarios, small=True)
    wide = campaign(asked.seed, asked.scenarios)
    for line in (*found.raised, *found.faults, *wide.raised, *wide.faults):
        print(line)
    put(asked.page, "scenarios", section(found, wide, asked.seed, time.process_time() - begun))
    return int(found.failed or wide.failed)


if __name__ == "__main__":
    sys.exit(main())
