"""What can be said of a contested sentence, in words: for the terminal and for the agenda."""

from __future__ import annotations

import math

from comity.claims.learn.answers import Answer, Way, patience
from comity.claims.learn.decision import PACKAGE, said
from comity.claims.learn.questions import Estimate
from comity.core.words import Lang, say, words
from comity.present.numbers import fine, number, plain

Z = 1.959964  # of a 95 % interval
LONG = 1000.0  # years beyond which their number says nothing more


def lines(answer: Answer, lang: Lang) -> list[tuple[str, str]]:
    """Name and text of each part, in the order in which they are read; `heading` names them."""
    texts = words(PACKAGE)
    parts = [
        ("estimate", estimate(answer, lang)),
        ("critics", texts[f"question.{answer.question.name}.critics"][lang]),
        ("waiting", waiting(answer, lang)),
        ("decision", said(answer.decided, lang)),
        ("ways", ways(answer, lang)),
        ("best", best(answer, lang)),
    ]
    return [one for one in parts if answer.question.estimate or one[0] != "critics"]


def heading(part: str, lang: Lang) -> str:
    """Heading of a part."""
    return words(PACKAGE)[f"said.{part}"][lang]


def sentence(answer: Answer, lang: Lang) -> str:
    """The contested sentence."""
    return words(PACKAGE)[f"question.{answer.question.name}.sentence"][lang]


def estimate(answer: Answer, lang: Lang) -> str:
    """The estimate with its design, or what is missing."""
    texts, found = words(PACKAGE), answer.question.estimate
    about = f"question.{answer.question.name}"
    if found is None:
        return texts[f"{about}.missing"][lang]
    places = fine([found.value, found.value + found.se])
    text = say(
        texts["said.figure"],
        lang,
        value=number(found.value, places, sign=True),
        se=number(found.se, places),
        what=texts[f"{about}.estimate"][lang],
        since=found.since,
        until=found.until,
        count=f"{found.count:,}",
    )
    if answer.question.step is not None:
        text = say(texts["said.with_plain"], lang, figure=text, plain=_percent(answer, found, lang))
    if found.value * answer.question.sign > 0:
        return text
    return say(texts["said.contrary"], lang, figure=text)


def figure(answer: Answer) -> str:
    """The estimate and its standard error as figures; a dash where there is none."""
    found = answer.question.estimate
    if found is None:
        return "–"
    places = fine([found.value, found.value + found.se])
    return f"{number(found.value, places, sign=True)} ({number(found.se, places)})"


def _percent(answer: Answer, found: Estimate, lang: Lang) -> str:
    """The estimate as a ratio, with its interval."""
    step = answer.question.step or 0.0
    ends = {"value": 0.0, "low": -Z, "high": Z}
    sizes = {end: math.exp(step * (found.value + z * found.se)) for end, z in ends.items()}
    told = {end: f"{number(100 * size, 0)}%" for end, size in sizes.items()}
    return say(words(PACKAGE)[f"question.{answer.question.name}.plain"], lang, **told)


def waiting(answer: Answer, lang: Lang) -> str:
    """How long the record would have to go on."""
    texts, found = words(PACKAGE), answer.waiting
    size = {
        "size": plain(answer.question.smallest),
        "reason": texts[f"question.{answer.question.name}.reason"][lang],
    }
    if found is None:
        return say(texts["said.unknown"], lang, **size)
    power = say(texts["said.power"], lang, power=round(100 * found.power))
    own, least = years(found.more_own, lang), years(found.more_smallest, lang)
    return say(texts["said.years"], lang, power=power, own=own, smallest=least, **size)


def years(more: float, lang: Lang) -> str:
    """Further years in words."""
    texts = words(PACKAGE)
    if more > LONG:
        return texts["said.never"][lang]
    whole = math.ceil(more)
    return say(texts["said.more"], lang, years=whole) if whole else texts["said.enough"][lang]


def ways(answer: Answer, lang: Lang) -> str:
    """Other designs and what they take."""
    texts = words(PACKAGE)
    if not answer.ways:
        return texts["said.no_ways"][lang]
    return "\n".join(way(one, lang) for one in answer.ways)


def way(one: Way, lang: Lang) -> str:
    """A design, what it takes, what it speaks of and what that rests on."""
    texts = words(PACKAGE)
    what = texts[f"design.{one.name}.what"][lang]
    if one.value is not None and one.se is not None:
        places = fine([one.value, one.value + one.se])
        value, se = number(one.value, places, sign=True), number(one.se, places)
        what = say(texts["said.so_far"], lang, what=what, value=value, se=se)
    if one.respondents is not None:
        text = say(texts["said.way_people"], lang, what=what, people=f"{one.respondents:,}")
    else:
        text = say(texts["said.way_years"], lang, what=what, years=years(one.years, lang))
        if one.by == "formula":
            text += texts["said.by_formula"][lang]
    return text if one.speaks == "whole" else text + texts[f"said.speaks_{one.speaks}"][lang]


def best(answer: Answer, lang: Lang) -> str:
    """The design that beats waiting, or that none does or has to."""
    if answer.best is not None:
        return way(answer.best, lang)
    settled = patience(answer.question, answer.waiting) == 0.0
    return words(PACKAGE)["said.settled" if settled else "said.none"][lang]
