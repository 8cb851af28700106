"""The card of aims in words: what each strategy does for each aim, what nothing beats, regret.

Read from ``aims`` of ``judgement.json``; folders judged by earlier versions have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from comity.core.words import say, words
from comity.present.folder import Folder
from comity.present.i18n import Lang, pick, t
from comity.present.numbers import NO_FIGURE, decimals, interval, number, share
from comity.present.units import short_unit
from comity.registry.sizes import in_words, rule

if TYPE_CHECKING:
    from rich.table import Table

# Aims side by side on a terminal, at most; letters of a column of strategies, least of one of aims.
ABREAST, FIRST, LEAST = 4, 20, 14


def cell(gain: Mapping[str, Any], link: bool | None, lang: Lang) -> str:
    """A gain in words: no link, the same, its size alone where negligible, else with its figures.

    These are the mean and, where it is told, the range of 90 of 100 futures.
    """
    texts = words("comity.registry")
    if link is False:
        return texts["card.no_link"][lang]
    if gain["same"]:
        return texts["card.same"][lang]
    named = in_words(gain["size"], lang)
    if gain["size"] is None or gain["size"]["most"] == "negligible":
        return named
    places = decimals([gain["mean"], gain["low"], gain["high"]])
    ends = interval(gain.get("p5"), gain.get("p95"), places)
    span = "" if ends == NO_FIGURE else f" [{ends}]"
    return f"{number(gain['mean'], places, sign=True)}{span} {named}"


def tables(folder: Folder, lang: Lang, width: int = 100) -> Iterator[Table]:
    """Strategies by aims for a terminal of a width, as many aims side by side as it holds.

    Aims on which nothing has an effect of note have no column; `sentences` names them.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    aims = folder.aims
    if not aims:
        return
    texts, shown = words("comity.registry"), [a for a in _measured(aims) if _told(aims, a)]
    cells = {(c["aim"], c["strategy"]): c for c in aims["cells"]}
    alone = {one["aim"]: one for one in aims["shock"]}
    # What a column takes beside its letters: a blank between columns and one of padding.
    room = width - FIRST - 3
    many = max(min(ABREAST, len(shown), room // (LEAST + 2)), 1)
    for first in range(0, len(shown), many):
        abreast = shown[first : first + many]
        made = Table(
            box=box.SIMPLE_HEAD,
            padding=(0, 1, 0, 0),
            pad_edge=False,
            title_justify="left",
            caption_justify="left",
        )
        if first == 0:
            actor = folder.inside(lang)
            made.title = Text(say(texts["card.title"], lang, actor=actor))
        if first + many >= len(shown):
            made.caption = Text(say(texts["card.unit"], lang, rule=rule(lang)))
        made.add_column(Text(texts["card.strategy"][lang]), width=FIRST, overflow="fold")
        for aim in abreast:
            unit = t("word.comma", lang) + short_unit(aim["unit"], lang) if aim.get("unit") else ""
            heading = f"{pick(aim['label'], lang)}{unit} ({aim['grade']})"
            made.add_column(Text(heading), overflow="fold", max_width=max(room // many - 2, 4))
        rows = [(texts["card.shock"][lang], [alone[aim["name"]] for aim in abreast])]
        for name in _strategies(aims):
            own = [cells[aim["name"], name] for aim in abreast]
            gains = [one["gain"] | {"link": one["link"]} for one in own]
            rows.append((folder.strategy(name, lang), gains))
        for named, figures in rows:
            said = (cell(one, one["link"], lang) for one in figures)
            made.add_row(Text(named), *(Text(text) for text in said))
        yield made


def _told(aims: Mapping[str, Any], aim: Mapping[str, Any]) -> bool:
    """Whether the scenario or some strategy has an effect of note on an aim."""
    own = [one["gain"] for one in aims["cells"] if one["aim"] == aim["name"]]
    own += [one for one in aims["shock"] if one["aim"] == aim["name"]]
    return any(one["size"] and one["size"]["most"] != "negligible" for one in own)


def _strategies(aims: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(cell["strategy"] for cell in aims["cells"]))


def _measured(aims: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Aims that are measured, in order of the card."""
    there = {one["aim"] for one in aims["shock"]}
    return [aim for aim in aims["list"] if aim["name"] in there]


def sentences(folder: Folder, lang: Lang) -> list[str]:
    """What the two-by-two says, what nothing beats, what it is in money, what is not measured."""
    aims = folder.aims
    if not aims:
        return []
    found = [*_reactions(folder, aims, lang), *_unbeaten(folder, aims, lang)]
    found += [*_money(folder, aims, lang), *fewer_wars(folder, lang)]
    here = _measured(aims)
    quiet = [aim for aim in here if not _told(aims, aim)]
    cut_off = [
        aim
        for aim in quiet
        if not any(one["link"] for one in aims["cells"] if one["aim"] == aim["name"])
    ]
    texts = words("comity.registry")
    for key, some in (
        ("card.cut_off", cut_off),
        ("card.quiet", [aim for aim in quiet if aim not in cut_off]),
        ("card.absent", [aim for aim in aims["list"] if aim not in here and not _none_here(aim)]),
    ):
        if some:
            listed = texts["card.joint"][lang].join(pick(aim["label"], lang) for aim in some)
            found.append(say(texts[key], lang, aims=listed))
    return [*found, *none_here(folder, lang), *flatters(folder, lang)]


def _none_here(aim: Mapping[str, Any]) -> bool:
    """Whether an aim is none of this state's, and the card says why."""
    return aim["status"] == "not_modelled" and bool(aim.get("why"))


def none_here(folder: Folder, lang: Lang) -> list[str]:
    """Aims that are none of this state's, together by the reason; others may well have them."""
    joint, by = words("comity.registry")["card.joint"][lang], dict[str, list[str]]()
    for aim in filter(_none_here, folder.aims["list"]):
        by.setdefault(pick(aim["why"], lang), []).append(pick(aim["label"], lang))
    actor = folder.inside(lang)
    return [
        t("aims.no_own", lang, actor=actor, aims=joint.join(named), why=why)
        for why, named in by.items()
    ]


def flatters(folder: Folder, lang: Lang) -> list[str]:
    """That one sector overstates what a tariff wall brings, where the actor's tariffs are moved."""
    run = folder.run
    who = [
        t("word.quoted", lang, text=folder.strategy(one["name"], lang))
        for one in run["strategies"]
        if one.get("own_tariffs")
    ]
    if (run.get("scenario") or {}).get("own_tariffs"):
        who.insert(0, words("comity.registry")["card.itself"][lang])
    if not who:
        return []
    named, said = t("word.comma", lang).join(who), t("shock.flatters", lang)
    actor = folder.inside(lang)
    return [t("aims.flatters", lang, said=said, who=named, actor=actor)]


def fewer_wars(folder: Folder, lang: Lang) -> list[str]:
    """That fewer wars are no gain by themselves, where another bad end rises as wars fall."""
    texts, rising = words("comity.registry"), folder.aims.get("fewer_wars") or ()
    joint, by = texts["card.joint"][lang], {}
    for one in rising:
        name = one["strategy"]
        who = folder.strategy(name, lang) if name else texts["card.shock"][lang]
        by.setdefault(tuple(one["rises"]), []).append(who)
    said = [
        say(
            texts["card.fewer_wars_by"],
            lang,
            who=texts["card.joint"][lang].join(names),
            what=joint.join(folder.label(m, lang) for m in rises),
        )
        for rises, names in by.items()
    ]
    return [say(texts["card.fewer_wars"], lang, said=joint.join(said))] if said else []


def _reactions(folder: Folder, aims: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """By strategy: on which aims it is good anyway, answers the shock, and so on."""
    texts = words("comity.registry")
    labels = {aim["name"]: pick(aim["label"], lang) for aim in aims["list"]}
    joint, nothing = texts["card.joint"][lang], []
    for name in _strategies(aims):
        said: dict[str, list[str]] = {}
        for one in aims["cells"]:
            if one["strategy"] != name:
                continue
            if one["reacts"] not in (None, "no_effect"):
                said.setdefault(f"reacts.{one['reacts']}", []).append(labels[one["aim"]])
            elif any(_may_matter(one.get(arm), one["link"]) for arm in ("gain", "calm")):
                said.setdefault("card.unsettled", []).append(labels[one["aim"]])
        parts = [
            say(texts["card.reacted"], lang, what=texts[key][lang], aims=joint.join(on))
            for key, on in said.items()
        ]
        strategy = folder.strategy(name, lang)
        if parts:
            yield say(texts["card.reacts"], lang, strategy=strategy, said=joint.join(parts))
        else:
            nothing.append(strategy)
    if nothing:
        yield say(texts["card.none"], lang, names=joint.join(nothing))


def _unbeaten(folder: Folder, aims: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """What nothing beats by mean gains, how often each is unbeaten, and what beats the others."""
    texts, found = words("comity.registry"), aims["pareto"]
    joint = texts["card.joint"][lang]
    if not moves_any(folder):
        yield t("aims.none_moved", lang)
        return
    if len(found["by_mean"]) == len(folder.strategies) > 1:
        yield t("aims.all_unbeaten", lang)
        yield futures_apart(folder, lang)
        return
    names = [folder.strategy(name, lang) for name in found["by_mean"]]
    yield say(texts["card.unbeaten"], lang, names=joint.join(names))
    yield futures_apart(folder, lang)
    beaten: dict[str, list[str]] = {}
    for name, other in found["beaten_by"].items():
        beaten.setdefault(other, []).append(folder.strategy(name, lang))
    for other, those in beaten.items():
        by = folder.strategy(other, lang)
        yield say(texts["card.beaten"], lang, names=joint.join(those), other=by)


def _may_matter(gain: Mapping[str, Any] | None, link: bool | None) -> bool:
    """Whether an effect may be more than negligible: the rule of every word for sizes."""
    size = gain["size"] if gain and link is not False else None
    return bool(size) and size["most"] != "negligible"


def moves_any(folder: Folder) -> bool:
    """Whether some strategy may move an aim that is ranked by."""
    by = set(folder.aims["pareto"].get("aims") or [one["aim"] for one in folder.aims["cells"]])
    return any(
        _may_matter(one["gain"], one["link"]) for one in folder.aims["cells"] if one["aim"] in by
    )


def futures_apart(folder: Folder, lang: Lang) -> str:
    """In how many futures each strategy is unbeaten; in one sentence where all are in every one."""
    texts, shares = words("comity.registry"), folder.aims["pareto"]["shares"]
    if shares and all(part == 1.0 for part in shares.values()):
        return t("aims.every_future", lang)
    said = [
        say(texts["card.share"], lang, strategy=folder.strategy(name, lang), share=share(part))
        for name, part in shares.items()
    ]
    return (
        say(texts["card.shares"], lang, said=texts["card.joint"][lang].join(said)) if said else ""
    )


def _money(folder: Folder, aims: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """What the scenario and the strategies cost or bring per person and year, where it is told."""
    texts, said = words("comity.registry"), []
    alone = [one | {"gain": one, "strategy": None} for one in aims["shock"]]
    for one in (*alone, *aims["cells"]):
        size = one["gain"]["size"]
        if one.get("money") and size and size["most"] != "negligible" and one["link"] is not False:
            name = one["strategy"]
            title = folder.strategy(name, lang) if name else texts["card.shock"][lang]
            said.append(_amount(title, one["money"], lang))
    if said:
        yield say(texts["card.money"], lang, said=texts["card.joint"][lang].join(said))


def _amount(title: str, money: Mapping[str, Any], lang: Lang) -> str:
    """A gain in the state's own money and in dollars, to three digits; in dollars where alone."""
    texts = words("comity.registry")
    usd = f"{_digits(money['usd'])} USD"
    if money.get("currency") in (None, "USD"):
        return say(texts["card.money_usd"], lang, strategy=title, usd=usd)
    local = f"{_digits(money['local'])} {money['currency']}"
    return say(texts["card.money_of"], lang, strategy=title, local=local, usd=usd)


def _digits(value: float) -> str:
    rounded = float(f"{value:.3g}")
    return number(rounded, decimals([rounded]), sign=True)


def regret(folder: Folder, lang: Lang) -> Table | None:
    """Regret of the strategies under weights that a user named; None where none were."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    weights = (folder.judgement.get("aims") or {}).get("weights")
    if not weights:
        return None
    texts = words("comity.registry")
    given = texts["card.joint"][lang].join(f"{k}={v:g}" for k, v in weights["given"].items())
    made = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        title_justify="left",
        title=Text(say(texts["card.weights"], lang, given=given)),
    )
    for key in ("strategy", "regret", "interval", "p90", "best"):
        made.add_column(
            Text(texts[f"card.{key}"][lang]), justify="left" if key == "strategy" else "right"
        )
    places = decimals([row["mean"] for row in weights["regret"]])
    for row in weights["regret"]:
        span = f"{number(row['low'], places)}…{number(row['high'], places)}"
        cells = [folder.strategy(row["strategy"], lang), number(row["mean"], places), span]
        cells += [number(row["p90"], places), share(row["best"])]
        made.add_row(*(Text(text) for text in cells))
    return made
