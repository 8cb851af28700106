"""A run folder is enough: it is finished anywhere, without its files, and only as it was begun."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from comity.cli.main import app
from comity.core import run_folder
from comity.core.errors import BadInput, ComityError
from comity.study import store
from comity.study.inputs import lay_out

SCENARIO = """comity: scenario 1
name: mine
extends: parts/base.yaml
title: T
question: Q
summary: S
moves:
- {lever: tariff, importer: USA, exporter: JPN, add: 0.1, from: 2026, judged: a test}
"""
BASE = """comity: scenario 1
name: base
title: T
question: Q
summary: S
horizon: {from: 2025, to: 2026}
"""
STRATEGY = """comity: strategy 1
name: own
title: T
summary: S
actor: ANY
moves:
- {lever: tariff, importer: ACTOR, exporter: CHN, add: 0.02, from: 2026, judged: a test}
"""
RUN = ("run", "mine.yaml", "--strategies", "steady,own.yaml", "--futures", 5, "--chunk", 2)


def in_process(*arguments):
    """The command inside this process: (exit code, stdout, what it said to the user)."""
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if isinstance(result.exception, ComityError):
        return result.exception.exit_code, result.stdout, str(result.exception)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def files(folder):
    (folder / "parts").mkdir()
    (folder / "mine.yaml").write_bytes(SCENARIO.replace("\n", "\r\n").encode("utf-8-sig"))
    (folder / "parts" / "base.yaml").write_text(BASE, encoding="utf-8")
    (folder / "own.yaml").write_text(STRATEGY, encoding="utf-8")


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A finished run of own files that lie where it was begun, relative paths throughout."""
    here = tmp_path_factory.mktemp("here")
    files(here)
    back = os.getcwd()
    os.chdir(here)
    try:
        code, _, words = in_process(*RUN, "--out", "run")
    finally:
        os.chdir(back)
    assert code == 0, words
    return here


@pytest.fixture
def elsewhere(begun, tmp_path, monkeypatch):
    """A copy of the folder alone, one chunk short, in an empty place."""
    folder = Path(shutil.copytree(begun / "run", tmp_path / "copy"))
    (folder / "parts" / "chunk-000001.parquet").unlink()
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    return folder


def same(folder, begun):
    ours, theirs = (pd.read_parquet(f / "outcomes.parquet") for f in (folder, begun / "run"))
    pd.testing.assert_frame_equal(ours, theirs, check_exact=True)


@pytest.mark.slow
def test_a_copy_is_finished_elsewhere_without_its_files(elsewhere, begun):
    code, _, words = in_process("run", "--resume", elsewhere)
    assert code == 0, words
    same(elsewhere, begun)
    assert not list(Path.cwd().iterdir())


@pytest.mark.slow
def test_the_files_are_kept_to_the_byte(begun):
    kept = run_folder.plan(begun / "run")["documents"]
    assert list(kept) == ["mine.yaml", "own.yaml"]
    assert list(kept["mine.yaml"]) == ["mine.yaml", "parts/base.yaml"]
    for name, text in (kept["mine.yaml"] | kept["own.yaml"]).items():
        assert text.encode("utf-8") == (begun / name).read_bytes()


@pytest.mark.slow
def test_the_same_options_beside_it_are_no_fault(elsewhere, begun, monkeypatch):
    monkeypatch.chdir(begun)
    given = (*RUN, "--for", "Japan", "--seed", 1, "--horizon", 2026, "--world", "focus")
    code, _, words = in_process(*given, "--out", elsewhere, "--resume", elsewhere)
    assert code == 0, words
    same(elsewhere, begun)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--futures", 6),
        ("--futures", 500),  # its default, but given
        ("--seed", 2),
        ("--for", "KOR"),
        ("--horizon", 2027),
        ("--world", "full"),
        ("--set", "trade.elasticity=4"),
        ("--chunk", 1),
        ("--out", "other"),
    ],
)
def test_options_that_differ_are_refused(elsewhere, option, value):
    code, _, words = in_process("run", option, value, "--resume", elsewhere)
    assert code == 2 and f"{option} " in words and "is not what" in words
    assert not (elsewhere / "parts" / "chunk-000001.parquet").exists(), "no work was done"


