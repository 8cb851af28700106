"""Fields of the world that `commitment` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "standing": moving(
        "probability", "the commitment has not lapsed", 1.0, "flashpoint", "protector"
    ),
    "credibility": moving(
        "probability", "the protector joins if called", 0.0, "flashpoint", "protector"
    ),
    "durability": moving(
        "probability", "a commitment has not lapsed, mean over protectors", 1.0, "flashpoint"
    ),
    "protection": moving("probability", "some protector joins if called", 0.0, "flashpoint"),
    "protection_seen": moving("probability", "the same, leaving out troops", 0.0, "flashpoint"),
    "protection_base": moving("probability", "the same at the base year", 0.0, "flashpoint"),
}
