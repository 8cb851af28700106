"""Books: an estimated number says what makes it, and only such a number does."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.core.parameters import _parameter, book, every_book, printed, prior_from

MAKER = "comity.evidence.estimates.war_ends:ends"
PLAIN = {
    "meaning": "a number",
    "value": 0.5,
    "unit": "1",
    "prior": {"kind": "normal", "mean": 0.5, "sd": 0.1, "low": 0.0, "high": 1.0},
    "status": "estimated",
    "grade": "C",
    "source": "savage1951theory",
}


def test_an_estimated_number_names_its_maker():
    one = _parameter("x", "toy", PLAIN | {"made_by": MAKER, "note": {"sd": "why"}}, "toy.toml")
    assert one.made_by == MAKER and one.note == {"sd": "why"}


def test_what_makes_a_number_is_in_no_record():
    """Runs are known by the hash of their records: a maker changes no result."""
    one = _parameter("x", "toy", PLAIN | {"made_by": MAKER, "note": {"sd": "why"}}, "toy.toml")
    assert list(one.record()) == [
        "name",
        "mechanism",
        "meaning",
        "value",
        "unit",
        "prior",
        "status",
        "grade",
        "source",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"made_by": "by hand"},
        {"made_by": "comity.models.force.war:ends"},
        {"made_by": MAKER, "status": "published"},
        {"made_by": MAKER, "status": "judged", "grade": "D"},
        {"note": {"sd": "why"}, "status": "judged", "grade": "D"},
        {"made_by": MAKER, "note": {"mode": "why"}},
    ],
)
def test_other_entries_are_refused(change):
    with pytest.raises(BadInput):
        _parameter("x", "toy", PLAIN | change, "toy.toml")


def test_every_book_is_found_and_printed_with_its_digits():
    books = every_book()
    assert ("armament", "reactions") in books and ("war", "numbers") in books
    for where in books:
        numbers, digits = book(*where), printed(*where)
        assert [p.key for p in numbers.values()] == list(digits)
        for p in numbers.values():
            assert float(digits[p.key]["value"]) == p.value
    assert (
        str(printed("armament", "reactions")["armament_reactions.allies_response"]["sd"]) == "0.050"
    )
    assert (
        printed("trade")["trade.elasticity_food"]["value"].as_tuple() == Decimal("3.90").as_tuple()
    )


LOGNORMAL = {"kind": "lognormal", "median": 1.0, "sd": 0.5, "low": 0.1, "high": 3.0}
NORMAL = {"kind": "normal", "mean": 0.0, "sd": 1.0, "low": -2.0, "high": 2.0}
UNIFORM = {"kind": "uniform", "low": 0.0, "high": 1.0}
TRIANGULAR = {"kind": "triangular", "low": 0.0, "mode": 0.5, "high": 1.0}


@pytest.mark.parametrize(
    ("prior", "said"),
    [
        (LOGNORMAL | {"low": -1.0}, "a lognormal number is above 0"),
        (LOGNORMAL | {"low": 0.0}, "a lognormal number is above 0"),
        (LOGNORMAL | {"median": 9.0}, "median must lie between"),
        (LOGNORMAL | {"sd": 0.0}, "no spread"),
        (LOGNORMAL | {"sd": 1e9}, "cannot be drawn"),
        (NORMAL | {"mean": 5.0}, "mean must lie between"),
        (NORMAL | {"sd": -1.0}, "no spread"),
        (NORMAL | {"sd": 1e-300}, "cannot be drawn"),
        (NORMAL | {"sd": 1e308}, "cannot be drawn"),
        (UNIFORM | {"low": -1e308, "high": 1e308}, "too wide"),
        (UNIFORM | {"low": 1.0, "high": 1.0}, "low must lie below high"),
        (UNIFORM | {"high": float("inf")}, "high is inf"),
        (UNIFORM | {"low": float("nan")}, "low is nan"),
        (TRIANGULAR | {"mode": 2.0}, "mode must lie between"),
        (TRIANGULAR | {"low": -1e308, "mode": 0.0, "high": 1e308}, "too wide"),
        ({"kind": "fixed", "mean": float("inf")}, "mean is inf"),
    ],
)
def test_a_prior_that_cannot_be_drawn_from_is_refused_at_load(prior, said):
    with pytest.raises(BadInput, match=said):
        prior_from(prior, "toy.toml")


SIZES = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-10, 10)


@given(
    st.sampled_from([LOGNORMAL, NORMAL, UNIFORM, TRIANGULAR, {"kind": "fixed", "mean": 1.0}]),
    st.dictionaries(st.sampled_from(["low", "high", "mean", "median", "mode", "sd"]), SIZES),
)
def test_a_prior_is_refused_or_all_its_draws_stand_within_its_ends(prior, changed):
    table = prior | {key: value for key, value in changed.items() if key in prior}
    try:
        made = prior_from(table, "toy.toml")
    except BadInput:
        return
    drawn = made.quantile(np.array([1e-12, 0.05, 0.5, 0.95, 1 - 1e-12]))
    slack = 1e-9 * max(abs(made.low), abs(made.high))
    assert np.isfinite(drawn).all()
    assert (drawn >= made.low - slack).all() and (drawn <= made.high + slack).all()
    assert (np.diff(drawn) >= -slack).all()


MIXED = {
    "kind": "mixture",
    "median": 4.0,
    "sd": 0.3,
    "tail_share": 0.25,
    "tail_median": 2.0,
    "tail_sd": 0.2,
    "low": 1.2,
    "high": 9.0,
}


def test_a_mixture_is_drawn_from_both_parts_in_their_shares():
    """Against draws from the two lognormals themselves, cut at the same ends."""
    drawn = prior_from(MIXED, "here").quantile((np.arange(100_000) + 0.5) / 100_000)
    rng = np.random.default_rng(1)
    tail = rng.random(400_000) < 0.25
    direct = np.exp(
        np.where(tail, np.log(2.0), np.log(4.0))
        + rng.normal(size=400_000) * np.where(tail, 0.2, 0.3)
    )
    direct = direct[(direct >= 1.2) & (direct <= 9.0)]
    levels = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
    np.testing.assert_allclose(np.quantile(drawn, levels), np.quantile(direct, levels), rtol=0.01)
    assert (np.diff(drawn) >= 0).all() and drawn.min() >= 1.2 and drawn.max() <= 9.0


def test_a_mixture_of_one_thing_is_that_thing():
    u = np.linspace(0.001, 0.999, 200)
    same = MIXED | {"tail_median": 4.0, "tail_sd": 0.3}
    plain = {key: MIXED[key] for key in ("median", "sd", "low", "high")} | {"kind": "lognormal"}
    one, other = (prior_from(table, "here").quantile(u) for table in (same, plain))
    np.testing.assert_allclose(one, other, rtol=1e-10)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tail_share": 1.0}, "tail_share"),
        ({"tail_median": 20.0}, "tail_median"),
        ({"tail_sd": 0.0}, "sd: 0"),
        ({"low": -1.0}, "above 0"),
    ],
)
def test_a_mixture_that_cannot_be_drawn_from_is_refused(change, said):
    with pytest.raises(BadInput, match=said):
        prior_from(MIXED | change, "here")


def test_the_elasticity_of_trade_is_two_or_less_in_about_an_eighth_of_futures():
    """Boehm et al. (2023), about 2 in the long run, sets the lower tail."""
    drawn = book("trade")["elasticity"].prior.quantile((np.arange(10_000) + 0.5) / 10_000)
    assert (drawn <= 2.0).mean() == pytest.approx(0.13, abs=0.02)
    assert np.median(drawn) == pytest.approx(3.6, abs=0.1)
