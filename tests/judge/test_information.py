"""Value of information against closed forms, published figures and a nested Monte Carlo."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, qmc

from comity.judge.information import evpi, evppi, evsi, evsi_matched, measured
from comity.judge.information_bias import bias_curve, bias_table, closed_form


def two_arms(futures, seed=0, even=False):
    """Arm 2 less arm 1 is p1 - p2, p1 ~ N(1, 1), p2 ~ N(0, 2): the first example of R's voi."""
    # Shifted by half a step, so that none lies at 0.
    u = qmc.Sobol(2, scramble=False).random(futures) + 0.5 / futures if even else None
    z = norm.ppf(u) if even else np.random.default_rng(seed).standard_normal((futures, 2))
    numbers = pd.DataFrame({"p1": 1 + z[:, 0], "p2": 2 * z[:, 1]})
    return numbers, np.column_stack([np.zeros(futures), numbers["p1"] - numbers["p2"]])


# Exact, from the overview of the package voi 1.0 (jackson2023voi): its EVPI. Its own estimates from
# 10,000 draws: 0.0821 for p1, 0.3903 for p2, which are the closed forms 0.0833 and 0.3956.
PUBLISHED = 0.4798107


def test_the_closed_form_is_the_published_value():
    assert closed_form(1.0, np.sqrt(5.0)) == pytest.approx(PUBLISHED, abs=1e-7)
    assert closed_form(1.0, 1.0) == pytest.approx(0.0821, abs=0.002)
    assert closed_form(1.0, 2.0) == pytest.approx(0.3903, abs=0.006)


@pytest.mark.slow
def test_two_normal_arms_to_one_per_cent():
    # Even draws, so that what is tested is the method and not the luck of the draw.
    numbers, values = two_arms(2**17, even=True)
    assert evpi(values).value == pytest.approx(PUBLISHED, rel=0.01)
    assert evppi(values, numbers).value == pytest.approx(PUBLISHED, rel=0.01)
    for name, spread in (("p1", 1.0), ("p2", 2.0)):
        found = evppi(values, numbers[[name]])
        assert found.value == pytest.approx(closed_form(1.0, spread), rel=0.01)
        assert found.to == 0 and found.turns == pytest.approx(norm.cdf(-1 / spread), abs=0.005)
    for error in (0.3, 1.0):
        # After the study one expects a mean with this spread: 1 / (1 + error**2) of the variance.
        true = closed_form(1.0, 1 / np.sqrt(1 + error**2))
        # Errors are drawn at random, whatever is done about the numbers.
        assert evsi(values, measured(numbers[["p1"]], error, seed=0)).value == pytest.approx(
            true, rel=0.03
        )
        assert evsi_matched(values, numbers["p1"], error).value == pytest.approx(true, rel=0.01)


def test_estimates_lie_within_their_errors():
    numbers, values = two_arms(2000, seed=3)
    for columns, spread in ((["p1"], 1.0), (["p2"], 2.0), (["p1", "p2"], np.sqrt(5.0))):
        found = evppi(values, numbers[columns])
        assert abs(found.value - closed_form(1.0, spread)) < 4 * found.se
        assert 0 < found.se < 0.05
    for error in (0.3, 1.0):
        true = closed_form(1.0, 1 / np.sqrt(1 + error**2))
        regressed = evsi(values, measured(numbers[["p1"]], error, seed=3))
        matched = evsi_matched(values, numbers["p1"], error)
        assert abs(regressed.value - true) < 4 * regressed.se
        assert abs(matched.value - true) < 4 * matched.se


def depression(futures, seed):
    """The depression tree of fang2022multilevel, as its companion code draws it; 20,000 a QALY."""
    rng = np.random.default_rng(seed)
    recovery = rng.multivariate_normal([0.99, 1.33], [[0.22, 0.15], [0.15, 0.20]], futures)
    relapse = rng.multivariate_normal([-1.48, -0.4], [[0.14, 0.05], [0.05, 0.11]], futures)
    drawn = {
        "p_recovery": rng.beta(6, 200, futures),
        "p_relapse": rng.beta(2, 100, futures),
        "recovery_1": recovery[:, 0],
        "recovery_2": recovery[:, 1],
        "relapse_1": relapse[:, 0],
        "relapse_2": relapse[:, 1],
        "c_recovery": rng.normal(1000, 50, futures),
        "c_relapse": rng.normal(2000, 100, futures),
        "c_none": rng.normal(2500, 125, futures),
        "q_recovery": rng.normal(26, 2, futures),
        "q_relapse": rng.normal(23, 3, futures),
        "q_none": rng.normal(20, 4, futures),
    }
    return pd.DataFrame(drawn)


CHANCES = ["p_recovery", "p_relapse", "recovery_1", "recovery_2", "relapse_1", "relapse_2"]
COSTS = ["c_recovery", "c_relapse", "c_none", "q_recovery", "q_relapse", "q_none"]
MEANS = {"c_recovery": 1000.0, "c_relapse": 2000.0, "c_none": 2500.0}
MEANS |= {"q_recovery": 26.0, "q_relapse": 23.0, "q_none": 20.0}


