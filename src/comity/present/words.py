"""Sentences of the report: what was found, how sure it is, and where the best strategy fails."""

from __future__ import annotations

from collections.abc import Callable

from comity.present import frames, links, requirements
from comity.present.folder import FEW, Folder
from comity.present.i18n import Lang, pick, t
from comity.present.numbers import fine, finite, number, plain, share, shown
from comity.present.priors import own
from comity.present.tables import choice
from comity.present.tables import status as standing
from comity.present.units import amount, percent
from comity.registry.sizes import smallest

# Below this share of the spread between futures a difference is called small beside it.
SMALL = 0.1
STABLE = 0.9
# By the way in which it would move in the futures left out.
LEANS_OUTCOME = {
    "higher": "selection.outcome_higher",
    "lower": "selection.outcome_lower",
    "unknown": "selection.outcome_unknown",
}
LEANS_DIFFERENCE = {
    "higher": "selection.difference_higher",
    "lower": "selection.difference_lower",
    "unknown": "selection.difference_unknown",
}


def finding(folder: Folder, lang: Lang) -> list[str]:
    """Return the answer in a few sentences: effect, comparison, stability, evidence."""
    parts = (
        links.ranked_instead,
        effect,
        by_measure,
        links.not_linked,
        runner_up,
        requirements.dissent,
        steadiness,
        lean,
        evidence,
        own,
    )
    sentences = [part(folder, lang) for part in parts]
    return [sentence for sentence in sentences if sentence]


def effect(folder: Folder, lang: Lang) -> str:
    """Say what the scenario does to the actor under the first strategy."""
    measure, reference = folder.objective, folder.strategies[0]
    row = next(
        (
            r
            for r in folder.judgement["summary"]
            if r["strategy"] == reference and r["measure"] == measure["name"]
        ),
        None,
    )
    words = {
        "actor": folder.inside(lang),
        "strategy": folder.strategy(reference, lang),
        "measure": folder.label(measure["name"], lang),
    }
    if row is None or finite(row["median"]) != finite(row["median"]):
        return t("finding.no_effect", lang, **words)
    if links.still(folder, row):
        return t("finding.effect_same", lang, **words)
    low, high = finite(row["low"]), finite(row["high"])
    places, signed = fine([row["median"], low, high]), percent(measure["unit"])
    words |= {
        name: amount(row[name], measure["unit"], lang, places, sign=signed)
        for name in ("median", "low", "high")
    }
    words["unit"] = pick(measure["unit"], lang)
    if row["n"] < FEW:
        return t("finding.effect_few", lang, futures=row["n"], **words)
    if low == high == 0:
        return t("finding.effect_equal", lang, **words)
    text = t("finding.effect", lang, **words)
    return text + t("finding.open_sign", lang) if low < 0 < high else text


def by_measure(folder: Folder, lang: Lang) -> str:
    """`comparison`; where there are several aims, that it is by one measure alone."""
    said, measure = comparison(folder, lang), folder.label(folder.objective["name"], lang)
    return t("finding.by_measure", lang, measure=measure, said=said) if folder.aims else said


def comparison(folder: Folder, lang: Lang) -> str:
    """Compare the best strategy with the first one, or with the second best if it is the first."""
    ranked = frames.ranking(folder)["strategy"].tolist()
    best, first = folder.best, folder.strategies[0]
    if len(ranked) < 2:
        return t("finding.alone", lang)
    row = frames.pair(folder, best, first if best != first else ranked[1])
    if row is None or row["mean"] != row["mean"]:
        return t("finding.no_comparison", lang, best=folder.strategy(best, lang))
    said = difference(row, folder, lang)
    if not links.told_apart(folder, row["strategy"], row["against"]):
        return t("finding.no_link", lang, **said)
    if frames.is_same(row, least(folder)):
        return t("finding.same", lang, **said)
    within = too_small(folder, row)
    if row["low"] <= 0 <= row["high"]:
        more = t("finding.practically", lang, smallest=within) if within else ""
        return t("finding.noise", lang, **said) + more
    if within:
        return t("finding.negligible", lang, smallest=within, **said) + (
            t("finding.small", lang) if is_small(folder, row) else ""
        )
    text = t("finding.best", lang, **said)
    if row["share_better"] == row["share_better"]:
        text += t("finding.share_better", lang, share=share(row["share_better"]))
    return text + (t("finding.small", lang) if is_small(folder, row) else "")


def least(folder: Folder) -> float:
    """The smallest effect of interest of what is ranked by; nil where none is fixed."""
    known = smallest(folder.objective["name"])
    return known.value if known else 0.0


def too_small(folder: Folder, row: dict) -> str:
    """The smallest effect where a difference lies within it, interval and all; else empty."""
    least = smallest(folder.objective["name"])
    return (
        plain(least.value)
        if least and max(abs(row["low"]), abs(row["high"])) <= least.value
        else ""
    )


