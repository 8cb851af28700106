"""Contested sentences as they are declared in ``questions.toml``, and the designs they rest on."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from comity.core.errors import BadInput, nearest
from comity.core.toml_tables import check_keys, read
from comity.models.statistics.power import Model, Panel, Rare, Shares

PACKAGE = "comity.claims.learn"
WHERE = "claims/learn/questions.toml"
SPEAKS = ("whole", "less", "part")
_QUESTION = {
    "smallest": "a finite number",
    "for": "a text",
    "numbers": "a list of texts",
    "designs": "a list of texts",
    "claims": "a list of texts",
    "papers": "a list of texts",
}
_ALSO = {"estimate": "a text", "decision": "a text", "step": "a finite number"}
_CHOICE = {"scenario": "a text", "actor": "a text", "strategies": "a list of texts"}
_DESIGN = {"speaks": "a text", "status": "a text", "source": "a text"}
_OPTIONS = {
    "estimate": "a text",
    "archive": "a finite number",
    "error": "a finite number",
    "record": "a finite number",
    "smallest": "a finite number",
    "years": "a finite number",
    "meets": "true or false",
}


@dataclass(frozen=True)
class Estimate:
    """A row of ``designs.csv``: the estimate, its record, and the model to draw records from."""

    name: str
    value: float
    se: float
    since: int
    until: int
    count: int
    model: Model

    @property
    def years(self) -> float:
        """Length of the record."""
        return float(self.until - self.since + 1)


@dataclass(frozen=True)
class Design:
    """Another way to learn; ``WHERE`` says what each entry means."""

    name: str
    speaks: str
    status: str
    source: str
    estimate: str = ""
    archive: float = 0.0
    error: float = np.nan
    record: float = np.nan
    shares: tuple[float, float] | None = None
    smallest: float = np.nan
    years: float = np.nan
    meets: bool = False


@dataclass(frozen=True)
class Choice:
    """A scenario, a state, and the strategies among which it chooses."""

    scenario: str
    actor: str
    strategies: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A contested sentence; ``estimate`` and ``decision`` are None where there is none.

    ``step``: change of the trait at which an effect in logs is also said in per cent, else None.
    """

    name: str
    estimate: Estimate | None
    smallest: float
    sign: float
    numbers: tuple[str, ...]
    decision: Choice | None
    designs: tuple[Design, ...]
    claims: tuple[str, ...]
    papers: tuple[str, ...]
    step: float | None = None


@cache
def questions() -> dict[str, Question]:
    """Every question by name, in the order of the file.

    Raises
    ------
    BadInput
        An entry of the file that is missing, unknown or of another kind.
    """
    table = read(PACKAGE, "questions.toml")
    return {name: _question(name, entry, table) for name, entry in table["question"].items()}


def question(name: str) -> Question:
    """The question of a name.

    Raises
    ------
    BadInput
        There is none; the nearest name is given.
    """
    known = questions()
    if name not in known:
        raise BadInput(f"there is no question {name!r}", fix=nearest(name, known))
    return known[name]


def _question(name: str, entry: Mapping[str, Any], table: Mapping[str, Any]) -> Question:
    where = f"{WHERE}:{name}"
    check_keys(entry, _QUESTION, _ALSO, where)
    if entry["for"] not in ("above", "below"):
        raise BadInput(f"for of {name} is {entry['for']!r}", fix="use above or below", where=where)
    if not entry["smallest"] > 0:
        raise BadInput(f"smallest of {name} is not above 0", fix="write a size", where=where)
    asked = entry.get("decision", "")
    if asked and asked not in table["decision"]:
        raise BadInput(
            f"there is no decision {asked!r}", fix=nearest(asked, table["decision"]), where=where
        )
    choice = _choice(asked, table["decision"][asked]) if asked else None
    return Question(
        name,
        estimate(entry["estimate"]) if "estimate" in entry else None,
        float(entry["smallest"]),
        1.0 if entry["for"] == "above" else -1.0,
        tuple(entry["numbers"]),
        choice,
        tuple(_design(one, table["design"], where) for one in entry["designs"]),
        tuple(entry["claims"]),
        tuple(entry["papers"]),
        float(entry["step"]) if "step" in entry else None,
    )


def _choice(name: str, entry: Mapping[str, Any]) -> Choice:
    check_keys(entry, _CHOICE, {}, f"{WHERE}:{name}")
    return Choice(entry["scenario"], entry["actor"], tuple(entry["strategies"]))


def _design(name: str, table: Mapping[str, Any], asked_by: str) -> Design:
    if name not in table:
        raise BadInput(f"there is no design {name!r}", fix=nearest(name, table), where=asked_by)
    entry, where = dict(table[name]), f"{WHERE}:{name}"
    shares = entry.pop("shares", None)
    check_keys(entry, _DESIGN, _OPTIONS, where)
    if entry["speaks"] not in SPEAKS:
        fix = nearest(entry["speaks"], SPEAKS)
        raise BadInput(f"speaks of {name} is {entry['speaks']!r}", fix=fix, where=where)
    if sum(("estimate" in entry, "error" in entry, shares is not None)) != 1:
        raise BadInput(
            f"{name} has no variance, or two", fix="give estimate, error or shares", where=where
        )
    return Design(name, shares=tuple(shares) if shares else None, **entry)


@cache
def _tables() -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """The two tables that `designed` writes: heads by name, and points."""
    heads, points = (
        pd.read_csv(io.StringIO(resources.files(PACKAGE).joinpath(file).read_text("utf-8")))
        for file in ("designs.csv", "points.csv")
    )
    held = {
        str(name): rows[["first", "second"]].to_numpy(float)
        for name, rows in points.groupby("name")
    }
    return heads.set_index("name"), held


@cache
def estimate(name: str) -> Estimate:
    """The estimate of a row of ``designs.csv`` with its model.

    Raises
    ------
    BadInput
        There is no such row.
    """
    heads, points = _tables()
    if name not in heads.index:
        raise BadInput(f"there is no estimate {name!r}", fix=nearest(name, map(str, heads.index)))
    row: Mapping[Any, Any] = heads.to_dict("index")[name]
    value, se = float(row["value"]), float(row["se"])
    since, until = int(row["since"]), int(row["until"])
    model = model_of(str(row["kind"]), points[name], value, se, until - since + 1.0)
    return Estimate(name, value, se, since, until, int(row["count"]), model)


def model_of(kind: str, points: np.ndarray, value: float, se: float, years: float) -> Model:
    """The model that records are drawn from, such that the record in hand has its error.

    Parameters
    ----------
    kind
        rare, panel or shares.
    points
        (K, 2) as `evidence.estimates.designs.Design` has them.
    value, se, years
        The estimate, its error and the length of its record.
    """
    first, second = points.T
    if kind == "rare":
        # What independent events would tell, beside what the clustered error says they do.
        told = years * float(second @ (first - second @ first / second.sum()) ** 2)
        return Rare(first, second, value, se**2 * told)
    return Panel(first, second, years) if kind == "panel" else Shares(first, second)