def chances(d):
    """Of recovery, relapse and neither, by arm: (3 arms, 3 ends, futures)."""
    arms = []
    for arm in ("", "_1", "_2"):
        ends = []
        for event in ("recovery", "relapse"):
            odds = d[f"p_{event}"] / (1 - d[f"p_{event}"])
            odds = odds * np.exp(d[event + arm]) if arm else odds
            ends.append(odds / (1 + odds))
        well, back = ends
        arms.append([well * (1 - back), well * back, 1 - well])
    return np.array(arms)


def net_benefit(parts, d):
    worth = [20_000 * d["q" + e] - d["c" + e] for e in ("_recovery", "_relapse", "_none")]
    return np.einsum("aef,ef->fa", parts, np.array(worth)) - [0.0, 300.0, 30.0]


@pytest.mark.slow
def test_the_depression_tree_of_a_published_comparison():
    """EVPI 573.6 (3 se 5.8); all chances 274.2 (0.5), all costs and utilities 286.8 (1.0).

    Read from the companion code of fang2022multilevel, by nested quasi-Monte Carlo with 100 inner
    draws, which leaves the two a little too large: without inner draws they are 272.1 and 284.3.
    """
    found = []
    for seed in range(6):
        d = depression(5000, seed)
        values = net_benefit(chances(d), d)
        found.append([evpi(values).value] + [evppi(values, d[c]).value for c in (CHANCES, COSTS)])
    mean, se = np.mean(found, 0), np.std(found, 0, ddof=1) / np.sqrt(len(found))
    published = np.array([573.6, 274.2, 286.8])
    assert (np.abs(mean - published) < 4 * se).all() and (se < 0.06 * published).all()
    # The same without an inner loop: benefits are linear in costs, so their means stand for them.
    d = depression(200_000, 1)
    known = net_benefit(chances(d), d.assign(**MEANS))
    exact = known.max(1).mean() - known.mean(0).max()
    assert exact == pytest.approx(published[1], rel=0.03)
    assert abs(mean[1] - exact) < 4 * se[1]


@pytest.mark.slow
def test_two_correlated_numbers_against_nested_draws():
    d = depression(4000, 2)
    values = net_benefit(chances(d), d)
    found = evppi(values, d[["q_recovery", "q_none"]])
    # One inner sample for all outer draws, so that its noise cannot be chosen by.
    inner = depression(4000, 3)
    mean = chances(inner).mean(-1)
    outer = depression(100_000, 4)
    rest = {name: MEANS[name] for name in COSTS if name not in ("q_recovery", "q_none")}
    nested = net_benefit(np.repeat(mean[..., None], len(outer), -1), outer.assign(**rest))
    true = nested.max(1).mean() - nested.mean(0).max()
    assert abs(found.value - true) < 4 * found.se and true > 0.2 * evpi(values).value


def test_a_choice_among_values_and_a_joint_effect():
    """A branch with two values, and two numbers that matter only together."""
    rng = np.random.default_rng(0)
    branch = rng.choice(["yes", "no"], 2000)
    lead = np.where(branch == "yes", 1.0, -2.0) + rng.standard_normal(2000)
    values = np.column_stack([np.zeros(2000), lead])
    found = evppi(values, pd.DataFrame({"branch": branch}))
    assert abs(found.value - 0.5) < 4 * found.se and found.to == 1
    assert found.turns == pytest.approx((branch == "yes").mean())
    x = pd.DataFrame({"a": rng.uniform(-1, 1, 2000), "b": rng.uniform(-1, 1, 2000)})
    product = 4 * x["a"] * x["b"] + 0.5 * rng.standard_normal(2000)
    values = np.column_stack([np.zeros(2000), product])
    together, alone = evppi(values, x), evppi(values, x[["a"]])
    # E max(0, 4ab) = 4 * E|a| * E|b| / 2 = 0.5; one of them alone says nothing of the sign.
    assert abs(together.value - 0.5) < 4 * together.se
    assert alone.value < 0.05


@pytest.fixture(scope="module")
def curve():
    return bias_curve(seed=1)


@pytest.mark.slow
def test_what_few_futures_add_is_taken_off_and_the_rest_has_the_error_said(curve):
    assert (curve["corrected"] <= curve["plain"]).all()
    few, matters = curve["futures"] <= 200, curve["true"] > 0
    added, left = curve["plain"] - curve["true"], (curve["corrected"] - curve["true"]).abs()
    assert (added > 0)[few].all()
    # Of what chance adds where a number carries little or nothing, nearly half or more goes.
    assert (left < 0.6 * added)[few & (curve["share"] < 0.1)].all()
    error = 4 * curve["sd"] / np.sqrt(400)
    assert (left < error)[matters & ~few].all() and (left < error)[curve["share"] > 0.1].all()
    # With 50 futures errors are understated where a number carries little.
    told = curve[matters & (curve["futures"] >= 100)]
    assert (told["se"] / told["sd"]).between(0.8, 1.25).all()


