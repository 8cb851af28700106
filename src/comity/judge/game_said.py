"""A matrix of strategies in words: tables and sentences of `comity answers`, in either language."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from comity.core.words import Text, say, words
from comity.present.numbers import NEARLY, plain, share, spread
from comity.registry.states import names

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Record = Mapping[str, Any]
WIDTH = 100
MOST_ROWS = 40
LEAST = 0.001  # of a smallest effect; below it figures are not told apart from nil
SLIGHT = 0.1  # of one; a side whose own choice makes less difference to it is indifferent
FEW = 30  # futures below which shares of draws and samples say little, as in judge.worth_knowing


def show(record: Record, lang: str, console: Console | None = None) -> None:
    """Print all readings of a record, as `comity.judge.game_readings.Answers.record` gives it.

    Beside that it holds ``scenario``; by side, ``titles`` of strategies, ``labels`` of its aims and
    whether its own strategies reach them (``own_link``).
    """
    from rich.console import Console

    out = console or Console(width=None if sys.stdout.isatty() else WIDTH)

    def lines(some: Iterator[str]) -> None:
        for line in some:
            out.print(line, markup=False, highlight=False)

    lines(_opening(record, lang))
    for side in record["aims"]:
        out.print(_of_side(record, side, lang))
    out.print(_replies(record, lang))
    lines(_equilibria(record, lang))
    lines(_rest(record, lang))


def _t(key: str, lang: str, **values: object) -> str:
    return say(words("comity.judge")[f"answers.{key}"], lang, **values)


def _opening(record: Record, lang: str) -> Iterator[str]:
    """What is compared, what each side plays for, where nothing leads, what figures are."""
    sides, joint = list(record["aims"]), _t("and", lang)
    cells = _cells(record, sides[0])
    yield _t(
        "title",
        lang,
        scenario=record["scenario"]["title"][lang],
        sides=joint.join(sides),
        cells=len(cells),
        futures=record["futures"],
    )
    for side in sides:
        titles: Mapping[str, Text] = record["titles"][side]
        listed = joint.join(f"{name} = {title[lang]}" for name, title in titles.items())
        yield _t("side", lang, side=side, name=names(side)[lang], strategies=listed)
    for side, aims in record["aims"].items():
        labels = aims["labels"]
        weighed = [
            labels[name][lang]
            if len(aims["weights"]) == 1
            else _t("weighed", lang, label=labels[name][lang], weight=f"{weight:g}")
            for name, weight in aims["weights"].items()
        ]
        key = "plays" if aims["named"] else "plays_default"
        yield _t(key, lang, side=side, aims=joint.join(weighed), grade=aims["grade"])
        if aims["not_here"]:
            yield _t("not_here", lang, side=side, names=joint.join(aims["not_here"]))
        if aims["idle"]:
            idle = joint.join(labels[name][lang] for name in aims["idle"])
            yield _t("idle", lang, side=side, names=idle)
        if not aims["own_link"]:
            yield _t("no_own", lang, side=side)
        elif aims["stake"] <= 1.0:
            key = "no_stake" if _slight(record, side) else "small_stake"
            yield _t(key, lang, side=side, most=_size(aims["stake"]))
        many = sum(not cell["linked"] for cell in _cells(record, side))
        if many:
            yield _t("unlinked", lang, side=side, many=many, cells=len(cells))
    yield _t("unit", lang)
    yield _t("one_is", lang, sizes=joint.join(_ones(record, lang)))
    if record["futures"] < FEW:
        yield _t("few", lang, futures=record["futures"], least=FEW)
    if record["failed"]:
        yield _t("failed", lang, failed=record["failed"])


def _ones(record: Record, lang: str) -> list[str]:
    """The smallest effect of each aim that is played for, in its own unit."""
    found = {
        name: _t(
            "one",
            lang,
            label=aims["labels"][name][lang],
            size=plain(size["value"]),
            unit=size["unit"][lang],
        )
        for aims in record["aims"].values()
        for name, size in aims["smallest"].items()
    }
    return list(found.values())


def _cells(record: Record, side: str) -> list[Record]:
    return [cell for cell in record["payoffs"] if cell["side"] == side]


def _table(title: str, headings: Sequence[str]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text as Plain

    made = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        title_justify="left",
        title=Plain(title),
    )
    for place, heading in enumerate(headings):
        made.add_column(Plain(heading), overflow="fold", justify="left" if place == 0 else "right")
    return made


def _of_side(record: Record, side: str, lang: str) -> Table:
    """By strategy of a side: to how much it is a best reply, its worst case, what dominates it."""
    from rich.text import Text as Plain

    slight = _slight(record, side)

    keys = ("strategy", "best", "draws", "worst", "fate")
    made = _table(side, [_t(f"head.{key}", lang) for key in keys])
    for case in (one for one in record["worst_cases"] if one["side"] == side):
        name = case["strategy"]
        own = [cell for cell in _cells(record, side) if cell["own"] == name]
        told = [cell for cell in own if not cell["alike"]]
        best = sum(cell["best_reply"] for cell in told)
        draws = sum(cell["of_draws"] for cell in own) / len(own)
        row = (
            name,
            _t("of", lang, some=best, all=len(told)) if told and not slight else _t("alike", lang),
            "" if slight else share(draws),
            _spread(case["worst"], case["low"], case["high"]),
            "" if slight else _fate(record, side, name, lang),
        )
        made.add_row(*map(Plain, row))
    return made


def _slight(record: Record, side: str) -> bool:
    """Whether next to nothing of what a side plays for hangs on its own choice."""
    return record["aims"][side]["stake"] < SLIGHT


def _fate(record: Record, side: str, name: str, lang: str) -> str:
    for one in record["dominated"]:
        if (one["side"], one["strategy"]) == (side, name):
            by = _mixture(one["by"], lang)
            if one["most"] <= 1.0:
                by += _t("negligible", lang)
            if not one["strict"]:
                return _t("weak", lang, by=by)
            return _t("strict" if one["round"] == 1 else "later", lang, by=by, round=one["round"])
    return ""


def _mixture(shares: Mapping[str, float], lang: str) -> str:
    """A strategy, or a mixture with its shares."""
    if len(shares) == 1:
        return next(iter(shares))
    parts = (_t("share", lang, share=share(x), name=name) for name, x in shares.items())
    return _t("and", lang).join(parts)


def _play(play: Mapping[str, Any], lang: str) -> str:
    """One strategy or mixture of each side."""
    said = {s: own if isinstance(own, str) else _mixture(own, lang) for s, own in play.items()}
    return _t("and", lang).join(f"{side} {own}" for side, own in said.items())


def _replies(record: Record, lang: str) -> Table | str:
    """Best replies of the first side to each combination of the others."""
    from rich.text import Text as Plain

    side = next(iter(record["aims"]))
    by_others: dict[str, list[Record]] = {}
    for cell in _cells(record, side):
        by_others.setdefault(_play(cell["others"], lang), []).append(cell)
    if len(by_others) > MOST_ROWS:
        return _t("too_many", lang, many=len(by_others))
    keys = ("others", "reply", "gain", "ahead", "draws", "samples")
    made = _table(_t("replies", lang, side=side), [_t(f"head.{key}", lang) for key in keys])
    for others, cells in by_others.items():
        best = [cell for cell in cells if cell["best_reply"]]
        first, rest = best[0], [cell["short"] for cell in cells if not cell["best_reply"]]
        made.add_row(
            Plain(others),
            Plain(
                _t("alike", lang)
                if not rest or _slight(record, side)
                else _t("or", lang).join(c["own"] for c in best)
            ),
            Plain(_gain(first, lang)),
            Plain(_size(min(rest)) if rest else ""),
            Plain(share(first["of_draws"])),
            Plain(share(first["of_samples"])),
        )
    return made


def _gain(cell: Record, lang: str) -> str:
    if not cell["linked"]:
        return _t("no_link", lang)
    return _spread(cell["mean"], cell["low"], cell["high"])


def _spread(mean: float, low: float, high: float) -> str:
    """A gain with its interval."""
    if max(map(abs, (mean, low, high))) < LEAST:
        return NEARLY if mean else "0"
    return spread(mean, low, high, sign=True)


def _size(apart: float) -> str:
    """A difference of payoffs, two digits."""
    return f"<{LEAST:g}" if 0 < apart < LEAST else plain(float(f"{apart:.2g}"))


def _equilibria(record: Record, lang: str) -> Iterator[str]:
    found = record["equilibria"]
    if not any(one["kind"] == "pure" for one in found):
        yield _t("no_pure", lang)
    for one in found:
        either = _t("or", lang)
        play = {
            side: either.join(_mixture(corner, lang) for corner in corners)
            for side, corners in one["strategies"].items()
        }
        said = _play(play, lang)
        if not one["whole"]:
            yield _t("part", lang, play=said)
        elif one["kind"] == "pure":
            shares = {key: share(one[f"of_{key}"]) for key in ("draws", "samples")}
            yield _t("pure", lang, play=said, **shares)
            costs = (f"{side} {_size(cost)}" for side, cost in one["costs"].items())
            yield _t("costs", lang, costs=_t("and", lang).join(costs))
            if max(one["costs"].values()) < 1.0:
                yield _t("no_finding", lang)
        else:
            yield _t(one["kind"], lang, play=said)
    for side in (one for one in record["aims"] if _slight(record, one)):
        yield _t("indifferent_side", lang, side=side)
    yield _t(f"looked.{record['looked_for']}", lang)
    if record["degenerate"]:
        yield _t("degenerate", lang)


def _rest(record: Record, lang: str) -> Iterator[str]:
    """Cycles, worst cases, levels, leaders, and what a best reply is not."""
    for one in record["cycles"]:
        loop = " → ".join(f"({_play(cell, lang)})" for cell in (*one["loop"], one["loop"][0]))
        key = "cycle.closed" if one["closed"] else "cycle.open"
        yield _t(key, lang, profiles=one["profiles"], loop=loop)
    for side in record["aims"]:
        best = [one for one in record["survives"] if one["side"] == side]
        yield _t(
            "survives",
            lang,
            side=side,
            strategies=_t("or", lang).join(one["strategy"] for one in best),
            worst=_spread(best[0]["worst"], best[0]["low"], best[0]["high"]),
            against=_play(best[0]["against"][0], lang),
            samples=share(best[0]["of_samples"]),
        )
    levels = record["levels"]
    yield _t("levels", lang, grade=levels["grade"], source=levels["source"])
    for k, play in levels["k"].items():
        yield _t("level", lang, k=k, play=_play(play, lang))
    first = levels["hierarchy"][0]
    yield _t("hierarchy", lang, tau=f"{first['tau']:g}", play=_play(first["play"], lang))
    yield from _leaders(record, lang)
    yield _t("forecast", lang)


def _leaders(record: Record, lang: str) -> Iterator[str]:
    """What follows by who moves first; orders that end alike are told together."""
    by_end: dict[str, list[str]] = {}
    for one in record["leaders"]:
        ends = _t("or", lang).join(f"({_play(end, lang)})" for end in one["outcomes"])
        if len(one["outcomes"]) > 1:
            ends += _t("indifferent", lang)
        by_end.setdefault(ends, []).append(_t("then", lang).join(one["order"]))
    if len(by_end) == 1:
        yield _t("leads_same", lang, outcomes=next(iter(by_end)))
        return
    for ends, orders in by_end.items():
        yield _t("leads", lang, order="; ".join(orders), outcomes=ends)
