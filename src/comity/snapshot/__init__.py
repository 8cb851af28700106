"""The embedded base-year world: tables written by `comity data build`, and nothing else."""

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
