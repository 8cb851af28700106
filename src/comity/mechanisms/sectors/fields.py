"""Fields of the world that `sectors` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "sector_consumption": moving(
        "index, base year = 1", "real income after trade in nine sectors", 1.0, "state"
    ),
    "sector_gain": moving(
        "index points", "that income less the income after trade in one sector", 0.0, "state"
    ),
}
