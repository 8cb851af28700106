"""Dossiers: the claims of one report, each with the way it is tested, read from guarded YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from comity.claims.forms import ClaimForm, DossierForm, OrderForm, PairedForm, TestForm
from comity.core.errors import BadInput
from comity.core.words import same
from comity.files.cursor import Cursor
from comity.files.documents import Document, nearest, read, shown
from comity.files.shapes import filled
from comity.registry import states as registry
from comity.registry.frameworks import ids as framework_ids
from comity.registry.sizes import Smallest
from comity.registry.sizes import smallest as smallest_of

FORMAT = 1
TESTED = ("data", "experiment")
EXPERIMENTS = (PairedForm, OrderForm)
# What is meant to happen, against what is said to be: claims about the world as it is are never
# tested on a scenario that assumes them.
DATA_KINDS = ("observation",)
ORDER = "consumption"  # what the gains of orders are in
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
    path = _locate(source)
    return _shipped(path) if path.parent == _library() else parse(read(path))


@cache
def _shipped(path: Path) -> Dossier:
    """A file of the library does not change while a program runs."""
    return parse(read(path))


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
    at = Cursor(document)
    given = at["comity"].value
    if given != f"dossier {FORMAT}":
        raise at["comity"].fault(
            f"this file begins with {shown(given)}", f"begin with `comity: dossier {FORMAT}`"
        )
    head = filled(DossierForm, at)
    if head is None:
        raise at.refusal()
    claims = []
    for place in at["claims"].items():
        form = filled(ClaimForm, place)
        if form is not None:
            _check_claim(form, place)
            claims.append(_claim(form, place.place))
    at.problems.extend(_twice(claims))
    if at.problems:
        raise at.refusal()
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


def fixed(form: ClaimForm) -> Smallest | None:
    """Smallest effect of interest that is one for all who ask; None where the claim sets its own.

    What the model measures has the same one in a run, in trade and in every claim.
    """
    if isinstance(form.test, PairedForm):
        return smallest_of(form.test.outcome, form.test.level)
    return smallest_of(ORDER) if isinstance(form.test, OrderForm) else None


def _smallest(form: ClaimForm) -> Smallest:
    """Smallest effect of interest of a claim: that of the model's measure, or its own."""
    one, own = fixed(form), form.smallest
    if one is not None:
        return one
    if own is not None:
        return Smallest(float(own.value), own.unit.both(), own.reason.both())
    return Smallest(0.0, same(""), same(""))


def _claim(form: ClaimForm, where: str) -> Claim:
    smallest = _smallest(form)
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
        smallest.value,
        dict(smallest.unit),
        dict(smallest.reason),
        form.objective.both() if form.objective else none,
        form.cost.both() if form.cost else none,
        form.grade or "",
        form.change.both() if form.change else none,
        form.due or "",
        where,
    )


def _check_claim(form: ClaimForm, at: Cursor) -> None:
    """Note what is missing or contradicts itself in a claim whose shape is right."""
    _check_parties(form, at)
    who, tested = form.id, form.route in TESTED
    one = fixed(form)
    if one is not None and form.smallest and float(form.smallest.value) != one.value:
        at["smallest"].bad(
            f"{who}: the smallest effect of interest is {one.value:g} here",
            "leave `smallest` out",
            why="it is one for runs, trade and claims, so that one effect has one word",
        )
    if tested and not (form.test and (form.smallest or one)):
        missing = "test" if form.test is None else "smallest"
        at.bad(
            f"{who}: {missing!r} is missing",
            f"add `{missing}:`, or choose the route not_testable or awaiting",
            why=f"the route is {form.route}",
        )
    if not tested and form.test:
        at.bad(
            f"{who}: a test stands beside the route {form.route}", "delete it or change the route"
        )
    if form.route == "awaiting" and not form.system:
        at.bad(
            f"{who}: 'system' is missing",
            "name the system, as in `system: R9`",
            why="the route is awaiting",
        )
    if form.kind in UNTESTED_KINDS and form.route != "not_testable":
        at["route"].bad(f"{who}: a {form.kind} cannot be tested", "write `route: not_testable`")
    simulated = isinstance(form.test, EXPERIMENTS)
    if form.test and simulated != (form.route == "experiment"):
        right = "experiment" if simulated else "data"
        at["route"].bad(f"{who}: its test is one of route {right}", f"write `route: {right}`")
    if isinstance(form.test, PairedForm):
        _check_paired(form, form.test, at)


def _check_parties(form: ClaimForm, at: Cursor) -> None:
    """Note actors that are neither states nor frameworks, and frameworks that are none."""
    states = {spell.id for spell in registry.spells()}
    known = {"actors": states | set(framework_ids()), "frameworks": set(framework_ids())}
    for key, valid in known.items():
        what = "a state or of a framework" if key == "actors" else "a framework"
        for place, name in enumerate(getattr(form, key)):
            if name not in valid:
                here = at[key][place]
                here.bad(f"{form.id}: {shown(name)} is no id of {what}", nearest(name, valid))


def _check_paired(form: ClaimForm, test: PairedForm, at: Cursor) -> None:
    """Note why a claim must not, or not so, be tested by a paired experiment."""
    due = form.kind == "forecast" and form.due
    if form.kind in DATA_KINDS or due:
        at["test"].bad(
            f"{form.id}: a {form.kind} cannot be tested on a scenario",
            "test it on dated data",
            why="the scenario may assume what is claimed",
        )
    if form.kind != "recommendation":
        return
    for name in ("objective", "cost"):
        if getattr(form, name) is None:
            at.bad(
                f"{form.id}: {name!r} is missing",
                f"add `{name}: ...`",
                why="a recommendation has an objective, a cost and an alternative",
            )
    if test.alternative is None:
        at["test"].bad(f"{form.id}: 'alternative' is missing", "add it", why="compared with what?")


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
