"""Series of ``indicators`` on votes, arms, forces, disputes and tariffs, for every state or pair.

They are there for every state because a change of one is read beside the same change of the others
(`comity.claims.placebo`). Each goes to its source's last year and not beyond.
"""

import numpy as np
import pandas as pd

from comity.core.errors import BadInput
from comity.data.build.table import long
from comity.data.sources import icio
from comity.data.sources.sipri_milex import tidy
from comity.data.sources.source import load
from comity.registry.states import find

SOURCES = [
    "sipri_milex",
    "sipri_arms_transfers_deliveries_1995_2024",
    "sipri_top100_arms_firms_2002_2024",
    "us_troops_dmdc_reports_2023_2024",
    "budgetlab_us_daily_effective_tariff_2025_2026",
    "oecd_icio_2011_2022_country_matrix",
]
# Years from which every state's series are kept: what the spans of claims need.
POSITIONS_FROM, BURDENS_FROM, STOCKS_FROM = 2000, 2010, 2000
# Yearly wear of arms and what spending grew by before the first year; both judged, and only the
# level of the first decade hangs on them.
WEAR, GROWTH = 0.075, 0.03
WARM_UP = 8
# Correlates of War codes of the states whose disputes in East Asia are counted.
ACTORS = {"CHN": 710, "JPN": 740, "KOR": 732, "PRK": 731, "RUS": 365, "TWN": 713, "USA": 2}
REGION = (710, 740, 732, 712, 731, 713)
LAST_DISPUTE = 2010
# Pairs of supplier and recipient with at least this much in 1995-2024, million TIV.
LARGE_TRADE = 2000.0
# Economies whose closeness in trade is kept: the largest of the tables in 2022.
LARGEST = 15
DISPUTES = "gml_mid_directed_dyad_year"
ARMS = "sipri_arms_transfers_deliveries_1995_2024"
TRADE = "oecd_icio_2011_2022_country_matrix"


def positions() -> list[pd.DataFrame]:
    """Ideal points of all states in the General Assembly, and how far they lie apart."""
    raw = load("unga_ideal_points", columns=["iso3c", "year", "idealpointfp"]).dropna()
    wide = raw.pivot_table(index="year", columns="iso3c", values="idealpointfp")
    late = wide.loc[POSITIONS_FROM:]
    found = [long("unga.position", "unga_ideal_points", late[state], str(state)) for state in late]
    return [*found, long("unga.spread", "unga_ideal_points", wide.std(axis=1))]


def burdens(known: tuple[str, ...]) -> list[pd.DataFrame]:
    """Military spending as a share of GDP, states whose longer series the table does not hold."""
    wide = tidy().pivot(index="year", columns="id", values="share").loc[BURDENS_FROM:]
    return [
        long("milex.burden", "sipri_milex", wide[state], str(state))
        for state in wide
        if state not in known
    ]


def stocks() -> list[pd.DataFrame]:
    """What was spent on arms and forces and has not worn out, million constant 2023 USD."""
    wide = tidy().pivot(index="year", columns="id", values="constant").sort_index()
    found = []
    for state in wide:
        spent = wide[state].dropna()
        # With a gap the stock before it is not known: the last run without one counts.
        gaps = np.flatnonzero(np.diff(spent.index.to_numpy()) > 1)
        run = spent.iloc[gaps[-1] + 1 :] if len(gaps) else spent
        if len(run) > WARM_UP:
            made = stock(run.to_numpy(float))
            kept = pd.Series(made, run.index).iloc[WARM_UP:].loc[STOCKS_FROM:]
            found.append(long("milex.stock", "sipri_milex", kept[kept > 0], str(state)))
    return found


def stock(spent: np.ndarray) -> np.ndarray:
    """Perpetual inventory of yearly spending: (T) to (T)."""
    held = np.empty(len(spent))
    held[0] = spent[0] / (WEAR + GROWTH)
    for year in range(1, len(spent)):
        held[year] = (1.0 - WEAR) * held[year - 1] + spent[year]
    return held


def disputes() -> list[pd.DataFrame]:
    """Disputes between two states that began, and revisionist ones begun in East Asia."""
    columns = ["dispnum", "ccode1", "ccode2", "year", "midonset", "sidea1", "revstate1"]
    raw = load(DISPUTES, columns=columns)
    begun = raw[raw["midonset"] == 1]
    years = range(1946, LAST_DISPUTE + 1)
    found = []
    for one, code in ACTORS.items():
        for other, second in ACTORS.items():
            if one < other:
                mine = begun[(begun["ccode1"] == code) & (begun["ccode2"] == second)]
                counts = mine.groupby("year")["dispnum"].nunique().reindex(years, fill_value=0)
                found.append(long("disputes.begun", DISPUTES, counts, f"{one}-{other}"))
        inside = begun["ccode2"].isin([*ACTORS.values(), *REGION])
        # One side at least of the region itself: the United States and Russia quarrel elsewhere.
        inside &= begun["ccode1"].isin(REGION) | begun["ccode2"].isin(REGION)
        own = begun[(begun["ccode1"] == code) & inside & (begun["sidea1"] == 1)]
        for name, rows in (
            ("disputes.initiated", own),
            ("disputes.revisionist", own[own["revstate1"] == 1]),
        ):
            counts = rows.groupby("year")["dispnum"].nunique().reindex(years, fill_value=0)
            found.append(long(name, DISPUTES, counts, one))
    return found