def drawn(seed, futures, arms):
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.standard_normal((futures, 3)), columns=list("abc"))
    slope = rng.normal(size=(3, arms)) * rng.choice([0, 1], (3, 1))
    return x, x.to_numpy() @ slope + rng.normal(size=arms) + rng.normal(size=(futures, arms))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(40, 300), st.integers(2, 4), st.floats(0.01, 100))
def test_bounds(seed, futures, arms, scale):
    x, values = drawn(seed, futures, arms)
    one, two = evppi(values, x[["a"]]), evppi(values, x[["a", "b"]])
    everything = evpi(values)
    for found in (one, two):
        assert 0 <= found.value <= min(found.plain, everything.value) + 1e-12
        assert (found.value > 0) == (found.to is not None) == (found.turns > 0)
    # More is never known to less avail, but for the error of both.
    assert two.value >= one.value - 4 * (one.se + two.se) - 0.02
    # In another unit, or with something added to all options of a future, all is the same.
    shift = np.random.default_rng(seed + 1).normal(size=(futures, 1))
    again = evppi(scale * values + shift, x[["a"]])
    assert again.value == pytest.approx(scale * one.value, rel=1e-6, abs=1e-9)
    # A number that touches nothing, and one that touches all options alike.
    still = np.column_stack([np.zeros(futures), np.full(futures, -1.0)])
    assert evppi(still + x[["a"]].to_numpy(), x[["a"]]).value == 0.0


def test_a_study_is_worth_less_than_knowing_and_none_of_nothing():
    numbers, values = two_arms(1000, seed=5)
    worths = [evsi_matched(values, numbers["p1"], error).value for error in (0.1, 1.0, 10.0)]
    assert evppi(values, numbers[["p1"]]).value >= worths[0] > worths[1] > worths[2] >= 0
    with pytest.raises(ValueError, match="standard error"):
        evsi_matched(values, numbers["p1"], 0.0)


def test_bad_input_is_refused():
    numbers, values = two_arms(20)
    with pytest.raises(ValueError, match="rows of inputs"):
        evppi(values, numbers[:-1])
    with pytest.raises(ValueError, match="missing values"):
        evppi(values, numbers.assign(p1=np.nan))
    with pytest.raises(ValueError, match="finite"):
        evpi(values * np.nan)
    with pytest.raises(ValueError, match="finite"):
        evpi(np.where(np.arange(20)[:, None] == 7, np.inf, values))
    assert evppi(values[:2], numbers[:2]).value == 0.0
    assert evppi(values, numbers[[]]).value == 0.0


def test_the_match_keeps_the_spread_that_the_study_leaves_of_a_choice_of_two():
    """A number that is 1 in three futures of ten, else 0; the lead is the number less 0.45.

    Hand: the study leaves E[p (1 - p)] of the variance 0.21 of the number, p what one then believes
    that it is 1, and what one expects keeps the rest. Only at 1 is the lead above nil then.
    """
    rare, error = 0.3, 0.5
    x = np.arange(1000) % 10 < 10 * rare
    found = np.linspace(-4.0, 5.0, 20_001)
    one, none = rare * norm.pdf(found, 1.0, error), (1 - rare) * norm.pdf(found, 0.0, error)
    left = np.trapezoid(one * none / (one + none), found)
    kept = np.sqrt(1 - left / 0.21)
    values = np.column_stack([np.zeros(x.size), x - 0.45])
    matched = evsi_matched(values, pd.Series(x.astype(float)), error)
    assert matched.value == pytest.approx(rare * (rare - 0.45 + (1 - rare) * kept), rel=0.01)
    assert matched.turns == pytest.approx(rare) and matched.to == 1


def test_the_bias_curve_is_means_over_its_samples(monkeypatch):
    """A row each share and size; more futures bring the estimates nearer to one another."""
    monkeypatch.setattr("comity.judge.information_bias.SHARES", (0.0, 0.25))
    monkeypatch.setattr("comity.judge.information_bias.FUTURES", (50, 400))
    found = bias_curve(8, seed=2).set_index(["share", "futures"])
    assert list(found.columns) == ["true", "plain", "corrected", "sd", "se"]
    assert (found["true"][0.0] == 0.0).all()
    np.testing.assert_allclose(found["true"][0.25], closed_form(0.2, 0.5))
    error = 4 * found["sd"] / np.sqrt(8)
    assert ((found["corrected"] - found["true"]).abs() < error)[0.25].all()
    assert (found["corrected"] < found["plain"]).all()
    assert found["sd"][0.25, 50] > 1.5 * found["sd"][0.25, 400]  # sqrt(8) times, in the long run


@pytest.mark.slow
def test_the_page_holds_what_the_simulation_gives(curve):
    page = Path(__file__).parents[2] / "docs/explanation/price-of-not-knowing.md"
    assert bias_table(curve) in page.read_text(encoding="utf-8")
