"""Coordination within a clause: which lists stand for several claims, and which for one.

``including A, B and C`` is three claims; ``cooperation among A, B and C`` is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from comity.claims.draft.gazetteer import straight
from comity.claims.draft.names import Name, find_names

Item = tuple[str, int, int]
Found = tuple[str, int, int, str]
TRIGGER = re.compile(
    r"\b(?:such as|including|namely|includes?|included|comprised|like)\s+", re.IGNORECASE
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
    r"(?:also |not |further )*"
)
VERBS = frozenset(
    (
        "accelerate accept achieve act adapt address adopt advance align allow anchor avoid "
        "balance bear become bolster boost bring broaden build carry clarify combine commit "
        "complement conclude confront consider consolidate continue contribute convince "
        "coordinate counter create cut deepen defend deploy deter develop diversify divert "
        "divide draw drive embolden embrace encourage endanger engage enhance ensure erase "
        "erode establish exclude expand exploit extend face find focus form foster fuel fund "
        "give harm hold hurt impose improve include increase integrate intensify introduce "
        "invest invite isolate join keep launch lead leave limit link lower maintain make "
        "manage mobilise modernise modernize monitor move negotiate offer open oppose pay "
        "persuade play prepare preserve press prevent produce promote propose protect provide "
        "pull pursue push put raise reach rebuild reconsider reduce reform reject rely remain "
        "remove renew replace resist respond restore restrict return revise seek sell set shape "
        "share shift sign slow speak speed spend split spur stabilise stabilize stall stand "
        "start stay stop strengthen subsidise supply support sustain take target tempt threaten "
        "trade train treat trigger undermine unify uphold use view weaken widen withdraw work"
    ).split()
)
MAX_WORDS = 16


def items(text: str, names: Sequence[Name]) -> list[Found]:
    """Claims of a clause as (text, start, end, context); the clause itself without a list.

    ``context`` is the whole clause where predicates were split, whose kind both then share.

    Parameters
    ----------
    text
        The clause.
    names
        Names found in it.
    """
    for way in (_triggered, _governed, _apart, _repeated, _verbs, _contrast, _nouns):
        found = way(text, names)
        if len(found) > 1:
            shared = text if way is _verbs else ""
            # A predicate may hold a list of its own: one level deeper is enough.
            deep = [one for item in found for one in _deeper(item, way)]
            return [(*one, shared) for one in deep]
    return [(text, 0, len(text), "")]


def _deeper(item: Item, way: Callable[..., list[Item]]) -> list[Item]:
    text, start, end = item
    inner = find_names(text)
    for other in {_verbs: (_triggered, _apart), _triggered: (_apart,)}.get(way, ()):
        found = other(text, inner)
        if len(found) > 1:
            return [(part, start, end) for part, _, _ in found]
    return [item]


def _pieces(text: str, start: int, names: Sequence[Name], end: int = -1) -> list[Item]:
    """What stands between commas and conjunctions from a place on, lists of actors kept whole."""
    found, at = [], start
    end = len(text) if end < 0 else end
    plain = straight(text)[:end]
    kept = _kept(plain, names)
    for hit in COMMA.finditer(plain, start):
        if any(a <= hit.start() < b for a, b in kept):
            continue
        found.append((text[at : hit.start()], at, hit.start()))
        at = hit.end()
    found.append((text[at:end], at, end))
    return [piece for piece in found if piece[0].strip(" ,.")]


def _kept(plain: str, names: Sequence[Name]) -> list[tuple[int, int]]:
    """Spans of lists that act as one: ``among A, B and C``, ``A, B and C doing this``."""
    joint = r"\b(?:between|among|amongst) .{2,90}? and (?:the )?(\S+)"
    spans = [hit.span() for hit in re.finditer(joint, plain) if hit.group(1) not in VERBS]
    for run in _name_runs(plain, names):
        start, end = run[0][0], run[-1][1]
        doing = re.match(r" (?:[a-z]{4,}ing|should|must|will|to)\b", plain[end:])
        triggered = re.search(r"(?:such as|including|namely|like) (?:the )?$", plain[:start])
        if len(run) > 1 and (doing or not triggered):
            spans.append((start, end))
    return spans


def _name_runs(plain: str, names: Sequence[Name]) -> list[list[tuple[int, int]]]:
    """Names that follow one another in a list; names joined by hyphens count as one."""
    merged: list[tuple[int, int]] = []
    single = [n for n in names if not re.search(r",| and ", n.text)]
    for name in sorted(single, key=lambda n: (n.start, n.end)):
        if merged and (name.start < merged[-1][1] or plain[merged[-1][1] : name.start] == "-"):
            merged[-1] = (merged[-1][0], max(merged[-1][1], name.end))
        else:
            merged.append((name.start, name.end))
    runs: list[list[tuple[int, int]]] = []
    for span in merged:
        gap = plain[runs[-1][-1][1] : span[0]] if runs else "-"
        if re.fullmatch(r",? (?:and|or|as well as) (?:the )?|, (?:the )?(?:and )?", gap):
            runs[-1].append(span)
        else:
            runs.append([span])
    return runs


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
    pieces = _pieces(text, hit.end(), names)
    verbal = [p for p in pieces if re.match(r"(?:will|would|to|is|are|both)\b", p[0])]
    if len(pieces) < 2 or verbal or any(len(p[0].split()) > MAX_WORDS for p in pieces):
        return []
    return _with_head(text[: hit.end()], "", pieces)


def _governed(text: str, names: Sequence[Name]) -> list[Item]:
    """``allowing A and B as well as C to do this``: an item each."""
    hit = re.search(
        r"\b(?:allow|enabl|lett|help|requir|urg|encourag|ask)(?:ing|s|ed)\s+(.{3,120}?)\s+to\s",
        text,
    )
    if not hit:
        return []
    pieces = _pieces(text, hit.start(1), names, hit.end(1))
    return _with_head(text[: hit.start(1)], text[hit.end(1) :], pieces)


def _apart(text: str, names: Sequence[Name]) -> list[Item]:
    """``against A and B``, ``through A, B and other groups``: after words that deal them out."""
    plain = straight(text)
    if re.search(r"\b(?:these|those|the) (?:two|three|four) |\bboth \w+s\b|\ball of them\b", plain):
        return []
    for run in _name_runs(plain, names):
        start, end = run[0][0], run[-1][1]
        before = plain[:start]
        others = re.match(r",? and other ([\w-]+ ?){1,12}$", plain[end:])
        if len(run) + bool(others) < 2 or TOGETHER.search(before) or not APART.search(before):
            continue
        head = re.sub(r"\s+the\s*$", " ", text[:start])
        tail = "" if others else text[end:]
        pieces = [(text[a:b], a, b) for a, b in run]
        if others:
            pieces.append((text[end:].removeprefix(",").strip()[4:], end, len(text)))
        return _with_head(head, tail, pieces)
    return []


def _repeated(text: str, names: Sequence[Name]) -> list[Item]:
    """``called for this and for that``: the preposition stands again."""
    plain = straight(text)
    tasks = [h for h in re.finditer(r",? (?:and )?to (?=([a-z]+)\b)", plain) if h.group(1) in VERBS]
    listed = [h for h in tasks[1:] if h.group().startswith(",") or " and " in h.group()]
    if tasks and listed:
        places = [tasks[0].end(), *(h.end() for h in listed)]
        ends = [*(h.start() for h in listed), len(text)]
        pieces = [(text[a:b], a, b) for a, b in zip(places, ends, strict=True)]
        return _with_head(text[: tasks[0].end()], "", pieces)
    for hit in re.finditer(r",? and (?=(for|about|against|on) )", plain):
        first = re.search(rf"\b(?={hit.group(1)} )", plain[: hit.start()])
        if first and first.start() > 3:
            begin = first.start()
            pieces = [(text[begin : hit.start()], begin, hit.start())]
            pieces.append((text[hit.end() :], hit.end(), len(text)))
            return _with_head(text[:begin], "", pieces)
    return []


def _verbs(text: str, names: Sequence[Name]) -> list[Item]:
    """``should do this and do that``, ``by doing this and doing that``."""
    plain = straight(text)
    for hit in re.finditer(r",?\s+(?:and|or)\s+(?:also |to )?([a-z-]+)\b", plain):
        word, left, right = hit.group(1), hit.start(), hit.start(1)
        if any(a <= left < b for a, b in _kept(plain, names)) or len(plain[right:].split()) < 2:
            continue
        begin, tail = _predicate(plain[:left], word), ""
        if begin < 0 or len(plain[begin:left].split()) < 2:
            continue
        closing = re.search(
            r"(?<! to) (?:be|is|are|will|would|should|could|was|were) ", plain[right:]
        )
        if word.endswith("ing") and closing and "," not in plain[right : right + closing.start()]:
            tail = text[right + closing.start() :]
        first = _with_head(text[:begin], tail, [(text[begin:left], begin, left)])
        return first + _with_head(text[:begin], "", [(text[right:], right, len(text))])
    return []


def _predicate(before: str, word: str) -> int:
    """Where the predicate begins that one beginning with ``word`` is joined to; -1 for none."""
    if word in VERBS:
        return max((hit.end() for hit in MODAL.finditer(before)), default=-1)
    if re.fullmatch(r"[a-z-]{3,}ing", word) and word not in ADJECTIVES:
        opening = (
            r"(?:^|\b(?:of|by|in|to|for|as|that|on|about|from|through) )(?=([a-zA-Z-]{3,}ing)\b)"
        )
        found = [h for h in re.finditer(opening, before) if h.group(1).lower() not in ADJECTIVES]
        return found[-1].end() if found else -1
    return -1


ADJECTIVES = frozenset(
    "existing growing emerging developing leading remaining increasing including during ongoing "
    "neighboring neighbouring competing rising willing according regarding nothing something "
    "everything anything shipping manufacturing engineering training financing funding".split()
)


FINITE = r"\b(?:that|who|which|will|would|should|must|has|have|had|is|are|was|were)\b"
ASIDE = r"(?:it|we|they|he|which|who|as|so|to|in|on|at|of|including|such|especially|also|not|but)\b"


def _nouns(text: str, names: Sequence[Name]) -> list[Item]:
    """``A, B, and C`` of things, three or more with a comma before the last."""
    plain = straight(text)
    if not re.search(r",[^,]+,?\s(?:and|or)\s", plain):
        return []
    pieces = _pieces(text, 0, names)
    if len(pieces) < 3 or any(len(p[0].split()) > MAX_WORDS for p in pieces):
        return []
    if not re.search(r",?\s(?:and|or)\s+$", plain[: pieces[-1][1]]):
        return []
    if any(re.search(FINITE, p[0]) for p in pieces[:-1]):
        return []
    inside = [sum(p[1] <= n.start < p[2] for n in names) for p in pieces]
    short = [len(p[0].split()) <= 3 for p in pieces[1:-1]]
    if all(inside) and all(short):
        return []
    if any(re.match(ASIDE, p[0]) for p in pieces):
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
