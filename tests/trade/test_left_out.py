"""Draws without an equilibrium are told apart from those kept."""

import numpy as np

from comity.core.parameters import book, draw
from comity.trade.left_out import notes

NUMBERS = [book("trade")["elasticity"], book("sanctions")["leak"]]


def test_means_of_both_are_told_in_both_languages():
    drawn = draw(NUMBERS, 3, 50)["trade.elasticity"]
    solved = drawn < np.quantile(drawn, 0.8)
    told = notes(NUMBERS, 3, solved)
    assert len(told) == 2 and {lang for text in told for lang in text} == {"en", "ja"}
    gone, kept = drawn[~solved].mean(), drawn[solved].mean()
    assert told[0]["en"].startswith(f"Trade elasticity: {gone:.3g} on average")
    assert f"{kept:.3g}" in told[0]["en"] and f"{kept:.3g}" in told[0]["ja"]


def test_nothing_is_told_where_all_or_none_are_solved():
    assert notes(NUMBERS, 1, np.ones(5, bool)) == () == notes(NUMBERS, 1, np.zeros(5, bool))
