"""The answer on the first screen: a sentence to repeat, what moved, what did not, what is open."""

from __future__ import annotations

from collections import Counter
from typing import Any

from comity.core.words import words as texts
from comity.present import aims_in_words, lead, panels, units, words
from comity.present.folder import Folder
from comity.present.i18n import Lang, pick, t
from comity.present.lead import Cell, amount, inline, losses, named, shaken_by
from comity.present.numbers import plain, share
from comity.present.panels import (
    beyond,
    cells,
    idle,
    matters,
    measured,
    sized,
    unlinked,
)

# So many strategies to an aim below the sentence.
LISTED = 2


def page(folder: Folder, lang: Lang) -> dict[str, Any] | None:
    """What the first screen shows; None in folders judged before there were aims."""
    if not folder.aims:
        return None
    actor = folder.inside(lang)
    return {
        "headline": lead.headline(folder, lang),
        "itself": lead.itself(folder, lang).strip(),
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


def trades(folder: Folder, lang: Lang) -> list[str]:
    """How much more a gain has to count than what it costs, for each gain that is named."""
    found = []
    for aim, cell in named(folder):
        worse = losses(cell["strategy"], folder)
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
    """What moved, aim by aim: the strategies that move it most, and how.

    What has no settled direction stands with what cannot be said.
    """
    alone = [
        t("aims.by_scenario", lang, aim=inline(aim, lang), said=shaken_by(aim, folder, lang))
        for aim in measured(folder)
        if panels.shakes(aim, folder) and not _open(panels.shock(aim, folder))
    ]
    found = [t("aims.scenario", lang, aims=t("aims.joint", lang).join(alone))] if alone else []
    for aim in measured(folder):
        mine = sorted(
            (c for c in cells(folder, aim["name"]) if matters(c) and not _open(c["gain"])),
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


def _open(gain: dict[str, Any] | None) -> bool:
    """Whether an effect may go either way."""
    return gain is not None and gain["size"]["way"] == "either"


def _unsettled(aim: dict[str, Any], folder: Folder, lang: Lang) -> list[str]:
    """The scenario, and strategies, whose effect on an aim may go either way."""
    alone = panels.shakes(aim, folder) and _open(panels.shock(aim, folder))
    return [t("aims.shock", lang)] * alone + [
        folder.strategy(c["strategy"], lang)
        for c in cells(folder, aim["name"])
        if matters(c) and _open(c["gain"])
    ]


def _moved(cell: Cell, aim: dict[str, Any], folder: Folder, lang: Lang) -> str:
    gain, said = cell["gain"], [sized(cell["gain"], lang), reaction(cell, lang)]
    return t(
        "aims.by",
        lang,
        strategy=folder.strategy(cell["strategy"], lang),
        figure=amount(aim, gain, lang),
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
        if (names := _unsettled(aim, folder, lang))
    ]
    if open_ways:
        found.append(t("aims.open", lang, aims=t("aims.joint", lang).join(open_ways)))
    own = aims_in_words.none_here(folder, lang)
    off = [aim for aim in folder.aims["list"] if aim["status"] == "not_in_run"]
    if off:
        found.append(t("aims.off", lang, aims=listed(off, lang)))
    return [*found, *own, *aims_in_words.flatters(folder, lang)]


def unbeaten(folder: Folder, lang: Lang) -> str:
    """What nothing beats by mean gains; apart from that, in how many futures each is unbeaten."""
    found, joint = folder.aims.get("pareto") or {}, t("word.comma", lang)
    named = [
        t("word.quoted", lang, text=folder.strategy(s, lang)) for s in found.get("by_mean", ())
    ]
    if not named or len(folder.strategies) < 2:
        return ""
    if not aims_in_words.moves_any(folder):
        return t("aims.none_moved", lang)
    key = "aims.all_unbeaten" if len(named) == len(folder.strategies) else "aims.unbeaten"
    said = [t(key, lang, strategies=joint.join(named))]
    shares = [
        t("aims.unbeaten_one", lang, strategy=folder.strategy(s, lang), share=share(part))
        for s, part in found["shares"].items()
    ]
    if shares and all(part == 1.0 for part in found["shares"].values()):
        said.append(t("aims.every_future", lang))
    elif shares:
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
