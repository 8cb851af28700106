"""What kind of claim a clause makes, and whether it is hedged: cues, a lexicon, negative rules."""

from __future__ import annotations

import re
from functools import lru_cache

from comity.claims.draft import lexicon
from comity.claims.draft.gazetteer import read_toml, straight

# A recommendation about a risk is a recommendation, a feared future a concern: hence the order.
ORDER = ("definition", "rhetoric", "recommendation", "concern", "causal", "forecast")

# Kinds that verbs and nouns of a class show, beside the cues.
LEXICON = {"concern": lexicon.worried, "causal": lexicon.causal}


@lru_cache(maxsize=32)
def _pattern(name: str, language: str) -> re.Pattern[str]:
    # What a language has no cues for never matches.
    cues = read_toml("cues.toml")[language].get(name, ["(?!)"])
    return re.compile("|".join(f"(?:{cue})" for cue in cues), re.IGNORECASE)


def _blanked(text: str, language: str) -> str:
    """Text without what negative rules match, months that are verbs too among them."""
    text = straight(text)
    for month in read_toml("cues.toml")[language].get("month", ()):
        text = re.sub(month, " ", text)
    return _pattern("not", language).sub(" ", text)


def kind(text: str, frame: str = "", language: str = "en") -> tuple[str, str]:
    """Kind of a claim and the words that decided it.

    Parameters
    ----------
    text
        The clause.
    frame
        How it was said (``it was recommended that``); it decides where the clause does not.
    language
        Its code, one of those in ``cues.toml``.
    """
    own = _first(text, language)
    asserted = _pattern("assertion", language).search(straight(text))
    said = ("observation", "") if asserted else _first(frame, language)
    # What one fears or recommends is a concern or a recommendation, although it lies ahead.
    leads = own[0] == "forecast" and said[0] in ("recommendation", "concern")
    return said if own[0] == "observation" or leads else own


def _first(text: str, language: str) -> tuple[str, str]:
    plain = _blanked(text, language)
    for name in ORDER:
        hit = _pattern(name, language).search(plain)
        by_word = LEXICON[name](plain, language) if name in LEXICON else ""
        if hit or by_word:
            return name, " ".join(hit.group().split()) if hit else by_word
    return "observation", ""


def hedged(text: str, language: str = "en") -> bool:
    """Tell whether a clause is hedged (``may``, ``likely``, ``to some extent``)."""
    return _pattern("hedge", language).search(_blanked(text, language)) is not None
