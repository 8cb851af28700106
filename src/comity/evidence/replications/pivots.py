"""Pivots: what the theorems say of veto players on a line and in the plane, and of Congress.

Only numbers: order statistics, reflections, areas in closed form.  ``congresses`` is a table of
the pivots of real Congresses, from raw data; nothing published is compared with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import acos, pi, sin, sqrt

import numpy as np
import pandas as pd

from comity.evidence.replications.base import Check, Ours, against_print
from comity.models.institutions.pivots import (
    Chain,
    body,
    both,
    core,
    majority,
    radius,
    united_states,
    votes,
    winset_area,
)

EXACT = 1e-12
DRAWS = 100
# Delegates of these sit in the House and do not vote on its laws.
TERRITORIES = ("AS", "DC", "GU", "MP", "PR", "VI")
# Who signed or vetoed for most of a Congress whose file has no President, or two.
PRESIDENTS = {117: "BIDEN", 118: "BIDEN", 119: "TRUMP"}


def lens(distance: float, near: float) -> float:
    """Return the area common to two discs of radius ``near``, their centres so far apart."""
    return 2 * near**2 * acos(distance / (2 * near)) - distance / 2 * sqrt(
        4 * near**2 - distance**2
    )


@against_print("pivots")
def on_a_line() -> list[Check | Ours]:
    """Check the median voter, supermajorities and veto players (black1948rationale)."""
    seven = np.array([-3.0, -1.0, 0.0, 0.5, 1.0, 2.0, 4.0])
    median, five = body(seven, majority(7)), body(seven, 5)
    everyone = body(seven, 7)
    pair = both(body(np.array([-0.5]), 1), median)
    return [
        Ours("majority of seven: left pivot is the median", median.left, 0.0),
        Ours("majority of seven: right pivot is the median", median.right, 0.0),
        Check("five of seven: left pivot is the third", 0.0, five.left, 0.0),
        Check("five of seven: right pivot is the fifth", 1.0, five.right, 0.0),
        Ours("unanimity: left end of the core is the least", everyone.left, 0.0),
        Ours("unanimity: right end of the core is the greatest", everyone.right, 0.0),
        Check("median and a veto at -0.5: width of the core", 1.0, pair.width, EXACT),
        Ours("five of seven: reach from -2", five.winset(-2.0)[1], EXACT),
        Ours("five of seven: reach from 2.5", five.winset(2.5)[0], EXACT),
        Check("five of seven: nothing beats 0.7", 0.0, float(np.ptp(five.winset(0.7))), 0.0),
    ]


@against_print("pivots")
def of_congress() -> list[Check | Ours]:
    """Check which member is pivotal in chambers of 435 and 100 (krehbiel1998pivotal)."""
    house, senate = np.arange(1, 436) * 1.0, np.arange(1, 101) * 1.0
    left, right = (united_states(house * 100 / 435, senate, at) for at in (-1e3, 1e3))
    two_thirds = body(house, votes(435, Fraction(2, 3)))
    return [
        Ours("House: the median is the 218th", body(house, majority(435)).left, 0.0),
        Ours("House: left override pivot", two_thirds.left, 0.0),
        Ours("House: right override pivot", two_thirds.right, 0.0),
        Ours("Senate: left filibuster pivot", left.filibuster.left, 0.0),
        Ours("Senate: right filibuster pivot", left.filibuster.right, 0.0),
        Ours("Senate: left treaty pivot", body(senate, 67).left, 0.0),
        Ours("Senate: right treaty pivot", body(senate, 67).right, 0.0),
        Ours("President far left: left end is the override", left.statute.left, EXACT),
        Ours("President far left: right end is the filibuster", left.statute.right, 0.0),
        Ours("President far right: left end is the filibuster", right.statute.left, 0.0),
        Ours("President far right: right end is the override", right.statute.right, 0.0),
        Ours("Treaty, President far left: right end", left.treaty.right, 0.0),
        Ours("Treaty, President far left: left end is the President", left.treaty.left, 0.0),
    ]


@against_print("pivots")
def in_the_plane() -> list[Check | Ours]:
    """Check cores and winsets in two dimensions.

    Symmetry gives majority rule a core (plott1967notion), anything else none
    (mckelvey1976intransitivities); above two thirds there is always one
    (greenberg1979consistent).
    """
    turns = np.arange(3) * 2 * np.pi / 3
    triangle = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    star = np.vstack([square, [[0.5, 0.5]]])
    origin = np.zeros(2)
    pair = np.array([[1.0, 0.0], [np.cos(1.0), np.sin(1.0)]])
    found = core(star, 3)
    around = radius(star, 3, np.array([0.5, 0.5]), np.linspace(0, 2 * np.pi, 360))
    return [
        Ours("unanimity of four: corners of the hull", float(len(core(square, 4))), 0.0),
        Check("symmetric star of five: majority core is one point", 1.0, float(len(found)), 0.0),
        Check("symmetric star: the core is its centre", 0.0, _far(found, star[4]), 1e-6),
        Check("symmetric star: nothing beats the centre", 0.0, float(around.max()), EXACT),
        Check("triangle: the majority core is empty", 0.0, float(len(core(triangle, 2))), 0.0),
        Check(
            "triangle: what beats the centroid, three lenses",
            pi - 1.5 * sqrt(3),
            winset_area(triangle, 2, origin),
            1e-4,
        ),
        Check("one voter: winset is a disc", pi, winset_area(pair[:1], 1, origin), 1e-9),
        Check(
            "two who must agree: winset is a lens",
            lens(2 * sin(0.5), 1.0),
            winset_area(pair, 2, origin),
            1e-4,
        ),
        Check("four of five: a core in every draw", float(DRAWS), float(_cores(5, 4)), 0.0),
    ]


def _far(corners: np.ndarray, point: np.ndarray) -> float:
    """Largest distance of corners from a point; infinite where there are none."""
    return (
        float(np.linalg.norm(corners - point, axis=1).max(initial=0.0)) if len(corners) else np.inf
    )


def _cores(members: int, needed: int) -> int:
    """In how many seeded draws of ideal points the core is not empty."""
    random = np.random.default_rng(1979)
    return sum(len(core(random.normal(size=(members, 2)), needed)) > 0 for _ in range(DRAWS))


def run() -> list[Check]:
    """Check the theorems."""
    return [*on_a_line(), *of_congress(), *in_the_plane()]


@dataclass(frozen=True)
class Congress:
    """One Congress: its number, who was President, the pivots on the first dimension."""

    number: int
    president: str
    chain: Chain


def congresses() -> list[Congress]:
    """Return the pivots of the 100th to 119th Congress from DW-NOMINATE (lewis2026voteview).

    Of those who shared a seat in a Congress the one who voted most counts; a President missing
    from a Congress's rows has the score of his other term, since scores are constant.

    Raises
    ------
    DataMissing
        When the raw data are not there.
    """
    from comity.data.sources.source import load

    rows = load("us_congress_nominate").dropna(subset=["nominate_dim1"])
    presidents = rows[rows.chamber == "President"]
    return [
        _congress(int(number), rows[rows.congress == number], presidents)
        for number in np.unique(rows.congress)
    ]


def _congress(number: int, table: pd.DataFrame, presidents: pd.DataFrame) -> Congress:
    """Return the pivots of one Congress."""
    named = presidents.bioname.str.startswith(PRESIDENTS.get(number, ""))
    own = presidents[named if number in PRESIDENTS else presidents.congress == number].iloc[-1]
    busiest = table.sort_values(["nominate_number_of_votes", "icpsr"], ascending=False)
    states = busiest[~busiest.state_abbrev.isin(TERRITORIES)]
    house = states[states.chamber == "House"].drop_duplicates(["state_abbrev", "district_code"])
    senate = states[states.chamber == "Senate"].groupby("state_abbrev").head(2)
    chain = united_states(
        house.nominate_dim1.to_numpy(float),
        senate.nominate_dim1.to_numpy(float),
        float(own.nominate_dim1),
    )
    return Congress(number, str(own.bioname).split(",")[0].title(), chain)
