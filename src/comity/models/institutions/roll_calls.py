"""Roll calls as arrays: who chose what in which vote and period, and which votes are the same."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Int

from comity.core import require
from comity.core.errors import BadInput


@dataclass(frozen=True)
class RollCalls:
    """Choices as arrays: N choices, S actor-periods (by actor, then period), J items.

    ``rank``: level of a choice among the levels that its item saw, from 0; ``levels``: how many an
    item saw; ``first``: where an actor's chain starts; ``item_of``: item of every vote kept.
    """

    state: Int[np.ndarray, " N"]
    item: Int[np.ndarray, " N"]
    rank: Int[np.ndarray, " N"]
    levels: Int[np.ndarray, " J"]
    first: Int[np.ndarray, " S"]
    actor: tuple[Hashable, ...]
    period: tuple[int, ...]
    item_of: dict[Hashable, int]

    @property
    def states(self) -> int:
        """Number of actor-periods."""
        return len(self.actor)

    @property
    def cast(self) -> Int[np.ndarray, " S"]:
        """Choices of every actor-period."""
        return np.bincount(self.state, minlength=self.states)


def roll_calls(frame: pd.DataFrame, same: pd.Series | None = None) -> RollCalls:
    """Return roll calls as arrays; items without dissent are dropped.

    Parameters
    ----------
    frame
        ``actor``, ``vote``, ``period`` (whole), ``choice`` (ordered numbers; missing: absent).
    same
        By vote: a label that votes with equal items share; votes without one stand alone.

    Raises
    ------
    BadInput
        When columns are missing, an actor chose twice in one vote, a period is not whole, a
        choice is no number, a vote stands in two periods, or nobody ever differed.
    """
    lost = {"actor", "vote", "period", "choice"} - set(frame.columns)
    if lost:
        raise BadInput(f"roll calls lack {', '.join(sorted(lost))}")
    rows = frame[["actor", "vote", "period", "choice"]].dropna()
    double = rows.duplicated(["actor", "vote"], keep=False).to_numpy()
    if double.any():
        raise BadInput(
            f"an actor chose twice in one vote, rows {require.places(double)}",
            fix="keep one choice an actor and vote",
        )
    require.whole("the period", rows.period)
    require.finite("the choice", rows.choice)
    if (rows.groupby("vote").period.nunique() > 1).any():
        raise BadInput("a vote stands in two periods", fix="number votes anew in each period")
    label = rows.vote.astype(object)
    if same is not None:
        shared = rows.vote.map(same).astype(object)
        label = label.where(shared.isna(), shared)
    rows = rows.assign(label=label)
    rows = rows[rows.groupby("label").choice.transform("nunique") > 1]
    if rows.empty:
        raise BadInput("no vote divides the actors", why="nothing can be learnt from unanimity")
    rows = rows.sort_values(["actor", "period", "vote"], kind="stable")
    fresh = ~rows.duplicated(["actor", "period"]).to_numpy()
    state = np.cumsum(fresh) - 1
    item, _ = pd.factorize(rows.label)
    item = item.astype(np.int64)
    seen = pd.DataFrame({"item": item, "choice": rows.choice.to_numpy()})
    rank = seen.groupby("item").choice.rank(method="dense").astype(int).to_numpy() - 1
    levels = np.zeros(item.max() + 1, dtype=np.int64)
    np.maximum.at(levels, item, rank + 1)
    heads = rows[fresh]
    opens = np.flatnonzero(~heads.duplicated("actor").to_numpy())
    first = np.repeat(opens, np.diff(np.append(opens, len(heads))))
    votes = dict(zip(rows.vote, item.tolist(), strict=True))
    return RollCalls(
        state,
        item,
        rank,
        levels,
        first,
        tuple(heads.actor),
        tuple(int(p) for p in heads.period),
        votes,
    )


def same_titles(votes: pd.DataFrame, gap: int = 3) -> pd.Series:
    """Return a label by vote: votes of one title, alone in its period, within ``gap`` periods.

    Parameters
    ----------
    votes
        ``vote``, ``period`` and ``title``; votes without a title (empty or missing) stay alone.
    gap
        Periods at most between a title's votes; after a longer one the item may have changed.

    Raises
    ------
    BadInput
        When the gap is negative.
    """
    require.whole("the gap", gap, 0)
    known = votes.dropna(subset=["title"])
    known = known[known.title.str.len() > 0]
    known = known[~known.duplicated(["period", "title"], keep=False)].sort_values("period")
    apart = known.groupby("title").period.diff() > gap
    run = apart.groupby(known.title).cumsum()
    label = known.title + "#" + run.astype(str)
    kept = label.groupby(label).transform("size") > 1
    return pd.Series(label[kept].to_numpy(), index=known.vote[kept].to_numpy())
