"""Fields of the world that `elections` writes: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "government_stands": moving(
        "0/1", "the side that governed in September 2026 still governs", 1.0, "state"
    ),
    "terms_begun": moving(
        "count", "terms in a row that the holder of office has begun", 0.0, "state"
    ),
    "years_passed": moving("year", "years since the base year", 0.0),
}
