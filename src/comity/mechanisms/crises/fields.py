"""Fields of the world that `crises` writes first: unit, meaning, start, axes."""

from comity.world.given import moving

FIELDS = {
    "challenge_odds": moving("log-odds a year", "a challenge begins", 0.0, "flashpoint"),
    "unprotected_odds": moving(
        "log-odds a year", "a challenge is resisted alone", 0.0, "flashpoint"
    ),
    "yields_odds": moving(
        "log-odds a year", "a challenge to which the target yields", 0.0, "flashpoint"
    ),
    "joined_war_odds": moving(
        "log-odds a year", "a war begins with a protector in it", -20.0, "flashpoint"
    ),
    "harm_odds": moving(
        "log-odds a year",
        "a challenge to which the target yields, that it resists alone, or that becomes war with"
        " a protector in it",
        0.0,
        "flashpoint",
    ),
    "alarm": moving(
        "log, base year = 0", "military spending that challenges have called for", 0.0, "state"
    ),
    "war_odds": moving("log-odds a year", "a war begins", -20.0, "flashpoint"),
    "escalation_alone": moving(
        "chance", "a challenge that the target resists alone becomes war", 0.0, "flashpoint"
    ),
    "escalation_joined": moving(
        "chance", "a resisted challenge that a protector joins becomes war", 0.0, "flashpoint"
    ),
}
