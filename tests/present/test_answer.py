"""The first screen: a sentence, what moved, what did not, what cannot be said, one figure."""

import html
import io
import re
from dataclasses import replace

import pytest
from rich.console import Console
from synthetic_run import SAME, TINY, aims, gain, write

from comity.present import answer, lead, panels, plates, report, terminal
from comity.present.folder import Folder, read

NAMES = ["steady", "retaliate", "widen-cptpp", "de-risk-china"]
GOOD = gain(0.62, 0.2, 0.9, "large", "large", "better")
SOME = gain(0.21, 0.12, 0.3, "modest", "modest", "better")
BAD = gain(0.5, 0.3, 0.8, "modest", "modest", "worse")
OPEN = gain(2.0, -9.0, 14.0, "negligible", "modest", "either")


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Folder:
    return read(write(tmp_path_factory.mktemp("answer") / "run", futures=20))


def with_aims(folder: Folder, gains: dict) -> Folder:
    return replace(folder, judgement=folder.judgement | {"aims": aims(NAMES, gains)})


def test_a_folder_judged_before_there_were_aims_keeps_its_old_finding(plain, monkeypatch):
    assert answer.page(plain, "en") is None
    monkeypatch.setattr(plates, "PLATES", dict.fromkeys(plates.PLATES, lambda *_: None))
    text = report.render(plain, ("en",))
    assert "holds up best" in text and 'id="en-figure-aims"' not in text


def test_the_sentence_names_the_gain_its_money_and_what_it_costs(plain):
    run = with_aims(plain, {("consumption", "widen-cptpp"): GOOD, ("burden", "widen-cptpp"): BAD})
    said = lead.sentence(run, "en")
    assert said.startswith("Japan: “Widen the CPTPP” does most for real consumption (+0.62%")
    assert "US dollars per person and year" in said
    assert "but loses on burden (+0.50%, a modest loss)" in said
    assert "日本" in lead.sentence(run, "ja") and "CPTPPの拡大" in lead.sentence(run, "ja")


def test_what_the_scenario_asks_about_comes_first_where_nothing_moves_it(plain):
    run = with_aims(plain, {("burden", "retaliate"): SOME})
    assert "nothing that was tried moves real consumption" in lead.sentence(run, "en")
    cut = {("consumption", name): None for name in NAMES}
    run = with_aims(plain, cut | {("burden", "retaliate"): SOME})
    assert "nothing that was tried reaches real consumption" in lead.sentence(run, "en")


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ({}, "none of the 4 strategies tried moves any aim"),
        ({("burden", "retaliate"): TINY}, "none of the 4 strategies tried moves any aim"),
        ({("burden", "retaliate"): BAD}, "“Retaliate in kind” loses on burden"),
        ({("burden", "retaliate"): OPEN}, "cannot be said"),
    ],
)
def test_it_says_so_where_nothing_gains(plain, gains, said):
    assert said in lead.sentence(with_aims(plain, gains), "en")


def test_one_strategy_is_not_counted(plain):
    run = with_aims(plain, {})
    one = replace(run, run=run.run | {"strategies": run.run["strategies"][:1]})
    assert "the one strategy tried moves no aim by an amount" in lead.sentence(one, "en")
    assert "唯一の戦略" in lead.sentence(one, "ja")


def test_it_says_what_the_scenario_does_by_itself_whether_that_is_an_aim_or_not(plain):
    run = with_aims(plain, {("burden", "retaliate"): SOME})
    said = lead.sentence(run, "en")
    assert said.endswith(
        "The scenario alone: real consumption −0.41% [−0.90 to −0.10]: modest to large loss."
    )
    for aim in run.judgement["aims"]["list"]:
        aim["measures"] = ["another"]
    run.judgement["aims"]["objective"] = {"link": True, "smallest": 0.1} | TINY
    said = lead.sentence(run, "en")
    assert (
        "consumption, mean over the years (negligible; ranked by here, but no aim of Japan)" in said
    )
    for one in run.judgement["aims"]["shock"]:
        one["link"] = False
    assert "nothing in the model leads from it to an aim of Japan" in lead.sentence(run, "en")
    assert "日本の目標に至る経路はない" in lead.sentence(run, "ja")


