"""Flashpoints: pairs of states between which force may be used, who might help, and over what.

One short YAML file each in ``library/flashpoints``, read behind the guard that scenarios pass.
Challenger and target are roles in the model and say nothing of who is right: contested flashpoints
stand twice, once with either state as challenger (``other_coding``, ``coding_of``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from comity.core.errors import BadInput
from comity.files.documents import Document, Loc, by_line, nearest, read, shown
from comity.files.forms import Form, Line, Slug, Text, filled
from comity.registry.states import ids

FORMAT = "flashpoint 1"
MOST_PROTECTORS = 5
Basis = Literal["treaty", "law", "statement"]


class ProtectorForm(Form):
    """A state that might fight for the target, and why one thinks so."""

    state: Line
    basis: Basis
    source: Line


class GeographyForm(Form):
    """What lies between the two states."""

    kind: Literal["land border", "strait", "islands", "sea and reefs", "distant states"]
    note: Text


class EvidenceForm(Form):
    """An event on record or a source, and what it shows."""

    event: Annotated[str, Field(pattern=r"^E\d{3}$")] | None = None
    source: Line | None = None
    note: Line


class FlashpointForm(Form):
    """A flashpoint file; the second coding leaves out what it takes from the first."""

    comity: Line
    name: Slug
    title: Text
    challenger: Line
    target: Line
    protectors: Annotated[list[ProtectorForm], Field(max_length=MOST_PROTECTORS)]
    other_coding: Slug | None = None
    coding_of: Slug | None = None
    under_way: Annotated[int, Field(ge=1816)] | None = None
    stakes: Text | None = None
    geography: GeographyForm | None = None
    evidence: list[EvidenceForm] = Field(default_factory=list)


@dataclass(frozen=True)
class Protector:
    """A state that might fight for the target: by treaty, by its own law, or by what it said."""

    state: str
    basis: Basis
    source: str


@dataclass(frozen=True)
class Flashpoint:
    """One coding of a flashpoint.

    ``title``, ``stakes`` and ``terrain`` by language; ``evidence`` pairs of what (event or
    source) and note; ``under_way``: year in which a war began that was not over at the base year,
    else None; ``mirror``: name of the coding with the roles exchanged, or empty.
    """

    name: str
    title: Mapping[str, str]
    challenger: str
    target: str
    protectors: tuple[Protector, ...]
    stakes: Mapping[str, str]
    geography: str
    terrain: Mapping[str, str]
    evidence: tuple[tuple[str, str], ...]
    under_way: int | None
    mirror: str


def _stem(path: Path) -> str:
    return path.stem


def folder() -> Path:
    """Folder of the flashpoints that ship."""
    return Path(str(resources.files("comity.library"))) / "flashpoints"


@cache
def flashpoints() -> tuple[Flashpoint, ...]:
    """All flashpoints that ship, by name.

    Raises
    ------
    BadInput
        Every problem of the first file that has one, sorted by line.
    """
    return tuple(load_flashpoint(path) for path in sorted(folder().glob("*.yaml"), key=_stem))


def load_flashpoint(path: str | Path) -> Flashpoint:
    """Read one flashpoint; raises BadInput with every problem of the file, sorted by line."""
    return parse_flashpoint(read(path))


def parse_flashpoint(document: Document) -> Flashpoint:
    """Flashpoint of a document that is already read; raises as `load_flashpoint`."""
    problems: list[BadInput] = []
    form = filled(FlashpointForm, document.data, document, (), problems)
    if form is None:
        raise BadInput.many(by_line(problems))
    problems += [*_roles(form, document), *_parts(form, document)]
    if problems:
        raise BadInput.many(by_line(problems))
    first = form if form.coding_of is None else _first_coding(form, document)
    assert first.stakes is not None and first.geography is not None
    return Flashpoint(
        name=form.name,
        title=form.title.both(),
        challenger=form.challenger,
        target=form.target,
        protectors=tuple(Protector(p.state, p.basis, p.source) for p in form.protectors),
        stakes=first.stakes.both(),
        geography=first.geography.kind,
        terrain=first.geography.note.both(),
        evidence=tuple((e.event or e.source or "", e.note) for e in first.evidence),
        under_way=form.under_way,
        mirror=form.coding_of or form.other_coding or "",
    )


def _roles(form: FlashpointForm, document: Document) -> list[BadInput]:
    """Problems with who plays which role."""
    named: list[tuple[Loc, str]] = [
        (("challenger",), form.challenger),
        (("target",), form.target),
        *((("protectors", i, "state"), p.state) for i, p in enumerate(form.protectors)),
    ]
    states, seen, problems = set(ids()), {}, []
    for loc, state in named:
        if state not in states:
            problems.append(
                _problem(document, loc, f"{shown(state)} is no state's id", nearest(state, states))
            )
        elif state in seen:
            problems.append(
                _problem(document, loc, f"{state} is {seen[state]} already", "name another state")
            )
        seen.setdefault(state, str(loc[0]).rstrip("s"))
    return problems


def _parts(form: FlashpointForm, document: Document) -> list[BadInput]:
    """Problems with the kind of file, its name and what it must hold."""
    problems = []
    if form.comity != FORMAT:
        fix = f"begin with `comity: {FORMAT}`"
        problems.append(_problem(document, ("comity",), f"{shown(form.comity)} is not known", fix))
    stem = Path(document.name).stem
    if document.folder is not None and form.name != stem:
        fix = f"write `name: {stem}`, or rename the file"
        problems.append(
            _problem(document, ("name",), f"{shown(form.name)} is not the file's name", fix)
        )
    for key in ("stakes", "geography", "evidence"):
        given = bool(document.data.get(key))
        if form.coding_of is None and not given:
            problems.append(_problem(document, (), f"{key!r} is missing", f"add `{key}: ...`"))
        if form.coding_of is not None and given:
            what = f"{key!r} is said in {form.coding_of} already"
            problems.append(_problem(document, (key,), what, "leave it out"))
    for i, entry in enumerate(form.evidence):
        if (entry.event is None) == (entry.source is None):
            fix = "give one of `event` and `source`"
            problems.append(_problem(document, ("evidence", i), "evidence of unknown origin", fix))
    return problems


def _first_coding(form: FlashpointForm, document: Document) -> FlashpointForm:
    """Form of the file that this one is the other coding of.

    Raises
    ------
    BadInput
        There is no such file, it has faults, or its roles are not these exchanged.
    """
    name, loc = str(form.coding_of), ("coding_of",)
    path = (document.folder or folder()) / f"{name}.yaml"
    if not path.is_file():
        others = [p.stem for p in path.parent.glob("*.yaml")]
        raise _problem(
            document, loc, f"there is no flashpoint {shown(name)}", nearest(name, others)
        )
    problems: list[BadInput] = []
    other = read(path)
    first = filled(FlashpointForm, other.data, other, (), problems)
    if first is None or problems:
        raise BadInput.many(by_line(problems))
    exchanged = (first.challenger, first.target) == (form.target, form.challenger)
    if not exchanged or first.other_coding != form.name:
        fix = f"exchange challenger and target, and write `other_coding: {form.name}` in {name}"
        raise _problem(document, loc, f"{name} is not the other coding of this flashpoint", fix)
    return first


def _problem(document: Document, loc: Loc, what: str, fix: str) -> BadInput:
    return BadInput(what, fix=fix, where=document.where(loc))
