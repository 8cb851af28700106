"""What CPTPP, IPEF and a sanction are worth to whom, in the world of the base year.

``python -m comity.evidence.studies.framework_gains`` prints the tables of the page; the Shapley
shares of the twelve CPTPP members look at all 4,096 coalitions and take some minutes.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from numpy import ndarray

from comity.core.errors import CoverageWarning
from comity.core.parameters import book
from comity.models.institutions import club
from comity.models.institutions import framework_worth as worth
from comity.models.trade.trade_equilibrium import calibrate
from comity.registry.frameworks import members
from comity.world.given import door
from comity.world.regions import coarsen, default_focus
from comity.world.snapshot import load_world, table

ALSO = ("BRN", "CRI", "ECU", "FJI", "PER", "URY")
CANDIDATES = ("CRI", "URY", "ECU", "IDN", "PHL", "ARE", "UKR", "CHN", "TWN", "KOR", "THA", "USA")
SENDERS = ("USA", "EU", "JPN", "GBR", "KOR", "CAN", "AUS", "CHE")
EUROPE = ("DEU", "ESP", "FRA", "ITA", "NLD", "POL", "R_EEU", "R_NWE", "R_SEU")


@dataclass(frozen=True)
class Scene:
    """A coarse world as `models.institutions.framework_worth` takes it, and who stands where."""

    states: tuple[str, ...]
    setting: worth.Setting

    def at(self, names: tuple[str, ...]) -> ndarray:
        """Return positions of states."""
        return np.array([self.states.index(name) for name in names])

    def inside(self, names: tuple[str, ...]) -> Float[ndarray, " N"]:
        """Return 1 for these states."""
        return np.isin(self.states, names).astype(float)


def scene(framework: str) -> Scene:
    """Return the world at the end of the base year with the members of a framework as players.

    A pair has its agreement by this framework alone where the year in which theirs came into
    force is the year in which the second of the two joined.
    """
    numbers = book("trade")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        world, _ = door(coarsen(load_world(), sorted({*default_focus(), *ALSO})))
    states = world.states
    inside = tuple(m for m in members(framework) if m in states)
    spells = table("memberships").query("framework == @framework")
    joined = spells.groupby("state")["since"].max()
    own = np.zeros((len(states), len(states)))
    for row in table("agreements").itertuples():
        a, b = str(row.a), str(row.b)
        if a in inside and b in inside and row.since == max(joined[a], joined[b]):
            i, j = states.index(a), states.index(b)
            own[i, j] = own[j, i] = 1.0
    foreign = 1.0 - jnp.eye(world.count)
    base = calibrate(world.sales, foreign * world.goods * world.tariff, world.value_added_share)
    players = np.array([states.index(m) for m in inside])
    return Scene(
        states,
        worth.Setting(
            base,
            jnp.asarray(numbers["elasticity"].value),
            jnp.asarray(numbers["agreement_effect"].value),
            world.agreement,
            jnp.asarray(own),
            players,
        ),
    )


def enlargement(at: Scene, candidates: tuple[str, ...] = CANDIDATES) -> pd.DataFrame:
    """Return what each candidate's joining gives every member and the candidate, % of consumption.

    One row a candidate; ``own`` is the candidate's gain, ``all`` that of all members together in
    billion USD a year, ``worst`` the member that gains least.
    """
    players = at.setting.players
    names = [at.states[p] for p in players]
    inside = np.zeros(len(at.states))
    inside[players] = 1.0
    gain = worth.accession_gains(at.setting, inside, at.at(candidates))
    final = np.asarray(at.setting.base.final)
    found = pd.DataFrame(100 * gain[:, players], index=list(candidates), columns=names)
    least = found.idxmin(axis=1)
    return found.assign(
        own=[100 * gain[k, at.states.index(c)] for k, c in enumerate(candidates)],
        all=(gain[:, players] * final[players]).sum(axis=1) / 1000,
        worst=least,
        block=(found < -0.01).sum(axis=1),
    )


def open_door(at: Scene, candidates: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the stable sets of newcomers if members let in whoever wants in.

    No newcomer gains by leaving alone, no candidate outside by joining alone.
    """
    inside = np.zeros(len(at.states))
    inside[at.setting.players] = 1.0
    newcomers = at.setting._replace(players=at.at(candidates))
    found = club.stable(worth.payoff(newcomers, inside), len(candidates))
    return [tuple(c for c, x in zip(candidates, row, strict=True) if x) for row in found]


