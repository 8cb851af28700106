"""Several claims in one sentence: clauses, frames, coordinated predicates and lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from comity.claims.draft.gazetteer import straight
from comity.claims.draft.lists import TRIGGER, items
from comity.claims.draft.names import find_names

MAX_PARTS = 10
SAID = (
    r"(?:noted|pointed out|suggested|emphasi[sz]ed|stressed|recommended|argued|agreed|observed|"
    r"mentioned|stated|said|explained|warned|proposed|underscored|highlighted|advised|affirmed|"
    r"reaffirmed|underlined|added|discussed|reviewed|examined|addressed|shared|expressed|voiced|"
    r"raised|recogni[sz]ed|acknowledged|anticipated|expected|concluded|reported|confirmed|felt|"
    r"believed|predicted|remarked|claimed|cautioned|deemed (?:\w+)|considered)"
)
ADVERB = r"(?:(?:also|even|further|again|strongly|repeatedly|widely|generally|then|broadly) )?"
WHO = (
    r"(?:(?:the|some|many|several|most|other|one|two|a|all|another|both|our) )*"
    r"(?:panel|panell?ists?|speakers?|participants?|experts?|discussants?|moderators?|session|"
    r"this session|discussions?|chair|they|he|she|scholars?|analysts?|commentators?|professor \w+)"
)
OPENING = (
    r"^(?:and |but |while |whereas |although |though |that |also |with |moreover,? |finally,? |"
    r"furthermore,? |further,? |in addition,? |to this end,? |in this regard,? |in this context,? |"
    r"at the same time,? |however,? |therefore,? |thus,? |meanwhile,? |lastly,? |similarly,? |"
    r"on the other hand,? |because |as well as |in conclusion,? |(?:first|second|third)(?:ly)?, )"
)
FRAMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        OPENING,
        rf"^it (?:was|is|has been|had been) {ADVERB}{SAID} that ",
        rf"^(?:in (?:\w+ ){{1,6}}\w+, )?{WHO} (?:have |has |had )?{ADVERB}{SAID} that ",
        rf"^{WHO} (?:have |has )?{ADVERB}{SAID} (?=the |that |concrete |for |a |how |on )",
        rf"^{WHO} {ADVERB}(?:focused|centered|centred|touched) on ",
        r"^consideration was also focused on ",
        r"^(?:emphasi[sz]ed|stressed|noted|proposed|discussed|recommended|warned of|highlighted) ",
    )
)
TAIL = re.compile(rf" (?:was|were|is|are) {ADVERB}{SAID}(?= with |[.,;]|$)", re.IGNORECASE)
ING = r"(?!(?:including|during|according|regarding|concerning|following|excluding|nothing)\b)"
AUX = r"(?:will|would|should|must|could|may|might|can|is|are|was|were|has|have|had|does|do)"
BOUNDARY = re.compile(
    r";\s+|,?\s+(?:and|but|or) that\s+|,\s+that\s+|,?\s+and,? while\s+"
    r"|,?\s+while (?:also )?|,?\s+whereas\s+"
    r"|,\s+(?:although|though|but(?! rather| also)|yet|so that|so|which)\s+|,?\s+because\s+"
    r"|,?\s+in addition to\s+|,?\s+as well as\s+(?=(?:on\s+)?(?:\S+\s+){3})"
    r"|,?\s+exemplified by\s+|,?\s+despite\s+|,?\s+amid\s+(?=\S+\s\S)"
    r"|,\s+(?=(?:both|all|each) (?:\w+ ){1,3}(?:to be|being)\b)"
    r"|,\s+with\s+(?=(?:\S+\s+){1,5}[a-z]+ing\b)|\s+(?=with due\s)"
    rf"|,[\"']?\s+(?=(?:thereby |thus |also )?{ING}[a-z]{{3,}}ing\b)"
    rf"|,\s+(?=it (?:was|is|has been) {ADVERB}{SAID} that\b)"
    rf"|,\s+and\s+(?=(?:[\w'-]+ ){{1,6}}{AUX}\b)"
    rf"|,?\s+and\s+(?={AUX}\b)|,?\s+and\s+(?=(?:it|they|we|this|there) {AUX}\b)"
    r"|,?\s+and\s+(?=(?:emphasi[sz]ed|stressed|noted|proposed|discussed|warned|argued|urged)\b)"
    r"|,?\s+and\s+(?=the (?:importance|need|possibility|risk|respective risk|impact|role|fact|"
    r"weakening|reduction|decline|rise|benefit|cost)s? (?:of|for|on|that)\b)"
)
INITIAL = re.compile(
    r"^(?:While|As|Given|If|When|Since|Although|Though|Because|With|Despite|Amid|Unless|Once|"
    r"After|In [a-z]+ing|(?!Regarding|Concerning|"
    r"During|Considering|Following|According|Including)[A-Z][a-z]{3,}ing)\b"
)
GOVERNED = re.compile(
    r"\b(?:allow|enabl|lett|help|requir|urg|encourag|ask)(?:ing|s|ed)\b(?!.* to )"
)
PROCEDURE = re.compile(
    r"^(?:the )?(?:preceding|previous|following|next|last) (?:sessions?|discussions?|panels?)$"
    r"|^in [a-z]+ing (?:these|this|the|those) [a-z]+$|^regarding \S+( \S+)?$"
    r"|^(?:to|in) (?:this|that) (?:end|regard|context|sense|respect|connection)$",
    re.IGNORECASE,
)
# Nouns of events: as a subject they claim that the event takes place.
EVENT = re.compile(
    r"^(?:the |a |an )?(?:\w+ )?(?:appointment|weakening|rise|decline|erosion|expansion|emergence|"
    r"return|withdrawal|growth|strengthening|dysfunction|deterioration|spread|loss|collapse) of "
)


@dataclass(frozen=True)
class Part:
    """One claim of a sentence: what is said, the frame it is said in, where it stands."""

    text: str
    frame: str
    start: int
    end: int
    context: str = ""


def parts(sentence: str) -> list[Part]:
    """Claims of a sentence, at most ten, in order.

    ``text`` may repeat a subject or a head that several claims share; ``start`` and ``end`` are
    the span in the sentence that is the claim's own.
    """
    found: list[Part] = []
    subject = modal = ""
    for start, end in _clauses(sentence):
        frame, text, start, end, rest = _unframed(sentence, start, end)
        own = text
        before = sentence[:start]
        if found and re.search(r"\bthat\s+$", before) and not frame:
            frame = found[-1].frame
        frame = f"{frame} because" if re.search(r"\bbecause\s+$", before) else frame
        text = _resolved(text, subject, modal, before)
        if found and (ADDED.search(before) or re.match(r"(?:both|all|each) ", own)):
            # What is added to a claim is of its kind unless it says otherwise.
            frame = f"{frame} {found[-1].context or found[-1].text} {found[-1].frame}"
            whole = _attached(text, before, found[-1].text)
            if whole != text:
                found.append(Part(whole, frame, start, end))
                continue
        subject, modal = _subject(text) or (subject, modal)
        part = Part(text, frame, start, end)
        found += _event(part) + _listed(part, own)
        if len(rest.split()) > 3:
            found.append(Part(rest, "", end, end + len(rest)))
    kept = [part for part in found if _holds_content(part.text)]
    return _distinct(kept or [Part(sentence, "", 0, len(sentence))])[:MAX_PARTS]


def _clauses(sentence: str) -> list[tuple[int, int]]:
    """Spans between boundaries; pieces of one or two words go to the one before."""
    plain = straight(sentence)
    cuts = [(hit.start(), hit.end()) for hit in BOUNDARY.finditer(plain)]
    if comma := _initial(plain):
        cuts.append(comma)
    cuts += _inner(plain)
    spans, start = [], 0
    for left, right in sorted(cuts):
        if left < start:
            continue
        if len(plain[start:left].split()) < 3 or len(plain[right:].split()) < 2:
            continue
        joint = plain[left:right].strip(" ,")
        # `A, B, and C will` is one subject; a clause of its own follows a clause without a list.
        aside = (
            "," in " ".join(plain[start:left].split()[-6:]) or len(plain[start:left].split()) < 5
        )
        if plain[left] == "," and joint == "and" and aside and not re.match(AUX, plain[right:]):
            continue
        if joint == "as well as" and GOVERNED.search(plain[start:left]):
            continue
        if (
            joint == "and"
            and plain[right:].startswith("the ")
            and TRIGGER.search(plain[start:left])
        ):
            continue
        spans.append((start, left))
        start = right
    return [*spans, (start, len(sentence))]


def _initial(plain: str) -> tuple[int, int] | None:
    """The comma after an initial clause (``While ..., it was``), not one of a list within."""
    if not INITIAL.match(plain):
        return None
    begins = r",\s+(?=(?:it|we|they|there|this|these|the|its|a|an|[A-Z]\w+|[a-z]+s)\b)"
    for hit in re.finditer(begins, plain):
        rest = plain[hit.end() :]
        if len(plain[: hit.start()].split()) > 2 and not re.match(r"(?:\S+ ){1,3}and ", rest):
            if not re.match(r"[^,]{1,40}, (?:and|or) ", rest):
                return hit.start(), hit.end()
    return None


def _inner(plain: str) -> list[tuple[int, int]]:
    """The comma after ``that as the order weakens,``."""
    found = []
    for hit in re.finditer(r"\bthat (?:as|if|when|given|since) [^,;]{8,120}(,\s+)", plain):
        found.append(hit.span(1))
    return found


def _unframed(sentence: str, start: int, end: int) -> tuple[str, str, int, int, str]:
    """Frame, text without it, its span, and what comes after a frame at the end."""
    text, frame = sentence[start:end], ""
    changed = True
    while changed:
        changed = False
        for pattern in FRAMES:
            hit = pattern.match(straight(text))
            if hit and len(text[hit.end() :].split()) >= 2:
                frame += text[: hit.end()]
                start += hit.end()
                text = text[hit.end() :]
                changed = True
    rest = ""
    if hit := TAIL.search(straight(text)):
        frame += text[hit.start() : hit.end()]
        rest = text[hit.end() :].strip(" .,;")
        text = text[: hit.start()]
        end = start + len(text)
    stripped = text.strip(" ,;.")
    return frame.strip(), stripped, start, end, rest


def _subject(text: str) -> tuple[str, str] | None:
    """What stands before the first auxiliary, and that auxiliary."""
    hit = re.search(rf" ({AUX})\b", text)
    if not hit or hit.start() > 120 or text[: hit.start()].lower() in ("it", "they", "there", "we"):
        verb = re.match(r"((?:the )?[A-Z][\w. -]{1,40}?) [a-z]+s ", text)
        return (verb.group(1), "") if verb else None
    return text[: hit.start()], hit.group(1)


def _resolved(text: str, subject: str, modal: str, before: str) -> str:
    """A clause with the subject of the one before, where it has none but a pronoun."""
    if not find_names(subject):
        owners = [n for n in find_names(before) if before[n.end : n.end + 2] in ("'s", "’s")]
        subject, modal = (owners[-1].text, "") if owners else (subject, modal)
    if not subject:
        return text
    if re.match(rf"{AUX}\b", text):
        return f"{subject} {text}"
    if re.match(r"(?:it|they) (?!is |was |are |were |has |have |seems |appears |remains )", text):
        return f"{subject} {text.split(' ', 1)[1]}"
    if hit := re.match(r"(?:its|their) ", text):
        owner = re.split(r"['’]s ", subject)[0]
        return f"{owner}'s {text[hit.end() :]}"
    if modal and "while" in before[-12:] and re.match(rf"{ING}[a-z]{{3,}}ing\b", text):
        return f"{subject} {modal} be {text}" if modal in MODALS else f"{subject}, {text}"
    return text


def _attached(text: str, before: str, earlier: str) -> str:
    """A phrase that says nothing without the claim before it, with that claim."""
    joint = re.split(r"\s", before.strip())
    if joint[-2:] == ["exemplified", "by"]:
        return f"{earlier}, exemplified by {text}"
    if joint[-3:] == ["in", "addition", "to"] and len(text.split()) < 5:
        return f"{earlier} in addition to {text}"
    return text


ADDED = re.compile(r"(?:in addition to|as well as|, with|exemplified by)\s+$")
MODALS = ("will", "would", "should", "must", "could", "may", "might", "can")


def _event(part: Part) -> list[Part]:
    """The event that a clause is about, as a claim of its own."""
    if not EVENT.match(part.text.lower()):
        return []
    hit = re.search(rf" {AUX} ", part.text)
    if not hit or len(part.text[: hit.start()].split()) < 4:
        return []
    text = part.text[: hit.start()]
    return [Part(text, "", part.start, part.start + len(text))]


def _listed(part: Part, own: str) -> list[Part]:
    """A clause, or one claim for each item of the list that it ends in."""
    shift = part.start - (len(part.text) - len(own))
    found = []
    for text, start, end, context in items(part.text, find_names(part.text)):
        begin = max(part.start, shift + start)
        end = max(begin + 1, shift + end)
        found.append(replace(part, text=text, start=begin, end=end, context=context))
    return found


def _holds_content(text: str) -> bool:
    enough = len(text.split()) >= 2 and any(c.isalpha() for c in text)
    return enough and not PROCEDURE.match(text)


def _distinct(found: Sequence[Part]) -> list[Part]:
    seen: dict[str, Part] = {}
    for part in found:
        seen.setdefault(part.text.lower(), part)
    return list(seen.values())
