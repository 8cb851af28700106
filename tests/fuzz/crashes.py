"""What kills, full disks and damage leave of a run folder, and what becomes of it after."""

from __future__ import annotations

import errno
import itertools
import os
import random
import shutil
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

import comity as cm
from comity.core.errors import BadInput, ComityError
from comity.face.run import judged
from comity.study import laboratory, run, store
from comity.study.plan import Request

FUTURES, CHUNK = 5, 2
WRITES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir"}
FILES = ("run.json", "outcomes.parquet", "draws.parquet", "judgement.json", "report.html")
DAMAGES = ("flip", "cut", "empty", "remove")


def changed(event: str, args: tuple, folder: Path) -> bool:
    """Whether an audited event is about to change something in a folder."""
    flags = args[2] if event == "open" and len(args) > 2 else 0
    writes = event in WRITES or (isinstance(flags, int) and flags & 0b1111)
    return bool(writes) and str(args[0]).startswith(str(folder))


class Watch:
    """Copies a folder at every change that is about to be made to it: what a kill would leave."""

    def __init__(self, folder: Path, into: Path):
        self.folder, self.into, self.on, self.seen = folder, into, True, []
        self.busy, self.number = threading.Lock(), itertools.count()
        sys.addaudithook(self)

    def __call__(self, event, args):
        """Called by Python for whatever it does."""
        if not self.on or not self.folder.exists() or not changed(event, args, self.folder):
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


class FullDisk:
    """From the change of that number on, nothing can be written to a folder."""

    def __init__(self):
        self.folder, self.left, self.on = Path(), 0, False
        sys.addaudithook(self)

    def __call__(self, event, args):
        """Called by Python for whatever it does."""
        if not self.on or event in ("os.remove", "os.rmdir"):
            return
        if changed(event, args, self.folder):
            self.left -= 1
            if self.left < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(args[0]))

    @contextmanager
    def after(self, changes: int, folder: Path):
        """Full after so many changes to the folder."""
        self.folder, self.left, self.on = folder, changes, True
        try:
            yield
        finally:
            self.on = False


def states(place: Path):
    """A laboratory, its finished folder, and what kills at every point would have left."""
    request = Request("as-is", "JPN", ("steady",), FUTURES, 3, 2026, "focus")
    lab = laboratory.build(laboratory.plan_of(request))
    (place / "states").mkdir()
    watch = Watch(place / "run", place / "states")
    try:
        whole(lab, place / "run")
    finally:
        watch.on = False
    return lab, place / "run", watch.seen


def whole(lab, folder: Path) -> None:
    """A run from its beginning to its report."""
    run.run(lab, folder, CHUNK)
    judged(lab.plan, folder).report()


def finish(lab, folder: Path) -> None:
    """Finish a folder as a user would: by resume, or anew where no plan was written."""
    try:
        store.check_new(folder)
    except BadInput:
        run.run(lab, folder, resume=True)
    else:
        run.run(lab, folder, CHUNK)
    judged(lab.plan, folder).report()


def differs(folder: Path, reference: Path) -> str:
    """What of a finished folder is not as in the one that nobody stopped; empty if nothing."""
    for name in ("outcomes.parquet", "draws.parquet"):
        one, other = pd.read_parquet(folder / name), pd.read_parquet(reference / name)
        if not one.equals(other):
            return f"{name} holds other values"
    if not cm.read(folder).trajectories.load().identical(cm.read(reference).trajectories.load()):
        return "other trajectories"
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        return f"no {missing[0]}"
    if drafts := [p.name for p in folder.rglob("*") if p.name.endswith(".part")]:
        return f"{drafts[0]} was left"
    return ""


def damage(folder: Path, luck: random.Random) -> str:
    """Damage one file of a folder; returns what was done."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not files:
        return "nothing to damage"
    path, how = luck.choice(files), luck.choice(DAMAGES)
    raw = bytearray(path.read_bytes())
    if how == "remove" or not raw:
        path.unlink()
    elif how == "flip":
        raw[luck.randrange(len(raw))] ^= 0xFF
        path.write_bytes(raw)
    else:
        path.write_bytes(raw[: luck.randrange(len(raw))] if how == "cut" else b"")
    return f"{how} {path.relative_to(folder)}"


def finished(lab, folder: Path, reference: Path) -> tuple[str, str]:
    """``finished`` with the same values, ``refused`` in one message, or ``broken`` and why."""
    try:
        finish(lab, folder)
    except ComityError as error:
        return "refused", str(error)
    except Exception as error:  # what a user would see as a traceback
        return "broken", f"{type(error).__name__}: {error}"
    fault = differs(folder, reference)
    return ("broken", fault) if fault else ("finished", "")
