import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from comity.present.numbers import (
    NEARLY,
    decimals,
    fine,
    finite,
    interval,
    nice,
    number,
    plain,
    quantiles,
    quantity,
    rounded,
    share,
    shown,
    spread,
)


def test_numbers_have_a_true_minus_and_no_signed_zero():
    assert number(-0.816, 2) == "−0.82"
    assert number(0.11, 2, sign=True) == "+0.11"
    assert number(-0.001, 2, sign=True) == "0.00"
    assert number(1234567.0, 0) == "1,234,567"


def test_missing_is_a_dash_and_never_zero():
    assert {number(x) for x in (None, math.nan, math.inf, "many")} == {"–"}
    assert quantity(math.nan, "%") == share(None) == plain(math.nan) == "–"


def test_percent_stands_behind_the_figure_and_other_units_apart():
    assert quantity(-0.5, "% of the same future", 1) == "−0.5%"
    assert quantity(12, "deaths", 0) == "12 deaths"
    assert quantity(4.0, "1", 1) == "4.0"


def test_digits_follow_the_interval():
    assert spread(0.0325, 0.0301, 0.0341) == "0.0325 [0.0301…0.0341]", "never 0.03 0.03 0.03"
    assert spread(0.033, 0.023, 0.045, sign=True) == "+0.033 [0.023…0.045]"
    assert spread(-0.09, -20, 20) == "−0.09 [−20…20]", "never 0"
    assert spread(-0.00003, -2, 6) == f"{NEARLY} [−2.0…6.0]"
    assert spread(0.03, 0.03, 0.03) == "0.0300", "no width, one number"
    assert spread(0, 0, 0) == "0" and spread(0.5, math.nan, math.nan) == "0.500"
    assert interval(math.nan, 1) == "–"


def test_money_is_rounded_to_what_its_interval_bears():
    assert rounded(-14048.2, [-14048.2, -17000, -11000]) == -14000
    assert rounded(0.0, [0.0, 0.0, 0.0]) == 0.0
    assert math.isnan(rounded(math.nan, [1.0, 2.0]))


def read_back(text: str) -> float:
    return float(text.replace("−", "-").replace("+", "").replace(",", ""))


FIGURES = st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-9)


@given(FIGURES, FIGURES, FIGURES)
def test_a_figure_with_its_interval_is_true_and_never_a_false_zero(value, low, high):
    low, high = min(low, high), max(low, high)
    places = fine([value, low, high])
    texts = [shown(x, places) for x in (value, low, high)]
    for x, text in zip((value, low, high), texts, strict=True):
        if text == NEARLY:
            assert 0 < abs(x) < 0.5 * 10.0**-places
        else:
            assert abs(read_back(text) - x) <= 0.5000001 * 10.0**-places
            assert (read_back(text) == 0) == (x == 0)
    span = max(value, high) - min(value, low)
    if high - low > 0.2 * span > 2e-9 * max(abs(value), abs(low), abs(high)):
        assert texts[1] != texts[2], "two ends that differ are told apart"


def test_decimals_follow_the_largest_figure_shown():
    assert [decimals([x]) for x in (250.0, 19.0, 4.0, 0.82, 0.14, 0.0142)] == [0, 1, 1, 2, 3, 4]
    assert decimals([0.01, -250.0]) == 0
    assert decimals([math.nan, 0.0]) == 1


def test_shares_do_not_round_to_none_or_all():
    assert [share(x) for x in (0.0, 0.001, 0.831, 0.999, 1.0)] == [
        "0%",
        "<1%",
        "83%",
        ">99%",
        "100%",
    ]


def test_nice_bounds_are_round():
    assert [nice(x) for x in (0.012, 0.3, 1.0, 1.01, 70.0, 0.0)] == [
        0.02,
        0.5,
        1.0,
        2.0,
        100.0,
        1.0,
    ]


@given(
    arrays(
        float,
        array_shapes(min_dims=1, max_dims=2, max_side=12),
        elements=st.one_of(st.floats(-1e6, 1e6), st.just(math.nan)),
    )
)
def test_quantiles_agree_with_numpy_on_what_is_known(values):
    got = quantiles(values, [0.05, 0.5, 0.95])
    for place in np.ndindex(values.shape[1:]):
        column = values[(slice(None), *place)]
        known = column[np.isfinite(column)]
        mine = got[(slice(None), *place)]
        if known.size:
            np.testing.assert_allclose(mine, np.quantile(known, [0.05, 0.5, 0.95]), atol=1e-9)
        else:
            assert np.isnan(mine).all()


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_finite_gives_numbers_or_nan(value):
    assert finite(value) == value or math.isnan(finite(value))
