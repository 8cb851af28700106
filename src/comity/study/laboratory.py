"""Put a plan together: world, mechanisms, words that files may use, and the shared program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from comity.core.errors import BadInput
from comity.core.own_numbers import own_numbers
from comity.engine.measures import Outcome
from comity.engine.year import Shared
from comity.files.documents import read
from comity.mechanisms.catalogue import (
    chosen,
    levers,
    option_names,
)
from comity.registry import states as registry
from comity.scenarios.compile import Group
from comity.scenarios.scenario import Scenario, library_names, load_scenario
from comity.scenarios.strategy import Strategy, load_strategy, strategy_card
from comity.scenarios.together import load_scenarios, parts_of
from comity.scenarios.vocabulary import Vocabulary
from comity.study.ensemble import Ensemble, ensemble
from comity.study.expected import Expected, absent, links_of_all
from comity.study.inputs import texts_of
from comity.study.numbers_drawn import numbers_of
from comity.study.objective import Objective, objective
from comity.study.paths import Paths, paths
from comity.study.plan import BASELINE, INDEX, Plan, Request
from comity.world.snapshot import BASE_YEAR, fingerprint, table


@dataclass(frozen=True)
class Laboratory:
    """A plan and the ensemble of its arms, ready to run; ``measures`` are the actor's.

    ``paths``: which of them each strategy, and the scenario, can reach by its own moves;
    ``objective``: by which of them strategies are ranked.
    """

    plan: Plan
    ensemble: Ensemble
    measures: tuple[Outcome, ...]
    paths: Paths
    objective: Objective

    @property
    def actor(self) -> str:
        """Id of the state whose strategies are compared."""
        return self.plan.actor

    @property
    def partners(self) -> tuple[str, ...]:
        """Partners whose cut-off is measured."""
        return self.ensemble.partners[0]

    @property
    def shared(self) -> Shared:
        """What all rows have in common."""
        return self.ensemble.shared

    @property
    def groups(self) -> tuple[Group, ...]:
        """What each weight of a row stands for."""
        return self.ensemble.groups

    @cached_property
    def not_linked(self) -> tuple[Expected, ...]:
        """What is expected to be linked and is not; takes a second."""
        return absent(links_of_all(self.ensemble))


def vocabulary() -> Vocabulary:
    """Names that scenario and strategy files may use, from the registry and the snapshot."""
    memberships = table("memberships")
    here = memberships[(memberships["since"] <= BASE_YEAR) & ~(memberships["until"] <= BASE_YEAR)]
    members = {f: frozenset[str]() for f in table("frameworks")["id"]}
    members |= {str(f): frozenset(g["state"]) for f, g in here.groupby("framework")}
    return Vocabulary(levers(), registry.find, registry.ids, members, options=option_names())


def plan_of(request: Request, places: Mapping[str, Path] = MappingProxyType({})) -> Plan:
    """Read the documents of a request and spell it out.

    Parameters
    ----------
    request
        What was asked for.
    places
        Where files lie now that do not lie where the request says.

    Raises
    ------
    BadInput
        Every problem of the files named, or of the request.
    """
    words = vocabulary()
    actor = registry.find(request.actor, BASE_YEAR)
    first = {part: places.get(part, part) for part in parts_of(request.scenario)}
    others = {name: places.get(name, name) for name in request.strategies}
    scenario = load_scenarios(first, replace(words, actor=actor))
    strategies = tuple(load_strategy(place, words, actor) for place in others.values())
    _check_reserved(scenario, strategies)
    names = [s.name for s in strategies]
    if not strategies or len(set(names)) < len(names):
        raise BadInput("no strategy, or two of one name", fix="name strategies once each")
    last = request.horizon if request.horizon is not None else scenario.last_year
    if not scenario.first_year <= last <= 2100:
        raise BadInput(
            f"horizon {last} is out of range",
            fix=f"use a year from {scenario.first_year} to 2100",
        )
    years = tuple(range(scenario.first_year, last + 1))
    moved = {m.lever for one in (scenario, *strategies) for m in one.moves}
    moved |= {r.move.lever for one in (scenario, *strategies) for r in one.rules}
    options = chosen(scenario.mechanisms, moved)
    return Plan(
        request,
        actor,
        scenario,
        strategies,
        numbers_of([scenario], options, own_numbers(request.own)),
        years,
        fingerprint(),
        options,
        texts_of(first, "scenario") | texts_of(others, "strategy"),
    )


def _check_reserved(scenario: Scenario, strategies: Iterable[Strategy]) -> None:
    """Refuse the two names that tables of a run keep for themselves.

    All others are told apart by how they are written: see `ensemble.column`.
    """
    for doubt in scenario.uncertainties:
        if doubt.name == INDEX:
            raise BadInput(
                f"an uncertainty cannot be called {INDEX!r}",
                "the column of that name numbers the futures",
                "choose another name",
                doubt.where,
            )
    for strategy in strategies:
        if strategy.name == BASELINE:
            raise BadInput(
                f"a strategy cannot be called {BASELINE!r}",
                "the futures without the scenario are called so",
                "choose another name",
                read(strategy.file).where(("name",)),
            )


def build(plan: Plan) -> Laboratory:
    """Put the arms of a plan together; raises what `comity.study.objective.objective` refuses."""
    asked = plan.request
    made = ensemble(
        plan.arms,
        plan.options,
        plan.years,
        asked.futures,
        asked.seed,
        world=asked.world,
        numbers=plan.parameters,
    )
    measures = made.measures()
    found = paths(made, measures)
    return Laboratory(
        plan, made, measures, found, objective(plan, measures, found.by_strategy, found.of_scenario)
    )


def library() -> list[tuple[str, str, str]]:
    """Kind, name and English title of every scenario and strategy that ships."""
    words = vocabulary()
    found = [
        ("scenario", name, load_scenario(name, words).title["en"])
        for name in library_names("scenario")
    ]
    for name in library_names("strategy"):
        actor, title = strategy_card(name)
        found.append(("strategy", name, f"{actor}: {title['en']}"))
    return found
