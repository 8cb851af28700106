"""Which numbers a run draws: those of the books, and the user's own in their place."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from comity.core.errors import BadInput
from comity.core.own_numbers import Own, replaced
from comity.core.parameters import Parameter
from comity.mechanisms.catalogue import all_parameters, parameters
from comity.scenarios.scenario import Scenario


def numbers_of(
    scenarios: Iterable[Scenario], options: Collection[str], asked: Iterable[Own] = ()
) -> tuple[Parameter, ...]:
    """What a run with these options draws, with the numbers that scenarios and the user set.

    Raises
    ------
    BadInput
        Two scenarios that set one number differently, or what
        `comity.core.own_numbers.replaced` refuses.
    """
    own: dict[str, Own] = {}
    for one in (one for scenario in scenarios for one in scenario.parameters):
        if own.setdefault(one.key, one).prior != one.prior:
            raise BadInput(
                f"{one.key} is set here and, differently, at {own[one.key].where}",
                "both scenarios are in one ensemble, which draws each number once",
                "set it alike in both",
                one.where,
            )
    return replaced(parameters(options), (*own.values(), *asked), all_parameters())
