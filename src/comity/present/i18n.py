"""One catalogue of words for all languages; a missing key is an error, never a blank."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from comity.core.words import LANGS, Lang, words

# Texts of mechanisms' own files: where they stand there, and where on pages.
THERE = {
    "number.": "parameter.",
    "called.field.": "field.",
    "channel.": "category.",
    "domain.": "category.",
    "topic.": "category.",
}
# What parts the notes of a source or a licence.
PARTED = "; "
# Letters and marks written without blanks between them; the last two end a part of a sentence.
UNSPACED = "\u3000-\u30ff\u4e00-\u9fff\uff01-\uff60"
PAUSES = "\u3001\u3002"


@cache
def catalogue(lang: Lang) -> dict[str, str]:
    """Texts of a language by dotted key, from ``i18n/<lang>.toml``.

    What a drawn number (``parameter.<book>.<name>``) and a moving field (``field.<name>``) are
    called stands in the ``words.toml`` of the mechanism that they belong to.
    """
    source = resources.files("comity.present").joinpath("i18n", f"{lang}.toml")
    own = _flat(tomllib.loads(source.read_text(encoding="utf-8")))
    return own | {key: text[lang] for key, text in _of_mechanisms().items()}


@cache
def _of_mechanisms() -> dict[str, dict[str, str]]:
    """What numbers and fields are called, over all mechanisms."""
    folders = resources.files("comity.mechanisms").iterdir()
    named = sorted(one.name for one in folders if one.joinpath("words.toml").is_file())
    texts = (words(f"comity.mechanisms.{name}") for name in named)
    return {
        here + key.removeprefix(there): text
        for one in texts
        for key, text in one.items()
        for there, here in THERE.items()
        if key.startswith(there)
    }


def _flat(table: dict, prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{key}.")
        else:
            found[prefix + key] = value
    return found


def t(key: str, lang: Lang, **values: object) -> str:
    """Text of ``key`` in a language, its ``{names}`` filled with ``values``.

    Raises
    ------
    KeyError
        When the catalogue lacks the key or a value is not given.
    """
    text = catalogue(lang)[key]
    return text.format(**values) if values else text


def has(key: str) -> bool:
    """Whether the catalogues know a key."""
    return key in catalogue(LANGS[0])


def in_order(first: Lang) -> tuple[Lang, ...]:
    """All languages, the given one first."""
    return (first, *(lang for lang in LANGS if lang != first))


@cache
def proses() -> dict[str, dict[str, str]]:
    """Notes that files hold in one language only, by that text: each in every language.

    Reasons for numbers and moves, units, licences. They come from ``i18n/prose.toml``.
    """
    source = resources.files("comity.present").joinpath("i18n", "prose.toml")
    return {one[LANGS[0]]: one for one in tomllib.loads(source.read_text("utf-8"))["text"]}


def prose(text: str, lang: Lang) -> str:
    """A note in a language: as a whole, else part by part; as it is where it is not known."""
    whole = " ".join(text.split())
    if whole in proses():
        return proses()[whole][lang]
    parts = whole.split(PARTED)
    if not any(part in proses() for part in parts):
        return text
    said = (proses()[part][lang] if part in proses() else part for part in parts)
    return t("word.part", lang).join(said)


def pick(text: object, lang: Lang) -> str:
    """Text of a language from what a run folder holds: a dict by language, a plain text or nothing.

    Where a language is missing the first one stands in, as `prose` has it.
    """
    if text is None:
        return ""
    chosen = text.get(lang) if isinstance(text, dict) else text
    if isinstance(text, dict) and not chosen:
        chosen = text.get(LANGS[0]) or ""
    return tidy(prose(str(chosen), lang) if chosen else "")


def tidy(text: str) -> str:
    """Take out the blanks that folded lines leave between letters written without blanks."""
    return re.sub(rf"(?<=[{UNSPACED}])[ \n]+(?=[{UNSPACED}])|(?<=[{PAUSES}])[ \n]+", "", text)
