"""Fields of the world that `growth` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "world_shock": moving("1/year", "common growth shock of the year", 0.0),
    "own_shock": moving("1/year", "own growth shock of the year", 0.0, "state"),
    "capacity": moving(
        "index, base year = 1", "productive capacity", 1.0, "state", merge="mean:gdp"
    ),
}
