"""The Council's choice model by hand and by invariance; decision rules by the Charter."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.institutions import council
from comity.models.institutions.council import CouncilRule, Outcome, Vote

FIVE: tuple[str, ...] = ("USA", "GBR", "FRA", "RUS", "CHN")
TEN = tuple(f"E{i}" for i in range(10))
TODAY = CouncilRule((*FIVE, *TEN), frozenset(FIVE))
FOR = dict.fromkeys((*FIVE, *TEN), Vote.FOR)


def case(seed=0, cases=400):
    rng = np.random.default_rng(seed)
    resolution = np.column_stack([np.ones(cases), rng.normal(size=cases)])
    veto = np.concatenate([np.ones((cases, 5, 1)), rng.normal(size=(cases, 5, 2))], axis=2)
    design = council.design_of(resolution, veto)
    weights = np.zeros(design.shape[2])
    weights[:5] = [0.3, 1.0, -1.5, 0.8, -0.6]
    chance = council.chances(design, weights)
    came = np.array([rng.multinomial(1, p) for p in chance], dtype=float)
    return design, weights, chance, came


def test_constants_alone_give_the_shares():
    came = np.repeat(np.eye(3), [6, 3, 1], axis=0)
    design = np.zeros((10, 3, 2))
    design[:, 1, 0] = design[:, 2, 1] = 1.0
    found = council.fit(design, came, np.zeros(2))
    np.testing.assert_allclose(found.weights, np.log([3 / 6, 1 / 6]), atol=1e-5)
    np.testing.assert_allclose(
        council.chances(design, found.weights)[0], [0.6, 0.3, 0.1], atol=1e-6
    )


def test_finds_weights_that_made_the_data():
    design, weights, _, came = case(cases=3000)
    penalty = np.concatenate([np.zeros(5), np.full(15, 1e4)])
    found = council.fit(design, came, penalty)
    assert found.converged
    np.testing.assert_allclose(found.weights[:5], weights[:5], atol=0.2)
    np.testing.assert_allclose(council.pooled(found, 2, 3), found.weights[2:5])


def test_at_the_summit_what_was_expected_is_what_came():
    design, _, _, came = case()
    penalty = np.full(design.shape[2], 0.5)
    found = council.fit(design, came, penalty)
    slope = np.einsum("nap,na->p", design, came - council.chances(design, found.weights))
    np.testing.assert_allclose(slope, penalty * found.weights, atol=2e-3)


def test_pooling_draws_members_together():
    design, _, _, came = case()
    spread = []
    for strength in (0.1, 100.0):
        penalty = np.concatenate([np.zeros(5), np.full(15, strength)])
        spread.append(np.abs(council.fit(design, came, penalty).weights[5:]).max())
    assert spread[1] < 0.3 * spread[0]


def test_shares_and_figures_are_checked():
    with pytest.raises(BadInput):
        council.fit(np.zeros((2, 3, 1)), np.zeros((2, 3)), np.zeros(1))
    with pytest.raises(BadInput):
        council.fit(np.full((2, 3, 1), np.nan), np.full((2, 3), 1 / 3), np.zeros(1))


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ({}, Outcome.ADOPTED),
        ({"RUS": Vote.AGAINST}, Outcome.VETOED),
        ({"CHN": Vote.ABSTAIN, "RUS": Vote.ABSTAIN}, Outcome.ADOPTED),
        (dict.fromkeys(TEN[:6], Vote.ABSTAIN), Outcome.ADOPTED),
        (dict.fromkeys(TEN[:7], Vote.AGAINST), Outcome.SHORT),
        (dict.fromkeys((*TEN[:7], "USA"), Vote.AGAINST), Outcome.SHORT),
    ],
)
def test_the_charters_rule(votes, outcome):
    assert council.decide(TODAY, FOR | votes) is outcome


def test_reforms_are_rules():
    two = CouncilRule(TODAY.members, TODAY.vetoes, stop=2)
    lone, both = {"RUS": Vote.AGAINST}, {"RUS": Vote.AGAINST, "CHN": Vote.AGAINST}
    assert council.decide(two, FOR | lone) is Outcome.ADOPTED
    assert council.decide(two, FOR | both) is Outcome.VETOED
    party = CouncilRule(TODAY.members, TODAY.vetoes, party_abstains=True)
    assert council.decide(party, FOR | lone, frozenset({"RUS"})) is Outcome.ADOPTED
    assert council.decide(party, FOR | lone, frozenset({"USA"})) is Outcome.VETOED
    over = CouncilRule(TODAY.members, TODAY.vetoes, override=13)
    assert council.decide(over, FOR | both) is Outcome.ADOPTED
    assert council.decide(over, FOR | both | {"E0": Vote.ABSTAIN}) is Outcome.VETOED
    more = CouncilRule((*TODAY.members, "JPN"), TODAY.vetoes | {"JPN"}, needed=10)
    assert council.decide(more, FOR | {"JPN": Vote.AGAINST}) is Outcome.VETOED


@settings(max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=5, max_size=5), st.integers(1, 5))
def test_chance_of_a_block_agrees_with_every_combination(chances, stop):
    rule = CouncilRule(TODAY.members, TODAY.vetoes, stop=stop)
    against = dict(zip(FIVE, chances, strict=True))
    by_hand = 0.0
    for cast in product((False, True), repeat=5):
        weight = np.prod([p if c else 1 - p for c, p in zip(cast, chances, strict=True)])
        votes = FOR | {m: Vote.AGAINST for m, c in zip(FIVE, cast, strict=True) if c}
        # All ten elected members are in favour: with five against it is ten, enough.
        by_hand += weight * (council.decide(rule, votes) is Outcome.VETOED)
    assert council.stopped(rule, against) == pytest.approx(by_hand, abs=1e-12)


def test_a_rule_needs_members_who_hold_its_vetoes():
    with pytest.raises(BadInput):
        CouncilRule(FIVE, frozenset({"JPN"}), needed=3)
    with pytest.raises(BadInput):
        CouncilRule(FIVE, frozenset(), needed=6)
    with pytest.raises(BadInput):
        CouncilRule(FIVE, frozenset(), needed=3, stop=0)
