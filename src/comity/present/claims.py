"""The page of claims: a card for each, two languages, no script and no outside address."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from comity.core.whole import make_folder, write_json, write_text
from comity.present.i18n import LANGS, Lang, has, pick, t
from comity.present.numbers import NO_FIGURE, plain, share
from comity.present.pages import environment, style
from comity.registry.sizes import magnitude

WIDTH, HEIGHT, MARGIN = 320, 58, 10
COLOURS = {
    "supported": "#0f7b5f",
    "contradicted": "#a63d2f",
    "negligible": "#59636e",
    "mixed": "#8a6a00",
    "undetermined": "#8a6a00",
    "not_testable": "#59636e",
    "awaiting": "#59636e",
}


def write(folder: Path, sheet: dict[str, Any]) -> Path:
    """Write ``claims.html`` and ``claims.json`` into a folder and return the page's path.

    Parameters
    ----------
    folder
        Made where it does not exist.
    sheet
        Plain values of `comity.claims.sheet.sheet`.
    """
    make_folder(folder)
    write_json(folder / "claims.json", sheet)
    write_text(folder / "claims.html", render(sheet))
    return folder / "claims.html"


def render(sheet: dict[str, Any]) -> str:
    """Return the page as text; the same sheet gives the same bytes."""
    return (
        environment()
        .get_template("claims.html")
        .render(pages=[_page(sheet, lang) for lang in LANGS], style=style("claims.css"))
    )


def _page(sheet: dict[str, Any], lang: Lang) -> dict[str, Any]:
    return {
        "lang": lang,
        "t": partial(t, lang=lang),
        "pick": partial(pick, lang=lang),
        "sheet": sheet,
        "counts": [(word, n) for word, n in sheet["counts"].items() if n],
        "cards": {c["id"]: card(c, lang) for d in sheet["dossiers"] for c in d["claims"]},
    }


def card(claim: dict[str, Any], lang: Lang) -> dict[str, Any]:
    """Texts of one card."""
    figures = claim["figures"]
    return {
        "colour": COLOURS[claim["verdict"]],
        "verdict": t(f"claims.verdict_{claim['verdict']}", lang),
        "kind": t(f"claims.kind_{claim['kind']}", lang),
        "tested": tested(claim, lang),
        "sure": sure(claim, lang),
        "because": because(claim, lang),
        "strip": Markup(strip(claim, lang)) if figures else "",
        "change": change(claim, lang),
        "alternative": alternative(claim, lang),
        "links": [s for s in claim["sources"] if s["url"]],
        "parties": t("word.comma", lang).join(
            [*(pick(a, lang) for a in claim["actors"]), *claim["frameworks"]]
        ),
    }


def tested(claim: dict[str, Any], lang: Lang) -> str:
    """What was found, or compared, in a sentence."""
    if claim["arms"]:
        key = "claims.level" if claim["arms"]["without"] == "-" else "claims.compared"
        return t(key, lang, outcome=claim["outcome"], **_two(claim["arms"]))
    if claim["figures"]:
        return t("claims.found", lang, what=pick(claim["found"], lang), until=claim["until"])
    return ""


def _two(arms: dict[str, str]) -> dict[str, str]:
    return {"one": arms["with"], "other": arms["without"]}


def figure(value: float) -> str:
    """Three significant digits."""
    return plain(float(f"{value:.3g}"))


def sure(claim: dict[str, Any], lang: Lang) -> str:
    """Effect with its interval, and the share of draws that says what the verdict says."""
    figures = claim["figures"]
    if not figures:
        return ""
    size = magnitude(figures["size"], lang) if figures.get("size") else NO_FIGURE
    return t(
        "claims.sure",
        lang,
        size=size,
        effect=figure(figures["effect"]),
        low=figure(figures["low"]),
        high=figure(figures["high"]),
        unit=pick(claim["unit"], lang),
        smallest=plain(claim["smallest"]),
        beyond=share(figures["beyond"]),
        within=share(figures["within"]),
        against=share(figures["against"]),
    )


def because(claim: dict[str, Any], lang: Lang) -> str:
    """The numbers that decide, or how many figures the finding rests on."""
    if claim["drivers"]:
        named = t("word.comma", lang).join(
            f"{label(d['name'], lang)} {share(d['share'])} ({t('status.' + d['status'], lang)})"
            for d in claim["drivers"]
        )
        judged = share(claim["figures"]["judged_share"])
        return t("claims.drivers", lang, names=named, judged=judged)
    if claim["figures"]:
        sources = t("word.comma", lang).join(s["title"] for s in claim["sources"])
        return t("claims.rests", lang, count=claim["count"], sources=sources or "–")
    return ""


def label(key: str, lang: Lang) -> str:
    """Name of a number in words, where the catalogue has it."""
    short = key.rpartition(":")[2]
    for place in (f"parameter.{key}", f"uncertainty.{short}"):
        if has(place):
            return t(place, lang)
    return short.replace("_", " ")


def change(claim: dict[str, Any], lang: Lang) -> str:
    """What would change the verdict."""
    said = pick(claim["change"], lang)
    figures = claim["figures"]
    if figures:
        said = " ".join([t("claims.flip", lang, share=share(figures["flip"])), said]).strip()
        if figures["close"]:
            said = " ".join([t("claims.close", lang), said])
    return said


def alternative(claim: dict[str, Any], lang: Lang) -> str:
    """How the recommended way compares with the alternative."""
    if not claim["alternative"]:
        return ""
    figures = claim["alternative"]
    return t(
        "claims.alternative",
        lang,
        other=claim["arms"]["alternative"],
        verdict=t(f"claims.verdict_{figures['word']}", lang),
        effect=figure(figures["effect"]),
        low=figure(figures["low"]),
        high=figure(figures["high"]),
    )


def strip(claim: dict[str, Any], lang: Lang) -> str:
    """The effect on a line: mean and interval, with the band that is too small to matter."""
    figures, small = claim["figures"], claim["smallest"]
    values = [figures["low"], figures["high"], -small, small, 0.0]
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    low, high = low - 0.08 * span, high + 0.08 * span

    def x(value: float) -> float:
        return round(MARGIN + (value - low) / (high - low) * (WIDTH - 2 * MARGIN), 1)

    colour, middle = COLOURS[claim["verdict"]], 22
    band = (
        f'<rect x="{x(-small)}" y="8" width="{max(x(small) - x(-small), 1):.1f}" height="28" '
        'fill="#e6e9ed"/>'
    )
    ticks = "".join(
        f'<text x="{x(value)}" y="52" text-anchor="middle" font-size="11" fill="#59636e">'
        f"{figure(value)}</text>"
        for value in _ticks(figures, x)
    )
    said = t(
        "claims.strip",
        lang,
        effect=figure(figures["effect"]),
        low=figure(figures["low"]),
        high=figure(figures["high"]),
    )
    return (
        f'<svg class="strip" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}">{band}'
        f'<path d="M{x(0.0)} 4V40" stroke="#1b1f24" stroke-width="1"/>'
        f'<path d="M{x(figures["low"])} {middle}H{x(figures["high"])}" stroke="{colour}" '
        f'stroke-width="5" stroke-linecap="round"/>'
        f'<circle cx="{x(figures["effect"])}" cy="{middle}" r="6" fill="{colour}"/>{ticks}</svg>'
    )


def _ticks(figures: dict[str, Any], x: Any) -> list[float]:
    """Values to write below the line: none too close to one that stands already."""
    kept: list[float] = []
    for value in (0.0, figures["low"], figures["high"]):
        if all(abs(x(value) - x(other)) > 44 for other in kept):
            kept.append(value)
    return kept
