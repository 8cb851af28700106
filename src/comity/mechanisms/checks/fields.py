"""Fields of the world that `checks` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "survival": moving(
        "probability", "an act through this channel is left standing", 1.0, "state", "channel"
    ),
    "reversal_delay": moving("years", "an act stands this long before it falls", 0.0, "channel"),
}
