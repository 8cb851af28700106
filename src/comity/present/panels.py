"""The figure of the first screen: a panel an aim, in it a row a strategy, on one scale.

Panels are tables with a drawn strip in each row, so that they read at any width and aloud. A strip
holds the mean, the range of 90 of 100 futures, and the band that is too small to matter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from comity.core.words import words
from comity.present.folder import Folder
from comity.present.i18n import Lang, has, pick, t
from comity.present.numbers import (
    MINUS,
    NO_FIGURE,
    fine,
    finite,
    nice,
    plain,
    rounded,
    shown,
    spread,
)
from comity.present.tables import Table, csv
from comity.registry.sizes import in_words

WIDTH, HEIGHT, MARGIN = 130, 20, 5
# Of okabe2008color, as in the other figures; a hollow point adds what colour alone would say.
# More strategies than this of which the same is said are counted, not named.
NAMED = 2
# With more strategies than this those that do next to nothing share a row.
EVERY = 5
TONES = {"better": "#0072B2", "worse": "#D55E00", "either": "#59636e", "none": "#59636e"}
WANTED = {"higher": "aims.higher", "lower": "aims.lower"}
BAND, ZERO = "#e6e9ed", "#1b1f24"


@dataclass(frozen=True)
class Row:
    """One strategy in a panel. ``strip`` is empty where there is nothing to draw."""

    name: str
    strip: Markup
    figure: str
    within: str
    said: str
    way: str = "still"


@dataclass(frozen=True)
class Panel:
    """One aim: heading, what the scenario alone does, a row a strategy, the ends of the scale."""

    name: str
    label: str
    unit: str
    wanted: str
    grade: str
    smallest: str
    shock: str
    worth: bool
    rows: tuple[Row, ...]
    ends: tuple[str, str]


def measured(folder: Folder) -> list[dict[str, Any]]:
    """Aims that this run measures, in order of reading."""
    return [aim for aim in folder.aims.get("list", ()) if aim["status"] == "measured"]


def cells(folder: Folder, aim: str) -> list[dict[str, Any]]:
    """What each strategy does for an aim, in the order of the run."""
    found = {c["strategy"]: c for c in folder.aims["cells"] if c["aim"] == aim}
    return [found[name] for name in folder.strategies if name in found]


def unlinked(cell: dict[str, Any]) -> bool:
    """Whether no path leads from a strategy to an aim."""
    return cell["link"] is False


def beyond(mine: list[dict[str, Any]]) -> bool:
    """Whether no strategy that does anything has a path to an aim, of the cells of that aim.

    One without moves (``link`` None) neither has a path nor lacks one.
    """
    known = [cell["link"] for cell in mine if cell["link"] is not None]
    return bool(known) and not any(known)


def idle(cell: dict[str, Any]) -> bool:
    """Whether a strategy leaves an aim as it is: no path, or the same in every future."""
    return unlinked(cell) or bool(cell["gain"] and cell["gain"]["same"])


def matters(cell: dict[str, Any]) -> bool:
    """Whether an effect may be more than negligible."""
    size = None if idle(cell) else (cell["gain"] or {}).get("size")
    return bool(size) and size["most"] != "negligible"


def drawn(folder: Folder, lang: Lang) -> list[Panel]:
    """Panels of the aims that some strategy may move."""
    return [
        _panel(aim, mine, folder, lang)
        for aim in measured(folder)
        if any(map(matters, mine := cells(folder, aim["name"])))
    ]


def quiet(folder: Folder, lang: Lang) -> list[tuple[Panel, Row]]:
    """Aims that no strategy moves by an amount that matters, each with its largest effect."""
    found = []
    for aim in measured(folder):
        mine = cells(folder, aim["name"])
        if any(map(matters, mine)):
            continue
        live = [cell for cell in mine if not idle(cell) and cell["gain"]]
        panel = _panel(aim, live, folder, lang)
        if live:
            largest = max(live, key=lambda c: abs(finite(c["gain"]["mean"])))
            found.append((panel, row(largest, aim, scale(aim, live), folder, lang)))
        else:
            cut = beyond(mine)
            said = t("word.no_link" if cut else "terminal.same", lang)
            found.append((panel, Row("", Markup(""), "", "", said)))
    return found


def _panel(aim: dict[str, Any], mine: list[dict[str, Any]], folder: Folder, lang: Lang) -> Panel:
    limit = scale(aim, mine)
    edges = tuple(f"{sign}{plain(limit)}" for sign in (MINUS, "+"))
    return Panel(
        name=aim["name"],
        label=pick(aim["label"], lang),
        unit=pick(aim["unit"], lang),
        wanted=t(WANTED[aim["direction"]], lang),
        grade=aim["grade"],
        smallest=plain(aim["smallest"]),
        shock=alone(aim, folder, lang),
        worth=any(money(cell, lang) for cell in mine),
        rows=tuple(rows(mine, aim, limit, folder, lang)),
        ends=(edges[0], edges[1]),
    )


def alone(aim: dict[str, Any], folder: Folder, lang: Lang) -> str:
    """What the scenario alone does to an aim, against the same futures without it."""
    found = shock(aim, folder)
    if found is None:
        return ""
    if found["link"] is False:
        return t("word.no_link", lang)
    if found["same"]:
        return t("terminal.same", lang)
    if not shakes(aim, folder):
        return sized(found, lang)
    places = places_of(aim, found)
    figure, ends = shown(found["mean"], places, sign=True, finer=0), within(found, places, lang)
    figure += f" [{ends}]" if ends else ""
    return t("aims.level", lang, figure=figure, size=sized(found, lang))


def shakes(aim: dict[str, Any], folder: Folder) -> bool:
    """Whether the scenario alone may move an aim by more than a negligible amount."""
    found = shock(aim, folder)
    if found is None or found["link"] is False or found["same"] or not found["size"]:
        return False
    return found["size"]["most"] != "negligible"


def shock(aim: dict[str, Any], folder: Folder) -> dict[str, Any] | None:
    """What the scenario alone does to an aim; None where there is no figure."""
    found = next((s for s in folder.aims.get("shock") or () if s["aim"] == aim["name"]), None)
    return None if found is None or finite(found["mean"]) != finite(found["mean"]) else found


def scale(aim: dict[str, Any], mine: list[dict[str, Any]]) -> float:
    """End of the scale on either side of zero: a round number that holds all that is drawn."""
    ends = [aim["smallest"]]
    ends += [
        abs(x) for c in mine if c["gain"] for x in (finite(c["gain"][e]) for e in ("p5", "p95"))
    ]
    return nice(max(x for x in ends if x == x))


def rows(
    mine: list[dict[str, Any]], aim: dict[str, Any], limit: float, folder: Folder, lang: Lang
) -> list[Row]:
    """Rows of a panel: strategies that move an aim one by one, the others together."""
    live = [cell for cell in mine if not idle(cell) and cell["gain"]]
    small = [cell for cell in live if not matters(cell)] if len(mine) > EVERY else []
    found = [row(cell, aim, limit, folder, lang) for cell in live if cell not in small]
    found += _together(small, t("aims.negligible", lang), folder, lang)
    same = [cell for cell in mine if idle(cell) and not unlinked(cell)]
    found += _together(same, t("terminal.same", lang), folder, lang)
    found += _together([c for c in mine if unlinked(c)], t("word.no_link", lang), folder, lang)
    unsolved = [cell for cell in mine if not idle(cell) and not cell["gain"]]
    return found + _together(unsolved, t("aims.unsolved", lang), folder, lang)


def _together(some: list[dict[str, Any]], said: str, folder: Folder, lang: Lang) -> list[Row]:
    """One row for strategies of which the same is said; none where there are none."""
    if not some:
        return []
    names = t("word.comma", lang).join(folder.strategy(c["strategy"], lang) for c in some)
    if len(some) > NAMED:
        names = t("aims.others", lang, count=len(some))
    return [Row(names, Markup(""), "", "", said)]


def places_of(aim: dict[str, Any], gain: dict[str, Any]) -> int:
    """Decimals of a gain: those of its range, but none finer than a tenth of what matters."""
    coarse = 1 - math.floor(math.log10(aim["smallest"]))
    return min(fine([gain["mean"], gain["p5"], gain["p95"]]), max(coarse, 0))


def row(cell: dict[str, Any], aim: dict[str, Any], limit: float, folder: Folder, lang: Lang) -> Row:
    """One strategy's row."""
    name, gain = folder.strategy(cell["strategy"], lang), cell["gain"]
    if unlinked(cell):
        return Row(name, Markup(""), "", "", t("word.no_link", lang))
    if gain is None or finite(gain["mean"]) != finite(gain["mean"]):
        return Row(name, Markup(""), NO_FIGURE, "", t("aims.unsolved", lang))
    if gain["same"]:
        return Row(name, Markup(""), "", "", t("terminal.same", lang))
    way = gain["size"]["way"] if gain["size"] else "none"
    places, worth = places_of(aim, gain), coin(cell, lang) if matters(cell) else ""
    return Row(
        name=name,
        strip=strip(gain, aim["smallest"], limit, way),
        figure=shown(gain["mean"], places, sign=True, finer=0),
        within=within(gain, places, lang),
        said=t("word.part", lang).join(filter(None, [sized(gain, lang), worth])),
        way=way,
    )


