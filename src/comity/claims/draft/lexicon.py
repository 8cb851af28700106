"""Causes and worries by the class of a verb, not by a list of phrases.

Base forms are in ``lexicon.toml``.  A verb of causing or forcing makes a claim causal whoever does
it; one of changing does where its subject is no actor ("tariffs raised prices", not "Japan raised
tariffs"): neither a person, nor a group, nor a name.  So is what follows on a condition.
"""

from __future__ import annotations

import re
from functools import lru_cache

from comity.claims.draft.gazetteer import english, read_toml

IRREGULAR = {
    "bring": ("brings", "brought", "bringing"),
    "give": ("gives", "gave", "given", "giving"),
    "set": ("sets", "set", "setting"),
    "lead": ("leads", "led", "leading"),
    "drive": ("drives", "drove", "driven", "driving"),
    "cut": ("cuts", "cut", "cutting"),
    "hurt": ("hurts", "hurt", "hurting"),
    "shrink": ("shrinks", "shrank", "shrunk", "shrinking"),
    "breed": ("breeds", "bred", "breeding"),
    "speed": ("speeds", "sped", "speeding"),
    "throw": ("throws", "threw", "throwing"),
    "tip": ("tips", "tipped", "tipping"),
    "cast": ("casts", "cast", "casting"),
    "hit": ("hits", "hit", "hitting"),
    "send": ("sends", "sent", "sending"),
    "cost": ("costs", "cost", "costing"),
    "feed": ("feeds", "fed", "feeding"),
    "keep": ("keeps", "kept", "keeping"),
    "hold": ("holds", "held", "holding"),
    "spread": ("spreads", "spread", "spreading"),
    "shake": ("shakes", "shook", "shaking"),
    "draw": ("draws", "drew", "drawing"),
    "bind": ("binds", "bound", "binding"),
    "tie": ("ties", "tied", "tying"),
    "rob": ("robs", "robbed", "robbing"),
    "free": ("frees", "freed", "freeing"),
    "arise": ("arises", "arose", "arisen", "arising"),
    "spring": ("springs", "sprang", "sprung", "springing"),
    "grow": ("grows", "grew", "grown", "growing"),
    "come": ("comes", "came", "coming"),
    "be": ("is", "are", "was", "were", "been", "being"),
    "leave": ("leaves", "left", "leaving"),
    "lend": ("lends", "lent", "lending"),
    "split": ("splits", "split", "splitting"),
    "upset": ("upsets", "upset", "upsetting"),
    "undercut": ("undercuts", "undercut", "undercutting"),
    "swell": ("swells", "swelled", "swollen", "swelling"),
    "amount": ("amounts", "amounted", "amounting"),
    "tilt": ("tilts", "tilted", "tilting"),
}  # fmt: skip
DOUBLING = frozenset(("spur", "deter", "sap", "compel", "impel", "propel", "fan"))
VOWELS = "aeiou"
# Words that may begin an object; a verb without one after it has none.
NO_OBJECT = (
    "by|in|on|at|to|from|with|of|for|as|and|or|but|than|when|while|if|because|since|after|before|"
    "during|over|under|between|among|through|until|once|again|too|also|so|yet|not|is|are|was|were|"
    "be|been|has|have|had|will|would|may|might|can|could|should|must|that|next|last|soon|further|only|rapidly|sharply|steadily"
)
MODAL = r"(?:will|would|may|might|could|can|is likely to|are likely to|is set to|are set to)"
NAMED = re.compile(
    r"\b(?:to|the|a|an|of|this|its|their|our|his|her|for|more|most|be|being)\s*$", re.I
)
BETWEEN = (
    r"(?:(?:\w+ly|also|further|in turn|thus|only|even|already|not|not only|still|itself) ){0,2}"
)
CONDITION = re.compile(
    r"^(?:if|unless|should|were|once|without)\b.*,.*\b(?:will|would|could|may|might|can)\b|"
    r"\b(?:will|would|could|may|might)\b.*\b(?:if|unless)\b",
    re.IGNORECASE,
)
PREPOSITION = re.compile(
    r"\b(?:of|in|on|at|from|to|for|with|by|between|among|over|against|within|about|towards?)\b"
)
WORD = re.compile(r"[^\W\d_][\w'’-]*")
HELPING = re.compile(
    r"\w+ly|has|have|had|is|are|was|were|not|also|still|even|been|being|do|does|did|"
    r"will|would|may|might|could|can|must|shall|should|likely|set",
    re.I,
)
AGENTS = ("ists", "ist", "makers", "maker", "ians", "ian")
CLAUSE = re.compile(r"[,;:]|\b(?:and|but|that|which|who|while|because|where|when|as)\b")


def forms(base: str, gerund: bool = False) -> tuple[str, ...]:
    """Return third person and past (or the gerund) of a verb; particles stay behind it."""
    verb, _, rest = base.partition(" ")
    if verb in IRREGULAR:
        known = IRREGULAR[verb]
        found = known[-1:] if gerund else known[:-1]
    else:
        stem = verb + verb[-1] if verb in DOUBLING else verb.removesuffix("e")
        soft = verb.endswith("y") and verb[-2] not in VOWELS
        third = f"{verb[:-1]}ies" if soft else verb + ("es" if verb.endswith(HISS) else "s")
        past = f"{verb[:-1]}ied" if soft else f"{stem}ed"
        found = (f"{stem}ing",) if gerund else (third, past)
    return tuple(f"{form} {rest}".strip() for form in found)


