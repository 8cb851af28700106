"""The mechanisms of the default year, their numbers and their levers.

A mechanism stands here only with an out-of-sample score or an effect identified in a paper.
"""

from __future__ import annotations

from comity.mechanisms.agreements import Agreements, agreements_from
from comity.mechanisms.armament import Armament, armament_from
from comity.mechanisms.base import AbstractMechanism
from comity.mechanisms.growth import Growth, growth_from
from comity.mechanisms.levers import Lever
from comity.mechanisms.trade import Trade, trade_from
from comity.mechanisms.trend import Trend, trend_from
from comity.parameters import Parameter, book
from comity.world import World

CLASSES: tuple[type[AbstractMechanism], ...] = (Trend, Growth, Trade, Armament, Agreements)
BOOKS = {name: book(name) for name in dict.fromkeys(cls.book for cls in CLASSES)}
PARAMETERS: tuple[Parameter, ...] = tuple(p for numbers in BOOKS.values() for p in numbers.values())
LEVERS: tuple[Lever, ...] = tuple(lever for cls in CLASSES for lever in cls.levers)


def build_year(world: World) -> tuple[AbstractMechanism, ...]:
    """The default mechanisms for a world that went through the door."""
    return (
        trend_from(BOOKS["growth"]),
        growth_from(BOOKS["growth"]),
        trade_from(world, BOOKS["trade"]),
        armament_from(world, BOOKS["armament"]),
        agreements_from(world),
    )
