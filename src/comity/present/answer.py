"""The answer on the first screen: a sentence to repeat, what moved, what did not, what is open."""

from __future__ import annotations

from typing import Any

from comity.core.words import words as texts
from comity.present import panels, words
from comity.present.folder import Folder
from comity.present.i18n import Lang, pick, t
from comity.present.numbers import fine, plain, share
from comity.present.panels import cells, idle, matters, measured, money, ranged, sized, unlinked

# So many aims in the sentence, so many strategies to an aim below it.
NAMED, LISTED = 2, 3

Cell = dict[str, Any]


def page(folder: Folder, lang: Lang) -> dict[str, Any] | None:
    """What the first screen shows; None in folders judged before there were aims."""
    if not folder.aims:
        return None
    actor = folder.state(folder.run["actor"], lang)
    return {
        "headline": headline(folder, lang),
        "moved": moved(folder, lang),
        "still": still(folder, lang),
        "unsaid": unsaid(folder, lang),
        "panels": panels.drawn(folder, lang),
        "caption": t("aims.caption", lang, actor=actor, futures=folder.aims["futures"]),
        "unbeaten": unbeaten(folder, lang),
        "table": panels.table(folder, lang),
        "reasons": reasons(folder, lang),
    }


def reasons(folder: Folder, lang: Lang) -> list[str]:
    """Why the smallest effects of interest are what they are."""
    return [
        t(
            "aims.reason",
            lang,
            aim=pick(aim["label"], lang),
            smallest=words.amount(aim["smallest"], aim["unit"], lang),
            reason=pick(aim["reason"], lang),
        )
        for aim in measured(folder)
    ]


def headline(folder: Folder, lang: Lang) -> str:
    """One sentence: what helps most with which aim, and what it costs; or that nothing does."""
    actor = folder.state(folder.run["actor"], lang)
    gains = _leading(folder, "better")
    if gains:
        parts = [_does(aim, cell, "aims.does", folder, lang) for aim, cell in gains[:NAMED]]
        said = t("aims.gains", lang, actor=actor, gains=t("aims.joint", lang).join(parts))
        return said + _price(folder, gains[:NAMED], lang) + t("aims.stop", lang)
    if _any(folder, "either"):
        return t("aims.unsure", lang, actor=actor)
    costs = _leading(folder, "worse")
    if costs:
        aim, cell = costs[0]
        return t("aims.only_costs", lang, actor=actor, costs=_does(aim, cell, "aims.hurts", folder, lang))
    return t("aims.nothing", lang, actor=actor, strategies=len(folder.strategies))


def _leading(folder: Folder, way: str) -> list[tuple[dict[str, Any], Cell]]:
    """For each aim the strategy that does most that way, the aims moved most first."""
    found = []
    for aim in measured(folder):
        moved = [c for c in cells(folder, aim["name"]) if matters(c) and _way(c) == way]
        if moved:
            found.append((aim, max(moved, key=lambda c: abs(c["gain"]["mean"]))))
    return sorted(found, key=lambda one: -abs(one[1]["gain"]["mean"]) / one[0]["smallest"])


def _way(cell: Cell) -> str:
    return cell["gain"]["size"]["way"]


def _any(folder: Folder, way: str) -> bool:
    return any(
        matters(c) and _way(c) == way for a in measured(folder) for c in cells(folder, a["name"])
    )


def _does(aim: dict[str, Any], cell: Cell, key: str, folder: Folder, lang: Lang) -> str:
    """What a strategy does for an aim, with the figure and what it is worth in money."""
    gain, worth = cell["gain"], money(cell, lang)
    places = fine([gain["mean"], gain["p5"], gain["p95"]])
    return t(
        key,
        lang,
        strategy=folder.strategy(cell["strategy"], lang),
        aim=pick(aim["label"], lang),
        figure=words.amount(gain["mean"], aim["unit"], lang, places, sign=True),
        worth=t("aims.worth", lang, money=worth) if worth else "",
        size=sized(gain, lang),
    )


def _price(folder: Folder, gains: list[tuple[dict[str, Any], Cell]], lang: Lang) -> str:
    """What the strategies named in the sentence cost on other aims."""
    found = []
    for name in dict.fromkeys(cell["strategy"] for _, cell in gains):
        worse = [
            pick(aim["label"], lang)
            for aim in measured(folder)
            for c in cells(folder, aim["name"])
            if c["strategy"] == name and matters(c) and _way(c) == "worse"
        ]
        if worse:
            aims = t("word.comma", lang).join(worse)
            found.append(t("aims.price", lang, strategy=folder.strategy(name, lang), aims=aims))
    return "".join(found)


