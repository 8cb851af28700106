"""The composite index: a case by hand, missing components, and its reach."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from comity.models.force.capabilities import (
    COMPONENTS,
    KM_PER_MILE,
    cinc,
    component_shares,
    miles_per_day,
    projected,
)

TWO = jnp.array([[30.0, 1, 0, 5, 10, 2], [10.0, 3, 4, 5, 30, 0]])
ALL = jnp.ones((2, 6), bool)


def test_two_states_by_hand():
    found = cinc(TWO, ALL)
    first = np.mean([30 / 40, 1 / 4, 0, 5 / 10, 10 / 40, 1])
    np.testing.assert_allclose(found.index, [first, 1 - first], rtol=1e-14)
    assert found.known.all()


def test_a_missing_component_leaves_the_mean_and_the_worlds_total():
    known = ALL.at[0, 0].set(False)
    found = cinc(TWO, known)
    assert float(found.index[0]) == pytest.approx(np.mean([1 / 4, 0, 5 / 10, 10 / 40, 1]))
    assert float(found.index[1]) == pytest.approx(np.mean([1, 3 / 4, 1, 5 / 10, 30 / 40, 0]))
    assert float(found.index.sum()) != pytest.approx(1.0)


def test_what_fills_a_missing_figure_does_not_matter():
    known = ALL.at[0, 0].set(False)
    a, b = cinc(TWO.at[0, 0].set(0.0), known), cinc(TWO.at[0, 0].set(1e9), known)
    np.testing.assert_array_equal(a.index, b.index)


def test_a_component_that_nobody_has_counts_for_nobody():
    none = TWO.at[:, 3].set(0.0)
    _, defined = component_shares(none, ALL)
    assert not defined[:, 3].any()
    rest = [0, 1, 2, 4, 5]
    np.testing.assert_allclose(
        cinc(none, ALL).index, cinc(TWO[:, rest], ALL[:, rest]).index, rtol=1e-14
    )


def test_slopes_stay_finite_where_nobody_has_a_component():
    """Of five that count: the first's share moves by others / total^2, the empty one's by nil."""
    none = TWO.at[:, 3].set(0.0)
    slope = jax.grad(lambda figures: cinc(figures, ALL).index[0])(none)
    assert float(slope[0, 0]) == pytest.approx(10 / 40**2 / 5)
    assert slope[:, 3].tolist() == [0.0, 0.0]


def test_a_state_of_which_nothing_is_known_is_marked():
    found = cinc(TWO, ALL.at[1].set(False))
    np.testing.assert_array_equal(found.known, [True, False])


def test_years_go_through_together():
    years = jnp.stack([TWO, TWO[::-1]])
    found = cinc(years, jnp.ones_like(years, bool))
    np.testing.assert_array_equal(found.index[1], found.index[0][::-1])


@given(arrays(float, (7, len(COMPONENTS)), elements=st.floats(0.1, 1e6)), st.permutations(range(7)))
def test_complete_figures_sum_to_one_in_any_unit_and_order(figures, order):
    known = jnp.ones(figures.shape, bool)
    index = cinc(jnp.asarray(figures), known).index
    assert float(index.sum()) == pytest.approx(1.0)
    scaled = figures * np.array([1e3, 1.0, 0.5, 7.0, 1e-3, 2.0])
    np.testing.assert_allclose(cinc(jnp.asarray(scaled), known).index, index, rtol=1e-12)
    shuffled = cinc(jnp.asarray(figures[list(order)]), known).index
    np.testing.assert_allclose(shuffled, index[jnp.asarray(order)], rtol=1e-12)


def test_strength_is_lost_with_distance_and_never_gained():
    index = jnp.array([0.2, 0.01])
    km = jnp.array([[0.0, 500, 2000, 8000, 15000]] * 2)
    day = miles_per_day(2024) * KM_PER_MILE
    reach = projected(index, km, day)
    np.testing.assert_allclose(reach[:, 0], index)
    assert (jnp.diff(reach[:, 2:], axis=1) < 0).all()
    days = 8000 / day
    assert float(reach[0, 3]) == pytest.approx(0.2 ** np.log10(days + 10 - np.e))


def test_transport_by_period():
    assert [miles_per_day(y) for y in (1900, 1918, 1919, 1945, 1946)] == [250, 250, 375, 375, 500]
