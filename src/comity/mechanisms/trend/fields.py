"""Fields of the world that `trend` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "growth_trend": moving("1/year", "trend drawn for this future", 0.0, "state"),
}
