"""What a scenario does not know: branches with weights and numbers with priors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from comity.core.errors import BadInput
from comity.core.parameters import NEEDED, Prior, prior_from
from comity.files.documents import Document, Loc
from comity.files.forms import PriorForm, UncertaintyForm, filled


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


def uncertainties(
    head: Mapping[str, object], document: Document, problems: list[BadInput]
) -> dict[str, Uncertainty]:
    """Uncertainties of a file by name.

    Faulty ones are reported and kept as a bare name with its branches, so that the moves that use
    them are not reported as well.
    """
    found: dict[str, Uncertainty] = {}
    for name, value in head.items():
        loc: Loc = ("uncertainties", name)
        where = document.where(loc, key=True)
        before = len(problems)
        form = filled(UncertaintyForm, value, document, loc, problems)
        prior = _drawn(form, document, loc, problems) if form else None
        if form and len(problems) == before:
            found[name] = Uncertainty(
                name,
                "number" if prior else "choice",
                _normal(form.choices or {}),
                prior,
                form.unit or "1",
                form.status,
                form.source,
                form.meaning.both(),
                where,
            )
        else:
            raw = value if isinstance(value, dict) else {}
            given = raw.get("choices")
            options = given if isinstance(given, dict) else {}
            found[name] = Uncertainty(
                name,
                "number" if "prior" in raw else "choice",
                tuple((str(option), 0.0) for option in options),
                None,
                "1",
                "judged",
                "",
                {},
                where,
            )
    return found


def _drawn(
    form: UncertaintyForm, document: Document, loc: Loc, problems: list[BadInput]
) -> Prior | None:
    """Prior of a number; None for a branch, whose weights are checked."""
    where = document.where(loc, key=True)
    if form.choices is not None and form.prior is not None:
        problems.append(BadInput("both choices and a prior", fix="keep one of them", where=where))
    elif form.prior is not None:
        return _prior(form.prior, document, (*loc, "prior"), problems)
    elif form.choices is not None:
        problems += _choice_problems(form.choices, document, (*loc, "choices"))
    elif not {"choices", "prior"} & _written(document, loc):
        problems.append(
            BadInput(
                "neither choices nor a prior",
                fix="add `choices: {a: 0.5, b: 0.5}` or `prior: {...}`",
                where=where,
            )
        )
    return None


def _written(document: Document, loc: Loc) -> set[str | int]:
    """Keys that stand in the file at a place."""
    return {key[-1] for key in document.keys if key[:-1] == loc}


def _normal(weights: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """Weights divided by their sum, which is 1 up to rounding."""
    total = math.fsum(weights.values())
    return tuple((name, weight / total) for name, weight in weights.items())


def _choice_problems(choices: Mapping[str, float], document: Document, loc: Loc) -> list[BadInput]:
    problems = [
        BadInput(
            f"the probability of {name!r} is {weight:g}",
            "it lies outside 0 to 1",
            "write a share such as 0.25",
            document.where((*loc, name)),
        )
        for name, weight in choices.items()
        if not 0 <= weight <= 1
    ]
    where = document.where(loc, key=True)
    total = math.fsum(choices.values())
    if len(choices) < 2:
        problems.append(BadInput("a choice needs at least two branches", where=where))
    elif not any(choices.values()):
        problems.append(
            BadInput(
                "all probabilities are 0",
                "no branch could ever be drawn",
                "give weights that sum to 1",
                where,
            )
        )
    elif not problems and abs(total - 1) > 1e-6:
        scaled = ", ".join(f"{name}: {weight / total:.4g}" for name, weight in choices.items())
        problems.append(
            BadInput(
                f"the probabilities sum to {total:.6g}, not 1",
                fix=f"in proportion: {{{scaled}}}",
                where=where,
            )
        )
    return problems


def _prior(form: PriorForm, document: Document, loc: Loc, problems: list[BadInput]) -> Prior | None:
    table = form.model_dump(exclude_none=True)
    where = document.where(loc)
    needed = NEEDED[form.kind]
    extra = [name for name in table if name not in (*needed, "kind")]
    if extra:
        problems.append(
            BadInput(
                f"a {form.kind} prior has no {', '.join(extra)}",
                fix=f"use {', '.join(needed)}",
                where=where,
            )
        )
        return None
    if (
        form.kind == "triangular"
        and {"low", "mode", "high"} <= set(table)
        and not (table["low"] <= table["mode"] <= table["high"])
    ):
        problems.append(BadInput("mode must lie between low and high", where=where))
        return None
    try:
        return prior_from(table, where)
    except BadInput as error:
        problems.append(error)
        return None
