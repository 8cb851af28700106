"""Put a plan together: world, mechanisms, words that files may use, and the shared program."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace

import jax.numpy as jnp
import numpy as np

from comity.core.errors import BadInput, CoverageWarning
from comity.engine.contract import AbstractMechanism
from comity.engine.year import Shared
from comity.files.documents import nearest, shown
from comity.mechanisms.catalogue import (
    build_year,
    chosen,
    levers,
    option_names,
    parameters,
    ready,
)
from comity.mechanisms.measured import outcomes, partners_of
from comity.registry import states as registry
from comity.scenarios.compile import Group, Layout, compile_moves, layout
from comity.scenarios.scenario import library_names, load_scenario
from comity.scenarios.strategy import load_strategy, strategy_card
from comity.scenarios.vocabulary import Vocabulary
from comity.study.plan import Plan, Request
from comity.world.given import World, door, with_frameworks
from comity.world.regions import coarsen, default_focus
from comity.world.snapshot import BASE_YEAR, fingerprint, load_world, table


@dataclass(frozen=True)
class Laboratory:
    """Everything that the rows of a plan share, ready to run."""

    plan: Plan
    at_rest: World
    layout: Layout
    known: dict[str, np.ndarray]
    warnings: tuple[str, ...]
    groups: tuple[Group, ...]
    shared: Shared


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
            f"--horizon {last} is out of range",
            fix=f"use a year from {scenario.first_year} to 2100",
        )
    years = tuple(range(scenario.first_year, last + 1))
    moved = {m.lever for one in (scenario, *strategies) for m in one.moves}
    moved |= {r.move.lever for one in (scenario, *strategies) for r in one.rules}
    options = chosen(scenario.mechanisms, moved)
    return Plan(request, scenario, strategies, parameters(options), years, fingerprint(), options)


def build(plan: Plan) -> Laboratory:
    """Load the world, calibrate the mechanisms and compile the moves of a plan."""
    new = {m.framework for _, m in plan.moves if m.lever == "found" and m.framework}
    at_rest = ready(with_frameworks(load_world(BASE_YEAR), tuple(sorted(new))))
    full, known = door(at_rest)
    actor = registry.find(plan.request.actor, BASE_YEAR)
    world, told = full, ()
    if plan.request.world == "focus":
        at_rest, told = focused(at_rest, (actor,))
        world, known = door(at_rest)
    over = layout(full, world)
    programme, groups = compile_moves(plan.moves, plan.rules, over, plan.years, levers())
    mechanisms: tuple[AbstractMechanism, ...] = build_year(world, plan.options)
    _check_objective(plan, actor, world)
    shared = Shared(world, mechanisms, programme, jnp.uint32(plan.request.seed))
    return Laboratory(plan, at_rest, over, known, told, groups, shared)


def _check_objective(plan: Plan, actor: str, world: World) -> None:
    """Refuse an objective that is not measured, or that has no better and worse."""
    wanted = plan.scenario.objective
    ranked = [
        one.name
        for one in outcomes(actor, partners_of(actor, world), plan.options)
        if one.direction != "none"
    ]
    if wanted and wanted not in ranked:
        raise BadInput(
            f"the scenario ranks strategies by {shown(wanted)}, which is no measure for {actor}",
            fix=nearest(wanted, ranked),
        )


def focused(at_rest: World, actors: Iterable[str]) -> tuple[World, tuple[str, ...]]:
    """The focus world with the actors kept, and what merging had to leave out."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", CoverageWarning)
        coarse = coarsen(at_rest, sorted({*default_focus(), *actors}))
    return coarse, tuple(dict.fromkeys(str(w.message) for w in caught))


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
