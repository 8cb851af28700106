"""The figure of the first screen: a panel an aim, in it a row a strategy, on one scale.

Panels are tables with a drawn strip in each row, so that they read at any width and aloud. A strip
holds the mean, the range of 90 of 100 futures, and the band that is too small to matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from comity.core.words import words
from comity.present.folder import Folder
from comity.present.i18n import Lang, has, pick, t
from comity.present.numbers import MINUS, NO_FIGURE, fine, finite, interval, nice, plain, shown
from comity.present.tables import Table, csv
from comity.registry.sizes import in_words

WIDTH, HEIGHT, MARGIN = 130, 20, 5
# Of okabe2008color, as in the other figures; a hollow point adds what colour alone would say.
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
    way: str


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


def idle(cell: dict[str, Any]) -> bool:
    """Whether a strategy leaves an aim as it is: no path, or the same in every future."""
    return unlinked(cell) or bool(cell["gain"] and cell["gain"]["same"])


def matters(cell: dict[str, Any]) -> bool:
    """Whether an effect may be more than negligible."""
    size = None if idle(cell) else (cell["gain"] or {}).get("size")
    return bool(size) and size["most"] != "negligible"


def drawn(folder: Folder, lang: Lang) -> list[Panel]:
    """Panels of the aims that any strategy reaches."""
    return [
        _panel(aim, mine, folder, lang)
        for aim in measured(folder)
        if not all(map(unlinked, mine := cells(folder, aim["name"])))
    ]


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
        rows=tuple(row(cell, aim, limit, folder, lang) for cell in mine),
        ends=(edges[0], edges[1]),
    )


def alone(aim: dict[str, Any], folder: Folder, lang: Lang) -> str:
    """What the scenario alone does to an aim, against the same futures without it."""
    found = next((s for s in folder.aims.get("shock") or () if s["aim"] == aim["name"]), None)
    if found is None or finite(found["mean"]) != finite(found["mean"]):
        return ""
    if found["link"] is False:
        return t("aims.no_link", lang)
    if found["same"]:
        return t("terminal.same", lang)
    return t("aims.level", lang, figure=ranged(found), size=sized(found, lang))


def scale(aim: dict[str, Any], mine: list[dict[str, Any]]) -> float:
    """End of the scale on either side of zero: a round number that holds all that is drawn."""
    ends = [aim["smallest"]]
    ends += [
        abs(x) for c in mine if c["gain"] for x in (finite(c["gain"][e]) for e in ("p5", "p95"))
    ]
    return nice(max(x for x in ends if x == x))


def row(cell: dict[str, Any], aim: dict[str, Any], limit: float, folder: Folder, lang: Lang) -> Row:
    """One strategy's row."""
    name, gain = folder.strategy(cell["strategy"], lang), cell["gain"]
    blank = Row(name, Markup(""), "", "", t("aims.no_link", lang), "none")
    if unlinked(cell):
        return blank
    if gain is None or finite(gain["mean"]) != finite(gain["mean"]):
        return Row(name, Markup(""), NO_FIGURE, "", t("aims.unsolved", lang), "none")
    if gain["same"]:
        return Row(name, Markup(""), "", "", t("terminal.same", lang), "none")
    way = gain["size"]["way"] if gain["size"] else "none"
    places = fine([gain["mean"], gain["p5"], gain["p95"]])
    return Row(
        name=name,
        strip=strip(gain, aim["smallest"], limit, way),
        figure=shown(gain["mean"], places, sign=True),
        within=interval(gain["p5"], gain["p95"], places),
        said=sized(gain, lang),
        way=way,
    )


def ranged(found: dict[str, Any]) -> str:
    """Mean with the range of 90 of 100 futures."""
    places = fine([found["mean"], found["p5"], found["p95"]])
    figure = shown(found["mean"], places, sign=True)
    return f"{figure} [{interval(found['p5'], found['p95'], places)}]"


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
                    "" if known is None or known["same"] else ranged(known),
                    "" if calm is None or calm["same"] else ranged(calm),
                    said,
                    words("comity.registry")[f"reacts.{verdict}"][lang] if verdict else "",
                    money(cell, lang),
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
    figure = shown(value, fine([value, low, high]), sign=True)
    key = f"currency.{currency}"
    if not has(key):
        return t("aims.amount", lang, figure=figure, currency=currency)
    return t(key, lang, figure=figure)
