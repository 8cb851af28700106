"""Contested sentences: what is declared, what is simulated, what knowing is worth, what is said."""

import csv
import json
import os
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from comity.claims.dossier import library_names, load
from comity.claims.learn import agenda, answers, decision, said
from comity.claims.learn.answers import Way, answer, best_of, people
from comity.claims.learn.decision import PACKAGE, Decided, decide
from comity.claims.learn.questions import (
    Choice,
    Design,
    Estimate,
    Question,
    _question,
    estimate,
    question,
    questions,
)
from comity.core.bibliography import bibliography, short, spelt
from comity.core.errors import BadInput
from comity.core.parameters import book, every_book
from comity.core.words import LANGS, words
from comity.judge.reading import Run
from comity.models.statistics.power import Rare, formula, rejected

NAMES = [
    "troops-deter",
    "pacts-deter",
    "overlap-binds",
    "balance-deters",
    "aid-buys-votes",
    "small-for-universal",
    "agreements-raise-services",
    "checks-hold",
]
needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def test_eight_questions_with_words_claims_numbers_and_works():
    assert list(questions()) == NAMES
    texts, works = words(PACKAGE), bibliography()
    numbers = {p.key for where in every_book() for p in book(*where).values()}
    claims = {f"{name}:{claim.id}" for name in library_names() for claim in load(name).claims}
    for name, one in questions().items():
        for part in ("sentence", "estimate", "critics", "reason"):
            assert set(texts[f"question.{name}.{part}"]) == set(LANGS)
        if one.estimate is None:
            assert texts[f"question.{name}.missing"]
        assert bool(one.step) == (f"question.{name}.plain" in texts)
        assert set(one.numbers) <= numbers and set(one.papers) <= set(works)
        assert set(one.claims) <= claims and one.claims
        for design in one.designs:
            assert texts[f"design.{design.name}.what"]
            assert design.status in ("estimated", "published", "judged")
    every = {name.split(":")[0] for one in questions().values() for name in one.claims}
    assert every == set(library_names())


def test_an_unknown_question_names_the_nearest():
    with pytest.raises(BadInput, match="did you mean 'troops-deter'"):
        question("troops-deters")
    with pytest.raises(BadInput, match="there is no estimate"):
        estimate("votes_on_tea")


def test_estimates_are_those_of_the_claims_and_of_the_books():
    text = resources.files("comity.claims").joinpath("estimates.csv").read_text("utf-8")
    kept = {row["name"]: row for row in csv.DictReader(text.splitlines())}
    for name in ("challenges_on_major_pact", "small_on_universal"):
        own = estimate(name)
        assert own.value == pytest.approx(float(kept[name]["value"]), rel=1e-3)
        assert own.se == pytest.approx(float(kept[name]["se"]), rel=1e-3)
    # Five donors together lie between the least and the most of them.
    donors = [float(row["value"]) for name, row in kept.items() if name.startswith("aid_on_votes")]
    assert len(donors) == 5 and min(donors) < estimate("votes_on_aid").value < max(donors)
    overlap = book("commitment", "numbers")["overlap"]
    assert estimate("lapses_on_overlap").value == pytest.approx(overlap.value, abs=5e-4)
    # What the books print of troops and of the balance: within pairs, then across them.
    crises = book("crises", "numbers")
    for name, number in (
        ("challenges_on_troops", "troops"),
        ("challenges_on_balance_across", "balance"),
    ):
        own = estimate(name)
        assert f"{own.value:.3f} ({own.se:.3f})" in crises[number].source


@pytest.mark.parametrize("name", [n for n in NAMES if n != "agreements-raise-services"])
def test_the_record_in_hand_has_the_power_of_its_printed_error(name):
    own = question(name).estimate
    known = formula(own.value, own.se)
    slack = 0.02 if name != "checks-hold" else 0.05  # 29 acts that fell: the formula is rough
    assert rejected(own.model, own.years, own.value, draws=6000) == pytest.approx(known, abs=slack)
    size = rejected(own.model, own.years, 0.0, draws=6000)
    assert size == pytest.approx(0.05, abs=0.011) or (name == "checks-hold" and size < 0.05)


