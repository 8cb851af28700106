"""Interest: stakes by hand, a hazard that is recovered, parts of partners that add up."""

import numpy as np
import pytest

from comity.core.errors import BadInput
from comity.models.institutions import interest as model


def test_agreement_is_the_share_of_common_votes():
    votes = np.array([[0.0, 0.0, 2.0], [1.0, 0.0, 1.0], [0.0, 0.0, np.nan], [2.0, 2.0, 2.0]])
    found = model.agreement(votes, least=3)
    assert found[0, 1] == pytest.approx(3 / 4) and found[0, 2] == pytest.approx(2 / 3)
    assert np.isnan(model.agreement(votes, least=4)[0, 2])


def test_trade_inside_is_a_share_of_all_trade_and_alone_it_is_unknown():
    member = np.array([[1.0, 1.0, 0.0, 0.0]])
    flow = np.array([[9.0, 3.0, 1.0, 0.0], [3.0, 9.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0], [0.0] * 4])
    flow[3, :] = flow[:, 3] = np.nan
    found = model.share_inside(member, flow)[0]
    assert found[0] == pytest.approx(3 / 4) and found[2] == pytest.approx(1.0)
    assert np.isnan(found[3])


def made_up(seed=1, n=40000):
    """Rows whose stake matters in one issue only."""
    rng = np.random.default_rng(seed)
    stake, record = rng.normal(size=(n, 2)), rng.normal(size=(n, 1))
    issue = rng.integers(0, 3, n)
    odds = -2.0 + 0.5 * record[:, 0] - 0.8 * stake[:, 0] * (issue == 1)
    left = (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(float)
    return record, stake, issue, left, rng.integers(0, 150, n)


def test_a_stake_that_matters_in_one_issue_is_found_there():
    record, stake, issue, left, state = made_up()
    found = model.fit(record, stake, issue, left, state)
    truth = np.array([[0.0, -0.8, 0.0], [0.0, 0.0, 0.0]])
    assert (np.abs(found.stake - truth) < 4 * found.errors).all()
    assert found.stake[0, 1] == pytest.approx(-0.8, abs=0.08)
    chance = model.chance(found, record, stake, issue)
    assert chance.mean() == pytest.approx(left.mean(), abs=1e-3)


def test_without_stakes_only_the_record_is_fitted():
    record, stake, issue, left, state = made_up(n=4000)
    none = np.zeros((4000, 0))
    found = model.fit(record, none, issue, left, state)
    assert found.stake.shape == (0, 3)
    assert model.chance(found, record, none, issue).mean() == pytest.approx(left.mean(), abs=0.01)


def test_parts_of_partners_add_up_to_the_odds_of_staying():
    """Over the partners in one organisation they give its stakes' part of the log-odds, by hand."""
    record, stake, issue, left, state = made_up(n=4000)
    found = model.fit(record, stake, issue, left, state)
    pair = np.array([[1.0, -2.0], [0.5, 0.0], [3.0, 1.0]])
    member = np.array([[1.0, 1.0, 0.0]])
    parts = model.by_partner(found, pair, member, np.array([1]))
    mean = (pair[:2].mean(0) - found.centre[1:]) / found.scale[1:]
    assert parts[:, 1].sum() == pytest.approx(-mean @ found.stake[:, 1])
    assert (parts[2] == 0).all() and (parts[:, [0, 2]] == 0).all()


def test_nobody_left_is_refused():
    record, stake, issue, left, state = made_up(n=100)
    with pytest.raises(BadInput, match="nobody left"):
        model.fit(record, stake, issue, 0.0 * left, state)