def within(found: dict[str, Any], places: int, lang: Lang) -> str:
    """Range of 90 of 100 futures; empty where it is too narrow to be told with these decimals."""
    if finite(found["p5"]) != finite(found["p5"]):
        return ""
    low, high = (shown(found[end], places, finer=0) for end in ("p5", "p95"))
    return "" if low == high else t("scenario.range", lang, low=low, high=high)


def sized(found: dict[str, Any], lang: Lang) -> str:
    """How large an effect is, in the words that run, trade and claims share."""
    return in_words(found["size"], lang) if found["size"] else NO_FIGURE


def strip(gain: dict[str, Any], smallest: float, limit: float, way: str) -> Markup:
    """Mean and range on a scale from minus to plus ``limit``, with the band of no interest."""

    def x(value: float) -> float:
        inside = min(max(value, -limit), limit)
        return round(WIDTH / 2 + inside / limit * (WIDTH / 2 - MARGIN), 1)

    tone, middle = TONES[way], HEIGHT / 2
    low, high = (finite(gain[end]) for end in ("p5", "p95"))
    line = f'<path d="M{x(low)} {middle:g}H{x(high)}" stroke="{tone}" stroke-width="3"/>'
    fill = "#fff" if way in ("either", "none") else tone
    wide = max(x(smallest) - x(-smallest), 1.0)
    return Markup(
        f'<svg class="strip" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">'
        f'<rect x="{x(-smallest)}" y="0" width="{wide:.1f}" height="{HEIGHT}" fill="{BAND}"/>'
        f'<path d="M{x(0.0)} 0V{HEIGHT}" stroke="{ZERO}" stroke-width="1"/>'
        f"{line if low == low and high == high else ''}"
        f'<circle cx="{x(finite(gain["mean"]))}" cy="{middle:g}" r="4" fill="{fill}" '
        f'stroke="{tone}" stroke-width="2"/></svg>'
    )


