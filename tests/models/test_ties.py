"""Formation of ties: recovery, k members, choice among groups."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.institutions import ties


def test_recovers_a_known_rule_and_orders_the_unseen():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(4000, 2))
    p = 1 / (1 + np.exp(-(-2.0 + 1.5 * x[:, 0])))
    y = (rng.random(4000) < p).astype(float)
    model = ties.fit(x[:2000], y[:2000], 0.01)
    assert model.coefficients[1] / model.sd[0] == pytest.approx(1.5, abs=0.2)
    assert abs(model.coefficients[2]) < 0.15
    found = ties.chance(model, x[2000:])
    assert found.mean() == pytest.approx(y[2000:].mean(), abs=0.02)
    assert ties.area(found, y[2000:] > 0.5) > 0.8


def test_what_is_unknown_stands_at_the_mean():
    x = np.array([[0.0], [1.0], [np.nan], [3.0]])
    model = ties.fit(x, np.array([0.0, 1.0, 0.0, 1.0]))
    at_mean = ties.chance(model, np.array([[4.0 / 3.0]]))
    assert ties.chance(model, np.array([[np.nan]]))[0] == pytest.approx(at_mean[0])


def test_mean_with_members_leaves_out_oneself_and_the_unknown():
    pair = np.array([[0.0, 2.0, 4.0], [2.0, 0.0, np.nan], [4.0, np.nan, 0.0]])
    found = ties.with_members(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), pair)
    np.testing.assert_allclose(found, [[2.0, 2.0, 4.0], [4.0, np.nan, np.nan]])
    all_in = ties.with_members(np.ones((1, 3)), pair)
    np.testing.assert_allclose(all_in, [[3.0, 2.0, 4.0]])


def test_likeness_is_one_for_the_same_and_nil_for_nothing_shared():
    found = ties.likeness(np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0, 0, 0]]))
    np.testing.assert_allclose(found[0], [1.0, 1.0, 0.0, 0.0])


def test_inside_takes_the_mean_over_pairs_of_a_group():
    pair = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 6.0], [2.0, 6.0, 0.0]])
    np.testing.assert_allclose(ties.inside(np.array([[0, 1, 2]]), pair), [3.0])
    np.testing.assert_allclose(ties.inside(np.array([[0, 1], [1, 2]]), pair), [1.0, 6.0])


def test_groups_nearby_have_no_one_twice_and_prefer_neighbours():
    near = np.exp(-np.abs(np.subtract.outer(np.arange(30.0), np.arange(30.0))))
    groups = ties.groups_nearby(3, near, 400, np.random.default_rng(0))
    assert groups.shape == (400, 3)
    assert all(len(set(group)) == 3 for group in groups)
    assert np.abs(groups[:, 1] - groups[:, 0]).mean() < 3.0  # evenly drawn: about ten


def test_choice_finds_the_trait_that_decides():
    rng = np.random.default_rng(3)
    sets = [rng.normal(size=(20, 2)) for _ in range(80)]
    for one in sets:
        best = int(np.argmax(2.0 * one[:, 0] + rng.gumbel(size=20)))
        one[[0, best]] = one[[best, 0]]
    mean, sd, b = ties.fit_choice(sets[:40], 0.1)
    assert b[0] / sd[0] == pytest.approx(2.0, abs=0.6) and abs(b[1]) < 0.5
    loss, rank = ties.choice_scores(sets[40:], mean, sd, b)
    assert loss.mean() < np.log(20) - 0.5 and rank.mean() > 0.7
    guess, half = ties.choice_scores(sets, mean, sd, np.zeros(2))
    np.testing.assert_allclose(guess, np.log(20))
    np.testing.assert_allclose(half, 0.5)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30))
def test_area_is_the_share_of_pairs_in_the_right_order(rows):
    value = np.array([float(v) for v, _ in rows])
    came = np.array([c for _, c in rows])
    gap = value[came][:, None] - value[~came][None, :]
    if gap.size:
        assert ties.area(value, came) == pytest.approx(np.mean((gap > 0) + 0.5 * (gap == 0)))
    else:
        assert np.isnan(ties.area(value, came))
