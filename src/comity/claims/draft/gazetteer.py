"""Names of states, governments, leaders and frameworks, in English and Japanese.

The tables beside this module add demonyms, capitals as governments, institutions, leaders with
their terms and aliases of frameworks to the names of the registry. The longest name wins; names
with an empty id (``Latin America``) only keep shorter ones from being read; territories with one
(``Greenland``) are named as unresolved.
"""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from comity.registry import frameworks as framework_registry
from comity.registry import states as state_registry

TOKEN = re.compile(r"(?:[A-Z]\.){2,}|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:'[^\W\d_]+)*")
JAPANESE = re.compile(r"[\u30fb-\u30fe\u30a1-\u30fa\u3400-\u9fff\u3005]+")
KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]")
SMALL = frozenset(("of", "the", "and", "for", "in", "on", "to"))
# Names of the registry that are words, other names, or more than one state.
NOT_NAMES = frozenset(
    ("Korea", "Congo", "Czech", "CAR", "Trinidad", "FRY", "ROC", "RSA", "St", "Saudi", "Malaya")
)
MAX_WORDS = 9
# What is named and is no state: with the id of the state that it belongs to where that is beyond
# dispute in the registry, else unresolved.
TERRITORY = "territory"
# Latest year of which frameworks are looked up by their members.
LAST = 2026


@dataclass(frozen=True)
class Word:
    """A word of a text with its place; ``text`` has straight quotes and no possessive."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Entry:
    """A name: its words, the ids it stands for, what it is; terms of office for leaders."""

    alias: str
    words: tuple[str, ...]
    ids: tuple[str, ...]
    kind: str
    terms: tuple[tuple[str, str, str, str], ...] = ()


def straight(text: str) -> str:
    """Same text, same length, with straight quotes and plain dashes and spaces."""
    return text.translate(_PLAIN)


_PLAIN = str.maketrans("‘’ʼ′“”„–‐‑−\u00a0\u202f\u2009", "''''\"\"\"----   ")


def words_of(text: str) -> list[Word]:
    """Words of a text in order, possessive endings cut off."""
    found = []
    for hit in TOKEN.finditer(straight(text)):
        word = hit.group()
        start = hit.start()
        if word.lower().endswith("'s"):
            word = word[:-2]
        found.append(Word(word, start, start + len(word)))
    return found


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a table beside this module."""
    with resources.files("comity.claims.draft").joinpath(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=8)
def read_toml(name: str) -> dict:
    """A word list beside this module."""
    path = resources.files("comity.claims.draft").joinpath(name)
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _entry(alias: str, ids: str, kind: str) -> Entry:
    return Entry(alias, tuple(w.text for w in words_of(alias)), tuple(ids.split()), kind)


def _registry() -> list[Entry]:
    """Names and aliases of the states of the base year."""
    live = state_registry.ids()
    rows = []
    for own in live:
        rows.append((state_registry.name(own), own))
    for row in read_registry("aliases.csv"):
        if row["id"] in live and not row["valid_to"]:
            rows.append((row["alias"], row["id"]))
    found = []
    for alias, own in rows:
        plain = alias.removeprefix("The ").replace("(the)", "").replace("*", "").strip()
        if "," in plain or "(" in plain or plain in NOT_NAMES or (plain.isupper() and plain != own):
            continue
        found.append(_entry(plain, own, "state"))
        if " and " in plain:
            found.append(_entry(plain.replace(" and ", " & "), own, "state"))
        if plain.startswith("St. "):
            found.append(_entry("Saint " + plain[4:], own, "state"))
    found += [_entry("Korea", "KOR", "state"), _entry("DRC", "COD", "state")]
    return found + [_entry("Democratic Republic of the Congo", "COD", "state")]


def read_registry(name: str) -> list[dict[str, str]]:
    """Rows of a table of the registry."""
    with resources.files("comity.registry").joinpath(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _leaders() -> list[Entry]:
    terms: dict[str, list[tuple[str, str, str, str]]] = {}
    for row in read_table("leaders.csv"):
        for alias in row["names"].split("|"):
            terms.setdefault(alias, []).append((row["from"], row["to"], row["id"], row["office"]))
    return [
        Entry(alias, tuple(w.text for w in words_of(alias)), (), "leader", tuple(spells))
        for alias, spells in terms.items()
    ]


@lru_cache(maxsize=1)
def english() -> dict[str, list[Entry]]:
    """First word in lower case -> names that begin with it, longest first."""
    framework_ids = set(framework_registry.frameworks(LAST))
    entries = _registry() + _leaders()
    for row in read_table("names.csv"):
        kind = "framework" if row["id"] in framework_ids else row["kind"]
        entries.append(_entry(row["alias"], row["id"], kind))
    for row in read_table("frameworks.csv"):
        entries.append(_entry(row["alias"], row["id"], "framework"))
    for row in read_table("territories.csv"):
        entries.append(_entry(row["alias"], row["id"], TERRITORY))
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.words:
            found.setdefault(entry.words[0].lower(), []).append(entry)
    for group in found.values():
        # Seats and institutions first among names of the same words, so that all agree.
        group.sort(key=lambda e: (-len(e.words), e.kind, e.alias))
    return found


@lru_cache(maxsize=1)
def japanese() -> tuple[dict[str, tuple[tuple[str, ...], str]], int]:
    """Japanese name -> (ids, kind), and the length of the longest."""
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for own in state_registry.ids():
        found[state_registry.name(own, "ja")] = ((own,), "state")
    for row in read_table("japanese.csv"):
        found[row["alias"]] = (tuple(row["id"].split()), row["kind"])
    return found, max(map(len, found))


@lru_cache(maxsize=1)
def groups() -> dict[frozenset[str], str]:
    """Members -> framework, for alliances and minilaterals of two to four members."""
    found: dict[frozenset[str], str] = {}
    for own in sorted(framework_registry.frameworks(LAST)):
        one = framework_registry.framework(own)
        known = one.status != "partial" and own not in SINGLE_PURPOSE
        if one.kind not in ("alliance", "minilateral") or not known:
            continue
        members = frozenset(framework_registry.members(own, 2024))
        if 2 <= len(members) <= 4:
            found.setdefault(members, own)
    return found


# Frameworks of one purpose: naming their members does not name them.
SINGLE_PURPOSE = frozenset(
    ("AUKUS-P2", "GSOMIA", "JPN-AUS-RAA", "JPN-GBR-RAA", "JPN-PHL-RAA", "GCAP", "NEWSTART", "CHIP4",
     "NATO-IP4")
)  # fmt: skip
