"""``comity replicate``: what it prints, what it skips, when it fails."""

import json
import os
from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner

from comity.cli import replicate_commands as commands
from comity.core.bibliography import bibliography
from comity.core.errors import BadInput, ComityError, DataMissing
from comity.evidence.replications.base import Check, Outcome, Replication
from comity.evidence.replications.catalogue import REPLICATIONS

raw_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
GOOD = Check("a share", 0.50, 0.51, 0.02)
BAD = Check("a count", 1000.0, 1003.0, 2.0)


def made_up(name: str, *checks: Check, needs_data: bool = False) -> Replication:
    return Replication(name, name.title(), "bremer1992dangerous", needs_data, lambda: list(checks))


@pytest.fixture
def cli(monkeypatch):
    def run(*arguments: str, known=REPLICATIONS):
        monkeypatch.setattr(commands, "REPLICATIONS", known)
        app = typer.Typer(pretty_exceptions_enable=False)
        app.command()(commands.replicate)
        return CliRunner().invoke(app, arguments)

    return run


def test_json_has_the_agreed_shape(cli):
    result = cli("--json", known=(made_up("good", GOOD), made_up("bad", GOOD, BAD)))
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert set(found) == {"replications"}
    good, bad = found["replications"]
    assert set(good) == {"name", "pass", "checks", "seconds"}
    assert good["pass"] is True and bad["pass"] is False
    assert bad["checks"][1] == {
        "what": "a count",
        "published": 1000.0,
        "ours": 1003.0,
        "tolerance": 2.0,
        "pass": False,
    }


def test_the_table_names_what_is_off(cli):
    result = cli("bad", known=(made_up("bad", GOOD, BAD),))
    assert result.exit_code == 1
    assert "FALLS SHORT" in result.stdout and "OFF" in result.stdout and "1,003" in result.stdout


def test_all_pass_exits_zero(cli):
    assert cli(known=(made_up("good", GOOD),)).exit_code == 0


def test_without_data_it_says_skipped_and_numbers_still_run(cli, monkeypatch):
    monkeypatch.delenv("COMITY_DATA", raising=False)
    result = cli("--json", known=(made_up("raw", BAD, needs_data=True), made_up("good", GOOD)))
    assert result.exit_code == 0
    raw, good = json.loads(result.stdout)["replications"]
    assert raw["pass"] is None and "COMITY_DATA" in raw["skipped"] and raw["checks"] == []
    assert good["pass"] is True and "skipped" not in good


def test_a_missing_file_is_a_reason_not_a_crash():
    def run():
        raise DataMissing("source 'x' is not there")

    outcome = commands.carry_out(Replication("x", "X", "bremer1992dangerous", True, run), True)
    assert outcome.ok is None and "source 'x'" in outcome.skipped


def test_a_figure_that_is_not_a_number_never_passes():
    check = Check("x", 1.0, float("nan"), 1e9)
    assert not check.ok
    assert not Outcome("x", (check,), 0.0).ok
    assert Outcome("x", (replace(check, stated=True),), 0.0).ok
    outcome = commands.carry_out(made_up("x", check), True)
    document = json.dumps(commands.as_document([outcome]), allow_nan=False)
    assert json.loads(document)["replications"][0]["checks"][0]["ours"] is None


def test_an_unknown_name_gets_the_nearest(cli):
    with pytest.raises(BadInput, match="dangerous-dyads"):
        commands.choose(["dangerous-dyad"], REPLICATIONS)
    result = cli("cink")
    assert isinstance(result.exception, ComityError) and "cinc" in str(result.exception)


def test_the_list_has_every_replication(cli):
    result = cli("--list")
    assert result.exit_code == 0
    assert all(one.name in result.stdout for one in REPLICATIONS)


def test_names_are_unique_and_papers_are_in_the_bibliography():
    assert len({one.name for one in REPLICATIONS}) == len(REPLICATIONS)
    keys = set(bibliography())
    assert {one.paper for one in REPLICATIONS} <= keys


@raw_data
def test_the_two_of_world_and_history_pass(cli):
    result = cli("cinc", "dangerous-dyads", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)["replications"]
    assert [one["name"] for one in found] == ["cinc", "dangerous-dyads"]
    assert all(one["pass"] for one in found)
