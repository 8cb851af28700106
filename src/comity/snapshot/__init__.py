"""The embedded base-year world: generated tables, and nothing else.

`comity data build` writes those in `TABLES`; the risks of flashpoints are estimates, which
`comity.evidence.estimates.flashpoint_risk` writes.
"""

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
)
