"""The snapshot: the same bytes every time, described, small, and equal to the committed one."""

import json
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from comity.cli.data_commands import app
from comity.core.errors import BadInput, DataMissing
from comity.data.build import build, verify
from comity.data.build import listing as catalogue
from comity.data.build.table import Field

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
FIELDS = [
    Field("id", "string", "", ""),
    Field("x", "number", "1", ""),
    Field("n", "integer", "", ""),
]


def csv(frame):
    return build.to_csv(frame, ["id"], FIELDS, "made").decode()


def test_cells_are_rounded_sorted_and_blank_when_missing():
    frame = pd.DataFrame(
        {
            "id": ["b", "a", "c"],
            "x": [1234567.0, 0.000123456, np.nan],
            "n": pd.array([2024, None, 3], dtype="Int64"),
        }
    )
    assert csv(frame) == "id,x,n\na,0.0001235,\nb,1235000,2024\nc,,3\n"


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_four_digits_survive(value):
    text = build._cell(value, "number")
    assert "e" not in text and float(text) == pytest.approx(value, rel=5e-4, abs=0)
    assert build._cell(float(text), "number") == text


@given(st.permutations(["a", "b", "c", "d"]))
def test_the_order_of_rows_does_not_matter(order):
    frame = pd.DataFrame({"id": order, "x": [float(ord(c)) for c in order], "n": 1})
    assert csv(frame) == csv(frame.iloc[::-1])


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame({"id": ["a", "a"], "x": 1.0, "n": 1}), "share their key"),
        (pd.DataFrame({"id": ["a"], "x": [np.inf], "n": 1}), "inf"),
        (pd.DataFrame({"id": ["a"], "n": 1}), "'x'"),
        (pd.DataFrame({"id": [], "x": [], "n": []}), "no rows"),
    ],
)
def test_broken_tables_are_refused(frame, words):
    with pytest.raises(BadInput, match=words):
        csv(frame)


def test_an_unknown_table_is_refused():
    with pytest.raises(BadInput, match="states, trade"):
        build.module("state")


def test_every_table_keeps_the_interface():
    for name in build.TABLES:
        one = build.module(name)
        assert one.NAME == name and callable(one.build)
        names = [field.name for field in one.FIELDS]
        assert set(one.KEYS) <= set(names) and len(names) == len(set(names))
        assert all(field.description for field in one.FIELDS)


def test_the_package_describes_what_lies_beside_it():
    described = {one["name"]: one for one in catalogue.package()["resources"]}
    assert list(described) == list(build.TABLES)
    assert build.describe(build.folder()) == (build.folder() / "datapackage.json").read_bytes()
    total = 0
    for name, one in described.items():
        content = (build.folder() / f"{name}.csv").read_bytes()
        total += len(content)
        assert one["bytes"] == len(content) and b"\r" not in content
        header = content.split(b"\n", 1)[0].decode().split(",")
        assert header == [field["name"] for field in one["schema"]["fields"]]
    assert total <= build.LARGEST


@needs_data
@pytest.mark.slow
def test_building_twice_gives_the_committed_bytes(tmp_path):
    for part in ("one", "two"):
        build.build(tmp_path / part)
    for place in sorted((tmp_path / "one").iterdir()):
        content = place.read_bytes()
        assert content == (tmp_path / "two" / place.name).read_bytes(), place.name
        assert content == (build.folder() / place.name).read_bytes(), place.name


@needs_data
@pytest.mark.parametrize("name", ["states", "frameworks", "memberships"])
def test_a_table_builds_to_the_committed_bytes(name, tmp_path):
    build.build(tmp_path, only=[name])
    assert (tmp_path / f"{name}.csv").read_bytes() == (build.folder() / f"{name}.csv").read_bytes()


def test_a_build_that_fails_leaves_the_snapshot_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("COMITY_DATA", raising=False)
    (tmp_path / "states.csv").write_text("as it was")
    with pytest.raises(DataMissing):
        build.build(tmp_path, only=["states"])
    assert (tmp_path / "states.csv").read_text() == "as it was"


def test_verify_holds():
    off = [check for check in verify.checks() if not check.ok]
    assert not off


def test_verify_notices():
    assert verify.compare("x", 100, 101, 0.02, "").ok
    assert not verify.compare("x", 100, 103, 0.02, "").ok
    assert not verify.compare("x", 100, float("nan"), 0.02, "").ok
    states = verify.read("states")
    states.loc[states["id"] == "USA", "gdp"] *= 1.1
    off = {check.what for check in verify.of_states(states) if not check.ok}
    assert "GDP of the USA, billion USD" in off and "world GDP, billion USD" in off
    members = verify.read("memberships").query("state != 'FRA'")
    off = {c.what for c in verify.of_frameworks(members, verify.read("obligations")) if not c.ok}
    assert {"members of NATO", "members of EU", "members of UN"} <= off


def test_catalogue_covers_every_column():
    listed = catalogue.entries()
    assert {entry.table for entry in listed} == set(build.TABLES)
    assert all(0 <= entry.coverage <= 1 for entry in listed)
    by = {(e.table, e.column): e for e in listed}
    assert by["states", "gdp"].coverage == 1 and by["states", "polyarchy"].coverage == 0.8929
    assert [s.table for s in catalogue.summaries()] == list(build.TABLES)
    with pytest.raises(BadInput, match="growths"):
        catalogue.entries(["growths"])
    assert "SIPRI" in catalogue.cite(["states"]) and "ATOP" in catalogue.cite(["obligations"])
    assert "SIPRI" not in catalogue.cite(["geography"])


def test_commands(monkeypatch, tmp_path):
    run = CliRunner()
    listed = run.invoke(app, ["list"])
    assert listed.exit_code == 0 and "memberships" in listed.stdout
    assert "polyarchy" in run.invoke(app, ["list", "states"]).stdout
    assert len(json.loads(run.invoke(app, ["list", "states", "--json"]).stdout)) == 12
    checked = run.invoke(app, ["verify", "--json"])
    assert checked.exit_code == 0 and all(one["ok"] for one in json.loads(checked.stdout))
    assert "V-Dem" in run.invoke(app, ["cite", "states"]).stdout
    monkeypatch.setattr(verify, "of_states", lambda _: [verify.compare("x", 1, 2, 0, "")])
    assert run.invoke(app, ["verify"]).exit_code == 1
