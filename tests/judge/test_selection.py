"""Which futures drop out, by what was drawn, and which way that bends an outcome."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from comity.judge.selection import CONTROLS, between_strategies, selection

N = 400


def draws(seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "elasticity": np.exp(rng.normal(1.4, 0.35, N)),
            "effect": rng.normal(0.5, 0.1, N),
            "answer": rng.choice(["nobody", "all"], N),
            "noise": rng.random(N),
        }
    )


def test_a_sample_cut_by_a_number_is_found_out_and_its_lean_has_the_right_size():
    inputs = draws()
    x = inputs["elasticity"].to_numpy()
    kept = x < np.quantile(x, 0.8)
    outcome = 3.0 - 2.0 * x + 5.0 * inputs["effect"].to_numpy()
    found = selection(inputs, outcome[:, None], kept, seed=1)
    assert found.enough and (found.futures, found.failed) == (N, 80)
    assert found.differs["parameter"].tolist() == ["elasticity"]
    row = found.differs.iloc[0]
    assert row["kept"] == pytest.approx(x[kept].mean())
    assert row["left_out"] == pytest.approx(x[~kept].mean())
    test = stats.mannwhitneyu(x[kept], x[~kept], method="asymptotic").pvalue
    assert row["p"] == pytest.approx(5 * test, rel=1e-9), "Holm: five columns were tested"
    # The outcome is a straight line, so the fit knows the truth: -2 times the gap.
    (shift,) = found.shifts
    assert shift.value == pytest.approx(-2.0 * (row["left_out"] - row["kept"]), rel=1e-6)
    assert shift.low <= shift.value <= shift.high < 0


def test_the_unit_of_a_number_does_not_decide_what_takes_noise_off():
    """What moves the outcome has small values among much noise in large ones; the line is exact."""
    inputs, rng = draws(6), np.random.default_rng(7)
    x = inputs["elasticity"].to_numpy()
    loud = {f"loud{i}": 1e6 * rng.normal(size=N) for i in range(2 * CONTROLS)}
    outcome = 3.0 - 2.0 * x + 5.0 * inputs["effect"].to_numpy()
    kept = x < np.quantile(x, 0.8)
    found = selection(inputs.assign(**loud), outcome[:, None], kept, seed=1)
    assert found.differs["parameter"].tolist() == ["elasticity"]
    gap = found.differs["left_out"][0] - found.differs["kept"][0]
    assert found.shifts[0].value == pytest.approx(-2.0 * gap, rel=1e-6)


def test_a_sample_cut_by_chance_is_not_accused():
    inputs, rng = draws(1), np.random.default_rng(2)
    accused = 0
    for _ in range(40):
        kept = rng.random(N) < 0.8
        found = selection(inputs, rng.random((N, 1)), kept, seed=1, resamples=5)
        accused += len(found.differs) > 0
        assert len(found.differs) > 0 or np.isnan(found.shifts[0].value)
    assert accused <= 6  # 5 % each; more than six of forty is rarer than one in a hundred


def test_a_choice_is_compared_value_by_value():
    inputs = draws(3)
    rng = np.random.default_rng(4)
    answered = (inputs["answer"] == "all").to_numpy()
    kept = ~(answered & (rng.random(N) < 0.4))
    found = selection(inputs, answered[:, None] * -1.0, kept, seed=1)
    assert set(found.differs["value"]) == {"nobody", "all"}
    assert found.differs["p"].is_monotonic_increasing and list(found.differs.index) == [0, 1]
    one = found.differs.set_index("value").loc["all"]
    assert one["left_out"] == 1.0 and one["kept"] == pytest.approx(answered[kept].mean())
    assert found.shifts[0].high < 0


@pytest.mark.parametrize("failed", [0, 3, N - 3, N])
def test_too_few_of_either_kind_are_not_compared(failed):
    kept = np.arange(N) >= failed
    found = selection(draws(), np.zeros((N, 1)), kept, seed=1)
    assert not found.enough and found.failed == failed and found.differs.empty
    assert np.isnan(found.shifts[0].value)


def test_missing_outcomes_are_refused():
    with pytest.raises(ValueError, match="missing"):
        selection(draws(), np.full((N, 1), np.nan), np.ones(N, bool), seed=1)


def test_a_ranking_is_told_by_outcome_and_by_lead():
    inputs = draws(5)
    x = inputs["elasticity"].to_numpy()
    outcomes = np.column_stack([-x, 0.5 * x, np.full(N, np.nan)])
    outcomes[x > np.quantile(x, 0.9)] = np.nan
    found = between_strategies(inputs, outcomes, ("hold", "act", "lost"), [1, 0], seed=1)
    assert found["failed"] == 40
    by = {(row["strategy"], row["against"]): row["value"] for row in found["shifts"]}
    assert by.keys() == {("act", None), ("hold", None), ("act", "hold")}
    assert by["hold", None] < 0 < by["act", None]
    assert by["act", "hold"] == pytest.approx(by["act", None] - by["hold", None], rel=1e-6)


def test_nothing_is_ranked():
    found = between_strategies(draws(), np.full((N, 2), np.nan), ("a", "b"), [], seed=1)
    assert found["failed"] == N and found["shifts"] == [] and not found["enough"]
