"""Agent quantal response: the printed figures, and the closed form at any precision."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from comity.evidence.replications import agent_qre


def test_the_printed_figures():
    checks = agent_qre.run()
    assert len(checks) == 8
    assert [c for c in checks if not c.ok] == []


@settings(max_examples=50, deadline=None)
@given(precision=st.floats(0.01, 20.0))
def test_the_closed_form(precision):
    resists = expit(-precision)
    threatens = expit(precision * (1.0 - 2.0 * resists))
    assert agent_qre.moves(precision) == pytest.approx((threatens, resists), abs=1e-12)


def test_without_precision_everything_is_a_coin_and_with_it_the_threat_is_made():
    assert agent_qre.moves(1e-9) == pytest.approx((0.5, 0.5), abs=1e-6)
    threat, resistance = agent_qre.moves(50.0)
    assert threat > 0.999999 and resistance < 1e-6
