"""What a scenario does not know: branches with weights and numbers with priors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from comity.core.parameters import NEEDED, Prior, prior_fault, prior_from
from comity.files.cursor import Cursor
from comity.files.shapes import filled
from comity.scenarios.forms import PriorForm, UncertaintyForm


@dataclass(frozen=True)
class Uncertainty:
    """A branch (``kind`` choice, with weights that sum to 1) or a number (with a prior)."""

    name: str
    kind: Literal["choice", "number"]
    choices: tuple[tuple[str, float], ...]
    prior: Prior | None
    unit: str
    status: str
    source: str
    meaning: Mapping[str, str]
    where: str

    @property
    def options(self) -> tuple[str, ...]:
        """Names of the branches; none for a number."""
        return tuple(name for name, _ in self.choices)


def uncertainties(at: Cursor) -> dict[str, Uncertainty]:
    """Uncertainties of the mapping at a place, by name.

    Faulty ones are reported and kept as a bare name with its branches, so that the moves that use
    them are not reported as well.
    """
    doubts: dict[str, Uncertainty] = {}
    for name, one in at.entries().items():
        before = len(at.problems)
        form = filled(UncertaintyForm, one)
        prior = _drawn(form, one) if form else None
        if form and len(at.problems) == before:
            doubts[name] = Uncertainty(
                name,
                "number" if prior else "choice",
                _normal(form.choices or {}),
                prior,
                form.unit or "1",
                form.status,
                form.source,
                form.meaning.both(),
                one.key.place,
            )
        else:
            doubts[name] = Uncertainty(
                name,
                "number" if "prior" in one.entries() else "choice",
                tuple((option, 0.0) for option in one["choices"].entries()),
                None,
                "1",
                "judged",
                "",
                {},
                one.key.place,
            )
    return doubts


def _drawn(form: UncertaintyForm, at: Cursor) -> Prior | None:
    """Prior of a number; None for a branch, whose weights are checked."""
    if form.choices is not None and form.prior is not None:
        at.key.bad("both choices and a prior", "keep one of them")
    elif form.prior is not None:
        return prior_in(form.prior, at["prior"])
    elif form.choices is not None:
        _check_choices(form.choices, at["choices"])
    elif not {"choices", "prior"} & at.entries().keys():
        at.key.bad(
            "neither choices nor a prior",
            "add `choices: {a: 0.5, b: 0.5}` or `prior: {...}`",
        )
    return None


def _normal(weights: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """Weights divided by their sum, which is 1 up to rounding."""
    total = math.fsum(weights.values())
    return tuple((name, weight / total) for name, weight in weights.items())


def _check_choices(choices: Mapping[str, float], at: Cursor) -> None:
    wrong = {name: weight for name, weight in choices.items() if not 0 <= weight <= 1}
    for name, weight in wrong.items():
        at[name].bad(
            f"the probability of {name!r} is {weight:g}",
            "write a share such as 0.25",
            why="it lies outside 0 to 1",
        )
    total = math.fsum(choices.values())
    if len(choices) < 2:
        at.key.bad("a choice needs at least two branches")
    elif not any(choices.values()):
        at.key.bad(
            "all probabilities are 0",
            "give weights that sum to 1",
            why="no branch could ever be drawn",
        )
    elif not wrong and abs(total - 1) > 1e-6:
        scaled = ", ".join(f"{name}: {weight / total:.4g}" for name, weight in choices.items())
        at.key.bad(f"the probabilities sum to {total:.6g}, not 1", f"in proportion: {{{scaled}}}")


def prior_in(form: PriorForm, at: Cursor) -> Prior | None:
    """Prior of a number; None, and a problem, where nothing can be drawn from it."""
    table = form.model_dump(exclude_none=True)
    needed = NEEDED[form.kind]
    extra = [name for name in table if name not in (*needed, "kind")]
    missing = [name for name in needed if name not in table]
    if extra:
        at.bad(f"a {form.kind} prior has no {', '.join(extra)}", f"use {', '.join(needed)}")
    elif missing:
        at.bad(f"a {form.kind} prior needs {', '.join(missing)}")
    elif fault := prior_fault(form.kind, {name: table[name] for name in needed}):
        at[fault.key].bad(fault.what, fault.fix)
    else:
        return prior_from(table, at.place)
    return None
