"""Every side answers: strategies of several states against each other, in the same futures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from comity.core.errors import BadInput
from comity.core.words import Text
from comity.face.strategies import named_strategies
from comity.judge.game_matrix import matrix
from comity.judge.game_readings import Answers
from comity.judge.stakes import Stake, stakes
from comity.registry import states as registry
from comity.study import joint as laboratory
from comity.study.card_of_aims import kinds
from comity.study.estimate import Cost, cost_of_arms
from comity.study.joint import Joint, JointPlan, Progress, joint_plan, levels
from comity.study.objective import OBJECTIVE
from comity.study.plan import Request
from comity.world.snapshot import BASE_YEAR


@dataclass(frozen=True)
class Asked:
    """A question put together and not yet run: its plan, and what each side plays for."""

    lab: Joint
    stakes: tuple[Stake, ...]

    @property
    def cost(self) -> Cost:
        """What it will cost."""
        return cost_of(self.lab.joint)


def asked(
    scenario: str,
    actor: str,
    against: Sequence[str],
    strategies: Sequence[str] = (),
    aims: Sequence[str] = (),
    futures: int = 200,
    seed: int = 1,
    horizon: int | None = None,
    world: str = "focus",
    own: Sequence[str] = (),
) -> Asked:
    """Read the documents of every side, compile them, check what each plays for.

    Parameters
    ----------
    scenario
        Name in the library or a file; several with ``+`` between them.
    actor, against
        The first side, and the others.
    strategies
        ``CHN:steady,build-up`` for one side, or ``steady,retaliate`` for the first; those that are
        compared by default for a side that is not named.
    aims
        As `comity.judge.stakes.stakes` takes them.
    futures, seed, horizon, world, own
        As in `comity.study.plan.Request`.

    Raises
    ------
    BadInput
        A file or an argument that cannot be used.
    """
    first = registry.find(actor, BASE_YEAR)
    others = [registry.find(name.strip(), BASE_YEAR) for name in against if name.strip()]
    if not others:
        raise BadInput("no side answers", fix="name other states, as --against CHN,USA")
    twice = next((name for n, name in enumerate(others) if name in (first, *others[:n])), None)
    if twice is not None:
        raise BadInput(f"{twice} is named twice among the sides", fix="name each state once")
    named = _by_side(strategies, (first, *others))
    chosen = {s: named_strategies(named.get(s), s, scenario) for s in (first, *others)}
    request = Request(scenario, first, chosen[first], futures, seed, horizon, world, tuple(own))
    plan = joint_plan(request, {s: chosen[s] for s in others}, _by_partner(aims))
    lab = laboratory.build(plan)
    wanted = plan.scenario.objective or OBJECTIVE
    sides = [side.actor for side in plan.sides]
    return Asked(lab, stakes(sides, lab.aims, lab.linked, aims, wanted))


def answered(question: Asked, progress: Progress | None = None) -> dict[str, Any]:
    """Run all combinations; every reading as plain values, with what is needed to put it in words.

    Raises
    ------
    BadInput
        No future could be solved in every combination.
    """
    lab, plan = question.lab, question.lab.joint
    found = levels(lab, progress=progress)
    made = matrix(
        [side.actor for side in plan.sides],
        [side.names for side in plan.sides],
        lab.aims,
        [one.cells for one in found],
        [one.alone for one in found],
        lab.linked,
    )
    record = Answers(made, question.stakes, plan.plan.request.seed).record()
    for side, aims, own in zip(plan.sides, made.aims, lab.own, strict=True):
        labels: dict[str, Text] = {aim["name"]: aim["label"] for aim in aims}
        played = record["aims"][side.actor]
        played["labels"] = {name: dict(labels[name]) for name in played["weights"]}
        played["smallest"] = {
            aim["name"]: {"value": aim["smallest"], "unit": dict(aim["unit"])}
            for aim in aims
            if aim["name"] in played["weights"]
        }
        # Whether anything that it could do itself reaches what it plays for.
        played["own_link"] = any(bool(own[name].any()) for name in played["weights"])
    return {
        "scenario": {"name": plan.scenario.name, "title": dict(plan.scenario.title)},
        "titles": {
            side.actor: {one.name: dict(one.title) for one in side.strategies}
            for side in plan.sides
        },
        "warnings": [dict(one) for one in (*lab.ensemble.told, *lab.ensemble.held)],
    } | record


def cost_of(plan: JointPlan) -> Cost:
    """What a joint plan will cost."""
    return cost_of_arms(plan.plan, len(plan.laid.arms), {side.actor for side in plan.sides})


def _by_side(given: Sequence[str], sides: Sequence[str]) -> dict[str, str]:
    """Strategies as a text by the side that they are of; the first where none is named."""
    found: dict[str, str] = {}
    for text in given:
        state, colon, rest = text.partition(":")
        # A path of a file may hold a colon; what stands before it is then no state.
        side = registry.find(state.strip(), BASE_YEAR) if colon and "/" not in state else sides[0]
        if side not in sides:
            raise BadInput(f"{side} is no side here", fix=f"name one of {', '.join(sides)}")
        if side in found:
            raise BadInput(
                f"strategies of {side} are named twice", fix="name them once, with commas"
            )
        found[side] = rest if colon and "/" not in state else text
    return found


def _by_partner(aims: Sequence[str]) -> bool:
    """Whether weights name what is read from cut-offs, by kind or by group."""
    names = {part.partition("=")[0].strip() for text in aims for part in _parts(text)}
    return any(
        name == entry["group"] or name.partition(".")[0] == kind
        for kind, entry in kinds().items()
        if laboratory.of_partner(kind)
        for name in names
    )


def _parts(text: str) -> list[str]:
    return text.rpartition(":")[2].split(",")
