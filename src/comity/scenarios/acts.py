"""Moves in words, English and Japanese, for reports: when, who, what, on whose word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from comity.registry.states import name
from comity.scenarios.moves import Move
from comity.scenarios.rules import Rule

NAMED = 6

WHAT = {
    "defence_share": (
        "{actors}: {sign}{value} of GDP for defence",
        "{actors}:防衛費をGDP比で{sign}{value}",
    ),
    "tariff": (
        "{actors}: {sign}{value} tariff on goods of {targets}",
        "{actors}:{targets}の財への関税 {sign}{value}",
    ),
    "barrier": (
        "{actors} and {targets}: trade costs {sign}{value}, both ways",
        "{actors}と{targets}:貿易費用 {sign}{value}(双方向)",
    ),
    "sanction": (
        "{actors}: forbids {value} of trade with {targets}",
        "{actors}:{targets}との貿易の{value}を禁止",
    ),
    "forces": (
        "{actors}: {sign}{plain} thousand persons in {targets}",
        "{actors}:{targets}の駐留人員 {sign}{plain}千人",
    ),
    "commitment": (
        "{actors}: commitment to {targets} {sign}{plain}",
        "{actors}:{targets}への関与 {sign}{plain}",
    ),
    "alliance": (
        "{actors} and {targets}: defence pact ({sign}{plain})",
        "{actors}と{targets}:防衛条約({sign}{plain})",
    ),
    "found": ("{actors}: founds {framework}", "{actors}:{framework}を創設"),
    "deepen": (
        "{actors}: deepens {framework} ({sign}{plain})",
        "{actors}:{framework}を深化({sign}{plain})",
    ),
    "decision_rule": (
        "{framework}: {sign}{plain} vetoes needed to block",
        "{framework}:阻止に必要な拒否権 {sign}{plain}",
    ),
    "leadership": (
        "{actors}: government of type {sign}{plain}",
        "{actors}:政府の類型 {sign}{plain}",
    ),
    "engage": (
        "{actors}: engagement in {categories} {sign}{plain}",
        "{actors}:{categories}への関与 {sign}{plain}",
    ),
    "checks": (
        "{actors}: acts by {categories} survive {sign}{plain} (log-odds)",
        "{actors}:{categories}による行為の存続 {sign}{plain}(対数オッズ)",
    ),
    "join": ("{actors}: joins {framework}", "{actors}:{framework}に加入"),
    "leave": ("{actors}: leaves {framework}", "{actors}:{framework}から離脱"),
}


def acts(moves: Sequence[Move]) -> list[dict[str, Any]]:
    """Moves as acts in order of date; the two parts of one that may end early are one act."""
    written: dict[str, list[Move]] = {}
    for move in moves:
        written.setdefault(move.where, []).append(move)
    parts = [sorted(same, key=lambda m: m.start) for same in written.values()]
    return [
        act(same[0], same[1] if len(same) > 1 else None)
        for same in sorted(parts, key=lambda same: same[0].start)
    ]


def act(move: Move, after: Move | None = None) -> dict[str, Any]:
    """A move as date, text, source; ``until`` and ``judged`` where they apply.

    ``after`` is the part that goes on, in some branches, where the move itself ends.
    """
    found: dict[str, Any] = {
        "date": day(move.start),
        "text": {lang: sentence(move, lang) + going_on(after, lang) for lang in ("en", "ja")},
        "source": "; ".join(part for part in (move.event, move.source) if part),
    }
    end = move.stop if after is None else after.stop
    if math.isfinite(end):
        found["until"] = day(end)
    if move.judged:
        found["judged"] = move.source
        found["source"] = ""
    return found


def rule_acts(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """Rules as acts: what is done in every year after one in which something was observed."""
    found = []
    for rule in rules:
        made = act(rule.move)
        made["text"] = {
            lang: f"{made['text'][lang]}{observed(rule, lang)}" for lang in made["text"]
        }
        found.append(made)
    return found


def observed(rule: Rule, lang: str) -> str:
    """What a rule waits for, in words."""
    whom = name(rule.state, "ja" if lang == "ja" else "en")
    other = name(rule.partner, "ja" if lang == "ja" else "en") if rule.partner else ""
    if lang == "en":
        what = f"tariff added by {whom} on {other}" if other else f"{rule.observable} of {whom}"
        return f", in a year after the {what} was {rule.comparator} {rule.threshold:g}"
    what = f"{whom}の{other}への上乗せ関税" if other else f"{whom}の{rule.observable}"
    return f"(前年に{what} {rule.comparator} {rule.threshold:g} の場合)"


def day(fraction: float) -> str:
    """ISO date of a year fraction."""
    year = int(fraction)
    start = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - start).days
    return (start + timedelta(days=round((fraction - year) * length))).isoformat()


def sentence(move: Move, lang: str) -> str:
    """What a move does, in one language."""
    english, japanese = WHAT[move.lever]
    text = (english if lang == "en" else japanese).format(
        actors=parties(move.actors, lang),
        targets=parties(move.targets, lang),
        framework=move.framework or "",
        value=f"{100 * move.value:g}%",
        plain=f"{move.value:g}",
        categories=", ".join(move.categories),
        sign="= " if move.mode == "set" else "+" if move.value >= 0 else "",
    )
    return text + condition(move, lang)


def going_on(after: Move | None, lang: str) -> str:
    """From when a move depends on a branch, in words; empty without a later part."""
    if after is None:
        return ""
    branches = [f"{doubt}: {' / '.join(options)}" for doubt, options in after.when.items()]
    if lang == "en":
        return f"; from {day(after.start)} only if {', '.join(branches)}"
    return f"。{day(after.start)}以後は{'、'.join(branches)}の場合のみ"


def parties(ids: Sequence[str], lang: str) -> str:
    """States by name; more than a few as a number with the first ones."""
    # A framework's own lever has no state that moves it.
    names = [name(i, "ja" if lang == "ja" else "en") for i in ids[:NAMED] if i]
    if len(ids) <= NAMED:
        return (", " if lang == "en" else "・").join(names)
    if lang == "en":
        return f"{len(ids)} states ({', '.join(names[:3])}, …)"
    return f"{len(ids)}か国({'・'.join(names[:3])}など)"


def condition(move: Move, lang: str) -> str:
    """Branch and scale of a move, in brackets; empty where it holds in every future in full."""
    parts = []
    for doubt, options in move.when.items():
        joined = (" or " if lang == "en" else "・").join(options)
        parts.append(f"only if {doubt}: {joined}" if lang == "en" else f"{doubt}が{joined}の場合")
    if move.scale:
        parts.append(f"times {move.scale}" if lang == "en" else f"{move.scale}を乗じる")
    if not parts:
        return ""
    return f" ({'; '.join(parts)})" if lang == "en" else f"({'、'.join(parts)})"
