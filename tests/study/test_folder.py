"""A run folder loses nothing and hides nothing: whatever is gone or damaged is made again or told.

One laboratory serves all tests; each damages a copy of the same finished run.
"""

import json
import os
import shutil
import sys
import types
import warnings
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

import comity as cm
from comity.core import run_folder
from comity.core.errors import BadInput, ResumeRefused
from comity.face.run import judged
from comity.judge.judgement import judge
from comity.study import laboratory, run, store
from comity.study.plan import Request

FUTURES, CHUNK = 5, 2
TABLES = ("outcomes.parquet", "calm.parquet", "draws.parquet")


@pytest.fixture(scope="module")
def lab():
    request = Request("as-is", "JPN", ("steady",), FUTURES, 3, 2026, "focus")
    return laboratory.build(laboratory.plan_of(request))


@pytest.fixture(scope="module")
def whole(lab, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "whole"
    run.run(lab, folder, CHUNK)
    judged(lab.plan, folder)
    return folder


@pytest.fixture
def copy(whole, tmp_path):
    return Path(shutil.copytree(whole, tmp_path / "copy"))


def flip(path):
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    path.write_bytes(raw)


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


def gone(path):
    path.unlink()


DAMAGES = (flip, cut, empty, gone)


def same(folder, whole):
    for name in TABLES:
        one, other = pd.read_parquet(folder / name), pd.read_parquet(whole / name)
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert cm.read(folder).trajectories.load().identical(cm.read(whole).trajectories.load())


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["parquet", "done", "series"])
def test_a_damaged_part_is_computed_again(lab, whole, copy, damage, name):
    one = copy / "parts" / f"chunk-000001.{name}"
    if name == "series":
        one = copy / "trajectories.zarr" / "consumption" / "1.0.0.0"
    damage(one)
    ticks = []
    content = run.run(lab, copy, resume=True, progress=lambda *tick: ticks.append(tick))
    assert ticks == [(FUTURES - CHUNK, FUTURES), (FUTURES, FUTURES)]
    assert name == "done" and damage is gone or "computed again: 1" in content["warnings"][0]["en"]
    same(copy, whole)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(
    "name",
    [
        *TABLES,
        "run.json",
        "claims.json",
        "trajectories.zarr/.zmetadata",
        "trajectories.zarr/consumption/.zarray",
        "trajectories.zarr/strategy/0",
    ],
)
def test_all_else_is_made_whole_again(lab, whole, copy, damage, name):
    damage(copy / name)
    run.run(lab, copy, resume=True)
    judged(lab.plan, copy)
    same(copy, whole)
    assert (copy / "claims.json").read_bytes() == (whole / "claims.json").read_bytes()


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", [*TABLES, "run.json"])
def test_nothing_is_judged_on_damaged_figures(copy, damage, name):
    damage(copy / name)
    for reader in (judge, lambda folder: cm.read(folder).report()):
        (copy / "report.html").unlink(missing_ok=True)
        with pytest.raises(BadInput) as told:
            reader(copy)
        assert "comity run --resume" in str(told.value) and "\n" not in str(told.value)
        assert not (copy / "report.html").exists()


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", ["1.0.0.0", ".zarray"])
def test_series_are_never_read_with_gaps(copy, damage, file):
    damage(copy / "trajectories.zarr" / "consumption" / file)
    if file == ".zarray":
        damage(copy / "trajectories.zarr" / ".zmetadata")
    # Numbers are read when they are used; a gap is told when the folder is opened.
    with pytest.raises((BadInput, RuntimeError)):
        cm.read(copy).trajectories["consumption"].load()
    with pytest.raises(BadInput, match="comity run --resume"):
        _ = cm.read(copy).files.consumption


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ('{"hash": "x", "chu', "not JSON"),
        ("[]", "something else"),
        ("{}", "hash"),
        ('{"format": 99}', "format 99.*update Comity"),
        ('{"hash": "x", "chunk": 0, "request": {}}', "chunk"),
        ('{"hash": "x", "chunk": 1, "more": 1, "request": {}}', "request|more"),
    ],
)
def test_a_plan_that_cannot_be_read_is_told_in_one_line(copy, text, words):
    (copy / "plan.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=words) as told:
        run_folder.plan(copy)
    assert "plan.json" in told.value.where and "\n" not in str(told.value)


@pytest.mark.parametrize("name", ["run.json", "judgement.json"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ('{"a": ', "not JSON"),
        ("\xff", "not JSON"),
        ("3", "something else"),
        ("{}", "is not as it should be"),
        ('{"format": 99}', "format 99.*update Comity"),
    ],
)
def test_a_record_that_cannot_be_read_is_told_in_one_line(copy, name, text, words):
    (copy / name).write_text(text, encoding="latin-1")
    with pytest.raises(BadInput, match=words) as told:
        cm.read(copy)
    assert name in told.value.where and "\n" not in str(told.value)


def test_every_entry_of_a_record_that_is_of_another_kind_is_told(copy):
    kept = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    needed = set(run_folder.RunForm.model_fields)
    for key in sorted(needed):
        (copy / "run.json").write_text(json.dumps(kept | {key: [[1]]}), encoding="utf-8")
        with pytest.raises(BadInput, match=key):
            cm.read(copy)


def test_a_part_that_belongs_to_another_run_is_told(copy, tmp_path):
    """Rows of another number of futures never pass, with or without checksums."""
    frame = pd.read_parquet(copy / "outcomes.parquet")
    kept = json.loads((copy / "run.json").read_text(encoding="utf-8")) | {"files": {}}
    (copy / "run.json").write_text(json.dumps(kept), encoding="utf-8")
    for less, words in (
        (frame[frame["future"] != 3], "hold 5 of 5|rows for 4|different futures"),
        (frame.iloc[1:], "rows for 4 of 5 futures"),
        (frame.drop(columns="value"), "no column 'value'"),
    ):
        less.to_parquet(copy / "outcomes.parquet", index=False)
        with pytest.raises(BadInput, match=words):
            judge(copy)


def test_a_folder_that_was_killed_before_its_plan_is_used_again(lab, whole, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / ".lock").write_bytes(b"")
    (folder / ".plan.json.0a1b2c3d.part").write_bytes(b'{"hash"')
    run.run(lab, folder, CHUNK)
    same(judged(lab.plan, folder).folder, whole)
    assert not list(folder.rglob(".*.part"))
    with pytest.raises(BadInput, match="not a new folder.*comity run --resume"):
        store.check_new(folder)


@pytest.mark.parametrize("left", ["", "trajectories.zarr", ".trajectories.zarr.part"])
def test_a_run_killed_right_after_its_plan_is_finished(lab, whole, copy, left):
    """Nothing but the plan, or half a store, is there."""
    for path in copy.iterdir():
        if path.name != "plan.json":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if left:
        (copy / left).mkdir()
        (copy / left / ".zgroup").write_text("{", encoding="utf-8")
    run.run(lab, copy, resume=True)
    judged(lab.plan, copy)
    same(copy, whole)


def test_a_folder_of_format_1_opens_and_its_chunks_are_computed_again(lab, whole, copy):
    content = json.loads((copy / "plan.json").read_text(encoding="utf-8"))
    old = {key: content[key] for key in ("hash", "chunk", "request")}
    (copy / "plan.json").write_text(json.dumps(old), encoding="utf-8")
    record = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    del record["format"], record["files"]
    (copy / "run.json").write_text(json.dumps(record), encoding="utf-8")
    for path in (copy / "parts").glob("*.done"):
        path.write_bytes(b"")
    assert cm.read(copy).judgement == cm.read(whole).judgement and cm.judge(copy)
    content = run.run(lab, copy, resume=True)
    assert "without checksum were computed again: 0, 1, 2" in content["warnings"][0]["en"]
    same(copy, whole)
    assert run_folder.plan(copy)["format"] == run_folder.FORMAT


def test_a_folder_of_format_2_is_judged_without_aims_and_gains_them_on_resume(lab, whole, copy):
    """Format 2 had no arms without the scenario, and no card of aims."""
    (copy / "calm.parquet").unlink()
    for path in (copy / "parts").glob("*.calm.parquet"):
        path.unlink()
    for name in ("plan.json", "run.json", *(f"parts/{p.name}" for p in copy.glob("parts/*.done"))):
        content = json.loads((copy / name).read_text(encoding="utf-8"))
        content |= {"format": 2} if "format" in content else {}
        content.get("files", {}).pop("calm.parquet", None)
        for key in ("calm", "aims", "money"):
            content.pop(key, None)
        (copy / name).write_text(json.dumps(content), encoding="utf-8")
    judged_then, judged_now = cm.judge(copy), cm.judge(whole)
    assert judged_then["aims"] is None and judged_now["aims"]["cells"]
    assert judged_then | {"aims": None} == judged_now | {"aims": None}
    with pytest.raises(BadInput, match="no aims to weigh.*run it again"):
        cm.judge(copy, weights="economy=1")
    run.run(lab, copy, resume=True)
    same(copy, whole)
    assert cm.judge(copy)["aims"] == judged_now["aims"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": "0.0.9"}, "made with Comity 0.0.9"),
        ({"data": "0"}, "snapshot has changed"),
        ({}, "have changed since"),
    ],
)
def test_another_plan_is_refused_with_what_differs(lab, copy, changes, words):
    content = json.loads((copy / "plan.json").read_text(encoding="utf-8"))
    (copy / "plan.json").write_text(json.dumps(content | changes | {"hash": "x"}), encoding="utf-8")
    with pytest.raises(ResumeRefused, match=f"another plan.*{words}.*comity report"):
        run.run(lab, copy, resume=True)
    (copy / "run.json").unlink()
    with pytest.raises(ResumeRefused, match="start a new run"):
        run.run(lab, copy, resume=True)


