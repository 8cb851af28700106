"""Estimates that claims are tested on: panels with effects of state and year, errors by state.

Associations over time within a state or pair, each with the same for what comes *later* in place
of what came before: a cause does not follow its effect, so where the later one says as much the
estimate says nothing. ``python -m comity.claims.estimated`` writes the figures.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.core.errors import BadInput
from comity.data.sources.sipri_milex import tidy
from comity.data.sources.source import load
from comity.evidence.estimates import crisis_effects
from comity.evidence.panels.crisis_panel import coded, panel_rows
from comity.evidence.panels.igo_lives import memberships
from comity.evidence.studies.framework_life import counts, deadlock
from comity.models.institutions.framework_worth import substitution
from comity.models.statistics.within import Slope, slope
from comity.models.trade import gravity
from comity.registry.states import convert, find

DONORS = {"JPN": "Japan", "USA": "United States", "DEU": "Germany"} | {
    "FRA": "France",
    "GBR": "United Kingdom",
}
# Years over which forces and effort change: shorter ones are budgets' noise, longer ones few.
SPAN = 5
# A host has at least this many US personnel at the start of a span. Judged.
HOST = 1000
NAN = float("nan")
PAIR = ["ccode1", "ccode2", "year"]
# Correlates of War codes of China, Russia, North Korea.
THREE = (710, 365, 731)
# Chapters of agreements that lower no tariff; anti-dumping is left out.
PROVISIONS = (
    ["cp_prov_23", "cp_prov_26", "tbt_prov_07", "tbt_prov_33", "tf_prov_41", "tf_prov_45"]
    + ["env_prov_18", "et_prov_38", "inv_prov_22", "ipr_prov_15", "ipr_prov_44", "lm_prov_10"]
    + ["moc_prov_21", "ser_prov_47", "ste_prov_30"]
)


class Effect(NamedTuple):
    """An estimate with what a placebo of it gives, cases, last year, sources."""

    name: str
    value: float
    se: float
    count: int
    until: int
    placebo_kind: str
    placebo: float
    placebo_se: float
    sources: str


def every() -> list[Effect]:
    """All estimates that claims use, in order of their names."""
    made = [*aid(), *substitutes(), vetoes(), *hosts(), *pacts(), provisions()]
    return sorted(made, key=lambda one: one.name)


def _effect(
    name: str, found: Slope, later: Slope, until: int, sources: str, kind: str = "lead"
) -> Effect:
    return Effect(
        name, found.value, found.se, found.count, until, kind, later.value, later.se, sources
    )


def aid() -> list[Effect]:
    """Aid of a donor on a recipient's distance from it in the General Assembly the year after.

    Log of one plus net million; recipients of aid from that donor in any year; effects of
    recipient and year, errors by recipient.
    """
    found = []
    for donor, apart, given in given_and_apart():
        before = slope(apart.reindex(range(2010, 2024)), dated(given, 1))
        later = slope(apart.reindex(range(2008, 2022)), dated(given, -1))
        sources = "oecd_dac2a_bilateral_aid_2009_2022 unga_ideal_points"
        found.append(_effect(f"aid_on_votes.{donor}", before, later, 2023, sources))
    return found


def given_and_apart() -> list[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Donor, recipients' distance from it by year, and the log of one plus its net million."""
    raw = load("oecd_dac2a_bilateral_aid_2009_2022")
    raw = raw[raw["Aid type"] == "ODA: Total Net"]
    ids = {name: _state(name) for name in raw["Recipient"].unique()}
    raw = raw.assign(state=raw["Recipient"].map(ids)).dropna(subset=["state"])
    votes = load("unga_ideal_points", columns=["iso3c", "year", "idealpointfp"])
    wide = votes.pivot_table(index="year", columns="iso3c", values="idealpointfp")
    found = []
    for donor, label in DONORS.items():
        given = raw[raw["Donor"] == label].assign(year=lambda rows: rows["Year"].astype(int))
        given = given.pivot_table(index="year", columns="state", values="Value", aggfunc="sum")
        given = given.reindex(range(2009, 2023)).fillna(0.0).clip(lower=0.0)
        given = pd.DataFrame(np.log1p(given.to_numpy(float)), given.index, given.columns)
        names = [state for state in given if state in wide and (given[state] > 0).any()]
        apart = wide[names].sub(wide[donor], axis=0).abs()
        found.append((donor, apart, given[names]))
    return found


def dated(table: pd.DataFrame, years: int) -> pd.DataFrame:
    """The table as it stood some years before (negative: after) each year."""
    return table.set_axis([year + years for year in table.index])


def _state(name: str) -> str | None:
    """Id of a state by the source's name; None for territories and groups."""
    try:
        return find(name)
    except BadInput:
        return None


def substitutes() -> list[Effect]:
    """New small memberships on new universal ones; placebo: those of three years later."""
    rows = memberships()
    small, universal = counts(rows)
    until, states = int(rows["year"].max()), int(rows["ccode"].nunique())
    value, se = substitution(small, universal, 0)
    # Backwards in time the universal ones of lag years later come first.
    later, later_se = substitution(small[::-1], universal[::-1], 3)
    return [
        Effect(
            "small_on_universal",
            value,
            se,
            states,
            until,
            "lead",
            later,
            later_se,
            "cow_igo_memberships",
        )
    ]


def vetoes() -> Effect:
    """Rank correlation of new small organisations with vetoes of the year before, both changes."""
    seen, _, years = deadlock()
    # Spread of a rank correlation when the order of the years says nothing.
    error = 1.0 / np.sqrt(years - 1)
    sources = "cow_igo_memberships unsc_vetoes"
    return Effect("foundings_on_vetoes", seen, error, years, 2013, "permuted", NAN, NAN, sources)


