"""A vocabulary for tests: the real registry, and a few frameworks written out."""

from comity.engine.levers import BARRIER, JOIN, LEAVE, TARIFF, by_name
from comity.registry import states
from comity.scenarios.vocabulary import Vocabulary

MEMBERS = {
    "CPTPP": frozenset({"AUS", "CAN", "JPN", "MEX"}),
    "EU": frozenset({"DEU", "FRA", "ITA"}),
    "NATO": frozenset({"CAN", "DEU", "FRA", "USA"}),
    "BOP": frozenset(),
}
WORDS = Vocabulary(by_name((TARIFF, BARRIER, JOIN, LEAVE)), states.find, states.ids, MEMBERS)
