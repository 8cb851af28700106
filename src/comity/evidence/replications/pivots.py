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

from comity.evidence.replications.base import Check
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


def on_a_line() -> list[Check]:
    """Check the median voter, supermajorities and veto players (black1948rationale)."""
    seven = np.array([-3.0, -1.0, 0.0, 0.5, 1.0, 2.0, 4.0])
    median, five = body(seven, majority(7)), body(seven, 5)
    everyone = body(seven, 7)
    pair = both(body(np.array([-0.5]), 1), median)
    return [
        Check("majority of seven: left pivot is the median", 0.5, median.left, 0.0),
        Check("majority of seven: right pivot is the median", 0.5, median.right, 0.0),
        Check("five of seven: left pivot is the third", 0.0, five.left, 0.0),
        Check("five of seven: right pivot is the fifth", 1.0, five.right, 0.0),
        Check("unanimity: left end of the core is the least", -3.0, everyone.left, 0.0),
        Check("unanimity: right end of the core is the greatest", 4.0, everyone.right, 0.0),
        Check("median and a veto at -0.5: width of the core", 1.0, pair.width, EXACT),
        Check("five of seven: reach from -2", 2.0, five.winset(-2.0)[1], EXACT),
        Check("five of seven: reach from 2.5", -0.5, five.winset(2.5)[0], EXACT),
        Check("five of seven: nothing beats 0.7", 0.0, float(np.ptp(five.winset(0.7))), 0.0),
    ]


def of_congress() -> list[Check]:
    """Check which member is pivotal in chambers of 435 and 100 (krehbiel1998pivotal)."""
    house, senate = np.arange(1, 436) * 1.0, np.arange(1, 101) * 1.0
    left, right = (united_states(house * 100 / 435, senate, at) for at in (-1e3, 1e3))
    two_thirds = body(house, votes(435, Fraction(2, 3)))
    return [
        Check("House: the median is the 218th", 218.0, body(house, majority(435)).left, 0.0),
        Check("House: left override pivot", 146.0, two_thirds.left, 0.0),
        Check("House: right override pivot", 290.0, two_thirds.right, 0.0),
        Check("Senate: left filibuster pivot", 41.0, left.filibuster.left, 0.0),
        Check("Senate: right filibuster pivot", 60.0, left.filibuster.right, 0.0),
        Check("Senate: left treaty pivot", 34.0, body(senate, 67).left, 0.0),
        Check("Senate: right treaty pivot", 67.0, body(senate, 67).right, 0.0),
        Check(
            "President far left: left end is the override", 14600 / 435, left.statute.left, EXACT
        ),
        Check("President far left: right end is the filibuster", 60.0, left.statute.right, 0.0),
        Check("President far right: left end is the filibuster", 41.0, right.statute.left, 0.0),
        Check("President far right: right end is the override", 67.0, right.statute.right, 0.0),
        Check("Treaty, President far left: right end", 67.0, left.treaty.right, 0.0),
        Check("Treaty, President far left: left end is the President", -1e3, left.treaty.left, 0.0),
    ]


def in_the_plane() -> list[Check]:
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
        Check("unanimity of four: corners of the hull", 4.0, float(len(core(square, 4))), 0.0),
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