def shared(folder: Folder, lang: Lang) -> str:
    """From which difference on strategies are ranked apart; empty where no such size is fixed."""
    least = smallest(folder.objective["name"])
    return t("ranking.shared", lang, smallest=plain(least.value)) if least else ""


def difference(row: dict, folder: Folder, lang: Lang) -> dict[str, str]:
    """Return the words of a paired difference: who, against whom, how much, how sure."""
    places = fine([row["mean"], row["low"], row["high"]])
    figures = {name: shown(row[name], places, sign=True) for name in ("mean", "low", "high")}
    return figures | {
        "best": folder.strategy(row["strategy"], lang),
        "rival": folder.strategy(row["against"], lang),
        "unit": difference_unit(folder, lang),
    }


def runner_up(folder: Folder, lang: Lang) -> str:
    """Say how the best strategy stands to the second best, where that is not said already."""
    ranked = frames.ranking(folder)["strategy"].tolist()
    if len(ranked) < 3 or folder.strategies[0] in ranked[:2]:
        return ""
    row = frames.pair(folder, ranked[0], ranked[1])
    if row is None or row["mean"] != row["mean"]:
        return ""
    key = "finding.runner_noise" if row["low"] <= 0 <= row["high"] else "finding.runner_up"
    key = "finding.runner_within" if too_small(folder, row) else key
    if frames.is_same(row, least(folder)):
        key = "finding.runner_same"
    return t(key, lang, **difference(row, folder, lang))


def is_small(folder: Folder, row: dict) -> bool:
    """Tell whether a difference is small beside the spread between futures."""
    spread = frames.where(frames.ranking(folder), strategy=row["strategy"])
    width = (spread["p95"] - spread["p5"]).to_numpy(float)
    return bool((abs(row["mean"]) < SMALL * width).any())


def difference_unit(folder: Folder, lang: Lang) -> str:
    """Unit of a difference: percentage points where the measure is in percent."""
    unit = folder.objective["unit"]
    return t("word.points", lang) if percent(unit) else pick(unit, lang)


def steadiness(folder: Folder, lang: Lang) -> str:
    """Say whether other futures would have ranked the strategies the same way."""
    low = finite((folder.judgement.get("stability") or {}).get("tau_low"))
    if len(folder.strategies) < 2 or low != low or low >= STABLE:
        return ""
    return t("finding.unstable", lang, tau=number(low, 2))


def lean(folder: Folder, lang: Lang) -> str:
    """Say which way the finding leans for the futures left out, where they are no fair sample."""
    found = folder.judgement.get("selection") or {}
    if not found.get("differs"):
        return ""
    names = dict.fromkeys(folder.quantity(row["parameter"], lang) for row in found["differs"])
    text = t(
        "selection.finding",
        lang,
        failed=found["failed"],
        futures=found["futures"],
        names=t("word.comma", lang).join(names),
    )
    return text + _leaning(folder, found["shifts"], lang)


def _leaning(folder: Folder, shifts: list[dict], lang: Lang) -> str:
    """Which way the first strategy's outcome and the best one's difference would move."""
    first, best = folder.strategies[0], folder.best
    ranked = frames.ranking(folder)["strategy"].tolist()
    rival = first if best != first else next(iter(ranked[1:]), first)
    asked = {(first, None): LEANS_OUTCOME, (best, rival): LEANS_DIFFERENCE}
    said = ""
    for row in shifts:
        keys = asked.get((row["strategy"], row["against"]))
        low, high = finite(row["low"]), finite(row["high"])
        if keys is None or low != low:
            continue
        way = "higher" if low > 0 else "lower" if high < 0 else "unknown"
        said += t(
            keys[way],
            lang,
            strategy=folder.strategy(row["strategy"], lang),
            rival=folder.strategy(rival, lang),
            measure=folder.label(folder.objective["name"], lang),
        )
    return said


def left_out(folder: Folder, lang: Lang) -> list[str]:
    """Say, line by line, how the futures left out differ from those that the figures rest on."""
    found = folder.judgement.get("selection") or {}
    if not found.get("failed"):
        return []
    if not found["enough"]:
        return [t("selection.few", lang)]
    if not found["differs"]:
        return [t("selection.alike", lang)]
    lines = []
    for row in found["differs"]:
        name, choice_of = folder.quantity(row["parameter"], lang), row["value"]
        if choice_of is None:
            written = {key: plain(row[key]) for key in ("kept", "left_out")}
            lines.append(t("selection.number", lang, name=name, **written))
        else:
            written = {key: share(row[key]) for key in ("kept", "left_out")}
            value = choice(str(choice_of), lang)
            lines.append(t("selection.choice", lang, name=name, value=value, **written))
    return [*lines, t("selection.how", lang)]


