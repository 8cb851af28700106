"""Voting power: indices of the Security Council and of the Council of the European Union."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from comity.evidence.replications.base import Check
from comity.models.institutions.voting_power import Power, Rule, heads, power, weighted


@dataclass(frozen=True)
class Kind:
    """Members that are alike: what they are, the position of one, the indices published.

    Numbers as printed: fractions and whole numbers are exact, decimals rounded.
    """

    what: str
    position: int
    shapley: str
    banzhaf: str = ""
    swings: str = ""
    absolute: str = ""


@dataclass(frozen=True)
class Body:
    """A body that votes, its rule, the numbers published; ``act`` is Coleman's power to act."""

    name: str
    rule: Rule
    kinds: tuple[Kind, ...]
    winning: str = ""
    act: str = ""


NICE = (29,) * 4 + (27,) * 2 + (14, 13) + (12,) * 5 + (10,) * 3 + (7,) * 5 + (4,) * 5 + (3,)
COUNCIL = (
    Kind("permanent", 0, "421/2145", "0.166929", "848", "0.051758"),
    Kind("elected", 5, "4/2145", "0.016535", "84", "0.005127"),
)
BODIES = (
    Body(
        "Security Council, nine of 15 with five vetoes",
        Rule((heads(15, 9),), frozenset(range(5))),
        COUNCIL,
        "848",
        "0.025879",
    ),
    Body(
        "Security Council as a weighted rule (39; 7, 1)",
        weighted((7,) * 5 + (1,) * 10, 39),
        COUNCIL,
        "848",
        "0.025879",
    ),
    Body(
        "Security Council to 1965, seven of 11 with five vetoes",
        Rule((heads(11, 7),), frozenset(range(5))),
        (Kind("permanent", 0, "76/385"), Kind("elected", 5, "1/462")),
        "57",
    ),
    Body(
        "Council of the Communities 1958",
        weighted((4, 4, 4, 2, 2, 1), 12),
        (
            Kind("4 votes", 0, "7/30", "5/21"),
            Kind("2 votes", 3, "3/20", "1/7"),
            Kind("Luxembourg, 1 vote", 5, "0", "0"),
        ),
    ),
    Body(
        "Council of the Communities 1973",
        weighted((10,) * 4 + (5, 5, 3, 3, 2), 41),
        (
            Kind("10 votes", 0, "0.1786", "0.1672"),
            Kind("5 votes", 4, "0.0810", "0.0915"),
            Kind("3 votes", 6, "0.0571", "0.0662"),
            Kind("2 votes", 8, "0.0095", "0.0158"),
        ),
    ),
    Body(
        "Council of the Union 1995",
        weighted((10,) * 4 + (8,) + (5,) * 4 + (4, 4, 3, 3, 3, 2), 62),
        (
            Kind("10 votes", 0, "0.1167", "0.1116"),
            Kind("8 votes", 4, "0.0955", "0.0924"),
            Kind("5 votes", 5, "0.0552", "0.0587"),
            Kind("4 votes", 9, "0.0454", "0.0479"),
            Kind("3 votes", 11, "0.0353", "0.0359"),
            Kind("2 votes", 14, "0.0207", "0.0226"),
        ),
        "2549",
        "0.0778",
    ),
    Body(
        "Council of the Union, treaty of Nice, weights of 27 alone",
        weighted(NICE, 255),
        (
            Kind("29 votes", 0, "0.08674", "0.07783"),
            Kind("3 votes", 26, "0.00818", "0.00942"),
        ),
        act="0.02026",
    ),
    Body(
        "General Assembly, two thirds of 193",
        Rule((heads(193, 129),)),
        (Kind("any member", 0, "1/193", "1/193"),),
    ),
)


def check(what: str, published: str, ours: Fraction | int) -> Check:
    """Compare with a number as printed: exactly, or to half of a decimal's last digit."""
    want, value = Fraction(published), float(ours)
    if "." in published:
        digits = len(published.partition(".")[2])
        return Check(what, float(want), value, 0.5 * 10.0**-digits)
    same = ours == want
    # Two fractions may round to one float: those that differ must not pass for equal.
    return Check(what, float(want), value if same or value != float(want) else math.nan, 0.0)


def compare(body: Body) -> list[Check]:
    """Return the checks of one body; figures that are not published are passed over."""
    found = power(body.rule)
    pairs = [
        *(pair for kind in body.kinds for pair in _of_kind(kind, found)),
        ("winning coalitions", body.winning, found.winning),
        ("power to act", body.act, found.act),
        ("sum of the Shapley-Shubik indices", "1", sum(found.shapley, Fraction(0))),
    ]
    return [check(f"{body.name}: {what}", text, ours) for what, text, ours in pairs if text]


def _of_kind(kind: Kind, found: Power) -> list[tuple[str, str, Fraction | int]]:
    """Return what is published of a kind of member beside ours."""
    i = kind.position
    return [
        (f"{kind.what}, Shapley-Shubik {kind.shapley}", kind.shapley, found.shapley[i]),
        (f"{kind.what}, Banzhaf {kind.banzhaf}", kind.banzhaf, found.banzhaf[i]),
        (f"{kind.what}, swings", kind.swings, found.swings[i]),
        (f"{kind.what}, absolute Banzhaf", kind.absolute, found.absolute[i]),
    ]


def run() -> list[Check]:
    """Compare every body; then those of today, whose weights are sourced, not their indices."""
    from comity.evidence.replications import voting_power_today

    past = [one for body in BODIES for one in compare(body)]
    return [*past, *voting_power_today.run()]
