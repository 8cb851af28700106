"""Fields of the world that `sanctions` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "trade_left": moving(
        "share", "trade that sanctions leave at given incomes", 1.0, "state", "state"
    ),
}
