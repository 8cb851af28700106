"""Regime: V-Dem polyarchy and Polity."""

from comity.data.panel.coverage import Added, add
from comity.data.panel.keys import CodeSystem, Keys, Table, join_states
from comity.data.sources.source import load


def regime(keys: Keys, system: CodeSystem = "cow") -> Added:
    """Return ``polyarchy`` (V-Dem 15, 0-1) and ``polity2`` (Polity5, -10 to 10) of each state.

    Both sources carry codes of both systems; ``system`` is that of the panel.  In a year in
    which one unit succeeds another under the same code (Italy 1861, Sudan 2011) the successor
    counts, as on 31 December.
    """
    own: CodeSystem = "gw" if system == "gw" else "cow"
    code = "GWn" if own == "gw" else "cown"
    vdem: Table = load("vdem_core", ["vdem_country_name", "year", code, "v2x_polyarchy"])
    polity: Table = load("polity5", ["polity_annual_country", "year", code, "polity2"])
    first = join_states(
        keys, last_unit(vdem, code, "vdem_country_name"), own, code, ["v2x_polyarchy"]
    )
    second = join_states(
        keys, last_unit(polity, code, "polity_annual_country"), own, code, ["polity2"]
    )
    out = add(keys, keys.spread("polyarchy", first["v2x_polyarchy"]), "vdem_core", "0-1", own)
    values = keys.spread("polity2", second["polity2"])
    return out | add(keys, values, "polity5", "-10 to 10", own, "polity2")


def last_unit(frame: Table, code: str, unit: str) -> Table:
    """Return one row a code and year: of several units the one that began last."""
    coded = frame.dropna(subset=[code])
    began = coded.groupby(unit)["year"].transform("min")
    ranked = coded.assign(began=began).sort_values([code, "year", "began"], kind="stable")
    return ranked.drop_duplicates([code, "year"], keep="last")
