"""Distributions in words, and which numbers of a run the user has set."""

from __future__ import annotations

from comity.core.own_numbers import USER
from comity.present.folder import Folder
from comity.present.i18n import Lang, has, pick, t
from comity.present.numbers import plain


def prior(given: object, lang: Lang) -> str:
    """Put a prior into words: its kind and its figures."""
    if not isinstance(given, dict):
        return pick(given, lang)
    kind = str(given.get("kind", ""))
    if kind == "fixed":
        return plain(given.get("mean"))
    figures = [
        f"{t(f'prior.{k}', lang) if has(f'prior.{k}') else k} {plain(v)}"
        for k, v in given.items()
        if k != "kind" and v is not None
    ]
    name = t(f"prior.{kind}", lang) if has(f"prior.{kind}") else kind
    return name + (
        t("prior.of", lang, figures=t("word.comma", lang).join(figures)) if figures else ""
    )


def own(folder: Folder, lang: Lang) -> str:
    """Name the numbers that the user has set; empty where there are none."""
    mine = [one for one in folder.run["parameters"] if one.get("status") == USER]
    if not mine:
        return ""
    named = [
        t(
            "finding.own_one",
            lang,
            name=folder.quantity(one["name"], lang),
            prior=prior(one["prior"], lang),
        )
        for one in mine
    ]
    return t("finding.own", lang, numbers=t("word.comma", lang).join(named))
