"""Fields of the world that `council` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "deadlock": moving(
        "probability a year", "vetoes stop drafts on recurring conflicts", 0.0, "topic"
    ),
    "council_power": moving("share", "voting power in the Security Council", 0.0, "state"),
}
