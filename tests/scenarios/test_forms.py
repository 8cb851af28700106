"""The shape of scenario files against what stands in for faulty values."""

from pydantic import TypeAdapter

from comity.files.shapes import STAND_INS
from comity.scenarios.forms import Year


def test_the_year_that_stands_in_is_a_simulated_one():
    assert TypeAdapter(Year).validate_python(STAND_INS["from"])
