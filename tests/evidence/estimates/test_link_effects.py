"""Links: what the data say beside the numbers that ship, and where nothing is found."""

import os

import pytest

from comity.evidence.estimates import growth_numbers, link_effects
from comity.mechanisms.catalogue import books

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
    ),
]


def within(book, name, found, errors=1.0):
    prior = books()[book][name].prior
    return abs(found.value - prior.mean) < errors * 1.96 * prior.sd


def test_priors_hold_every_design_that_was_tried():
    found = link_effects.disputes()
    assert found["trade"].count == 112_950 and found["allied arms"].count == 128_370
    for name in ("trade", "trade, positive", "trade, some", "trade over GDP"):
        assert within("crises", "interdependence", found[name]), name
    assert found["trade, some"].value > 0 > found["trade"].value, "no sign"
    assert found["allied arms"].value + 1.96 * found["allied arms"].se < 0
    joined = link_effects.joiners()
    for side, number in (("challenger", "trade_challenger"), ("client", "trade_client")):
        for who in ("", ", major powers"):
            assert within("commitment", number, joined[f"trade with the {side}{who}"]), who
    sign = [joined[f"effort of the client, {who}"].value for who in ("all", "major powers")]
    assert sign[0] > 0 > sign[1] and books()["commitment"]["effort"].value == 0.0
    assert all(within("commitment", "effort", joined[name]) for name in joined if "effort" in name)


def test_budgets_follow_challenges_and_wars_and_do_not_foresee_them():
    found = link_effects.spending()
    for event in ("challenged", "war"):
        assert found[event].value > 1.96 * found[event].se
        assert abs(found[f"{event}, before"].value) < found[f"{event}, before"].se
    assert abs(found["challenger"].value) < found["challenger"].se, (
        "targets arm, challengers do not"
    )


def test_growth_without_wars_has_the_spread_of_growth_with_them():
    """212 state-years at war between states: the fits move by a hundredth, few states by more."""
    found = growth_numbers.without_wars()
    assert found.left_out == 212
    assert found.world[1] == pytest.approx(found.world[0], rel=0.02)
    assert found.trends[1] == pytest.approx(found.trends[0], rel=0.02)
    assert abs(found.own.median()) < 0.002
    assert set(found.own.index[found.own < -0.05]) == {"UKR", "IRN"}
