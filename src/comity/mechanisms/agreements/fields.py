"""Fields of the world that `agreements` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "new_agreement": moving(
        "share", "trade under agreements new since the base year, less lost", 0.0, "state", "state"
    ),
    "agreement_age": moving(
        "years", "years since an agreement came into force or was lost", 0.0, "state", "state"
    ),
}
