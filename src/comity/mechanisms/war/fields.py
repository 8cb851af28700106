"""Fields of the world that `war` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "war_barrier": moving(
        "iceberg cost factor minus 1", "trade cost that war adds", 0.0, "state", "state"
    ),
    "mobilised": moving("log", "military spending that a war under way calls for", 0.0, "state"),
    "war_age": moving("years", "since the last war began", 0.0, "flashpoint"),
    "war_fought": moving("0 or 1", "a war is fought", 0.0, "flashpoint"),
    "war_cost": moving(
        "iceberg cost factor minus 1", "of trade between the sides", 0.0, "flashpoint"
    ),
    "war_joined": moving("0 or 1", "joined the last war", 0.0, "flashpoint", "protector"),
}
