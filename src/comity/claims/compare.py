"""Two dialogues side by side: what was said differently, and how the facts moved in between."""

from __future__ import annotations

from typing import Any

import pandas as pd

from comity.claims.dossier import Claim, Dossier
from comity.claims.forms import BasketForm, ChangeForm, GapForm, LevelForm, SlopeForm
from comity.claims.yearly import whole
from comity.core.errors import BadInput
from comity.world.snapshot import table

SERIES = (ChangeForm, SlopeForm, LevelForm, GapForm)


def compare(first: Dossier, second: Dossier) -> dict[str, Any]:
    """Subjects of both dialogues, of one alone, and the facts between their dates.

    A subject is an actor or a framework that a claim names. Facts are the events on record between
    the two dates, and the yearly series on which claims of either were tested, before and after.

    Raises
    ------
    BadInput
        Two dossiers of one file.
    """
    if first.file == second.file:
        raise BadInput("both dossiers are the same", fix="name two different ones")
    if second.date < first.date:
        first, second = second, first
    one, two = subjects(first), subjects(second)
    return {
        "first": _head(first),
        "second": _head(second),
        "in_both": {s: _sides(s, one, two) for s in sorted(one.keys() & two.keys())},
        "only_first": {s: [c.id for c in one[s]] for s in sorted(one.keys() - two.keys())},
        "only_second": {s: [c.id for c in two[s]] for s in sorted(two.keys() - one.keys())},
        "kinds": {"first": _kinds(first), "second": _kinds(second)},
        "events": events(first.date, second.date, one.keys() | two.keys()),
        "series": moved((*first.claims, *second.claims), int(first.date[:4])),
    }


def subjects(dossier: Dossier) -> dict[str, list[Claim]]:
    """Claims by actor and framework."""
    found: dict[str, list[Claim]] = {}
    for claim in dossier.claims:
        for subject in dict.fromkeys((*claim.actors, *claim.frameworks)):
            found.setdefault(subject, []).append(claim)
    return found


def _head(dossier: Dossier) -> dict[str, Any]:
    return {
        "name": dossier.name,
        "title": dict(dossier.title),
        "date": dossier.date,
        "claims": len(dossier.claims),
    }


def _kinds(dossier: Dossier) -> dict[str, int]:
    kinds = [claim.kind for claim in dossier.claims]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def _sides(subject: str, one: dict[str, list[Claim]], two: dict[str, list[Claim]]) -> Any:
    return {
        side: [{"id": c.id, "kind": c.kind, "said": dict(c.said)} for c in claims[subject]]
        for side, claims in (("first", one), ("second", two))
    }


def events(start: str, end: str, subjects_: set[str]) -> list[dict[str, str]]:
    """Events on record between two dates that touch one of the subjects, by date."""
    rows = table("events").sort_values("date", kind="stable")
    dates = rows["date"].astype(str)
    inside = rows[(dates >= start[:7]) & (dates <= end)]
    found = []
    for _, row in inside.iterrows():
        words = f"{row['states']} {row['frameworks']}".replace("nan", "").split()
        if subjects_ & set(words):
            found.append({"id": str(row["id"]), "date": str(row["date"]), "what": str(row["what"])})
    return found


def moved(claims: tuple[Claim, ...], year: int) -> list[dict[str, Any]]:
    """Series that claims were tested on: last value to the year of the first dialogue and since."""
    indicators = table("indicators")
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for claim in claims:
        signs = claim.test.signs if isinstance(claim.test, BasketForm) else []
        for test in (claim.test, *(one.test for one in signs)):
            if isinstance(test, SERIES):
                key = (test.indicator, test.unit)
                entry = found.setdefault(key, _moved(whole(indicators, *key), *key, year))
                entry["claims"] = list(dict.fromkeys([*entry["claims"], claim.id]))
    return list(found.values())


def _moved(series: pd.Series, indicator: str, unit: str, year: int) -> dict[str, Any]:
    """Last value of a series before a year, and since."""
    before, after = series[series.index < year], series[series.index >= year]
    ends = [[int(s.index[-1]), float(s.iloc[-1])] if len(s) else None for s in (before, after)]
    named = {"indicator": indicator, "unit": unit, "claims": []}
    return {**named, "before": ends[0], "after": ends[1]}


def text(found: dict[str, Any]) -> str:
    """The comparison as lines to read."""
    first, second = found["first"], found["second"]
    lines = [
        f"{first['date']}  {first['title']['en']} ({first['claims']} claims)",
        f"{second['date']}  {second['title']['en']} ({second['claims']} claims)",
        "",
        "Spoken of in both:",
    ]
    for subject, sides in found["in_both"].items():
        lines.append(f"  {subject}")
        for side, mark in (("first", "-"), ("second", "+")):
            lines += [f"    {mark} {c['id']} ({c['kind']}) {c['said']['en']}" for c in sides[side]]
    for key, head in (("only_first", first), ("only_second", second)):
        named = ", ".join(f"{s} ({len(ids)})" for s, ids in found[key].items()) or "none"
        lines += ["", f"Only in {head['name']}: {named}"]
    lines += ["", f"Events on record between the two dates ({len(found['events'])}):"]
    lines += [f"  {e['date']}  {e['id']}  {e['what']}" for e in found["events"]]
    lines += ["", "Series on which claims were tested, before the first dialogue and at their end:"]
    for row in found["series"]:
        values = [
            f"{v[0]}: {v[1]:.4g}" if v else "no figure" for v in (row["before"], row["after"])
        ]
        lines.append(f"  {row['indicator']}({row['unit']})  {values[0]} -> {values[1]}")
    return "\n".join(lines)
