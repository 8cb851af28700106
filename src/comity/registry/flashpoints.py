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

from comity.files.cursor import Cursor
from comity.files.documents import Document, nearest, read, shown
from comity.files.shapes import Form, Line, Slug, Text, filled
from comity.registry.states import BASE_YEAR, ids

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
    under_way: Annotated[int, Field(ge=1816, le=BASE_YEAR)] | None = None
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
    at = Cursor(document)
    form = filled(FlashpointForm, at)
    if form is None:
        raise at.refusal()
    _check_roles(form, at)
    _check_parts(form, at)
    if at.problems:
        raise at.refusal()
    first = form if form.coding_of is None else _first_coding(form, at)
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


def _check_roles(form: FlashpointForm, at: Cursor) -> None:
    """Note problems with who plays which role."""
    named = [
        ("challenger", at["challenger"], form.challenger),
        ("target", at["target"], form.target),
        *(
            ("protector", at["protectors"][i]["state"], p.state)
            for i, p in enumerate(form.protectors)
        ),
    ]
    states, seen = set(ids()), {}
    for role, place, state in named:
        if state not in states:
            place.bad(f"{shown(state)} is no state's id", nearest(state, states))
        elif state in seen:
            place.bad(f"{state} is {seen[state]} already", "name another state")
        seen.setdefault(state, role)


def _check_parts(form: FlashpointForm, at: Cursor) -> None:
    """Note problems with the kind of file, its name and what it must hold."""
    if form.comity != FORMAT:
        at["comity"].bad(f"{shown(form.comity)} is not known", f"begin with `comity: {FORMAT}`")
    stem = Path(at.document.name).stem
    if at.document.folder is not None and form.name != stem:
        at["name"].bad(
            f"{shown(form.name)} is not the file's name",
            f"write `name: {stem}`, or rename the file",
        )
    for key in ("stakes", "geography", "evidence"):
        given = bool(at[key].value)
        if form.coding_of is None and not given:
            at.bad(f"{key!r} is missing", f"add `{key}: ...`")
        if form.coding_of is not None and given:
            at[key].bad(f"{key!r} is said in {form.coding_of} already", "leave it out")
    for i, entry in enumerate(form.evidence):
        if (entry.event is None) == (entry.source is None):
            at["evidence"][i].bad("evidence of unknown origin", "give one of `event` and `source`")


def _first_coding(form: FlashpointForm, at: Cursor) -> FlashpointForm:
    """Form of the file that the one with root ``at`` is the other coding of.

    Raises
    ------
    BadInput
        There is no such file, it has faults, or its roles are not these exchanged.
    """
    name, here = str(form.coding_of), at["coding_of"]
    path = (at.document.folder or folder()) / f"{name}.yaml"
    if not path.is_file():
        others = [p.stem for p in path.parent.glob("*.yaml")]
        raise here.fault(f"there is no flashpoint {shown(name)}", nearest(name, others))
    other = Cursor(read(path))
    first = filled(FlashpointForm, other)
    if first is None or other.problems:
        raise other.refusal()
    exchanged = (first.challenger, first.target) == (form.target, form.challenger)
    if not exchanged or first.other_coding != form.name:
        raise here.fault(
            f"{name} is not the other coding of this flashpoint",
            f"exchange challenger and target, and write `other_coding: {form.name}` in {name}",
        )
    return first
