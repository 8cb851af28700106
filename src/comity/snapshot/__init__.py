"""The embedded base-year world: generated tables, and nothing else.

`comity data build` writes those in `TABLES`; those in `ESTIMATED` are estimates, each written by
the module of `comity.evidence.estimates` that bears its name.
"""

ESTIMATED = ("flashpoint_risk", "pledge_lapse")

TABLES = (
    "states",
    "trade",
    "tariffs",
    "geography",
    "obligations",
    "agreements",
    "frameworks",
    "memberships",
    "growth",
    "forces",
    "acts",
    "sectors",
    "sector_tariffs",
    "sector_inputs",
    "critical",
    "events",
    "indicators",
    "money",
)