def table(folder: Folder, lang: Lang) -> Table:
    """Every aim and strategy with all that is known of it, and the same as CSV."""
    shown_rows, plain_rows = [], []
    for aim in measured(folder):
        for cell in cells(folder, aim["name"]):
            known = None if unlinked(cell) else cell["gain"]
            calm = None if unlinked(cell) else cell.get("calm")
            said = row(cell, aim, scale(aim, [cell]), folder, lang).said
            verdict = cell.get("reacts")
            shown_rows.append(
                (
                    pick(aim["label"], lang),
                    folder.strategy(cell["strategy"], lang),
                    ""
                    if known is None or known["same"]
                    else spread(known["mean"], known["p5"], known["p95"], sign=True),
                    ""
                    if calm is None or calm["same"]
                    else spread(calm["mean"], calm["p5"], calm["p95"], sign=True),
                    sized(known, lang) if known and not known["same"] else said,
                    words("comity.registry")[f"reacts.{verdict}"][lang] if verdict else "",
                    "" if unlinked(cell) else coin(cell, lang),
                    aim["grade"],
                )
            )
            numbers = {key: (known or {}).get(key) for key in ("mean", "low", "high", "p5", "p95")}
            held = {"aim": aim["name"], "strategy": cell["strategy"], "link": cell["link"]}
            plain_rows.append(held | numbers | {"reacts": verdict, "grade": aim["grade"]})
    heads = ("aim", "strategy", "with", "without", "size", "verdict", "worth", "grade")
    return Table(
        headings=tuple(t(f"aims.column_{head}", lang) for head in heads),
        rows=tuple(shown_rows),
        numeric=(False, False, True, True, False, False, False, False),
        csv=csv(pd.DataFrame(plain_rows)),
    )


def coin(cell: dict[str, Any], lang: Lang) -> str:
    """A gain in the actor's currency alone, where a heading says how it is meant."""
    found = cell.get("money")
    if not found or finite(found["usd"]) != finite(found["usd"]):
        return ""
    code = str(found.get("currency") or "USD")
    key = "usd" if finite(found.get("local")) != finite(found.get("local")) else "local"
    ends = (found[key], found.get(f"{key}_low"), found.get(f"{key}_high"))
    return coins(*ends, "USD" if key == "usd" else code, lang)


def money(cell: dict[str, Any], lang: Lang) -> str:
    """A gain in dollars and in the actor's currency, per person and year; empty where not given."""
    found = cell.get("money")
    if not found or finite(found["usd"]) != finite(found["usd"]):
        return ""
    code = str(found.get("currency") or "")
    dollars = coins(found["usd"], found.get("usd_low"), found.get("usd_high"), "USD", lang)
    if code in ("", "USD") or finite(found.get("local")) != finite(found.get("local")):
        return t("aims.money", lang, amount=dollars)
    own = coins(found["local"], found.get("local_low"), found.get("local_high"), code, lang)
    return t("aims.money_both", lang, amount=dollars, own=own)


def coins(value: object, low: object, high: object, currency: str, lang: Lang) -> str:
    """An amount of money with its currency, with no more digits than its interval bears."""
    ends = [value, low, high]
    figure = shown(rounded(value, ends), fine(ends), sign=True)
    key = f"currency.{currency}"
    if not has(key):
        return t("aims.amount", lang, figure=figure, currency=currency)
    return t(key, lang, figure=figure)
