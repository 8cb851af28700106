"""Mutated documents: the shipped ones made small, then broken in ways that know their structure.

Everything hangs on a seed and a number: document 1234 of a campaign is the same on any machine.
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from comity.files.documents import read

LIBRARY = Path(str(resources.files("comity.library")))
FOLDERS = {
    "scenario": "scenarios",
    "strategy": "strategies",
    "trade": "trade",
    "flashpoint": "flashpoints",
    "dossier": "dossiers",
}
MOST = 4  # moves, rules or claims that a small document keeps
TEXT = 40  # characters of a text that it keeps

Data = dict[str, Any]
Path_ = tuple[str | int, ...]

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
# What YAML would read as something else than a text.
WORDS = ("true", "false", "null", "yes", "no", "on", "off", "True", "False", "y", "n", "NO", "No")

NUMBERS = (0, -0.0, -1, 1, 2, 0.5, -0.25, 5, 25, 100, 1e-320, 1e308, -1e308, 1e15, 2**63, 10**18)
DATES = (
    *(2024, 2025, 2026, 2035, 2036, 2090, 2100, 2101, 9999, 10000, 99999999999, -1, 0),
    *("2025-01-01", "2024-12-31", "2035-12-31", "2036-01-01", "2027-02-29", "2028-02-29"),
    *("2025-1-1", "20250101", "2025-W01-1", "2025-01-01T00:00", "٢٠٢٥-٠١-٠١"),
)
NAMES = (
    *("USA", "JPN", "CHN", "TWN", "PSE", "ALL", "ACTOR", "EU", "NATO", "UNSC", "CPTPP", "@EU"),
    *("ALL except ALL", "EU except EU", "USA except USA", "ALL except", "a except b except c"),
    *("@nope", "Soviet Union", "Korea", "日本", "ＪＰＮ", "jpn", "Congo", "WORLD", "R_SEA", "392"),
    *("yes", "no", "granted", "refused", "nobody", "scenario", "baseline", "trade.elasticity"),
    *("tariff(USA, USA)", "tariff(ACTOR, USA)", "consumption(USA)", "tariff(USA)", "x(USA)", "()"),
    *("", " ", "x" * 200, "../x", "/etc/x.yaml", "america-first", "as-is", "{0}", "%s", "=1+1"),
    *(
        "E001",
        "E9999",
        "__class__",
        "true",
        "null",
        "25%",
        "0x10",
        "1_000",
        "1e5",
        ".nan",
        "é\u0301",
    ),
)
OTHERS = (None, True, False, [], {}, [[]], [None], {"en": 1}, {"en": "x"}, [1, "JPN"], {"": ""})
LEVERS = (
    *("tariff", "barrier", "sanction", "join", "leave", "found", "deepen", "decision_rule"),
    *("forces", "commitment", "alliance", "defence_share", "leadership", "engage", "checks"),
    *("agreement", "capacity"),
)
KEYS = (
    *("lever", "importer", "exporter", "state", "framework", "a", "b", "sender", "target", "host"),
    *("patron", "client", "domain", "channel", "add", "set", "times", "from", "until", "when"),
    *("scale", "consent", "ends_early", "instrument", "event", "source", "judged", "note", "at"),
    *("observe", "comparator", "threshold", "groups", "horizon", "mechanisms", "objective"),
    *("extends", "uncertainties", "moves", "rules", "actor", "choices", "prior", "kind", "low"),
    *("high", "mode", "mean", "sd", "median", "sectors", "protectors", "coding_of", "test"),
)


@dataclass(frozen=True)
class Mutant:
    """A broken document: what it was made from, how, and its bytes."""

    kind: str
    name: str
    how: tuple[str, ...]
    raw: bytes


@cache
def originals(kind: str) -> tuple[tuple[str, Data], ...]:
    """Shipped documents of a kind as plain values, by name."""
    paths = sorted((LIBRARY / FOLDERS[kind]).glob("*.yaml"))
    return tuple((path.stem, read(path).data) for path in paths)


def small(kind: str, rng: random.Random) -> tuple[str, Data]:
    """A shipped document with a few of its moves, rules or claims, and what these need."""
    name, whole = rng.choice(originals(kind))
    data = copy.deepcopy(whole)
    for part in ("moves", "rules", "claims"):
        items = data.get(part, [])
        if len(items) > MOST:
            kept = set(rng.sample(range(len(items)), MOST))
            kept |= {i for i, item in enumerate(items) if item.get("lever") == "found"}
            data[part] = [items[i] for i in sorted(kept)]
    used = str([data.get("moves"), data.get("rules")])
    if "uncertainties" in data:
        data["uncertainties"] = {k: v for k, v in data["uncertainties"].items() if k in used}
    groups = data.get("groups", {})
    for group in reversed(groups):  # a group may stand on those before it
        if group in used:
            used += str(groups[group])
    if groups:
        data["groups"] = {k: v for k, v in groups.items() if k in used}
    for part in ("uncertainties", "groups"):
        if data.get(part) == {}:
            del data[part]
    # One that extends a long file takes its time from all others.
    if data.get("extends", "as-is") != "as-is":
        data["extends"] = "as-is"
    return name, _shorter(data)


def _shorter(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shorter(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shorter(inner) for inner in value]
    long = isinstance(value, str) and len(value) > TEXT and " except " not in value
    return value[:TEXT].strip() if long else value


def places(value: Any, at: Path_ = ()) -> Iterator[Path_]:
    """Where something stands in plain values, the root apart."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*at, key)
            yield from places(inner, (*at, key))