def test_respondents_by_hand():
    # 7.85 times the variances of two even arms, 0.5, over the square of five points, in each arm.
    assert people((0.5, 0.5), 0.05) == 2 * 1570
    assert people((0.45, 0.74), 0.05) == 2 * int(np.ceil(7.8489 * (0.2475 + 0.1924) / 0.0025))


def way(name, years, speaks="whole"):
    return Way(name, speaks, years, years, None, "simulated", "estimated", "")


def test_what_beats_waiting():
    whole, far, part = way("whole", 12.0), way("far", 400.0), way("part", 1.0, "part")
    assert best_of((far, part, whole), 100.0) is whole
    assert best_of((far, part), 500.0) is part
    assert best_of((far,), 500.0) is None  # sooner than waiting, but of no use to who asks today
    assert best_of((whole,), 5.0) is None
    assert best_of((way("less", 0.0, "less"),), 500.0) is None
    ready = way("ready", 0.0)
    assert best_of((ready,), 0.0) is None
    assert best_of((ready,), 0.0, frozenset({"ready"})) is ready
    # What is carried out already and asks for no further year stands beside the estimate.
    done = replace(ready, value=0.2, se=0.3)
    assert best_of((done,), 500.0, frozenset({"ready"})) is None


def asked(value=-0.2, smallest=0.1, decided=True, designs=()):
    """A question whose record of 50 years has a standard error of 0.1."""
    trait = np.linspace(-1, 1, 20)
    events = np.full(20, 100 / (50 * (trait**2).sum()))
    model = Rare(trait, events, value, 1.0)
    choice = Choice("as-is", "JPN", ("hold", "deepen")) if decided else None
    record = Estimate("made", value, 0.1, 1951, 2000, 99, model)
    numbers = ("crises.troops",) if decided else ()
    return Question(
        "troops-deter", record, smallest, -1.0, numbers, choice, designs, (), (), 0.693147
    )


def test_an_answer_put_together_by_hand():
    found = answer(asked(), Decided("no_link", None))
    # 2.8 errors are needed: (2.8016 / 2)^2 times 50 years at 0.2, four times that at 0.1.
    assert found.waiting.more_own == pytest.approx(98.1 - 50, rel=0.1)
    assert found.waiting.more_smallest == pytest.approx(392.4 - 50, rel=0.1)
    assert found.waiting.by_formula == pytest.approx(0.516, abs=1e-3)
    assert found.waiting.power == pytest.approx(0.516, abs=0.03)
    assert found.best is None and answers.counts(found.question) == 0.2
    design = Design("survey", "part", "judged", "", shares=(0.5, 0.5), smallest=0.05, years=1.0)
    beyond = Design("gravity", "whole", "published", "", error=0.1, record=50.0)
    found = answer(asked(designs=(design, beyond)), Decided("no_link", None))
    assert [one.respondents for one in found.ways] == [3140, None]
    assert (found.ways[0].value, found.ways[1].value) == (None, None)
    assert found.ways[1].years == pytest.approx(98.1 - 50, abs=0.1)
    assert found.best.name == "survey"


def test_an_effect_below_the_smallest_is_not_waited_for():
    found = answer(asked(value=-0.01, smallest=0.4), Decided("no_link", None))
    assert found.waiting.more_own > 1000 and found.waiting.more_smallest == 0.0
    assert answers.patience(found.question, found.waiting) == 0.0
    assert said.best(found, "en") == words(PACKAGE)["said.settled"]["en"]


