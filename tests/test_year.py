"""The assembler refuses what cannot work, and names it."""

from typing import ClassVar

import jax
import jax.numpy as jnp
import pytest

import toy
from comity.core.errors import AssemblyError
from comity.engine.contract import AbstractMechanism
from comity.engine.year import PHASES, assemble
from comity.mechanisms.catalogue import dormant, fields, levers


def assembled(mechanisms, dormant=()):
    return assemble(mechanisms, fields(), levers(), dormant)


def make(name="m", phase="trade", reads=(), lagged=(), writes=(), value=0.0, moved=()):
    class Made(AbstractMechanism):
        name: ClassVar[str]
        phase: ClassVar[str]
        book: ClassVar[str] = "none"
        reads: ClassVar[tuple[str, ...]]
        lagged: ClassVar[tuple[str, ...]]
        writes: ClassVar[tuple[str, ...]]
        reference: ClassVar[str] = "none"
        levers: ClassVar[tuple] = moved
        keeps: ClassVar[tuple] = ()

        @classmethod
        def build(cls, world, numbers):
            return cls()

        def __call__(self, world, levers, key):
            return {field: getattr(world, field) + value for field in self.writes}

    Made.name, Made.phase, Made.reads = name, phase, reads
    Made.lagged, Made.writes = lagged, writes
    return Made()


@pytest.mark.parametrize(
    ("mechanisms", "words"),
    [
        ((make(reads=("happiness",)),), "no field 'happiness'"),
        ((make(writes=("happiness",)),), "no field 'happiness'"),
        ((make(phase="teatime"),), "'teatime' is not in the year"),
        ((make(writes=("gdp",)),), "given at the base year"),
        (
            (make("a", writes=("price",)), make("b", writes=("price",))),
            "'price' is written twice in phase trade: by a and by b",
        ),
        (
            (make("a", reads=("price",)), make("b", phase="crises", writes=("price",))),
            "a reads 'price', which b writes later",
        ),
        ((make("a", lagged=("price",)),), "nothing writes 'price' later"),
        ((make("a", moved=("charm",)),), "the lever 'charm', which nothing declares"),
    ],
)
def test_refusals_name_the_fault(mechanisms, words):
    with pytest.raises(AssemblyError, match=words):
        assembled(mechanisms)


def test_lagged_read_and_two_phases_are_allowed():
    ordered = assembled(
        (
            make("late", phase="crises", writes=("price",)),
            make("early", lagged=("price",), writes=("consumption",)),
        )
    )
    assert [m.name for m in ordered] == ["early", "late"]


def test_order_is_that_of_the_year_whatever_the_order_given():
    world = toy.toy_world()
    year = toy.toy_year(world)
    again = assembled(tuple(reversed(year)), dormant())
    assert [m.name for m in year] == ["trend", "growth", "trade", "armament", "agreements"]
    assert [m.name for m in again] == [m.name for m in year]
    assert [PHASES.index(m.phase) for m in again] == sorted(PHASES.index(m.phase) for m in year)


def test_a_number_that_is_not_finite_flags_the_future_only(toy_future):
    good = toy_future(toy.toy_row(0))
    bad = toy_future(toy.toy_row(0, trade__elasticity=float("nan")))
    assert good.ok and not bad.ok


def test_ablation_is_a_mask(toy_future):
    off = toy_future(toy.toy_row(0, active=[True, False, True, True, True]))
    assert off.ok and (off.series["capacity"] == 1.0).all()
    on = toy_future(toy.toy_row(0))
    assert not (on.series["capacity"] == 1.0).all()


def test_the_years_run_in_order_and_carry_capacity(toy_future):
    kept = toy_future(toy.toy_row(5))
    assert kept.series["capacity"].shape == (len(toy.YEARS), len(toy.STATES))
    assert jnp.isfinite(kept.series["consumption"]).all()
    assert jax.tree.all(jax.tree.map(lambda x: bool(jnp.isfinite(x).all()), kept.end))