def shares(at: Scene) -> pd.DataFrame:
    """Return each member's gain from the framework and its Shapley share of all gains, bn USD."""
    get = worth.payoff(at.setting)
    count = len(at.setting.players)
    everyone = np.ones(count, bool)
    alone = get(np.zeros((1, count), bool))[0]
    # The world as it is holds the framework: what is lost without it, members get from it.
    found = pd.DataFrame(
        {
            "gain": -alone / 1000,
            "gain, %": -100 * alone / np.asarray(at.setting.base.final)[at.setting.players],
            "shapley": club.shapley_shares(get, everyone) / 1000,
        },
        index=[at.states[p] for p in at.setting.players],
    )
    return found


def market_access(names: tuple[str, ...], at: Scene) -> pd.DataFrame:
    """Return what an agreement among these states would give each, % of consumption and bn USD.

    IPEF gives none; this says what it would be worth if it did.
    """
    still = at.setting._replace(own=jnp.zeros_like(at.setting.own))
    change = worth.consumption(still, jnp.asarray(at.inside(names))[None])[0] - 1.0
    where = at.at(names)
    return pd.DataFrame(
        {
            "%": 100 * change[where],
            "bn USD": change[where] * np.asarray(at.setting.base.final)[where] / 1000,
        },
        index=list(names),
    )


def sanction(
    at: Scene, target: str, barrier: float, value: float
) -> tuple[Bool[ndarray, "K P"], tuple[str, ...]]:
    """Return the stable coalitions of senders against a target, Europe as one of them.

    ``value`` is what all senders together find a dollar of the target's loss worth.
    """
    europe = [at.states.index(e) for e in EUROPE if e in at.states]
    senders = tuple(s for s in SENDERS)
    single = at.at(tuple(s for s in senders if s != "EU"))
    goal = at.states.index(target)
    count = len(at.states)
    members_of = club.coalitions(len(senders))
    base = at.setting.base
    final = np.asarray(base.final)
    wall = np.zeros((len(members_of), count, count))
    taking = np.zeros((len(members_of), count))
    taking[:, single] = members_of[:, [k for k, s in enumerate(senders) if s != "EU"]]
    taking[:, europe] = members_of[:, [senders.index("EU")]]
    wall[:, goal, :] = wall[:, :, goal] = barrier * taking
    still = at.setting._replace(own=jnp.zeros_like(at.setting.own))
    change = worth.consumption(still, jnp.zeros((len(members_of), count)), jnp.asarray(wall)) - 1.0
    cost = np.empty((len(members_of), len(senders)))
    size = np.empty(len(senders))
    for k, sender in enumerate(senders):
        where = np.array(europe) if sender == "EU" else at.at((sender,))
        cost[:, k] = (change[:, where] * final[where]).sum(axis=1)
        size[k] = final[where].sum()
    harm = -change[:, goal] * final[goal]
    payoffs = cost + value * harm[:, None] * size / size.sum()

    def of(member: Bool[ndarray, "C P"]) -> Float[ndarray, "C P"]:
        return payoffs[member.astype(int) @ (1 << np.arange(len(senders)))]

    return club.stable(of, len(senders)), senders


def main() -> None:
    """Print the tables of the page on gains."""
    pacific = scene("CPTPP")
    print(enlargement(pacific).round(3).to_string())
    print(open_door(pacific, ("CRI", "URY", "ECU", "IDN", "PHL", "ARE", "UKR", "KOR")))
    print(market_access(members("IPEF"), pacific).round(3).to_string())
    for target, barrier in (("RUS", 1.0), ("CHN", 0.25)):
        for value in (0.0, 0.5, 1.0, 2.0, 4.0):
            stable, senders = sanction(pacific, target, barrier, value)
            sets = [[s for s, x in zip(senders, row, strict=True) if x] for row in stable]
            print(target, barrier, value, sets, flush=True)
    print(shares(pacific).round(3).to_string())


if __name__ == "__main__":
    main()
