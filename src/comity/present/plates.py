"""Plates: each figure of the report with its title, caption, table, source and command.

Every plate is a function of a run folder and a language, and gives None where the run holds nothing
to draw. `PLATES` lists them in the order of the report.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup

from comity.present import figures, frames, links, maps, words
from comity.present.drawing import svg
from comity.present.folder import BASELINE, Folder
from comity.present.i18n import Lang, pick, t
from comity.present.numbers import decimals, fine, shown
from comity.present.tables import Table, table

# With more pairs of strategies than this only those of the best one are drawn.
PAIRS = 10


@dataclass(frozen=True)
class Plate:
    """One figure, ready to set. ``panels`` are (heading, drawing); one panel has no heading."""

    name: str
    title: str
    panels: tuple[tuple[str, Markup], ...]
    caption: str
    table: Table
    legend: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    is_map: bool = False
    footnote: str = ""


def _map(folder: Folder, lang: Lang, column: str) -> Plate | None:
    frame = frames.map_effect(folder, folder.strategies[0])
    if frame.empty:
        return None
    years = folder.run["years"]
    values = {
        "year": years[-1],
        "start": years[0],
        "end": years[-1],
        "strategy": folder.strategy(folder.strategies[0], lang),
        "futures": folder.run["futures"] - folder.run["failed_futures"],
    }
    title = t(f"map.{column}", lang, **values)
    drawing = maps.world(frame, column, folder, lang, f"{lang}-map-{column}", title)
    listed = maps.units(frame).reindex(columns=["id", "mean", "final", "share_worse"])
    return Plate(
        name=f"map-{column}",
        title=title,
        panels=(("", drawing),),
        caption=t("map.caption", lang, **values),
        table=table(listed, folder, lang),
        legend=tuple(maps.legend(frame, lang)),
        is_map=True,
        footnote=members(folder, lang),
        notes=(
            extremes(frame, column, folder, lang),
            t("map.outlines", lang, actor=folder.state(folder.run["actor"], lang)),
            t("map.note", lang),
        ),
    )


def members(folder: Folder, lang: Lang) -> str:
    """Name the regions with the states that were merged into them; empty on the full world."""
    groups = folder.run.get("groups") or {}
    if not groups:
        return ""
    joint = t("word.comma", lang)
    named = (
        t(
            "map.member",
            lang,
            region=folder.state(region, lang),
            states=joint.join(folder.state(s, lang) for s in group["members"]),
        )
        for region, group in groups.items()
    )
    return t("map.members", lang, regions=t("word.part", lang).join(named))


def extremes(frame: pd.DataFrame, column: str, folder: Folder, lang: Lang, top: int = 3) -> str:
    """Name the states or regions with the largest losses and gains."""
    units = maps.units(frame).sort_values(column, kind="stable")
    places = decimals(units[column])

    def names(rows: pd.DataFrame, none: str) -> str:
        found = [
            f"{folder.state(s, lang)} {shown(v, places, sign=True)}%"
            for s, v in zip(rows["id"], rows[column], strict=True)
        ]
        return t("word.comma", lang).join(found) if found else t(none, lang)

    return t(
        "map.extremes",
        lang,
        losses=names(units.take(np.flatnonzero(units[column] < 0)[:top]), "map.no_losses"),
        gains=names(units.take(np.flatnonzero(units[column] > 0)[::-1][:top]), "map.no_gains"),
    )


def map_mean(folder: Folder, lang: Lang) -> Plate | None:
    """Draw the world map of the effect, mean over the years."""
    return _map(folder, lang, "mean")


def map_final(folder: Folder, lang: Lang) -> Plate | None:
    """Draw the world map of the effect in the last year."""
    return _map(folder, lang, "final")


def bands(folder: Folder, lang: Lang) -> Plate | None:
    """Draw bands of the effect on the actor over years, a panel a strategy."""
    spread, single = frames.bands(folder), frames.singles(folder)
    if not frames.known(spread, "p50"):
        return None
    domain = span(spread, single)
    panels = []
    for place, strategy in enumerate(folder.strategies):
        mine, heading = frames.where(spread, strategy=strategy), folder.strategy(strategy, lang)
        first, last = mine.iloc[0], mine.iloc[-1]
        places = fine([last["p5"], last["p95"]])
        about = t(
            "figure.bands.desc",
            lang,
            strategy=heading,
            start=int(first["year"]),
            end=int(last["year"]),
            first=shown(first["p50"], places),
            last=shown(last["p50"], places),
            low=shown(last["p5"], places),
            high=shown(last["p95"], places),
        )
        drawn = figures.bands(mine, frames.where(single, strategy=strategy), domain)
        panels.append((heading, svg(drawn, f"{lang}-bands-{place}", heading, about, scale=1.25)))
    return Plate(
        name="bands",
        title=t("figure.bands.title", lang, actor=folder.inside(lang)),
        panels=tuple(panels),
        table=table(spread, folder, lang),
        caption=t("figure.bands.caption", lang, singles=single["future"].nunique()),
    )


def span(spread: pd.DataFrame, single: pd.DataFrame) -> tuple[float, float]:
    """Range of the vertical axis that all panels share; it holds zero and a little air."""
    shown = np.concatenate(
        [spread[["p5", "p95"]].to_numpy(float).ravel(), single["value"].to_numpy(float), [0.0]]
    )
    low, high = float(np.nanmin(shown)), float(np.nanmax(shown))
    air = 0.06 * ((high - low) or 1.0)
    return low - air if low < 0 else 0.0, high + air if high > 0 else air


def ranking(folder: Folder, lang: Lang) -> Plate | None:
    """Draw the spread of the objective by strategy, best on top."""
    frame = frames.ranking(folder)
    if not frames.known(frame, "mean"):
        return None
    title = t("figure.ranking.title", lang, measure=folder.label(folder.objective["name"], lang))
    about = t(
        "figure.ranking.desc",
        lang,
        order=" > ".join(folder.strategy(s, lang) for s in frame["strategy"]),
    )
    drawing = svg(figures.ranking(frame, folder, lang), f"{lang}-ranking", title, about)
    return Plate(
        name="ranking",
        title=title,
        panels=(("", drawing),),
        caption=t("figure.ranking.caption", lang),
        table=table(frame, folder, lang),
    )


def forest(folder: Folder, lang: Lang) -> Plate | None:
    """Draw paired differences between strategies with their intervals."""
    every = frames.paired(folder)
    # What the scenario costs is another question, on another scale: it stays in the table.
    # Of two strategies that no path tells apart there is nothing to draw: the table says so.
    pairs = zip(every["strategy"], every["against"], strict=True)
    apart = [b != BASELINE and links.told_apart(folder, a, b) for a, b in pairs]
    frame = every.take(np.flatnonzero(apart))
    if len(frame) > PAIRS:
        frame = frames.where(frame, strategy=folder.best)
    if not frames.known(frame, "mean"):
        return None
    settled = int(np.sum((frame["low"] > 0) | (frame["high"] < 0)))
    title = t("figure.forest.title", lang)
    axis = t("figure.forest.axis", lang, unit=words.difference_unit(folder, lang))
    about = t("figure.forest.desc", lang, settled=settled, pairs=len(frame))
    drawing = svg(figures.forest(frame, folder, lang, axis), f"{lang}-forest", title, about)
    return Plate(
        name="forest",
        title=title,
        panels=(("", drawing),),
        caption=t("figure.forest.caption", lang),
        table=table(every, folder, lang),
    )


def stability(folder: Folder, lang: Lang) -> Plate | None:
    """Draw the agreement of rankings against the number of futures."""
    frame = frames.stability(folder)
    if frame.empty:
        return None
    title = t("figure.stability.title", lang)
    drawing = svg(
        figures.stability(frame, lang), f"{lang}-stability", title, t("figure.stability.desc", lang)
    )
    return Plate(
        name="stability",
        title=title,
        panels=(("", drawing),),
        caption=t("figure.stability.caption", lang),
        table=table(frame, folder, lang),
        notes=(words.stable(folder, lang),),
    )


def failure(folder: Folder, lang: Lang) -> Plate | None:
    """Draw the limits of the box in which the best strategy fails."""
    frame = frames.failure(folder)
    if figures.drawable(frame).empty:
        return None
    title = t("figure.failure.title", lang)
    drawing = svg(
        figures.failure(frame, folder, lang),
        f"{lang}-failure",
        title,
        t("figure.failure.desc", lang),
    )
    return Plate(
        name="failure",
        title=title,
        panels=(("", drawing),),
        caption=t("figure.failure.caption", lang),
        table=table(frame.drop(columns="choices"), folder, lang),
        notes=(t("failure.meaning", lang),),
    )


def drivers(folder: Folder, lang: Lang) -> Plate | None:
    """Draw which parameters decide between the two best strategies."""
    return _drivers(folder, lang, "drivers", frames.deciding(folder))


def drivers_effect(folder: Folder, lang: Lang) -> Plate | None:
    """Draw which parameters move the outcome of the best strategy."""
    return _drivers(folder, lang, "drivers-effect", folder.best)


def _drivers(folder: Folder, lang: Lang, name: str, of: str) -> Plate | None:
    frame = frames.drivers(folder, of)
    if not frames.known(frame, "share"):
        return None
    title = t(f"figure.{name}.title", lang, what=folder.quoted(of, lang))
    largest = folder.quantity(frame["parameter"].iloc[0], lang)
    about = t("figure.drivers.desc", lang, largest=largest)
    drawing = svg(figures.drivers(frame, folder, lang), f"{lang}-{name}", title, about)
    caption = t(
        "figure.drivers.caption",
        lang,
        what=folder.quoted(of, lang),
        measure=folder.label(folder.objective["name"], lang),
    )
    listed = frame.reindex(columns=["parameter", "share", "low", "high", "status"])
    return Plate(
        name=name,
        title=title,
        panels=(("", drawing),),
        caption=caption,
        table=table(listed, folder, lang),
        legend=tuple(figures.statuses(frame, lang)),
    )


PLATES: dict[str, Callable[[Folder, Lang], Plate | None]] = {
    "forest": forest,
    "map-mean": map_mean,
    "bands": bands,
    "drivers": drivers,
    "failure": failure,
    "map-final": map_final,
    "ranking": ranking,
    "stability": stability,
    "drivers-effect": drivers_effect,
}


def source(folder: Folder, lang: Lang, name: str) -> str:
    """Return the source line of a plate."""
    run = folder.run
    line = t(
        "source.run",
        lang,
        id=run["id"],
        scenario=pick(run["scenario"]["title"], lang),
        futures=run["futures"],
        hash=str(run["data"]["hash"])[:12],
    )
    return t("source.with_outlines", lang, line=line) if name.startswith("map") else line


def asked(folder: Folder) -> str:
    """Return the command that made the run, with the weights that it is judged by now."""
    given = (folder.aims.get("weights") or {}).get("given") or {}
    said = ",".join(f"{name}={weight:g}" for name, weight in given.items())
    made = str(folder.run.get("command", ""))
    return f"{made} --weights {shlex.quote(said)}" if given else made


def command(folder: Folder, name: str, lang: Lang) -> str:
    """Return the command that draws a plate again, given beside the run folder."""
    place = shlex.quote(folder.path.resolve().name)
    return f"python -m comity.present {place} --figure {name} --lang {lang}"
