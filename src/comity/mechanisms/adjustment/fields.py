"""Fields of the world that `adjustment` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "settled_tariff": moving(
        "fraction",
        "tariff on the whole flow, over what agreements leave, to which trade has adjusted",
        0.0,
        "state",
        "state",
    ),
    "settled_cost": moving(
        "log, base year = 0", "trade cost to which trade has adjusted", 0.0, "state", "state"
    ),
}
