"""The sentence that terminal and report lead with: what helps, at what cost, what the shock does.

One function for both, so that neither says something else first.
"""

from __future__ import annotations

from typing import Any

from comity.present import units
from comity.present.folder import Folder
from comity.present.i18n import Lang, pick, t
from comity.present.panels import (
    beyond,
    cells,
    matters,
    measured,
    money,
    places_of,
    shakes,
    shock,
    sized,
    within,
)

# So many aims in the sentence.
NAMED = 2
NEGLIGIBLE = "negligible"

Cell = dict[str, Any]


def sentence(folder: Folder, lang: Lang) -> str:
    """What helps most with which aim and what that costs; then what the scenario does by itself."""
    return headline(folder, lang) + itself(folder, lang)


def itself(folder: Folder, lang: Lang) -> str:
    """What the scenario alone does: to what it asks about, aim of the actor or not, and to aims."""
    actor, asked = folder.inside(lang), folder.objective["name"]
    aims = measured(folder)
    own = [aim for aim in aims if asked in aim["measures"]]
    shaken = [aim for aim in aims if shakes(aim, folder)]
    said = [] if own else [_no_aim(folder, actor, lang)]
    # What is settled first, then what was asked about.
    first = sorted(shaken, key=lambda aim: (not _settled(aim, folder), aim not in own))
    if own and own[0] not in shaken:
        alone = shock(own[0], folder)
        known = _said(alone, own[0], lang) if alone else ""
        one = t("aims.itself_one", lang, aim=inline(own[0], lang), said=known)
        said.append(one if known else "")
    for aim in first[:NAMED]:
        by = shaken_by(aim, folder, lang)
        said.append(t("aims.by_scenario", lang, aim=inline(aim, lang), said=by))
    if len(first) > NAMED:
        said.append(t("aims.itself_more", lang, count=len(first) - NAMED))
    if not shaken:
        found = [one for one in (shock(aim, folder) for aim in aims) if one]
        cut = bool(found) and all(one["link"] is False for one in found)
        said.append(t("aims.itself_cut" if cut else "aims.itself_none", lang, actor=actor))
    return t("aims.itself", lang, said=t("aims.joint", lang).join(one for one in said if one))


def _settled(aim: dict[str, Any], folder: Folder) -> bool:
    """Whether what the scenario does to an aim has a direction and a size that matters."""
    found = shock(aim, folder)
    return bool(found and found["size"]["way"] != "either" and found["size"]["least"] != NEGLIGIBLE)


def _no_aim(folder: Folder, actor: str, lang: Lang) -> str:
    """What the scenario does to the measure that is ranked by where that is no aim of the actor."""
    found, measure = folder.aims.get("objective"), folder.objective
    if not found:
        return ""
    label = folder.label(measure["name"], lang)
    aim = {"label": label, "unit": measure["unit"], "smallest": found.get("smallest") or 1.0}
    return t(
        "aims.no_aim", lang, measure=inline(aim, lang), said=_said(found, aim, lang), actor=actor
    )


def _said(found: dict[str, Any], aim: dict[str, Any], lang: Lang) -> str:
    """An effect of the scenario: no link, the same, its size where negligible, else figures."""
    if found["link"] is False:
        return t("word.no_link", lang)
    if found["same"]:
        return t("terminal.same", lang)
    if found["size"] and found["size"]["most"] == NEGLIGIBLE:
        return sized(found, lang)
    return _figures(found, aim, lang)


def shaken_by(aim: dict[str, Any], folder: Folder, lang: Lang) -> str:
    """What the scenario alone moves an aim by: mean with its unit, range, size."""
    found = shock(aim, folder)
    return _figures(found, aim, lang) if found else ""


def _figures(found: dict[str, Any], aim: dict[str, Any], lang: Lang) -> str:
    ends = within(found, places_of(aim, found), lang)
    figure = amount(aim, found, lang) + (f" [{ends}]" if ends else "")
    return t("aims.level", lang, figure=figure, size=sized(found, lang))


