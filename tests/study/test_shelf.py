"""Run folders listed and taken away: only what a run has written, never through a link."""

import json

import pytest
from typer.testing import CliRunner

from comity.cli.main import app
from comity.core.errors import BadInput
from comity.study import shelf

PLAN = {
    "format": 3,
    "hash": "x",
    "chunk": 4,
    "request": {
        "scenario": "america-first",
        "actor": "JPN",
        "strategies": ["steady"],
        "futures": 12,
        "seed": 1,
        "horizon": None,
        "world": "focus",
    },
}


def a_run(folder, **changes):
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(json.dumps(PLAN | changes), encoding="utf-8")
    (folder / "parts").mkdir()
    (folder / "parts" / "chunk-000000.parquet").write_bytes(b"0" * 1000)
    return folder


@pytest.fixture
def shelves(tmp_path):
    a_run(tmp_path / "runs" / "one")
    a_run(tmp_path / "runs" / "broken", chunk="many")
    (tmp_path / "runs" / "notes").mkdir()
    (tmp_path / "runs" / "alias").symlink_to(tmp_path / "runs" / "one")
    return tmp_path / "runs"


def test_the_list_has_runs_and_nothing_else(shelves):
    kept = {one.name: one for one in shelf.runs_in(shelves)}
    assert set(kept) == {"one", "broken"}
    one = kept["one"]
    assert (one.scenario, one.actor, one.futures, one.state) == (
        "america-first",
        "JPN",
        12,
        "unfinished",
    )
    assert one.bytes > 1000 and kept["broken"].state == "damaged"
    assert shelf.runs_in(shelves / "nowhere") == []


def test_a_run_is_taken_away_and_what_links_point_to_stays(shelves, tmp_path):
    outside = tmp_path / "mine.csv"
    outside.write_text("precious", encoding="utf-8")
    (shelves / "one" / "parts" / "link").symlink_to(outside)
    shelf.remove(shelf.found("one", shelves))
    assert not (shelves / "one").exists() and outside.read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("on", "did you mean 'one'"),
        ("notes", "no run folder"),
        ("alias", "no run folder"),
        ("../runs/one", "no run folder"),
        (".", "no run folder"),
        ("", "no run folder"),
    ],
)
def test_what_is_no_run_folder_is_left_alone(shelves, name, words):
    with pytest.raises(BadInput, match=words):
        shelf.found(name, shelves)
    assert (shelves / "one" / "plan.json").is_file()


def test_a_folder_with_something_of_the_users_own_is_left_alone(shelves):
    (shelves / "one" / "my-notes.txt").write_text("x", encoding="utf-8")
    with pytest.raises(BadInput, match=r"'my-notes.txt', which no run leaves"):
        shelf.found("one", shelves)


def test_the_command_line_asks_first(shelves):
    runner = CliRunner()
    listed = runner.invoke(app, ["runs", "--in", str(shelves)])
    assert listed.exit_code == 0 and "america-first" in listed.stdout
    asked = ["runs", "remove", "one", "--in", str(shelves)]
    assert runner.invoke(app, asked, input="n\n").exit_code == 1
    assert (shelves / "one").is_dir()
    assert runner.invoke(app, asked, input="y\n").exit_code == 0
    assert not (shelves / "one").exists()
    done = runner.invoke(app, ["runs", "remove", "broken", "--yes", "--in", str(shelves)])
    assert done.exit_code == 0 and not (shelves / "broken").exists()
    rows = json.loads(runner.invoke(app, ["runs", "--in", str(shelves), "--json"]).stdout)
    assert rows == []


def test_a_dry_run_says_what_it_would_cost_and_begins_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["run", "--futures", "200", "--dry-run", "--json"])
    said = json.loads(done.stdout)
    # Baseline, four strategies, three of them again without the scenario.
    assert said["arms"] == 8 and said["rows"] == 1600 and said["years"] == 11
    assert said["minutes"] > 0 and said["megabytes"] > 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_dry_run_refuses_what_the_run_would_refuse(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = ["run", "--futures", "2", "--horizon", "2026", "--dry-run", "--weights"]
    for weights in ("foo=1", "challenge=1"):  # no aim; an aim of an option that is off
        done = CliRunner().invoke(app, [*given, weights])
        assert isinstance(done.exception, BadInput) and not list(tmp_path.iterdir())
