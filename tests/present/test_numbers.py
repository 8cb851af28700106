import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from comity.present.numbers import decimals, finite, nice, number, plain, quantiles, quantity, share


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
