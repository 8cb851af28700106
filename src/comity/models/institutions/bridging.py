"""Which states bridge frameworks: betweenness, structural holes, links that hang on one state.

States and frameworks form a network of two kinds of nodes, an edge for each membership. A state
bridges where few others could: of two frameworks with c members in common each of the c gets 1/c.
Measures: that sum over all pairs, or between frameworks founded of late and the older ones;
betweenness in the network of both kinds [freeman1977set]; constraint in the network of states,
tied by 1 / (members - 1) for each framework shared [newman2001scientific; burt1992structural];
what is lost without the state. A large number may only mean many memberships: ranks are set
against networks drawn anew with the same number of members in each framework and of memberships of
each state [strona2014fast].
Simplified: memberships count the same, whatever a framework does. Do not trust it where the list of
frameworks was put together with one state in mind.
"""

from __future__ import annotations

import numpy as np
import rustworkx as rx
from jaxtyping import Bool, Float

from comity.core import require
from comity.core.errors import BadInput

TRADES = 5  # trades of the rewiring for each framework


def overlap(member: Bool[np.ndarray, "K N"]) -> Float[np.ndarray, "K K"]:
    """Return the number of members that two frameworks have in common; 0 on the diagonal."""
    m = member.astype(float)
    common = m @ m.T
    np.fill_diagonal(common, 0.0)
    return common


def brokerage(
    member: Bool[np.ndarray, "K N"], pair: Bool[np.ndarray, "K K"] | None = None
) -> Float[np.ndarray, " N"]:
    """Return each state's share in linking frameworks: 1/c of each pair with c common members.

    Parameters
    ----------
    member
        Who belongs to what.
    pair
        Pairs of frameworks that count, symmetric; all by default.
    """
    common = overlap(member)
    share = np.where(common > 0, 1.0 / np.where(common > 0, common, 1.0), 0.0)
    if pair is not None:
        share = share * pair
    m = member.astype(float)
    return 0.5 * np.einsum("fs,fg,gs->s", m, share, m, optimize=True)


def across(new: Bool[np.ndarray, " K"]) -> Bool[np.ndarray, "K K"]:
    """Return the pairs of a framework founded of late and an older one."""
    return new[:, None] != new[None, :]


def sole_links(
    member: Bool[np.ndarray, "K N"], pair: Bool[np.ndarray, "K K"] | None = None
) -> Float[np.ndarray, " N"]:
    """Return how many pairs of frameworks have each state as their only common member."""
    only = overlap(member) == 1
    if pair is not None:
        only &= pair
    m = member.astype(float)
    return 0.5 * np.einsum("fs,fg,gs->s", m, only.astype(float), m, optimize=True)


def graph(member: Bool[np.ndarray, "K N"]) -> rx.PyGraph:
    """Return the network of both kinds: states first, then frameworks."""
    frameworks, states = member.shape
    net = rx.PyGraph(multigraph=False)
    net.add_nodes_from(list(range(states + frameworks)))
    row, column = np.nonzero(member)
    net.add_edges_from_no_data(
        [(int(s), int(k) + states) for k, s in zip(row, column, strict=True)]
    )
    return net


def betweenness(member: Bool[np.ndarray, "K N"]) -> Float[np.ndarray, " N"]:
    """Return each state's share of shortest paths between all others [freeman1977set]."""
    found = rx.betweenness_centrality(graph(member), normalized=True, endpoints=False)
    return np.array([found[s] for s in range(member.shape[1])])


def efficiency(member: Bool[np.ndarray, "K N"]) -> float:
    """Return the mean of one over the distance between frameworks; 0 where there is no path."""
    frameworks, states = member.shape
    away = np.asarray(rx.distance_matrix(graph(member), null_value=np.inf))[states:, states:]
    off = ~np.eye(frameworks, dtype=bool)
    return float(np.mean(1.0 / away[off])) if frameworks > 1 else 0.0


def loss_without(member: Bool[np.ndarray, "K N"], state: int) -> float:
    """Return the share of the frameworks' efficiency that goes when a state leaves them all.

    Raises
    ------
    BadInput
        When there is no such state.
    """
    if not 0 <= state < member.shape[1]:
        raise BadInput(f"no state {state} among {member.shape[1]}", fix="positions count from 0")
    rest = member.copy()
    rest[:, state] = False
    before = efficiency(member)
    return 1.0 - efficiency(rest) / before if before > 0 else 0.0


def ties(member: Bool[np.ndarray, "K N"]) -> Float[np.ndarray, "N N"]:
    """Return the weight of each pair of states: 1 / (members - 1) for each framework shared."""
    m = member.astype(float)
    size = m.sum(axis=1)
    weight = np.where(size > 1, 1.0 / np.maximum(size - 1, 1), 0.0)
    tied = (m * weight[:, None]).T @ m
    np.fill_diagonal(tied, 0.0)
    return tied


def constraint(tied: Float[np.ndarray, "N N"]) -> Float[np.ndarray, " N"]:
    """Return how far a state's ties lead back to itself; low where it spans holes.

    sum_j (p_ij + sum_q p_iq p_qj)^2 over j tied to i, with p the share of i's ties
    [burt1992structural]. NaN for a state without ties.

    Raises
    ------
    BadInput
        When a tie is negative or not finite.
    """
    require.not_negative("a tie", tied)
    total = tied.sum(axis=1, keepdims=True)
    p = tied / np.where(total > 0, total, 1.0)
    through = (p + p @ p) * (tied > 0)
    return np.where(total[:, 0] > 0, (through**2).sum(axis=1), np.nan)


def rewired(
    member: Bool[np.ndarray, "K N"], rng: np.random.Generator, trades: int = TRADES
) -> Bool[np.ndarray, "K N"]:
    """Draw a network with the same sizes of frameworks and memberships of states.

    Two frameworks at a time pool the members that only one of them has and deal them out anew
    [strona2014fast].
    """
    out = member.copy()
    count = len(out)
    if count < 2:
        return out
    for _ in range(trades * count):
        f, g = rng.choice(count, 2, replace=False)
        pool = np.flatnonzero(out[f] != out[g])
        mine = int(out[f, pool].sum())
        dealt = rng.permutation(pool)
        out[f, pool], out[g, pool] = False, True
        out[f, dealt[:mine]], out[g, dealt[:mine]] = True, False
    return out


def rank(value: Float[np.ndarray, "... N"], at: int) -> Float[np.ndarray, "..."]:
    """Return the place of a state from the top, 1 for the largest; ties share the mean place.

    Raises
    ------
    BadInput
        When there is no such place.
    """
    if not 0 <= at < value.shape[-1]:
        raise BadInput(f"no place {at} among {value.shape[-1]}", fix="positions count from 0")
    own = value[..., at : at + 1]
    return np.asarray(1.0 + (value > own).sum(axis=-1) + 0.5 * ((value == own).sum(axis=-1) - 1))
