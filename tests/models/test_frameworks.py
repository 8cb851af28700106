"""Worth of frameworks: covered pairs, enlargement, vitality, substitution."""

from types import SimpleNamespace

import jax.numpy as jnp
import numpy as np
import pytest

from comity.core.errors import BadInput
from comity.models.institutions import club
from comity.models.institutions import framework_worth as frameworks
from comity.models.trade.trade_equilibrium import calibrate

SALES = np.array([[80.0, 12, 8], [10.0, 150, 20], [9.0, 18, 120]])


def setting(own=None):
    agreed = np.zeros((3, 3))
    agreed[0, 1] = agreed[1, 0] = 1.0
    base = calibrate(jnp.asarray(SALES), jnp.zeros((3, 3)), jnp.full(3, 0.5))
    return frameworks.Setting(
        base,
        jnp.asarray(4.0),
        jnp.asarray(0.475),
        jnp.asarray(agreed),
        jnp.zeros((3, 3)) if own is None else jnp.asarray(own),
        np.arange(3),
    )


def test_what_a_coalition_covers():
    own = np.zeros((3, 3))
    own[0, 1] = own[1, 0] = 1.0
    at = setting(own)
    both = frameworks.covered(at.agreed, at.own, jnp.asarray([1.0, 1.0, 0.0]))
    assert (both == 0).all()  # the agreement there is stays
    gone = frameworks.covered(at.agreed, at.own, jnp.asarray([1.0, 0.0, 1.0]))
    assert gone[0, 1] == -1.0 and gone[0, 2] == 1.0 and gone[1, 2] == 0.0


@pytest.mark.slow
def test_members_gain_the_shares_add_up_and_the_world_as_it_is_is_nil():
    at = setting()
    get = frameworks.payoff(at)
    nobody, all_in = get(np.array([[False] * 3, [True] * 3]))
    np.testing.assert_allclose(nobody, 0.0, atol=1e-9)
    assert (all_in > 0).all()
    share = club.shapley_shares(get, np.ones(3, bool))
    assert share.sum() == pytest.approx(all_in.sum(), rel=1e-9)
    gain = frameworks.accession_gains(at, np.array([1.0, 1.0, 0.0]), np.array([2]))
    assert gain[0, 2] > 0 and gain.shape == (1, 3)


def test_who_joins_joins_alone(monkeypatch):
    """A world worth 1.2 with two members and 1.3 with three, for everyone."""
    asked = []

    def worth(_, inside):
        asked.append(np.asarray(inside))
        return 1.0 + 0.1 * np.repeat(asked[0].sum(axis=1, keepdims=True), 4, axis=1)

    monkeypatch.setattr(frameworks, "consumption", worth)
    gain = frameworks.accession_gains(setting(), np.array([1.0, 0, 1, 0]), np.array([1, 3]))
    np.testing.assert_allclose(gain, np.full((2, 4), 0.1 / 1.2))
    np.testing.assert_array_equal(asked[0], [[1, 0, 1, 0], [1, 1, 1, 0], [1, 0, 1, 1]])


def test_one_coalition_without_an_equilibrium_is_one_too_many(monkeypatch):
    def without_two(base, elasticity, weight, tariff, cost):
        del base, elasticity, tariff
        # Lower costs between two that agree: an equilibrium of theirs is not found.
        return SimpleNamespace(consumption=weight, converged=cost.min() >= 1.0)

    monkeypatch.setattr(frameworks, "solve", without_two)
    nobody, both = jnp.zeros((1, 3)), jnp.asarray([[0.0, 1.0, 1.0]])
    at = setting()._replace(agreed=jnp.zeros((3, 3)))
    assert frameworks.consumption(at, nobody).tolist() == [[1.0, 1.0, 1.0]]
    with pytest.raises(BadInput, match="was not found"):
        frameworks.consumption(at, jnp.concatenate([nobody, both]))


@pytest.mark.parametrize(
    ("rule", "gain", "yes"),
    [
        ("unanimity", [1.0, 0.0, 2.0], True),
        ("unanimity", [1.0, -1e-9, 2.0], False),
        ("majority", [1.0, -1.0, -1.0], True),  # three of five votes
        ("two-thirds", [1.0, -1.0, -1.0], False),
    ],
)
def test_rules(rule, gain, yes):
    assert frameworks.passes(np.array(gain), rule, np.array([3.0, 1.0, 1.0])) is yes


def test_an_unknown_rule_is_refused():
    with pytest.raises(BadInput, match="no rule"):
        frameworks.passes(np.ones(2), "lot", np.ones(2))


def test_vitality_is_gray_without_signs_and_bayes_with_them():
    np.testing.assert_allclose(frameworks.vitality(np.zeros((0, 3))), [0.52, 0.38, 0.10])
    found = frameworks.vitality(np.array([[0.8, 0.2, 0.0]]))
    np.testing.assert_allclose(found, [0.416 / 0.492, 0.076 / 0.492, 0.0], atol=1e-12)


def test_substitution_finds_the_slope_under_state_and_year_effects():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 30))
    y = np.zeros((40, 30))
    y[1:] = -0.5 * x[:-1] + rng.normal(size=(39, 30)) * 0.1
    y += rng.normal(size=30) + rng.normal(size=(40, 1))
    # Sums of changes: levels whose changes are x and y.
    slope, error = frameworks.substitution(y.cumsum(axis=0), x.cumsum(axis=0), 1)
    assert slope == pytest.approx(-0.5, abs=4 * error) and error < 0.01


def test_a_year_known_on_one_side_only_says_nothing():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 12, 6)).cumsum(axis=1)
    x[6, 2] = np.nan
    other = y.copy()
    other[7, 2] += 5.0  # moves the two changes that come a year after those unknown
    found = [frameworks.substitution(table, x, 1) for table in (y, other)]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-9)
