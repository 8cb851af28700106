"""Same plan, same outcomes: any chunk, any number of cores, stopped and resumed or not.

Everything goes through the command line, as a user would do it.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from comity.core.words import LANGS

COMITY = [sys.executable, "-m", "comity"]
KEYS = ["future", "strategy", "measure"]


def comity(*arguments, check=True, prefix=(), **kwargs):
    done = subprocess.run(
        [*prefix, *COMITY, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=600,
        **kwargs,
    )
    if check:
        assert done.returncode == 0, done.stderr
    return done


def outcomes(folder):
    return pd.read_parquet(folder / "outcomes.parquet")


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """A small run in one chunk on all cores."""
    folder = tmp_path_factory.mktemp("runs") / "reference"
    comity("run", "tariff-wall", "--futures", 9, "--seed", 3, "--chunk", 100, "--out", folder)
    return folder


@pytest.mark.slow
def test_the_folder_holds_what_is_promised(reference):
    run = json.loads((reference / "run.json").read_text(encoding="utf-8"))
    frame = outcomes(reference)
    assert list(frame.columns) == [*KEYS, "value"]
    assert frame[KEYS].equals(frame[KEYS].sort_values(KEYS, ignore_index=True))
    slots = ["baseline", *(s["name"] for s in run["strategies"])]
    measures = [m["name"] for m in run["measures"]]
    assert len(frame) == 9 * len(slots) * len(measures)
    assert not frame.duplicated(KEYS).any() and frame["value"].notna().all()
    assert set(frame["strategy"]) == set(slots) and set(frame["measure"]) == set(measures)
    assert run["failed_futures"] == 0 and len(run["states"]) == 48
    for name in ("draws.parquet", "judgement.json", "report.html", "trajectories.zarr"):
        assert (reference / name).exists()


@pytest.mark.slow
def test_trajectories_carry_labels_units_and_the_same_futures(reference):
    import xarray as xr

    stored = xr.open_zarr(reference / "trajectories.zarr", consolidated=False).load()
    assert stored["consumption"].dims == ("future", "strategy", "year", "state")
    assert stored["consumption"].attrs["units"] and stored["consumption"].attrs["long_name"]
    own = stored["consumption"].sel(state="JPN")
    gap = (100 * (own / own.sel(strategy="baseline") - 1)).mean("year")
    frame = outcomes(reference).query("measure == 'consumption.mean'")
    expected = frame.pivot(index="future", columns="strategy", values="value")
    got = gap.sel(strategy=expected.columns.to_numpy()).to_numpy()
    np.testing.assert_allclose(got, expected.to_numpy(), atol=2e-5)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", [2, 7])
def test_chunks_change_nothing(reference, tmp_path, chunk):
    comity(
        "run",
        "tariff-wall",
        "--futures",
        9,
        "--seed",
        3,
        "--chunk",
        chunk,
        "--out",
        tmp_path / "run",
    )
    pd.testing.assert_frame_equal(outcomes(tmp_path / "run"), outcomes(reference), check_exact=True)


@pytest.mark.skipif(not os.path.exists("/usr/bin/taskset"), reason="no taskset on this machine")
@pytest.mark.slow
def test_one_core_gives_the_same_bits(reference, tmp_path):
    comity(
        "run",
        "tariff-wall",
        "--futures",
        9,
        "--seed",
        3,
        "--out",
        tmp_path / "run",
        prefix=("taskset", "-c", "0"),
    )
    pd.testing.assert_frame_equal(outcomes(tmp_path / "run"), outcomes(reference), check_exact=True)


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/usr/bin/taskset"), reason="no taskset on this machine")
def test_the_full_world_too(tmp_path):
    common = ("run", "tariff-wall", "--futures", 4, "--seed", 3, "--world", "full")
    comity(*common, "--chunk", 4, "--out", tmp_path / "two")
    comity(*common, "--chunk", 3, "--out", tmp_path / "one", prefix=("taskset", "-c", "0"))
    pd.testing.assert_frame_equal(
        outcomes(tmp_path / "one"), outcomes(tmp_path / "two"), check_exact=True
    )


def stop_after_some(folder, number, wait, arguments):
    """Start a run and send it a signal once a first chunk is there, or later by chance."""
    process = subprocess.Popen(
        [*COMITY, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while not list((folder / "parts").glob("*.done")) and time.monotonic() < deadline:
        if process.poll() is not None:
            break
        time.sleep(0.01)
    time.sleep(wait)
    process.send_signal(number)
    _, words = process.communicate(timeout=120)
    return process.returncode, words


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL, signal.SIGKILL])
def test_a_stopped_run_is_finished_by_resume(reference, tmp_path, number):
    folder = tmp_path / "run"
    wait = random.Random(int(number)).random() * 0.2
    code, words = stop_after_some(
        folder,
        number,
        wait,
        ("run", "tariff-wall", "--futures", 9, "--seed", 3, "--chunk", 1, "--out", folder),
    )
    if number == signal.SIGINT and code != 0:
        assert code == 130 and f"comity run --resume {folder}" in words
    comity("run", "--resume", folder)
    pd.testing.assert_frame_equal(outcomes(folder), outcomes(reference), check_exact=True)
    assert (folder / "report.html").is_file()


@pytest.mark.slow
def test_resume_refuses_a_changed_file(reference, tmp_path):
    mine = tmp_path / "mine.yaml"
    text = "comity: scenario 1\nname: mine\ntitle: T\nquestion: Q\nsummary: S\n"
    move = (
        "moves:\n- {lever: tariff, importer: USA, exporter: JPN, add: 0.1, from: 2026, "
        "judged: a test}\n"
    )
    mine.write_text(text + move, encoding="utf-8")
    folder = tmp_path / "run"
    comity("run", mine, "--strategies", "steady", "--futures", 2, "--out", folder)
    mine.write_text(text + move.replace("0.1,", "0.2,"), encoding="utf-8")
    refused = comity("run", mine, "--resume", folder, check=False)
    assert refused.returncode == 2 and "another plan" in refused.stderr
    assert "Traceback" not in refused.stderr
    # Without the file beside it, the folder's own copy counts; one that was tampered with does not.
    plan = folder / "plan.json"
    plan.write_text(plan.read_text("utf-8").replace("add: 0.1,", "add: 0.2,"), encoding="utf-8")
    refused = comity("run", "--resume", folder, check=False)
    assert refused.returncode == 2 and "another plan" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.slow
def test_nothing_is_written_over(reference):
    again = comity("run", "tariff-wall", "--futures", 2, "--out", reference, check=False)
    assert again.returncode == 2 and "not empty" in again.stderr


@pytest.mark.slow
def test_zero_shock_is_the_baseline_bit_for_bit(tmp_path):
    comity("run", "as-is", "--strategies", "steady", "--futures", 5, "--out", tmp_path / "run")
    frame = outcomes(tmp_path / "run")
    wide = frame.pivot(index=["future", "measure"], columns="strategy", values="value")
    assert (wide["steady"] == wide["baseline"]).all()
    assert (frame.query("measure == 'consumption.mean'")["value"] == 0).all()


@pytest.mark.slow
def test_json_is_pure_on_standard_output(tmp_path):
    done = comity(
        "run",
        "as-is",
        "--strategies",
        "steady",
        "--futures",
        3,
        "--json",
        "--out",
        tmp_path / "run",
    )
    parsed = json.loads(done.stdout)
    assert parsed["judgement"]["objective"]["measure"] == "consumption.mean"


@pytest.mark.slow
def test_an_unsolvable_future_is_flagged_counted_and_not_fatal(tmp_path):
    """A barrier no trade survives, against a state that lives by trade, in one branch only."""
    mine = tmp_path / "cut.yaml"
    mine.write_text(
        """comity: scenario 1
