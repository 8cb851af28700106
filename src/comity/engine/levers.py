"""Levers: the few general things that states can move, each declared once with unit and bounds.

A mechanism lists the levers that it obeys; scenario and strategy files are checked against them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from comity.core.errors import AssemblyError

Kind = Literal["dyad", "state", "membership", "framework", "category"]


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
        ``dyad`` (a value for a pair), ``state`` (a value for a state), ``membership`` (a state
        and a framework), ``framework`` (a value for a framework) or ``category`` (a state and one
        of the labels of an axis).
    symmetric
        True where the pair has no direction: the move holds both ways.
    valued
        False where a move takes no value, as in joining a framework.
    axis
        Name of the axis in `comity.registry.axes` that a ``category`` lever runs over.
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
    valued: bool = True
    axis: str = ""

    @property
    def actor(self) -> str:
        """Argument that names who moves the lever."""
        return "state" if self.kind == "membership" else self.signature[0]

    @property
    def sides(self) -> tuple[str, ...]:
        """Arguments that name states."""
        return tuple(name for name in self.signature if name not in ("framework", self.axis))


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
    valued=False,
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
    valued=False,
)


SANCTION = Lever(
    name="sanction",
    signature=("sender", "target"),
    unit="share of trade forbidden",
    low=0.0,
    high=1.0,
    sentence={
        "en": "The sender forbids this share of its trade with the target; part of what is "
        "forbidden finds a way.",
        "ja": "発動国が対象国との貿易のこの割合を禁じる。禁じた分の一部は抜け道を通る。",
    },
    obeyed_by="sanctions",
    kind="dyad",
)

FORCES = Lever(
    name="forces",
    signature=("sender", "host"),
    unit="thousand persons",
    low=-500.0,
    high=500.0,
    sentence={
        "en": "The sender stations this many more persons in the host (below zero: fewer).",
        "ja": "派遣国が受入国に駐留させる人員をこの数だけ増やす(負の値は削減)。",
    },
    obeyed_by="commitment",
    kind="dyad",
)

COMMITMENT = Lever(
    name="commitment",
    signature=("patron", "client"),
    unit="from -1 (given up) to 1 (as firm as any)",
    low=-1.0,
    high=1.0,
    sentence={
        "en": "The patron says and plans more (below zero: less) for the defence of the client.",
        "ja": "後ろ盾の国が被保護国の防衛への関与を言明と計画の両面で強める(負の値は弱める)。",
    },
    obeyed_by="commitment",
    kind="dyad",
)

ALLIANCE = Lever(
    name="alliance",
    signature=("a", "b"),
    unit="1 makes a defence pact, -1 ends one",
    low=-1.0,
    high=1.0,
    sentence={
        "en": "The two states make a defence pact, or end the one they have.",
        "ja": "両国が防衛条約を結ぶ、または既存の条約を終わらせる。",
    },
    obeyed_by="commitment",
    kind="dyad",
    symmetric=True,
)

FOUND = Lever(
    name="found",
    signature=("framework", "state"),
    unit="membership",
    low=0.0,
    high=1.0,
    sentence={
        "en": "The state founds a framework that does not exist yet, with the others named.",
        "ja": "その国が、ほかの国とともにまだない枠組みを創設する。",
    },
    obeyed_by="frameworks",
    kind="membership",
    valued=False,
)

DEEPEN = Lever(
    name="deepen",
    signature=("framework", "state"),
    unit="from 0 (as it is) to 1 (as deep as the deepest of its kind)",
    low=-1.0,
    high=1.0,
    sentence={
        "en": "The member takes on deeper obligations in the framework.",
        "ja": "加盟国が枠組みの中でより深い義務を引き受ける。",
    },
    obeyed_by="frameworks",
    kind="membership",
)

DECISION_RULE = Lever(
    name="decision_rule",
    signature=("framework",),
    unit="vetoes needed to block, beyond today's",
    low=0.0,
    high=5.0,
    sentence={
        "en": "Blocking a decision of the framework takes this many more vetoes.",
        "ja": "枠組みの決定を阻むために必要な拒否権の数がこの分だけ増える。",
    },
    obeyed_by="council",
    kind="framework",
)

LEADERSHIP = Lever(
    name="leadership",
    signature=("state",),
    unit="from -1 (leaves commitments) to 1 (keeps and takes up again)",
    low=-1.0,
    high=1.0,
    sentence={
        "en": "The state's government changes to one of this type; a type is a set of acts.",
        "ja": "その国の政府がこの類型のものに代わる。類型とは行為の集まりである。",
    },
    obeyed_by="leadership",
    kind="state",
)

ENGAGE = Lever(
    name="engage",
    signature=("state", "domain"),
    unit="from -1 (withdraws) to 1 (engages in full)",
    low=-1.0,
    high=1.0,
    sentence={
        "en": "The state keeps more (below zero: fewer) of its commitments in the domain.",
        "ja": "その国が当該分野の約束をより多く守る(負の値はより少なく)。",
    },
    obeyed_by="leadership",
    kind="category",
    axis="domain",
)

CHECKS = Lever(
    name="checks",
    signature=("state", "channel"),
    unit="log-odds that an act survives",
    low=-5.0,
    high=5.0,
    sentence={
        "en": "Parliament, courts and administration stop fewer acts of the government through "
        "the channel (below zero: more).",
        "ja": "議会・裁判所・行政が、この経路による政府の行為を止めることが減る(負の値は増える)。",
    },
    obeyed_by="checks",
    kind="category",
    axis="channel",
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
