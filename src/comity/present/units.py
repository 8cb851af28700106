"""Figures with their units in a language: % right behind a figure, other units apart."""

from __future__ import annotations

import re

from comity.present.i18n import LANGS, Lang, pick, t
from comity.present.numbers import NO_FIGURE, plain, shown


def percent(unit: object) -> bool:
    """Whether a unit speaks of per cent, not of points, so that % stands behind its figures."""
    return bool(re.search(r"%(?![^\W_])", pick(unit, LANGS[0])))


def amount(
    value: object, unit: object, lang: Lang, places: int | None = None, sign: bool = False
) -> str:
    """Write a figure with its unit in a language."""
    text = plain(value) if places is None else shown(value, places, sign)
    named = pick(unit, lang)
    if text == NO_FIGURE or named in ("", "1"):
        return text
    return f"{text}%" if percent(unit) else t("word.amount", lang, figure=text, unit=named)


def short_unit(unit: object, lang: Lang) -> str:
    """A unit without what follows a comma or a bracket in it."""
    return re.split(r"[,(\uff08\u3001]", pick(unit, lang))[0].strip()


def unit(given: dict, lang: Lang) -> str:
    """Return the unit of a number; nothing for pure numbers."""
    text = pick(given.get("unit"), lang)
    return "" if text == "1" else text
