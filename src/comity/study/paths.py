"""Paths in a run: which strategies can reach which measures by their own moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.engine.measures import Outcome
from comity.engine.paths import Graph, Path, Reached, Reads, graph, reads_of, shortest
from comity.study.ensemble import Arm, Document, Ensemble

# By measure; None where no path leads there.
Ways = Mapping[str, Path | None]


@dataclass(frozen=True)
class Paths:
    """Shortest paths from the moves of each strategy, and of the scenario, to each measure.

    ``graph`` and ``reads``: the links that they were looked for in, and the series of measures.
    """

    by_strategy: Mapping[str, Ways]
    of_scenario: Ways
    graph: Graph
    reads: Mapping[str, Reads]

    def reach(self, strategy: str, measure: str) -> Path | None:
        """The path from a strategy's own moves to a measure; None where there is no link."""
        return self.by_strategy[strategy][measure]


def graph_of(made: Ensemble, slot: int = 0) -> Graph:
    """Who passes a change on to whom in an ensemble, seen by the actor of an arm."""
    numbers = {p.key: p.value for p in made.parameters}
    return graph(made.shared, numbers, made.arms[slot].actor, made.partners[slot])


def reached_by(links: Graph, made: Ensemble, arm: Arm, own: Iterable[str]) -> tuple[Reached, ...]:
    """All that the moves of some documents of an arm can reach, its others in force beside them.

    ``own``: labels of the documents whose moves count.
    """
    in_force, mine = {part.label for part in made.parts_of(arm)}, set(own)
    groups = [group.document for group in made.groups]
    return links.reach(
        [place for place, label in enumerate(groups) if label in mine],
        [place for place, label in enumerate(groups) if label in in_force],
    )


def paths(made: Ensemble, measures: Iterable[Outcome]) -> Paths:
    """The shortest path from each document's own moves to each measure of the run's actor.

    Of the arms after the first, each a scenario and a strategy upon it; both are in force when the
    moves of one are followed.
    """
    shared, actor, partners = made.shared, made.arms[0].actor, made.partners[0]
    links = graph_of(made)
    reads = {one.name: reads_of(one, shared, actor, partners) for one in measures}

    def ways(arm: Arm, document: Document) -> Ways:
        own = [part.label for part in made.parts_of(arm) if part.document == document]
        reached = reached_by(links, made, arm, own)
        return {name: shortest(reached, felt, name) for name, felt in reads.items()}

    arms = made.arms[1:]
    by_strategy = {arm.documents[-1].name: ways(arm, arm.documents[-1]) for arm in arms}
    return Paths(by_strategy, ways(arms[0], arms[0].documents[0]), links, reads)
