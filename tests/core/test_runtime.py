"""How Comity uses the machine: room for compiled programs in a long session."""

import sys

import jax
import jax.numpy as jnp
import pytest

from comity.core import runtime
from comity.study.executors import LocalExecutor


def program(n):
    return jax.jit(lambda x: jnp.sin(x) * n)


@pytest.mark.parametrize(("held", "limit", "cleared"), [(50, 100, False), (51, 100, True)])
def test_programs_go_where_half_of_the_maps_are_taken(monkeypatch, held, limit, cleared):
    monkeypatch.setattr(runtime, "memory_maps", lambda: (held, limit))
    one = program(3.0)
    before = one(jnp.arange(4.0))
    assert one._cache_size() == 1
    assert runtime.make_room() is cleared
    assert one._cache_size() == (0 if cleared else 1)
    assert (one(jnp.arange(4.0)) == before).all()


def test_where_nobody_counts_maps_nothing_is_cleared(monkeypatch):
    monkeypatch.setattr(runtime, "memory_maps", lambda: (0, 0))
    assert runtime.make_room() is False


@pytest.mark.skipif(sys.platform != "linux", reason="maps are counted on Linux only")
def test_programs_hold_maps_until_they_are_let_go(monkeypatch):
    """Without this a session of many scenarios dies at the limit (core.runtime.make_room)."""
    start, limit = runtime.memory_maps()
    assert limit > start > 0
    kept = [program(float(n)) for n in range(20)]
    [one(jnp.arange(3.0 + n)) for n, one in enumerate(kept)]
    full, _ = runtime.memory_maps()
    assert full >= start + 20
    monkeypatch.setattr(runtime, "memory_maps", lambda: (limit, limit))
    assert runtime.make_room()
    monkeypatch.undo()
    assert runtime.memory_maps()[0] < full - 20


def test_every_run_makes_room_before_it_begins(monkeypatch):
    """Once a map, before its first chunk: that is where programs of a session pile up."""
    asked = []
    monkeypatch.setattr(runtime, "make_room", lambda: asked.append(True))
    many = runtime.workers()
    chunks = iter([jnp.arange(float(many)), jnp.arange(float(many))])
    found = LocalExecutor().map(lambda shared, row: shared + row, jnp.asarray(1.0), chunks)
    assert next(found).shape == (many,) and asked == [True]
    next(found)
    assert asked == [True]