def test_terminal_and_report_lead_with_one_sentence(plain):
    run = with_aims(plain, {("burden", "retaliate"): SOME})
    out = Console(width=100, record=True, file=io.StringIO())
    terminal.show(run, "en", out)
    said = " ".join(out.export_text().split())
    assert said.startswith(answer.page(run, "en")["headline"])
    assert "holds up best" not in said or "Ranked by" in said


def test_where_nothing_moves_there_is_nothing_to_beat(plain):
    run = with_aims(plain, {("burden", "retaliate"): TINY})
    assert answer.unbeaten(run, "en").endswith("so none beats another.")
    run = with_aims(plain, {("burden", "retaliate"): SOME})
    run.judgement["aims"]["pareto"]["shares"] = dict.fromkeys(NAMES, 1.0)
    assert "none beats another either" in answer.unbeaten(run, "en")


def test_few_futures_tell_no_range_of_an_aim(plain):
    run = with_aims(plain, {("burden", "retaliate"): SOME})
    run.judgement["aims"]["futures"] = 12
    rows = panels.drawn(run, "en")[0].rows
    assert rows and not any(row.within for row in rows)
    assert "[" not in lead.sentence(run, "en")


def test_what_moved_says_that_fewer_wars_are_no_gain_by_themselves(plain):
    run = with_aims(plain, {("burden", "retaliate"): SOME})
    run.judgement["aims"]["fewer_wars"] = [{"strategy": "retaliate", "rises": ["yields.korea"]}]
    assert answer.moved(run, "en")[-1].startswith("Fewer wars are no gain by themselves")
    assert "戦争が減ること自体は" in answer.moved(run, "ja")[-1]


def test_unbeaten_is_told_by_means_and_apart_from_that_by_futures(plain):
    run = with_aims(plain, {("burden", "retaliate"): SOME})
    run.judgement["aims"]["pareto"] = {"by_mean": ["steady"], "shares": {"steady": 0.38}}
    said = answer.unbeaten(run, "en")
    assert "nothing that was tried beats “Steady course”. Future by future:" in said
    assert "“Steady course” unbeaten in 38% of futures" in said


def test_what_is_only_shown_is_no_gain_to_lead_with(plain):
    run = with_aims(plain, {("burden", "retaliate"): SOME})
    assert "does most for burden" in lead.sentence(run, "en")
    for aim in run.judgement["aims"]["list"]:
        aim["ranked"] = aim["name"] != "burden"
    assert "does most for" not in lead.sentence(run, "en")


def test_moved_still_and_unsaid_share_the_aims_between_them(plain):
    cut = {("challenge.taiwan-strait", name): None for name in NAMES}
    run = with_aims(plain, cut | {("consumption", "widen-cptpp"): GOOD, ("burden", "steady"): TINY})
    moved = answer.moved(run, "en")
    assert moved[0].startswith("The scenario alone: real consumption −0.41")
    assert moved[1] == "Real consumption: “Widen the CPTPP” +0.62% (large gain, good anyway)"
    assert len(moved) == 2
    assert answer.still(run, "en") == [
        "Reached, but by less than the smallest effect of interest under every strategy: Burden."
    ]
    unsaid = answer.unsaid(run, "en")
    assert "No link in the model" in unsaid[0] and "Taiwan Strait" in unsaid[0]
    assert "Council deadlock" in unsaid[1] and len(unsaid) == 2


def test_a_strategy_without_moves_does_not_hide_that_there_is_no_link(plain):
    aim = "challenge.taiwan-strait"
    run = with_aims(plain, {(aim, name): None for name in NAMES[1:]})
    for cell in run.aims["cells"]:
        if (cell["aim"], cell["strategy"]) == (aim, "steady"):
            cell |= {"link": None, "gain": SAME}
    assert "No link in the model" in answer.unsaid(run, "en")[0]
    assert not any("Taiwan" in line for line in answer.still(run, "en"))
    quiet = {panel.name: row.said for panel, row in panels.quiet(run, "en")}
    assert quiet[aim] == "no link in the model"


