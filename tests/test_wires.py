"""Every computed field says who reads it, every measure what it reads, every lever its reach."""

import pytest
from typer.testing import CliRunner

from comity.cli import explain, wires
from comity.cli.main import app
from comity.mechanisms.catalogue import CLASSES, levers
from comity.study.wiring import wiring

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", wires.moving())
def test_a_computed_field_says_who_writes_and_who_reads_it(name):
    said = explain.in_words(explain.in_full(name))
    assert "written_by: " in said and "read_by: " in said
    found = wires.of_field(name)
    assert found["written_by"] == [cls.name for cls in CLASSES if name in cls.writes]
    readers = {cls.name for cls in CLASSES if name in (*cls.reads, *cls.lagged)}
    if isinstance(found["read_by"], list):
        assert {one for one in found["read_by"] if " " not in one} <= readers
    else:
        assert found["read_by"].startswith("nothing in the year")
        assert name in wiring().measures_only()


def test_what_is_read_by_hand():
    assert wires.of_field("military_stock")["read_by"] == ["crises"]
    assert wires.of_field("survival")["read_by"] == ["acts that checks may end"]
    assert "rules that watch it" in wires.of_field("openness")["read_by"]
    assert wires.of_field("trade_left")["read_by"] == ["trade", "sectors", "adjustment"]


def test_a_measure_says_what_it_reads_and_by_which_levers_it_is_reached():
    found = explain.in_full("challenge.korea")
    assert found["reads"] == ["challenge_odds"] and "forces" in found["reached_by"]
    assert "decision_rule" not in found["reached_by"]


@pytest.mark.parametrize("name", levers())
def test_a_lever_says_what_it_reaches(name):
    assert explain.in_full(name)["reaches"]


def test_a_lever_says_which_mechanisms_have_to_be_on():
    found = wires.needs("forces", ["consumption", "credibility", "harm"])
    assert "commitment" in found["switches_on"]
    assert found["only_with"] == ["mechanisms: [crises] (harm)"]
    assert wires.needs("tariff", ["consumption"]) == {"switches_on": [], "only_with": []}


def test_fields_that_are_only_measured_are_listed_apart():
    out = CliRunner().invoke(app, ["list", "measures"]).stdout
    measures, _, apart = out.partition("\n\n")
    assert measures.count("measure ") > 40 and "field " not in measures
    assert all(f"field     {name} " in apart for name in wiring().measures_only())
    assert CliRunner().invoke(app, ["list", "nonsense"]).exit_code != 0
