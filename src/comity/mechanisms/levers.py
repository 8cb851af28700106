"""Levers: the few general things that states can move, each declared once with unit and bounds.

A mechanism lists the levers that it obeys; scenario and strategy files are checked against them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from comity.errors import AssemblyError

Kind = Literal["dyad", "state", "membership"]


@dataclass(frozen=True)
class Lever:
    """Something that a state can move.

    Parameters
    ----------
    name
        Word used in files.
    signature
        Names of its arguments in files; the first one that is a state is the one that moves it.
    unit
        Unit of its value.
    low, high
        Bounds of the value of one move.
    sentence
        What a move does, by language (``en``, ``ja``).
    obeyed_by
        Mechanism that turns the lever into a change of the world.
    kind
        ``dyad`` (a value for a pair), ``state`` (a value for a state) or ``membership`` (a state
        and a framework, no value).
    symmetric
        True where the pair has no direction: the move holds both ways.
    """

    name: str
    signature: tuple[str, ...]
    unit: str
    low: float
    high: float
    sentence: Mapping[str, str]
    obeyed_by: str
    kind: Kind
    symmetric: bool = False

    @property
    def actor(self) -> str:
        """Argument that names who moves the lever."""
        return "state" if self.kind == "membership" else self.signature[0]


TARIFF = Lever(
    name="tariff",
    signature=("importer", "exporter"),
    unit="fraction of the value of goods",
    low=0.0,
    high=10.0,
    sentence={
        "en": "The importer adds this much to the rate that it applied in the base year to goods "
        "from the exporter.",
        "ja": "輸入国が、輸出国の財に対する基準年の適用税率にこの分を上乗せする。",
    },
    obeyed_by="trade",
    kind="dyad",
)

BARRIER = Lever(
    name="barrier",
    signature=("a", "b"),
    unit="iceberg cost factor minus 1",
    low=0.0,
    high=100.0,
    sentence={
        "en": "Trade between the two states costs this much more in both directions, without "
        "revenue for anyone.",
        "ja": "両国間の貿易費用が双方向にこの分だけ増える。どの国にも収入は生じない。",
    },
    obeyed_by="trade",
    kind="dyad",
    symmetric=True,
)

DEFENCE_SHARE = Lever(
    name="defence_share",
    signature=("state",),
    unit="fraction of GDP",
    low=-0.2,
    high=0.5,
    sentence={
        "en": "The state spends this much of its GDP on defence on top of what it would spend "
        "(below zero: less), in every year in which the move stands.",
        "ja": "その国は、措置が続く各年に、本来の防衛費に加えて国内総生産のこの割合を"
        "防衛に充てる(負の値は削減)。",
    },
    obeyed_by="armament",
    kind="state",
)

JOIN = Lever(
    name="join",
    signature=("framework", "state"),
    unit="membership",
    low=0.0,
    high=1.0,
    sentence={
        "en": "The state becomes a member of the framework.",
        "ja": "その国が枠組みに加わる。",
    },
    obeyed_by="agreements",
    kind="membership",
)

LEAVE = Lever(
    name="leave",
    signature=("framework", "state"),
    unit="membership",
    low=0.0,
    high=1.0,
    sentence={
        "en": "The state stops being a member of the framework.",
        "ja": "その国が枠組みから離れる。",
    },
    obeyed_by="agreements",
    kind="membership",
)


def by_name(levers: Iterable[Lever]) -> dict[str, Lever]:
    """Index levers by name.

    Raises
    ------
    AssemblyError
        Two different declarations of one name.
    """
    found: dict[str, Lever] = {}
    for lever in levers:
        if found.setdefault(lever.name, lever) != lever:
            raise AssemblyError(f"the lever {lever.name!r} is declared twice with different bounds")
    return found
