"""``run.json``: what was run, with which numbers, on which data, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from comity.core.run_folder import FORMAT
from comity.core.version import __version__
from comity.core.words import Text, both, words
from comity.engine.levers import acts_of
from comity.engine.measures import Outcome
from comity.engine.paths import Path
from comity.mechanisms.called import called
from comity.mechanisms.catalogue import levers
from comity.registry.sizes import large_from, smallest
from comity.registry.states import names
from comity.scenarios.acts import acts, rule_acts
from comity.scenarios.scenario import Scenario
from comity.scenarios.strategy import Strategy
from comity.scenarios.uncertainty import Uncertainty
from comity.study.card_of_aims import card
from comity.study.ensemble import Document
from comity.study.laboratory import Laboratory
from comity.study.money import per_person
from comity.study.objective import OBJECTIVE
from comity.study.wiring import recorded
from comity.world.regions import groups, region_names


def record(
    lab: Laboratory,
    frame: pd.DataFrame,
    command: str,
    seconds: float,
    files: Mapping[str, str],
    told: Sequence[Text] = (),
) -> dict[str, Any]:
    """Content of ``run.json`` for a finished run.

    Parameters
    ----------
    lab
        The plan as it was run.
    frame
        Merged outcomes.
    command
        Command line that reproduces the run.
    seconds
        Wall time of this session's part of the run.
    files
        Checksums of the tables by name.
    told
        What the user should know of how the folder came about.
    """
    plan, world = lab.plan, lab.shared.world
    actor, measures = lab.actor, lab.measures
    failed = int(frame.loc[frame["value"].isna(), "future"].nunique())
    return {
        "format": FORMAT,
        "files": dict(files),
        "id": plan.hash(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "comity_version": __version__,
        "command": command,
        "scenario": _scenario(plan.scenario)
        | _own_tariffs(plan.scenario, actor)
        | {"paths": _named(lab.paths.of_scenario)},
        "actor": actor,
        "actor_name": names(actor),
        "strategies": [
            _strategy(s) | _own_tariffs(s, actor) | {"paths": _named(lab.paths.by_strategy[s.name])}
            for s in plan.strategies
        ],
        "futures": plan.request.futures,
        "seed": plan.request.seed,
        "years": list(plan.years),
        "world": plan.request.world,
        "mechanisms": [m.name for m in lab.shared.mechanisms],
        "options": list(plan.options),
        "states": list(world.states),
        "groups": _groups(lab),
        "measures": [m.record(actor) for m in measures],
        "aims": aims_of(lab),
        "money": per_person(actor),
        "words_of_paths": {key: dict(text) for key, text in called().items()},
        "wiring": recorded(lab.paths.graph, lab.paths.reads),
        "not_linked": [one.record() for one in lab.not_linked],
        "judgement": {
            "objective": lab.objective.measure,
            "instead_of": lab.objective.instead_of,
            "requirements": _requirements(measures),
        },
        "parameters": [p.record() for p in plan.parameters],
        "uncertainties": [_doubt(n, d) for n, d in plan.uncertainties.items()],
        "failed_futures": failed,
        "warnings": [*map(dict, told), *_warnings(lab, failed)],
        "timings": {"seconds": round(seconds, 3)},
        "data": {"hash": plan.data, "tables": _tables()},
    }


def aims_of(lab: Laboratory) -> list[dict[str, Any]]:
    """The card of aims of the actor, fixed before anything is judged."""
    records = [m.record(lab.actor) for m in lab.measures]
    return card(lab.actor, records, [m.name for m in lab.shared.mechanisms])


def _scenario(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": dict(scenario.title),
        "question": dict(scenario.question),
        "summary": dict(scenario.summary),
        "acts": [*acts(scenario.moves, _names()), *rule_acts(scenario.rules, _names())],
    }


def _names() -> dict[str, Text]:
    """What a move of each lever is called."""
    return acts_of(levers().values())


def _strategy(strategy: Strategy) -> dict[str, Any]:
    return {
        "name": strategy.name,
        "title": dict(strategy.title),
        "summary": dict(strategy.summary),
        "cost": dict(strategy.cost),
    }


def _own_tariffs(document: Document, actor: str) -> dict[str, bool]:
    """Whether a document moves tariffs of the actor, whose gain from them one sector overstates."""
    moves = [*document.moves, *(rule.move for rule in document.rules)]
    return {"own_tariffs": any(m.lever == "tariff" and actor in m.actors for m in moves)}


def _named(paths: Mapping[str, Path | None]) -> dict[str, list[str] | None]:
    """Names along the shortest path to each measure; null where there is no link in the model."""
    return {name: list(path.names) if path else None for name, path in paths.items()}


def _doubt(column: str, doubt: Uncertainty) -> dict[str, Any]:
    values: list[Any] = list(doubt.options)
    if doubt.prior is not None:
        values = [doubt.prior.low, doubt.prior.high]
    return {
        "name": column,
        "kind": doubt.kind,
        "values": values,
        "weights": [weight for _, weight in doubt.choices],
        "unit": doubt.unit,
        "status": doubt.status,
        "source": doubt.source,
        "meaning": dict(doubt.meaning),
    }


def _groups(lab: Laboratory) -> dict[str, Any]:
    """Regions of a coarse world with their names and members; empty on the full world."""
    full, world = lab.ensemble.over.full, lab.shared.world
    if full.states == world.states:
        return {}
    made = groups(full.states, [s for s in world.states if s in full.states])
    named = region_names()
    return {
        key: {"name": named[key], "members": [full.states[i] for i in rows]}
        for key, rows in made.items()
        if key in named
    }


def _requirements(measures: tuple[Outcome, ...]) -> list[dict[str, Any]]:
    """What a strategy must satisfy: no large loss, no exposure that is larger by what matters."""
    reasons, loss = words("comity.study"), smallest(OBJECTIVE)
    found: list[dict[str, Any]] = []
    if loss is not None:
        found.append(
            {
                "measure": OBJECTIVE,
                "comparator": ">=",
                "threshold": -large_from() * loss.value,
                "reason": dict(reasons["requirement.loss"]),
            }
        )
    for measure in measures:
        least = smallest(measure.name)
        if least is not None and measure.name.startswith("exposure_change."):
            found.append(
                {
                    "measure": measure.name,
                    "comparator": "<=",
                    "threshold": least.value,
                    "reason": dict(reasons["requirement.exposure"]),
                }
            )
    return found


def _warnings(lab: Laboratory, failed: int) -> list[Text]:
    texts, found = words("comity.study"), []
    if failed:
        futures = lab.plan.request.futures
        found.append(both(texts["warning.failed"], failed=failed, futures=futures))
    found += map(dict, (*lab.ensemble.told, *lab.ensemble.held))
    for field, mask in lab.ensemble.known.items():
        if not mask.all():
            share = f"{1 - mask.mean():.1%}"
            found.append(both(texts["warning.filled"], field=field, share=share))
    return found


def _tables() -> list[dict[str, str]]:
    """Tables of the snapshot with their vintage, licence and sources."""
    from comity.data.build.listing import entries

    found: dict[str, dict[str, set[str]]] = {}
    for entry in entries():
        table = found.setdefault(entry.table, {"vintage": set(), "licence": set(), "source": set()})
        table["vintage"].add(entry.vintage)
        table["licence"].add(entry.licence)
        table["source"] |= set(entry.sources)
    return [
        {"name": name} | {key: "; ".join(sorted(v - {""})) for key, v in table.items()}
        for name, table in found.items()
    ]
