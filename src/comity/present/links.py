"""What the model links and what it does not, in words: instead of a nought that was never moved."""

from __future__ import annotations

import numpy as np
import pandas as pd

from comity.core import links
from comity.present.folder import Folder
from comity.present.i18n import Lang, pick, t

FIGURES = ("mean", "low", "high", "p5", "p25", "median", "p75", "p95", "worst", "share_better")
ARROW = " → "


def linked(folder: Folder, strategy: str, measure: str = "") -> bool:
    """Whether a strategy's own moves can reach a measure, the objective if none is named."""
    return links.linked(folder.run, strategy, measure or folder.objective["name"])


def told_apart(folder: Folder, one: str, other: str, measure: str = "") -> bool:
    """Whether a measure can differ between two strategies (or a strategy and the baseline)."""
    return links.told_apart(folder.run, one, other, measure or folder.objective["name"])


def still(folder: Folder, row: dict) -> bool:
    """Whether a row of figures says nothing: no path moves its measure, and it is nought."""
    measure = row.get("measure") or folder.objective["name"]
    figures = [row[name] for name in FIGURES if row.get(name) == row.get(name, np.nan)]
    return (
        row["strategy"] != links.BASELINE
        and not links.moved(folder.run, row["strategy"], measure)
        and bool(figures)
        and not any(figures)
    )


def unlinked(folder: Folder, frame: pd.DataFrame) -> list[bool]:
    """Which rows of a table (ranking, paired differences, all measures) nothing moves."""
    if "strategy" not in frame or not {"against", "measure", "rank"} & set(frame.columns):
        return [False] * len(frame)
    return [
        not told_apart(folder, row["strategy"], row["against"])
        if "against" in row
        else still(folder, row)
        for row in frame.to_dict("records")
    ]


def chain(folder: Folder, strategy: str, measure: str, lang: Lang) -> str:
    """The path from a strategy to a measure in words; empty where there is none."""
    names = links.path(folder.run, strategy, measure)
    if not names:
        return ""
    named = folder.run.get("words_of_paths", {})
    # Lever, then mechanism and field in turn; after rules and acts a lever comes again.
    said = [pick(named.get(f"lever {names[0]}", names[0]), lang)]
    for by, what in zip(names[1:-1:2], names[2:-1:2], strict=True):
        kind = "lever" if by in ("rules", "acts") else "field"
        said.append(pick(named.get(f"{kind} {what}", what), lang))
    return ARROW.join([*said, folder.label(measure, lang)])


def ranked_instead(folder: Folder, lang: Lang) -> str:
    """Say by what is ranked instead of what, where nothing compared reaches the usual measure."""
    wanted = folder.judgement["objective"].get("instead_of")
    if not wanted:
        return ""
    return t(
        "links.instead",
        lang,
        measure=folder.label(folder.objective["name"], lang),
        wanted=folder.label(wanted, lang),
    )


def not_linked(folder: Folder, lang: Lang) -> str:
    """Name the strategies whose own moves have no link to the objective, doing nothing apart."""
    names = [
        folder.strategy(one["name"], lang)
        for one in folder.run["strategies"]
        if any((one.get("paths") or {}).values()) and not linked(folder, one["name"])
    ]
    if not names:
        return ""
    return t(
        "links.none_of",
        lang,
        names=t("word.comma", lang).join(names),
        measure=folder.label(folder.objective["name"], lang),
    )


def ways(folder: Folder, lang: Lang) -> list[str]:
    """By which links each strategy reaches the measure ranked by, or that there are none."""
    measure = folder.objective["name"]
    return [
        t("links.way", lang, strategy=folder.strategy(one, lang), path=path)
        for one in folder.strategies
        if linked(folder, one)
        if (path := chain(folder, one, measure, lang))
    ]


def expected(folder: Folder, lang: Lang) -> list[dict[str, object]]:
    """What panels expect to be linked and the model does not link: text with claims, and papers."""
    return [
        {
            "text": t(
                "links.one",
                lang,
                text=pick(row["text"], lang),
                source=t("word.comma", lang).join(row["claims"]),
            ),
            "papers": row["papers"],
        }
        for row in folder.run.get("not_linked", [])
    ]
