"""Ask and plan: a frozen request, and the pure plan that it expands to. Nothing is run here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.core.errors import BadInput
from comity.core.parameters import Parameter, draw, uniforms
from comity.core.version import __version__
from comity.scenarios.compile import Group
from comity.scenarios.moves import Move
from comity.scenarios.rules import Rule
from comity.scenarios.scenario import Scenario
from comity.scenarios.strategy import Strategy
from comity.scenarios.uncertainty import Uncertainty

BASELINE = "baseline"
SCENARIO = "scenario"
MOST_FUTURES = 1_000_000
MOST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Request:
    """What was asked for; the run is a function of this, the snapshot and the version."""

    scenario: str
    actor: str
    strategies: tuple[str, ...]
    futures: int
    seed: int
    horizon: int | None
    world: str

    def __post_init__(self) -> None:
        if not 1 <= self.futures <= MOST_FUTURES:
            raise BadInput(
                f"--futures {self.futures} is out of range",
                fix=f"use 1 to {MOST_FUTURES:,}; 500 is the default",
            )
        if not 0 <= self.seed <= MOST_SEED:
            raise BadInput(f"--seed {self.seed} is out of range", fix=f"use 0 to {MOST_SEED}")
        if self.world not in ("focus", "full"):
            raise BadInput(f"--world {self.world!r} is not known", fix="use focus or full")


@dataclass(frozen=True)
class Plan:
    """A request spelled out: documents, numbers to draw, rows. Printable, hashable, not yet run."""

    request: Request
    scenario: Scenario
    strategies: tuple[Strategy, ...]
    parameters: tuple[Parameter, ...]
    years: tuple[int, ...]
    data: str
    options: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Strategy slots: the baseline first, then the strategies as asked for."""
        return (BASELINE, *(s.name for s in self.strategies))

    @property
    def uncertainties(self) -> dict[str, Uncertainty]:
        """Uncertainties by the name of their column; a strategy's are its own."""
        found = {doubt.name: doubt for doubt in self.scenario.uncertainties}
        for strategy in self.strategies:
            found |= {column(strategy.name, d.name): d for d in strategy.uncertainties}
        return found

    @property
    def moves(self) -> list[tuple[str, Move]]:
        """Every move with the name of its document; the scenario's is ``scenario``."""
        found = [(SCENARIO, move) for move in self.scenario.moves]
        return found + [(s.name, move) for s in self.strategies for move in s.moves]

    @property
    def rules(self) -> list[tuple[str, Rule]]:
        """Every rule with the name of its document."""
        found = [(SCENARIO, rule) for rule in self.scenario.rules]
        return found + [(s.name, rule) for s in self.strategies for rule in s.rules]

    def hash(self) -> str:
        """Hash of all that results depend on; the same plan gives the same outcomes."""
        content = [
            asdict(self.request),
            __version__,
            self.data,
            self.years,
            self.options,
            [(d, _plain(m)) for d, m in self.moves],
            [(d, _plain(r)) for d, r in self.rules],
            [_plain(u) for u in self.uncertainties.values()],
            [p.record() for p in self.parameters],
        ]
        text = json.dumps(content, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def column(document: str, doubt: str) -> str:
    """Name of an uncertainty's column of draws: its own in a scenario, else with its strategy."""
    return doubt if document == SCENARIO else f"{document}.{doubt}"


def _plain(thing: Move | Rule | Uncertainty) -> dict:
    """Content of a declaration without the place it was written at."""
    found = asdict(thing)
    found.pop("where", None)
    if "move" in found:
        found["move"].pop("where", None)
    return found


def draws(plan: Plan) -> pd.DataFrame:
    """Draws of every parameter and uncertainty; one row a future, column ``future`` first."""
    futures, seed = plan.request.futures, plan.request.seed
    columns: dict[str, np.ndarray] = {"future": np.arange(futures, dtype=np.int32)}
    columns |= draw(plan.parameters, seed, futures)
    for name, doubt in sorted(plan.uncertainties.items()):
        u = uniforms(seed, f"uncertainty.{name}", futures)
        if doubt.prior is not None:
            columns[name] = doubt.prior.quantile(u)
        else:
            edges = np.cumsum([weight for _, weight in doubt.choices])[:-1]
            columns[name] = np.array(doubt.options)[np.searchsorted(edges, u, side="right")]
    return pd.DataFrame(columns)


def weights(plan: Plan, groups: Sequence[Group], drawn: pd.DataFrame) -> Float[np.ndarray, "F S W"]:
    """Weight of each move group in each future under each strategy slot; slot 0 has none."""
    out = np.zeros((len(drawn), len(plan.names), len(groups)))
    for place, group in enumerate(groups):
        weight = _branch(group, drawn)
        if group.scale is not None:
            weight = weight * drawn[column(group.document, group.scale)].to_numpy(float)
        for slot, name in enumerate(plan.names):
            if slot and group.document in (SCENARIO, name):
                out[:, slot, place] = weight
    return out


def _branch(group: Group, drawn: pd.DataFrame) -> Float[np.ndarray, " F"]:
    inside = np.ones(len(drawn))
    for name, options in group.when:
        inside = inside * drawn[column(group.document, name)].isin(options).to_numpy(float)
    return inside
