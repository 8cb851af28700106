"""Succession by law: which years have a day, and what the law and the counts make of it."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.institutions.succession import change_chance, days_by_law, next_terms


def test_days_of_the_twentieth_amendment_and_of_a_rule_that_ended():
    years = np.arange(1946, 1962)
    found = days_by_law(np.array([1949, 1952]), np.array([4, 6]), np.array([9999, 1957]), years)
    assert years[found[0]].tolist() == [1949, 1953, 1957, 1961]
    assert years[found[1]].tolist() == [1952]


def test_a_term_needs_a_year():
    with pytest.raises(BadInput):
        days_by_law(np.array([1949]), np.array([0]), np.array([9999]), np.arange(3))


def test_who_is_used_up_goes_and_who_may_stand_has_one_chance():
    due, used = jnp.array([1.0, 1.0, 0.0, 0.0]), jnp.array([True, False, True, False])
    chance = change_chance(due, used, jnp.asarray(0.45), jnp.asarray(0.04))
    np.testing.assert_allclose(chance, [1.0, 0.55, 0.04, 0.04])


def test_terms_of_truman_johnson_and_ford():
    """Took over in between, kept or lost the next day; none was barred by two begun terms."""
    terms = jnp.asarray(1.0)
    terms = next_terms(terms, jnp.asarray(0.0), jnp.asarray(True))
    assert terms == 0.0
    assert next_terms(terms, jnp.asarray(1.0), jnp.asarray(False)) == 1.0
    assert next_terms(terms, jnp.asarray(1.0), jnp.asarray(True)) == 1.0


@given(st.integers(1, 7), st.integers(1900, 2000))
def test_days_are_as_far_apart_as_a_term_is_long(every, first):
    years = np.arange(1890, 2060)
    one = days_by_law(np.array([first]), np.array([every]), np.array([2050]), years)[0]
    assert (np.diff(years[one]) == every).all() and years[one][0] == first
    assert years[one][-1] > 2050 - every
