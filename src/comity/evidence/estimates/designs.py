"""What contested effects are told from: the fitted models behind `comity learn`, made small.

For each design the estimate with its clustered error, the record that it comes from, and the few
figures from which records of any length can be drawn (`models.statistics.power`): the trait with
all else taken out of it and the events expected there, what each unit tells, or cases and shares.
``python -m comity.claims.learn.designed`` writes them; half a minute.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.core.errors import BadInput
from comity.data.panel.keys import Table
from comity.data.sources.source import load
from comity.evidence.estimates import crisis_effects, protection
from comity.evidence.estimates.claim_effects import dated, given_and_apart
from comity.evidence.panels.crisis_panel import coded, panel_rows
from comity.evidence.panels.igo_lives import memberships
from comity.evidence.replications import checks
from comity.evidence.studies.framework_life import counts
from comity.models.statistics import logit, poisson_within
from comity.models.statistics.within import parts
from comity.registry.axes import CHANNELS

BINS = 40  # of a trait; the information lost is below one part in a hundred
# A force changes where the log of one plus thousands moves by as much as a quarter more or less.
CHANGED = float(np.log(1.25))
BEFORE_AND_AFTER = 3  # years on each side of a change


class Design(NamedTuple):
    """An estimate, its error, the first and last year of its record, and how many cases.

    ``points`` (K, 2): trait and events a year (`rare`), squares and pull (`panel`), cases a year
    and the chance (`shares`).
    """

    name: str
    kind: str
    value: float
    se: float
    since: int
    until: int
    count: int
    points: Float[np.ndarray, "K 2"]


def every() -> list[Design]:
    """All designs, in the order of the questions."""
    rows = panel_rows()
    known = crisis_effects.known_before(rows)
    hosted = with_troops(known)
    return [
        within("challenges_on_troops", hosted, "troops"),
        changes_of_troops(hosted),
        within("challenges_on_major_pact", known, "by_major"),
        changes_of_pacts(known),
        within("challenges_on_balance", turned(known), "balance"),
        across("challenges_on_balance_across", turned(known), "balance"),
        lapses("lapses_on_overlap", "lapse"),
        lapses("endings_on_overlap", "ended"),
        aid(),
        *substitutes(),
        channels(),
    ]


def with_troops(known: Table) -> Table:
    """Rows with the log of one plus thousands of US troops in the target, as `troops` has them."""
    hosted: Table = load("us_troops_country_year", ["ccode", "year", "troops"])
    hosted = hosted.groupby(["ccode", "year"], as_index=False)["troops"].sum()
    found = known.merge(hosted.rename(columns={"ccode": "ccode2"}), on=["ccode2", "year"])
    usa = crisis_effects.UNITED_STATES
    found = found[(found[["ccode1", "ccode2"]] != usa).all(axis=1)]
    found = found[found["year"] >= crisis_effects.TROOPS_FROM].reset_index(drop=True)
    return found.assign(troops=np.log1p(found["troops"] / 1000.0))


def turned(known: Table) -> Table:
    """Rows with the balance as the target's capabilities over the challenger's."""
    return known.assign(balance=-known["balance"])


def within(name: str, known: Table, trait: str) -> Design:
    """A trait as it changes within directed pairs of states; errors by pair of states."""
    moving = crisis_effects.MOVING
    names = moving if trait in moving else (trait, *moving)
    year = pd.get_dummies(known["year"], dtype=float).to_numpy()[:, 1:]
    x = np.column_stack([known[list(names)].to_numpy(float), year])
    pair = (known["ccode1"] * 1000 + known["ccode2"]).to_numpy(np.int64)
    y = known["next"].to_numpy(float)
    return _within(name, x, y, pair, coded(known), names.index(trait), _span(known))


def _within(
    name: str,
    x: Float[np.ndarray, "N K"],
    y: Float[np.ndarray, " N"],
    group: np.ndarray,
    cluster: np.ndarray,
    column: int,
    span: tuple[int, int],
) -> Design:
    found = poisson_within.fit(x, y, group, cluster)
    if not found.converged:
        raise BadInput(f"{name}: no estimate was found")
    trait, expected = poisson_within.efficient(x, y, group, found.coefficients, column)
    error = float(found.standard_errors[column])
    points = binned(trait, expected, span[1] - span[0] + 1)
    return Design(name, "rare", float(found.coefficients[column]), error, *span, len(y), points)


def binned(
    trait: Float[np.ndarray, " N"], expected: Float[np.ndarray, " N"], years: int
) -> Float[np.ndarray, "K 2"]:
    """Trait and events a year in bins that tell equally much, each trait the mean of its bin."""
    order = np.argsort(trait, kind="stable")
    trait, expected = trait[order], expected[order]
    told = np.cumsum(expected * trait**2)
    place = np.minimum((told / told[-1] * BINS).astype(int), BINS - 1)
    events = np.bincount(place, weights=expected, minlength=BINS)
    sums = np.bincount(place, weights=expected * trait, minlength=BINS)
    kept = events > 0
    return np.column_stack([sums[kept] / events[kept], events[kept] / years])


def across(name: str, known: Table, trait: str) -> Design:
    """A trait as it differs between pairs: the logit of `crisis_effects.challenged`."""
    names = (*crisis_effects.PAIRED, *crisis_effects.SHIELD)
    rest = known["rest"].to_numpy()
    decade = pd.get_dummies(known["year"] // 10, dtype=float).to_numpy()
    x = np.column_stack([known[list(names)].to_numpy(float), rest, rest**2, rest**3, decade])
    y = known["next"].to_numpy(float)
    return _logit(name, x, y, coded(known), names.index(trait), _span(known))


def lapses(name: str, event: str) -> Design:
    """Overlap and the lapse of a treaty, or any end of it: `protection.lapse_effects`."""
    rows = protection.treaty_years()
    late = (rows["year"] >= 1990).to_numpy(float)
    traits = rows[["overlap", "organ", "bases", "age", "pair"]].to_numpy(float)
    x = np.column_stack([np.ones(len(rows)), traits, late])
    span = (int(rows["year"].min()), int(rows["year"].max()))
    return _logit(name, x, rows[event].to_numpy(float), rows["treaty"].to_numpy(), 1, span)


def _logit(
    name: str,
    x: Float[np.ndarray, "N K"],
    y: Float[np.ndarray, " N"],
    groups: np.ndarray,
    column: int,
    span: tuple[int, int],
) -> Design:
    """A logit of rare events, brought down as a rate is: where they are rare both are the same."""
    found = logit.fit(x, y)
    if not found.converged:
        raise BadInput(f"{name}: no estimate was found")
    error = float(np.sqrt(logit.clustered(found, x, y, groups)[column, column]))
    chance = 1.0 / (1.0 + np.exp(-(x @ found.coefficients)))
    weight = chance * (1.0 - chance)
    rest = np.delete(x, column, axis=1)
    weighted = rest * weight[:, None]
    taken = np.linalg.lstsq(weighted.T @ rest, weighted.T @ x[:, column], rcond=None)[0]
    points = binned(x[:, column] - rest @ taken, weight, span[1] - span[0] + 1)
    return Design(name, "rare", float(found.coefficients[column]), error, *span, len(y), points)


def changes_of_troops(hosted: Table) -> Design:
    """Challenges against a host in the years after its US force changed, against those before.

    Every year in which the force of a host moved by `CHANGED` or more, with at least a thousand
    persons on one side of it; errors by host.
    """
    force = hosted.groupby(["year", "ccode2"])["troops"].first().unstack()
    came = hosted.groupby(["year", "ccode2"])["next"].sum().unstack()
    step = force.diff()
    large = np.maximum(force, force.shift(1)) >= np.log1p(1.0)
    moved = step.where((step.abs() >= CHANGED) & large)
    return _around("challenges_on_troop_changes", came, moved, _span(hosted))


def changes_of_pacts(known: Table) -> Design:
    """Challenges in a directed pair after a major power came to owe defence, or ceased to."""
    pair = known.assign(pair=known["ccode1"] * 1000 + known["ccode2"])
    owed = pair.groupby(["year", "pair"])["by_major"].first().unstack()
    came = pair.groupby(["year", "pair"])["next"].sum().unstack()
    step = owed.diff()
    return _around("challenges_on_pact_changes", came, step.where(step.abs() > 0), _span(known))


def _around(name: str, came: Table, moved: Table, span: tuple[int, int]) -> Design:
    """Events before and after each change, shared out within it by the size of the change.

    What happens to all changes alike, whichever way they go, is taken out.
    """
    rows = []
    for unit in moved:
        for year, size in moved[unit].dropna().items():
            before = came[unit].reindex(range(year - BEFORE_AND_AFTER, year)).dropna()
            after = came[unit].reindex(range(year, year + BEFORE_AND_AFTER)).dropna()
            if len(before) == len(after) == BEFORE_AND_AFTER:
                rows.append((unit, len(rows), 0.0, 0.0, before.sum()))
                rows.append((unit, rows[-1][1], size, 1.0, after.sum()))
    table = np.array(rows, float)
    unit, event = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    return _within(name, table[:, 2:4], table[:, 4], event, unit, 0, span)


def aid() -> Design:
    """Aid of five donors and recipients' distance from them in the Assembly the year after.

    Effects of recipient and year for each donor; errors by recipient over all donors.
    """
    sums: dict[str, np.ndarray] = {}
    cells = 0
    for _, apart, given in given_and_apart():
        found = parts(apart.reindex(range(2010, 2024)), dated(given, 1))
        cells += int(found.cells.sum())
        for unit, *own in zip(found.units, found.squares, found.products, strict=True):
            sums[unit] = sums.get(unit, np.zeros(2)) + own
    return _panel("votes_on_aid", np.array(list(sums.values())), (2010, 2023), cells)


def substitutes() -> list[Design]:
    """New small memberships on new universal ones, then on universal ones lost alone.

    Effects of state and year, errors by state.
    """
    rows = memberships()
    small, universal = (pd.DataFrame(np.diff(table, axis=0)) for table in counts(rows))
    span = (int(rows["year"].min()) + 1, int(rows["year"].max()))
    causes = {"small_on_universal": universal, "small_on_losses": universal.clip(upper=0.0)}
    found = []
    for name, cause in causes.items():
        told = parts(small, cause)
        sums = np.column_stack([told.squares, told.products])
        found.append(_panel(name, sums, span, int(told.cells.sum())))
    return found


def _panel(name: str, sums: Float[np.ndarray, "U 2"], span: tuple[int, int], cells: int) -> Design:
    squares, products = sums[sums[:, 0] > 0].T
    value = float(products.sum() / squares.sum())
    pull = products - value * squares
    units = len(squares)
    error = float(np.sqrt((pull**2).sum() * units / (units - 1)) / squares.sum())
    points = np.column_stack([squares, pull])
    return Design(name, "panel", value, error, *span, cells, points)


def channels() -> Design:
    """Acts of US presidents that need Congress against those by order alone: which fall more.

    Log-odds that an act falls; half an act is added to each count.
    """
    one = checks.record()
    ordered = one.channel == CHANNELS.index("executive_order")
    years = [int(str(date)[:4]) for date in one.acts["date"]]
    span = (min(years), max(years))
    groups = [one.survived[~ordered], one.survived[ordered]]
    fell = np.array([(~group).sum() for group in groups], float)
    stood = np.array([group.sum() for group in groups], float)
    odds = np.log((fell + 0.5) / (stood + 0.5))
    error = float(np.sqrt((1 / (fell + 0.5) + 1 / (stood + 0.5)).sum()))
    cases = fell + stood
    points = np.column_stack([cases / (span[1] - span[0] + 1), fell / cases])
    return Design("falls_by_channel", "shares", odds[0] - odds[1], error, *span, len(years), points)


def _span(known: Table) -> tuple[int, int]:
    """First and last year of outcomes, which are those of the year after the traits."""
    return int(known["year"].min()) + 1, int(known["year"].max()) + 1
