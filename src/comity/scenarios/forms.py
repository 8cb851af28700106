"""The shape of scenario and strategy files."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictInt

from comity.files.shapes import Date, Form, Line, Names, Number, Slug, Text

FIRST_YEAR = 2025
LAST_YEAR = 2100
MAX_MOVES = 400

Year = Annotated[StrictInt, Field(ge=FIRST_YEAR, le=LAST_YEAR)]


class HorizonForm(Form):
    """First and last simulated year."""

    start: Year = Field(alias="from")
    stop: Year = Field(alias="to")


class PriorForm(Form):
    """Distribution of a number, as in a parameter book."""

    kind: Literal["fixed", "uniform", "triangular", "normal", "lognormal"]
    low: Number | None = None
    high: Number | None = None
    mean: Number | None = None
    sd: Annotated[Number, Field(gt=0)] | None = None
    median: Annotated[Number, Field(gt=0)] | None = None
    mode: Number | None = None


class UncertaintyForm(Form):
    """A branch with weights, or a number with a prior."""

    meaning: Text
    choices: dict[str, Number] | None = None
    prior: PriorForm | None = None
    unit: Line | None = None
    status: Literal["published", "estimated", "judged"]
    source: Line


class EndForm(Form):
    """Branches of one choice in which a move ends before its time."""

    at: Date
    when: Annotated[dict[str, Names], Field(min_length=1, max_length=1)]


class MoveForm(Form):
    """A dated move; the lever's own arguments (importer, state, ...) come as further keys."""

    model_config = ConfigDict(
        extra="allow", strict=True, allow_inf_nan=False, populate_by_name=True
    )

    lever: Line
    add: Number | None = None
    set: Number | None = None
    times: Annotated[Number, Field(ge=0)] | None = None
    start: Date = Field(alias="from")
    until: Date | None = None
    ends_early: EndForm | None = None
    when: dict[str, Names] = Field(default_factory=dict)
    scale: Line | None = None
    consent: Line | None = None
    instrument: Line | None = None
    channel: Line | None = None
    event: Annotated[str, Field(pattern=r"^E\d{3}$")] | None = None
    source: Line | None = None
    judged: Line | None = None
    note: Line | None = None


class RuleForm(MoveForm):
    """A move that happens where a lagged observable passed a threshold."""

    start: Date = Field(alias="from", default=float(FIRST_YEAR))
    observe: Line
    comparator: Literal[">", "<"]
    threshold: Number


class ScenarioForm(Form):
    """Head of a scenario file; its parts are checked one by one."""

    comity: Line
    name: Slug
    title: Text
    question: Text
    summary: Text
    extends: Line | None = None
    mechanisms: list[Line] = Field(default_factory=list)
    objective: Line | None = None
    parameters: dict[Line, Any] = Field(default_factory=dict)
    horizon: HorizonForm | None = None
    groups: dict[str, Names] = Field(default_factory=dict)
    uncertainties: dict[Slug, Any] = Field(default_factory=dict)
    moves: list[Any] = Field(default_factory=list, max_length=MAX_MOVES)
    rules: list[Any] = Field(default_factory=list, max_length=MAX_MOVES)


class StrategyForm(ScenarioForm):
    """Head of a strategy file: a scenario's, with the state that acts and a cost note."""

    question: Text | None = None
    actor: Line
    cost: Text | None = None
    objective: None = None
    parameters: None = None
