"""Which networks of alliances keep the peace and hold: Jackson and Nei (2015).

A country is vulnerable where some country and allies of it outweigh the country and those of its
own allies that are not among the attackers, by more than the defender's advantage. A network is
war-stable when nobody is vulnerable (S1), nobody would become so by one more alliance (S2), and
both ends of every alliance would become so without it (S3): alliances cost something, so one that
protects nobody is dropped. No network with an alliance in it is war-stable [jackson2015networks].

With trade, countries have a utility from the network and an attack also costs the attackers their
trade with the victim. A country is vulnerable despite trade where every attacker is at least as
well off by spoils less lost trade, and one is better off; an alliance is kept where it pays or
protects, and added where one end is better off by it and the other no worse.
Simplified: strengths add up, wars are sure things, spoils are shared equally by the attackers.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
from jaxtyping import Bool, Float, Int

from comity.core.errors import BadInput

MOST_COUNTRIES, MOST_ENUMERATED = 12, 6

Utility = Callable[[Bool[np.ndarray, "G N N"]], Float[np.ndarray, "G N"]]


def pairs(count: int) -> Int[np.ndarray, "P 2"]:
    """Pairs of countries (i < j) in the order in which networks are numbered."""
    return np.array(list(combinations(range(count), 2)), int).reshape(-1, 2)


def all_networks(count: int) -> Bool[np.ndarray, "G N N"]:
    """Every network of up to six countries: number g has pair e allied when its bit e is set.

    Raises
    ------
    BadInput
        When there are more than six countries.
    """
    if count > MOST_ENUMERATED:
        raise BadInput(
            f"{count} countries have too many networks to look at each",
            why=f"that is done up to {MOST_ENUMERATED}",
            fix="ask about one network with `is_war_stable` or `is_trade_stable`",
        )
    first, second = pairs(count).T
    number = np.arange(2 ** len(first))
    allied = np.zeros((len(number), count, count), bool)
    allied[:, first, second] = (number[:, None] >> np.arange(len(first))) & 1 == 1
    return allied | allied.transpose(0, 2, 1)


def vulnerable(
    networks: Bool[np.ndarray, "G N N"], strength: Float[np.ndarray, " N"], advantage: float
) -> Bool[np.ndarray, "G N"]:
    """Whether each country can be beaten in each network.

    Parameters
    ----------
    networks
        Symmetric; who is allied with whom. At most 12 countries.
    strength
        Military strength, any unit, not negative.
    advantage
        By what the defenders' strength counts; above 1 it favours defence.

    Raises
    ------
    BadInput
        When a network is not symmetric or has too many countries, or a number makes no sense.
    """
    closed = _closed(networks, strength, advantage)
    may = _may_attack(closed)
    return np.stack(
        [_beaten(may, closed, strength, advantage, i).any(axis=1) for i in range(len(strength))],
        axis=1,
    )


def vulnerable_despite_trade(
    networks: Bool[np.ndarray, "G N N"],
    strength: Float[np.ndarray, " N"],
    advantage: float,
    utility: Utility,
    spoils: Float[np.ndarray, " N"],
) -> Bool[np.ndarray, "G N"]:
    """Whether each country can be beaten by attackers who would gain from it.

    Parameters
    ----------
    networks, strength, advantage
        As for `vulnerable`.
    utility
        Networks -> utility of each country; that of peace, with the costs of alliances in it.
    spoils
        What conquering each country is worth to its attackers together, in utility.

    Raises
    ------
    BadInput
        As `vulnerable`.
    """
    closed = _closed(networks, strength, advantage)
    may = _may_attack(closed)
    count = len(strength)
    group = np.arange(2**count)
    size = np.maximum(np.bitwise_count(group), 1)
    before = utility(networks)
    found = np.zeros((len(networks), count), bool)
    for victim in range(count):
        rest = networks.copy()
        rest[:, victim, :] = rest[:, :, victim] = False
        lost = before - utility(rest)
        willing = _beaten(may, closed, strength, advantage, victim)
        better = np.zeros_like(willing)
        for country in range(count):
            inside = (group >> country) & 1 == 1
            share, loss = spoils[victim] / size[inside], lost[:, country, None]
            willing[:, inside] &= share >= loss
            better[:, inside] |= share > loss
        found[:, victim] = (willing & better).any(axis=1)
    return found


def war_stable(strength: Float[np.ndarray, " N"], advantage: float) -> Bool[np.ndarray, " G"]:
    """Which of all networks of up to six countries are war-stable; number 0 has no alliance.

    Raises
    ------
    BadInput
        As `all_networks` and `vulnerable`.
    """
    networks = all_networks(len(strength))
    exposed = vulnerable(networks, strength, advantage)
    return _war_rule(networks, exposed, exposed[_neighbours(len(strength))])


def trade_stable(
    strength: Float[np.ndarray, " N"],
    advantage: float,
    utility: Utility,
    spoils: Float[np.ndarray, " N"],
) -> Bool[np.ndarray, " G"]:
    """Which of all networks of up to six countries are war-and-trade-stable.

    Raises
    ------
    BadInput
        As `all_networks` and `vulnerable`.
    """
    networks = all_networks(len(strength))
    exposed = vulnerable_despite_trade(networks, strength, advantage, utility, spoils)
    after = _neighbours(len(strength))
    level = utility(networks)
    return _trade_rule(networks, exposed, exposed[after], level[after] - level[:, None])


def is_war_stable(
    network: Bool[np.ndarray, "N N"], strength: Float[np.ndarray, " N"], advantage: float
) -> bool:
    """Whether one network of up to twelve countries is war-stable.

    Raises
    ------
    BadInput
        As `vulnerable`.
    """
    near = _with_changes(network)
    exposed = vulnerable(near, strength, advantage)
    return bool(_war_rule(near[:1], exposed[:1], exposed[None, 1:])[0])


def is_trade_stable(
    network: Bool[np.ndarray, "N N"],
    strength: Float[np.ndarray, " N"],
    advantage: float,
    utility: Utility,
    spoils: Float[np.ndarray, " N"],
) -> bool:
    """Whether one network of up to twelve countries is war-and-trade-stable.

    Raises
    ------
    BadInput
        As `vulnerable`.
    """
    near = _with_changes(network)
    exposed = vulnerable_despite_trade(near, strength, advantage, utility, spoils)
    level = utility(near)
    pays = level[None, 1:] - level[:1, None]
    return bool(_trade_rule(near[:1], exposed[:1], exposed[None, 1:], pays)[0])


def _war_rule(
    networks: Bool[np.ndarray, "G N N"],
    exposed: Bool[np.ndarray, "G N"],
    after: Bool[np.ndarray, "G P N"],
) -> Bool[np.ndarray, " G"]:
    """S1 to S3, from who is vulnerable now and after each pair is changed."""
    allied, ends = _ends(networks, after)
    held = np.where(allied, ends.all(axis=2), ~after.any(axis=2))
    return np.logical_and(held.all(axis=1), ~exposed.any(axis=1))


def _trade_rule(
    networks: Bool[np.ndarray, "G N N"],
    exposed: Bool[np.ndarray, "G N"],
    after: Bool[np.ndarray, "G P N"],
    pays: Float[np.ndarray, "G P N"],
) -> Bool[np.ndarray, " G"]:
    """The same with trade; ``pays`` is the change of utility from each change of a pair."""
    allied, ends = _ends(networks, after)
    gain = _ends(networks, pays)[1]
    kept = ((gain <= 0) | ends).all(axis=2)
    wanted = (gain >= 0).all(axis=2) & (gain > 0).any(axis=2)
    held = np.where(allied, kept, ~wanted & ~after.any(axis=2))
    return np.logical_and(held.all(axis=1), ~exposed.any(axis=1))


def _ends(
    networks: Bool[np.ndarray, "G N N"], values: np.ndarray
) -> tuple[Bool[np.ndarray, "G P"], np.ndarray]:
    """Whether each pair is allied, and the values (G, P, N) of its two ends (G, P, 2)."""
    both = pairs(networks.shape[1])
    first, second = both.T
    return networks[:, first, second], values[:, np.arange(len(both))[:, None], both]


def _neighbours(count: int) -> Int[np.ndarray, "G P"]:
    """Number of the network that each change of a pair leads to from each network."""
    number = np.arange(2 ** len(pairs(count)))
    return number[:, None] ^ (1 << np.arange(len(pairs(count))))


def _with_changes(network: Bool[np.ndarray, "N N"]) -> Bool[np.ndarray, "G N N"]:
    """The network, then the networks with one pair changed, in the order of the pairs."""
    first, second = pairs(len(network)).T
    near = np.repeat(network[None], len(first) + 1, axis=0)
    one = np.arange(len(first))
    near[one + 1, first, second] ^= True
    near[one + 1, second, first] ^= True
    return near


def _closed(
    networks: Bool[np.ndarray, "G N N"], strength: Float[np.ndarray, " N"], advantage: float
) -> Int[np.ndarray, "G N"]:
    """Each country and its allies as a set of bits, after a look at what was given."""
    count = len(strength)
    if count > MOST_COUNTRIES or networks.shape[1] != count:
        raise BadInput(
            f"{networks.shape[1]} countries in the network and {count} strengths",
            why=f"they must agree and be at most {MOST_COUNTRIES}",
        )
    if not (np.array_equal(networks, networks.transpose(0, 2, 1)) and 0 < advantage < np.inf):
        raise BadInput("an alliance goes one way only, or the defender's advantage is not above 0")
    if not (np.isfinite(strength) & (strength >= 0)).all():
        raise BadInput("a strength is negative or not a number", fix="give all of them")
    itself = np.eye(count, dtype=bool)
    return (networks | itself) @ (1 << np.arange(count))


def _may_attack(closed: Int[np.ndarray, "G N"]) -> Bool[np.ndarray, "G C"]:
    """Which sets of countries have a member allied with all the others of the set."""
    count = closed.shape[1]
    group = np.arange(2**count)
    found = np.zeros((len(closed), len(group)), bool)
    for leader in range(count):
        led = (group >> leader) & 1 == 1
        found[:, led] |= group[led] & ~closed[:, leader, None] == 0
    return found


def _beaten(
    may: Bool[np.ndarray, "G C"],
    closed: Int[np.ndarray, "G N"],
    strength: Float[np.ndarray, " N"],
    advantage: float,
    victim: int,
) -> Bool[np.ndarray, "G C"]:
    """Which sets of countries may attack a country that is not among them, and win."""
    group = np.arange(2 ** len(strength))
    power = ((group[:, None] >> np.arange(len(strength))) & 1) @ strength
    outside = (group >> victim) & 1 == 0
    defence = power[closed[:, victim, None] & ~group]
    return may & outside & (power > advantage * defence)