def headline(folder: Folder, lang: Lang) -> str:
    """One sentence: what was asked about, what helps most with which aim, and what that costs."""
    actor, asked = folder.state(folder.run["actor"], lang), _asked(folder, lang)
    gains = named(folder)
    costs = _leading(folder, "worse")
    if gains:
        joint = t("aims.joint", lang)
        said = joint.join(_gain(aim, cell, folder, lang) for aim, cell in gains)
        said = said if sure(gains[0][1]) else t("aims.maybe", lang) + said
    elif _any(folder, "either"):
        said = t("aims.unsure", lang)
    elif costs:
        said = t("aims.only_costs", lang, costs=_does(*costs[0], "aims.hurts", folder, lang))
    else:
        tried = len(folder.strategies)
        key = "aims.nothing" if tried > 1 else "aims.nothing_one"
        said, asked = t(key, lang, strategies=tried), ""
    return t("aims.headline", lang, actor=actor, said=asked + said)


def named(folder: Folder) -> list[tuple[dict[str, Any], Cell]]:
    """The gains that the sentence names; those that may be negligible where there are no others."""
    gains = _leading(folder, "better")
    return ([one for one in gains if sure(one[1])] or gains)[:NAMED]


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

    Of gains that do not differ by what matters, the one that loses least elsewhere.

    What is only shown, as the risk of war, is no gain to lead with unless the scenario asks for it.
    """
    found, asked = [], folder.objective["name"]
    for aim in measured(folder):
        if way == "better" and not aim.get("ranked", True) and asked not in aim["measures"]:
            continue
        some = [c for c in cells(folder, aim["name"]) if matters(c) and going(c) == way]
        if some:
            most = max(some, key=_size)
            alike = [c for c in some if _size(most) - _size(c) < aim["smallest"]]
            if way == "better":
                most = min(alike, key=lambda c: (len(losses(c["strategy"], folder)), -_size(c)))
            found.append((aim, most))
    return found


def _size(cell: Cell) -> float:
    return abs(float(cell["gain"]["mean"]))


def sure(cell: Cell) -> bool:
    """Whether an effect is more than negligible in nine of ten futures."""
    return cell["gain"]["size"]["least"] != NEGLIGIBLE


def going(cell: Cell) -> str:
    """Which way an effect goes: better, worse, either."""
    return cell["gain"]["size"]["way"]


def _any(folder: Folder, way: str) -> bool:
    return any(
        matters(c) and going(c) == way for a in measured(folder) for c in cells(folder, a["name"])
    )


def _gain(aim: dict[str, Any], cell: Cell, folder: Folder, lang: Lang) -> str:
    """What a strategy does for an aim, and on which others it loses."""
    worse = losses(cell["strategy"], folder)
    lost = t("aims.and", lang).join(figure(other, c, lang) for other, c in worse)
    said = _does(aim, cell, "aims.does", folder, lang)
    return said + (t("aims.price", lang, losses=lost) if worse else "")


def losses(strategy: str, folder: Folder) -> list[tuple[dict[str, Any], Cell]]:
    """Aims on which a strategy loses by an amount that matters."""
    return [
        (aim, c)
        for aim in measured(folder)
        for c in cells(folder, aim["name"])
        if c["strategy"] == strategy and matters(c) and going(c) == "worse"
    ]


def _does(aim: dict[str, Any], cell: Cell, key: str, folder: Folder, lang: Lang) -> str:
    strategy = folder.strategy(cell["strategy"], lang)
    return t(key, lang, strategy=strategy, what=figure(aim, cell, lang))


def figure(aim: dict[str, Any], cell: Cell, lang: Lang) -> str:
    """An aim with what it moves by, in its unit and in money, and how large that is."""
    gain, worth = cell["gain"], money(cell, lang)
    return t(
        "aims.figure",
        lang,
        aim=inline(aim, lang),
        figure=amount(aim, gain, lang),
        worth=t("aims.worth", lang, money=worth) if worth else "",
        size=sized(gain, lang),
    )


def amount(aim: dict[str, Any], gain: dict[str, Any], lang: Lang) -> str:
    """A mean gain with its unit; what follows a comma or a bracket in the unit is left out."""
    unit = units.short_unit(aim["unit"], lang)
    shown_unit = aim["unit"] if units.percent(aim["unit"]) else unit
    return units.amount(gain["mean"], shown_unit, lang, places_of(aim, gain), sign=True)
