"""Trade files: shocks in the words of scenario files, without dates, or a year of a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from comity.core.arguments import path as argument
from comity.core.arguments import whole
from comity.core.errors import BadInput
from comity.core.words import both, words
from comity.data.series.sectors import GOODS, IDS
from comity.engine.levers import Lever, by_name, declared
from comity.files.cursor import Cursor
from comity.files.documents import Document, nearest, read, shown
from comity.files.shapes import Number, Text, note_empty
from comity.mechanisms import catalogue
from comity.scenarios.bounds import check_together
from comity.scenarios.forms import FIRST_YEAR, ScenarioForm
from comity.scenarios.idle import idle_memberships
from comity.scenarios.moves import Move, fraction_in_year
from comity.scenarios.scenario import Scenario, body_of, headed, library_names, load_scenario
from comity.scenarios.uncertainty import Uncertainty
from comity.scenarios.vocabulary import Vocabulary
from comity.study.laboratory import vocabulary

# Levers of the year that act on trade; files of trade have two more of their own.
OF_THE_YEAR = ("tariff", "barrier", "sanction", "join", "leave")
DATED = frozenset(("from", "until", "ends_early", "channel"))
FULL_AGE = 12.0  # years after which an agreement has its full effect
BY_SECTOR = ("tariff", "barrier", "sanction", "agreement")


@cache
def levers() -> dict[str, Lever]:
    """Levers that a trade file may move, by name."""
    year = catalogue.levers()
    return by_name((*(year[name] for name in OF_THE_YEAR), *declared("comity.trade")))


class TradeForm(ScenarioForm):
    """Head of a trade file: a scenario's without dates; ``moves`` are its shocks."""

    question: Text | None = None
    summary: Text | None = None
    years_in_force: Annotated[Number, Field(ge=0, le=100)] = FULL_AGE


@dataclass(frozen=True)
class Case:
    """A checked trade question.

    ``moves`` have every name resolved and hold without conditions; ``sectors`` maps the place of a
    move in its file to the sectors it is confined to; ``age`` is how long new agreements have been
    in force, years; ``notes`` say what was left out, by language.
    """

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    summary: Mapping[str, str]
    moves: tuple[Move, ...]
    sectors: Mapping[str, tuple[str, ...]]
    year: int
    age: float
    notes: tuple[Mapping[str, str], ...]
    file: str


def cases() -> tuple[str, ...]:
    """Names of the trade files that ship."""
    return tuple(sorted(path.stem for path in _library().glob("*.yaml")))


def load(source: str | Path, year: int | None = None) -> Case:
    """Read a trade file, or one year of a scenario file; by library name or by path.

    Parameters
    ----------
    source
        Name in the library (trade files first, then scenarios) or path.
    year
        Year of a scenario; its last one if omitted. Trade files have none.

    Raises
    ------
    BadInput
        Every problem of the file, with line and column.
    """
    path = _located(argument("case", source), source)
    if year is not None:
        year = whole("year", year, 1, 9999)
    document = read(path)
    if str(document.data.get("comity", "")).startswith("scenario"):
        return _year_of(load_scenario(path, vocabulary()), year)
    if year is not None:
        raise BadInput(
            "a trade file has no years",
            fix="leave the year out, or name a scenario",
            where=str(path),
        )
    return parse(document, vocabulary())


def parse(document: Document, words: Vocabulary) -> Case:
    """Case of a trade file that is already read; raises as `load`."""
    at = Cursor(document)
    head = headed(at, "trade", TradeForm)
    sectors = _sectors(at["moves"])
    words = replace(words, levers=levers())
    _check_undated(at["moves"])
    body = body_of(replace(at, document=_dated(document)), head, words, None)
    for key in ("rules", "uncertainties", "horizon", "extends", "mechanisms"):
        if key in document.data:
            at[key].key.bad(
                f"a trade file has no {key!r}",
                f"delete it, or begin with `comity: scenario 1` and use {key!r} there",
                why="it asks about one state of the world, not about years",
            )
    if not body.moves and not at.problems:
        at.bad("no shock", "add one under `moves:`")
    note_empty(at)
    at.problems.extend(idle_memberships(body.moves, body.moves, words))
    if not at.problems:
        at.problems.extend(_beyond_bounds(body.moves, sectors))
    if at.problems:
        raise at.refusal()
    title = head.title.both()
    return Case(
        head.name,
        title,
        head.question.both() if head.question else title,
        head.summary.both() if head.summary else title,
        body.moves,
        sectors,
        FIRST_YEAR,
        head.years_in_force,
        (),
        document.name,
    )


def _beyond_bounds(moves: Sequence[Move], sectors: Mapping[str, tuple[str, ...]]) -> list[BadInput]:
    """Shocks that together leave a lever's bounds in some sector."""
    each = [[move for move in moves if sector in sectors.get(move.where, IDS)] for sector in IDS]
    return [problem for here in each for problem in check_together(here, {}, levers(), FIRST_YEAR)][
        :1
    ]


