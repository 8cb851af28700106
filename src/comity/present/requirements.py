"""Requirements in words: what each asks, who meets them all most often, which are missed."""

from __future__ import annotations

import numpy as np

from comity.present import frames
from comity.present.folder import Folder
from comity.present.i18n import Lang, has, pick, t
from comity.present.numbers import share
from comity.present.units import amount

# So many strategies are named where several meet every requirement equally often.
NAMED = 3


def requirement(row: dict, folder: Folder, lang: Lang) -> str:
    """Put one requirement that a satisfying future must meet into words."""
    reason = pick(row.get("reason"), lang)
    return t("ranking.requirement", lang, reason=reason, **_asked(row, folder, lang))


def _asked(row: dict, folder: Folder, lang: Lang) -> dict[str, str]:
    """What a requirement asks: of which measure, which way, how much."""
    sign = f"comparator.{row['comparator']}"
    return {
        "measure": folder.label(row["measure"], lang),
        "comparator": t(sign, lang) if has(sign) else row["comparator"],
        "bar": amount(row["threshold"], folder.measure(row["measure"])["unit"], lang),
    }


def missed(folder: Folder, lang: Lang) -> str:
    """Which requirements the best-ranked strategy misses, and how often; empty where none."""
    rows = (folder.judgement.get("failure") or {}).get("missed") or []
    said = [
        t("failure.missed_one", lang, share=share(row["share"]), **_asked(row, folder, lang))
        for row in rows
    ]
    return t("failure.missed", lang, missed=t("word.part", lang).join(said)) if said else ""


def dissent(folder: Folder, lang: Lang) -> str:
    """Name who meets the requirements more often than the best-ranked, and what that one misses.

    Several that meet them equally often are all meant; none of them is picked out.
    """
    frame = frames.ranking(folder)
    shares = dict(zip(frame["strategy"], frame["satisficing_share"], strict=True))
    own = shares.get(folder.best, np.nan)
    most = max((x for x in shares.values() if x == x), default=np.nan)
    if not most > own:
        return ""
    others = [name for name, x in shares.items() if x == most]
    figures = {"share": share(most), "own": share(own)}
    if len(others) == 1:
        said = t("finding.dissent", lang, other=folder.strategy(others[0], lang), **figures)
    else:
        listed = [
            t("word.quoted", lang, text=folder.strategy(name, lang)) for name in others[:NAMED]
        ]
        names, more = t("word.comma", lang).join(listed), len(others) - NAMED
        if more > 0:
            names = t("finding.dissent_listed", lang, names=names, count=more)
        said = t("finding.dissent_many", lang, names=names, **figures)
    return said + missed(folder, lang)
