"""By which measure strategies are ranked: one that something compared can reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from comity.core.errors import BadInput
from comity.core.words import Text, both, words
from comity.engine.measures import Outcome
from comity.files.documents import nearest, read, shown
from comity.registry.flashpoints import flashpoints
from comity.scenarios.scenario import library_names
from comity.scenarios.together import parts_of
from comity.study.card_of_aims import roles
from comity.study.paths import Ways
from comity.study.plan import Plan

# By which strategies are ranked where a scenario says nothing.
OBJECTIVE = "consumption.mean"
# Whose flashpoint comes first where a scenario names a kind of measure and no place.
CLOSEST = ("target", "protector", "neighbour")


@dataclass(frozen=True)
class Objective:
    """The measure that ranks; ``instead_of`` is the default that nothing compared can reach."""

    measure: str
    instead_of: str = ""


def objective(
    plan: Plan,
    measures: Iterable[Outcome],
    by_strategy: Mapping[str, Ways],
    of_scenario: Ways | None = None,
) -> Objective:
    """The measure that ranks the strategies of a plan, given what they and the scenario can reach.

    It is the scenario's, or real consumption. Where no strategy has a link to it, one that ships
    (or goes without saying) gives way to the nearest that some strategy can reach; one that a file
    of the user names is refused. A scenario that names a kind alone, as ``harm``, means the actor's
    own flashpoint: see `own`.

    Raises
    ------
    BadInput
        A measure that is none for the actor, that has no better and worse, or that a file names
        and no strategy compared can reach; where none of them reaches any measure, one that the
        scenario of that file cannot reach either.
    """
    ranked = [one.name for one in measures if one.direction != "none"]
    wanted = own(plan.scenario.objective or OBJECTIVE, plan.actor, ranked, by_strategy, of_scenario)
    if wanted not in ranked:
        raise BadInput(
            f"the scenario ranks strategies by {shown(wanted)}, "
            f"which is no measure for {plan.actor}",
            fix=nearest(wanted, ranked),
        )
    instead = closest(wanted, ranked, by_strategy)
    beside = "" if instead or of_scenario is None else closest(wanted, ranked, {"": of_scenario})
    if beside not in ("", wanted) and _named(plan):
        raise BadInput(
            f"neither the scenario nor a strategy can reach {shown(wanted)}: there is no link in "
            "the model",
            "it would come out as without the scenario in every future",
            f"rank by {beside}, or move a lever that reaches it; `comity explain {wanted}` says "
            "what it reads",
            read(plan.scenario.file).where(("objective",)),
        )
    if not instead or instead == wanted:
        return Objective(wanted)
    if _named(plan):
        raise BadInput(
            f"no strategy compared here can reach {shown(wanted)}: there is no link in the model",
            "every one of them would come out the same",
            f"rank by {instead}, or add a strategy that moves it; `comity explain {wanted}` says "
            "what it reads",
            read(plan.scenario.file).where(("objective",)),
        )
    return Objective(instead, wanted)


def apart(plan: Plan, measures: Iterable[Outcome], measure: str, of_scenario: Ways) -> Text | None:
    """That a scenario of the user cannot move the measure that its file names; None where it can.

    Strategies may well: then they are compared, and the scenario makes no difference to that.
    """
    ranked = [one.name for one in measures if one.direction != "none"]
    near = closest(measure, ranked, {"": of_scenario})
    if near in ("", measure) or not _named(plan):
        return None
    return both(words("comity.study")["objective.apart"], measure=measure, near=near)


def own(
    wanted: str,
    actor: str,
    ranked: Sequence[str],
    by_strategy: Mapping[str, Ways],
    of_scenario: Ways | None = None,
) -> str:
    """A kind of measure at the actor's own flashpoint; what is no such kind stays as it is.

    Where the scenario moves some, it is one of these. Own is where the actor is the target, else a
    protector of the target, else a neighbour; of those alike the one that most strategies reach,
    then the first in the list.
    """
    points = {point.name: point for point in flashpoints()}
    places = [one.partition(".")[2] for one in ranked if one.partition(".")[0] == wanted]
    if wanted in ranked or not places or not points.keys() >= set(places):
        return wanted

    def distance(place: str) -> tuple[bool, int, int]:
        mine = roles(actor, points[place])
        still = of_scenario is not None and of_scenario.get(f"{wanted}.{place}") is None
        far = next((n for n, role in enumerate(CLOSEST) if role in mine), len(CLOSEST))
        reached = sum(ways[f"{wanted}.{place}"] is not None for ways in by_strategy.values())
        return still, far, -reached

    return f"{wanted}.{min(places, key=distance)}"


def _named(plan: Plan) -> bool:
    """Whether a file of the user itself names the measure; none that ships does."""
    shipped = {*parts_of(plan.request.scenario)} <= {*library_names("scenario")}
    return not shipped and "objective" in read(plan.scenario.file).data


def closest(wanted: str, ranked: Sequence[str], by_strategy: Mapping[str, Ways]) -> str:
    """The measure itself if some strategy reaches it, else the nearest that one does; or none.

    Nearest is of the same kind (the name up to the first dot), else of the same place (the rest of
    the name); of those alike the one that most strategies reach, then the first in the list.
    """
    reached = {
        name: sum(ways[name] is not None for ways in by_strategy.values()) for name in ranked
    }
    found = [name for name in ranked if reached[name]]
    if wanted in found:
        return wanted
    kind, _, place = wanted.partition(".")

    def distance(name: str) -> tuple[int, int, int]:
        own, _, there = name.partition(".")
        far = 0 if own == kind else 1 if place and there == place else 2
        return far, -reached[name], ranked.index(name)

    return min(found, key=distance, default="")
