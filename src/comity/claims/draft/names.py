"""Who is named in a sentence: states and frameworks, with rules for names that mislead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from comity.claims.draft.gazetteer import (
    JAPANESE,
    KATAKANA,
    MAX_WORDS,
    SMALL,
    TERRITORY,
    Entry,
    Word,
    english,
    groups,
    japanese,
    read_toml,
    straight,
    words_of,
)
from comity.claims.draft.traps import misleads

GAP = re.compile(r"[ \t\n&/-]{0,3}|\. |, ")
JOINED = re.compile(r"\s*(?:-|/|–)\s*")
LISTED = re.compile(r",? (?:and|or|as well as) (?:the )?|, (?:the )?| & ")


@dataclass(frozen=True)
class Name:
    """A name found in a sentence: the ids it stands for, what it is and where it stands."""

    ids: tuple[str, ...]
    kind: str
    start: int
    end: int
    text: str
    note: str = ""


def find_names(sentence: str, date: str = "") -> list[Name]:
    """Names in a sentence, in order of place.

    Parameters
    ----------
    sentence
        One sentence, English or Japanese.
    date
        Day of the report, empty if not known: it tells which office a leader held.
    """
    found = _english(sentence, date) + _japanese(sentence)
    found.sort(key=lambda name: name.start)
    return sorted(found + _groups(sentence, found), key=lambda name: (name.start, name.end))


def actors(names: Sequence[Name]) -> list[str]:
    """States named, in the order of the text, each once."""
    return _ids(names, states=True)


def frameworks(names: Sequence[Name]) -> list[str]:
    """Frameworks named, in the order of the text, each once."""
    return _ids(names, states=False)


def unresolved(names: Sequence[Name]) -> list[str]:
    """Names that stand for no state and no framework of the registry: ``Greenland``."""
    return list(dict.fromkeys(name.text for name in names if not name.ids))


def acting(names: Sequence[Name], clause: str) -> list[str]:
    """Frameworks that do something in a clause: one of them begins it and a verb follows.

    ``The EU will raise its target`` has an actor as much as a claim about a state.
    """
    first = min(names, key=lambda name: (name.start, -name.end), default=None)
    if first is None or first.kind != "framework":
        return []
    before = clause[: first.start].strip().lower().rstrip(",")
    after = words_of(clause[first.end :])
    head = before in ("", "the", "an", "a", "both") or before.endswith(" the") and "," in before
    owned = clause[first.end : first.end + 2] in ("'s", "’s", "s'")
    return list(first.ids) if head and not owned and len(after) > 1 and _verb(after) else []


def _verb(words: Sequence[Word]) -> bool:
    """Tell whether the first word, or the second behind an adverb, is one of a finite verb."""
    lists = read_toml("gazetteer.toml")
    for word in words[:2]:
        if word.text in lists["finite"] or (word.text.islower() and word.text.endswith("ed")):
            return True
        if not word.text.endswith("ly"):
            return word.text.islower() and word.text.endswith("s") and word.text[-2:] != "ss"
    return False


def _ids(names: Sequence[Name], states: bool) -> list[str]:
    live = _states()
    return list(dict.fromkeys(i for name in names for i in name.ids if (i in live) == states))


def _states() -> frozenset[str]:
    from comity.registry.states import ids

    return frozenset(ids())


def _english(sentence: str, date: str) -> list[Name]:
    words = words_of(sentence)
    plain = straight(sentence)
    loud = _loud(sentence)
    table = english()
    found, at = [], 0
    while at < len(words):
        taken = 1
        # Other readings of the same length are not tried: a name that misleads is no name.
        for entry in table.get(words[at].text.lower(), ()):
            if _fits(entry, words, at, plain):
                taken = len(entry.words)
                if not misleads(entry, words, at, plain, loud):
                    end = words[at + taken - 1].end
                    found += _name(entry, sentence, words[at].start, end, date)
                    found += _parties(entry, words, at, sentence)
                break
        at += taken
    return found + _congress(words, plain, found)


def _parties(entry: Entry, words: Sequence[Word], at: int, sentence: str) -> list[Name]:
    """States that the name of a framework holds: ``US-Japan Security Treaty``."""
    found = []
    if entry.kind == "framework" and "-" in entry.alias:
        for word in words[at : at + len(entry.words)]:
            for one in english().get(word.text.lower(), ()):
                if one.words == (word.text,) and one.kind in ("state", "demonym"):
                    text = sentence[word.start : word.end]
                    found.append(Name(one.ids, one.kind, word.start, word.end, text))
                    break
    return found


def _loud(sentence: str) -> bool:
    """Tell whether a sentence is written in capitals, in which acronyms cannot be told apart."""
    letters = [c for c in sentence if c.isascii() and c.isalpha()]
    return len(letters) > 12 and sum(c.isupper() for c in letters) > 0.6 * len(letters)


def _fits(entry: Entry, words: Sequence[Word], at: int, plain: str) -> bool:
    count = len(entry.words)
    if count > MAX_WORDS + 4 or at + count > len(words):
        return False
    loose = count >= 3 and words[at].text[:1].isupper()
    for place in range(count):
        wanted, given = entry.words[place], words[at + place].text
        if wanted == given or (loose and wanted.lower() == given.lower()):
            continue
        if given.isupper() and len(given) >= 4 and wanted.upper() == given:
            continue
        if not (place and wanted.lower() in SMALL and wanted.lower() == given.lower()):
            return False
    for place in range(count - 1):
        gap = plain[words[at + place].end : words[at + place + 1].start]
        if not GAP.fullmatch(gap) or (gap == ", " and "," not in entry.alias):
            return False
        if gap == ". " and len(words[at + place].text) > 3:
            return False
    return True


def _name(entry: Entry, sentence: str, start: int, end: int, date: str) -> list[Name]:
    if not entry.terms:
        kept = entry.ids or entry.kind == TERRITORY
        return [Name(entry.ids, entry.kind, start, end, sentence[start:end])] if kept else []
    since, until, own, office = _term(entry, date)
    span = f"{since}..{until}" if until else f"since {since}"
    note = f"{entry.alias}: {own}, {office} {span}"
    return [Name((own,), "leader", start, end, sentence[start:end], note)]


def _term(entry: Entry, date: str) -> tuple[str, str, str, str]:
    """Term of office on a day, else the last one begun before it, else the first."""
    if not date:
        return entry.terms[-1]
    begun = [term for term in entry.terms if term[0] <= date]
    return begun[-1] if begun else entry.terms[0]


def _congress(words: Sequence[Word], plain: str, found: list[Name]) -> list[Name]:
    """``Congress`` and such are those of the state that the sentence names, if it has one."""
    own = {i for name in found for i in name.ids}
    others = bool(own & set(read_toml("gazetteer.toml")["congresses"]))
    out = []
    for at, word in enumerate(words):
        for title, state in (("Congress", "USA"), ("Senate", "USA"), ("Diet", "JPN")):
            inside = any(n.start <= word.start < n.end for n in found)
            bare = title == "Congress" and not others
            if word.text != title or inside or not (state in own or bare):
                continue
            entry = Entry(title, (title,), (state,), "institution")
            if not misleads(entry, words, at, plain, False):
                out.append(Name((state,), "institution", word.start, word.end, title))
    return out


def _japanese(sentence: str) -> list[Name]:
    table, longest = japanese()
    found = []
    for run in JAPANESE.finditer(sentence):
        at, end = run.start(), run.end()
        while at < end:
            for size in range(min(longest, end - at), 1, -1):
                piece = sentence[at : at + size]
                if piece in table and _whole(sentence, at, at + size):
                    ids, kind = table[piece]
                    if ids or kind == TERRITORY:
                        found.append(Name(ids, kind, at, at + size, piece))
                    at += size
                    break
            else:
                at += 1
    return found


def _whole(sentence: str, start: int, end: int) -> bool:
    """Tell whether a name in katakana is not a part of a longer word."""
    before, after = sentence[start - 1 : start], sentence[end : end + 1]
    if KATAKANA.match(sentence[start]) and before and KATAKANA.match(before):
        return False
    return not (KATAKANA.match(sentence[end - 1]) and after and KATAKANA.match(after))


def _groups(sentence: str, found: list[Name]) -> list[Name]:
    """Frameworks named by their members: ``Japan-US-ROK``, an alliance of two, a list of three."""
    out: list[Name] = []
    for run, joined in _runs(sentence, [n for n in found if n.ids and n.kind != "framework"]):
        members = frozenset(i for name in run for i in name.ids)
        own = groups().get(members, "")
        start, end = run[0].start, run[-1].end
        if not own or any(name.start < end and start < name.end for name in out):
            continue
        if (len(members) > 2 and joined) or _bound(sentence, start, end, len(members), joined):
            out.append(Name((own,), "framework", start, end, sentence[start:end]))
    return out


def _runs(sentence: str, names: list[Name]) -> list[tuple[list[Name], bool]]:
    """Names that follow one another, joined by hyphens (True) or in a list (False)."""
    plain = straight(sentence)
    runs = []
    for pattern, joined in ((JOINED, True), (LISTED, False)):
        run: list[Name] = []
        for name in names:
            if run and not pattern.fullmatch(plain[run[-1].end : name.start]):
                runs.append((run, joined))
                run = []
            run.append(name)
        runs.append((run, joined))
    return [(run, joined) for run, joined in runs if len(run) > 1]


def _bound(sentence: str, start: int, end: int, size: int, joined: bool) -> bool:
    """Tell whether what stands around a list of states speaks of what binds them."""
    lists = read_toml("gazetteer.toml")
    after = [w.text.lower() for w in words_of(sentence[end : end + 60])]
    if size == 2:
        return joined and bool(set(after[:2]) & set(lists["bond"]))
    before = [w.text.lower() for w in words_of(sentence[max(0, start - 60) : start])]
    return bool(set(before[-4:] + after[:4]) & set(lists["cooperation"]))


def refer_back(sentence: str, earlier: Sequence[str]) -> list[str]:
    """States that ``these three states`` or ``both countries`` stand for, from those named before.

    Nothing where the number does not agree with the states named before.
    """
    nouns = "|".join(read_toml("gazetteer.toml")["countries"])
    pattern = rf"\b(?:(?:these|those|the) (two|three|four) |(both) |(these|those) )(?:{nouns})\b"
    hit = re.search(pattern, straight(sentence).lower())
    if not hit:
        return []
    wanted = {"two": 2, "three": 3, "four": 4}.get(hit.group(1) or "", 2 if hit.group(2) else 0)
    agrees = len(earlier) == wanted if wanted else len(earlier) >= 2
    return list(earlier) if agrees else []