def run(effect=1.0, futures=300, failed=0):
    """Two strategies whose lead hangs on crises.troops as far as ``effect`` says."""
    rng = np.random.default_rng(3)
    draws = pd.DataFrame(rng.uniform(0, 1, (futures, 2)), columns=["crises.troops", "luck"])
    lead = effect * (2 * draws["crises.troops"] - 0.8) + 0.05 * rng.standard_normal(futures)
    values = np.column_stack([np.zeros(futures), lead + (1 - effect)])
    values[:failed] = np.nan
    label, unit = {"en": "Income", "ja": "所得"}, {"en": "points, mean", "ja": "点、平均"}
    aim = {"name": "income", "kind": "own", "smallest": 0.5, "direction": "higher"}
    aim |= {"measures": ["income"], "ranked": True, "status": "measured"}
    titles = {"hold": {"en": "Hold", "ja": "維持"}, "deepen": {"en": "Deepen", "ja": "深化"}}
    record = {
        "measures": [{"name": "income", "direction": "higher", "label": label, "unit": unit}],
        "strategies": [{"name": n, "title": title} for n, title in titles.items()],
        "aims": [aim | {"label": label, "unit": unit}],
        "scenario": {"title": {"en": "A test", "ja": "試験"}},
        "money": None,
    }
    return Run(record, "income", "higher", (), ("hold", "deepen"), {"income": values}, {}, draws)


def decided(made, **changes):
    one = replace(asked(), **changes)
    return decide(one, {one.decision: made} if one.decision else {})


def test_what_knowing_is_worth_for_a_choice():
    found = decided(run())
    # E max(0, 0.8 - 2u) over a uniform u is 0.16, less than the smallest effect of 0.5.
    assert found.verdict == "little" and found.value == pytest.approx(0.16, abs=0.03)
    assert found.times == pytest.approx(found.value / 0.5)
    assert (found.best["en"], found.to["en"]) == ("Deepen", "Hold")
    text = decision.said(found, "en")
    assert all(part in text for part in ("Japan", "too little to matter", "“Income” (points)"))
    assert "where 0.5 points is the least that matters" in text
    assert decided(run(futures=20)).verdict == "few"
    nothing = decided(run(effect=0.01))
    assert (nothing.verdict, nothing.value) == ("nothing", None)
    assert "not worth knowing for this choice" in decision.said(nothing, "en")
    for unlinked in (decided(run(), numbers=("crises.balance",)), decided(run(), decision=None)):
        assert (unlinked.verdict, unlinked.value) == ("no_link", None)
        assert "o link" in decision.said(unlinked, "en")


def test_the_agenda_ranks_by_worth_against_time_and_cites_no_keys():
    least = Decided("no_link", None)
    worth = decided(run())
    slow = replace(
        answer(asked(smallest=0.2), worth), question=replace(asked(), name="pacts-deter")
    )
    fast = answer(asked(value=-0.4), worth)
    known = answer(replace(asked(value=-0.4), name="aid-buys-votes", step=None), least)
    assert agenda.ranked([known, slow, fast]) == [fast, slow, known]
    for lang in LANGS:
        page = agenda.page([known, slow, fast], 300, lang)
        table = [line for line in page.splitlines() if line.startswith("| ")]
        assert len(table) == 4 and table[1].startswith("| 1 | ")
        assert not [key for key in bibliography() if key in page]
        assert all(load(name).title[lang] in page for name in library_names())
        assert words(PACKAGE)["question.troops-deter.critics"][lang] in page


@pytest.fixture(scope="module")
def bare():
    """Every question answered, without its other designs and without a run."""
    known = (replace(question(name), designs=()) for name in NAMES)
    return [answer(one, Decided("no_link", None)) for one in known]


def test_the_page_that_ships_says_what_is_known_now(bare):
    page = (Path(__file__).parents[2] / "docs/explanation/agenda.md").read_text("utf-8")
    for found in bare:
        assert f"{said.sentence(found, 'en')}\n" in page
        assert said.estimate(found, "en") in page and said.waiting(found, "en") in page


def entry(**changes):
    """The entries of `questions.toml` for one question, changed."""
    made = {"smallest": 0.1, "for": "below", "numbers": [], "designs": [], "claims": []}
    made |= {"papers": [], **changes}
    table = {"decision": {"one": {"scenario": "as-is", "actor": "JPN", "strategies": ["steady"]}}}
    return made, table | {"design": {"d": {"speaks": "whole", "status": "judged", "source": "s"}}}


