"""A vocabulary for tests: the real registry, and a few frameworks written out."""

from comity.mechanisms.catalogue import levers
from comity.registry import states
from comity.scenarios.vocabulary import Vocabulary

MEMBERS = {
    "CPTPP": frozenset({"AUS", "CAN", "JPN", "MEX"}),
    "EU": frozenset({"DEU", "FRA", "ITA"}),
    "NATO": frozenset({"CAN", "DEU", "FRA", "USA"}),
    "BOP": frozenset(),
}
LEVERS = {name: levers()[name] for name in ("tariff", "barrier", "join", "leave")}
WORDS = Vocabulary(
    LEVERS,
    states.find,
    states.ids,
    MEMBERS,
)