def forces() -> list[pd.DataFrame]:
    """US personnel in hosts after the yearly series ends, September of each year."""
    name = "us_troops_dmdc_reports_2023_2024"
    raw = load(name, columns=["iso3c", "year", "month", "troops_ad"])
    late = raw[(raw["month"] == "September") & (raw["year"] == 2024)]
    return [
        long(
            "us_troops", name, late[late["iso3c"] == host].groupby("year")["troops_ad"].sum(), host
        )
        for host in ("DEU", "JPN", "KOR")
    ]


def arms() -> list[pd.DataFrame]:
    """Deliveries of major arms between two states either way, official yearly values."""
    raw = load(ARMS, columns=["Supplier", "Recipient", "Delivery year", "TIV delivery values"])
    raw = raw.set_axis(["supplier", "recipient", "year", "value"], axis=1)
    for side in ("supplier", "recipient"):
        raw[side] = raw[side].map({name: _state(name) for name in raw[side].unique()})
    raw = raw.dropna(subset=["supplier", "recipient"])
    ends = np.sort(raw[["supplier", "recipient"]].to_numpy(str), axis=1)
    raw = raw.assign(pair=[f"{a}-{b}" for a, b in ends])
    wide = raw.pivot_table(index="year", columns="pair", values="value", aggfunc="sum")
    wide = wide.reindex(range(1995, 2025)).fillna(0.0)
    kept = [p for p in wide if wide[p].sum() >= LARGE_TRADE or p in ("CHN-PRK", "PRK-RUS")]
    return [long("arms.transfers", ARMS, wide[pair], str(pair)) for pair in kept]


def _state(name: str) -> str | None:
    """Id of a state by the source's name; None for groups and unknown sides."""
    try:
        return find(name)
    except BadInput:
        return None


def makers() -> list[pd.DataFrame]:
    """US share of the arms revenue of the hundred largest makers, and the same without China."""
    name = "sipri_top100_arms_firms_2002_2024"
    raw = load(name, columns=["year", "country", "arms_revenues_usd_m"])
    sums = raw.pivot_table(
        index="year", columns="country", values="arms_revenues_usd_m", aggfunc="sum"
    )
    own, total = sums["United States"], sums.sum(axis=1)
    without = total - sums["China"].fillna(0.0)
    return [
        long("arms.share", name, own / total, "USA"),
        long("arms.share_without_china", name, own / without, "USA"),
    ]


def tariff() -> list[pd.DataFrame]:
    """US effective tariff at the end of each year on record, in the weights of imports before."""
    name = "budgetlab_us_daily_effective_tariff_2025_2026"
    raw = load(name, columns=["Date", "Weighted ETR"])
    dates = pd.to_datetime(raw["Date"])
    mean = raw["Weighted ETR"].groupby(dates.dt.year).mean()
    return [long("tariff.effective", name, mean, "USA")]


def closeness() -> list[pd.DataFrame]:
    """Trade of two economies over what each sells itself (Head and Ries 2001), in logs.

    ``trade.closeness``: of pairs of the largest; ``trade.border``: median over all pairs, sign
    turned round, so that it rises where borders get thicker.
    """
    frames = {year: icio.matrix(year).drop(index=icio.REST, columns=icio.REST) for year in SPAN}
    last = frames[SPAN[-1]]
    size = last.sum(axis=1).sort_values(ascending=False)
    largest = sorted(size.index[:LARGEST])
    border, near = {}, {}
    for year, frame in frames.items():
        values = frame.to_numpy(float)
        own = np.diag(values)
        with np.errstate(divide="ignore"):
            close = 0.5 * np.log(values * values.T / np.outer(own, own))
        first, second = np.triu_indices(len(values), 1)
        known = close[first, second][np.isfinite(close[first, second])]
        border[year] = -float(np.median(known))
        near[year] = pd.DataFrame(close, frame.index, frame.columns)
    found = [long("trade.border", TRADE, pd.Series(border))]
    for place, one in enumerate(largest):
        for other in largest[place + 1 :]:
            values = pd.Series({year: near[year].loc[one, other] for year in SPAN})
            found.append(long("trade.closeness", TRADE, values, f"{one}-{other}"))
    return found


SPAN = range(2011, 2023)