HISS = ("sh", "ch", "ss", "zz")


@lru_cache(maxsize=8)
def _lists(language: str) -> dict[str, list[str]]:
    return read_toml("lexicon.toml").get(language, {})


@lru_cache(maxsize=32)
def _verbs(names: tuple[str, ...], language: str, form: str) -> str:
    """Alternatives of the ``finite``, ``bare`` or ``gerund`` forms of some classes."""
    found: list[str] = []
    for base in (base for name in names for base in _lists(language).get(name, ())):
        found += [base] if form == "bare" else forms(base, form == "gerund")
    return "|".join(re.escape(one) for one in sorted(found, key=len, reverse=True)) or "(?!)"


@lru_cache(maxsize=8)
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    """Uses of the classes with an object; small letters only, since names are capitalised."""
    strong, every = ("cause", "force"), ("cause", "force", "change")
    tail = rf"(?= (?!(?:{NO_OBJECT})\b)[\w\"'“‘$€£])(?! (?:by )?[$€£]?\d)"
    text = {
        "strong": rf"\b(?:{_verbs(strong, language, 'finite')})\b{tail}",
        "plain": rf"\b(?:{_verbs(every, language, 'bare')}|{_verbs(every, language, 'finite')})\b"
        + tail,
        "modal": rf"\b{MODAL} {BETWEEN}(?:{_verbs(every, language, 'bare')})\b{tail}",
        "gerund": rf"(?:, (?:thereby |thus )?|\bthereby |\b(?:is|are|was|were|been) {BETWEEN})"
        rf"(?:{_verbs(every, language, 'gerund')})\b{tail}",
        "passive": rf"\b(?:is|are|was|were|been|being) {BETWEEN}"
        rf"(?:{_verbs(every, language, 'finite')}) by\b",
        "effect": rf"\b(?:{_verbs(('effect',), language, 'finite')}"
        rf"|{_verbs(('effect',), language, 'bare')})\b",
    }
    return {name: re.compile(one) for name, one in text.items()}


def causal(text: str, language: str = "en") -> str:
    """Return the words that make a clause one of cause and effect; empty where none do."""
    if language not in read_toml("lexicon.toml"):
        return ""
    found = _patterns(language)
    if hit := CONDITION.search(text):
        return " ".join(hit.group().split()[:3])
    for name in ("passive", "effect"):
        if hit := found[name].search(text):
            return _said(hit)
    for name in ("modal", "plain", "gerund"):
        for hit in found[name].finditer(text):
            if not NAMED.search(text[: hit.start()]) and _eventful(text[: hit.start()], language):
                return _said(hit)
    for hit in found["strong"].finditer(text):
        # Without a subject, or after an article, a participle is a name or an attribute.
        if text[: hit.start()].strip() and not NAMED.search(text[: hit.start()]):
            return _said(hit)
    return ""


def _said(hit: re.Match[str]) -> str:
    return " ".join(hit.group().split())


def _eventful(before: str, language: str) -> bool:
    """Tell whether the subject that ends before a verb is no actor: an event or an abstraction."""
    subject = CLAUSE.split(before)[-1].strip() or before.strip(" ,;:")
    heads = PREPOSITION.split(subject)
    words = _nouns(heads[0])
    if words and words[-1].lower() in _lists(language)["amounts"] and len(heads) > 1:
        words = _nouns(heads[1])
    words = words or _nouns(subject)
    if not words:
        return False
    last = words[-1]
    if last.lower() in _lists(language)["actors"] or last.lower().endswith(AGENTS):
        return False
    if not last[0].isupper():
        return True
    # A name in capitals acts, unless it is the first word and no name that is known.
    first = subject.startswith(last)
    return first and not any(entry.ids or entry.terms for entry in english().get(last.lower(), ()))


def _nouns(text: str) -> list[str]:
    """Words of a noun phrase without its verbs of time and adverbs."""
    return [word for word in WORD.findall(text) if not HELPING.fullmatch(word)]


@lru_cache(maxsize=8)
def _worries(language: str) -> re.Pattern[str]:
    lists = _lists(language)
    verbs = [
        form
        for base in lists.get("worry", ())
        for form in (base, *forms(base), *forms(base, gerund=True))
    ]
    words = sorted({*verbs, *lists.get("fearful", ())}, key=len, reverse=True)
    parts = [rf"\b(?:{'|'.join(map(re.escape, words))})\b"] if words else ["(?!)"]
    parts += [rf"\b{one}\b" for one in lists.get("fearful_phrases", ())]
    return re.compile("|".join(parts), re.IGNORECASE)


def worried(text: str, language: str = "en") -> str:
    """Return the words of fear or threat in a clause; empty where there are none."""
    hit = _worries(language).search(text)
    return _said(hit) if hit else ""
