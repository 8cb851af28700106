"""What the United States left and kept: every membership of 20 January 2025, to mid-2026.

The list joins the lab's frameworks with the organisations of the Correlates of War list that had
the United States as a full member in 2014 and still exist (docs/replications/retreat.md).  Left:
notice given, or leaving ordered, by 30 June 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from comity.data.build.table import handmade
from comity.data.sources.source import load
from comity.evidence.replications.base import Ours, against_print
from comity.models.institutions.retreat import Test, by_domain, by_number, holm, power
from comity.registry.axes import DOMAINS
from comity.registry.states import convert
from comity.world.snapshot import table

LABELS = (*DOMAINS, "other")
YEAR = 2014  # last year of the list of organisations


@dataclass(frozen=True)
class Commitments:
    """Memberships at risk: ``domain`` (M,) position in `LABELS`, ``left`` (M,), and who is in.

    ``members`` number of members, ``allies`` share of the other members to whom the United
    States owes defence, ``distance`` mean distance of their ideal points from the US one; (M,).
    """

    names: tuple[str, ...]
    domain: np.ndarray
    left: np.ndarray
    members: np.ndarray
    allies: np.ndarray
    distance: np.ndarray


def commitments() -> Commitments:
    """Return the memberships at risk, from the snapshot, and COW's for the organisations.

    Raises
    ------
    DataMissing
        When the raw list of organisations is not there.
    """
    rows = handmade("us_commitments.csv").query("status != 'excluded'")
    who = [_members(str(one.id), str(one.list)) for one in rows.itertuples()]
    states = table("states").set_index("id").ideal_point
    owed = set(table("obligations").query("owes == 'USA'").owed)
    own = float(states["USA"])
    others = [[state for state in one if state != "USA"] for one in who]
    gap = [np.abs(states.reindex(one).to_numpy(float) - own) for one in others]
    return Commitments(
        tuple(rows.id),
        pd.Index(LABELS).get_indexer(pd.Index(rows.domain)),
        (rows.status == "left").to_numpy(),
        np.array([float(len(one)) if one else np.nan for one in who]),
        np.array([np.mean([s in owed for s in one]) if one else np.nan for one in others]),
        np.array([np.nanmean(one) if np.isfinite(one).any() else np.nan for one in gap]),
    )


@cache
def _organisations() -> pd.DataFrame:
    rows = load("cow_igo_memberships")
    rows = rows[(rows.year == YEAR) & (rows.status == 1)]
    return rows.assign(id=convert(rows.ccode, "cow", "id", rows.year.to_numpy()))


def _members(name: str, source: str) -> list[str]:
    """Return the members of a framework at the end of 2024 or of an organisation in 2014."""
    if source == "organisation":
        rows = _organisations()
        return sorted(set(rows[rows.ioname == name].id.dropna()))
    rows = table("memberships")
    here = (rows.framework == name) & (rows.since <= 2024) & ~(rows.until <= 2024)
    return sorted(set(rows[here].state))


@dataclass(frozen=True)
class Result:
    """One question asked of the list: the test, and its chance corrected for the number asked."""

    name: str
    test: Test
    corrected: float


def results(one: Commitments) -> list[Result]:
    """Return the four tests: by domain, by size, by allies among the members, by likeness."""
    tests = {
        "domain": by_domain(one.domain, one.left),
        "members (log)": by_number(np.log(one.members), one.left),
        "allies among members": by_number(one.allies, one.left),
        "distance of members": by_number(one.distance, one.left),
    }
    chances = holm(np.array([test.chance for test in tests.values()]))
    pairs = zip(tests.items(), chances, strict=True)
    return [Result(name, test, float(chance)) for (name, test), chance in pairs]


def power_table(one: Commitments) -> dict[tuple[str, float], float]:
    """Return the power of the test by domain where one domain's odds are raised (or lowered)."""
    held = np.bincount(one.domain, minlength=len(LABELS))
    found = {}
    for label in ("climate", "un", "security"):
        for factor in (1.0, 2.0, 4.0, 8.0):
            odds = np.ones(len(LABELS))
            odds[LABELS.index(label)] = factor if label != "security" else 1.0 / factor
            found[label, factor] = power(held, int(one.left.sum()), odds)
    return found


@against_print("retreat")
def run() -> list[Ours]:
    """Compare the page's figures with the list."""
    one = commitments()
    held = np.bincount(one.domain, minlength=len(LABELS))
    gone = np.bincount(one.domain[one.left], minlength=len(LABELS))
    found = [Ours("memberships", float(len(one.left)), 0.0)]
    found += [
        Ours(f"{label}: left of {held[d]}", float(gone[d]), 0.0) for d, label in enumerate(LABELS)
    ]
    for result in results(one):
        found.append(Ours(f"chance, {result.name}", result.test.chance, 0.01))
    return found
