"""Japan's place among bridges: figures of docs/explanation/bridging.md."""

import os

import pytest

from comity.evidence.studies import bridges

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def test_japan_is_second_and_so_it_is_when_memberships_are_dealt_anew():
    member, new, names, states = bridges.network(2024)
    found = bridges.placed(bridges.scores(member, new, 30), states, ["JPN", "USA"])
    found = found.set_index(["measure", "state"])
    assert found.loc[("new to old", "USA"), "rank"] == 1
    japan = found.loc[("new to old", "JPN")]
    assert japan["rank"] == 2 and japan["low"] <= 2 <= japan["high"]
    assert "UN" in names and member.shape[1] == 196


def test_without_frameworks_named_for_japan_it_stands_third():
    member, new, names, states = bridges.network(2024, bridges.named_for_japan)
    assert not any("JPN" in name.split("-") for name in names)
    found = bridges.placed(bridges.scores(member, new, 30), states, ["JPN"])
    found = found.set_index("measure")
    assert found.loc["new to old", "rank"] == 3 and abs(found.loc["new to old", "excess"]) < 2


def test_what_goes_without_a_state():
    table = bridges.losses(2024, ["USA", "JPN", "DEU"]).set_index("state")
    assert table.loc["JPN", "sole links"] == 99 and table.loc["DEU", "sole links"] == 4
    assert table.loc["USA", "efficiency lost, %"] == pytest.approx(4.37, abs=0.01)


@needs_data
def test_in_a_list_made_without_japan_in_mind_it_is_no_bridge():
    member, new, states = bridges.organisations(2014)
    found = bridges.placed(bridges.scores(member, new, 10), states, ["JPN"]).set_index("measure")
    assert found.loc["new to old", "rank"] == 21 and found.loc["brokerage", "rank"] == 30
