"""Drafted claims of a report: sentences, parts, names, kinds and proposals put together."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from comity.claims.draft.cues import hedged, kind
from comity.claims.draft.languages import ways
from comity.claims.draft.names import (
    Name,
    acting,
    actors,
    find_names,
    frameworks,
    refer_back,
    unresolved,
)
from comity.claims.draft.routes import Proposal, proposals
from comity.claims.draft.sentences import Sentence, clean, report
from comity.claims.draft.split import Part, parts
from comity.core.errors import BadInput

QUOTED = 25
SHORT = 8
ISO_DATE = re.compile(r"\b(?P<y>20\d\d|19\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b")


@dataclass(frozen=True)
class Drafted:
    """One drafted claim.

    ``quote`` is at most 25 words of the report; ``cue`` the words that decided the kind, empty
    where none did; ``actors`` the states named, and frameworks that act (the EU, ASEAN) rather than
    being spoken of; ``named`` the names in the claim as they stand in the report; ``unresolved``
    those that are neither a state nor a framework of the registry.
    """

    sentence: int
    text: str
    quote: str
    kind: str
    cue: str
    hedged: bool
    actors: tuple[str, ...]
    frameworks: tuple[str, ...]
    named: tuple[str, ...]
    unresolved: tuple[str, ...]
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class Draft:
    """What was drafted of a report: its title, its date where it gives one, and the claims."""

    title: str
    date: str
    claims: tuple[Drafted, ...]
    sentences: int
    skipped: int


def draft(text: str, date: str = "", name: str = "the report") -> Draft:
    """Draft the claims of a report.

    Parameters
    ----------
    text
        The report, as `sentences.decode` gives it.
    date
        Day of the report, ``YYYY-MM-DD``; found in the text where it is empty.
    name
        Name of the report, for messages.

    Raises
    ------
    BadInput
        No sentence in English or Japanese was found.
    """
    read = report(text)
    if not read.sentences:
        other = "its sentences are in another language" if read.skipped else "it has no sentences"
        raise BadInput(
            "no claim can be drafted",
            f"{other}; English is read, and sentences in Japanese",
            "give the English text of the report",
            name,
        )
    day = date or find_date(text[:5_000])
    claims: list[Drafted] = []
    earlier: list[str] = []
    for sentence in read.sentences:
        claims += _claims(sentence, day, earlier)
        # What `these states` may stand for: those of the sentence before.
        now = actors(find_names(sentence.text, day))
        earlier = _latest_list(sentence, day) if len(now) > 1 else []
    return Draft(read.title, day, tuple(claims), len(read.sentences), read.skipped)


def _latest_list(sentence: Sentence, day: str) -> list[str]:
    """States of the last part of a sentence that names two or more, else all it names."""
    groups = [actors(find_names(part.text, day)) for part in parts(sentence.text)]
    several = [group for group in groups if len(group) > 2]
    return several[-1] if several else actors(find_names(sentence.text, day))


def _claims(sentence: Sentence, day: str, earlier: list[str]) -> list[Drafted]:
    whole = [Part(sentence.text, "", 0, len(sentence.text))]
    pieces = parts(sentence.text) if ways()[sentence.language].clauses else whole
    return [_drafted(sentence, piece, day, earlier) for piece in pieces]


def _drafted(sentence: Sentence, part: Part, day: str, earlier: list[str]) -> Drafted:
    names = find_names(part.text, day)
    before = actors(find_names(sentence.text[: part.start], day))
    seen = (actors(names), before, earlier)
    back = next((found for one in seen if (found := refer_back(part.text, one))), [])
    who = list(dict.fromkeys([*actors(names), *back]))
    language = sentence.language
    own, cue = kind(part.context or part.text, part.frame, language)
    return Drafted(
        sentence.number,
        part.text,
        quote(sentence.text, part.start, part.end),
        own,
        cue,
        hedged(f"{part.frame} {part.text}", language),
        tuple(dict.fromkeys([*who, *acting(names, part.text)])),
        tuple(frameworks(names)),
        tuple(_shown(name) for name in names if name.ids),
        tuple(unresolved(names)),
        tuple(proposals(part.text, own, who)),
    )


def _shown(name: Name) -> str:
    return name.note or f"{name.text}: {' '.join(name.ids)}"


def quote(sentence: str, start: int, end: int) -> str:
    """At most 25 words of a sentence from a place on (300 characters)."""
    while start and sentence[start - 1].isalnum() and sentence[start : start + 1].isalnum():
        start -= 1
    words = sentence[start:end].split()
    if len(words) < SHORT:
        # An item of a list is quoted with what leads up to it.
        words = sentence[:end].split()[-QUOTED + 5 :]
    return " ".join(words[:QUOTED])[:300]


def find_date(text: str) -> str:
    """First full date in a text as ``YYYY-MM-DD``, empty where there is none."""
    plain = clean(text).lower()
    patterns = [(ISO_DATE, ())]
    patterns += [(date, way.months) for way in ways().values() for date in way.dates]
    found = []
    for pattern, months in patterns:
        for hit in pattern.finditer(plain):
            month = str(hit["m"])
            number = int(month) if month.isdecimal() else months.index(month) + 1
            try:
                day = datetime.date(int(hit["y"]), number, int(hit["d"]))
            except ValueError:
                continue
            found.append((hit.start(), day.isoformat()))
    return min(found)[1] if found else ""
