"""Fewer wars are no gain where targets yield or stand alone instead: put together by hand."""

import numpy as np

from comity.judge.fewer_wars import cautions, fewer_wars

WARS = ["war.korea", "war.taiwan-strait"]


def effects(war, yields, harm, place="korea"):
    made = {"war": war, "yields": yields, "harm": harm}
    return {f"{kind}.{place}": np.full(4, value) for kind, value in made.items()}


def test_it_is_said_only_where_wars_fall_and_another_bad_end_rises_at_the_same_place():
    assert fewer_wars(effects(-10.0, 30.0, 2.0), WARS) == ["harm.korea"]
    assert fewer_wars(effects(-10.0, 30.0, -1.0), WARS) == ["yields.korea"]
    assert not fewer_wars(effects(-10.0, -1.0, -4.0), WARS), "better in every way"
    assert not fewer_wars(effects(10.0, 30.0, 20.0), WARS), "wars do not fall"
    assert not fewer_wars(effects(-1.0, 30.0, 20.0), WARS), "a negligible fall is not told"
    apart = effects(-10.0, -1.0, -4.0) | effects(1.0, 30.0, 2.0, "taiwan-strait")
    assert not fewer_wars(apart, WARS), "another place"


def test_the_scenario_and_each_strategy_are_told_apart():
    still, fallen = effects(0.0, 0.0, 0.0), effects(-10.0, 30.0, -1.0)
    card = [{"measures": ["consumption.mean"]}, {"measures": WARS}]
    values = {m: np.column_stack([fallen[m], 2.0 * fallen[m]]) for m in fallen}
    told = cautions(card, ("wait", "leave"), values, still, fallen)
    assert told == [
        {"strategy": None, "rises": ["yields.korea"]},
        {"strategy": "leave", "rises": ["yields.korea"]},
    ]
