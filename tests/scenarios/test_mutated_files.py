"""Shipped files with a few seeded mutations: every fault is a message with its place, by line."""

import copy
import io
import random
import re
from importlib import resources
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from words import WORDS

from comity.claims.dossier import parse as parse_dossier
from comity.core.errors import BadInput
from comity.files.documents import from_bytes
from comity.registry.flashpoints import parse_flashpoint
from comity.scenarios.scenario import parse_scenario
from comity.scenarios.strategy import parse_strategy
from comity.trade.files import parse as parse_trade

LIBRARY = Path(str(resources.files("comity.library")))
READERS = {
    "scenarios/tariff-wall": lambda document: parse_scenario(document, WORDS),
    "strategies/retaliate": lambda document: parse_strategy(document, WORDS, "JPN"),
    "trade/us-wall-answered": lambda document: parse_trade(document, WORDS),
    "flashpoints/taiwan-strait": parse_flashpoint,
    "dossiers/tgd6-global-architecture": parse_dossier,
}
VALUES = (None, True, -1, 25, "", "x", "JPN", "25%", "2027-02-30", [], [1], {}, {"en": 1})


def places(value, at=()):
    """Where something stands in plain values, the root apart."""
    if not isinstance(value, dict | list):
        return
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*at, key)
        yield from places(inner, (*at, key))


def mutated(data, rng):
    """One thing deleted, put in place of another, or misspelled."""
    *above, key = rng.choice(list(places(data)))
    inside = data
    for part in above:
        inside = inside[part]
    way = rng.randrange(3)
    if way == 0:
        del inside[key]
    elif way == 1:
        inside[key] = copy.deepcopy(rng.choice(VALUES))
    elif isinstance(inside, dict):
        inside[f"{key}s"] = inside.pop(key)
    else:
        inside[key] = f"{inside[key]}s"


def written(data) -> bytes:
    yaml, out = YAML(typ="safe", pure=True), io.BytesIO()
    yaml.representer.ignore_aliases = lambda *_: True
    yaml.dump(data, out)
    return out.getvalue()


@pytest.mark.parametrize("name", READERS)
def test_faults_of_mutated_files_have_their_places(name):
    rng = random.Random(name)
    text = (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")
    original = from_bytes(text.encode(), "f.yaml").data
    if "claims" in original:
        original["claims"] = original["claims"][:4]
    refused = 0
    for _ in range(15):
        data = copy.deepcopy(original)
        for _ in range(rng.randint(1, 4)):
            mutated(data, rng)
        raw = written(data)
        try:
            READERS[name](from_bytes(raw, "f.yaml"))
        except BadInput as error:
            refused += 1
            found = [re.match(r"f\.yaml:(\d+):(\d+): .", line) for line in str(error).splitlines()]
            spots = [(int(one[1]), int(one[2])) for one in found if one]
            assert len(spots) == len(found) == max(1, len(error.problems)), str(error)
            assert spots == sorted(spots)
            assert spots[-1][0] <= raw.count(b"\n")
    assert refused > 5
