"""Fields of the world that `leadership` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "engagement": moving(
        "from -1 (withdraws) to 1", "place of the government by domain", 0.0, "state", "domain"
    ),
    "commitments_kept": moving(
        "share", "commitments of the base year that are kept", 1.0, "state", "domain"
    ),
}
