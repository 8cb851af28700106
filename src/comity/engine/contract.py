"""The contract of a mechanism: what it reads, what it writes, its paper, its levers.

Classes are abstract or final: no overriding, no ``super()``. Parameters are fields, so that a
thousand draws are one map over the mechanism itself. ``__call__`` only calls models.
"""

from __future__ import annotations

import abc
import zlib
from collections.abc import Mapping
from typing import Any

import equinox as eqx
import jax
from jaxtyping import Array, Float

from comity.core.types import Membership, PerDyad, PerState, PRNGKey
from comity.engine.levers import Lever
from comity.world.given import World

Change = Mapping[str, Any]


class Levers(eqx.Module):
    """Where the levers stand in one year, as additions to the base-year world.

    ``tariff``: fraction added to the applied rate, row exporter, column importer. ``barrier``:
    iceberg cost factor minus one. ``sanction``: share of trade that the row forbids with the
    column. ``forces``: thousand persons that the row adds in the column. ``commitment``: from -1
    (given up) to 1, row patron, column client. ``alliance``: a defence pact made (1) or ended
    (-1), both ways. ``join``, ``leave``, ``found``, ``deepen``: share of the move in force, (K, N).
    ``decision_rule``: (K,). ``defence_share``: fraction of GDP added to military spending.
    ``leadership``: (N,). ``engage``: (N, D) by domain; ``checks``: log-odds, (N, C) by channel.
    """

    tariff: PerDyad
    barrier: PerDyad
    sanction: PerDyad
    forces: PerDyad
    commitment: PerDyad
    alliance: PerDyad
    join: Membership
    leave: Membership
    found: Membership
    deepen: Membership
    decision_rule: Float[Array, " K"]
    defence_share: PerState
    leadership: PerState
    engage: Float[Array, "N D"]
    checks: Float[Array, "N C"]


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
        Levers that it obeys.
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
    levers: eqx.AbstractClassVar[tuple[Lever, ...]]
    keeps: eqx.AbstractClassVar[tuple[str, ...]]

    @abc.abstractmethod
    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """New values of the fields in ``writes``."""


def key_of(name: str, root: PRNGKey, future: Array, year: Array) -> PRNGKey:
    """Key of one mechanism in one year of one future.

    The mechanism's name is hashed, not its position, so that adding another moves nothing.
    """
    key = jax.random.fold_in(jax.random.fold_in(root, future), year)
    return jax.random.fold_in(key, zlib.crc32(name.encode()) & 0x7FFFFFFF)


Draw = Float[Array, ""]
