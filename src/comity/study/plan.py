"""Ask and plan: a frozen request, and the pure plan that it expands to. Nothing is run here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from comity.core.errors import BadInput
from comity.core.parameters import Parameter
from comity.core.run_folder import ALONE
from comity.core.version import __version__
from comity.scenarios.moves import Move
from comity.scenarios.rules import Rule
from comity.scenarios.scenario import Scenario
from comity.scenarios.strategy import Strategy
from comity.scenarios.uncertainty import Uncertainty
from comity.study.ensemble import Arm, Document, called, column

BASELINE = "baseline"
INDEX = "future"  # the column that numbers the futures
MOST_FUTURES = 1_000_000
MOST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Request:
    """What was asked for; the run is a function of this, the snapshot and the version.

    ``own``: numbers set in place of those of the books, each as `comity.core.own_numbers.read_own`
    reads it.
    """

    scenario: str
    actor: str
    strategies: tuple[str, ...]
    futures: int
    seed: int
    horizon: int | None
    world: str
    own: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.futures <= MOST_FUTURES:
            raise BadInput(
                f"--futures {self.futures} is out of range",
                fix=f"use 1 to {MOST_FUTURES:,}",
            )
        if not 0 <= self.seed <= MOST_SEED:
            raise BadInput(f"--seed {self.seed} is out of range", fix=f"use 0 to {MOST_SEED}")
        if self.world not in ("focus", "full"):
            raise BadInput(f"--world {self.world!r} is not known", fix="use focus or full")


@dataclass(frozen=True)
class Plan:
    """A request spelled out: documents, numbers to draw, rows. Printable, not yet run.

    ``texts`` are those of the files it was read from, as `comity.study.inputs.texts_of` gives them.
    """

    request: Request
    actor: str
    scenario: Scenario
    strategies: tuple[Strategy, ...]
    parameters: tuple[Parameter, ...]
    years: tuple[int, ...]
    data: str
    options: tuple[str, ...] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Strategy slots: the baseline first, then the strategies as asked for."""
        return (BASELINE, *(s.name for s in self.strategies))

    @property
    def documents(self) -> tuple[Document, ...]:
        """The scenario, then the strategies."""
        return (self.scenario, *self.strategies)

    @property
    def arms(self) -> tuple[Arm, ...]:
        """What is in force in each slot: first as `names` has it, then what `calm` needs beside."""
        return self._arms[0]

    @property
    def calm(self) -> dict[str, int]:
        """Slot of the scenario alone (`ALONE`) and of each strategy without the scenario.

        With the baseline and the strategies under the scenario these make the two-by-two of
        strategy and shock. What does nothing has no arm of its own: a strategy without moves is,
        without the scenario, the baseline.
        """
        return self._arms[1]

    @property
    def _arms(self) -> tuple[tuple[Arm, ...], dict[str, int]]:
        both = [(self.scenario, strategy) for strategy in self.strategies]
        arms = [Arm(self.actor), *(Arm(self.actor, pair) for pair in both)]
        acting = [tuple(d for d in arm.documents if d.moves or d.rules) for arm in arms]
        slots = {}
        alone = [(ALONE, self.scenario), *((one.name, one) for one in self.strategies)]
        for name, document in alone:
            own = (document,) if document.moves or document.rules else ()
            if own not in acting:
                arms.append(Arm(self.actor, own))
                acting.append(own)
            slots[name] = acting.index(own)
        return tuple(arms), slots

    @property
    def uncertainties(self) -> dict[str, Uncertainty]:
        """Uncertainties by the name of their column; a strategy's are its own."""
        return {column(d, doubt.name): doubt for d in self.documents for doubt in d.uncertainties}

    @property
    def moves(self) -> list[tuple[str, Move]]:
        """Every move with what its document is called."""
        return [(called(d), move) for d in self.documents for move in d.moves]

    @property
    def rules(self) -> list[tuple[str, Rule]]:
        """Every rule with what its document is called."""
        return [(called(d), rule) for d in self.documents for rule in d.rules]

    def hash(self) -> str:
        """Hash of all that results depend on; the same plan gives the same outcomes."""
        asked = asdict(self.request)
        if not self.request.own:
            del asked["own"]  # plans of before it could be asked for keep their hash
        content = [
            asked,
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


def _plain(thing: Move | Rule | Uncertainty) -> dict:
    """Content of a declaration without the place it was written at."""
    found = asdict(thing)
    found.pop("where", None)
    if "move" in found:
        found["move"].pop("where", None)
    return found
