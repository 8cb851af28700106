"""Dossiers: the claims of one report, each with the way it is tested, read from guarded YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from comity.claims.forms import ClaimForm, DossierForm, OrderForm, PairedForm, TestForm
from comity.core.errors import BadInput
from comity.core.words import same
from comity.files.documents import Document, Loc, by_line, nearest, read, shown
from comity.files.forms import filled

FORMAT = 1
TESTED = ("data", "experiment")
EXPERIMENTS = (PairedForm, OrderForm)
# What is meant to happen, against what is said to be: claims about the world as it is are never
# tested on a scenario that assumes them.
DATA_KINDS = ("observation",)
UNTESTED_KINDS = ("definition", "rhetoric")


@dataclass(frozen=True)
class Claim:
    """A claim as said, and how it is tested.

    ``test`` is the filled form of the test, None where there is none; ``smallest`` the smallest
    effect of interest in the unit of the test; texts are by language.
    """

    id: str
    kind: str
    said: Mapping[str, str]
    actors: tuple[str, ...]
    frameworks: tuple[str, ...]
    route: str
    why: Mapping[str, str]
    system: str
    direction: str
    test: TestForm | None
    smallest: float
    unit: Mapping[str, str]
    reason: Mapping[str, str]
    objective: Mapping[str, str]
    cost: Mapping[str, str]
    grade: str
    change: Mapping[str, str]
    due: str
    where: str


@dataclass(frozen=True)
class Dossier:
    """The claims of one session of a dialogue."""

    name: str
    title: Mapping[str, str]
    publisher: str
    session: Mapping[str, str]
    date: str
    source: str
    claims: tuple[Claim, ...]
    file: str


def library_names() -> tuple[str, ...]:
    """Names of the dossiers that ship."""
    return tuple(sorted(p.stem for p in _library().glob("*.yaml")))


def load(source: str | Path) -> Dossier:
    """Read a dossier by the name of a library file or by path.

    Raises
    ------
    BadInput
        Every problem of the file, sorted by line.
    """
    return parse(read(_locate(source)))


def _library() -> Path:
    return Path(str(resources.files("comity.library"))) / "dossiers"


def _locate(source: str | Path) -> Path:
    text = str(source)
    if isinstance(source, Path) or "/" in text or "\\" in text or text.endswith((".yaml", ".yml")):
        return Path(source)
    if text not in library_names():
        raise BadInput(
            f"there is no dossier {shown(text)} in the library",
            fix=nearest(text, library_names()) + ", or give the path of a file",
        )
    return _library() / f"{text}.yaml"


def parse(document: Document) -> Dossier:
    """Dossier of a document that is already read; raises as `load`."""
    problems: list[BadInput] = []
    given = document.data.get("comity")
    if given != f"dossier {FORMAT}":
        raise BadInput(
            f"this file begins with {shown(given)}",
            fix=f"begin with `comity: dossier {FORMAT}`",
            where=document.where(("comity",)),
        )
    head = filled(DossierForm, document.data, document, (), problems)
    if head is None:
        raise BadInput.many(by_line(problems))
    claims = []
    for place, value in enumerate(head.claims):
        loc = ("claims", place)
        form = filled(ClaimForm, value, document, loc, problems)
        if form is not None:
            problems += _claim_problems(form, document, loc)
            claims.append(_claim(form, document.where(loc)))
    problems += _twice(claims)
    if problems:
        raise BadInput.many(by_line(problems))
    return Dossier(
        head.name,
        head.title.both(),
        head.publisher,
        head.session.both(),
        head.date,
        head.source,
        tuple(claims),
        document.name,
    )


def _claim(form: ClaimForm, where: str) -> Claim:
    smallest = form.smallest
    none = same("")
    return Claim(
        form.id,
        form.kind,
        form.said.both(),
        tuple(form.actors),
        tuple(form.frameworks),
        form.route,
        form.why.both(),
        form.system or "",
        form.direction,
        form.test,
        float(smallest.value) if smallest else 0.0,
        smallest.unit.both() if smallest else none,
        smallest.reason.both() if smallest else none,
        form.objective.both() if form.objective else none,
        form.cost.both() if form.cost else none,
        form.grade or "",
        form.change.both() if form.change else none,
        form.due or "",
        where,
    )


def _claim_problems(form: ClaimForm, document: Document, loc: Loc) -> list[BadInput]:
    """What is missing or contradicts itself in a claim whose shape is right."""
    found = []

    def wrong(what: str, why: str, fix: str, *at: str) -> None:
        found.append(BadInput(f"{form.id}: {what}", why, fix, document.where((*loc, *at))))

    tested = form.route in TESTED
    if tested and not (form.test and form.smallest):
        missing = "test" if form.test is None else "smallest"
        wrong(
            f"{missing!r} is missing",
            f"the route is {form.route}",
            f"add `{missing}:`, or choose the route not_testable or awaiting",
        )
    if not tested and form.test:
        wrong(f"a test stands beside the route {form.route}", "", "delete it or change the route")
    if form.route == "awaiting" and not form.system:
        wrong("'system' is missing", "the route is awaiting", "name the system, as in `system: R9`")
    if form.kind in UNTESTED_KINDS and form.route != "not_testable":
        wrong(f"a {form.kind} cannot be tested", "", "write `route: not_testable`", "route")
    simulated = isinstance(form.test, EXPERIMENTS)
    if form.test and simulated != (form.route == "experiment"):
        right = "experiment" if simulated else "data"
        wrong(f"its test is one of route {right}", "", f"write `route: {right}`", "route")
    due = form.kind == "forecast" and form.due
    if simulated and isinstance(form.test, PairedForm) and (form.kind in DATA_KINDS or due):
        wrong(
            f"a {form.kind} cannot be tested on a scenario",
            "the scenario may assume what is claimed",
            "test it on dated data",
            "test",
        )
    if form.kind == "recommendation" and isinstance(form.test, PairedForm):
        for name in ("objective", "cost"):
            if getattr(form, name) is None:
                wrong(
                    f"{name!r} is missing",
                    "a recommendation has an objective, a cost and an alternative",
                    f"add `{name}: ...`",
                )
        if form.test.alternative is None:
            wrong("'alternative' is missing", "compared with what?", "add it", "test")
    return found


def _twice(claims: list[Claim]) -> list[BadInput]:
    first: dict[str, Claim] = {}
    found = []
    for claim in claims:
        if first.setdefault(claim.id, claim) is not claim:
            found.append(
                BadInput(
                    f"the id {claim.id} stands twice",
                    f"first at {first[claim.id].where}",
                    "give each claim its own id",
                    claim.where,
                )
            )
    return found
