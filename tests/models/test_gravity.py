"""Gravity regressions against estimates written out with dummies, and what is reported of rows."""

import sys

import numpy as np
import pandas as pd
import pytest

from comity.core.errors import BadInput, EstimateWarning
from comity.models.trade import gravity
from comity.models.trade.gravity import by_year, estimate, square, with_effects
from comity.models.trade.gravity_equilibrium import scale_to_totals

pytest.importorskip("pyfixest")
EFFECTS = ["exporter_year", "importer_year"]


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    """Six states, three years, domestic trade, some nil flows."""
    rng = np.random.default_rng(1)
    states, years = list("ABCDEF"), [2000, 2004, 2008]
    rows = [(i, j, t) for t in years for i in states for j in states]
    table = with_effects(pd.DataFrame(rows, columns=["exporter", "importer", "year"]))
    table["distance"] = rng.normal(0, 1, len(table))
    table["agreement"] = (rng.uniform(size=len(table)) < 0.4).astype(float)
    mean = np.exp(1.0 - 0.8 * table.distance + 0.5 * table.agreement + 2.0 * table.domestic)
    return table.assign(trade=rng.poisson(mean).astype(float), abroad=1.0 - table.domestic)


def written_out(table, terms, effects):
    columns = [table[terms].to_numpy(float)]
    columns += [pd.get_dummies(table[name]).to_numpy(float) for name in effects]
    return np.hstack(columns)


def clustered(x, score, bread, groups, counted):
    """Sandwich with G/(G-1) and (N-1)/(N-K)."""
    meat = pd.DataFrame(x * score[:, None]).groupby(groups.to_numpy()).sum().to_numpy()
    count, rows = len(meat), len(x)
    factor = count / (count - 1) * (rows - 1) / (rows - counted)
    return bread @ (meat.T @ meat) @ bread * factor


@pytest.mark.parametrize("count_effects", [False, True])
def test_ols_is_least_squares_on_dummies(panel, count_effects):
    traded, terms = panel[panel.trade > 0], ["distance", "agreement"]
    fit = estimate(panel, "trade", terms, EFFECTS, "log-ols", "pair", count_effects=count_effects)
    x, y = written_out(traded, terms, EFFECTS), np.log(traded.trade.to_numpy())
    bread = np.linalg.pinv(x.T @ x)
    beta = bread @ x.T @ y
    counted = x.shape[1] - 1 if count_effects else 2  # all dummies but one
    covariance = clustered(x, y - x @ beta, bread, traded.pair, counted)
    np.testing.assert_allclose(fit.coefficients, beta[:2], rtol=1e-7)
    np.testing.assert_allclose(fit.covariance, covariance[:2, :2], rtol=1e-6)
    assert fit.zeros_left_out == (panel.trade == 0).sum() > 0
    assert fit.observations == len(traded) and fit.converged
    assert ("not" in fit.correction) is not count_effects


def test_ppml_is_poisson_on_dummies_and_keeps_the_zeros(panel):
    terms = ["distance", "agreement", "domestic"]
    fit = estimate(panel, "trade", terms, EFFECTS, cluster="pair")
    x, y = written_out(panel, terms, EFFECTS), panel.trade.to_numpy()
    mean = (y + y.mean()) / 2.0
    for _ in range(60):  # weighted least squares; the pseudo-inverse bears redundant dummies
        bread = np.linalg.pinv(x.T @ (x * mean[:, None]))
        beta = bread @ x.T @ (mean * np.log(mean) + y - mean)
        mean = np.exp(x @ beta)
    covariance = clustered(x, y - mean, bread, panel.pair, 3)
    np.testing.assert_allclose(fit.coefficients, beta[:3], rtol=1e-6)
    np.testing.assert_allclose(fit.covariance, covariance[:3, :3], rtol=1e-4)
    assert fit.observations == len(panel) and fit.zeros_left_out == 0
    assert fit.effects == tuple(EFFECTS) and fit.clustering == "pair"
    assert abs(fit.coefficient("distance") + 0.8) < 4 * fit.standard_error("distance")