def _library() -> Path:
    return Path(str(resources.files("comity.library"))) / "trade"


def _located(path: Path, source: str | PathLike[str]) -> Path:
    text = str(path)
    named = isinstance(source, str) and not ("/" in source or "\\" in source)
    if not named or text.endswith((".yaml", ".yml")):
        return path
    if text in cases():
        return _library() / f"{text}.yaml"
    scenarios = library_names("scenario")
    if text in scenarios:
        return _library().parent / "scenarios" / f"{text}.yaml"
    raise BadInput(
        f"there is no trade file or scenario {shown(text)} in the library",
        fix=nearest(text, (*cases(), *scenarios)) + " Or give the path of a file",
    )


def _dated(document: Document) -> Document:
    """The document as a scenario's: shocks hold from the first day and are the file's question."""
    moves: list[Any] = []
    for place in Cursor(document)["moves"].items():
        move = place.value
        if isinstance(move, dict):
            plain = {k: value for k, value in move.items() if k != "sectors" and k not in DATED}
            judged = {} if {"event", "source", "judged"} & plain.keys() else {"judged": "question"}
            move = {"from": FIRST_YEAR} | plain | judged
        moves.append(move)
    return replace(document, data={**document.data, "moves": moves})


def _check_undated(at: Cursor) -> None:
    """Note dates of shocks, and what only happens over the years of a scenario."""
    for move in at.items():
        for key in move.entries().keys() & DATED:
            move[key].key.bad(
                f"a shock has no {key!r}",
                f"delete it, or begin with `comity: scenario 1` and use {key!r} there",
                why="it asks about one state of the world, not about years",
            )


def _sectors(at: Cursor) -> dict[str, tuple[str, ...]]:
    """Sectors that the moves of the list at a place are confined to, by the place of the move."""
    sectors: dict[str, tuple[str, ...]] = {}
    for move in at.items():
        here = move["sectors"]
        given = here.value
        if given is None:
            continue
        names = [given] if isinstance(given, str) else given
        if not isinstance(names, list) or not names:
            here.bad(f"sectors: {shown(given)} is no list of sectors", f"use {', '.join(IDS)}")
            continue
        lever = move["lever"].value
        if isinstance(lever, str) and lever in levers() and lever not in BY_SECTOR:
            here.key.bad(f"{lever!r} cannot be confined to sectors", "delete `sectors`")
        valid = GOODS if lever == "tariff" else IDS
        for index, name in enumerate(names):
            if name in valid:
                continue
            if name in IDS:
                here[index].bad(
                    f"there is no tariff on {shown(name)}",
                    "use a barrier instead",
                    why="no state levies tariffs on services",
                )
            else:
                here[index].bad(f"there is no sector {shown(name)}", nearest(str(name), valid))
        sectors[move.place] = tuple(str(name) for name in names)
    return sectors


def _year_of(scenario: Scenario, year: int | None) -> Case:
    """One year of a scenario: the likeliest branches, numbers at their median, no rules."""
    at = scenario.last_year if year is None else year
    if not scenario.first_year <= at <= scenario.last_year:
        raise BadInput(
            f"--year {at} is not in the scenario",
            fix=f"use a year from {scenario.first_year} to {scenario.last_year}",
            where=scenario.file,
        )
    doubts = {doubt.name: doubt for doubt in scenario.uncertainties}
    known = [move for move in scenario.moves if move.lever in levers()]
    taken = [_plain(move, doubts) for move in known if fraction_in_year(move, at) > 0]
    moves = tuple(move for move in taken if move)
    started = [move.start for move in moves if move.lever in ("join", "leave")]
    return Case(
        scenario.name,
        scenario.title,
        scenario.question,
        scenario.summary,
        moves,
        {},
        at,
        at - min(started) if started else 0.0,
        _left_out(scenario, len(known), at),
        scenario.file,
    )


def _plain(move: Move, doubts: Mapping[str, Uncertainty]) -> Move | None:
    """The move with its scale at the median; None outside the likeliest branches."""
    for name, options in move.when.items():
        if max(doubts[name].choices, key=lambda choice: choice[1])[0] not in options:
            return None
    prior = doubts[move.scale].prior if move.scale else None
    scale = float(prior.quantile(np.array([0.5]))[0]) if prior else 1.0
    return replace(move, value=scale * move.value, when={}, scale=None)


def _left_out(scenario: Scenario, known: int, year: int) -> tuple[Mapping[str, str], ...]:
    said = words("comity.trade")
    notes = [both(said["note.year"], year=year)]
    if scenario.rules or known < len(scenario.moves):
        others = len(scenario.moves) - known
        notes.append(both(said["note.left_out"], rules=len(scenario.rules), moves=others))
    return tuple(notes)