def moved(folder: Folder, lang: Lang) -> list[str]:
    """What moved, aim by aim: the strategies that move it most, and how."""
    found = []
    for aim in measured(folder):
        mine = sorted(
            (c for c in cells(folder, aim["name"]) if matters(c)),
            key=lambda c: -abs(c["gain"]["mean"]),
        )
        if not mine:
            continue
        parts = [_moved(c, folder, lang) for c in mine[:LISTED]]
        said = t("aims.moved_one", lang, aim=pick(aim["label"], lang), by=t("aims.joint", lang).join(parts))
        more = len(mine) - LISTED
        found.append(said + (t("aims.more", lang, count=more) if more > 0 else ""))
    return found


def _moved(cell: Cell, folder: Folder, lang: Lang) -> str:
    said = [sized(cell["gain"], lang), reaction(cell, lang), money(cell, lang)]
    return t(
        "aims.by",
        lang,
        strategy=folder.strategy(cell["strategy"], lang),
        figure=ranged(cell["gain"]),
        said=t("word.comma", lang).join(part for part in said if part),
    )


def reaction(cell: Cell, lang: Lang) -> str:
    """Whether a gain answers the shock or would be there anyway; empty where that is not known."""
    known = cell.get("reacts")
    return texts("comity.registry")[f"reacts.{known}"][lang] if known else ""


def still(folder: Folder, lang: Lang) -> list[str]:
    """What did not move: aims on which every strategy that reaches them does next to nothing."""
    small, same = [], []
    for aim in measured(folder):
        mine = cells(folder, aim["name"])
        reached = [c for c in mine if not unlinked(c)]
        if not reached or any(map(matters, reached)):
            continue
        label = pick(aim["label"], lang)
        if all(map(idle, reached)):
            same.append(label)
        else:
            values = {"aim": label, "smallest": plain(aim["smallest"]), "unit": pick(aim["unit"], lang)}
            small.append(t("aims.small_one", lang, **values))
    found = []
    if small:
        found.append(t("aims.small", lang, aims=t("word.comma", lang).join(small)))
    if same:
        found.append(t("aims.same", lang, aims=t("word.comma", lang).join(same)))
    return found


def unsaid(folder: Folder, lang: Lang) -> list[str]:
    """What cannot be said: aims without a path, without a settled direction, without a model."""
    joint, found = t("word.comma", lang), []
    cut = [
        pick(aim["label"], lang)
        for aim in measured(folder)
        if all(map(unlinked, cells(folder, aim["name"])))
    ]
    if cut:
        found.append(t("aims.cut", lang, aims=joint.join(cut)))
    open_ways = [
        t("aims.open_one", lang, aim=pick(aim["label"], lang), strategies=joint.join(names))
        for aim in measured(folder)
        if (
            names := [
                folder.strategy(c["strategy"], lang)
                for c in cells(folder, aim["name"])
                if matters(c) and _way(c) == "either"
            ]
        )
    ]
    if open_ways:
        found.append(t("aims.open", lang, aims=t("aims.joint", lang).join(open_ways)))
    missing: dict[str, list[str]] = {}
    for aim in folder.aims["list"]:
        if aim["status"] != "measured":
            missing.setdefault(pick(aim["why"], lang), []).append(pick(aim["label"], lang))
    for why, labels in missing.items():
        found.append(t("aims.missing", lang, aims=joint.join(labels), why=why))
    return found


def unbeaten(folder: Folder, lang: Lang) -> str:
    """The strategies that nothing beats over all aims, and in how many futures."""
    found = folder.aims.get("pareto") or {}
    named = [
        t("aims.unbeaten_one", lang, strategy=folder.strategy(s, lang), share=share(found["shares"].get(s)))
        for s in found.get("by_mean") or ()
    ]
    if not named or len(folder.strategies) < 2:
        return ""
    key = "aims.all_unbeaten" if len(named) == len(folder.strategies) else "aims.unbeaten"
    return t(key, lang, strategies=t("word.comma", lang).join(named))


def weighed(folder: Folder, lang: Lang) -> str:
    """Which strategy falls least short under the weights that the user named."""
    found = folder.aims.get("weights")
    if not found or not found["regret"]:
        return ""
    given = t("word.comma", lang).join(
        f"{_named(name, folder, lang)} {plain(weight)}" for name, weight in found["given"].items()
    )
    first = found["regret"][0]
    return t(
        "aims.weighed",
        lang,
        weights=given,
        strategy=folder.strategy(first["strategy"], lang),
        regret=plain(first["mean"]),
        best=share(first["best"]),
    )


def _named(name: str, folder: Folder, lang: Lang) -> str:
    """A group, a kind of aims or an aim in words."""
    known = texts("comity.registry")
    for key in (f"aim.group.{name}", f"aim.kind.{name}.label"):
        if key in known:
            return known[key][lang]
    labels = {aim["name"]: aim["label"] for aim in folder.aims["list"]}
    return pick(labels.get(name, name), lang)


def changing(folder: Folder, lang: Lang) -> list[str]:
    """What would change the answer: what decides, where it fails, what weights say otherwise."""
    found = [words.lead(folder, lang), words.failure(folder, lang), *words.boxes(folder, lang)[:1]]
    return [*(one for one in found if one), *filter(None, [weighed(folder, lang)])]