def test_estimates_make_the_world_they_were_estimated_on(panel):
    """Costs exp(x'b) scaled to totals are the fitted flows: first-order conditions hold."""
    year, terms = panel[panel.year == 2004], ["distance", "domestic"]
    fit = estimate(year, "trade", terms, EFFECTS)
    _, flow = square(year, year.trade.to_numpy())
    _, cost = square(year, fit.ease(year))
    fitted = scale_to_totals(cost, flow.sum(1), flow.sum(0), 0)
    assert fitted.converged
    for name in terms:
        _, value = square(year, year[name].to_numpy(float))
        assert abs((value * (flow - fitted.trade)).sum()) < 1e-5 * flow.sum()


def test_combinations_and_changes_carry_their_errors(panel):
    fit = estimate(panel, "trade", ["distance", "agreement"], method="ols")
    a, b = fit.coefficient("distance"), fit.coefficient("agreement")
    v = fit.covariance[1:, 1:]  # the intercept comes first
    assert fit.names == ("Intercept", "distance", "agreement")
    value, error = fit.combine({"distance": 2.0, "agreement": -1.0})
    assert value == pytest.approx(2 * a - b)
    assert error == pytest.approx(np.sqrt(4 * v[0, 0] - 4 * v[0, 1] + v[1, 1]))
    value, error = fit.change("agreement", "distance")
    slope = np.array([-100 * b / a**2, 100 / a])
    assert value == pytest.approx(100 * (b - a) / a)
    assert error == pytest.approx(np.sqrt(slope @ v @ slope))
    np.testing.assert_allclose(
        fit.ease(panel, ["distance"]), np.exp(a * panel.distance), rtol=1e-12
    )


def test_what_was_left_out_is_said(panel):
    table = panel.assign(twice=2.0 * panel.distance)
    table.loc[:4, "agreement"] = np.nan
    table.loc[table.exporter_year == "A 2000", "trade"] = 0.0  # its effect fits it whatever
    fit = estimate(table, "trade", ["distance", "twice", "agreement"], EFFECTS, robust=False)
    assert fit.missing == 5 and fit.dropped == ("twice",)
    assert fit.without_information == 1  # the sixth row of A in 2000; five were missing
    assert fit.observations == len(table) - 6
    assert fit.clustering == "none (equal variance)"


def test_border_years_split_a_column(panel):
    table, names = by_year(panel, "abroad", [2000, 2004])
    assert names == ["abroad_2000", "abroad_2004"]
    assert table.abroad_2000.sum() == 30 and (table.abroad_2000 * table.domestic).sum() == 0
    fit = estimate(table, "trade", ["distance", *names], [*EFFECTS, "pair"], cluster="pair")
    assert fit.names == ("distance", *names) and fit.converged


def test_rows_become_a_matrix_once(panel):
    year = panel[panel.year == 2000]
    states, flow = square(year, year.trade.to_numpy())
    assert states == list("ABCDEF") and flow[0, 1] == year.trade.iloc[1]
    states, flow = square(year.iloc[1:], year.trade.to_numpy()[1:])
    assert np.isnan(flow[0, 0]) and np.isfinite(flow[0, 1])
    with pytest.raises(BadInput, match="twice"):
        square(panel, panel.trade.to_numpy())


def test_bad_input_is_named(panel, monkeypatch):
    with pytest.raises(BadInput, match="'gdp'"):
        estimate(panel, "trade", ["gdp"])
    with pytest.raises(BadInput, match="negative"):
        estimate(panel.assign(trade=-1.0), "trade", ["distance"])
    with pytest.raises(BadInput, match="formula"):
        estimate(panel.assign(**{"log distance": 1.0}), "trade", ["log distance"])
    with pytest.raises(BadInput, match="no term 'gdp'"):
        estimate(panel, "trade", ["distance"], method="ols").coefficient("gdp")
    monkeypatch.setitem(sys.modules, "pyfixest", None)
    with pytest.raises(BadInput, match=r"comity\[estimate\]"):
        estimate(panel, "trade", ["distance"])


