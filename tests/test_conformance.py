"""Every mechanism of the default year: honest about what it reads and writes, pure, sourced."""

import ast
import inspect
import re
import textwrap
from importlib import import_module
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import toy
from comity.core.bibliography import bibliography
from comity.core.errors import BadInput
from comity.core.parameters import book, every_book
from comity.mechanisms.catalogue import (
    CLASSES,
    all_parameters,
    books,
    levers,
    option_names,
    own_levers,
)

ROOT = Path(__file__).parents[1]
WORLD = toy.toy_world()
YEAR = {m.name: m for m in toy.toy_year(WORLD, option_names())}
LEVERS = toy.quiet(toy.YEARS, WORLD.count, len(toy.FRAMEWORKS)).levers(jnp.zeros(0), jnp.asarray(0))
KEY = jax.random.key(5)
each = pytest.mark.parametrize("cls", CLASSES, ids=lambda c: c.name)


def calm_world(world=WORLD, **changes):
    """A world some years in, so that every field has a value of its own."""
    moved = {"capacity": jnp.linspace(0.9, 1.2, world.count), "world_shock": jnp.asarray(0.01)}
    return world.replace(moved | changes)


@each
def test_it_writes_what_it_declares(cls):
    change = YEAR[cls.name](calm_world(), LEVERS, KEY)
    assert set(change) == set(cls.writes)
    for name, value in change.items():
        assert value.shape == getattr(WORLD, name).shape
        assert value.dtype == getattr(WORLD, name).dtype
        assert jnp.isfinite(value).all()


@each
def test_it_reads_nothing_it_does_not_declare(cls):
    """Fields outside `reads` and `lagged` are made NaN; nothing of the change may notice."""
    declared = {*cls.reads, *cls.lagged, "converged"}
    world = calm_world()
    spoiled = world.replace(
        {
            name: jnp.full_like(getattr(world, name), jnp.nan)
            for name in world.cards
            if name not in declared
        }
    )
    plain, blind = YEAR[cls.name](world, LEVERS, KEY), YEAR[cls.name](spoiled, LEVERS, KEY)
    for name in cls.writes:
        np.testing.assert_array_equal(plain[name], blind[name])


@each
def test_it_is_pure_and_maps_over_draws(cls):
    mechanism, world = YEAR[cls.name], calm_world()
    one, two = mechanism(world, LEVERS, KEY), mechanism(world, LEVERS, KEY)
    assert all((one[name] == two[name]).all() for name in cls.writes)
    keys = jax.random.split(KEY, 3)
    many = eqx.filter_vmap(lambda k: mechanism(world, LEVERS, k))(keys)
    assert all(many[name].shape[0] == 3 for name in cls.writes)


@each
def test_a_newcomer_finds_paper_numbers_and_test(cls):
    stem = cls.name
    source = (ROOT / "src/comity/mechanisms" / stem / "__init__.py").read_text(encoding="utf-8")
    doc = source.split('"""')[1]
    assert 4 <= doc.count("\n") + 1 <= 15, "header of 4 to 15 lines"
    assert "Simplified" in doc and "not trust" in doc
    assert cls.reference in bibliography()
    assert (ROOT / f"src/comity/mechanisms/{cls.book}/numbers.toml").is_file()
    assert (ROOT / f"tests/mechanisms/test_{stem}.py").is_file()
    assert cls.__call__.__doc__


@each
def test_its_call_only_calls_models(cls):
    """At most ten statements."""
    body = inspect.getsource(cls.__call__)
    tree = ast.parse(textwrap.dedent(body)).body[0]
    assert sum(isinstance(node, ast.stmt) for node in ast.walk(tree)) - 1 <= 10


def test_every_number_is_sourced_and_every_source_resolves():
    works = bibliography()
    for p in all_parameters():
        keys = re.findall(r"\b[a-z]+(?:19|20)\d\d[a-z]+\b", p.source)
        assert keys, f"{p.key}: no key of the bibliography in its source"
        assert all(key in works for key in keys), p.source
        assert p.status != "judged" or p.grade == "D"


def test_what_makes_an_estimated_number_is_there():
    makers = {p.made_by for where in every_book() for p in book(*where).values() if p.made_by}
    assert makers
    for maker in makers:
        module, _, name = maker.partition(":")
        assert callable(getattr(import_module(module), name, None)), maker


def test_every_number_of_a_book_is_used_by_some_mechanism():
    fields = {cls.book: set() for cls in CLASSES}
    for cls in CLASSES:
        fields[cls.book] |= set(cls.__dataclass_fields__)
    for name, numbers in books().items():
        assert set(numbers) <= fields[name], f"{name}.toml holds a number that nothing uses"


@each
def test_it_reads_no_lever_that_it_does_not_declare(cls):
    """Levers outside `levers` are made NaN, moved ones otherwise; the change may not notice."""
    moved = LEVERS.replace({n: jnp.full_like(a, 0.25) for n, a in LEVERS.at.items()})
    spoiled = moved.replace(
        {n: jnp.full_like(a, jnp.nan) for n, a in moved.at.items() if n not in cls.levers}
    )
    plain, blind = (YEAR[cls.name](calm_world(), one, KEY) for one in (moved, spoiled))
    for name in cls.writes:
        np.testing.assert_array_equal(plain[name], blind[name])


@each
def test_it_reads_every_lever_that_it_declares(cls):
    """A declared lever made NaN shows in the change, or is refused by the model that it reaches."""
    for name in cls.levers:
        spoiled = LEVERS.replace({name: jnp.full_like(getattr(LEVERS, name), jnp.nan)})
        try:
            change = YEAR[cls.name](calm_world(), spoiled, KEY)
        except BadInput as refused:
            assert "nan" in str(refused), name
            continue
        assert not all(jnp.isfinite(value).all() for value in change.values()), name


def test_every_lever_is_declared_once_and_read():
    own = [lever.name for cls in CLASSES for lever in own_levers(cls)]
    assert sorted(own) == sorted(levers()) and len(own) == len(set(own))
    assert {name for cls in CLASSES for name in cls.levers} == set(own)
    for cls in CLASSES:
        assert {lever.name for lever in own_levers(cls)} <= set(cls.levers)
    for lever in levers().values():
        assert lever.brings in ("", *option_names()), lever.name


def test_every_field_is_declared_by_one_that_writes_it():
    for cls in CLASSES:
        declared = import_module(f"comity.mechanisms.{cls.name}.fields").FIELDS
        assert set(declared) <= set(cls.writes), cls.name
