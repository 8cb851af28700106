"""Parts of a move: its branches and scale, its channel, the labels of an axis, new frameworks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from comity.engine.levers import Lever
from comity.files.cursor import Cursor
from comity.files.documents import nearest, shown
from comity.registry.axes import CHANNELS, axes
from comity.scenarios.forms import FIRST_YEAR, MoveForm
from comity.scenarios.uncertainty import Uncertainty
from comity.scenarios.vocabulary import EXCEPT, Vocabulary

NEW = re.compile(r"\w[\w +.-]{0,62}\w")


def arguments(form: MoveForm, lever: Lever) -> dict[str, Any]:
    """What a move gives its lever; `channel` is part of it only where the lever is of channels."""
    channel = {"channel": form.channel} if lever.axis == "channel" and form.channel else {}
    return {**(form.model_extra or {}), **channel}


def check_doubts(form: MoveForm, at: Cursor, doubts: Mapping[str, Uncertainty]) -> None:
    """Note what is wrong with the branches, the scale and the consent of a move."""
    _check_branches(form.when, at["when"], doubts)
    if form.ends_early:
        _check_branches(form.ends_early.when, at["ends_early"]["when"], doubts)
        for name, over in form.ends_early.when.items():
            if not set(form.when.get(name, over)) & set(over):
                at["ends_early"]["when"][name].bad(
                    f"in {', '.join(over)} the move is not in force and so never ends early",
                    "name a branch of its `when`, or delete `ends_early`",
                )
    if form.scale:
        _known(form.scale, "number", at["scale"], doubts)
    if form.consent:
        doubt = _known(form.consent, "choice", at["consent"], doubts)
        if doubt and "granted" not in doubt.options:
            at["consent"].bad(
                f"{form.consent!r} has no branch 'granted'",
                "name its choices granted and refused",
            )
        elif "granted" not in form.when.get(form.consent, ["granted"]):
            at["when"][form.consent].bad(
                f"{form.consent!r} is granted nowhere in this move's branches",
                "leave it out of `when`: `consent` says that it is granted",
                why="the move would never be in force",
            )
        elif doubt:
            _check_weights(doubt, ("granted",), at["consent"])


def _check_branches(
    when: Mapping[str, Sequence[str]], at: Cursor, doubts: Mapping[str, Uncertainty]
) -> None:
    for name, options in when.items():
        doubt = _known(name, "choice", at[name].key, doubts)
        for index, option in enumerate(options if doubt else []):
            if doubt and option not in doubt.options:
                at[name][index].bad(
                    f"{name!r} has no branch {shown(option)}", nearest(option, doubt.options)
                )
        if doubt:
            _check_weights(doubt, options, at[name])


def _check_weights(doubt: Uncertainty, options: Sequence[str], at: Cursor) -> None:
    """Note branches of which none can be drawn. One with a fault of its own has no weights."""
    weights = dict(doubt.choices)
    if any(weights.values()) and not any(weights.get(option, 1.0) for option in options):
        at.bad(
            f"{', '.join(options)} of {doubt.name!r} has the weight 0",
            "give it a weight, or delete the move",
            why="the move would never be in force",
        )


def _known(
    name: str, kind: str, at: Cursor, doubts: Mapping[str, Uncertainty]
) -> Uncertainty | None:
    """The uncertainty of a kind that is named at a place; None, and a problem, if there is none."""
    right = [doubt.name for doubt in doubts.values() if doubt.kind == kind]
    if name in right:
        return doubts[name]
    at.bad(
        f"{name!r} is not a {kind} uncertainty"
        if name in doubts
        else f"there is no uncertainty {shown(name)}",
        nearest(name, right) or f"declare a {kind} under `uncertainties:`",
    )
    return None


def check_channel(form: MoveForm, at: Cursor) -> None:
    """Note a channel that is none."""
    if form.channel is not None and form.channel not in CHANNELS:
        at["channel"].bad(
            f"there is no channel {shown(form.channel)}", nearest(form.channel, CHANNELS)
        )


def categories(form: MoveForm, lever: Lever, at: Cursor) -> tuple[str, ...]:
    """Labels that a ``category`` lever is moved on; empty for other levers."""
    given = arguments(form, lever).get(lever.axis) if lever.axis else None
    if given is None:
        return ()
    labels = axes()[lever.axis]
    names = given if isinstance(given, list) else [given]
    if not names:
        at[lever.axis].bad(f"{lever.axis}: the list is empty", f"use {', '.join(labels)}")
    wrong = [name for name in names if name not in labels]
    for name in wrong:
        at[lever.axis].bad(f"there is no {lever.axis} {shown(name)}", nearest(str(name), labels))
    return () if wrong else tuple(sorted(names))


def check_new(name: str, at: Cursor, words: Vocabulary) -> None:
    """Note a framework to be founded that has the name of something else, or none that works."""
    what = words.named(name, FIRST_YEAR) or ("a group" if name in words.groups else "")
    if what == "a framework":
        at.bad(f"{name} exists already", "choose a new name, or use the lever `join`")
    elif what:
        at.bad(f"{shown(name)} is {what}, no new framework", "choose a new name")
    elif not NEW.fullmatch(name) or EXCEPT in name:
        at.bad(
            f"{shown(name)} cannot name a framework",
            "use a short name of letters, digits, spaces and -, such as middle-powers",
        )


def founded(values: Sequence[object]) -> frozenset[str]:
    """Names of the frameworks that the moves of a file found, before these are checked."""
    return frozenset(
        str(value["framework"]).removeprefix("@")
        for value in values
        if isinstance(value, dict) and value.get("lever") == "found" and value.get("framework")
    )
