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
)
