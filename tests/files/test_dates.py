"""Dates: a year fraction, or a refusal; never an error of the calendar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from comity.files.shapes import as_date, year_days


@pytest.mark.parametrize(
    "value",
    [99999999999, -1, 0, 10**400, 10000, True, 2025.0, "2025", "2025-02-30", "99999-1-1", None, []],
)
def test_what_is_no_date_is_refused(value):
    with pytest.raises(PydanticCustomError, match="is not a date of the calendar"):
        as_date(value)


@pytest.mark.parametrize(
    ("value", "right"),
    [(2025, 2025.0), ("2025-07-02", 2025 + 182 / 365), ("9999-12-31", 9999 + 364 / 365), (1, 1.0)],
)
def test_dates_are_year_fractions(value, right):
    assert as_date(value) == pytest.approx(right, abs=1e-12)


def test_leap_years():
    assert [year_days(y) for y in (1900, 2000, 2024, 2025, 9999)] == [365, 366, 366, 365, 365]


@given(st.integers() | st.text() | st.dates().map(str) | st.floats() | st.none())
def test_anything_is_a_date_or_refused(value):
    try:
        assert 1 <= as_date(value) < 10_000
    except PydanticCustomError:
        pass
