"""What a replication is: a published study, and checks of its numbers against ours."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One number: as published, ours, and how far apart they may be (absolute)."""

    what: str
    published: float
    ours: float
    tolerance: float

    @property
    def gap(self) -> float:
        """Ours less published."""
        return self.ours - self.published

    @property
    def ok(self) -> bool:
        """Whether ours is within the tolerance; a number that is not finite never is."""
        return math.isfinite(self.ours) and abs(self.gap) <= self.tolerance


@dataclass(frozen=True)
class Replication:
    """A replication: its name on the command line, its paper, and how to run it.

    ``paper`` is a key of the bibliography; ``needs_data`` whether it reads raw data; ``package``
    what of an optional extra it runs on.
    """

    name: str
    title: str
    paper: str
    needs_data: bool
    run: Callable[[], list[Check]]
    package: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a replication: its checks, or why it was ``skipped``; seconds it took."""

    name: str
    checks: tuple[Check, ...]
    seconds: float
    skipped: str = ""

    @property
    def ok(self) -> bool | None:
        """Whether every check holds; ``None`` where it was skipped."""
        return None if self.skipped else all(check.ok for check in self.checks)
