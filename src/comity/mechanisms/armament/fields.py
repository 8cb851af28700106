"""Fields of the world that `armament` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "burden_shift": moving(
        "log, base year = 0", "change of military spending over GDP, levers apart", 0.0, "state"
    ),
    "effort_last": moving(
        "share of GDP", "spending that the lever added in the year before", 0.0, "state"
    ),
    "effort_usual": moving(
        "share of GDP", "spending that the lever adds and output is used to", 0.0, "state"
    ),
}
