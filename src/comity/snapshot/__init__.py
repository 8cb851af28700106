"""The embedded base-year world: tables written by `comity data build`, and their loader."""

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
