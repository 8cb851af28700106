"""Voting power: indices of the Security Council and of the Council of the European Union."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from comity.evidence.replications.base import Check, Ours, against_print, beside
from comity.models.institutions.voting_power import Power, Rule, heads, power, weighted


@dataclass(frozen=True)
class Kind:
    """Members that are alike: what they are, the position of one, the indices published."""

    what: str
    position: int
    figures: tuple[str, ...] = ("Shapley-Shubik", "Banzhaf")


@dataclass(frozen=True)
class Body:
    """A body that votes, its rule, what is published of kinds of members and of the whole.

    "power to act" is Coleman's.
    """

    name: str
    rule: Rule
    kinds: tuple[Kind, ...]
    figures: tuple[str, ...] = ()


NICE = (29,) * 4 + (27,) * 2 + (14, 13) + (12,) * 5 + (10,) * 3 + (7,) * 5 + (4,) * 5 + (3,)
COUNCIL = (
    Kind("permanent", 0, ("Shapley-Shubik", "Banzhaf", "swings", "absolute Banzhaf")),
    Kind("elected", 5, ("Shapley-Shubik", "Banzhaf", "swings", "absolute Banzhaf")),
)
BODIES = (
    Body(
        "Security Council, nine of 15 with five vetoes",
        Rule((heads(15, 9),), frozenset(range(5))),
        COUNCIL,
        ("winning coalitions", "power to act"),
    ),
    Body(
        "Security Council as a weighted rule (39; 7, 1)",
        weighted((7,) * 5 + (1,) * 10, 39),
        COUNCIL,
        ("winning coalitions", "power to act"),
    ),
    Body(
        "Security Council to 1965, seven of 11 with five vetoes",
        Rule((heads(11, 7),), frozenset(range(5))),
        (Kind("permanent", 0, ("Shapley-Shubik",)), Kind("elected", 5, ("Shapley-Shubik",))),
        ("winning coalitions",),
    ),
    Body(
        "Council of the Communities 1958",
        weighted((4, 4, 4, 2, 2, 1), 12),
        (
            Kind("4 votes", 0),
            Kind("2 votes", 3),
            Kind("Luxembourg, 1 vote", 5),
        ),
    ),
    Body(
        "Council of the Communities 1973",
        weighted((10,) * 4 + (5, 5, 3, 3, 2), 41),
        (
            Kind("10 votes", 0),
            Kind("5 votes", 4),
            Kind("3 votes", 6),
            Kind("2 votes", 8),
        ),
    ),
    Body(
        "Council of the Union 1995",
        weighted((10,) * 4 + (8,) + (5,) * 4 + (4, 4, 3, 3, 3, 2), 62),
        (
            Kind("10 votes", 0),
            Kind("8 votes", 4),
            Kind("5 votes", 5),
            Kind("4 votes", 9),
            Kind("3 votes", 11),
            Kind("2 votes", 14),
        ),
        ("winning coalitions", "power to act"),
    ),
    Body(
        "Council of the Union, treaty of Nice, weights of 27 alone",
        weighted(NICE, 255),
        (
            Kind("29 votes", 0),
            Kind("3 votes", 26),
        ),
        ("power to act",),
    ),
    Body(
        "General Assembly, two thirds of 193",
        Rule((heads(193, 129),)),
        (Kind("any member", 0),),
    ),
)


check = beside


@against_print("voting-power")
def compare(body: Body) -> list[Check | Ours]:
    """Return the checks of one body; figures that are not published are passed over."""
    found = power(body.rule)
    whole = {"winning coalitions": found.winning, "power to act": found.act}
    ours = [
        Ours(f"{body.name}: {kind.what}, {figure}", value)
        for kind in body.kinds
        for figure, value in _of_kind(kind, found).items()
        if figure in kind.figures
    ]
    ours += [Ours(f"{body.name}: {what}", whole[what]) for what in body.figures]
    total = sum(found.shapley, Fraction(0))
    return [*ours, beside(f"{body.name}: sum of the Shapley-Shubik indices", "1", total)]


def _of_kind(kind: Kind, found: Power) -> dict[str, Fraction | int]:
    i = kind.position
    return {
        "Shapley-Shubik": found.shapley[i],
        "Banzhaf": found.banzhaf[i],
        "swings": found.swings[i],
        "absolute Banzhaf": found.absolute[i],
    }


def run() -> list[Check]:
    """Compare every body; then those of today, whose weights are sourced, not their indices."""
    from comity.evidence.replications import voting_power_today

    past = [one for body in BODIES for one in compare(body)]
    return [*past, *voting_power_today.run()]
