"""Fields of the world that `frameworks` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "depth": moving(
        "0 to 1", "obligations taken on beyond those of the base year", 0.0, "framework", "state"
    ),
    "members": moving("states", "members of the framework", 0.0, "framework"),
    "vitality": moving(
        "probability", "the framework is alive, neither zombie nor dead", 0.0, "framework"
    ),
    "vigour": moving("ratio", "vitality over that of the base year, depth apart", 1.0, "framework"),
    "alive": moving("frameworks", "expected frameworks alive", 0.0, "state"),
    "bridging": moving("share", "of the links between new and old frameworks", 0.0, "state"),
}
