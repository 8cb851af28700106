"""Names that are not what they seem: Georgia Tech, Michael Jordan, a visit to Tokyo."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from comity.claims.draft.gazetteer import Entry, Word, english, read_toml


def misleads(entry: Entry, words: Sequence[Word], at: int, plain: str, loud: bool) -> bool:
    """Tell whether the name that stands at word ``at`` means something else here.

    Parameters
    ----------
    entry
        The name.
    words, plain
        The sentence as words and as text with straight quotes.
    at
        Where the name begins.
    loud
        The sentence is all capitals.
    """
    last = at + len(entry.words) - 1
    lists = read_toml("gazetteer.toml")
    here = _Here(entry, words, at, last, plain, lists)
    if loud and words[at].text in lists["shouting"]:
        return True
    if entry.kind == "framework" or not entry.ids:
        return bool(entry.ids) and _listed(here)
    return (
        _listed(here)
        or plain[words[last].end : words[last].end + 1] == "$"
        or _body(here)
        or (entry.kind in ("state", "seat") and _person(here))
        or (entry.kind == "seat" and _place(here))
        or (entry.kind == "demonym" and _language(here))
    )


class _Here:
    """A name with its neighbours."""

    def __init__(
        self,
        entry: Entry,
        words: Sequence[Word],
        at: int,
        last: int,
        plain: str,
        lists: dict[str, Any],
    ) -> None:
        self.alias, self.words, self.at, self.last = entry.alias, words, at, last
        self.plain, self.lists = plain, lists
        self.next = words[last + 1].text if last + 1 < len(words) else ""
        self.previous = words[at - 1].text if at else ""
        self.gap_after = plain[words[last].end : words[last + 1].start] if self.next else ""
        self.gap_before = plain[words[at - 1].end : words[at].start] if at else ""

    @property
    def adjoined(self) -> bool:
        """A capitalised word follows after a mere space."""
        return self.gap_after == " " and self.next[:1].isupper()


def _listed(here: _Here) -> bool:
    rule = read_toml("traps.toml").get(here.alias)
    if rule is None:
        return False
    joined = re.fullmatch(r"(?:'s)?[ -]", here.gap_after) is not None
    if joined and here.next in rule.get("next", ()):
        return True
    before = here.plain[: here.words[here.at].start].rstrip(" -")
    if any(re.search(rf"\b{re.escape(word)}$", before) for word in rule.get("before", ())):
        return True
    if any(_holds(here.plain, word) for word in rule.get("context", ())):
        return not any(_holds(here.plain, word) for word in rule.get("unless", ()))
    return False


def _holds(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def _body(here: _Here) -> bool:
    """``Georgia Institute of Technology``: capitalised words up to that of an organisation."""
    place, words = here.last + 1, here.words
    while place < min(len(words), here.last + 6):
        gap = here.plain[words[place - 1].end : words[place].start]
        word = words[place].text
        if gap not in (" ", "-") or not (word[:1].isupper() or word in ("of", "for", "and")):
            return False
        if word in here.lists["bodies"]:
            # The second name of a chain is the one that is read.
            return True
        place += 1
    return False


def _person(here: _Here) -> bool:
    """``Chad Smith``, ``Michael Jordan``, ``Dr. Israel``."""
    lists = here.lists
    known = here.next.lower() in english() or here.next in lists["after"]
    if here.alias in lists["given"] and here.adjoined and not known:
        return True
    if here.previous in lists["titles"] and here.gap_before in (" ", ". "):
        return True
    if here.alias not in lists["surnames"] or here.gap_before != " ":
        return False
    if here.previous in lists["forenames"]:
        return True
    capital = here.previous[:1].isupper() and not here.previous.isupper()
    start = here.at == 1
    named = here.previous.lower() in english() or here.previous in lists["plain"]
    return capital and not start and not named


def _place(here: _Here) -> bool:
    """A capital as the place of something, or in a proper name: not its government."""
    lists, words, at = here.lists, here.words, here.at
    before = words[at - 2].text if at > 1 else ""
    titled = here.next in lists["after"] or here.next.lower() in english()
    if (here.adjoined and not titled) or (here.gap_after == " " and here.next.isdigit()):
        return True
    if here.gap_after == "-" and here.next in ("based", "born", "educated", "area", "bound"):
        return True
    if here.gap_before != " ":
        return False
    if here.previous in ("of", "for") and before in lists["place_of"]:
        return True
    if here.previous in ("visited", "visiting", "visit", "toured", "left", "reached"):
        return True
    if here.previous in ("in", "In", "at", "near", "outside", "around", "across"):
        return before.lower() not in lists["governing"]
    return here.previous in ("to", "from", "via", "for") and before in lists["travel"]


def _language(here: _Here) -> bool:
    lists = here.lists
    if here.alias not in lists["languages"]:
        return False
    if here.gap_after == " " and here.next in lists["language_after"]:
        return True
    spoken = here.previous in lists["language_before"]
    return spoken and (not here.next or here.gap_after != " " or here.next in ("and", "or", "with"))