def evidence(folder: Folder, lang: Lang) -> str:
    """Name the evidence grade with its meaning and count the judged numbers."""
    grade = folder.judgement.get("grade", "D")
    return t(
        "finding.evidence",
        lang,
        grade=grade,
        meaning=t(f"grade.{grade}", lang),
        judged=sum(map(is_judged(folder), numbers_of(folder))),
        numbers=len(numbers_of(folder)),
    )


def numbers_of(folder: Folder) -> list[dict]:
    """Return records of all numbers that the run rests on: uncertainties, then parameters."""
    return [*folder.run["uncertainties"], *folder.run["parameters"]]


def is_judged(folder: Folder) -> Callable[[dict], bool]:
    """Return a test whether a number is judged, by its own status or by the judgement's list."""
    listed = {str(number.get("name")) for number in folder.judgement.get("judged") or []}
    return lambda given: given.get("status") == "judged" or given["name"] in listed


def failure(folder: Folder, lang: Lang) -> str:
    """Say how often the best strategy fails, and what failing means in this run."""
    found = folder.judgement.get("failure") or {}
    rate = finite(found.get("share"))
    if rate != rate:
        return t("failure.unknown", lang)
    name = folder.strategy(found.get("strategy") or folder.best, lang)
    if not folder.judgement.get("requirements"):
        bar = amount(found.get("threshold"), folder.objective["unit"], lang)
        return t("failure.tenth", lang, strategy=name, bar=bar)
    said = t("failure.share" if rate else "failure.none", lang, strategy=name, share=share(rate))
    return said + requirements.missed(folder, lang)


def boxes(folder: Folder, lang: Lang) -> list[str]:
    """Put each box of futures in which the best strategy fails into a sentence."""
    found = (folder.judgement.get("failure") or {}).get("boxes") or []
    return [
        t(
            "failure.box",
            lang,
            limits=t("failure.and", lang).join(limit(part, folder, lang) for part in box["limits"]),
            coverage=share(box["coverage"]),
            density=share(box["density"]),
            mass=share(box["mass"]),
        )
        for box in found
        if box["limits"]
    ]


def limit(part: dict, folder: Folder, lang: Lang) -> str:
    """Put one limit of a box into words."""
    name = folder.quantity(part["parameter"], lang)
    if part.get("values"):
        return t(
            "failure.is",
            lang,
            name=name,
            values=t("word.or", lang).join(choice(str(v), lang) for v in part["values"]),
        )
    low, high = finite(part.get("low")), finite(part.get("high"))
    key = (
        "failure.between"
        if low == low and high == high
        else "failure.least"
        if low == low
        else "failure.most"
    )
    return t(key, lang, name=name, low=plain(low), high=plain(high))


def options(given: dict, lang: Lang) -> str:
    """Put what an uncertainty may be into words: branches with their weights, or a range."""
    values = list(given.get("values") or [])
    if given.get("kind") == "number":
        ends = [plain(v) for v in values] or ["", ""]
        return t("scenario.range", lang, low=ends[0], high=ends[-1])
    weights = given.get("weights") or [None] * len(values)
    parts = [
        choice(str(v), lang) + (f" {share(w)}" if w is not None else "")
        for v, w in zip(values, weights, strict=True)
    ]
    return t("word.comma", lang).join(parts)


def stable(folder: Folder, lang: Lang) -> str:
    """Say how stable the ranking is and how many futures would be enough."""
    found = folder.judgement.get("stability") or {}
    if len(folder.strategies) < 2 or finite(found.get("tau_mean")) != finite(found.get("tau_mean")):
        return t("stability.unknown", lang)
    best = folder.best
    text = t(
        "stability.tau",
        lang,
        mean=number(found["tau_mean"], 2),
        low=number(found["tau_low"], 2),
        best=folder.strategy(best, lang),
        share=share((found.get("top_share") or {}).get(best)),
    )
    enough = found.get("enough")
    return text + (
        t("stability.enough", lang, futures=enough) if enough else t("stability.not_enough", lang)
    )


def lead(folder: Folder, lang: Lang) -> str:
    """Say what status the number has that drives the answer most."""
    frame = frames.drivers(folder, frames.deciding(folder))
    if not frames.known(frame, "share"):
        frame = frames.drivers(folder, folder.best)
    if not frames.known(frame, "share"):
        return t("drivers.none", lang)
    first = frame.iloc[0]
    return t(
        "drivers.lead",
        lang,
        name=folder.quantity(first["parameter"], lang),
        what=folder.quoted(first["strategy"], lang),
        share=share(first["share"]),
        status=standing(str(first["status"] or "judged"), lang),
    )
