"""US active-duty personnel by host."""

from comity.data.panel.coverage import Added, add_states
from comity.data.panel.keys import Keys, Table, join_states
from comity.data.sources.source import load
from comity.registry.states import convert


def troops(keys: Keys) -> Added:
    """Return ``us_troops`` in each state, persons (allen2022troops).

    The file writes zeros out; a host without a row is missing.  The United States' own row is
    the personnel at home.  A state with two codes in a year has all its personnel under one of
    them and a zero under the other (Germany 1990); both get the sum.
    """
    source = "us_troops_country_year"
    frame: Table = load(source, ["ccode", "year", "troops"])
    frame["id"] = convert(frame["ccode"], "cow", "id", frame["year"].to_numpy())
    whole = frame.dropna(subset=["id"]).groupby(["id", "year"], as_index=False)["troops"].sum()
    found = join_states(keys, whole, "id", "id", ["troops"])
    return add_states(keys, {"us_troops": found["troops"]}, source, {"us_troops": "persons"}, "id")
