"""Who joins a club and stays: coalitions under penalties and transfers; Shapley shares.

A payoff function gives what every player gets when a given set are members, penalties that
members put on outsiders included. A coalition is stable when nobody gains by switching alone: no
member by leaving, no outsider by joining [daspremont1983stability]; a tie changes nothing. With
transfers it is stable when what members together get covers what each would get by leaving, and
no outsider's joining would leave anything to share [carraro2006optimal]. Up to 20 players every
coalition is looked at; above, `search` walks from many starts and proves nothing about the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from comity.core import require
from comity.core.errors import BadInput

MOST = 20
CHUNK = 1 << 14

Payoff = Callable[[Bool[np.ndarray, "C N"]], Float[np.ndarray, "C N"]]


@dataclass(frozen=True)
class Found:
    """Stable coalitions that a search came upon, and how many of its walks ended in one."""

    member: Bool[np.ndarray, "K N"]
    ended: int
    starts: int


def coalitions(count: int, start: int = 0, stop: int | None = None) -> Bool[np.ndarray, "C N"]:
    """Membership in the coalitions numbered from ``start`` up to ``stop`` (all by default).

    Player i is in coalition number m when bit i of m is set.

    Raises
    ------
    BadInput
        When there are more than 20 players.
    """
    require.whole("the number of players", count, 0)
    require.whole("the first coalition", start, 0)
    if count > MOST:
        raise BadInput(
            f"{count} players have too many coalitions to look at each",
            why=f"that is done up to {MOST}",
            fix="use `search` for stable coalitions, or merge players",
        )
    number = np.arange(start, 2**count if stop is None else stop)
    return (number[:, None] >> np.arange(count)) & 1 == 1


def every_payoff(payoff: Payoff, count: int) -> Float[np.ndarray, "C N"]:
    """Payoffs of all players in all coalitions, by number of the coalition."""
    table = np.empty((2**count, count))
    for start in range(0, 2**count, CHUNK):
        stop = min(start + CHUNK, 2**count)
        table[start:stop] = payoff(coalitions(count, start, stop))
    return table


def switching_gain(table: Float[np.ndarray, "C N"]) -> Float[np.ndarray, "C N"]:
    """What each player would gain in each coalition by switching: leaving or joining alone."""
    number = np.arange(len(table))
    gain = np.empty_like(table)
    for player in range(table.shape[1]):
        gain[:, player] = table[number ^ (1 << player), player] - table[:, player]
    return gain


def stable(payoff: Payoff, count: int) -> Bool[np.ndarray, "K N"]:
    """All stable coalitions of up to 20 players, by number.

    Parameters
    ----------
    payoff
        Membership (coalitions, players) -> payoffs (coalitions, players), same unit for all.
    count
        Number of players.

    Returns
    -------
    Bool[np.ndarray, "K N"]
        Membership of each stable coalition; the empty one is a row without members.

    Raises
    ------
    BadInput
        When there are more than 20 players, or a payoff is not a number.
    """
    kept = np.all(switching_gain(_numbers(every_payoff(payoff, count))) <= 0, axis=1)
    return coalitions(count)[kept]


def stable_with_transfers(payoff: Payoff, count: int) -> Bool[np.ndarray, "K N"]:
    """All coalitions of up to 20 players that some sharing of their payoffs makes stable.

    Members together get at least what each would get by leaving alone, and no outsider's joining
    would leave more than that to share [carraro2006optimal]. Payoffs must be transferable.

    Raises
    ------
    BadInput
        As `stable`.
    """
    member = coalitions(count)
    left_over = _surplus(switching_gain(_numbers(every_payoff(payoff, count))), member)
    number = np.arange(2**count)
    kept = left_over >= 0
    for player in range(count):
        joined = left_over[number | (1 << player)]
        kept &= member[:, player] | (joined <= 0)
    return member[kept]


def transfers(payoff: Payoff, member: Bool[np.ndarray, " N"]) -> Float[np.ndarray, " N"]:
    """What each member is paid so that all gain the same over leaving; sums to zero.

    Equal shares of what is left over outside options, one of the almost ideal sharing schemes
    [eyckmans2004almost]. Works for any number of players. Outsiders pay and get nothing.
    """
    inside = np.flatnonzero(member)
    alone = np.repeat(member[None], len(inside), axis=0)
    alone[np.arange(len(inside)), inside] = False
    outside = payoff(alone)[np.arange(len(inside)), inside]
    now = payoff(member[None])[0, inside]
    paid = np.zeros(len(member))
    paid[inside] = outside - now + (now - outside).mean() if len(inside) else 0.0
    return paid


def search(payoff: Payoff, count: int, starts: int = 200, steps: int = 500, seed: int = 0) -> Found:
    """Stable coalitions of any number of players that random walks end in.

    Each walk starts from a random coalition; in a step one of those who gain by switching, drawn
    evenly, does so. Finding none does not show that there is none.

    Parameters
    ----------
    payoff, count
        As for `stable`.
    starts
        Walks. The first starts with nobody inside, the second with all.
    steps
        Switches after which a walk is given up.
    seed
        Of the random numbers.

    Raises
    ------
    BadInput
        When a payoff is not a number.
    """
    chance = np.random.default_rng(seed)
    member = chance.random((starts, count)) < chance.random((starts, 1))
    member[:1], member[1:2] = False, True
    walking, ended = np.arange(starts), []
    for _ in range(steps + 1):
        gains = _gain_at(payoff, member[walking]) > 0
        still = gains.any(axis=1)
        ended.extend(walking[~still])
        walking, gains = walking[still], gains[still]
        if not len(walking):
            break
        mover = np.argmax(np.where(gains, chance.random(gains.shape), -1.0), axis=1)
        member[walking, mover] ^= True
    return Found(np.unique(member[ended], axis=0), len(ended), starts)


def shapley(value: Float[np.ndarray, " C"]) -> Float[np.ndarray, " N"]:
    """Shapley value of each player from the worth of every coalition [shapley1953value].

    Parameters
    ----------
    value
        Worth by number of the coalition, 2**N of them; that of nobody is usually 0.

    Raises
    ------
    BadInput
        When there are not 2**N worths.
    """
    count = len(value).bit_length() - 1
    if len(value) != 1 << count:
        raise BadInput(f"{len(value)} worths of coalitions", why="N players have 2**N coalitions")
    size = np.bitwise_count(np.arange(len(value)))
    orders = [math.factorial(s) * math.factorial(count - s - 1) for s in range(count)]
    weight = np.array([order / math.factorial(count) for order in orders])
    share = np.empty(count)
    for player in range(count):
        without = np.flatnonzero((np.arange(len(value)) >> player) & 1 == 0)
        adds = value[without | (1 << player)] - value[without]
        share[player] = weight[size[without]] @ adds
    return share


def shapley_shares(payoff: Payoff, member: Bool[np.ndarray, " N"]) -> Float[np.ndarray, " N"]:
    """Shapley share of each member in what a coalition of up to 20 gains over nobody's joining.

    A part of the coalition is worth what its members get when they alone are inside, less what
    they get when nobody is; the rest do not combine [chander1997core]. Outsiders get 0.

    Raises
    ------
    BadInput
        When there are more than 20 members.
    """
    inside = np.flatnonzero(member)
    parts = coalitions(len(inside))
    whole = np.zeros((len(parts), len(member)), bool)
    whole[:, inside] = parts
    nobody = payoff(whole[:1])[0, inside]
    value = np.empty(len(parts))
    for start in range(0, len(parts), CHUNK):
        piece = slice(start, start + CHUNK)
        value[piece] = ((payoff(whole[piece])[:, inside] - nobody) * parts[piece]).sum(axis=1)
    share = np.zeros(len(member))
    share[inside] = shapley(value)
    return share


def tariff_penalty(
    member: Bool[np.ndarray, "C N"],
    imports: Float[np.ndarray, "N N"],
    rate: float,
    terms_of_trade: Float[np.ndarray, " N"],
    distortion: Float[np.ndarray, " N"],
) -> Float[np.ndarray, "C N"]:
    """What a uniform tariff of members on all goods of outsiders brings and costs everybody.

    Member j gains ``rate * terms_of_trade_j - rate**2 * distortion_j`` of its imports from
    outsiders; outsider i loses ``rate * terms_of_trade_j`` of its sales to each member j
    [nordhaus2015climate].

    Parameters
    ----------
    member
        Coalitions by players.
    imports
        Sales of the row's player to the column's, any currency; the diagonal does not count.
    rate
        Tariff, fraction of the price.
    terms_of_trade, distortion
        First- and second-order coefficients of each importer, per unit of imports.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.not_negative("imports", imports)
    require.not_negative("the tariff", rate)
    require.finite("the terms of trade", terms_of_trade)
    require.finite("the distortion", distortion)
    abroad = imports * ~np.eye(len(imports), dtype=bool)
    per_unit = rate * terms_of_trade - rate**2 * distortion
    taxed = (~member).astype(float) @ abroad
    hit = member.astype(float) @ (rate * terms_of_trade * abroad).T
    return np.where(member, taxed * per_unit, -hit)


def _numbers(table: Float[np.ndarray, "C N"]) -> Float[np.ndarray, "C N"]:
    """The payoffs; refused when one is not a number, which no comparison would notice."""
    if np.isnan(table).any():
        raise BadInput(
            "a payoff is not a number",
            why="whether a player would switch cannot be told",
            fix="give every player a payoff in every coalition",
        )
    return table


def _surplus(
    gain: Float[np.ndarray, "C N"], member: Bool[np.ndarray, "C N"]
) -> Float[np.ndarray, " C"]:
    """What members together have over their outside options."""
    return -np.where(member, gain, 0.0).sum(axis=1)


def _gain_at(payoff: Payoff, member: Bool[np.ndarray, "C N"]) -> Float[np.ndarray, "C N"]:
    """What each player gains by switching, in these coalitions alone."""
    gain = -_numbers(payoff(member))
    for player in range(member.shape[1]):
        other = member.copy()
        other[:, player] ^= True
        gain[:, player] += _numbers(payoff(other))[:, player]
    return gain