@pytest.mark.slow
@pytest.mark.parametrize(
    "given", [("tariff-wall",), ("--strategies", "steady"), ("--strategies", "own.yaml,steady")]
)
def test_documents_that_differ_are_refused(elsewhere, begun, monkeypatch, given):
    monkeypatch.chdir(begun)
    code, _, words = in_process("run", *given, "--resume", elsewhere)
    assert code == 2 and "made with another plan" in words


@pytest.mark.slow
def test_a_file_that_has_changed_is_refused_where_it_is_named_and_told_where_not(
    elsewhere, begun, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path / "empty")
    files(Path.cwd())
    Path("mine.yaml").write_text(SCENARIO.replace("0.1", "0.2"), encoding="utf-8")
    code, _, words = in_process("run", "mine.yaml", "--resume", elsewhere)
    assert code == 2 and "made with another plan" in words
    code, _, words = in_process("run", "--resume", elsewhere)
    assert code == 0 and "mine.yaml has changed" in words
    same(elsewhere, begun)


@pytest.mark.slow
def test_a_folder_of_format_1_asks_for_its_files(elsewhere, begun, monkeypatch):
    content = json.loads((elsewhere / "plan.json").read_text(encoding="utf-8"))
    old = {key: content[key] for key in ("hash", "chunk", "request")}
    (elsewhere / "plan.json").write_text(json.dumps(old), encoding="utf-8")
    code, _, words = in_process("run", "--resume", elsewhere)
    assert code == 2 and "made by an earlier version" in words and "mine.yaml" in words
    monkeypatch.chdir(begun)
    code, _, words = in_process("run", "--resume", elsewhere)
    assert code == 0, words
    same(elsewhere, begun)


@pytest.mark.parametrize(
    "path", ["../out.yaml", "/out.yaml", "a/../../out.yaml", "C:\\out", "", "a:b"]
)
def test_kept_files_are_never_laid_out_elsewhere(tmp_path, path):
    inside = tmp_path / "inside"
    with pytest.raises(BadInput, match="leads out of the folder"):
        lay_out({"mine.yaml": {path: "x"}}, inside)
    assert not list(tmp_path.rglob("out*"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_signal_to_stop_says_how_to_go_on(begun, tmp_path, number):
    folder = tmp_path / "a run; of mine"
    process = subprocess.Popen(
        [sys.executable, "-m", "comity", "run", "as-is", "--strategies", "steady"]
        + ["--futures", "300", "--chunk", "1", "--out", str(folder)],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    deadline = time.monotonic() + 120
    while not list(folder.glob("parts/*.done")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(number)
    _, words = process.communicate(timeout=120)
    assert process.returncode == 128 + number and "Traceback" not in words
    assert f"Finish it with: comity run --resume '{folder}'" in words


def test_a_folder_keeps_the_weights_named_last(tmp_path):
    request = dict.fromkeys(("scenario", "actor", "world"), "x") | {"strategies": ["x"]}
    request |= {"futures": 1, "seed": 1, "horizon": None}
    assert run_folder.kept_weights(tmp_path) is None
    run_folder.keep_weights(tmp_path, {"economy": 1.0})  # no plan, nothing to keep them in
    assert run_folder.kept_weights(tmp_path) is None
    store.write_plan(tmp_path, "h", request, 1, "d", {})
    assert run_folder.kept_weights(tmp_path) is None
    store.write_plan(tmp_path, "h", request, 1, "d", {}, {"economy": 2.0})
    assert run_folder.kept_weights(tmp_path) == {"economy": 2.0}
    run_folder.keep_weights(tmp_path, {"security": 1.0})
    assert run_folder.kept_weights(tmp_path) == {"security": 1.0}
    assert run_folder.plan(tmp_path)["request"] == request | {"own": []}
