"""The report: one file, two languages, no script and no outside address; it prints.

The page holds every language asked for; radio buttons and style sheets alone switch between them.
It works under ``default-src 'none'; style-src 'unsafe-inline'; img-src data:``, which it sets.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

from comity.core.whole import write_text
from comity.present import (
    answer,
    frames,
    information,
    links,
    maps,
    plates,
    priors,
    requirements,
    tables,
    units,
    wires,
    words,
)
from comity.present.folder import Folder, read
from comity.present.i18n import Lang, has, in_order, pick, t
from comity.present.numbers import plain
from comity.present.pages import environment, style


def write(
    run_folder: Path | str, lang: Literal["en", "ja", "both"] = "both", first: Lang = "en"
) -> Path:
    """Write ``report.html`` into a run folder and return its path.

    Parameters
    ----------
    run_folder
        Folder of a finished run with its judgement.
    lang
        One language, or both in one page with a switch.
    first
        Language that a page with both shows first.

    Raises
    ------
    BadInput
        When the folder is not that of a finished run.
    """
    folder = read(run_folder)
    text = render(folder, in_order(first) if lang == "both" else (lang,))
    target = folder.path / "report.html"
    write_text(target, text)
    return target


def render(folder: Folder, langs: tuple[Lang, ...]) -> str:
    """Return the page as text; the same folder gives the same bytes."""
    pages = [page(folder, lang) for lang in langs]
    return (
        environment()
        .get_template("report.html")
        .render(
            pages=pages,
            style=style(),
            shapes=maps.shapes(),
            titles=" · ".join(pick(folder.run["scenario"]["title"], lang) for lang in langs),
        )
    )


def page(folder: Folder, lang: Lang) -> dict:
    """Return what the template needs for one language."""
    drawn = {name: plate(folder, lang) for name, plate in plates.PLATES.items()}
    shown = [name for name, found in drawn.items() if found]
    run, first = folder.run, answer.page(folder, lang)
    return {
        "lang": lang,
        "t": partial(t, lang=lang),
        "pick": partial(pick, lang=lang),
        "words": _bound(folder, lang),
        "run": run,
        "scenario": run["scenario"],
        "actor": folder.state(run["actor"], lang),
        "inside": folder.inside(lang),
        "objective": folder.objective,
        "plates": drawn,
        # The first figure is that of the aims, where there is one.
        "number_of": {name: place for place, name in enumerate(shown, 2 if first else 1)},
        "answer": first,
        "change": answer.changing(folder, lang),
        "learn": information.page(folder, lang),
        "map_keys": maps.keys(lang),
        "warnings": [warning(row, lang) for row in run["warnings"]],
        "names": ", ".join(shown),
        "sources": {name: plates.source(folder, lang, name) for name in drawn},
        "command": plates.asked(folder),
        "commands": {name: plates.command(folder, name, lang) for name in drawn},
        "address": tables.data_address,
        "grade": folder.judgement.get("grade", "D"),
        "own": priors.own(folder, lang),
        "grade_reason": by_meaning(pick(folder.judgement.get("grade_reason"), lang), folder, lang),
        "measures": tables.table(frames.measures(folder), folder, lang),
        "ranking": tables.table(
            frames.ranking(folder),
            folder,
            lang,
            [
                "rank",
                "strategy",
                "mean",
                "p5",
                "p95",
                "regret_mean",
                "satisficing_share",
            ],
        ),
        "judgement": folder.judgement,
        "left_out": words.left_out(folder, lang),
        "claims": folder.claims,
        "numbers": numbers(folder, lang),
        "judged": [n for n in numbers(folder, lang) if n["judged"]],
    }


def _bound(folder: Folder, lang: Lang) -> dict:
    """Sentences of the page."""
    return {
        "finding": words.finding(folder, lang),
        "failure": words.failure(folder, lang),
        "boxes": words.boxes(folder, lang),
        "stable": words.stable(folder, lang),
        "shared": words.shared(folder, lang),
        "unit": words.difference_unit(folder, lang),
        "total": len(words.numbers_of(folder)),
        "requirements": [
            requirements.requirement(row, folder, lang)
            for row in folder.judgement.get("requirements") or []
        ],
        "lead": words.lead(folder, lang),
        "not_linked": links.expected(folder, lang),
        "ways": links.ways(folder, lang),
        "wires": wires.of_run(folder, lang),
        "grades": t("word.comma", lang).join(
            f"{folder.label(m['name'], lang)} {m['grade']}" for m in folder.run["measures"]
        ),
        "acts": [act(row, folder, lang) for row in folder.run["scenario"].get("acts") or []],
        "tables": [data_table(row, lang) for row in folder.run["data"].get("tables") or []],
    }


def by_meaning(text: str, folder: Folder, lang: Lang) -> str:
    """A text with the names of numbers and uncertainties replaced by what they mean."""
    names = (number["name"] for number in words.numbers_of(folder))
    for name in sorted((n for n in names if "." in n or ":" in n), key=len, reverse=True):
        text = text.replace(name, t("word.quoted", lang, text=folder.quantity(name, lang)))
    return text


def warning(row: object, lang: Lang) -> str:
    """A warning, with the field of the world that it begins with called by its name."""
    said = pick(row, lang)
    field, colon, rest = said.partition(":")
    key = f"field.{field}"
    return f"{t(key, lang)}{t('word.colon', lang)}{rest.strip()}" if colon and has(key) else said


def act(row: dict, folder: Folder, lang: Lang) -> dict:
    """Put one dated act into words: when, what, on whose word."""
    when = str(row.get("date", ""))
    if row.get("until"):
        when = t("scenario.until", lang, start=when, end=row["until"])
    judged = (
        t("scenario.assumed", lang, text=pick(row.get("judged"), lang)) if row.get("judged") else ""
    )
    said = pick(row.get("source"), lang) or judged or t("scenario.no_source", lang)
    return {"when": when, "what": what(row, folder, lang), "source": said}


def what(row: dict, folder: Folder, lang: Lang) -> str:
    """What an act does and on what condition, with uncertainties by what they mean."""
    if "bare" not in row:  # a folder of an earlier version
        return pick(row.get("text") or row.get("note"), lang)
    parts = [branches(row["when"], folder, lang)] if row["when"] else []
    if row["scale"]:
        parts.append(t("scenario.times", lang, scale=folder.quantity(row["scale"], lang)))
    said, codes = pick(row["bare"], lang), row.get("categories") or []
    named = [t(f"category.{c}", lang) if has(f"category.{c}") else c for c in codes]
    said = said.replace(", ".join(codes), t("word.comma", lang).join(named)) if codes else said
    if parts:
        said += t("scenario.condition", lang, parts=t("scenario.joint", lang).join(parts))
    if row["after"]:
        until = branches(row["after"]["when"], folder, lang)
        said += t("scenario.after", lang, date=row["after"]["date"], branches=until)
    return said


def branches(when: dict, folder: Folder, lang: Lang) -> str:
    """The branches in which an act holds, in words."""
    parts = [
        t(
            "scenario.only_if",
            lang,
            doubt=folder.quantity(doubt, lang),
            options=t("word.or", lang).join(tables.choice(str(o), lang) for o in options),
        )
        for doubt, options in when.items()
    ]
    return t("scenario.joint", lang).join(parts)


def data_table(row: dict | str, lang: Lang) -> dict:
    """Return name, source, vintage and licence of a data table."""
    given = {"name": row} if isinstance(row, str) else row
    source = given.get("source") or given.get("title")
    return {"source": pick(source, lang)} | {
        key: pick(given.get(key), lang) for key in ("name", "vintage", "licence")
    }


def numbers(folder: Folder, lang: Lang) -> list[dict]:
    """Return every number and uncertainty of the run as texts, judged ones marked."""
    judged = words.is_judged(folder)
    rows = [
        {
            "name": given["name"],
            "meaning": pick(given.get("meaning"), lang),
            "value": "",
            "unit": units.unit(given, lang),
            "prior": words.options(given, lang),
            "doubt": True,
        }
        | _standing(given, judged, lang)
        for given in folder.run["uncertainties"]
    ]
    for given in folder.run["parameters"]:
        value = given.get("value")
        rows.append(
            {
                "name": given["name"],
                "meaning": folder.quantity(given["name"], lang),
                "value": plain(value) if isinstance(value, int | float) else pick(value, lang),
                "unit": units.unit(given, lang),
                "prior": priors.prior(given.get("prior"), lang),
                "doubt": False,
            }
            | _standing(given, judged, lang)
        )
    return rows


def _standing(given: dict, judged: Callable[[dict], bool], lang: Lang) -> dict:
    status = str(given.get("status", ""))
    return {
        "status": tables.status(status, lang),
        "kind": status,
        "grade": given.get("grade") or "",
        "reference": pick(given.get("source"), lang),
        "judged": judged(given),
    }
