"""What one would most like to know, in words and as a table.

Read from ``information`` of ``judgement.json``; folders judged by earlier versions have none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from comity.present import panels, units
from comity.present.folder import Folder
from comity.present.i18n import Lang, pick, t
from comity.present.numbers import NO_FIGURE, fine, share, shown
from comity.present.tables import Table, csv

# A number that carries less of the variance is not said to decide.
DECIDES = 0.1

Choice = Mapping[str, Any]


def page(folder: Folder, lang: Lang) -> dict[str, Any] | None:
    """What the report shows: sentences and a table; None in folders without this part."""
    if not folder.judgement.get("information"):
        return None
    return {"lines": lines(folder, lang), "table": table(folder, lang)}


def lines(folder: Folder, lang: Lang) -> list[str]:
    """Sentences: what is worth knowing aim by aim, then what is not, and why."""
    found = folder.judgement.get("information")
    if not found:
        return []
    if not found["enough"]:
        counts = {key: found[key] for key in ("futures", "fewest")}
        return [t("learn.few", lang, **counts)]
    by: dict[str, list[Choice]] = {}
    for choice in found["choices"]:
        by.setdefault(choice["verdict"], []).append(choice)
    if "alone" in by:
        return [t("learn.alone", lang)]
    said = [_worth(choice, folder, lang) for choice in by.get("worth", ())]
    for verdict, key, part in (
        ("little", "learn.little", _little),
        ("nothing", "learn.nothing", _nothing),
        ("same", "learn.same", _label),
        ("no_link", "learn.no_link", _label),
    ):
        if verdict in by:
            listed = t("word.comma", lang).join(part(c, folder, lang) for c in by[verdict])
            said.append(t(key, lang, aims=listed))
    return said + [text for c in by.get("nothing", ()) if (text := _decides(c, folder, lang))]


def _worth(choice: Choice, folder: Folder, lang: Lang) -> str:
    first = choice["numbers"][0]
    return t(
        "learn.worth",
        lang,
        aim=_label(choice, folder, lang),
        name=folder.quantity(first["parameter"], lang),
        figure=_figure(first, choice, folder, lang),
        turns=share(first["turns"]),
        best=folder.strategy(choice["best"], lang),
        to=folder.strategy(first["to"], lang),
        everything=_figure(choice["evpi"], choice, folder, lang),
    )


def _little(choice: Choice, folder: Folder, lang: Lang) -> str:
    first = choice["numbers"][0]
    return t(
        "learn.little_one",
        lang,
        aim=_label(choice, folder, lang),
        name=folder.quantity(first["parameter"], lang),
        figure=_figure(first, choice, folder, lang),
    )


def _nothing(choice: Choice, folder: Folder, lang: Lang) -> str:
    best = folder.strategy(choice["best"], lang)
    return t("learn.nothing_one", lang, aim=_label(choice, folder, lang), best=best)


def _decides(choice: Choice, folder: Folder, lang: Lang) -> str:
    """That a number decides and yet is not worth knowing, for what the run was asked about."""
    asked = list(choice["measures"]) == [folder.objective["name"]]
    top = max(choice["numbers"], key=lambda row: row["share"] or 0.0, default=None)
    if not asked or top is None or not (top["share"] or 0.0) >= DECIDES:
        return ""
    return t(
        "learn.decides",
        lang,
        name=folder.quantity(top["parameter"], lang),
        share=share(top["share"]),
        best=folder.strategy(choice["best"], lang),
    )


def _aim(choice: Choice, folder: Folder) -> Mapping[str, Any] | None:
    return next((a for a in folder.aims.get("list", ()) if a["name"] == choice["aim"]), None)


def _label(choice: Choice, folder: Folder, lang: Lang) -> str:
    aim = _aim(choice, folder)
    return pick(aim["label"], lang) if aim else folder.label(choice["measures"][0], lang)


def _figure(row: Mapping[str, Any], choice: Choice, folder: Folder, lang: Lang) -> str:
    """A value with its unit and, where it can be told so, in money."""
    aim = _aim(choice, folder)
    unit = aim["unit"] if aim else folder.measure(choice["measures"][0])["unit"]
    if not units.percent(unit):
        # What follows a comma or a bracket explains the unit and has no place in a sentence.
        unit = re.split(r"[,(\uff08\u3001]", pick(unit, lang))[0].strip()
    figure = units.amount(row["value"], unit, lang, _places(row))
    worth = panels.money(dict(row), lang)
    return t("learn.money", lang, figure=figure, money=worth) if worth else figure


def _places(row: Mapping[str, Any]) -> int:
    return fine([row["value"], row["low"], row["high"]])


def table(folder: Folder, lang: Lang) -> Table | None:
    """Every number that is named, aim by aim; None where there is none."""
    cells, plain = [], []
    for choice in (folder.judgement.get("information") or {}).get("choices", ()):
        for row in choice["numbers"]:
            places = _places(row)
            low, high = (shown(row[end], places) for end in ("low", "high"))
            cells.append(
                (
                    _label(choice, folder, lang),
                    folder.quantity(row["parameter"], lang),
                    f"{shown(row['value'], places)} [{low}…{high}]" if row["to"] else NO_FIGURE,
                    panels.coin(dict(row), lang) if row["to"] else "",
                    share(row["turns"]),
                    folder.strategy(row["to"], lang) if row["to"] else "",
                    share(row["share"]),
                )
            )
            figures = {k: row[k] for k in ("value", "low", "high", "turns", "to", "share")}
            plain.append(
                {"aim": choice["aim"] or choice["measures"][0], "parameter": row["parameter"]}
                | figures
            )
    if not cells:
        return None
    heads = ("aim", "parameter", "value", "money", "turns", "to", "share")
    return Table(
        headings=tuple(t(f"learn.column_{head}", lang) for head in heads),
        rows=tuple(cells),
        numeric=(False, False, True, True, True, False, True),
        csv=csv(pd.DataFrame(plain)),
    )
