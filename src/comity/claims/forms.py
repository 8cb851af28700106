"""The shape of dossier files: who said what, and how each claim is tested."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool, StrictInt
from pydantic_core import PydanticCustomError

from comity.files.shapes import Form, Line, Names, Number, Slug, Text, as_date

MAX_CLAIMS = 400
Kind = Literal[
    "observation",
    "causal",
    "forecast",
    "recommendation",
    "concern",
    "definition",
    "rhetoric",
]
Route = Literal["data", "experiment", "not_testable", "awaiting"]


def in_order(years: list[int]) -> list[int]:
    """First and last year, which must stand in that order."""
    if years[0] > years[1]:
        raise PydanticCustomError(
            "date", "{shown} runs backwards", {"shown": str(years), "fix": f"write {years[::-1]}"}
        )
    return years


Day = Annotated[
    str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(lambda day: as_date(day) and day)
]
Year = Annotated[StrictInt, Field(ge=1000, le=9999)]
Span = Annotated[list[Year], Field(min_length=2, max_length=2), AfterValidator(in_order)]
Where = dict[str, Names]


class SmallestForm(Form):
    """Smallest effect of interest, set before anything was run, and why."""

    value: Annotated[Number, Field(ge=0)]
    unit: Text
    reason: Text


class ChangeForm(Form):
    """Mean of a yearly series in a later span less that in an earlier one."""

    kind: Literal["change"]
    indicator: Line
    unit: Line
    before: Span
    after: Span
    relative: StrictBool = False


class SlopeForm(Form):
    """Trend of a yearly series per decade."""

    kind: Literal["slope"]
    indicator: Line
    unit: Line
    years: Span


class LevelForm(Form):
    """Mean of a yearly series less a reference value."""

    kind: Literal["level"]
    indicator: Line
    unit: Line
    years: Span
    against: Number


class GapForm(Form):
    """Mean of a yearly series for one unit less that of its peers.

    ``than``: the mean of the peers, or the highest of them, as "the leading" asks for.
    """

    kind: Literal["gap"]
    indicator: Line
    unit: Line
    peers: Names
    years: Span
    than: Literal["mean", "highest"] = "mean"


class ShareForm(Form):
    """Share of the rows of a table that have a property, less a reference or the share of others.

    ``than`` picks the others; without it ``against`` is taken off. ``bound``: what is on record is
    less (floor) or more (ceiling) than there is.
    """

    kind: Literal["share"]
    table: Literal["acts", "events", "us_commitments"]
    where: Where = Field(default_factory=dict)
    success: Where
    than: Where | None = None
    against: Number = 0.0
    bound: Literal["floor", "ceiling"] | None = None


class RateForm(Form):
    """Events a year of a kind after a date less before it."""

    kind: Literal["rate"]
    where: Where
    before: Span
    after: Span


class TogetherForm(Form):
    """Years in which events of two kinds both begin, against the same years shifted in a circle.

    ``indicators``: two series as ``name(unit)``; a year counts where its figure is above nil.
    """

    kind: Literal["together"]
    indicators: Annotated[list[Line], Field(min_length=2, max_length=2)]
    years: Span


class AlongForm(Form):
    """Slope of one yearly series on another, against the same with the other shifted in a circle.

    ``indicators``: what moves, then what it is said to move with, as ``name(unit)``; the second is
    read ``lag`` years earlier.
    """

    kind: Literal["along"]
    indicators: Annotated[list[Line], Field(min_length=2, max_length=2)]
    years: Span
    lag: StrictInt = 0


class EstimateForm(Form):
    """An estimate from a panel, made by ``comity.evidence`` and kept in ``estimates.csv``."""

    kind: Literal["estimate"]
    name: Line
    against: Number = 0.0


SignTest = Annotated[
    ChangeForm
    | SlopeForm
    | LevelForm
    | GapForm
    | ShareForm
    | RateForm
    | TogetherForm
    | AlongForm
    | EstimateForm,
    Field(discriminator="kind"),
]


class SignForm(Form):
    """One sign of several: its test, its smallest effect, the direction that speaks for it."""

    sign: Text
    test: SignTest
    smallest: Annotated[Number, Field(ge=0)]
    direction: Literal["more", "less"] = "more"


class BasketForm(Form):
    """Several signs of one claim: share of them that speak for it less share that speak against."""

    kind: Literal["basket"]
    signs: Annotated[list[SignForm], Field(min_length=2, max_length=12)]


class ArmForm(Form):
    """What happens: a scenario, strategies of states, or nothing."""

    scenario: Line | None = None
    strategies: Annotated[list[Line], Field(default_factory=list)]


class PairedForm(Form):
    """The same futures with and without something.

    ``mechanisms`` are switched on beside the year's own in every arm. With ``level`` the outcome
    itself is tested, which must then be one that compares with a counterfactual of its own, as the
    loss from a cut-off does. What is said of several states names the others in ``also``: it has to
    hold for each, so that the effect is that of the one for which it is least.
    """

    kind: Literal["paired"]
    actor: Line
    also: list[Line] = Field(default_factory=list)
    outcome: Line
    less: StrictBool = False
    level: StrictBool = False
    mechanisms: list[Line] = Field(default_factory=list)
    with_: Annotated[ArmForm, Field(alias="with")]
    without: Annotated[ArmForm, Field(default_factory=lambda: ArmForm(strategies=[]))]
    alternative: ArmForm | None = None


class OrderForm(Form):
    """Today's tariffs against war or unanswered breaches: gain of the state that gains least."""

    kind: Literal["order"]
    size: Literal["smallest", "largest", "all"]
    against: Annotated[list[Literal["war", "alone"]], Field(min_length=1)]


TestForm = Annotated[
    ChangeForm
    | SlopeForm
    | LevelForm
    | GapForm
    | ShareForm
    | RateForm
    | TogetherForm
    | AlongForm
    | EstimateForm
    | BasketForm
    | PairedForm
    | OrderForm,
    Field(discriminator="kind"),
]


class ClaimForm(Form):
    """One claim with its route; `test` and `smallest` where it is tested, `why` where not."""

    id: Annotated[str, Field(pattern=r"^[A-Z][0-9A-Za-z-]{1,15}$")]
    kind: Kind
    said: Text
    actors: list[Line] = Field(default_factory=list)
    frameworks: list[Line] = Field(default_factory=list)
    route: Route
    why: Text
    system: Annotated[str, Field(pattern=r"^R\d{1,2}$")] | None = None
    direction: Literal["more", "less"] = "more"
    test: TestForm | None = None
    smallest: SmallestForm | None = None
    objective: Text | None = None
    cost: Text | None = None
    grade: Literal["A", "B", "C", "D"] | None = None
    change: Text | None = None
    due: Day | None = None


class DossierForm(Form):
    """Head of a dossier; its claims are checked one by one."""

    comity: Line
    name: Slug
    title: Text
    publisher: Line
    session: Text
    date: Day
    source: Line
    claims: Annotated[list[Any], Field(min_length=1, max_length=MAX_CLAIMS)]
