"""What fields of the year hold before the first one, by what their units and meanings say."""

import numpy as np
import pytest

from comity.mechanisms.catalogue import fields

# Of what the base year has, all is still there and every commitment stands.
WHOLE = {
    "commitments_kept",
    "durability",
    "government_stands",
    "standing",
    "survival",
    "trade_left",
    "vigour",
}
# Read before they are first written: a war must not begin of them.
NEVER = {"joined_war_odds", "war_odds"}


@pytest.mark.parametrize("name", fields())
def test_before_the_first_year_nothing_has_happened(name):
    card = fields()[name]
    if card.unit == "flag":
        assert card.start is True
    elif name in NEVER:
        assert card.unit == "log-odds a year"
        # Not one in a million draws, in all likelihood; and exp() of it is a number.
        assert -300.0 < card.start < np.log(1e-8)
    elif "base year = 1" in card.unit or name in WHOLE:
        assert card.start == 1.0
    else:
        # Changes since the base year, counts, ages, and what each year works out before it is read.
        assert card.start == 0.0


def test_what_stands_or_is_whole_is_a_share_or_chance():
    units = {fields()[name].unit for name in WHOLE}
    assert units == {"share", "probability", "0/1", "ratio"}
    assert NEVER | WHOLE <= set(fields())
