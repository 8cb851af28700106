"""Fields of the world that `sectors` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "sector_consumption": moving(
        "index, base year = 1", "real consumption, trade in nine sectors", 1.0, "state"
    ),
}