def test_a_direction_that_is_not_settled_cannot_be_said(plain):
    run = with_aims(plain, {("challenge.taiwan-strait", "retaliate"): OPEN})
    assert any("not settled" in line and "Retaliate" in line for line in answer.unsaid(run, "en"))
    assert not any("Retaliate" in line for line in answer.moved(run, "en"))


def test_what_a_trade_asks_is_counted_in_smallest_effects(plain):
    run = with_aims(plain, {("consumption", "widen-cptpp"): SOME, ("burden", "widen-cptpp"): BAD})
    # A loss of five smallest effects for a gain of 2.1 of them.
    assert "at least 2.4 times as much as burden" in answer.trades(run, "en")[0]


def test_no_link_and_the_same_are_words_and_never_a_nought(plain):
    gains = {("consumption", "retaliate"): None, ("consumption", "widen-cptpp"): GOOD}
    panel = panels.drawn(with_aims(plain, gains), "en")[0]
    rows = {row.name: row for row in panel.rows}
    assert rows["Retaliate in kind"].said == "no link in the model"
    assert not rows["Retaliate in kind"].strip and not rows["Retaliate in kind"].figure
    assert rows["Steady course, De-risk from China"].said == "the same"
    assert rows["Widen the CPTPP"].figure == "+0.62"
    assert rows["Widen the CPTPP"].within == "0.20 to 0.90"


def test_aims_that_nothing_moves_stand_in_one_table_with_their_grade(plain, monkeypatch):
    cut = {("challenge.taiwan-strait", name): None for name in NAMES}
    run = with_aims(plain, cut | {("consumption", "widen-cptpp"): GOOD, ("burden", "steady"): TINY})
    quiet = {panel.name: (panel.grade, row.said) for panel, row in panels.quiet(run, "en")}
    assert quiet == {
        "challenge.taiwan-strait": ("C", "no link in the model"),
        "burden": ("A", "negligible"),
    }
    monkeypatch.setattr(plates, "PLATES", dict.fromkeys(plates.PLATES, lambda *_: None))
    page = html.unescape(report.render(run, ("en",)))
    figure = re.search(r'<figure id="en-figure-aims".*?</figure>', page, re.S).group(0)
    assert all(f"grade {grade}" in figure for grade in "ABC")
    assert "no link in the model" in figure and "Risk of a challenge: Taiwan Strait" in figure


def test_a_strip_draws_the_mean_between_the_ends_of_its_range():
    drawing = str(panels.strip(GOOD, 0.1, 1.0, "better"))
    low, high = map(float, re.search(r"M([\d.]+) 10H([\d.]+)", drawing).groups())
    mean = float(re.search(r'cx="([\d.]+)"', drawing).group(1))
    zero = float(re.search(r"M([\d.]+) 0V", drawing).group(1))
    assert zero == panels.WIDTH / 2 < low < mean < high < panels.WIDTH
    assert panels.TONES["better"] in drawing
    assert 'fill="#fff"' in str(panels.strip(OPEN, 5.0, 20.0, "either"))


def test_the_table_of_the_appendix_holds_every_pair_with_its_calm_twin(plain):
    run = with_aims(plain, {("consumption", "widen-cptpp"): GOOD})
    table = panels.table(run, "en")
    assert len(table.rows) == 3 * len(NAMES) == len(table.csv.splitlines()) - 1
    row = next(r for r in table.rows if r[:2] == ("Real consumption", "Widen the CPTPP"))
    assert row[2] == row[3] == "+0.62 [0.20…0.90]"
    assert row[4:6] == ("large gain", "good anyway")


def test_money_has_the_digits_of_its_interval():
    ends = {"usd": -93.3, "usd_low": -120.0, "usd_high": -60.0}
    own = {"local": -14048.2, "local_low": -17000.0, "local_high": -11000.0, "currency": "JPY"}
    assert panels.money({"money": ends | own}, "en") == (
        "−93 US dollars (−14,000 yen) per person and year"
    )
    assert panels.money({"money": ends}, "ja") == "1人当たり年−93米ドル"
    assert panels.money({"money": None}, "en") == ""


def test_the_same_is_not_moved():
    cell = {"link": True, "gain": SAME}
    assert panels.idle(cell) and not panels.matters(cell)