# Texts for people, of which hardly any change could be wrong.
PROSE = ("en", "ja", "title", "question", "summary", "cost", "note", "judged", "source", "said")


def _spot(data: Data, rng: random.Random) -> Path_:
    """A place of a document, seldom one in prose."""
    every = list(places(data))
    plain = [path for path in every if not {*PROSE} & {*path}]
    return rng.choice(plain if plain and rng.random() < 0.85 else every)


def _at(data: Any, path: Path_) -> tuple[Any, Any]:
    """What holds the last part of a path, and that part."""
    for part in path[:-1]:
        data = data[part]
    return data, path[-1]


def _delete(data: Data, rng: random.Random) -> None:
    inside, key = _at(data, _spot(data, rng))
    del inside[key]


def _replace(data: Data, rng: random.Random) -> None:
    """A value put in place of another, most often one of its own sort."""
    path = _spot(data, rng)
    inside, key = _at(data, path)
    old = inside[key]
    if rng.random() < 0.25:
        pool: tuple[Any, ...] = OTHERS
    elif key in ("from", "until", "at", "to", "year", "date"):
        pool = DATES
    elif key == "lever":
        pool = LEVERS
    elif isinstance(old, int | float) and not isinstance(old, bool):
        pool = NUMBERS
    else:
        pool = NAMES
    inside[key] = copy.deepcopy(rng.choice(pool))


def _rename(data: Data, rng: random.Random) -> None:
    """A key misspelled, or another that the format knows."""
    dicts = [path for path in places(data) if isinstance(path[-1], str)]
    inside, key = _at(data, rng.choice(dicts))
    new = rng.choice((f"{key}s", key[:-1], key.upper(), *rng.sample(KEYS, 3)))
    inside[new] = inside.pop(key)


def _add_key(data: Data, rng: random.Random) -> None:
    spots = [path for path in places(data) if isinstance(_at(data, path)[0], dict)]
    inside, _ = _at(data, rng.choice(spots))
    inside[rng.choice(KEYS)] = copy.deepcopy(rng.choice((*NAMES, *NUMBERS, *DATES, *OTHERS)))


def _swap(data: Data, rng: random.Random) -> None:
    """Two values change places; one is copied where it would hold itself."""
    one, other = (_spot(data, rng) for _ in range(2))
    (here, a), (there, b) = _at(data, one), _at(data, other)
    here[a], there[b] = copy.deepcopy(there[b]), copy.deepcopy(here[a])


def _double(data: Data, rng: random.Random) -> None:
    """An item of a list stands twice, or a list holds itself."""
    lists = [path for path in places(data) if isinstance(path[-1], int)]
    if lists:
        inside, key = _at(data, rng.choice(lists))
        inside.insert(key, copy.deepcopy(inside[key]))


def _wrap(data: Data, rng: random.Random) -> None:
    inside, key = _at(data, _spot(data, rng))
    old = inside[key]
    inside[key] = old[0] if isinstance(old, list) and old else rng.choice(([old], {"en": old}))