@pytest.mark.parametrize(
    ("changes", "fragment"),
    [
        ({"for": "beside"}, "use above or below"),
        ({"smallest": 0.0}, "not above 0"),
        ({"smallest": True}, "write a finite number"),
        ({"decision": "two"}, "there is no decision 'two'"),
        ({"designs": ["e"]}, "there is no design 'e'"),
        ({"designs": ["d"]}, "no variance"),
        ({"estimate": "votes_on_aids"}, "did you mean 'votes_on_aid'"),
        ({"weight": 1.0}, "has a key 'weight'"),
    ],
)
def test_a_mistake_in_the_file_is_one_message(changes, fragment):
    with pytest.raises(BadInput, match=fragment):
        _question("q", *entry(**changes))


def test_works_are_cited_by_author_and_year():
    assert short("johnson2011defense") == "Johnson and Leeds 2011"
    assert short("tomz2023how") == "Tomz et al. 2023"
    assert short("howell2003power") == "Howell 2003"
    assert spelt("see howell2003power, ch. 2; not1999akey") == "see Howell 2003, ch. 2; not1999akey"
    assert "oecd2023dac2a" not in spelt("oecd2023dac2a: a table")
    assert all(short(key) for key in bibliography())


def test_every_part_has_words_in_both_languages(bare):
    for found in bare:
        for lang in LANGS:
            parts = said.lines(found, lang)
            assert all(said.heading(part, lang) and text for part, text in parts)
            assert ("critics" in dict(parts)) == (found.question.estimate is not None)


def invoke(*arguments):
    from comity.cli.main import app

    return CliRunner().invoke(app, ["learn", *arguments])


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        ([], "name one question, or all of them"),
        (["troops-deter", "--all"], "one question is named, and all of them too"),
        (["--agenda", "agenda.md", "--futures", "29"], "29 futures are too few"),
        (["troop-deter"], "did you mean 'troops-deter'?"),
        (["--all", "--lang", "fr"], "use en or ja"),
        (["--agenda", "/nowhere/agenda.md"], "there is no folder /nowhere"),
        (["troops-deter", "--futures", "0"], "--futures 0 is out of range"),
    ],
)
def test_the_command_refuses_with_a_message(arguments, fragment):
    found = invoke(*arguments)
    assert isinstance(found.exception, BadInput) and found.exception.exit_code == 2
    assert fragment in str(found.exception)


def test_the_command_lists_answers_and_prints_json():
    assert [line.split()[0] for line in invoke("--list").stdout.splitlines()] == NAMES
    found = json.loads(invoke("aid-buys-votes", "--json").stdout)["questions"]
    keys = {"name", "estimate", "se", "years_for_80_power", "decision", "evppi", "unit"}
    assert len(found) == 1 and keys | {"best_design"} <= set(found[0])
    assert found[0]["verdict"] == "no_link" and found[0]["evppi"] is None
    assert found[0]["years_for_80_power_at_smallest"] == 0.0
    shown = invoke("aid-buys-votes", "--lang", "ja").stdout
    assert words(PACKAGE)["question.aid-buys-votes.sentence"]["ja"][:6] in shown


@pytest.mark.slow
@needs_data
def test_designs_made_anew_are_those_that_ship():
    from comity.claims.learn.designed import texts
    from comity.evidence.estimates.designs import every

    for made, file in zip(texts(every()), ("designs.csv", "points.csv"), strict=True):
        kept = resources.files(PACKAGE).joinpath(file).read_text("utf-8")
        for new, old in zip(made.splitlines(), kept.splitlines(), strict=True):
            for one, other in zip(new.split(","), old.split(","), strict=True):
                try:
                    assert float(one) == pytest.approx(float(other), rel=1e-4, abs=1e-9)
                except ValueError:
                    assert one == other