name: cut
title: T
question: Q
summary: S
uncertainties:
  branch:
    meaning: half of the futures cannot be solved
    choices: {harmless: 0.5, impossible: 0.5}
    status: judged
    source: a test
moves:
- lever: barrier
  a: SGP
  b: ALL except [SGP]
  add: 100
  from: 2026
  when: {branch: impossible}
  judged: a test
""",
        encoding="utf-8",
    )
    comity("run", mine, "--strategies", "steady", "--futures", 8, "--out", tmp_path / "run")
    run = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    draws = pd.read_parquet(tmp_path / "run" / "draws.parquet")
    bad = set(draws.query("branch == 'impossible'")["future"])
    frame = outcomes(tmp_path / "run").query("strategy == 'steady'")
    failed = set(frame[frame["value"].isna()]["future"])
    assert failed and failed <= bad, "only futures of that branch fail"
    assert run["failed_futures"] == len(failed)
    assert all(set(w) == set(LANGS) for w in run["warnings"])
    assert all(re.search("[\u3040-\u30ff]", w["ja"]) for w in run["warnings"])
    said = [w["en"] for w in run["warnings"]]
    assert any("not found" in one for one in said)
    assert any("regions merge known states only" in one for one in said)
    assert any("cells unknown" in one for one in said)
    assert "report.html" in os.listdir(tmp_path / "run")
