import numpy as np
import pandas as pd
import pytest

from comity.judge.sensitivity import bins, decisive, first_order

# Ishigami and Homma (1990), a = 7, b = 0.1: first-order indices in closed form.
A, B = 7.0, 0.1
PART_1 = 0.5 * (1 + B * np.pi**4 / 5) ** 2
PART_2 = A**2 / 8
WHOLE = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
TRUE = np.array([PART_1 / WHOLE, PART_2 / WHOLE, 0.0, 0.0])


def ishigami(futures, seed):
    """Three inputs of the function and one that does nothing."""
    x = np.random.default_rng(seed).uniform(-np.pi, np.pi, (futures, 4))
    y = np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])
    return pd.DataFrame(x, columns=["x1", "x2", "x3", "idle"]), y


def test_ishigami():
    np.testing.assert_allclose(TRUE[:2], [0.3139, 0.4424], atol=1e-4)
    inputs, y = ishigami(10_000, 0)
    found = first_order(inputs, y, seed=1)
    np.testing.assert_allclose(found["share"], TRUE, atol=0.02)
    assert (found["high"] - found["low"] < 0.05).all()


def test_agrees_with_salib():
    from SALib.analyze import rbd_fast

    inputs, y = ishigami(5000, 2)
    names = list(inputs.columns)
    problem = {"num_vars": 4, "names": names, "bounds": [[-np.pi, np.pi]] * 4}
    theirs = rbd_fast.analyze(problem, inputs.to_numpy(), y, num_resamples=2, seed=1)["S1"]
    ours = first_order(inputs, y, seed=1, resamples=0)["share"]
    np.testing.assert_allclose(ours, np.array(theirs, dtype=float), atol=0.02)


@pytest.mark.slow
def test_small_samples_are_nearly_unbiased_and_intervals_hold():
    shares, held = [], np.zeros(4)
    for k in range(150):
        inputs, y = ishigami(500, k)
        found = first_order(inputs, y, seed=k)
        shares.append(found["share"].to_numpy())
        held += ((found["low"] <= TRUE) & (found["high"] >= TRUE)).to_numpy()
    np.testing.assert_allclose(np.mean(shares, axis=0), TRUE, atol=0.035)
    assert (held / 150 > 0.8).all()


def test_idle_inputs_scatter_around_zero():
    rng = np.random.default_rng(0)
    shares = [
        first_order(
            pd.DataFrame({"number": rng.random(200), "word": rng.choice(list("abcdefgh"), 200)}),
            rng.normal(size=200),
            seed=1,
            resamples=0,
        )["share"]
        for _ in range(300)
    ]
    assert np.abs(np.mean(shares, axis=0)).max() < 0.01


def test_categories():
    rng = np.random.default_rng(1)
    word = rng.choice(["none", "partial", "full"], 4000)
    effect = pd.Series(word).map({"none": 0.0, "partial": 1.0, "full": 5.0}).to_numpy()
    y = effect + rng.normal(0, 2, 4000)
    inputs = pd.DataFrame({"word": word, "flag": effect > 0.5})
    found = first_order(inputs, y, seed=1).set_index("parameter")
    truth = effect.var() / (effect.var() + 4)
    assert abs(found.loc["word", "share"] - truth) < 0.02
    assert found.loc["word", "low"] < truth < found.loc["word", "high"]
    assert 0.1 < found.loc["flag", "share"] < truth


def test_moving_and_scaling_the_outcome_changes_nothing():
    inputs, y = ishigami(400, 3)
    a, b = (first_order(inputs, v, seed=1, resamples=20) for v in (y, 1e9 + 1e-3 * y))
    pd.testing.assert_frame_equal(a, b, atol=1e-4)


def test_failed_futures_are_left_out():
    inputs, y = ishigami(600, 4)
    gone = np.arange(600) < 100
    a = first_order(inputs, np.where(gone, np.nan, y), seed=1)
    b = first_order(inputs[~gone], y[~gone], seed=1)
    pd.testing.assert_frame_equal(a, b)


def test_bins_hold_equal_counts_and_keep_ties_together():
    counts = np.bincount(bins(pd.Series(np.random.default_rng(0).random(1000)), 10))
    assert counts.size == 10 and counts.max() - counts.min() <= 2
    tied = pd.Series(np.repeat([1.0, 2.0, 3.0], [900, 50, 50]))
    np.testing.assert_array_equal(np.bincount(bins(tied, 10)), [900, 50, 50])
    skewed = pd.Series(np.concatenate([np.zeros(900), np.arange(1.0, 101)]))
    assert len(set(bins(skewed, 10)[:900].tolist())) == 1


@pytest.mark.parametrize("y", [np.full(50, np.nan), np.full(50, 0.1), np.r_[1.0, [np.nan] * 49]])
def test_nothing_to_share(y):
    inputs = pd.DataFrame({"x": np.arange(50.0), "same": np.ones(50)})
    assert first_order(inputs, y, seed=1)[["share", "low", "high"]].isna().all(axis=None)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="'x' has missing"):
        first_order(pd.DataFrame({"x": [1.0, np.nan]}), np.ones(2), seed=1)
    with pytest.raises(ValueError, match="1 rows"):
        first_order(pd.DataFrame({"x": [1.0]}), np.ones(2), seed=1)


def deciding_case(futures=1500):
    rng = np.random.default_rng(5)
    draws = pd.DataFrame(rng.normal(size=(futures, 3)), columns=["common", "edge", "small"])
    world = 10 * draws["common"].to_numpy()
    edge = 1 + 2 * draws["edge"].to_numpy() + draws["small"].to_numpy()
    return draws, np.column_stack([world - 50, world + edge, world])


def test_the_difference_is_decided_by_what_does_not_cancel():
    draws, outcomes = deciding_case()
    statuses = {"common": "judged", "edge": "judged", "small": "published"}
    found = decisive(draws, outcomes, ["poor", "best", "second"], "higher", statuses, seed=1)
    assert found is not None and (found.best, found.second) == ("best", "second")
    shares = found.shares.set_index("parameter")["share"]
    assert list(found.shares["parameter"])[:2] == ["edge", "small"]
    np.testing.assert_allclose(shares[["edge", "small", "common"]], [0.8, 0.2, 0], atol=0.03)
    assert abs(found.judged_share - 0.8) < 0.04


def test_decisive_reads_the_direction_and_bears_degenerate_tables():
    draws, outcomes = deciding_case(100)
    names = ["poor", "best", "second"]
    lower = decisive(draws, outcomes, names, "lower", {}, seed=1)
    assert lower is not None and lower.best == "poor"
    alone = decisive(draws, outcomes[:, :1], ["poor"], "higher", {}, seed=1)
    assert alone is not None and alone.second is None
    assert alone.shares["parameter"][0] == "common"
    tie = decisive(draws, outcomes[:, [0, 0]], ["a", "b"], "higher", {}, seed=1)
    assert tie is not None and tie.shares["share"].isna().all() and tie.judged_share == 0
    assert decisive(draws, outcomes * np.nan, names, "higher", {}, seed=1) is None
