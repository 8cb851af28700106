"""Fields of the world that `trade` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "price": moving("index, base year = 1", "producer price", 1.0, "state"),
    "consumption": moving(
        "index, base year = 1", "real consumption", 1.0, "state", merge="mean:gdp"
    ),
    "terms_of_trade": moving("index, base year = 1", "terms of trade", 1.0, "state"),
    "openness": moving("ratio", "exports plus imports over value added", 0.0, "state"),
    "partner_share": moving(
        "log, base year = 0",
        "change of the column's share in the trade of the row",
        0.0,
        "state",
        "state",
    ),
    "residual": moving("relative", "largest market residual of the year", 0.0),
    "converged": moving("flag", "every equilibrium so far was found", True),
}
