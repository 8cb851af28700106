"""Moves in words, in every language, for reports: when, who, what, on whose word."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from comity.core.words import LANGS, Text, say, words
from comity.registry.states import name
from comity.scenarios.moves import Move
from comity.scenarios.rules import Rule

NAMED = 6

# What a move of each lever is called, by the lever's name; `{actors}` and the like are filled in.
Names = Mapping[str, Text]


def acts(moves: Sequence[Move], names: Names) -> list[dict[str, Any]]:
    """Moves as acts in order of date; the two parts of one that may end early are one act."""
    written: dict[str, list[Move]] = {}
    for move in moves:
        written.setdefault(move.where, []).append(move)
    parts = [sorted(same, key=lambda m: m.start) for same in written.values()]
    return [
        act(same[0], names, same[1] if len(same) > 1 else None)
        for same in sorted(parts, key=lambda same: same[0].start)
    ]


def act(move: Move, names: Names, after: Move | None = None) -> dict[str, Any]:
    """A move as date, text, source; ``until`` and ``judged`` where they apply.

    ``after`` is the part that goes on, in some branches, where the move itself ends. ``bare`` is
    the text without conditions; these follow by name (``when``, ``scale``, ``after``), as do the
    ``categories`` that the text has by their codes, for a page that puts them into its own words.
    """
    found: dict[str, Any] = {
        "date": day(move.start),
        "text": {lang: sentence(move, names, lang) + going_on(after, lang) for lang in LANGS},
        "bare": {lang: bare(move, names, lang) for lang in LANGS},
        "when": {doubt: list(options) for doubt, options in move.when.items()},
        "scale": move.scale or "",
        "categories": list(move.categories),
        "after": {} if after is None else _after(after),
        "source": "; ".join(part for part in (move.event, move.source) if part),
    }
    end = move.stop if after is None else after.stop
    if math.isfinite(end):
        found["until"] = day(end)
    if move.judged:
        found["judged"] = move.source
        found["source"] = ""
    return found


def rule_acts(rules: Sequence[Rule], names: Names) -> list[dict[str, Any]]:
    """Rules as acts: what is done in every year after one in which something was observed."""
    found = []
    for rule in rules:
        made = act(rule.move, names)
        for key in ("text", "bare"):
            made[key] = {lang: f"{made[key][lang]}{observed(rule, lang)}" for lang in made[key]}
        found.append(made)
    return found


def observed(rule: Rule, lang: str) -> str:
    """What a rule waits for, in words."""
    texts = _words()
    return say(
        texts["observed.tariff" if rule.partner else "observed.other"],
        lang,
        state=name(rule.state, lang),
        partner=name(rule.partner, lang) if rule.partner else "",
        observable=texts[f"observable.{rule.observable}"][lang],
        comparator=rule.comparator,
        threshold=f"{rule.threshold:g}",
    )


def day(fraction: float) -> str:
    """ISO date of a year fraction."""
    year = int(fraction)
    start = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - start).days
    return (start + timedelta(days=round((fraction - year) * length))).isoformat()


def _after(after: Move) -> dict[str, Any]:
    """When and in which branches a move goes on."""
    return {"date": day(after.start), "when": {k: list(v) for k, v in after.when.items()}}


def sentence(move: Move, names: Names, lang: str) -> str:
    """What a move does and on what condition, in one language."""
    return bare(move, names, lang) + condition(move, lang)


def bare(move: Move, names: Names, lang: str) -> str:
    """What a move does, in one language."""
    return say(
        names[f"{move.lever}.times" if move.mode == "times" else move.lever],
        lang,
        actors=parties(move.actors, lang),
        targets=parties(move.targets, lang),
        framework=move.framework or "",
        value=f"{100 * move.value:g}%",
        plain=f"{move.value:g}",
        categories=", ".join(move.categories),
        sign="= " if move.mode == "set" else "+" if move.value >= 0 else "",
    )


def going_on(after: Move | None, lang: str) -> str:
    """From when a move depends on a branch, in words; empty without a later part."""
    if after is None:
        return ""
    branches = [f"{doubt}: {' / '.join(options)}" for doubt, options in after.when.items()]
    joined = _words()["going_on.joint"][lang].join(branches)
    return say(_words()["going_on.from"], lang, day=day(after.start), branches=joined)


def parties(ids: Sequence[str], lang: str) -> str:
    """States by name; more than a few as a number with the first ones."""
    # A framework's own lever has no state that moves it.
    names = [name(i, lang) for i in ids[:NAMED] if i]
    joint = _words()["parties.joint"][lang]
    if len(ids) <= NAMED:
        return joint.join(names)
    return say(_words()["parties.many"], lang, count=len(ids), first=joint.join(names[:3]))


def condition(move: Move, lang: str) -> str:
    """Branch and scale of a move, in brackets; empty where it holds in every future in full."""
    texts = _words()
    parts = [
        say(
            texts["condition.branch"],
            lang,
            doubt=doubt,
            options=texts["condition.or"][lang].join(options),
        )
        for doubt, options in move.when.items()
    ]
    if move.scale:
        parts.append(say(texts["condition.scale"], lang, scale=move.scale))
    if not parts:
        return ""
    return say(texts["condition.all"], lang, parts=texts["condition.joint"][lang].join(parts))


def _words() -> Mapping[str, Text]:
    return words("comity.scenarios")
