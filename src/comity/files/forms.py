"""The shape of scenario and strategy files: pydantic forms, and their errors as messages.

Forms check shape only: known keys, types, dates, finite numbers. What needs the names of states,
frameworks and levers is checked afterwards, so that one pass reports every problem of a file.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictFloat,
    StrictInt,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from comity.core.errors import BadInput
from comity.files.documents import Document, Loc, as_number, nearest, shown

FormT = TypeVar("FormT", bound=BaseModel)
FIRST_YEAR = 2025
LAST_YEAR = 2100
MAX_MOVES = 400


def as_date(value: object) -> float:
    """Year fraction of an ISO date or a year (its first day).

    ``2025-07-02`` is 2025 plus the share of the year before that day.
    """
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            day = datetime.date(value, 1, 1)
        elif isinstance(value, str) and len(value) == 10:
            day = datetime.date.fromisoformat(value)
        else:
            raise ValueError
    except ValueError:
        raise PydanticCustomError(
            "date",
            "{shown} is not a date of the calendar",
            {"shown": shown(value), "fix": "write 2025-08-07 or a year such as 2025"},
        ) from None
    start = datetime.date(day.year, 1, 1)
    return day.year + (day - start).days / year_days(day.year)


def year_days(year: int) -> int:
    """Days of a calendar year."""
    return (datetime.date(year + 1, 1, 1) - datetime.date(year, 1, 1)).days


def as_list(value: object) -> object:
    """A single item as a list of one."""
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


def as_texts(value: object) -> object:
    """A plain text as the same text for every language."""
    return {"en": value} if isinstance(value, str) else value


Number = Annotated[StrictFloat, Field(allow_inf_nan=False)]
Date = Annotated[float, BeforeValidator(as_date)]
Names = Annotated[
    list[Annotated[str, Field(min_length=1)]], BeforeValidator(as_list), Field(min_length=1)
]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Line = Annotated[str, Field(min_length=1)]


class Form(BaseModel):
    """What all forms share: strict types, no unknown key, no NaN or infinity."""

    model_config = ConfigDict(
        extra="forbid", strict=True, allow_inf_nan=False, populate_by_name=True
    )


class Texts(Form):
    """A text by language; without Japanese the English one stands in."""

    en: Line
    ja: Line | None = None

    def both(self) -> dict[str, str]:
        """Text for each language."""
        return {"en": self.en, "ja": self.ja or self.en}


Text = Annotated[Texts, BeforeValidator(as_texts)]
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


# What stands in for a faulty value while the rest of its form is checked; never handed on.
STAND_INS: Mapping[str, object] = {
    "comity": "scenario 1",
    "name": "x",
    "title": "-",
    "question": "-",
    "summary": "-",
    "meaning": "-",
    "status": "judged",
    "source": "-",
    "judged": "-",
    "event": "E000",
    "from": FIRST_YEAR,
    "add": 0,
    "set": 0,
    "comparator": ">",
    "threshold": 0,
}


def filled(
    form: type[FormT], value: object, document: Document, loc: Loc, problems: list[BadInput]
) -> FormT | None:
    """The form filled with ``value``, and a problem for each fault.

    Where it does not fit, what does fit is still handed on, so that the checks to come find all
    other problems; None where too little fits.
    """
    try:
        return form.model_validate(value)
    except ValidationError as error:
        faults = error.errors()
    problems += [_message(fault, form, document, loc) for fault in faults]
    bad = {str(fault["loc"][0]) for fault in faults if fault["loc"]}
    if not isinstance(value, dict) or not bad:
        return None
    rest = {key: item for key, item in value.items() if key not in bad}
    rest |= {key: STAND_INS[key] for key in bad & STAND_INS.keys()}
    try:
        return form.model_validate(rest)
    except ValidationError:
        return None


def _message(fault: ErrorDetails, form: type[BaseModel], document: Document, base: Loc) -> BadInput:
    loc, kind, value = (*base, *_file_loc(fault["loc"])), fault["type"], fault.get("input")
    last = str(loc[-1]) if loc else "file"
    context: Mapping[str, Any] = fault.get("ctx") or {}
    where = document.where(loc)
    if kind == "extra_forbidden":
        fix = (
            "only `extends: NAME` takes over another file"
            if last in ("include", "import")
            else nearest(last, keys_of(form, fault["loc"][:-1]))
        )
        return BadInput(f"unknown key {shown(last)}", fix=fix, where=document.where(loc, key=True))
    if kind == "missing":
        return BadInput(f"{last!r} is missing", fix=f"add `{last}: ...`", where=where)
    if kind == "date":
        return BadInput(fault["msg"], fix=context["fix"], where=where)
    if kind == "string_pattern_mismatch" and not isinstance(value, dict):
        return BadInput(
            f"{last}: {shown(value)} has characters that it must not have",
            fix=_pattern_fix(last, context.get("pattern", "")),
            where=where,
        )
    needed, fix = _needed(kind, value, context)
    if kind == "literal_error":
        fix = nearest(str(value), _options(context.get("expected", "")))
    return BadInput(f"{last}: {shown(value)} is not {needed}", fix=fix, where=where)


def _needed(kind: str, value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    if isinstance(value, float) and not math.isfinite(value):
        return "a finite number", "write a number such as 0.25"
    if kind.startswith(("float", "int")):
        fix = as_number(value) if isinstance(value, str) else ""
        fix = fix or f"write a number such as {'2030' if kind.startswith('int') else '0.25'}"
        return "a whole number" if kind.startswith("int") else "a number", fix
    if kind.startswith("string"):
        quoted = f'write "{value}"' if isinstance(value, int | float) else "write a word"
        return "a text", quoted
    if kind.startswith(("greater", "less")):
        bound = next(
            (
                f"{word} {context[name]}"
                for name, word in (
                    ("ge", "at least"),
                    ("gt", "above"),
                    ("le", "at most"),
                    ("lt", "below"),
                )
                if name in context
            ),
            "inside its bounds",
        )
        return bound, ""
    if kind.startswith(("list", "too_short", "too_long")):
        size = context.get("max_length")
        return (f"of at most {size} items" if size else "a list with an item"), ""
    if kind.startswith(("dict", "model")):
        return "a mapping of keys to values", "write `key: value` lines below it, indented"
    return "one of the allowed values", ""


def _file_loc(loc: tuple[int | str, ...]) -> Loc:
    """Location in the file of a pydantic location (``[key]`` marks a key, not a place)."""
    return tuple(part for part in loc if part != "[key]")


def _options(expected: str) -> list[str]:
    return [part.strip(" '") for part in expected.replace(" or ", ",").split(",")]


def _pattern_fix(last: str, pattern: str) -> str:
    if pattern.startswith("^E"):
        return "write the id of an event, such as E155"
    return "use small letters, digits, - and _, such as tariff-wall"


def keys_of(form: type[BaseModel], inside: tuple[int | str, ...] = ()) -> list[str]:
    """Keys that a form knows at a place inside it, as they stand in files."""
    fields = form.model_fields
    for part in inside:
        found = fields.get(str(part))
        part_type = getattr(found, "annotation", None)
        if not (isinstance(part_type, type) and issubclass(part_type, BaseModel)):
            part_type = next(
                (
                    kind
                    for kind in getattr(part_type, "__args__", ())
                    if isinstance(kind, type) and issubclass(kind, BaseModel)
                ),
                None,
            )
        if part_type is None:
            return []
        fields = part_type.model_fields
    return [field.alias or name for name, field in fields.items()]