def _graft(data: Data, rng: random.Random) -> None:
    """A part of another document, of whatever kind, at a place of this one."""
    _, other = small(rng.choice(tuple(FOLDERS)), rng)
    there, b = _at(other, rng.choice(list(places(other))))
    inside, key = _at(data, _spot(data, rng))
    inside[key] = copy.deepcopy(there[b])


STRUCTURAL = {
    "delete": _delete,
    "replace": _replace,
    "rename": _rename,
    "add a key": _add_key,
    "swap": _swap,
    "double": _double,
    "wrap": _wrap,
    "graft": _graft,
}


def written(data: Data) -> bytes:
    """The document as YAML, a line a value, as people write it but for the quotes."""
    return ("\n".join(_lines(data, "")) + "\n").encode("utf-8", "surrogatepass")


def _lines(value: Any, indent: str) -> Iterator[str]:
    for head, inner in (
        ((f"{_scalar(key)}:", inner) for key, inner in value.items())
        if isinstance(value, dict)
        else (("-", item) for item in value)
    ):
        if isinstance(inner, dict | list) and inner:
            yield f"{indent}{head}"
            yield from _lines(inner, indent + "  ")
        else:
            yield f"{indent}{head} {_scalar(inner)}"


def _scalar(value: Any) -> str:
    plain = isinstance(value, str) and PLAIN.fullmatch(value) and value not in WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)


SPECKS = (
    "\t",
    ":",
    "- ",
    "#",
    "'",
    '"',
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a ",
    "!x ",
    "|",
    "%",
    "@",
    "\0",
)


def _line(text: str, rng: random.Random) -> str:
    """A line deleted, doubled, moved, or indented otherwise."""
    lines = text.split("\n")
    place = rng.randrange(len(lines))
    way = rng.randrange(4)
    if way == 0:
        del lines[place]
    elif way == 1:
        lines.insert(place, lines[place])
    elif way == 2:
        lines.insert(rng.randrange(len(lines)), lines.pop(place))
    else:
        lines[place] = " " * rng.randrange(1, 5) + lines[place]
    return "\n".join(lines)


def _speck(text: str, rng: random.Random) -> str:
    place = rng.randrange(len(text))
    return text[:place] + rng.choice(SPECKS) + text[place + rng.randrange(3) :]


def _digits(text: str, rng: random.Random) -> str:
    """One number of the text becomes another."""
    found = list(re.finditer(r"\d+(\.\d+)?", text))
    if not found:
        return text
    one = rng.choice(found)
    new = rng.choice((str(rng.choice(NUMBERS)), "１２", "0o7", "-" + one[0], one[0] * 8))
    return text[: one.start()] + new + text[one.end() :]


def _cut(text: str, rng: random.Random) -> str:
    return text[: rng.randrange(len(text))]


TEXTUAL = {"line": _line, "speck": _speck, "digits": _digits, "cut": _cut}


def _bytes(raw: bytes, rng: random.Random) -> bytes:
    """Bytes that an editor or a copy may have spoiled."""
    way, place = rng.randrange(4), rng.randrange(max(1, len(raw)))
    if way == 0:
        return raw[:place] + bytes([rng.randrange(256)]) + raw[place + 1 :]
    if way == 1:
        return b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n")
    if way == 2:
        return raw.decode("utf-8", "replace").encode("cp932", "replace")
    return raw.decode("utf-8", "replace").encode("utf-16")


def mutant(seed: int, number: int) -> Mutant:
    """Document ``number`` of the campaign of a seed."""
    rng = random.Random(f"{seed}:{number}")
    kind = rng.choices(tuple(FOLDERS), weights=(4, 3, 2, 2, 1))[0]
    name, data = small(kind, rng)
    how = []
    for _ in range(rng.choice((1, 1, 1, 1, 2, 2, 3))):
        way = rng.choice(tuple(STRUCTURAL))
        try:
            STRUCTURAL[way](data, rng)
        except (IndexError, KeyError, TypeError):
            continue  # what it was to change is gone
        how.append(way)
    raw = written(data)
    if rng.random() < 0.15:
        way = rng.choice(tuple(TEXTUAL))
        raw = TEXTUAL[way](raw.decode(), rng).encode("utf-8", "surrogatepass")
        how.append(way)
    if rng.random() < 0.03:
        raw = _bytes(raw, rng)
        how.append("bytes")
    return Mutant(kind, name, tuple(how), raw)
