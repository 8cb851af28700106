"""How a change spreads through a program on arrays: which elements of what comes out can move.

A function is traced once into its elementary operations, and a change is followed through them
element by element. An operation that is not known to keep elements apart mixes them all: what is
said to stand still stands still; the reverse need not hold. Given figures are looked at (who
stands where at a flashpoint, whose share is nil); what futures draw, fields that move and levers
are not, since they may take any value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import Literal
from jaxtyping import Bool

from comity.engine import spread_rules as rules

Mask = Bool[np.ndarray, "..."]
# A place of the program that may take any value, or an array that is given.
Atom = int | np.ndarray
INNER = ("jit", "pjit", "closed_call", "custom_jvp_call", "custom_vjp_call", "remat")


@dataclass(frozen=True)
class Step:
    """An elementary operation: what goes in and comes out, and the shapes of both."""

    name: str
    ins: tuple[Atom, ...]
    outs: tuple[int, ...]
    shapes: tuple[tuple[int, ...], ...]
    becomes: tuple[tuple[int, ...], ...]
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Program:
    """A traced function with named inputs, of these shapes, and outputs."""

    inputs: Mapping[str, int]
    shapes: Mapping[str, tuple[int, ...]]
    steps: tuple[Step, ...]
    outputs: Mapping[str, Atom]

    def in_order(self, names: Iterable[str]) -> Program:
        """The same with its outputs in this order."""
        return replace(self, outputs={name: self.outputs[name] for name in names})

    def spread(self, name: str, mask: Mask) -> dict[str, Mask]:
        """Elements of the outputs that can move when these of an input do, by output."""
        if name not in self.inputs:
            return {}
        moved: dict[int, Mask] = {self.inputs[name]: np.asarray(mask, bool)}
        for step in self.steps:
            if any(not isinstance(one, np.ndarray) and one in moved for one in step.ins):
                moved |= _through(step, moved)
        reached = {
            output: moved[place]
            for output, place in self.outputs.items()
            if not isinstance(place, np.ndarray) and place in moved
        }
        return {output: found for output, found in reached.items() if found.any()}


def _through(step: Step, moved: Mapping[int, Mask]) -> dict[int, Mask]:
    """What a step hands on of what moves; where nothing is left of it, nothing."""
    masks = [moved.get(one, None) if not isinstance(one, np.ndarray) else None for one in step.ins]
    # Booleans of the full shape, also where nothing moves.
    full = [
        np.zeros(shape, bool) if mask is None else mask
        for mask, shape in zip(masks, step.shapes, strict=True)
    ]
    given = [one if isinstance(one, np.ndarray) else None for one in step.ins]
    found = rules.handed_on(step.name, full, given, step.becomes, step.params)
    return {place: mask for place, mask in zip(step.outs, found, strict=True) if mask.any()}


class _Writer:
    """Writes the steps of a program, those of programs within it in their place."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.places = 0

    def place(self) -> int:
        self.places += 1
        return self.places - 1

    def write(self, jaxpr: Any, env: dict[Any, Atom]) -> tuple[Atom, ...]:
        """Write a program whose inputs and constants stand in ``env``; its outputs."""
        for eqn in jaxpr.eqns:
            inner = eqn.params.get("jaxpr") or eqn.params.get("call_jaxpr")
            ins = tuple(self.atom(env, one) for one in eqn.invars)
            if inner is not None and eqn.primitive.name in INNER:
                outs = self.inside(inner, ins)
            elif eqn.primitive.name == "cond":
                outs = self.either(eqn, ins)
            else:
                outs = self.step(eqn, ins)
            env |= dict(zip(eqn.outvars, outs, strict=True))
        return tuple(self.atom(env, one) for one in jaxpr.outvars)

    def inside(self, inner: Any, ins: Sequence[Atom]) -> tuple[Atom, ...]:
        closed = getattr(inner, "jaxpr", inner)
        consts = [self.given(value) for value in getattr(inner, "consts", ())]
        return self.write(
            closed, dict(zip((*closed.constvars, *closed.invars), (*consts, *ins), strict=True))
        )

    def either(self, eqn: Any, ins: tuple[Atom, ...]) -> tuple[Atom, ...]:
        """All branches, and for each output which of theirs it may be."""
        branches = [self.inside(branch, ins[1:]) for branch in eqn.params["branches"]]
        outs = []
        for var, *given in zip(eqn.outvars, *branches, strict=True):
            shape, out = tuple(var.aval.shape), self.place()
            shapes = ((), *(shape for _ in given))
            self.steps.append(Step(rules.EITHER, (ins[0], *given), (out,), shapes, (shape,), {}))
            outs.append(out)
        return tuple(outs)

    def step(self, eqn: Any, ins: tuple[Atom, ...]) -> tuple[Atom, ...]:
        name, outs = eqn.primitive.name, tuple(eqn.outvars)
        given = [one for one in ins if isinstance(one, np.ndarray)]
        if len(given) == len(ins):
            value = rules.worth(name, given, outs[0].aval, eqn.params)
            if value is not None:
                return (value,)
        places = tuple(self.place() for _ in outs)
        shapes = tuple(tuple(getattr(one.aval, "shape", ())) for one in eqn.invars)
        becomes = tuple(tuple(getattr(one.aval, "shape", ())) for one in outs)
        self.steps.append(Step(name, ins, places, shapes, becomes, eqn.params))
        return places

    def atom(self, env: Mapping[Any, Atom], one: Any) -> Atom:
        return np.asarray(one.val) if isinstance(one, Literal) else env[one]

    def given(self, value: Any) -> Atom:
        """A given value; random keys hold no numbers and may be anything."""
        key = jnp.issubdtype(getattr(value, "dtype", np.float64), jax.dtypes.prng_key)
        return self.place() if key else np.asarray(value)


def traced(
    call: Callable[[dict[str, Any], Any], Mapping[str, Any]],
    named: Mapping[str, Any],
    other: Any = (),
) -> Program:
    """Trace a function; all that it uses beside its arguments is taken as given.

    Parameters
    ----------
    call
        From arrays by name, and whatever else may vary, to arrays by name.
    named
        Arrays by which a change can come in.
    other
        What may take any value, and by which no change comes in: random keys, drawn numbers.
    """
    names = sorted(named)
    closed, shape = jax.make_jaxpr(call, return_shape=True)({n: named[n] for n in names}, other)
    writer, jaxpr = _Writer(), closed.jaxpr
    places = [writer.place() for _ in jaxpr.invars]
    consts = [writer.given(value) for value in closed.consts]
    env = dict(zip((*jaxpr.invars, *jaxpr.constvars), (*places, *consts), strict=True))
    outs = writer.write(jaxpr, env)
    return Program(
        dict(zip(names, places, strict=False)),
        {name: tuple(np.shape(named[name])) for name in names},
        tuple(writer.steps),
        dict(zip(sorted(shape), outs, strict=True)),
    )
