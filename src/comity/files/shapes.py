"""What the shape of any document needs: dates, texts by language, pydantic errors as messages.

Forms check shape only: known keys, types, dates, finite numbers. What needs the names of states,
frameworks and levers is checked afterwards, so that one pass reports every problem of a file.
"""

from __future__ import annotations

import calendar
import datetime
import math
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictFloat,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from comity.files.cursor import Cursor
from comity.files.documents import as_number, nearest, shown

FormT = TypeVar("FormT", bound=BaseModel)


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
    except (ValueError, OverflowError):
        raise PydanticCustomError(
            "date",
            "{shown} is not a date of the calendar",
            {"shown": shown(value), "fix": "write 2025-08-07 or a year such as 2025"},
        ) from None
    start = datetime.date(day.year, 1, 1)
    return day.year + (day - start).days / year_days(day.year)


def year_days(year: int) -> int:
    """Days of a calendar year."""
    return 365 + calendar.isleap(year)


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


# What stands in for a faulty value while the rest of its form is checked; never handed on. Any
# value will do that every form with such a key takes.
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
    "from": 2025,
    "add": 0,
    "set": 0,
    "times": 0,
    "comparator": ">",
    "threshold": 0,
}


def filled(form: type[FormT], at: Cursor) -> FormT | None:
    """The form filled with what stands at a place, with a problem noted for each fault.

    Where it does not fit, what does fit is still handed on, so that the checks to come find all
    other problems; None where too little fits.
    """
    value = at.value
    try:
        return form.model_validate(value)
    except ValidationError as error:
        faults = error.errors()
    for fault in faults:
        _note(fault, form, at)
    bad = {str(fault["loc"][0]) for fault in faults if fault["loc"]}
    if not isinstance(value, dict) or not bad:
        return None
    rest = {key: item for key, item in value.items() if key not in bad}
    rest |= {key: STAND_INS[key] for key in bad & STAND_INS.keys()}
    try:
        return form.model_validate(rest)
    except ValidationError:
        return None


def note_empty(at: Cursor) -> None:
    """Note each empty list or mapping below a place where nothing else is wrong.

    It says nothing, and is most often a list that lost its items.
    """
    taken = {problem.where for problem in at.problems}
    for part in (*at.items(), *at.entries().values()):
        if part.value in ([], {}) and not {part.place, part.key.place} & taken:
            part.bad(f"{part.name}: the list is empty", "name an item, or delete the key")
        note_empty(part)


def _note(fault: ErrorDetails, form: type[BaseModel], at: Cursor) -> None:
    """Note a fault of a form that stands at ``at``."""
    kind, value = fault["type"], fault.get("input")
    context: Mapping[str, Any] = fault.get("ctx") or {}
    for part in fault["loc"]:
        # pydantic marks a key by a further part; it is no place of the file.
        at = at if part == "[key]" else at[part]
    if kind == "extra_forbidden":
        fix = (
            "only `extends: NAME` takes over another file"
            if at.name in ("include", "import")
            else nearest(at.name, keys_of(form, fault["loc"][:-1]))
        )
        at.key.bad(f"unknown key {shown(at.name)}", fix)
    elif kind == "missing":
        at.bad(f"{at.name!r} is missing", f"add `{at.name}: ...`")
    elif kind == "date":
        at.bad(fault["msg"], context["fix"])
    elif kind == "string_pattern_mismatch" and not isinstance(value, dict):
        at.bad(
            f"{at.name}: {shown(value)} has characters that it must not have",
            _pattern_fix(at.name, context.get("pattern", "")),
        )
    else:
        needed, fix = _needed(kind, value, context)
        if kind == "literal_error":
            fix = nearest(str(value), _options(context.get("expected", "")))
        at.bad(f"{at.name}: {shown(value)} is not {needed}", fix)


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
