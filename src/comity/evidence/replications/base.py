"""What a replication is: a published study, and checks of its numbers against ours.

A published figure has one room, ``published.csv`` beside this file, by replication and label, as
text in the digits of the print.  What computes our figures returns them as `Ours` and is done
before that file is opened: `against_print` puts the two side by side.  No other file of the package
holds a figure that is compared, and none but this one reads it (tests/evidence/replications/
test_published.py).
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, wraps
from importlib import resources

from comity.core.errors import BadInput


@dataclass(frozen=True)
class Check:
    """One number: as published, ours, and how far apart they may be (absolute).

    ``stated``: a figure known at second hand, whose misses the page states; it is shown like all
    others and decides nothing.
    """

    what: str
    published: float
    ours: float
    tolerance: float
    stated: bool = False

    @property
    def gap(self) -> float:
        """Ours less published."""
        return self.ours - self.published

    @property
    def ok(self) -> bool:
        """Whether ours is within the tolerance; a number that is not finite never is."""
        return math.isfinite(self.ours) and abs(self.gap) <= self.tolerance


@dataclass(frozen=True)
class Ours:
    """One number of ours and its tolerance, for `against_print` to find the published one by label.

    Without a tolerance it must agree as printed: fractions and whole numbers exactly, decimals to
    half of the last digit.
    """

    what: str
    value: float | int | Fraction
    tolerance: float | None = None
    stated: bool = False


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
        return None if self.skipped else all(check.ok or check.stated for check in self.checks)


@cache
def published() -> dict[str, dict[str, str]]:
    """Return every published figure as printed, by replication and label."""
    found: dict[str, dict[str, str]] = {}
    source = resources.files("comity.evidence.replications") / "published.csv"
    with source.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["replication"], {})[row["what"]] = row["published"]
    return found


def against_print(
    name: str,
) -> Callable[[Callable[..., Iterable[Ours | Check]]], Callable[..., list[Check]]]:
    """Let a function that returns our figures return checks against those published.

    A `Check` among them is passed on: a law (a gap of nil, a flag) or another computation of ours,
    never a published figure.

    Parameters
    ----------
    name
        Of the replication, under which its figures stand in ``published.csv``.
    """

    def compared(compute: Callable[..., Iterable[Ours | Check]]) -> Callable[..., list[Check]]:
        @wraps(compute)
        def checks(*args: object, **kwargs: object) -> list[Check]:
            ours = list(compute(*args, **kwargs))
            return [one if isinstance(one, Check) else _beside(name, one) for one in ours]

        return checks

    return compared


def _beside(name: str, one: Ours) -> Check:
    figures = published().get(name, {})
    if one.what not in figures:
        raise BadInput(f"no published figure {one.what!r} of {name}", fix="add it to published.csv")
    found = beside(one.what, figures[one.what], one.value, one.tolerance)
    return replace(found, stated=one.stated)


def beside(
    what: str, text: str, ours: float | int | Fraction, tolerance: float | None = None
) -> Check:
    """Compare with a number as printed: within a tolerance, or exactly, or to half a last digit."""
    want, value = Fraction(text), float(ours)
    if tolerance is not None:
        return Check(what, float(want), value, tolerance)
    if "." in text:
        return Check(what, float(want), value, 0.5 * 10.0 ** -len(text.partition(".")[2]))
    # Two fractions may round to one float: those that differ must not pass for equal.
    same = Fraction(ours) == want if math.isfinite(value) else False
    return Check(what, float(want), value if same or value != float(want) else math.nan, 0.0)