@pytest.fixture(scope="module")
def banned(panel) -> pd.DataFrame:
    """``ban`` is 1 in four rows, all without a flow, of effects that have flows."""
    foreign = panel[panel.domestic == 0].reset_index(drop=True)
    nil = np.flatnonzero(foreign.trade == 0)[:4]
    assert len(nil) == 4
    ban = np.isin(np.arange(len(foreign)), nil).astype(float)
    other = np.random.default_rng(9).normal(size=len(foreign))
    return foreign.assign(ban=ban, other=other, both=other + ban)


@pytest.mark.parametrize(
    ("terms", "lost"), [(["distance", "ban"], "ban"), (["distance", "other", "both"], "both")]
)
@pytest.mark.parametrize("cluster", [None, "pair"])
def test_separated_rows_and_terms_are_left_out_and_said(banned, terms, lost, cluster):
    """A term, or a combination of two, that only rows without flows tell has no estimate."""
    rows = banned.set_axis([f"row {i}" for i in range(len(banned))])
    with pytest.warns(EstimateWarning, match=f"4 rows .* with the terms {lost}"):
        fit = estimate(rows, "trade", terms, EFFECTS, cluster=cluster)
    assert fit.dropped == fit.separated == (lost,) and fit.converged
    assert fit.observations == len(rows) - 4 and fit.without_information == 0
    assert fit.separated_rows == tuple(rows.index[rows.ban == 1])
    left = [name for name in terms if name != lost]
    alone = estimate(rows[rows.ban == 0], "trade", left, EFFECTS, cluster=cluster)
    np.testing.assert_allclose(fit.coefficients, alone.coefficients, rtol=1e-9)
    np.testing.assert_allclose(fit.covariance, alone.covariance, rtol=1e-9)
    table = fit.table()
    assert np.isnan(table.coefficient[lost]) and "no finite estimate" in table.note[lost]
    assert (table.note[left] == "").all()
    with pytest.raises(BadInput, match="no finite estimate"):
        fit.coefficient(lost)


def test_a_term_that_some_flow_tells_is_kept(banned):
    some = banned.assign(ban=banned.ban + (np.arange(len(banned)) == banned.trade.argmax()))
    fit = estimate(some, "trade", ["distance", "ban"], EFFECTS)
    assert fit.dropped == () and fit.separated_rows == () and fit.observations == len(some)


@pytest.mark.parametrize("unit", [1e-12, 1e-3, 1e9])
def test_units_of_flows_and_terms_do_not_matter(banned, unit):
    """The engine's tests are absolute: flows of 1e-12 'converged' at once, terms of 1e-6 fell."""
    plain = estimate(banned, "trade", ["distance", "agreement"], EFFECTS, cluster="pair")
    other = banned.assign(trade=unit * banned.trade, distance=banned.distance * 1e-7 / unit)
    fit = estimate(other, "trade", ["distance", "agreement"], EFFECTS, cluster="pair")
    scale = np.array([unit * 1e7, 1.0])
    assert fit.dropped == () and fit.converged
    np.testing.assert_allclose(fit.coefficients, plain.coefficients * scale, rtol=1e-6)
    np.testing.assert_allclose(fit.standard_errors, plain.standard_errors * scale, rtol=1e-6)


def test_the_intercept_is_in_the_unit_of_flows(banned):
    plain = estimate(banned, "trade", ["distance"])
    fit = estimate(banned.assign(trade=1000.0 * banned.trade), "trade", ["distance"])
    gap = fit.coefficient("Intercept") - plain.coefficient("Intercept")
    assert gap == pytest.approx(np.log(1000.0), rel=1e-8)


def by_hand(x, y, method):
    """Fitted values' gaps and the inverse information of a regression on written-out columns."""
    if method == "ols":
        bread = np.linalg.inv(x.T @ x)
        return bread, y - x @ (bread @ x.T @ y)
    mean = (y + y.mean()) / 2.0
    for _ in range(60):
        bread = np.linalg.inv(x.T @ (x * mean[:, None]))
        mean = np.exp(x @ (bread @ x.T @ (mean * np.log(mean) + y - mean)))
    return bread, y - mean


