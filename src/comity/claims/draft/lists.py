"""Coordination within a clause: which lists stand for several claims, and which for one.

``including A, B and C`` is three claims; ``cooperation among A, B and C`` is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from comity.claims.draft.gazetteer import straight
from comity.claims.draft.names import Name

Item = tuple[str, int, int]
TRIGGER = re.compile(
    r"\b(?:such as|including|namely|includes?|included|comprised|like)\s+(?:the\s+)?", re.IGNORECASE
)
COMMA = re.compile(r",?\s+(?:and|or|as well as)\s+|,\s+(?:and\s+|or\s+)?(?:also\s+)?")
TOGETHER = re.compile(r"\b(?:among|between|amongst|of|both|involving|by)\s+(?:the\s+)?$", re.I)
APART = re.compile(
    r"\b(?:from|with|toward|towards|against|vis-à-vis|via|through|on|including|as|to|for)\s+"
    r"(?:the\s+)?$",
    re.IGNORECASE,
)
MODAL = re.compile(
    r"\b(?:should|must|will|would|could|may|might|can|need to|needs to|have to|has to|to)\s+"
    r"(?:also |not |have |further )*"
)
VERBS = frozenset(
    "accelerate accept achieve act adapt address adopt advance align allow anchor avoid balance bear "
    "become bolster boost bring broaden build carry clarify combine commit complement conclude "
    "confront consider consolidate continue contribute convince coordinate counter create cut "
    "deepen defend deploy deter develop diversify divide draw drive embrace encourage engage enhance "
    "ensure erode establish exclude expand exploit extend face find focus form foster fund give hold "
    "impose improve include increase integrate intensify introduce invest isolate join keep launch "
    "lead leave limit link lower maintain make manage mobilise modernise modernize monitor move "
    "negotiate offer open oppose pay persuade play prepare preserve press prevent produce promote "
    "propose protect provide pull pursue push put raise reach rebuild reconsider reduce reform "
    "reject rely remain remove renew replace resist respond restore restrict return revise seek "
    "sell set shape share shift sign slow speak spend stabilise stabilize stand start stay stop "
    "strengthen subsidise supply support sustain take target threaten trade train treat uphold use "
    "view weaken widen withdraw work".split()
)
MAX_WORDS = 16


def items(text: str, names: Sequence[Name]) -> list[Item]:
    """Claims of a clause as (text, start, end); the clause itself where it holds no list.

    Parameters
    ----------
    text
        The clause.
    names
        Names found in it.
    """
    for way in (_triggered, _apart, _verbs, _nouns, _contrast):
        found = way(text, names)
        if len(found) > 1:
            # A predicate may hold a list of its own: one level deeper is enough.
            return [deep for one in found for deep in _deeper(one, way, names)]
    return [(text, 0, len(text))]


def _deeper(item: Item, way: object, names: Sequence[Name]) -> list[Item]:
    text, start, end = item
    if way not in (_verbs, _contrast):
        return [item]
    from comity.claims.draft.names import find_names

    inner = find_names(text)
    for other in (_triggered, _apart):
        found = other(text, inner)
        if len(found) > 1:
            return [(part, start, end) for part, _, _ in found]
    return [item]


def _pieces(text: str, start: int) -> list[tuple[str, int, int]]:
    """What stands between commas and conjunctions from a place on."""
    found, at = [], start
    plain = straight(text)
    for hit in COMMA.finditer(plain, start):
        found.append((text[at : hit.start()], at, hit.start()))
        at = hit.end()
    found.append((text[at:], at, len(text)))
    return [piece for piece in found if piece[0].strip(" ,.")]


def _with_head(head: str, tail: str, pieces: Sequence[Item]) -> list[Item]:
    out = []
    for piece, start, end in pieces:
        joined = f"{head.strip()} {piece.strip(' ,.')} {tail.strip()}"
        out.append((" ".join(joined.split()), start, end))
    return out


def _triggered(text: str, names: Sequence[Name]) -> list[Item]:
    """``frameworks such as A and B``: an item each."""
    hit = TRIGGER.search(straight(text))
    if not hit or (hit.group().lower().startswith("like") and len(names) < 2):
        return []
    pieces = _pieces(text, hit.end())
    verbal = [p for p in pieces if re.match(r"(?:will|would|to|is|are|both)\b", p[0])]
    if len(pieces) < 2 or verbal or any(len(p[0].split()) > MAX_WORDS for p in pieces):
        return []
    if _collective(text, pieces):
        return []
    return _with_head(text[: hit.end()], "", pieces)


def _collective(text: str, pieces: Sequence[Item]) -> bool:
    """Tell whether the first conjunction joins what ``between`` or ``among`` holds together."""
    return any(
        re.search(r"\b(?:between|among|amongst)\b", straight(piece)) for piece, _, _ in pieces[:-1]
    )


def _apart(text: str, names: Sequence[Name]) -> list[Item]:
    """``against A and B``: names after a preposition that deals them out."""
    plain = straight(text)
    for first in range(len(names) - 1):
        run = [names[first]]
        for name in names[first + 1 :]:
            gap = plain[run[-1].end : name.start]
            if not re.fullmatch(r",? (?:and|or|as well as) (?:the )?|, (?:the )?(?:and )?", gap):
                break
            run.append(name)
        before = plain[: run[0].start]
        if len(run) < 2 or TOGETHER.search(before) or not APART.search(before):
            continue
        head, tail = text[: run[0].start], text[run[-1].end :]
        pieces = [(text[n.start : n.end], n.start, n.end) for n in run]
        return _with_head(head, tail, pieces)
    return []


def _verbs(text: str, names: Sequence[Name]) -> list[Item]:
    """``should do this and do that``, ``by doing this and doing that``."""
    plain = straight(text)
    for hit in re.finditer(r",?\s+(?:and|or)\s+(?:also |to )?([a-z-]+)\b", plain):
        word, left, right = hit.group(1), hit.start(), hit.start(1)
        modal = None
        if word in VERBS:
            for modal in MODAL.finditer(plain, 0, left):
                pass
        elif re.fullmatch(r"[a-z-]{3,}ing", word):
            modal = re.search(r"(?:^|\s)(?=[a-zA-Z-]{3,}ing\b)", plain[:left])
        if modal is None or len(plain[modal.end() : left].split()) < 2:
            continue
        if word not in VERBS and plain[modal.end() :].split()[0].lower() == "including":
            continue
        head = text[: modal.end()]
        if len(plain[right:].split()) < 2:
            continue
        tail = ""
        first = (text[modal.end() : left], modal.end(), left)
        return _with_head(head, tail, [first, (text[right:], right, len(text))])
    return []


def _nouns(text: str, names: Sequence[Name]) -> list[Item]:
    """``A, B, and C`` of things, three or more with a comma before the last."""
    plain = straight(text)
    if not re.search(r",[^,]+,?\s(?:and|or)\s", plain):
        return []
    pieces = _pieces(text, 0)
    if len(pieces) < 3 or any(len(p[0].split()) > MAX_WORDS for p in pieces):
        return []
    inside = [sum(p[1] <= n.start < p[2] for n in names) for p in pieces]
    short = [len(p[0].split()) <= 3 for p in pieces[1:-1]]
    if all(inside) and all(short):
        return []
    if any(re.match(r"(?:it|we|they|he|which|who|as|so)\b", p[0]) for p in pieces):
        return []
    head = re.match(r".*\b(?:for|of|on|in|about|with|to|as) (?=\S+(?: \S+){0,6}$)", pieces[0][0])
    if head is None:
        return list(pieces)
    first, start, end = pieces[0]
    cut = head.end()
    return _with_head(first[:cut], "", [(first[cut:], start + cut, end), *pieces[1:]])


def _contrast(text: str, names: Sequence[Name]) -> list[Item]:
    """``not A, but rather B``."""
    plain = straight(text)
    hit = re.search(r",? but (?:rather |instead )", plain)
    negation = re.search(r" (?:does not|do not|did not|is not|are not|not) (?:\w+ )?", plain)
    if not hit or not negation or negation.start() > hit.start():
        return []
    head = text[: negation.start()]
    second = f"{head} means {text[hit.end() :]}"
    return [(text[: hit.start()], 0, hit.start()), (second, hit.end(), len(text))]
