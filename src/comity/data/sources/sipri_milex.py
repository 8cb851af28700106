"""Military expenditure (SIPRI): million US dollars by state and year."""

import pandas as pd

from comity.data.sources.sanity import column, require, unique, within
from comity.data.sources.source import load
from comity.registry.states import convert

COLUMNS = ["ccode", "country", "year", "milex_current_usd_m", "milex_const2023usd_m"]


def tidy(raw: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return spending keyed by state and year.

    Parameters
    ----------
    raw
        The file as distributed; read from ``COMITY_DATA`` when ``None``.

    Returns
    -------
    pandas.DataFrame
        Columns id, year, current (million current USD), constant (million 2023 USD) and share
        (of GDP, a fraction), one row a state and year with at least one figure.  Years in which
        the registry knows no such state (colonies, the European Union) are left out.  The file
        has zeros in current dollars that stand for missing (Russia 1987-92, Venezuela 2024): a
        zero counts only where the constant-dollar figure is zero too.

    Raises
    ------
    BadInput
        When columns are missing, keys are doubled or figures are impossible.
    """
    frame = load("sipri_milex") if raw is None else raw
    require(frame, [*COLUMNS, "milex_share_gdp"], "sipri_milex")
    out = pd.DataFrame(
        {
            "id": convert(frame["ccode"], "cow", "id", frame["year"].to_numpy()),
            "year": frame["year"].astype(int),
            "current": frame["milex_current_usd_m"].astype(float),
            "constant": frame["milex_const2023usd_m"].astype(float),
            "share": frame["milex_share_gdp"].astype(float),
        }
    )
    out.loc[(out["current"] == 0) & (out["constant"] != 0), "current"] = float("nan")
    out = out.dropna(subset=["id"]).dropna(subset=["current", "constant"], how="all")
    keyed = out.set_index(["id", "year"])
    within(column(keyed, "current"), 0.0, 2e6, "sipri_milex current USD")
    within(column(keyed, "share"), 0.0, 1.5, "sipri_milex share of GDP")
    unique(out, ["id", "year"], "sipri_milex")
    return out.sort_values(["id", "year"]).reset_index(drop=True)
