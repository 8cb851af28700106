"""The anchored game: it returns what it was given, and moves as its closed form says."""

import comity.core.runtime  # noqa: F401  isort: skip
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.force import flashpoints as fp

CHANCES = st.floats(0.01, 0.99)


def stakes(s=1.0, k=1.5, e=0.5, w=0.03, j=0.9):
    return fp.Stakes(*(jnp.asarray(x) for x in (s, k, e, w, j)))


def one(x):
    return jnp.asarray([x])


@given(CHANCES, CHANCES, st.floats(0.0, 0.99), st.floats(-2, 2), st.floats(-3, 3))
@settings(max_examples=10, deadline=None)
def test_at_the_baseline_it_adds_nothing(challenge, resists, joins, s, k):
    given_ = stakes(s, k)
    anchor = fp.anchored(one(challenge), one(resists), one(joins), given_)
    found = fp.crisis(anchor, one(joins), one(joins), one(0.0), given_)
    assert float(found.challenge[0]) == pytest.approx(np.log(challenge / (1 - challenge)), abs=1e-9)
    assert float(found.resists[0]) == pytest.approx(resists, abs=1e-9)


def test_the_difference_is_the_closed_form():
    """-s d(r) - k d(r q), worked by hand for q from 0.2 to 0.5 and r from 0.4."""
    s, k, e = 1.0, 1.5, 0.5
    given_ = stakes(s, k, e)
    anchor = fp.anchored(one(0.1), one(0.4), one(0.2), given_)
    found = fp.crisis(anchor, one(0.5), one(0.5), one(0.0), given_)
    after = 1 / (1 + np.exp(-(np.log(0.4 / 0.6) + e * 0.3)))
    expected = np.log(0.1 / 0.9) - s * (after - 0.4) - k * (after * 0.5 - 0.4 * 0.2)
    assert float(found.resists[0]) == pytest.approx(after, abs=1e-12)
    assert float(found.challenge[0]) == pytest.approx(expected, abs=1e-12)


def test_what_the_shift_holds_is_not_counted_twice():
    """Protection that the challenger is said not to see moves only what comes after a challenge."""
    given_ = stakes()
    anchor = fp.anchored(one(0.1), one(0.4), one(0.2), given_)
    found = fp.crisis(anchor, one(0.2), one(0.5), one(0.3), given_)
    assert float(found.challenge[0]) == pytest.approx(np.log(0.1 / 0.9) + 0.3, abs=1e-12)
    assert float(found.resists[0]) > 0.4


def test_chances_multiply():
    given_ = stakes(w=0.05, j=0.0)
    anchor = fp.anchored(one(0.2), one(0.5), one(0.3), given_)
    found = fp.crisis(anchor, one(0.3), one(0.3), one(0.0), given_)
    chance = [1 / (1 + np.exp(-float(x[0]))) for x in (found.unprotected, found.war)]
    assert chance == pytest.approx([0.2 * 0.5 * 0.7, 0.2 * 0.5 * 0.05], rel=1e-9)


@pytest.mark.parametrize(("k", "sign"), [(1.5, -1), (-3.0, 1)])
def test_the_sign_of_deterrence_is_that_of_the_prior(k, sign):
    given_ = stakes(s=0.0, k=k, e=0.0)
    anchor = fp.anchored(one(0.1), one(0.4), one(0.2), given_)
    found = fp.crisis(anchor, one(0.6), one(0.6), one(0.0), given_)
    assert np.sign(float(found.challenge[0]) - np.log(0.1 / 0.9)) == sign


def test_without_protectors_nothing_of_protection_matters():
    given_ = stakes()
    anchor = fp.anchored(one(0.1), one(0.4), one(0.0), given_)
    found = fp.crisis(anchor, one(0.0), one(0.0), one(0.0), given_)
    assert np.isfinite([float(x[0]) for x in (found.challenge, found.unprotected, found.war)]).all()
    assert float(fp.any_joins(jnp.zeros((1, 3)))[0]) == 0.0


def test_protectors_decide_apart():
    assert float(fp.any_joins(jnp.asarray([[0.5, 0.2, 0.0]]))[0]) == pytest.approx(0.6)


def test_forces_below_nil_count_as_none_and_unknown_ones_leave_no_mark():
    before = jnp.asarray([[24.0, 0.0], [5.0, 0.0]])
    after = before + jnp.asarray([[-30.0, 7.0], [-5.0, 0.0]])
    counted = jnp.asarray([[True, False], [True, True]])
    moved = fp.forces_shift(before, after, counted)
    assert np.asarray(moved) == pytest.approx([-np.log(25.0), -np.log(6.0)])


def test_balance_needs_both_sides():
    found = fp.balance(jnp.asarray([2.0, 0.0]), jnp.asarray([1.0, 1.0]))
    assert np.asarray(found) == pytest.approx([np.log(2.0), 0.0])


@given(CHANCES, CHANCES, CHANCES, st.floats(-2, 2))
@settings(max_examples=10, deadline=None)
def test_what_ends_badly_is_all_that_is_not_help_short_of_war(challenge, resists, joins, j):
    given_ = stakes(j=j)
    anchor = fp.anchored(one(challenge), one(resists), one(joins), given_)
    found = fp.crisis(anchor, one(joins), one(joins), one(0.0), given_)
    parts = (found.harm, found.yields, found.unprotected, found.joined_war, found.war)
    harm, yields, alone, joined_war, war = (1 / (1 + np.exp(-float(x[0]))) for x in parts)
    assert harm == pytest.approx(yields + alone + joined_war, rel=1e-6)
    helped = challenge * resists * joins * (1 - float(found.joined[0]))
    assert harm == pytest.approx(challenge - helped, rel=1e-6)
    assert war == pytest.approx(alone * float(found.alone[0]) + joined_war, rel=1e-6)


def test_less_protection_means_fewer_wars_and_more_that_ends_badly():
    """The sum moves as a target fears, where the chance of a war alone would read as a gain."""
    given_ = stakes(s=0.0, k=0.0, e=0.0)
    anchor = fp.anchored(one(0.2), one(0.5), one(0.5), given_)
    before = fp.crisis(anchor, one(0.5), one(0.5), one(0.0), given_)
    after = fp.crisis(anchor, one(0.0), one(0.0), one(0.0), given_)
    assert float(after.war[0]) < float(before.war[0])
    assert float(after.harm[0]) > float(before.harm[0])