def hosts() -> list[Effect]:
    """Hosts' military share of GDP and US forces, changes of five years end to end, in logs.

    ``effort_on_forces``: the host's change on that of the forces in the same five years;
    ``forces_on_effort``: the forces' change on the host's effort in the five years before.
    """
    raw = load("us_troops_country_year", ["ccode", "year", "troops"])
    sums = raw.groupby(["ccode", "year"], as_index=False)["troops"].sum()
    sums = sums.assign(state=convert(sums["ccode"], "cow", "id", sums["year"].to_numpy()))
    force = sums.dropna(subset=["state"]).pivot_table(
        index="year", columns="state", values="troops", aggfunc="sum"
    )
    share = tidy().pivot(index="year", columns="id", values="share")
    names = [state for state in force if state in share and state != "USA"]
    years = range(1953, 2024, SPAN)
    force, share = (t[names].reindex(years) for t in (force, share))
    start = force.shift(1) >= HOST
    forces, effort = _log(force).diff().where(start), _log(share).diff()
    sources = "us_troops_country_year sipri_milex"
    at = [
        ("effort_on_forces", slope(effort, forces), slope(effort, forces.shift(-1))),
        ("forces_on_effort", slope(forces, effort.shift(1)), slope(forces, effort.shift(-1))),
    ]
    return [_effect(name, found, later, 2023, sources) for name, found, later in at]


def _log(table: pd.DataFrame) -> pd.DataFrame:
    """Logs of what is above nil."""
    known = table.where(table > 0).to_numpy(float)
    return pd.DataFrame(np.log(known), table.index, table.columns)


def pacts() -> list[Effect]:
    """Log rate of challenges within a pair as pacts change, effects of pair and year.

    ``major_pact``: a major power comes to owe the target defence, on top of any ally;
    ``democratic_pact``: the strongest that does is a democracy, likewise; ``..._three``: the same
    where China, Russia or North Korea would be the challenger. Placebo: the pact of years later.
    """
    rows = panel_rows()
    owed = rows[[*PAIR, "patron_democracy"]].rename(columns={"patron_democracy": "by_democracy"})
    owed = owed.fillna({"by_democracy": 0.0})
    known = crisis_effects.known_before(rows).merge(owed, on=PAIR)
    late = known[[*PAIR, "by_major", "by_democracy"]].assign(year=known["year"] - SPAN)
    known = known.merge(late, on=PAIR, how="left", suffixes=("", "_later"))
    three = known[known["ccode1"].isin(THREE)]
    return [
        _pact("challenges_on_major_pact", known, "by_major"),
        _pact("challenges_on_democratic_pact", known, "by_democracy"),
        _pact("challenges_on_democratic_pact_three", three, "by_democracy"),
    ]


def _pact(name: str, known: pd.DataFrame, pact: str) -> Effect:
    """One kind of pact, and that of years later in its place."""
    moving = crisis_effects.MOVING
    names = moving if pact in moving else (*moving, pact)
    value, se = _row(crisis_effects.changes(known, names, coded(known)), pact)
    then = known.dropna(subset=[f"{pact}_later"])
    then = then.assign(**{pact: then[f"{pact}_later"]})
    late, late_se = _row(crisis_effects.changes(then, names, coded(then)), pact)
    return Effect(
        name,
        value,
        se,
        len(known),
        int(known["year"].max()) + 1,
        "lead",
        late,
        late_se,
        "gml_mid_directed_dyad_year atop_dyad_year polity5",
    )


def _row(table: pd.DataFrame, name: str) -> tuple[float, float]:
    """Effect and standard error of one row of a table of effects."""
    place = table.index.get_loc(name)
    effect, se = (table[column].to_numpy(float)[place] for column in ("effect", "se"))
    return float(effect), float(se)


def provisions() -> Effect:
    """Trade on the number of provisions beyond tariffs, given that there is an agreement.

    PPML on every fourth year 1964-2016, effects of exporter and importer by year and of the pair,
    errors by pair; placebo: the provisions of four years later.
    """
    rows = load("penppml_trade_rta_provisions")
    rows = rows.assign(
        provided=rows[PROVISIONS].sum(axis=1),
        agreed=(rows["agreement"].astype(str) != "").astype(float),
        out=rows["exp"].astype(str) + rows["time"].astype(str),
        into=rows["imp"].astype(str) + rows["time"].astype(str),
        pair=rows["exp"].astype(str) + rows["imp"].astype(str),
    )
    # Some pairs have several agreements in a year: one row a flow, the deepest of them.
    flows = rows.groupby(["exp", "imp", "time"], as_index=False).agg(
        export=("export", "first"),
        provided=("provided", "max"),
        agreed=("agreed", "max"),
        out=("out", "first"),
        into=("into", "first"),
        pair=("pair", "first"),
    )
    next_ = flows[["exp", "imp", "time", "provided"]].assign(time=flows["time"] - 4)
    flows = flows.merge(
        next_.rename(columns={"provided": "later"}), on=["exp", "imp", "time"], how="left"
    )
    effects = ("out", "into", "pair")
    found = gravity.estimate(flows, "export", ("provided", "agreed"), effects, cluster="pair")
    ahead = gravity.estimate(
        flows, "export", ("provided", "agreed", "later"), effects, cluster="pair"
    )
    errors: Float[np.ndarray, " K"] = np.sqrt(np.diag(found.covariance))
    late: Float[np.ndarray, " K"] = np.sqrt(np.diag(ahead.covariance))
    place = ahead.names.index("later")
    return Effect(
        "trade_on_provisions",
        float(found.coefficients[0]),
        float(errors[0]),
        found.observations,
        int(flows["time"].max()),
        "lead",
        float(ahead.coefficients[place]),
        float(late[place]),
        "penppml_trade_rta_provisions",
    )
