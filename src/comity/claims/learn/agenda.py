"""A research agenda: contested sentences ranked by what knowing them is worth against the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comity.claims.dossier import library_names, load
from comity.claims.learn import said
from comity.claims.learn.answers import Answer, patience
from comity.claims.learn.decision import PACKAGE
from comity.core.bibliography import papers_in, spelt
from comity.core.words import Lang, Text, say, words

SHORTEST = 1.0  # years: what is sooner counts as one


def years_of(answer: Answer) -> float:
    """Years until an effect of the size that counts is told, by the quickest way of the whole."""
    whole = [one.years for one in answer.ways if one.speaks == "whole"]
    return min([*whole, patience(answer.question, answer.waiting)])


def ranked(answers: Sequence[Answer]) -> list[Answer]:
    """In the order of worth over years; what is worth nothing follows, the quickest first.

    Worth is in smallest effects of interest of its aim, which alone makes aims comparable.
    """

    def place(answer: Answer) -> tuple[float, bool, float]:
        worth, years = answer.decided.times, max(years_of(answer), SHORTEST)
        return (-worth / years, answer.decided.verdict == "no_link", years)

    return sorted(answers, key=place)


def page(answers: Sequence[Answer], futures: int, lang: Lang) -> str:
    """The agenda as Markdown."""
    texts, order = words(PACKAGE, "agenda"), ranked(answers)
    head = [f"# {texts['title'][lang]}", say(texts["intro"], lang, futures=futures)]
    table = [f"## {texts['table.title'][lang]}", _table(order, lang), texts["table.note"][lang]]
    parts = [f"## {texts['each'][lang]}"]
    for place, answer in enumerate(order, 1):
        parts += [f"### {place}. {said.sentence(answer, lang)}", _body(answer, lang)]
    reports = [f"## {texts['reports.title'][lang]}", texts["reports.intro"][lang]]
    reports += [_report(name, order, lang) for name in library_names()]
    last = [f"## {texts['how.title'][lang]}", texts["how.text"][lang]]
    last += [f"## {texts['sources'][lang]}", _sources(order)]
    return "\n\n".join([*head, *table, *parts, *reports, *last]) + "\n"


def _table(order: Sequence[Answer], lang: Lang) -> str:
    texts = words(PACKAGE, "agenda")
    columns = ("place", "sentence", "estimate", "worth", "waiting", "instead")
    lines = [_row(texts[f"column.{name}"][lang] for name in columns), "|---|---|---|---|---|---|"]
    for place, answer in enumerate(order, 1):
        found = answer.waiting
        cells = (
            str(place),
            said.sentence(answer, lang),
            said.figure(answer),
            texts[f"worth.{answer.decided.verdict}"][lang],
            texts["no_estimate"][lang]
            if found is None
            else say(
                texts["both"],
                lang,
                own=said.years(found.more_own, lang),
                smallest=said.years(found.more_smallest, lang),
            ),
            said.best(answer, lang),
        )
        lines.append(_row(cells))
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _body(answer: Answer, lang: Lang) -> str:
    """What is known of a sentence, a line a part; designs as a list of their own."""
    texts, lines = words(PACKAGE, "agenda"), []
    for part, text in said.lines(answer, lang):
        head = say(texts["part"], lang, part=said.heading(part, lang))
        if part != "ways" or not answer.ways:
            lines.append(f"{head} {text}")
            continue
        lines.append(head)
        for one in answer.ways:
            rests = {"source": spelt(one.source), "status": texts[f"status.{one.status}"][lang]}
            lines.append(f"  - {say(texts['rests'], lang, way=said.way(one, lang), **rests)}")
    return "\n".join(lines)


def _report(name: str, order: Sequence[Answer], lang: Lang) -> str:
    """Which sentences a report leans on, with the claims that do, in the order of the ranking."""
    dossier = load(name)
    sayings: dict[str, Text] = {claim.id: claim.said for claim in dossier.claims}
    lines = [f"### {dossier.title[lang]}", ""]
    for place, answer in enumerate(order, 1):
        own = [one.split(":")[1] for one in answer.question.claims if one.split(":")[0] == name]
        if own:
            lines.append(f"- **{place}. {said.sentence(answer, lang)}**")
            lines += [f"  - {sayings[claim][lang]} ({claim})" for claim in own]
    return "\n".join(lines)


def _sources(order: Sequence[Answer]) -> str:
    """Works cited by the keys that the page uses, each once, in the order of the keys."""
    cited = [key for one in order for key in one.question.papers]
    cited += [design.source for one in order for design in one.ways]
    works = papers_in(" ".join(cited))
    return "\n".join(f"- {works[key]}" for key in sorted(works))
