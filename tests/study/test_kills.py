"""Killed at any point, a run loses no chunk and changes no value.

Whenever a run is about to open a file to write, to move, make or remove one, its folder is copied
as it stands: that is what a kill at this instant leaves. Each copy is then finished and compared.
"""

import itertools
import os
import random
import shutil
import sys
import threading
from pathlib import Path

import pandas as pd
import pytest

import comity as cm
from comity.core.errors import BadInput
from comity.face.run import judged
from comity.study import laboratory, run, store
from comity.study.plan import Request

FUTURES, CHUNK = 5, 2
WRITES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir"}
FILES = ("run.json", "outcomes.parquet", "draws.parquet", "judgement.json", "report.html")


class Watch:
    """Copies a folder at every change that is about to be made to it."""

    def __init__(self, folder, into):
        self.folder, self.into, self.on, self.seen = folder, into, True, []
        self.busy, self.number = threading.Lock(), itertools.count()
        sys.addaudithook(self)

    def __call__(self, event, args):
        if not self.on or not self.folder.exists():
            return
        flags = args[2] if event == "open" and len(args) > 2 else 0
        if event in WRITES or (isinstance(flags, int) and flags & 0b1111):
            if not str(args[0]).startswith(str(self.folder)):
                return
            # Copying opens files itself, and the store writes in threads.
            if not self.busy.acquire(blocking=False):
                return
            target = self.into / f"{next(self.number):04d}"
            try:
                shutil.copytree(self.folder, target, symlinks=True)
                self.seen.append((target, f"{event} {Path(str(args[0])).name}"))
            except shutil.Error:
                shutil.rmtree(target, ignore_errors=True)  # a draft of another thread had gone
            finally:
                self.busy.release()


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    """A laboratory, its finished folder, and what kills at every point would have left."""
    place = tmp_path_factory.mktemp("kills")
    request = Request("as-is", "JPN", ("steady",), FUTURES, 3, 2026, "focus")
    lab = laboratory.build(laboratory.plan_of(request))
    (place / "states").mkdir()
    watch = Watch(place / "run", place / "states")
    try:
        run.run(lab, place / "run", CHUNK)
        judged(lab.plan, place / "run").report()
    finally:
        watch.on = False
    return lab, place / "run", watch.seen


def finish(lab, folder):
    """Finish a folder as a user would: by resume, or anew where no plan was written."""
    try:
        store.check_new(folder)
    except BadInput:
        run.run(lab, folder, resume=True)
    else:
        run.run(lab, folder, CHUNK)
    judged(lab.plan, folder).report()


def check(states, chosen):
    lab, whole, _ = states
    for folder, when in chosen:
        finish(lab, folder)
        for name in ("outcomes.parquet", "draws.parquet"):
            one, other = pd.read_parquet(folder / name), pd.read_parquet(whole / name)
            pd.testing.assert_frame_equal(one, other, check_exact=True, obj=when)
        assert cm.read(folder).trajectories.load().identical(cm.read(whole).trajectories.load())
        assert all((folder / name).is_file() for name in FILES), when
        assert not [p for p in folder.rglob("*") if p.name.endswith(".part")], when
        shutil.rmtree(folder)


def test_a_run_killed_at_any_of_some_points_is_finished(states):
    seen = states[2]
    assert len(seen) > 100 and any("plan.json" in when for _, when in seen)
    # The first ones and the last, and some between.
    chosen = [*seen[:2], *random.Random(1).sample(seen[4:-1], 2), seen[-1]]
    check(states, chosen)
    for folder, _ in chosen:
        assert not folder.exists()


@pytest.mark.slow
def test_a_run_killed_at_more_points_is_finished(states):
    """As many as COMITY_KILLS says; `make verify` takes them all."""
    left = [one for one in states[2] if one[0].exists()]
    many = min(int(os.environ.get("COMITY_KILLS", "20")), len(left))
    check(states, random.Random(2).sample(left, many))
    print(f"{many} of {len(states[2])} points")
