"""Strategic choice: chances by hand and by simulation, derivatives, recovery, priors."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from scipy.stats import norm

from comity.core.errors import BadInput, EstimateWarning
from comity.models.force.strategic_choice import (
    Game,
    Prior,
    StrategicFit,
    clustered,
    fit,
    marginal_effects,
    predict,
)
from comity.models.force.strategic_game import Play, design, parse, play, utilities
from comity.models.force.strategic_likelihood import Problem, cost_and_gradient, curvature
from comity.models.statistics import logit

KINDS = [("probit", "agent"), ("probit", "private"), ("logit", "agent")]
DETERRENCE = Game(
    ("challenger", "target", "protector"),
    ("status quo", "yields", "fights alone", "joins"),
    {
        ("challenger", "status quo"): "~ 1 + x",
        ("challenger", "yields"): "~ 0 + z",
        ("challenger", "joins"): "~ 1",
        ("target", "fights alone"): "~ 1 + x",
        ("target", "joins"): "~ 0 + w",
        ("protector", "joins"): "~ 1 + w + x:z",
    },
)
TRUE = np.array([0.6, -0.8, 0.7, -1.2, 0.3, 0.9, 0.6, -0.2, 1.0, 0.4])
ONE = Game(("she",), ("stays", "goes"), {("she", "goes"): "~ 1 + x"}, link="logit")


def solve(utility: np.ndarray, link: str, errors: str, scale: float = 1.0) -> Play:
    return play(jnp.asarray(utility), jnp.full(len(utility), scale), link, errors)


def simulated(game: Game, b: np.ndarray, rows: int, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(rows, 3)), columns=list("xzw"))
    solved = play(*utilities(jnp.asarray(b), design(game, frame)), game.link, game.errors)
    upto = np.asarray(solved.outcomes).cumsum(1)
    drawn = (rng.random((rows, 1)) > upto[:, :-1]).sum(1)
    return frame.assign(outcome=np.array(game.outcomes)[drawn])


def within(found: StrategicFit, true: np.ndarray, errors: float) -> bool:
    return bool((np.abs(found.coefficients - true) < errors * found.standard_errors).all())


def problem(game: Game, frame: pd.DataFrame, prior: Prior | None = None) -> Problem:
    chosen = pd.Index(game.outcomes).get_indexer(pd.Index(frame["outcome"])).astype(np.int64)
    weights = np.zeros(len(game.names)) if prior is None else prior.weights(game)
    kind = "none" if prior is None else prior.kind
    return Problem(
        design(game, frame),
        jnp.asarray(chosen),
        jnp.asarray(weights),
        kind,
        game.link,
        game.errors,
    )


@pytest.mark.parametrize(("link", "errors"), KINDS)
@settings(max_examples=20, deadline=None)
@given(
    players=st.integers(1, 4),
    scale=st.floats(0.1, 10.0),
    seed=st.integers(0, 10_000),
)
def test_chances_add_to_one_and_only_differences_count(link, errors, players, scale, seed):
    utility = np.random.default_rng(seed).normal(0.0, 3.0, (5, players, players + 1))
    found = solve(utility, link, errors, scale)
    assert np.allclose(found.outcomes.sum(1), 1.0)
    assert (np.asarray(found.outcomes) >= 0.0).all()
    moved = solve(utility + 2.5, link, errors, scale)
    assert np.allclose(moved.outcomes, found.outcomes, atol=1e-9)
    scaled = solve(3.0 * utility, link, errors, 3.0 * scale)
    assert np.allclose(scaled.outcomes, found.outcomes, atol=1e-9)


def test_two_movers_by_hand():
    a, b, c, d = 0.3, -0.4, 1.1, 0.7
    utility = np.array([[[a, b, c], [0.0, 0.0, d]]])
    resists = norm.cdf(d / np.sqrt(2))
    gain = (1 - resists) * b + resists * c - a
    for errors, noise in (
        ("agent", np.sqrt(2)),
        ("private", np.sqrt(1 + resists**2 + (1 - resists) ** 2)),
    ):
        moves = norm.cdf(gain / noise)
        by_hand = [1 - moves, moves * (1 - resists), moves * resists]
        assert np.allclose(solve(utility, "probit", errors).outcomes[0], by_hand, atol=1e-12)


def test_three_movers_by_hand():
    u = np.array([[0.2, 1.0, 0.5, -1.5], [9.0, -0.3, -0.9, 0.8], [9.0, 9.0, -0.4, 0.1]])
    joins = expit(2.0 * (u[2, 3] - u[2, 2]))
    resists = expit(2.0 * (joins * u[1, 3] + (1 - joins) * u[1, 2] - u[1, 1]))
    worth = (1 - resists) * u[0, 1] + resists * (joins * u[0, 3] + (1 - joins) * u[0, 2])
    moves = expit(2.0 * (worth - u[0, 0]))
    by_hand = [
        1 - moves,
        moves * (1 - resists),
        moves * resists * (1 - joins),
        moves * resists * joins,
    ]
    assert np.allclose(solve(u[None], "logit", "agent", 0.5).outcomes[0], by_hand, atol=1e-12)


@pytest.mark.parametrize("errors", ["agent", "private"])
def test_players_who_draw_their_noise_do_what_the_model_says(errors):
    rng, draws = np.random.default_rng(2), 400_000
    u = np.array([[0.2, 1.0, 0.5, -1.5], [0.0, -0.3, -0.9, 0.8], [0.0, 0.0, -0.4, 0.1]])
    found = solve(u[None], "probit", errors)
    expected = np.asarray(found.outcomes[0])
    onward = norm.cdf(np.asarray(found.index[0]))
    after = np.array([1 - onward[2], onward[2]])
    later = [np.concatenate([[1 - onward[1]], onward[1] * after]), after, np.ones(1)]
    ended, ends_at = np.zeros(draws, bool), np.full(draws, 3)
    for k in range(3):
        if errors == "agent":
            gain = later[k] @ u[k, k + 1 :] - u[k, k] + rng.normal(0, np.sqrt(2), draws)
        else:
            noise = rng.normal(size=(draws, 4 - k))
            gain = (u[k, k + 1 :] + noise[:, 1:]) @ later[k] - u[k, k] - noise[:, 0]
        stops = ~ended & (gain < 0)
        ends_at[stops] = k
        ended |= stops
    share = np.bincount(ends_at, minlength=4) / draws
    assert np.allclose(share, expected, atol=4 * np.sqrt(0.25 / draws))


@pytest.mark.parametrize(
    ("link", "errors", "prior"),
    [
        ("probit", "private", None),
        pytest.param("probit", "agent", Prior("log-f"), marks=pytest.mark.slow),
        ("logit", "agent", Prior("cauchy")),
    ],
)
def test_derivatives_against_finite_differences(link, errors, prior):
    game = replace(DETERRENCE, link=link, errors=errors, log_scale="~ 0 + w")
    b = np.append(TRUE, 0.1)
    on = problem(game, simulated(game, b, 60), prior)
    at, step = 0.7 * b, 1e-6
    _, gradient = cost_and_gradient(jnp.asarray(at), on)
    hessian = curvature(jnp.asarray(at), on)
    for c in range(len(at)):
        nudge = step * np.eye(len(at))[c]
        up, up_slope = cost_and_gradient(jnp.asarray(at + nudge), on)
        down, down_slope = cost_and_gradient(jnp.asarray(at - nudge), on)
        assert (up - down) / (2 * step) == pytest.approx(float(gradient[c]), rel=1e-5, abs=1e-6)
        assert np.allclose((up_slope - down_slope) / (2 * step), hessian[c], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("rows", [np.array([-40.0, 40.0]), np.array([-300.0, 300.0])])
def test_derivatives_stay_finite_far_out(rows):
    frame = pd.DataFrame({"x": rows, "outcome": ["goes", "stays"]})
    for link in ("probit", "logit"):
        on = problem(replace(ONE, link=link), frame)
        value, gradient = cost_and_gradient(jnp.array([0.0, 1.0]), on)
        assert np.isfinite(value) and np.isfinite(gradient).all()


@pytest.mark.slow
@pytest.mark.parametrize(("link", "errors"), KINDS)
def test_simulated_crises_give_their_coefficients_back(link, errors):
    game = replace(DETERRENCE, link=link, errors=errors)
    found = fit(game, simulated(game, TRUE, 12_000))
    assert found.converged and within(found, TRUE, 3.5)
    assert (found.standard_errors < 0.5).all()


@pytest.mark.slow
def test_a_simulated_scale_comes_back():
    game = Game(
        ("a", "b"),
        ("none", "yields", "war"),
        {("a", "none"): 0.5, ("a", "yields"): 1.0, ("a", "war"): -1.0, ("b", "war"): "~ 0 + x"},
        log_scale="~ 1",
    )
    found = fit(game, simulated(game, np.array([1.5, -0.5]), 4000))
    assert game.names == ("b(war):x", "log scale:constant")
    assert found.converged and within(found, np.array([1.5, -0.5]), 3.0)
    assert found["log scale:constant"] == found.coefficients[1]


@pytest.fixture(scope="module")
def crises() -> pd.DataFrame:
    return simulated(DETERRENCE, TRUE, 1500)


@pytest.fixture(scope="module")
def estimate(crises) -> StrategicFit:
    return fit(DETERRENCE, crises)


@pytest.mark.slow
def test_backward_induction_starts_near_the_estimate(estimate):
    found = estimate
    assert [a.start for a in found.attempts] == ["backward induction", "zero", "far out"]
    assert found.attempts[0].objective == pytest.approx(found.objective, abs=1e-6)
    assert found.log_likelihood == found.objective
    table = found.table()
    assert list(table.index) == list(DETERRENCE.names)
    assert np.allclose(table["z"] * table["standard_error"], table["coefficient"])
    assert found.aic == pytest.approx(2 * len(TRUE) - 2 * found.log_likelihood)


def test_one_player_is_a_logit():
    frame = simulated(ONE, np.array([0.3, -1.1]), 500)
    found = fit(ONE, frame)
    x = np.column_stack([np.ones(len(frame)), frame["x"]])
    plain = logit.fit(x, (frame["outcome"] == "goes").to_numpy(float))
    assert np.allclose(found.coefficients, plain.coefficients, atol=1e-8)
    assert np.allclose(found.covariance, plain.covariance, atol=1e-8)
    assert found.log_likelihood == pytest.approx(plain.log_likelihood)


@pytest.mark.slow
def test_units_of_a_column_do_not_matter(crises, estimate):
    other = fit(DETERRENCE, crises.assign(w=1e4 * crises["w"]))
    assert other.log_likelihood == pytest.approx(estimate.log_likelihood, abs=1e-8)
    assert other["target(joins):w"] * 1e4 == pytest.approx(estimate["target(joins):w"], rel=1e-6)


def test_log_f_of_a_share_has_a_closed_form():
    """Log-F(m, m) on a constant adds m / 2 successes and m / 2 failures."""
    game = Game(("she",), ("stays", "goes"), {("she", "goes"): "~ 1"}, link="logit")
    frame = pd.DataFrame({"outcome": ["goes"] * 3 + ["stays"] * 9})
    for m in (1.0, 2.0):
        found = fit(game, frame, prior=Prior("log-f", m=m))
        assert found.coefficients[0] == pytest.approx(np.log((3 + m / 2) / (9 + m / 2)), abs=1e-8)
        assert found.log_likelihood > found.objective
    bare = fit(game, frame, prior=Prior("log-f", constants=False))
    assert bare.coefficients[0] == pytest.approx(np.log(3 / 9), abs=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("link", ["probit", "logit"])
def test_separated_outcomes_are_noticed_and_priors_mend_them(link):
    """She goes in every row with x above zero: the coefficient of x has no bound."""
    frame = pd.DataFrame({"x": np.linspace(-1.0, 1.0, 40)})
    frame["outcome"] = np.where(frame["x"] > 0, "goes", "stays")
    game = replace(ONE, link=link)
    with pytest.warns(EstimateWarning, match=r"she\(goes\):x run to infinity"):
        bare = fit(game, frame)
    assert not bare.converged and "she(goes):x" in bare.separated
    assert bare.table()["z"].isna().all()
    assert bare.table()["note"]["she(goes):x"] == "runs to infinity"
    for prior in (Prior("log-f"), Prior("cauchy")):
        found = fit(game, frame, prior=prior)
        assert found.separated == () and (found.table()["note"] == "").all()
        if prior.kind == "log-f":
            assert bare.penalised["she(goes):x"] == pytest.approx(found["she(goes):x"], rel=1e-5)
        assert found.converged and 1.0 < found["she(goes):x"] < 30.0


@pytest.mark.slow
def test_one_separated_choice_among_three_is_noticed_and_priors_mend_it(crises):
    """The protector joined always where v was one."""
    joins = (crises["outcome"] == "joins") & (crises["x"] > 0)
    frame = crises.assign(v=joins.astype(float))
    game = replace(
        DETERRENCE,
        utilities={**DETERRENCE.utilities, ("protector", "joins"): "~ 1 + w + v"},
        link="logit",
    )
    with pytest.warns(EstimateWarning, match=r"protector\(joins\):v run .*:v [0-9.]+ \("):
        bare = fit(game, frame)
    assert not bare.converged and "protector(joins):v" in bare.separated
    for prior in (Prior("log-f"), Prior("cauchy")):
        found = fit(game, frame, prior=prior)
        assert found.converged and 1.0 < found["protector(joins):v"] < 30.0
    assert bare.penalised.converged


def test_wide_priors_leave_the_estimate_alone():
    frame = simulated(ONE, np.array([0.3, -1.1]), 500)
    plain = fit(ONE, frame).coefficients
    wide = fit(ONE, frame, prior=Prior("cauchy", scale=1e5, constant_scale=1e5)).coefficients
    shrunk = fit(ONE, frame, prior=Prior("cauchy", scale=0.05)).coefficients
    assert np.allclose(wide, plain, atol=1e-6)
    assert abs(shrunk[1]) < abs(plain[1]) - 0.02


@pytest.mark.slow
def test_effects_agree_with_predictions(crises, estimate):
    frame, found, step = crises, estimate, 1e-5
    for column in ("x", "z", "w"):
        high = predict(found, frame.assign(**{column: frame[column] + step}))
        low = predict(found, frame.assign(**{column: frame[column] - step}))
        effect = marginal_effects(found, frame, column)["effect"]
        assert np.allclose(effect, (high - low).mean() / (2 * step), atol=1e-7)
        assert effect.sum() == pytest.approx(0.0, abs=1e-12)
    jump = marginal_effects(found, frame, "x", between=(0.0, 1.0))
    by_hand = predict(found, frame.assign(x=1.0)) - predict(found, frame.assign(x=0.0))
    assert np.allclose(jump["effect"], by_hand.mean())
    assert list(predict(found, frame).columns) == list(DETERRENCE.outcomes)


def test_the_error_of_an_effect_is_the_delta_method():
    frame = simulated(ONE, np.array([0.3, -1.1]), 500)
    found = fit(ONE, frame)
    ours = marginal_effects(found, frame, "x", between=(0.0, 1.0))
    p, q = expit(found.coefficients[0]), expit(found.coefficients.sum())
    slope = np.array([q * (1 - q) - p * (1 - p), q * (1 - q)])
    by_hand = np.sqrt(slope @ found.covariance @ slope)
    assert np.allclose(ours["standard_error"], by_hand)


@pytest.mark.slow
def test_a_constant_alone_reaches_the_observed_shares():
    game = Game(("a", "b"), ("n", "y", "w"), {("a", "n"): "~ 1", ("b", "w"): "~ 1"})
    frame = pd.DataFrame({"outcome": ["n"] * 50 + ["y"] * 30 + ["w"] * 20})
    shares = predict(fit(game, frame), frame).iloc[0]
    assert np.allclose(shares, [0.5, 0.3, 0.2], atol=1e-7)


@pytest.mark.slow
def test_rows_with_a_missing_figure_are_dropped_and_counted():
    frame = simulated(ONE, np.array([0.3, -1.1]), 200)
    holed = frame.astype({"outcome": object})
    holed.loc[3, "x"] = np.nan
    holed.loc[5, "outcome"] = None
    found = fit(ONE, holed)
    assert (found.observations, found.dropped) == (198, 2)
    again = fit(ONE, frame.drop(index=[3, 5]))
    assert np.array_equal(found.coefficients, again.coefficients)
    with pytest.raises(BadInput, match="missing values in x"):
        predict(found, holed)


@pytest.mark.parametrize(
    ("formula", "terms"),
    [
        ("~ 1 + a + a:b", ("constant", "a", "a:b")),
        ("~ a", ("constant", "a")),
        ("~ 0 + a", ("a",)),
        ("~ a - 1", ("a",)),
        ("~1", ("constant",)),
        ("~ 0", ()),
    ],
)
def test_formulas(formula, terms):
    assert parse(formula) == terms


@pytest.mark.parametrize("formula", ["a + b", "y ~ a", "~", "~ a - b", "~ a + a", "~ a:"])
def test_a_formula_that_cannot_be_read_is_refused(formula):
    with pytest.raises(BadInput, match="formula"):
        parse(formula)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outcomes": ("n", "w")}, "2 players and 2 outcomes"),
        ({"link": "logit", "errors": "private"}, "private information with a logit"),
        ({"utilities": {("c", "w"): "~ 1"}}, "'c'"),
        ({"utilities": {("b", "n"): "~ 1"}}, "ended there"),
        ({"utilities": {("b", "y"): "~ 1 + x", ("b", "w"): "~ 0 + x"}}, "x in every utility"),
        ({"utilities": {("b", "w"): "x"}}, "must begin with ~"),
    ],
)
def test_a_game_that_cannot_be_is_refused(changes, message):
    parts = {"players": ("a", "b"), "outcomes": ("n", "y", "w"), "utilities": {}}
    with pytest.raises(BadInput, match=message):
        Game(**(parts | changes))


def test_data_that_cannot_be_used_are_refused():
    frame = simulated(ONE, np.array([0.3, -1.1]), 50)
    with pytest.raises(BadInput, match="no column x"):
        fit(ONE, frame.drop(columns="x"))
    with pytest.raises(BadInput, match="x not numeric"):
        fit(ONE, frame.assign(x="low"))
    with pytest.raises(BadInput, match="outcomes flees"):
        fit(ONE, frame.assign(outcome="flees"))
    with pytest.raises(BadInput, match="no row ends in goes"):
        fit(ONE, frame.assign(outcome="stays"))
    with pytest.raises(BadInput, match="nothing to estimate"):
        fit(replace(ONE, utilities={("she", "goes"): 1.0}), frame)
    with pytest.raises(BadInput, match="'w' is in no formula"):
        marginal_effects(fit(ONE, frame), frame, "w")


@pytest.mark.slow
def test_the_same_data_give_the_same_bits(crises, estimate):
    again = fit(DETERRENCE, crises)
    assert np.array_equal(again.coefficients, estimate.coefficients)


def test_columns_that_say_the_same_are_noticed():
    frame = simulated(ONE, np.array([0.3, -1.1]), 200)
    game = replace(ONE, utilities={("she", "goes"): "~ 1 + x + double"})
    found = fit(game, frame.assign(double=2.0 * frame["x"]))
    assert not found.converged and np.isnan(found.standard_errors).all()


def test_scattered_starts_are_the_same_every_time():
    frame = simulated(ONE, np.array([0.3, -1.1]), 200)
    one, two = (fit(ONE, frame, starts=(), scattered=3, seed=7) for _ in range(2))
    names = ["scattered 1", "scattered 2", "scattered 3", "far out"]
    assert [a.start for a in one.attempts] == names
    assert np.array_equal(one.coefficients, two.coefficients)
    assert one.log_likelihood == pytest.approx(fit(ONE, frame).log_likelihood, abs=1e-9)


def test_clustered_errors_are_those_of_the_logit():
    """One mover with a logit link is a logit: so is its sandwich."""
    frame = simulated(ONE, np.array([0.3, -1.1]), 200).assign(pair=np.arange(200) // 4)
    found = fit(ONE, frame)
    x = np.column_stack([np.ones(200), frame["x"]])
    y = (frame["outcome"] == "goes").to_numpy(float)
    plain = logit.fit(x, y)
    by_hand = logit.clustered(plain, x, y, frame["pair"].to_numpy())
    assert np.allclose(clustered(found, frame, "pair"), by_hand, rtol=1e-5)
    with pytest.raises(BadInput, match="one group only"):
        clustered(found, frame.assign(pair=0), "pair")


def test_the_far_start_can_be_left_out():
    frame = simulated(ONE, np.array([0.3, -1.1]), 200)
    found = fit(ONE, frame, starts=("backward induction",), outward=False)
    assert [a.start for a in found.attempts] == ["backward induction"]
    assert found.log_likelihood == pytest.approx(fit(ONE, frame).log_likelihood, abs=1e-9)


def test_a_quick_separated_choice_is_named_and_the_prior_offered():
    """A dummy that is 1 only for those who go: its coefficient alone has no estimate."""
    frame = simulated(ONE, np.array([0.3, -1.1]), 120)
    went = np.flatnonzero(frame["outcome"] == "goes")[:5]
    frame = frame.assign(v=np.isin(np.arange(120), went).astype(float))
    game = replace(ONE, utilities={("she", "goes"): "~ 1 + x + v"})
    with pytest.warns(EstimateWarning, match=r"she\(goes\):v run to infinity"):
        found = fit(game, frame)
    assert found.separated == ("she(goes):v",) and not found.converged
    assert found.penalised is not None and found.penalised.converged
    assert 0.0 < found.penalised["she(goes):v"] < 30.0


def test_figures_without_an_end_are_refused():
    frame = simulated(ONE, np.array([0.3, -1.1]), 50)
    with pytest.raises(BadInput, match="column 'x' not finite at 7"):
        fit(ONE, frame.assign(x=frame["x"].where(frame.index != 7, np.inf)))
