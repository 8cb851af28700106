"""``comity backtest``: what it prints, and when it fails."""

import json
from dataclasses import replace

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from comity.cli import backtest_commands as commands
from comity.core.errors import BadInput, DataMissing
from comity.evidence.backtest import Score, Verdict
from comity.evidence.hindcasts.quantities import QUANTITIES

KEYS = [
    "quantity",
    "window",
    "score",
    "ours",
    "baseline",
    "baseline_name",
    "low",
    "high",
    "coverage90",
    "n",
    "last_year",
]
SCORE = Score("walk", 2000, "crps", 1.0, 2.0, "drift", -1.5, -0.5, 0.9, 10, 2010)


def verdict(claimed=True, terciles=(0.9, 0.9, 0.9), **changed):
    return Verdict("walk", 2000, "1", (replace(SCORE, **changed),), terciles, claimed)


def invoke(monkeypatch, verdicts, *arguments):
    monkeypatch.setattr(commands, "_run", lambda *_: iter(verdicts))
    app = typer.Typer()
    app.command()(commands.backtest)
    return CliRunner().invoke(app, list(arguments))


def test_json_has_exactly_the_agreed_keys(monkeypatch):
    result = invoke(monkeypatch, [verdict()], "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 0 and list(document) == ["scores"]
    assert [list(row) for row in document["scores"]] == [KEYS]


def test_what_is_no_number_is_null(monkeypatch):
    result = invoke(monkeypatch, [verdict(ours=np.inf, low=float("nan"))], "--json")
    row = json.loads(result.stdout)["scores"][0]
    assert row["ours"] is None and row["low"] is None


@pytest.mark.parametrize(
    ("claimed", "large", "code"),
    [
        (True, 0.90, 0),
        (True, 0.79, 1),
        (True, 0.98, 1),
        (False, 0.5, 0),
    ],
)
def test_only_a_claim_that_is_missed_fails(monkeypatch, claimed, large, code):
    found = verdict(claimed, (0.9, 0.9, large))
    assert invoke(monkeypatch, [found], "--json").exit_code == code


def test_losing_to_a_baseline_is_printed_and_is_no_failure(monkeypatch):
    result = invoke(monkeypatch, [verdict(low=0.5, high=1.5)])
    assert result.exit_code == 0 and "worse" in result.stdout
    assert "90 % intervals held: small 90 %" in result.stdout


def test_unknown_quantity_gets_the_nearest_name():
    with pytest.raises(BadInput, match="did you mean .*trade"):
        commands.choose(["trad"])
    assert list(commands.choose(["trade", "growth", "trade"])) == ["trade", "growth"]
    assert commands.choose([]) == QUANTITIES


def test_too_early_a_window_is_refused(monkeypatch):
    result = invoke(monkeypatch, [], "--from", "1900")
    assert isinstance(result.exception, BadInput)


def test_names_in_the_catalogue_are_the_quantities_own():
    assert all(maker().name == name for name, maker in QUANTITIES.items())


def test_without_raw_data_it_says_what_is_missing(monkeypatch):
    monkeypatch.delenv("COMITY_DATA", raising=False)
    app = typer.Typer()
    app.command()(commands.backtest)
    result = CliRunner().invoke(app, ["--quantity", "growth"])
    assert isinstance(result.exception, DataMissing)
