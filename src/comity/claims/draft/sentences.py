"""From the bytes of a report to numbered sentences: own splitter, no model."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

from comity.claims.draft.languages import ends, sure, ways
from comity.core.errors import BadInput
from comity.core.words import LANGS
from comity.files.guard import CONTROL

MAX_BYTES = 1_000_000
MAX_SENTENCE = 2_000
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
HIDDEN = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"))
BREAKING = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|table|section|article)\b[^<>]{0,300}>")
BULLET = re.compile(r"^\s*(?:[•▪◦●■□◆○‣·*–—-]\s+|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+)")
NOTE = re.compile(r"\[\d{1,3}\]|[¹²³⁴-⁹⁰]|(?<=[a-z][.”\"])\d{1,2}(?=\s|$)")
ABBREVIATIONS = frozenset(
    (
        "a.m adm al amb approx apr art aug ca capt cf co col corp d.c dec dept dr e.g e.u ed "
        "eds eg et etc feb fig figs gen gov hon i.e ie inc jan jr jul jun lt ltd mar min mr mrs "
        "ms no nos nov oct p p.m para ph.d pp prof rep rev sen sep sept sgt sr st u.k u.n u.s "
        "u.s.a univ viz vol vs"
    ).split()
)
FUNCTION = frozenset(
    (
        "also an and are as at be but by can could for from has have in is it its may must not "
        "of or should that the their these this to was were which will with would"
    ).split()
)
OTHERS = frozenset(
    (
        "att che con dans das del della den der des di die du een el em en est et het il ist la "
        "las le les los mit nel nicht não och os para per por pour que qui sur um uma una und "
        "une van von är"
    ).split()
)


@dataclass(frozen=True)
class Sentence:
    """A sentence with its number, from 1, and the paragraph it stands in."""

    number: int
    paragraph: int
    text: str
    language: str


@dataclass(frozen=True)
class Report:
    """A report as sentences, with what stood in its head."""

    title: str
    sentences: tuple[Sentence, ...]
    skipped: int


def read_text(path: Path) -> str:
    """Text of a report.

    Raises
    ------
    BadInput
        No such file, too long, binary, not UTF-8 or UTF-16, or without text.
    """
    if not path.is_file():
        what = f"{str(path)!r} is a folder or device" if path.exists() else f"no file {str(path)!r}"
        raise BadInput(what, fix="give the path of a text file")
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(f"cannot read {str(path)!r}", error.strerror or "") from None
    if len(raw) > MAX_BYTES:
        raise BadInput(
            f"the report has more than {MAX_BYTES:,} bytes",
            "a report of a panel is short, and a person decides on every claim",
            "cut the text into sessions and draft each",
            str(path),
        )
    return decode(raw, str(path))


def decode(raw: bytes, name: str) -> str:
    """Text of bytes: UTF-8, or UTF-16 with its mark; raises as `read_text`."""
    wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"byte {error.start + 1} is not {'UTF-16' if wide else 'UTF-8'}",
            "the file is binary or in another encoding",
            "save the report as plain text in UTF-8",
            name,
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    text = text.replace("\v", "\n").replace("\x85", "\n")
    if text.startswith(("%PDF-", "{\\rtf", "PK\x03\x04")) or "\x00" in text:
        raise BadInput(
            "the file is not plain text", fix="save the report as plain text in UTF-8", where=name
        )
    text = CONTROL.sub("", text)
    if not text.strip():
        raise BadInput("the report is empty", fix="give a file with the text of it", where=name)
    return text


def report(text: str) -> Report:
    """Split a text into numbered sentences; headings, menus and other languages are left out.

    Parameters
    ----------
    text
        The report, with LF line ends.

    Returns
    -------
    Report
        Its title, the sentences, and how many pieces in other languages were skipped.
    """
    english = is_english(text[:200_000])
    found: list[Sentence] = []
    skipped, title = 0, ""
    for place, block in enumerate(paragraphs(clean(text)), 1):
        whole = is_english(block[:20_000]) if len(block.split()) >= 12 else None
        for piece in split(block):
            language = _language(piece, whole, english)
            if not _is_sentence(piece, language):
                title = title or (piece if language and _is_title(piece) else "")
            elif not language:
                skipped += 1
            else:
                found.append(Sentence(len(found) + 1, place, piece, language))
    return Report(title, tuple(found), skipped)


def clean(text: str) -> str:
    """Text without the remains of HTML, footnote marks and full-width letters."""
    if "<" in text:
        for opening, closing in HIDDEN:
            text = _without(text, opening, closing)
        text = TAG.sub(" ", BREAKING.sub("\n\n", text))
    if "&" in text:
        text = html.unescape(text)
    text = text.translate({code: code - 0xFEE0 for code in range(0xFF21, 0xFF5B)})
    text = text.translate({0xAD: None, 0x200B: None, 0x200D: None, 0xFEFF: None, 0xA0: " "})
    return NOTE.sub("", CONTROL.sub("", text))


def _without(text: str, opening: str, closing: str) -> str:
    """Text without what stands between two marks, the marks included."""
    kept, at = [], 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start)) >= 0:
        kept.append(text[at:start])
        at = end + len(closing)
    return " ".join((*kept, text[at:]))


def paragraphs(text: str) -> list[str]:
    """Blocks of text, lines that were only wrapped joined again."""
    found: list[str] = []
    open_ = False
    for line in text.split("\n"):
        bare = BULLET.sub("", line).strip()
        bullet = bare != line.strip()
        if not bare:
            open_ = False
            continue
        if open_ and not bullet and _continues(found[-1], bare):
            last = found[-1]
            cut = last.endswith("-") and bare[:1].islower() and last[-2:-1].isalpha()
            found[-1] = last[:-1] + bare if cut else f"{last} {bare}"
        else:
            found.append(bare)
        open_ = len(found[-1]) < 20_000
    return [re.sub(r"\s+", " ", block) for block in found]


def _continues(before: str, line: str) -> bool:
    """Tell whether a line goes on with the sentence of the line before."""
    if line[:1].islower():
        return True
    return len(before) >= 50 and before[-1] not in f'{sure()}.:;”"' or before.endswith((",", "-"))


def split(block: str) -> list[str]:
    """Sentences of a paragraph."""
    found, start = [], 0
    for hit in ends().finditer(block):
        if _ends(block, start, hit.start(), hit.end()):
            found.append(block[start : hit.end()].strip())
            start = hit.end()
    found.append(block[start:].strip())
    return [short for piece in found if piece for short in _cut(piece)]


def _cut(piece: str) -> list[str]:
    """Pieces of at most `MAX_SENTENCE` characters: what is longer is no sentence."""
    found = []
    while len(piece) > MAX_SENTENCE:
        at = piece.rfind(" ", 1, MAX_SENTENCE)
        at = at if at > 0 else MAX_SENTENCE
        found.append(piece[:at])
        piece = piece[at:].lstrip()
    return [*found, piece] if piece else found


def _ends(block: str, start: int, at: int, end: int) -> bool:
    """Tell whether the mark at ``at`` ends a sentence."""
    if block[at] in sure():
        return True
    if block[at] == "…":
        return block[end : end + 2].strip()[:1].isupper()
    word = re.split(r"[\s(\[\"“'‘]", block[max(start, at - 24) : at])[-1].lower()
    following = block[end : end + 40].lstrip()
    if not following or following[0].islower():
        return False
    if re.fullmatch(r"(?:[a-z]\.)+[a-z]", word):
        # `U.S.` ends a sentence only before a word that begins one.
        starters = ("The", "It", "In", "This", "These", "He", "She", "They", "We", "But", "However")
        return following.split()[0].rstrip(",") in starters
    return word not in ABBREVIATIONS and not re.fullmatch(r"[a-z]", word)


def _is_title(piece: str) -> bool:
    enough = len(piece.split()) >= 3 or not piece.isascii()
    return enough and 12 <= len(piece) <= 200 and not piece[:1].islower()


def _is_sentence(piece: str, language: str) -> bool:
    """Tell a sentence from a heading, a caption or a menu: it ends as one, or is long."""
    # What no language is sure of is judged by the first one.
    way = ways()[language or LANGS[0]]
    if len(piece.split()) < way.words or len(piece) < way.letters:
        return False
    return piece.rstrip(way.closing)[-1:] in way.stops or bool(way.verb.search(piece))


def is_english(text: str) -> bool:
    """Tell by its small words whether a text is English."""
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", text)]
    if not words:
        return False
    own = sum(word in FUNCTION for word in words) / len(words)
    others = sum(word in OTHERS for word in words) / len(words)
    letters = sum(c.isascii() for word in words for c in word) / sum(map(len, words))
    short = len(words) < 12
    return letters > 0.8 and others < max(own, 0.12) and (own >= 0.08 or short)


def _language(piece: str, whole: bool | None, english: bool) -> str:
    """``en``, ``ja`` or nothing for another language.

    ``whole`` tells whether the paragraph is English, None where it is too short to tell.
    """
    japanese = len(re.findall(r"[\u3040-\u30ff]", piece))
    letters = sum(c.isalpha() for c in piece)
    if japanese and japanese + len(re.findall(r"[\u3400-\u9fff]", piece)) > 0.4 * letters:
        return "ja"
    if whole is None:
        return "en" if english and is_english(piece) else ""
    return "en" if whole else ""