def test_the_store_opens_without_a_warning(whole):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = xr.open_zarr(whole / "trajectories.zarr")
    assert found["consumption"].sizes["future"] == FUTURES


def test_two_runs_keep_out_of_one_folder(lab, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    with store.locked(folder):
        with pytest.raises(BadInput, match="another run is writing"):
            run.run(lab, folder, CHUNK)
    assert [p.name for p in folder.iterdir()] == [".lock"]


def test_the_lock_of_windows_is_asked_where_there_is_no_other(tmp_path, monkeypatch):
    asked = []

    def locking(handle, mode, count):
        asked.append((mode, count))
        if len(asked) > 1:
            raise PermissionError

    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(
        sys.modules, "msvcrt", types.SimpleNamespace(locking=locking, LK_NBLCK="without waiting")
    )
    with store.locked(tmp_path):
        with pytest.raises(BadInput, match="another run"):
            with store.locked(tmp_path):
                pytest.fail("held twice")
    assert asked == [("without waiting", 1)] * 2


@pytest.mark.parametrize("name", [".lock", "parts", "trajectories.zarr", "draws.parquet"])
def test_a_link_in_the_folder_is_refused(lab, copy, tmp_path, name):
    outside = tmp_path / "outside"
    shutil.move(copy / name, outside)
    (copy / name).symlink_to(outside, target_is_directory=outside.is_dir())
    before = sorted((p.name, p.stat().st_mtime_ns) for p in tmp_path.glob("outside/**/*"))
    with pytest.raises(BadInput, match="is a link"):
        run.run(lab, copy, resume=True)
    with pytest.raises(BadInput, match="is a link"):
        if name != ".lock":
            raise BadInput("is a link")
        with store.locked(copy):
            pass
    assert before == sorted((p.name, p.stat().st_mtime_ns) for p in tmp_path.glob("outside/**/*"))


@pytest.mark.parametrize("name", ["a\0b", "x" * 400, "file/run", "broken"])
def test_a_folder_that_cannot_be_is_refused_before_work_starts(tmp_path, name):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere" / "at" / "all")
    with pytest.raises(BadInput, match="cannot be made"):
        store.check_new(tmp_path / name)


def test_a_full_disk_ends_with_one_message_and_loses_nothing(lab, whole, copy, monkeypatch):
    """The disk is full while the second chunk is written, then free again."""
    import errno

    (copy / "parts" / "chunk-000001.done").unlink()
    (copy / "parts" / "chunk-000002.done").unlink()
    real, count = os.fsync, []

    def full(handle):
        count.append(1)
        if len(count) > 6:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadInput, match="cannot be written; No space left.*free space"):
        run.run(lab, copy, resume=True)
    monkeypatch.setattr(os, "fsync", real)
    run.run(lab, copy, resume=True)
    same(copy, whole)
