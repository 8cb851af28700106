"""Mechanisms and measures tried once on shapes, before any future is computed.

What a mechanism returns and what a measure reads is known only when their code runs. A trial runs
that code on shapes (mechanisms) or on a few made-up futures (measures), so that a mistake is one
message at the start instead of a long trace at the end.
"""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from comity.core.errors import AssemblyError, ComityError
from comity.core.toml_tables import location
from comity.engine.contract import AbstractMechanism
from comity.engine.measures import Block, Outcome
from comity.engine.programme import Programme
from comity.engine.year import kept_of
from comity.world.given import World

# Futures and strategies of the block that measures are tried on: of two lengths, to tell them.
FUTURES, STRATEGIES = 3, 2


def failed(what: str, error: Exception, package: str) -> AssemblyError:
    """An error of a mechanism's code as one message, with the line of its folder that it left."""
    folder = location(package, "")
    lines = [
        f"{name[name.rindex(folder) :]}:{line.lineno}"
        for line in traceback.extract_tb(error.__traceback__)
        if folder in (name := line.filename.replace("\\", "/"))
    ]
    said = str(error).strip().split("\n")[0]
    where = lines[-1] if lines else location(package, "__init__.py")
    return AssemblyError(f"{what}: {type(error).__name__}: {said}", where=where)


def tried(
    mechanisms: tuple[AbstractMechanism, ...], world: World, programme: Programme, weights: int
) -> tuple[AbstractMechanism, ...]:
    """The mechanisms, each of which changes what it says it writes; nothing is computed.

    Parameters
    ----------
    mechanisms
        Those of the year.
    world, programme
        What they will run on.
    weights
        Number of weights of a row, W.

    Raises
    ------
    AssemblyError
        A call that fails, as where it reads a lever or field that is not there; a change with a
        field too many or too few, or with one of another shape or type than the world's.
    """
    levers = jax.eval_shape(lambda w: programme.levers(w, jnp.asarray(0)), jnp.zeros(weights))
    key = jax.eval_shape(lambda: jax.random.key(0))
    for mechanism in mechanisms:
        home = type(mechanism).__module__
        try:
            change = eqx.filter_eval_shape(type(mechanism).__call__, mechanism, world, levers, key)
        except ComityError:
            raise
        except Exception as error:
            raise failed(f"{mechanism.name} cannot be called", error, home) from error
        _check_change(mechanism, change, world, location(home, "__init__.py"))
    return mechanisms


def _check_change(mechanism: AbstractMechanism, change: object, world: World, where: str) -> None:
    name = mechanism.name
    if not isinstance(change, Mapping):
        raise AssemblyError(
            f"{name} returns {change!r}", fix="return new values by field", where=where
        )
    for field in mechanism.writes:
        if field not in change:
            raise AssemblyError(
                f"{name} says that it writes {field!r} and returns no value of it",
                fix="return it, or take it out of `writes`",
                where=where,
            )
    for field, value in change.items():
        if field not in mechanism.writes:
            raise AssemblyError(
                f"{name} returns {field!r}, which it does not say it writes",
                fix=f"name it in `writes`, or return what stands there: {mechanism.writes}",
                where=where,
            )
        before = getattr(world, field)
        wanted, given = _kind(before), _kind(value)
        if wanted != given:
            raise AssemblyError(
                f"{name} returns {field!r} as {given}, and the world holds {wanted}",
                fix="return that, or declare the field with other axes",
                where=where,
            )


def _kind(value: Any) -> str:
    """Type and shape of an array in words, as ``float64 (5, 2)``."""
    if not hasattr(value, "shape"):
        return f"no array: {value!r}"
    return f"{value.dtype} {tuple(value.shape)}"


def tried_measures(
    measures: Iterable[Outcome],
    world: World,
    actor: str,
    partners: tuple[str, ...],
    mechanisms: tuple[AbstractMechanism, ...],
    years: int,
) -> tuple[Outcome, ...]:
    """The measures, each of which gives a number a future and strategy.

    Raises
    ------
    AssemblyError
        One that reads a field of which no year is kept, fails otherwise, or gives another shape.
    """
    series = {
        name: np.ones((FUTURES, STRATEGIES, years, *getattr(world, name).shape))
        for name in kept_of(mechanisms)
    }
    block = Block(
        world.states,
        np.asarray(world.gdp),
        actor,
        partners,
        series,
        np.ones((FUTURES, STRATEGIES, len(partners))),
        np.ones((FUTURES, STRATEGIES), bool),
        world.frameworks,
    )
    checked = tuple(measures)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for one in checked:
            _try(one, block)
    return checked


def _try(one: Outcome, block: Block) -> None:
    home = one.reduce.__module__
    try:
        values = np.asarray(one.reduce(block))
    except ComityError:
        raise
    except KeyError as error:
        missing = str(error.args[0])
        known = ", ".join(block.series)
        raise AssemblyError(
            f"the measure {one.name!r} reads {missing!r}, of which no year is kept",
            fix=f"name it in `keeps` of the mechanism that writes it; kept are {known}",
            where=f"{home.removeprefix('comity.').replace('.', '/')}.py:{one.name}",
        ) from error
    except Exception as error:
        raise failed(f"the measure {one.name!r} fails", error, home.rpartition(".")[0]) from error
    if values.shape != block.ok.shape or not np.issubdtype(values.dtype, np.number):
        raise AssemblyError(
            f"the measure {one.name!r} gives {_kind(values)} for {FUTURES} futures of "
            f"{STRATEGIES} strategies",
            fix=f"give one number each, in the shape {block.ok.shape}",
            where=f"{home.removeprefix('comity.').replace('.', '/')}.py:{one.name}",
        )
