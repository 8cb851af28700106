"""The contract of a mechanism: what it reads, what it writes, its paper, its levers.

Classes are abstract or final: no overriding, no ``super()``. Parameters are fields, so that a
thousand draws are one map over the mechanism itself. ``__call__`` only calls models.
"""

from __future__ import annotations

import abc
import zlib
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import equinox as eqx
import jax
from jaxtyping import Array, Float, Int

from comity.core.parameters import Parameter
from comity.core.types import Flag, PRNGKey
from comity.engine.levers import Levers
from comity.world.given import World

Change = Mapping[str, Any]
Place = Int[Array, ""]


class AbstractMechanism(eqx.Module):
    """A published model at work in the year.

    Class variables
    ---------------
    name
        Stem of the module and of its test.
    book
        Stem of the ``.toml`` that holds its numbers; mechanisms of one model may share one.
    phase
        Where in the year it acts; one of `comity.engine.year.PHASES`.
    reads, writes
        Fields of the world. ``lagged`` are those it reads as the last year left them.
    reference
        Key in ``references.bib``.
    levers
        Names of the levers that it reads; those it obeys are declared in its ``levers.toml``.
    keeps
        Fields that it writes and of which every year is kept, beside those that always are.
    """

    name: eqx.AbstractClassVar[str]
    book: eqx.AbstractClassVar[str]
    phase: eqx.AbstractClassVar[str]
    reads: eqx.AbstractClassVar[tuple[str, ...]]
    lagged: eqx.AbstractClassVar[tuple[str, ...]]
    writes: eqx.AbstractClassVar[tuple[str, ...]]
    reference: eqx.AbstractClassVar[str]
    levers: eqx.AbstractClassVar[tuple[str, ...]]
    keeps: eqx.AbstractClassVar[tuple[str, ...]]

    @classmethod
    @abc.abstractmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> AbstractMechanism:
        """The mechanism for a world that went through the door, with the values of its book."""

    @abc.abstractmethod
    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """New values of the fields in ``writes``."""


@runtime_checkable
class CutsOff(Protocol):
    """A mechanism that can say what losing a partner would cost a state."""

    def loss(
        self, world: World, levers: Levers, partner: Place, actor: Place
    ) -> tuple[Float[Array, " H"], Flag]:
        """Fall of the actor's real consumption, in %, were trade with the partner cut off now.

        By horizon: once buyers have adapted in full, and in the first year. With whether the
        equilibria without the partner were found.
        """
        ...


def key_of(name: str, root: PRNGKey, future: Array, year: Array) -> PRNGKey:
    """Key of one mechanism in one year of one future.

    The mechanism's name is hashed, not its position, so that adding another moves nothing.
    """
    key = jax.random.fold_in(jax.random.fold_in(root, future), year)
    return jax.random.fold_in(key, zlib.crc32(name.encode()) & 0x7FFFFFFF)


Draw = Float[Array, ""]
