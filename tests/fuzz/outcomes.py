"""What becomes of a document: refused with a place, or a plan that stands within all bounds."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import jax.numpy as jnp
import numpy as np

from comity.claims.dossier import parse as parse_dossier
from comity.core.errors import BadInput
from comity.core.words import LANGS
from comity.engine.levers import acts_of
from comity.engine.programme import DyadMoves, Programme
from comity.files.documents import from_bytes
from comity.mechanisms.catalogue import levers, ready
from comity.registry.flashpoints import parse_flashpoint
from comity.scenarios.acts import acts, rule_acts
from comity.scenarios.bounds import overruns
from comity.scenarios.compile import Layout, compile_moves, layout, levels_of
from comity.scenarios.large import large_fractions
from comity.scenarios.moves import fraction_in_year
from comity.scenarios.scenario import all_moves, parse_scenario
from comity.scenarios.strategy import parse_strategy
from comity.scenarios.vocabulary import Vocabulary
from comity.study.laboratory import vocabulary
from comity.trade.files import parse as parse_trade
from comity.trade.shock import shock_of
from comity.world.given import door, with_frameworks
from comity.world.snapshot import load_world

FILE = "f.yaml"
ACTOR = "JPN"
PLACE = re.compile(r"[^\n]*?\.yaml(:(\d+):\d+)?: [^\n]+")
LONGEST = 2000
DRAWS = 2


@dataclass(frozen=True)
class Outcome:
    """``refused`` or ``compiled``; ``fault`` says what is wrong with that, empty if nothing."""

    what: str
    fault: str = ""


@cache
def words() -> Vocabulary:
    """Names that files may use."""
    return replace(vocabulary(), actor=ACTOR)


@cache
def _at_rest() -> Any:
    return ready(load_world(2024))


@cache
def _over(new: tuple[str, ...]) -> Layout:
    """The world of all states, with new frameworks."""
    world = door(with_frameworks(_at_rest(), new))[0]
    return layout(world, world)


def outcome(kind: str, raw: bytes, seed: int = 0) -> Outcome:
    """Read a document and carry it as far as a plan goes; any other exception is a finding."""
    try:
        _carry(kind, raw, random.Random(seed))
    except BadInput as error:
        return Outcome("refused", refusal_fault(error, raw))
    except Unsound as error:
        return Outcome("compiled", str(error))
    return Outcome("compiled")


class Unsound(Exception):
    """An accepted document whose plan is not what the format promises."""


def refusal_fault(error: BadInput, raw: bytes) -> str:
    """What a refusal lacks: a place, a line that is there, a message of a readable length."""
    text, lines = str(error), raw.count(b"\n") + raw.count(b"\r") + 1
    if error.exit_code != 2:
        return f"exit code {error.exit_code}"
    for line in text.split("\n"):
        match = PLACE.fullmatch(line)
        if match is None:
            return f"no place: {line[:200]!r}"
        if line.startswith(FILE) and match[2] and int(match[2]) > lines:
            return f"line {match[2]} of {lines}"
        if len(line) > LONGEST or not line.isprintable():
            return f"unreadable: {line[:200]!r}"
    return ""


def _carry(kind: str, raw: bytes, rng: random.Random) -> None:
    document = from_bytes(raw, FILE)
    if kind == "flashpoint":
        parse_flashpoint(document)
    elif kind == "dossier":
        parse_dossier(document)
    elif kind == "trade":
        case = parse_trade(document, words())
        shock = shock_of(case.moves, case.year, 1.0, _over(()))
        for array in (shock.tariff, shock.barrier, shock.forbidden, shock.agreement):
            if not np.isfinite(array).all():
                raise Unsound("a shock that is not finite")
    elif kind == "strategy":
        anyone = document.data.get("actor") == "ANY"
        _compiled(parse_strategy(document, words(), ACTOR if anyone else ""), rng)
    else:
        _compiled(parse_scenario(document, words()), rng)


def _compiled(found: Any, rng: random.Random) -> None:
    """Compile a document and let its levers stand in a few draws."""
    every = all_moves(found.moves, found.rules)
    years = tuple(range(2025, (getattr(found, "last_year", 0) or found.years[1]) + 1))
    for move in every:
        if not any(fraction_in_year(move, year) > 0 for year in years):
            raise Unsound(f"{move.where} is in force in no year")
        if move.value == 0 and move.mode == "add":
            raise Unsound(f"{move.where} moves nothing")
    names = acts_of(levers().values())
    for act in (*acts(found.moves, names), *rule_acts(found.rules, names)):
        if any("{" in act["text"][lang].replace("{0}", "") for lang in LANGS):
            raise Unsound(f"words are not filled: {act['text']}")
    large_fractions(found.moves, found.rules, found.uncertainties, levers(), "ja")
    over = _over(tuple(sorted({str(m.framework) for m in every if m.lever == "found"})))
    picked = tuple(sorted({years[0], rng.choice(years), years[-1]}))
    beyond = overruns([(every, found.uncertainties)], levers(), picked, levels_of(over))
    programme, groups = compile_moves(
        [("d", move) for move in found.moves],
        [("d", rule) for rule in found.rules],
        over,
        picked,
        levers(),
        tuple({one.lever.name for one in beyond}),
    )
    for _ in range(DRAWS if groups else 0):
        weights = np.array(_weights(groups, found.uncertainties, rng))
        for t, year in enumerate(picked):
            _check_levers(_stand(programme, weights, t), over, year)


def _stand(programme: Programme, weights: np.ndarray, t: int) -> dict[str, np.ndarray]:
    """What `Programme.levers` gives for levers that move, without a compilation a shape."""
    found = {}
    for name, moves in {**programme.others, **programme.dyads}.items():
        if not moves.groups:
            continue
        moved = np.tensordot(weights[list(moves.groups)], np.asarray(moves.values)[:, t], axes=1)
        if isinstance(moves, DyadMoves):
            whole = np.zeros((moved.shape[-1], moved.shape[-1]))
            whole[np.asarray(moves.actors)] = moved
            moved = whole
        if name in programme.room:
            moved = programme.room[name].held(jnp.asarray(moved))
        found[name] = np.asarray(programme.standing(levers()[name], jnp.asarray(moved)))
    return found


def _weights(groups: Any, doubts: Any, rng: random.Random) -> list[float]:
    """Weights of groups in one draw at the ends of priors; rules all fire."""
    branch = {d.name: rng.choice(d.options) for d in doubts if d.kind == "choice"}
    ends = np.array([1e-12, 0.5, 1 - 1e-12])
    number = {
        d.name: float(d.prior.quantile(ends[[rng.randrange(3)]])[0]) for d in doubts if d.prior
    }
    return [
        (number[group.scale] if group.scale else 1.0)
        * all(branch[name] in options for name, options in group.when)
        for group in groups
    ]


def _check_levers(at: Mapping[str, Any], over: Layout, year: int) -> None:
    for name, array in at.items():
        lever, stand = levers()[name], np.asarray(array)
        if not np.isfinite(stand).all():
            raise Unsound(f"{name} is not finite in {year}")
        low = -np.inf if lever.base else lever.low
        if lever.valued and (stand.min() < low - 1e-6 or stand.max() > lever.high + 1e-6):
            raise Unsound(f"{name} stands at {stand.min():g} to {stand.max():g} in {year}")
    if "tariff" in at and (at["tariff"] < -np.asarray(over.full.tariff) - 1e-9).any():
        raise Unsound(f"a tariff below nil in {year}")
