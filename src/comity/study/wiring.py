"""Who writes and reads what in the whole model, every option on: for explanations and the picture.

Taken from the programs that a run takes its paths from, on the world of runs, for one actor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

import jax.numpy as jnp
import numpy as np

from comity.engine.paths import ACTS, RULES, Graph, Path, Reached, Reads, reads_of, shortest
from comity.engine.programme import OBSERVABLES, Acts, Rules
from comity.engine.year import Shared
from comity.mechanisms.catalogue import classes, option_names
from comity.study.ensemble import Arm, ensemble
from comity.study.paths import graph_of
from comity.world.snapshot import BASE_YEAR

_LEVER = "lever "
# Fields by which a future is known to be solved; the run reads them, and no mechanism.
SOLVED, FLAGS = "solved", ("residual", "converged")


@dataclass(frozen=True)
class Wiring:
    """The model as links. ``reads``: series of each measure of the actor, and their elements."""

    graph: Graph
    reads: Mapping[str, Reads]

    @cached_property
    def readers(self) -> dict[str, tuple[str, ...]]:
        """By mechanism: fields and levers (``lever NAME``) by which it moves something."""
        return self.graph.readers()

    def record(self) -> dict[str, dict[str, list[str]]]:
        """Who writes and reads what, as plain values: what `comity.present.wires` draws."""
        return recorded(self.graph, self.reads)

    def written_by(self, field: str) -> tuple[str, ...]:
        """Mechanisms that write a field."""
        return tuple(cls.name for cls in classes(option_names()) if field in cls.writes)

    def read_by(self, field: str) -> tuple[str, ...]:
        """Mechanisms in which a field moves something that they write, but itself alone.

        Beside them rules that watch it, acts that it may end, and the run that it tells of.
        """
        readers = [name for name, given in self.readers.items() if field in given]
        return (*readers, *((SOLVED,) if field in FLAGS else ()))

    def measured_by(self, field: str) -> tuple[str, ...]:
        """Measures that are read from a field."""
        return tuple(name for name, reads in self.reads.items() if field in reads)

    def reached(self, lever: str) -> tuple[Reached, ...]:
        """All that any move of a lever can reach."""
        shapes = (program.shapes for _, program in self.graph.programs)
        shape = next(one[_LEVER + lever] for one in shapes if _LEVER + lever in one)
        return self.graph.follow({lever: np.ones(shape, bool)}, ())

    def from_lever(self, lever: str) -> dict[str, Path]:
        """Measures that a move of a lever can reach, each with the shortest path."""
        reached = self.reached(lever)
        ways = {name: shortest(reached, felt, name) for name, felt in self.reads.items()}
        return {name: way for name, way in ways.items() if way}

    def measures_only(self) -> tuple[str, ...]:
        """Fields that nothing in the year reads: what they say is only measured."""
        written = dict.fromkeys(f for cls in classes(option_names()) for f in cls.writes)
        return tuple(field for field in written if not self.read_by(field))


def recorded(links: Graph, reads: Mapping[str, Reads]) -> dict[str, dict[str, list[str]]]:
    """Who writes and reads what, by mechanism, and by which kinds of measures fields are read."""
    writes: dict[str, list[str]] = {}
    for name, program in links.programs:
        if name not in (RULES, ACTS):
            writes.setdefault(name, []).extend(f for f in program.outputs if f not in FLAGS)
    measured: dict[str, list[str]] = {}
    for measure, series in reads.items():
        for field in series:
            kinds = measured.setdefault(field, [])
            kinds += {measure.partition(".")[0]} - {*kinds}
    return {
        "writes": writes,
        "reads": {name: sorted({*given} - {*FLAGS}) for name, given in links.readers().items()},
        "measured": measured,
    }


@cache
def wiring(actor: str = "JPN") -> Wiring:
    """The wiring of the model with every option, for one actor; takes some seconds."""
    years = (BASE_YEAR + 1, BASE_YEAR + 2)
    made = ensemble([Arm(actor)], option_names(), years, 1, 1)
    reads = {
        one.name: reads_of(one, made.shared, actor, made.partners[0]) for one in made.measures()
    }
    return Wiring(graph_of(replace(made, shared=_watched(made.shared))), reads)


def _watched(shared: Shared) -> Shared:
    """The same with a rule on everything that rules can watch and an act that checks may end."""
    many, one = len(OBSERVABLES), jnp.zeros(1, int)
    rules = Rules(
        observable=jnp.arange(many),
        row=jnp.zeros(many, int),
        column=jnp.ones(many, int),
        sign=jnp.ones(many),
        threshold=jnp.ones(many),
        groups=tuple(range(many)),
        switched_by=tuple(range(many)),
    )
    acts = Acts(one, one, jnp.zeros(1), jnp.zeros(1, jnp.uint32), groups=(many,), act=(0,))
    return replace(shared, programme=replace(shared.programme, rules=rules, acts=acts))
