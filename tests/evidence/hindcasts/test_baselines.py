"""Baselines by hand and by law."""

import numpy as np
import pytest

from comity.evidence.hindcasts import baselines


def rng():
    return np.random.default_rng(0)


def steps(changes) -> np.ndarray:
    """Logs of one unit from its yearly changes."""
    return np.concatenate([[0.0], np.cumsum(changes)])[:, None]


def test_drift_by_hand():
    changes = np.array([0.01, 0.03] * 5)
    mean, sd = baselines.drift(steps(changes), 4)
    assert mean[:, 0] == pytest.approx([0.02, 0.04, 0.06, 0.08])
    h = np.arange(1, 5)
    assert sd[:, 0] == pytest.approx(changes.std(ddof=1) * np.sqrt(h + h**2 / 10))


def test_drift_of_the_last_years_only_and_gaps():
    changes = np.concatenate([np.full(20, 0.5), np.full(10, 0.01)])
    changes[-1] = np.nan
    assert baselines.drift(steps(changes), 1, 10)[0][0, 0] != pytest.approx(0.5)
    short = steps(np.full(7, 0.01))
    assert np.isnan(baselines.drift(short, 3)[0]).all()


def test_own_history_stays_within_what_happened():
    changes = np.random.default_rng(1).normal(0.02, 0.03, 30)
    found = baselines.own_history(steps(changes), 5, 2000, rng(), years=30)
    assert found[:, 0].min() >= changes.min() - 1e-12
    assert found[:, 0].max() <= changes.max() + 1e-12
    assert found[:, 4].mean() == pytest.approx(5 * changes.mean(), abs=0.005)
    assert found[:, 4].std() == pytest.approx(np.sqrt(5) * changes.std(), rel=0.05)


def test_past_changes_are_those_of_the_group():
    calm, wild = np.zeros((30, 4)), np.cumsum(np.ones((30, 4)), axis=0)
    found = baselines.past_changes(np.hstack([calm, wild]), 3, 50, rng(), np.repeat([0, 1], 4))
    assert (found[:, :, :4] == 0).all()
    assert (found[:, :, 4:] == np.array([1.0, 2.0, 3.0])[None, :, None]).all()


def test_a_unit_unknown_today_has_no_forecast():
    logs = np.random.default_rng(2).normal(size=(30, 3)).cumsum(axis=0)
    logs[-1, 1] = np.nan
    found = baselines.past_changes(logs, 2, 10, rng(), np.zeros(3, dtype=int))
    assert np.isnan(found[:, :, 1]).all() and np.isfinite(found[:, :, [0, 2]]).all()


def test_a_mixture_draws_equally_from_its_members():
    members = [np.full((300, 4), float(value)) for value in (1, 2, 3)]
    found = baselines.mixture(members, rng())
    assert (found == found[:, :1]).all()
    assert np.bincount(found[:, 0].astype(int)).tolist() == [0, 100, 100, 100]
    members[1][:, 2] = np.nan
    assert np.isnan(baselines.mixture(members, rng())[:, 2]).all()


def test_origins_lie_a_horizon_back_and_not_before_the_first():
    assert baselines.origins(2000, 10, 1970) == [1990, 1985, 1980]
    assert baselines.origins(1990, 10, 1975) == [1980, 1975]
    assert baselines.origins(1990, 10, 1985) == []


def test_errors_are_drawn_from_the_same_group():
    errors, group = np.array([1.0, 2.0, 5.0, np.nan]), np.array([0, 0, 1, 1])
    found = baselines.draw_errors(errors, group, np.array([1, 0, 2]), 200, rng())
    assert (found[:, 0] == 5.0).all()
    assert set(found[:, 1]) == {1.0, 2.0}
    assert np.isnan(found[:, 2]).all()
