"""What a name is wired to: who writes and reads a field, what a measure reads, a lever reaches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from comity.core.words import Text, words
from comity.engine.paths import ACTS, RULES
from comity.mechanisms.called import called
from comity.mechanisms.catalogue import CLASSES, chosen, fields, levers, option_names
from comity.mechanisms.folders import fields_of, measures_of, package_of
from comity.study.wiring import SOLVED, wiring
from comity.world.given import cards

Found = dict[str, Any]


def moving() -> dict[str, Found]:
    """Fields that some mechanism writes, by name."""
    found = {}
    for name in dict.fromkeys(field for cls in CLASSES for field in cls.writes):
        card = (fields() | cards())[name]
        first = next(cls.name for cls in CLASSES if name in cls.writes)
        own = [cls.name for cls in CLASSES if name in fields_of(package_of(cls.name))]
        text = _called(name)
        found[name] = {
            "kind": "field",
            "name": name,
            "what": f"{text['en']}: {card.meaning}",
            "what_ja": text["ja"],
            "unit": card.unit,
            "file": f"src/comity/mechanisms/{own[0]}/fields.py" if own else _GIVEN,
            "tests": [f"tests/mechanisms/test_{first}.py"],
        }
    return found


_GIVEN = "src/comity/world/given.py"


def _called(name: str) -> Text:
    return called()[f"field {name}"]


def wired(found: Found, asked: str) -> Found:
    """Lines on what an entry, found by the name asked for, is wired to.

    None for what is no field, lever or measure. They are taken from the programs of the
    mechanisms, which takes some seconds.
    """
    name, texts = found["name"].split("(")[0], words("comity.cli")
    field = next((one for one in (asked, name) if one in moving()), "")
    lines: Found = {}
    # A lever may have the name of its mechanism, a field that of a measure, a number, a lever.
    if found["kind"] in ("lever", "mechanism") and name in levers():
        reached = kinds(wiring().from_lever(name))
        lines["reaches"] = reached or texts["wires.nothing"]["en"]
        lines |= needs(name, reached)
    if found["kind"] == "outcome":
        lines["reads"] = list(wiring().reads.get(name, {}))
        lines["reached_by"] = [one for one in levers() if name in wiring().from_lever(one)]
    if field:
        lines |= of_field(field)
    return lines


def needs(lever: str, reached: Iterable[str]) -> Found:
    """Options that moving a lever switches on, and those that what it reaches needs beside."""
    on, by = chosen((), (lever,)), dict[str, list[str]]()
    home: dict[str, list[str]] = {}
    for cls in CLASSES:
        for one in measures_of(package_of(cls.name), "JPN", ("CHN", "USA")):
            home.setdefault(one.name.partition(".")[0], []).append(cls.name)
    for kind in reached:
        # One of several that measure a kind is enough.
        if all(one in option_names() and one not in on for one in home[kind]):
            by.setdefault(home[kind][0], []).append(kind)
    only = [f"mechanisms: [{one}] ({', '.join(those)})" for one, those in by.items()]
    return {"switches_on": list(on), "only_with": only}


def of_field(name: str) -> Found:
    """Who writes a field, who reads it, and what is measured of it."""
    texts, made = words("comity.cli"), wiring()
    beside = {one: texts[f"wires.{one}"]["en"] for one in (RULES, ACTS, SOLVED)}
    readers = [beside.get(one, one) for one in made.read_by(name)]
    measured = kinds(made.measured_by(name))
    nobody = texts["wires.measure" if measured else "wires.nobody"]["en"]
    return {
        "written_by": list(made.written_by(name)),
        "read_by": readers or nobody,
        "measured_as": measured,
    }


def kinds(measures: Iterable[str]) -> list[str]:
    """Kinds of measures: their names up to the first dot, each once."""
    return list(dict.fromkeys(name.partition(".")[0] for name in measures))


def unread() -> list[tuple[str, str]]:
    """Fields that nothing in the year reads, with what they are: measures, and no more."""
    return [(name, _called(name)["en"]) for name in wiring().measures_only()]
