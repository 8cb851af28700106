"""Put a plan together: world, mechanisms, words that files may use, and the shared program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from comity.core.errors import BadInput
from comity.engine.measures import Outcome
from comity.engine.year import Shared
from comity.files.documents import nearest, shown
from comity.mechanisms.catalogue import (
    chosen,
    levers,
    option_names,
    parameters,
)
from comity.registry import states as registry
from comity.scenarios.compile import Group
from comity.scenarios.scenario import library_names, load_scenario
from comity.scenarios.strategy import load_strategy, strategy_card
from comity.scenarios.vocabulary import Vocabulary
from comity.study.ensemble import Ensemble, ensemble
from comity.study.plan import Plan, Request
from comity.world.snapshot import BASE_YEAR, fingerprint, table


@dataclass(frozen=True)
class Laboratory:
    """A plan and the ensemble of its arms, ready to run; ``measures`` are the actor's."""

    plan: Plan
    ensemble: Ensemble
    measures: tuple[Outcome, ...]

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


def vocabulary() -> Vocabulary:
    """Names that scenario and strategy files may use, from the registry and the snapshot."""
    memberships = table("memberships")
    here = memberships[(memberships["since"] <= BASE_YEAR) & ~(memberships["until"] <= BASE_YEAR)]
    members = {f: frozenset[str]() for f in table("frameworks")["id"]}
    members |= {str(f): frozenset(g["state"]) for f, g in here.groupby("framework")}
    return Vocabulary(levers(), registry.find, registry.ids, members, options=option_names())


def plan_of(request: Request) -> Plan:
    """Read the documents of a request and spell it out.

    Raises
    ------
    BadInput
        Every problem of the files named, or of the request.
    """
    words = vocabulary()
    actor = registry.find(request.actor, BASE_YEAR)
    scenario = load_scenario(request.scenario, replace(words, actor=actor))
    strategies = tuple(
        load_strategy(name, words, actor) for name in dict.fromkeys(request.strategies)
    )
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
        request, actor, scenario, strategies, parameters(options), years, fingerprint(), options
    )


def build(plan: Plan) -> Laboratory:
    """Put the arms of a plan together; refuse an objective that is not measured."""
    asked = plan.request
    made = ensemble(
        plan.arms, plan.options, plan.years, asked.futures, asked.seed, world=asked.world
    )
    measures = made.measures()
    _check_objective(plan, measures)
    return Laboratory(plan, made, measures)


def _check_objective(plan: Plan, measures: Iterable[Outcome]) -> None:
    """Refuse an objective that is not measured, or that has no better and worse."""
    wanted = plan.scenario.objective
    ranked = [one.name for one in measures if one.direction != "none"]
    if wanted and wanted not in ranked:
        raise BadInput(
            f"the scenario ranks strategies by {shown(wanted)}, "
            f"which is no measure for {plan.actor}",
            fix=nearest(wanted, ranked),
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
