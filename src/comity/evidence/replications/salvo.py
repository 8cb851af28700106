"""Two worked battles of salvos, formulas by chance against adding up and drawing, and laws.

Excursion A3 of Tiah (2007) is as coded by others: the thesis was not read. Of the Coral Sea
(Armstrong and Powell 2005) inputs and results were read in a review by others, inputs in code as
well. How the paper approximates is not known to us: what is compared is the middle of three
readings, with half of what lies between them as tolerance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np

from comity.evidence.replications.base import Check, Ours, against_print
from comity.models.force import attrition
from comity.models.force.salvo import (
    Fleet,
    Losses,
    armstrong,
    battle,
    enumerated,
    exchange_ratio,
    losses,
    simulated,
)

# Tiah: reliability of launch, chance to hit, part of the other side that is found; share stopped.
LAUNCH, HIT, FOUND, STOPPED = 0.9, 0.7, 0.6, 0.68
DRAWS, SEED = 200_000, 2005
LAWS = {
    "square": attrition.SQUARE,
    "linear": attrition.LINEAR,
    "logarithmic": attrition.LOGARITHMIC,
    "mixed": attrition.MIXED,
}


@dataclass(frozen=True)
class Volley:
    """A salvo at a force, as `armstrong` takes it."""

    launched: int
    arrive: float
    met: int
    stop: float
    units: float
    loss: float
    spread: float


# Squadrons that attack and squadrons that defend; a hit takes a carrier, more or less.
ON_AMERICAN = Volley(4, 0.6429, 2, 0.2857, 2.0, 1.0, 0.3333)
ON_JAPANESE = Volley(6, 0.4762, 2, 0.4286, 2.0, 1.0, 0.3333)


@against_print("salvo")
def run() -> list[Check | Ours]:
    """Both battles, then what must hold."""
    return [*_tiah(), *_coral_sea(), *_formulas(), *_laws()]


def tiah() -> tuple[Fleet, Fleet]:
    """Four frigates and twelve corvettes of excursion A3, and what they fire and meet."""
    aimed = LAUNCH * HIT * FOUND
    blue = Fleet(*(np.array([x]) for x in (4.0, 8 * aimed, 6.0, 1.5, STOPPED)))
    red = Fleet(*(np.array([x]) for x in (12.0, 4 * aimed, 2.0, 1.0, STOPPED)))
    return blue, red


def readings(volley: Volley) -> list[Losses]:
    """Losses added up, added up with every hit alike, and in closed form."""
    given = vars(volley)
    return [enumerated(**given), enumerated(**given | {"spread": 0.0}), armstrong(**given)]


def grid() -> list[Volley]:
    """Salvos over the corners of the ranges in which Kesler and others (2019) ran the model."""
    return [
        Volley(units * each, arrive, units * cover, stop, float(units), loss, 0.4 * loss)
        for units, each, arrive, cover, stop, loss in product(
            (9, 18), (2, 4), (0.5, 1.0), (1, 2), (0.5, 1.0), (0.25, 0.5)
        )
    ]


def _tiah() -> list[Ours]:
    blue, red = tiah()
    found = battle(blue, red, 2)
    left_blue, left_red = found.a[:, 0], found.b[:, 0]
    return [
        Ours("A3, pulse 1: Blue left (%)", float(100 * left_blue[1] / left_blue[0])),
        Ours("A3, pulse 1: Red left (%)", float(100 * left_red[1] / left_red[0])),
        Ours("A3, pulse 2: Blue left (%)", float(100 * left_blue[2] / left_blue[0])),
        Ours("A3, pulse 2: Red left (%)", float(100 * left_red[2] / left_red[0])),
        Ours("A3, pulse 2: Red left (ships)", float(left_red[2])),
    ]


def _coral_sea() -> list[Ours]:
    """Every case added up, beside a print known at second hand."""
    american, japanese = readings(ON_AMERICAN)[0], readings(ON_JAPANESE)[0]
    figures = {
        "American carriers lost": float(american.mean),
        "Japanese carriers lost": float(japanese.mean),
        "both American carriers lost (%)": 100 * float(american.all),
    }
    return [Ours(f"Coral Sea: {what}", value, stated=True) for what, value in figures.items()]


def _formulas() -> list[Check]:
    """Closed forms less the sum over cases; draws less the sum, in standard errors."""
    cases = (ON_AMERICAN, ON_JAPANESE, *grid())
    closed = [armstrong(**vars(one)) for one in cases]
    summed = [enumerated(**vars(one)) for one in cases]
    drawn = simulated(**vars(ON_JAPANESE), draws=DRAWS, generator=np.random.default_rng(SEED))
    exact = summed[1]

    def gap(name: str) -> float:
        both = zip(closed, summed, strict=True)
        return max(float(abs(getattr(c, name) - getattr(s, name))) for c, s in both)

    def part(name: str) -> float:
        rows = zip(closed, summed, cases, strict=True)
        return max(float(abs(getattr(c, name) - getattr(s, name))) / v.units for c, s, v in rows)

    error = float(exact.sd) / math.sqrt(DRAWS)
    return [
        Check("net missiles: mean by formula less sum over cases", 0.0, gap("net_mean"), 1e-9),
        Check("net missiles: variance, likewise", 0.0, gap("net_variance"), 1e-9),
        Check("potential loss: mean, likewise", 0.0, gap("potential_mean"), 1e-9),
        Check("potential loss: variance, likewise", 0.0, gap("potential_variance"), 0.01),
        Check("loss: mean in closed form less sum (share of force)", 0.0, part("mean"), 0.02),
        Check("loss: sd, likewise", 0.0, part("sd"), 0.02),
        Check(
            "loss: mean of draws less sum (standard errors)",
            0.0,
            float(drawn.mean - exact.mean) / error,
            4.0,
        ),
        Check(
            "loss: sd of draws over that of sum, less one",
            0.0,
            float(drawn.sd / exact.sd) - 1.0,
            4.0 / math.sqrt(2 * DRAWS),
        ),
    ]


def _laws() -> list[Check]:
    """Hughes: twice as good in all and half as many are a match. Lanchester: what is constant."""
    many, few = np.array([6.0]), np.array([3.0])
    strike, defence, staying, every = (np.array([x]) for x in (3.0, 2.0, 4.0, 1.0))
    on_many = losses(few, 2 * strike, many, defence, staying, every)
    on_few = losses(many, strike, few, 2 * defence, 2 * staying, every)
    ratio = float(exchange_ratio(on_few, few, on_many, many)[0])
    return [
        Check("half as many, twice as good in all: exchange ratio", 1.0, ratio, 1e-12),
        *(
            Check(f"{name} law: what is constant, largest drift", 0.0, drift(law), 1e-9)
            for name, law in LAWS.items()
        ),
    ]


def drift(law: attrition.Law) -> float:
    """Largest change of what a law keeps constant while both fight, as a part of its terms."""
    a, b, rate_a, rate_b = 1.0, 0.8, 1.1, 1.3
    path = attrition.fight(np.linspace(0.0, 0.5, 6), a, b, rate_a, rate_b, law)
    constant = attrition.invariant(path.a, path.b, rate_a, rate_b, law)
    return float(np.abs(constant - constant[0]).max() / max(rate_a * a, rate_b * b))
