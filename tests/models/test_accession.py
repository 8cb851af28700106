"""Accession under unanimity: closed forms, recovery, blockers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.institutions import accession

ROWS = np.array([0, 0, 1])


def test_a_year_passes_when_the_applicant_is_ready_and_nobody_blocks():
    found = accession.yearly(np.array([0.0, 2.0]), np.array([1.0, -1.0, 0.5]), ROWS)
    one = 1 / (1 + np.exp(-np.array([0.0, 2.0, 1.0, -1.0, 0.5])))
    np.testing.assert_allclose(found, [one[0] * one[2] * one[3], one[1] * one[4]])


def test_without_members_only_readiness_counts():
    none = np.zeros(0, np.int64)
    assert accession.yearly(np.array([0.0]), np.zeros(0), none)[0] == pytest.approx(0.5)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-4, 4), min_size=1, max_size=6), st.floats(-4, 4))
def test_one_more_veto_player_never_helps(members, newcomer):
    ready = np.array([0.3])
    before = accession.yearly(ready, np.array(members), np.zeros(len(members), np.int64))
    after = accession.yearly(
        ready, np.array([*members, newcomer]), np.zeros(len(members) + 1, np.int64)
    )
    assert after[0] < before[0]


def test_recovers_what_members_mind():
    rng = np.random.default_rng(2)
    count, each = 1500, 4
    applicant = np.column_stack([np.ones(count), rng.normal(size=count)])
    member = np.column_stack([np.ones(count * each), rng.normal(size=count * each)])
    row = np.repeat(np.arange(count), each)
    truth = accession.Veto(np.array([0.5, 1.0]), np.array([3.0, -2.0]))
    came = (rng.random(count) < accession.chance(truth, applicant, member, row)).astype(float)
    found = accession.fit(applicant, member, row, came, 0.1)
    assert found.consent[1] == pytest.approx(-2.0, abs=0.6)
    assert found.ready[1] == pytest.approx(1.0, abs=0.3)


def test_within_a_span():
    assert accession.within(np.array([0.5, 0.5])) == pytest.approx(0.75)
    np.testing.assert_allclose(accession.within(np.array([[0.0, 0.0], [1.0, 0.0]])), [0.0, 1.0])


def test_who_loses_blocks_and_who_is_unknown_does_not():
    found = accession.blockers(np.array([0.1, -0.2, np.nan]))
    np.testing.assert_array_equal(found, [False, True, False])


@pytest.mark.parametrize("unit", [1.0, 1e3])
def test_the_unit_of_a_trait_does_not_matter(unit):
    """9 of 12 against 3 of 12 are log-odds of 3 apart on either side, in whatever unit."""
    trait = unit * np.repeat([1.0, -1.0], 12)
    came = np.concatenate([np.repeat([1.0, 0.0], [9, 3]), np.repeat([1.0, 0.0], [3, 9])])
    nobody, none = np.zeros((0, 1)), np.zeros(0, np.int64)
    found = accession.fit(np.column_stack([np.ones(24), trait]), nobody, none, came, 0.0)
    assert unit * found.ready[1] == pytest.approx(np.log(3), abs=1e-4)


def test_a_penalised_weight_solves_its_equation():
    """9 of 12 against 3 of 12: 24 (3/4 - F(b)) = penalty b, which 2 / ln 2 sends to b = ln 2."""
    trait = np.repeat([1.0, -1.0], 12)
    came = np.concatenate([np.repeat([1.0, 0.0], [9, 3]), np.repeat([1.0, 0.0], [3, 9])])
    applicant = np.column_stack([np.ones(24), trait])
    nobody, none = np.zeros((0, 1)), np.zeros(0, np.int64)
    found = accession.fit(applicant, nobody, none, came, 2 / np.log(2))
    np.testing.assert_allclose(found.ready, [0.0, np.log(2)], atol=1e-5)
    assert found.consent.tolist() == [5.0]  # nobody was asked: as it was taken to be