@pytest.mark.parametrize("method", ["ols", "ppml"])
@pytest.mark.parametrize(("cluster", "robust"), [(None, False), (None, True), ("pair", True)])
def test_the_label_of_the_correction_is_what_was_measured(panel, method, cluster, robust):
    fit = estimate(panel, "trade", ["distance"], method=method, cluster=cluster, robust=robust)
    x = np.column_stack([np.ones(len(panel)), panel.distance])
    bread, gap = by_hand(x, panel.trade.to_numpy(), method)
    n, k, groups = len(panel), 2, panel.pair.nunique()
    score = x * gap[:, None]
    summed = pd.DataFrame(score).groupby(panel.pair.to_numpy()).sum().to_numpy()
    plain = {
        (None, False): bread * (gap @ gap if method == "ols" else 1.0),
        (None, True): bread @ (score.T @ score) @ bread,
        ("pair", True): bread @ (summed.T @ summed) @ bread,
    }[cluster, robust]
    factors = {
        "G/(G-1) and (N-1)/(N-K)": groups / (groups - 1) * (n - 1) / (n - k),
        "N/(N-K)": n / (n - k),
        "(N-1)/(N-K)": (n - 1) / (n - k),
        "squared residuals over N-K": 1 / (n - k),
    }
    said = fit.correction.partition(", fixed effects")[0]
    np.testing.assert_allclose(fit.covariance, factors[said] * plain, rtol=1e-4)


DEGENERATE = {
    "no row": (lambda t: t.assign(distance=np.nan), {}),
    "no flow above nil": (lambda t: t.assign(trade=0.0), {"effects": ()}),
    "one cluster": (lambda t: t.assign(pair="one"), {"cluster": "pair"}),
    "no term varies": (lambda t: t.assign(distance=t.exporter_year.str.len() * 1.0), {}),
    "rows": (lambda t: t.iloc[:2], {"effects": ()}),
    "is infinite in rows 3": (lambda t: t.assign(trade=t.trade.where(t.index != 3, np.inf)), {}),
    "negative flows in rows 3": (lambda t: t.assign(trade=t.trade.where(t.index != 3, -1.0)), {}),
    "is no number": (lambda t: t.assign(distance="far"), {}),
    "no term": (lambda t: t, {"terms": []}),
    "asked for twice": (lambda t: t, {"terms": ["distance", "distance"]}),
    "two columns": (lambda t: pd.concat([t, t[["distance"]]], axis=1), {}),
    "no row is left": (lambda t: t.assign(exporter_year=t.index.astype(str)), {}),
}


@pytest.mark.parametrize("said", DEGENERATE)
@pytest.mark.parametrize("method", ["ppml", "ols", "log-ols"])
def test_what_cannot_be_estimated_is_refused_before_the_engine_sees_it(
    banned, monkeypatch, said, method
):
    def never(*_):
        raise AssertionError("the engine was called")

    monkeypatch.setattr(gravity, "_fitted", never)
    change, asked = DEGENERATE[said]
    if method == "ols" and "flow" in said:
        pytest.skip("any outcome will do")
    arguments = {"terms": ["distance"], "effects": EFFECTS, "method": method} | asked
    expected = "no row is left" if (said, method) == ("no flow above nil", "log-ols") else said
    with pytest.raises(BadInput, match=expected):
        estimate(change(banned), "trade", **arguments)


def test_the_engines_word_is_not_taken_for_it(banned, monkeypatch):
    """Fitted values that do not meet the first-order conditions are no estimate."""
    true = gravity._fitted

    def early(*arguments):
        found = true(*arguments)
        found._u_hat_response = found._u_hat_response + 0.2
        found.convergence = True
        return found

    monkeypatch.setattr(gravity, "_fitted", early)
    with pytest.warns(EstimateWarning, match="was not found"):
        fit = estimate(banned, "trade", ["distance"], EFFECTS)
    assert not fit.converged and fit.residual > 1e-4
    assert fit.table().z.isna().all() and (fit.table().note == "not converged").all()
