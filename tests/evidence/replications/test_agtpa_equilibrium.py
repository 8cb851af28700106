"""Experiments of the Advanced Guide beside its NAFTA application: steps, effects, refusals."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import os

import numpy as np
import pytest

from comity.core.errors import BadInput
from comity.evidence.replications import advanced_guide_equilibrium as guide
from comity.models.trade import gravity_full
from comity.models.trade.gravity_equilibrium import scale_to_totals
from comity.models.trade.gravity_full import guide_steps, pair_effects

raw_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@raw_data
def test_all_experiments_of_the_chapter_with_default_arguments():
    pytest.importorskip("pyfixest")
    checks = guide.run()
    assert len(checks) == 39 and not [c for c in checks if not c.ok]
    steps = {c.what: c.ours for c in checks if c.what.endswith("steps")}
    assert list(steps.values()) == [5.0, 4.0, 4.0, 4.0, 3.0]


@raw_data
def test_three_steps_fit_the_nafta_application_only():
    pytest.importorskip("pyfixest")
    found, _ = guide.borders()
    one, printed = found["no borders"], guide.reference_results().loc["no borders"]
    at = one.countries.index("DEU")
    three = guide_steps(one.base, one.after, guide.SIGMA, at, steps=3)
    before = one.base.trade.sum(1) - np.diagonal(one.base.trade)
    off = np.abs(100 * (three.exports / before - 1) - printed.exports.to_numpy()).max()
    assert off > 10.0


def world(years=3, states=6, seed=2):
    rng = np.random.default_rng(seed)
    trade = rng.poisson(20.0, (years, states, states)).astype(float) + 1.0
    return trade, rng


def test_two_agreements_at_once_meet_their_own_totals():
    trade, rng = world()
    both = (rng.uniform(size=(*trade.shape, 2)) < 0.4).astype(float)
    both *= (1 - np.eye(trade.shape[1]))[None, :, :, None]
    found = pair_effects(trade, both)
    assert found.converged and found.effects.shape == (2,)
    cost = np.stack([found.with_agreements(np.nan_to_num(found.ease), one) for one in both])
    exporter, importer = np.ones(trade.shape[:2]), np.ones(trade.shape[:2])
    for _ in range(3000):
        exporter = trade.sum(2) / np.einsum("tij,tj->ti", cost, importer)
        importer = trade.sum(1) / np.einsum("tij,ti->tj", cost, exporter)
    fitted = cost * exporter[:, :, None] * importer[:, None, :]
    for k in range(2):
        inside = both[..., k] == 1
        assert fitted[inside].sum() == pytest.approx(trade[inside].sum(), rel=1e-8)
    with pytest.raises(BadInput, match="2 effects"):
        _ = found.agreement
    one = pair_effects(trade, both[..., 0])
    assert one.agreement == one.effects[0]


def test_effects_that_have_no_estimate_are_refused():
    trade, _ = world()
    nil = np.zeros_like(trade)
    lone = nil.copy()
    lone[1:, 0, 1] = 1.0
    with pytest.raises(BadInput, match="only where trade is nil"):
        pair_effects(np.where(lone == 1, 0.0, trade), lone)
    always = nil.copy()
    always[:, 0, 1] = 1.0
    with pytest.raises(BadInput, match="changes in no pair"):
        pair_effects(trade, always)
    with pytest.raises(BadInput, match="not 0 or 1"):
        pair_effects(trade, lone * 0.5)
    with pytest.raises(BadInput, match="negative"):
        pair_effects(-trade, lone)


def test_a_loop_that_does_not_come_to_rest_is_refused_not_cut_off(monkeypatch):
    trade = world(years=1)[0][0]
    base = scale_to_totals(np.ones_like(trade), trade.sum(1), trade.sum(0), 0)
    other = np.ones_like(trade) + 9.0 * np.eye(len(trade))
    assert guide_steps(base, other, 7.0, 0).steps > 1
    monkeypatch.setattr(gravity_full, "MOST", 1)
    with pytest.raises(BadInput, match="does not come to rest in 1 steps"):
        guide_steps(base, other, 7.0, 0)
    with pytest.raises(BadInput, match="sigma"):
        guide_steps(base, np.ones_like(trade), 1.0, 0)
