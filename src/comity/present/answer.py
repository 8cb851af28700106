"""The answer on the first screen: a sentence to repeat, what moved, what did not, what is open."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from comity.core.words import words as texts
from comity.present import aims_in_words, panels, units, words
from comity.present.folder import Folder
from comity.present.i18n import Lang, pick, t
from comity.present.numbers import plain, share
from comity.present.panels import (
    beyond,
    cells,
    idle,
    matters,
    measured,
    money,
    places_of,
    sized,
    unlinked,
)

# So many aims in the sentence, so many strategies to an aim below it.
NAMED, LISTED = 2, 2

MISSING = {"not_in_run": "aims.off", "not_modelled": "aims.not_modelled"}

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
        "quiet": panels.quiet(folder, lang),
        "caption": t("aims.caption", lang, actor=actor, futures=folder.aims["futures"]),
        "unbeaten": unbeaten(folder, lang),
        "table": panels.table(folder, lang),
        "reasons": reasons(folder, lang),
    }


def reasons(folder: Folder, lang: Lang) -> list[str]:
    """Why the smallest effects of interest are what they are, and why some aims are not there."""
    absent = [
        t("aims.missing", lang, aim=pick(aim["label"], lang), why=pick(aim["why"], lang))
        for aim in folder.aims["list"]
        if pick(aim["why"], lang)
    ]
    return absent + [
        t(
            "aims.reason",
            lang,
            aim=pick(aim["label"], lang),
            smallest=units.amount(aim["smallest"], aim["unit"], lang),
            reason=pick(aim["reason"], lang),
        )
        for aim in measured(folder)
    ]


def headline(folder: Folder, lang: Lang) -> str:
    """One sentence: what was asked about, what helps most with which aim, and what that costs."""
    actor, asked = folder.state(folder.run["actor"], lang), _asked(folder, lang)
    gains = _named(folder)
    costs = _leading(folder, "worse")
    if gains:
        joint = t("aims.joint", lang)
        said = joint.join(_gain(aim, cell, folder, lang) for aim, cell in gains)
        said = said if _sure(gains[0][1]) else t("aims.maybe", lang) + said
    elif _any(folder, "either"):
        said = t("aims.unsure", lang)
    elif costs:
        said = t("aims.only_costs", lang, costs=_does(*costs[0], "aims.hurts", folder, lang))
    else:
        said, asked = t("aims.nothing", lang, strategies=len(folder.strategies)), ""
    return t("aims.headline", lang, actor=actor, said=asked + said)


def _named(folder: Folder) -> list[tuple[dict[str, Any], Cell]]:
    """The gains that the sentence names; those that may be negligible where there are no others."""
    gains = _leading(folder, "better")
    return ([one for one in gains if _sure(one[1])] or gains)[:NAMED]


def _asked(folder: Folder, lang: Lang) -> str:
    """That nothing moves what the scenario asks about, where that is so; else empty."""
    name = folder.objective["name"]
    aim = next((a for a in measured(folder) if name in a["measures"]), None)
    if aim is None or any(matters(c) for c in cells(folder, aim["name"])):
        return ""
    cut = beyond(cells(folder, aim["name"]))
    return t("aims.asked_cut" if cut else "aims.asked", lang, aim=inline(aim, lang))


def inline(aim: dict[str, Any], lang: Lang) -> str:
    """Label of an aim inside a sentence: no capital, but for names that are written in capitals."""
    label = pick(aim["label"], lang)
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _leading(folder: Folder, way: str) -> list[tuple[dict[str, Any], Cell]]:
    """For each aim, in order of reading, the strategy that does most that way.

    What is only shown, as the risk of war, is no gain to lead with unless the scenario asks for it.
    """
    found, asked = [], folder.objective["name"]
    for aim in measured(folder):
        if way == "better" and not aim.get("ranked", True) and asked not in aim["measures"]:
            continue
        some = [c for c in cells(folder, aim["name"]) if matters(c) and _way(c) == way]
        if some:
            found.append((aim, max(some, key=lambda c: abs(c["gain"]["mean"]))))
    return found


def _sure(cell: Cell) -> bool:
    return cell["gain"]["size"]["least"] != "negligible"


def _way(cell: Cell) -> str:
    return cell["gain"]["size"]["way"]


def _any(folder: Folder, way: str) -> bool:
    return any(
        matters(c) and _way(c) == way for a in measured(folder) for c in cells(folder, a["name"])
    )


def _gain(aim: dict[str, Any], cell: Cell, folder: Folder, lang: Lang) -> str:
    """What a strategy does for an aim, and on which others it loses."""
    worse = _losses(cell["strategy"], folder)
    losses = t("aims.and", lang).join(_figure(other, c, lang) for other, c in worse)
    said = _does(aim, cell, "aims.does", folder, lang)
    return said + (t("aims.price", lang, losses=losses) if worse else "")


def _losses(strategy: str, folder: Folder) -> list[tuple[dict[str, Any], Cell]]:
    """Aims on which a strategy loses by an amount that matters."""
    return [
        (aim, c)
        for aim in measured(folder)
        for c in cells(folder, aim["name"])
        if c["strategy"] == strategy and matters(c) and _way(c) == "worse"
    ]


def trades(folder: Folder, lang: Lang) -> list[str]:
    """How much more a gain has to count than what it costs, for each gain that is named."""
    found = []
    for aim, cell in _named(folder):
        worse = _losses(cell["strategy"], folder)
        if not worse:
            continue
        lost = sum(abs(c["gain"]["mean"]) / other["smallest"] for other, c in worse)
        joint = t("aims.and", lang)
        found.append(
            t(
                "aims.trade",
                lang,
                strategy=folder.strategy(cell["strategy"], lang),
                aim=inline(aim, lang),
                others=joint.join(inline(other, lang) for other, _ in worse),
                times=f"{lost / (abs(cell['gain']['mean']) / aim['smallest']):.1f}",
            )
        )
    return found


def _does(aim: dict[str, Any], cell: Cell, key: str, folder: Folder, lang: Lang) -> str:
    strategy = folder.strategy(cell["strategy"], lang)
    return t(key, lang, strategy=strategy, what=_figure(aim, cell, lang))


def _figure(aim: dict[str, Any], cell: Cell, lang: Lang) -> str:
    """An aim with what it moves by, in its unit and in money, and how large that is."""
    gain, worth = cell["gain"], money(cell, lang)
    return t(
        "aims.figure",
        lang,
        aim=inline(aim, lang),
        figure=_amount(aim, gain, lang),
        worth=t("aims.worth", lang, money=worth) if worth else "",
        size=sized(gain, lang),
    )


def _amount(aim: dict[str, Any], gain: dict[str, Any], lang: Lang) -> str:
    """A mean gain with its unit; what follows a comma or a bracket in the unit is left out."""
    unit = re.split(r"[,(\uff08\u3001]", pick(aim["unit"], lang))[0].strip()
    shown_unit = aim["unit"] if units.percent(aim["unit"]) else unit
    return units.amount(gain["mean"], shown_unit, lang, places_of(aim, gain), sign=True)


def listed(aims: list[dict[str, Any]], lang: Lang) -> str:
    """Aims by name; many of one kind as the kind with their number."""
    named, kinds = [], Counter(aim["kind"] for aim in aims)
    for aim in aims:
        kind = aim["kind"]
        if kinds[kind] <= LISTED:
            named.append(pick(aim["label"], lang))
        else:
            label = texts("comity.registry")[f"aim.kind.{kind}.label"][lang]
            named.append(t("aims.many", lang, kind=label, count=kinds[kind]))
    return t("word.comma", lang).join(dict.fromkeys(named))


def moved(folder: Folder, lang: Lang) -> list[str]:
    """What moved, aim by aim: the strategies that move it most, and how."""
    alone = [
        t("aims.by_scenario", lang, aim=inline(aim, lang), said=panels.alone(aim, folder, lang))
        for aim in measured(folder)
        if panels.shakes(aim, folder)
    ]
    found = [t("aims.scenario", lang, aims=t("aims.joint", lang).join(alone))] if alone else []
    for aim in measured(folder):
        mine = sorted(
            (c for c in cells(folder, aim["name"]) if matters(c)),
            key=lambda c: -abs(c["gain"]["mean"]),
        )
        if not mine:
            continue
        parts = [_moved(c, aim, folder, lang) for c in mine[:LISTED]]
        said = t(
            "aims.moved_one",
            lang,
            aim=pick(aim["label"], lang),
            by=t("aims.joint", lang).join(parts),
        )
        more = len(mine) - LISTED
        found.append(said + (t("aims.more", lang, count=more) if more > 0 else ""))
    return found + aims_in_words.fewer_wars(folder, lang)


def _moved(cell: Cell, aim: dict[str, Any], folder: Folder, lang: Lang) -> str:
    gain, said = cell["gain"], [sized(cell["gain"], lang), reaction(cell, lang)]
    return t(
        "aims.by",
        lang,
        strategy=folder.strategy(cell["strategy"], lang),
        figure=_amount(aim, gain, lang),
        said=t("word.comma", lang).join(part for part in said if part),
    )


def reaction(cell: Cell, lang: Lang) -> str:
    """Whether a gain answers the shock or would be there anyway; empty where that is not known."""
    known = cell.get("reacts")
    if known in (None, "no_effect"):
        return ""
    return texts("comity.registry")[f"reacts.{known}"][lang]


def still(folder: Folder, lang: Lang) -> list[str]:
    """What did not move: aims on which every strategy that reaches them does next to nothing."""
    small, same = [], []
    for aim in measured(folder):
        mine = cells(folder, aim["name"])
        reached = [c for c in mine if not unlinked(c)]
        if beyond(mine) or not reached or any(map(matters, reached)):
            continue
        (same if all(map(idle, reached)) else small).append(aim)
    found = []
    if small:
        found.append(t("aims.small", lang, aims=listed(small, lang)))
    if same:
        found.append(t("aims.same", lang, aims=listed(same, lang)))
    return found


def unsaid(folder: Folder, lang: Lang) -> list[str]:
    """What cannot be said: aims without a path, without a settled direction, without a model."""
    joint, found = t("word.comma", lang), []
    cut = [aim for aim in measured(folder) if beyond(cells(folder, aim["name"]))]
    if cut:
        found.append(t("aims.cut", lang, aims=listed(cut, lang)))
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
    for status, key in MISSING.items():
        named = [aim for aim in folder.aims["list"] if aim["status"] == status]
        if named:
            found.append(t(key, lang, aims=listed(named, lang)))
    return found


def unbeaten(folder: Folder, lang: Lang) -> str:
    """What nothing beats by mean gains; apart from that, in how many futures each is unbeaten."""
    found, joint = folder.aims.get("pareto") or {}, t("word.comma", lang)
    named = [
        t("word.quoted", lang, text=folder.strategy(s, lang)) for s in found.get("by_mean", ())
    ]
    if not named or len(folder.strategies) < 2:
        return ""
    key = "aims.all_unbeaten" if len(named) == len(folder.strategies) else "aims.unbeaten"
    said = [t(key, lang, strategies=joint.join(named))]
    shares = [
        t("aims.unbeaten_one", lang, strategy=folder.strategy(s, lang), share=share(part))
        for s, part in found["shares"].items()
    ]
    if shares:
        said.append(t("aims.shares", lang, strategies=joint.join(shares)))
    return " ".join(said)


def weighed(folder: Folder, lang: Lang) -> str:
    """Which strategy falls least short under the weights that the user named."""
    found = folder.aims.get("weights")
    if not found or not found["regret"]:
        return ""
    given = t("word.comma", lang).join(
        f"{_weighed(name, folder, lang)} {plain(weight)}" for name, weight in found["given"].items()
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


def _weighed(name: str, folder: Folder, lang: Lang) -> str:
    """A group, a kind of aims or an aim in words."""
    known = texts("comity.registry")
    for key in (f"aim.group.{name}", f"aim.kind.{name}.label"):
        if key in known:
            return known[key][lang]
    labels = {aim["name"]: aim["label"] for aim in folder.aims["list"]}
    return pick(labels.get(name, name), lang)


def changing(folder: Folder, lang: Lang) -> list[str]:
    """What would change the answer: what decides, where it fails, what weights say otherwise."""
    found = trades(folder, lang) if folder.aims else []
    lead = words.lead(folder, lang)
    found += [] if lead == t("drivers.none", lang) else [lead]
    found += [words.failure(folder, lang), *words.boxes(folder, lang)[:1]]
    return [*(one for one in found if one), *filter(None, [weighed(folder, lang)])]
