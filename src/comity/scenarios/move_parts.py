"""Parts of a move: its branches and scale, its channel, the labels of an axis, new frameworks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comity.core.errors import BadInput
from comity.engine.levers import Lever
from comity.files.documents import Document, Loc, nearest, shown
from comity.files.forms import MoveForm
from comity.registry.axes import CHANNELS, axes
from comity.scenarios.uncertainty import Uncertainty


def arguments(form: MoveForm, lever: Lever) -> dict[str, Any]:
    """What a move gives its lever; `channel` is part of it only where the lever is of channels."""
    channel = {"channel": form.channel} if lever.axis == "channel" and form.channel else {}
    return {**(form.model_extra or {}), **channel}


def doubt_problems(
    form: MoveForm, document: Document, loc: Loc, doubts: Mapping[str, Uncertainty]
) -> list[BadInput]:
    """What is wrong with the branches, the scale and the consent of a move."""
    problems = []

    def known(name: str, kind: str, place: Loc, *, key: bool = False) -> Uncertainty | None:
        right = [doubt.name for doubt in doubts.values() if doubt.kind == kind]
        if name in right:
            return doubts[name]
        what = (
            f"{name!r} is not a {kind} uncertainty"
            if name in doubts
            else f"there is no uncertainty {shown(name)}"
        )
        fix = nearest(name, right) or f"declare a {kind} under `uncertainties:`"
        problems.append(BadInput(what, fix=fix, where=document.where(place, key=key)))
        return None

    def branches(when: Mapping[str, list[str]], at: Loc) -> None:
        for name, options in when.items():
            doubt = known(name, "choice", (*at, name), key=True)
            for place, option in enumerate(options if doubt else []):
                if doubt and option not in doubt.options:
                    problems.append(
                        BadInput(
                            f"{name!r} has no branch {shown(option)}",
                            fix=nearest(option, doubt.options),
                            where=document.where((*at, name, place)),
                        )
                    )

    branches(form.when, (*loc, "when"))
    if form.ends_early:
        branches(form.ends_early.when, (*loc, "ends_early", "when"))
    if form.scale:
        known(form.scale, "number", (*loc, "scale"))
    if form.consent:
        doubt = known(form.consent, "choice", (*loc, "consent"))
        if doubt and "granted" not in doubt.options:
            problems.append(
                BadInput(
                    f"{form.consent!r} has no branch 'granted'",
                    fix="name its choices granted and refused",
                    where=document.where((*loc, "consent")),
                )
            )
    return problems


def channel_problems(form: MoveForm, lever: Lever, document: Document, loc: Loc) -> list[BadInput]:
    """A channel that is none."""
    if form.channel is None or form.channel in CHANNELS:
        return []
    return [
        BadInput(
            f"there is no channel {shown(form.channel)}",
            fix=nearest(form.channel, CHANNELS),
            where=document.where((*loc, "channel")),
        )
    ]


def categories(
    form: MoveForm, lever: Lever, document: Document, loc: Loc, problems: list[BadInput]
) -> tuple[str, ...]:
    """Labels that a ``category`` lever is moved on; empty for other levers."""
    given = arguments(form, lever).get(lever.axis) if lever.axis else None
    if given is None:
        return ()
    labels = axes()[lever.axis]
    names = given if isinstance(given, list) else [given]
    wrong = [name for name in names if name not in labels]
    problems += [
        BadInput(
            f"there is no {lever.axis} {shown(name)}",
            fix=nearest(str(name), labels),
            where=document.where((*loc, lever.axis)),
        )
        for name in wrong
    ]
    return () if wrong else tuple(sorted(names))


def founded(values: Sequence[object]) -> frozenset[str]:
    """Names of the frameworks that the moves of a file found, before these are checked."""
    return frozenset(
        str(value["framework"]).removeprefix("@")
        for value in values
        if isinstance(value, dict) and value.get("lever") == "found" and value.get("framework")
    )
