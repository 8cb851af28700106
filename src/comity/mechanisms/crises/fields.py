"""Fields of the world that `crises` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "challenge_odds": moving("log-odds a year", "a challenge begins", 0.0, "flashpoint"),
    "unprotected_odds": moving(
        "log-odds a year", "a challenge is resisted alone", 0.0, "flashpoint"
    ),
    "war_odds": moving("log-odds a year", "a war begins", -20.0, "flashpoint"),
}
