"""Sentences say what the figures say, and say plainly when there is nothing to say."""

import json

import pytest
from rich.console import Console
from synthetic_run import write

from comity.present import frames, links, requirements, tables, terminal, words
from comity.present.folder import read


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "run", futures=60)


def change(path, name, edit):
    content = json.loads((path / name).read_text(encoding="utf-8"))
    edit(content)
    (path / name).write_text(json.dumps(content), encoding="utf-8")
    return read(path)


def pair(mean, low, high):
    return lambda j: j.update(
        paired=[
            {
                "strategy": "widen-cptpp",
                "against": "steady",
                "mean": mean,
                "low": low,
                "high": high,
                "share_better": 0.9,
            }
        ]
    )


def test_a_clear_lead_is_told_with_its_interval(folder):
    run = change(folder, "judgement.json", pair(0.11, 0.09, 0.13))
    said = words.comparison(run, "en")
    assert "“Widen the CPTPP” holds up best" in said
    assert "+0.110 percentage points (95% interval +0.090 to +0.130)" in said
    assert "90% of the futures" in said


def test_a_difference_within_noise_is_told_as_that(folder):
    run = change(folder, "judgement.json", pair(0.01, -0.02, 0.04))
    assert words.comparison(run, "en").startswith("No strategy clearly leads.")
    assert "誤差の範囲内" in words.comparison(run, "ja")


def test_an_exact_tie_is_told_as_a_tie_and_never_as_noise(folder):
    run = change(folder, "judgement.json", pair(0.0, 0.0, 0.0))
    said = words.comparison(run, "en")
    assert "the same in every future" in said and "noise" not in said
    assert "どの将来でも同じ" in words.comparison(run, "ja")
    shown = terminal.difference(run, "widen-cptpp", "steady", "en")
    assert shown == "the same" and terminal.difference(run, "widen-cptpp", "steady", "ja") == "同じ"


def unlink(*strategies):
    """Write into run.json that these strategies, and the scenario, reach nothing."""

    def edit(j):
        names = [m["name"] for m in j["measures"]]
        for one in (j["scenario"], *j["strategies"]):
            way = None if one.get("name") in (j["scenario"]["name"], *strategies) else ["tariff"]
            one["paths"] = dict.fromkeys(names, way)

    return edit


def nil(j):
    for row in j["summary"]:
        row.update(mean=0.0, median=0.0, low=0.0, p25=0.0, p75=0.0, high=0.0)
    for row in j["ranking"]:
        row.update(mean=0.0, worst=0.0)


def test_an_effect_that_is_nil_in_every_future_is_told_as_out_of_reach(folder):
    run = change(folder, "judgement.json", nil)
    assert "the same in every future" in words.effect(run, "en")
    run = change(folder, "run.json", unlink("steady"))
    assert "nothing that the scenario moves reaches it" in words.effect(run, "en")
    assert "0.0" not in words.effect(run, "ja")


def test_where_no_path_leads_every_table_says_so_and_never_nought(folder):
    change(folder, "judgement.json", nil)
    change(folder, "judgement.json", pair(0.0, 0.0, 0.0))
    run = change(folder, "run.json", unlink("steady", "widen-cptpp"))
    assert "cannot be told apart" in words.comparison(run, "en")
    assert "区別できない" in words.comparison(run, "ja")
    assert terminal.difference(run, "widen-cptpp", "steady", "en") == "no link"
    # What another strategy reaches tells it from one that reaches nothing.
    assert terminal.difference(run, "retaliate", "steady", "en") != "no link"
    for frame in (frames.ranking(run), frames.paired(run), frames.measures(run)):
        made = tables.table(frame, run, "en")
        own = [row for row in made.rows if {"Steady course", "Widen the CPTPP"} & set(row)]
        told = [row for row in own if "no link in the model" in row]
        assert told and not any("0.0" in row for row in told)
        assert "モデルに経路なし" in str(tables.table(frame, run, "ja").rows)


def test_strategies_without_a_link_are_named_unless_they_do_nothing(folder):
    def edit(j):
        unlink("steady", "widen-cptpp")(j)
        own = next(s for s in j["strategies"] if s["name"] == "widen-cptpp")
        own["paths"]["exposure.CHN"] = ["join", "agreements", "membership", "exposure.CHN"]

    run = change(folder, "run.json", edit)
    assert "leads from Widen the CPTPP to" in links.not_linked(run, "en")
    assert "Steady" not in links.not_linked(run, "en")
    assert links.chain(run, "widen-cptpp", "exposure.CHN", "en") == (
        "join → membership → Exposure to China, last year"
    )
    assert links.chain(run, "steady", "exposure.CHN", "en") == ""


def test_a_pair_is_found_whichever_way_round_it_is_held(folder):
    run = change(
        folder,
        "judgement.json",
        lambda j: j.update(
            paired=[
                {
                    "strategy": "steady",
                    "against": "widen-cptpp",
                    "mean": -0.2,
                    "low": -0.3,
                    "high": -0.1,
                    "share_better": 0.1,
                }
            ]
        ),
    )
    said = words.comparison(run, "en")
    assert "+0.20 percentage points (95% interval +0.10 to +0.30)" in said
    assert "better in" not in said


def test_a_small_lead_is_called_small(folder):
    run = change(folder, "judgement.json", pair(0.01, 0.009, 0.011))
    assert "small beside the spread" in words.comparison(run, "en")


def test_a_range_that_holds_zero_leaves_the_direction_open(folder):
    def widen(j):
        for row in j["summary"]:
            row.update(low=-0.4, high=0.3)

    assert "direction is not settled" in words.effect(change(folder, "judgement.json", widen), "en")
    assert "not settled" not in words.effect(read(write(folder.parent / "other", 60)), "en")


def test_few_futures_give_no_range(tmp_path):
    said = words.effect(read(write(tmp_path / "few", futures=1, strategies=1)), "en")
    assert "too few to give a range" in said and "90 of 100" not in said


def test_another_yardstick_that_names_another_strategy_is_told(folder):
    def dissent(j):
        for row in j["ranking"]:
            row["satisficing_share"] = 0.9 if row["strategy"] == "steady" else 0.4

    said = requirements.dissent(change(folder, "judgement.json", dissent), "en")
    assert "“Steady course”" in said and "90%" in said and "40%" in said


def test_several_that_meet_every_requirement_are_all_meant_and_what_is_missed_is_named(folder):
    def dissent(j):
        for row in j["ranking"]:
            row["satisficing_share"] = 0.4 if row["rank"] == 1 else 1.0
        bar = {"measure": "consumption.mean", "comparator": ">=", "threshold": -0.5}
        j["failure"]["missed"] = [bar | {"share": 0.6}]

    run = change(folder, "judgement.json", dissent)
    said = requirements.dissent(run, "en")
    assert "names others" in said and "meet every requirement in 100% of the futures" in said
    assert "at least −0.5% (in 60% of the futures)" in said
    assert "at least −0.5%" in words.failure(run, "en")


def test_what_is_too_small_to_matter_is_no_lead(folder):
    run = change(folder, "judgement.json", pair(0.02, 0.01, 0.03))
    said = words.comparison(run, "en")
    assert "the same for practical purposes" in said and "ranks first" not in said
    run = change(folder, "judgement.json", pair(0.01, -0.02, 0.04))
    assert "For practical purposes they are the same" in words.comparison(run, "en")


def test_an_unstable_ranking_is_told(folder):
    run = change(folder, "judgement.json", lambda j: j["stability"].update(tau_low=0.3))
    assert "0.30" in words.steadiness(run, "en")
    run = change(folder, "judgement.json", lambda j: j["stability"].update(tau_low=1.0))
    assert words.steadiness(run, "en") == ""


def test_the_failing_box_is_told_in_words_with_coverage_and_density(folder):
    (box,) = words.boxes(read(folder), "en")
    assert "“Trade elasticity” is at least 4.2" in box
    assert "“Course of United States tariffs after 2026” is deepens" in box
    assert "71% of the failures (coverage)" in box and "93% fail (density)" in box


def test_no_failure_is_no_proof(folder):
    run = change(folder, "judgement.json", lambda j: j["failure"].update(share=0.0))
    assert "no proof" in words.failure(run, "en")
    run = change(folder, "judgement.json", lambda j: j["failure"].update(share=None))
    assert "does not say" in words.failure(run, "en")


def test_judged_numbers_are_counted_over_parameters_and_uncertainties(folder):
    assert "draws on 4 numbers and uncertainties; judged, not measured: 2" in words.evidence(
        read(folder), "en"
    )


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_terminal_table_fits_eighty_columns_and_is_not_markup(folder, lang):
    run = change(folder, "run.json", lambda r: r["strategies"][0].update(title="[red]Steady[/red]"))
    console = Console(width=80, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    terminal.show(run, lang, console)
    said = console.export_text()
    assert "…\n" not in said
    assert "[red]" in said.replace("\n", "")
    console.file.close()


def selected(low, high, failed=12):
    """A judgement in which futures with a high elasticity were left out."""
    shift = {"value": (low + high) / 2, "low": low, "high": high}
    return lambda j: j.update(
        selection={
            "futures": 60,
            "failed": failed,
            "enough": True,
            "differs": [
                {"parameter": "trade.elasticity", "value": None}
                | {"kept": 3.9, "left_out": 6.1, "p": 0.001},
                {"parameter": "retaliation", "value": "all"}
                | {"kept": 0.25, "left_out": 0.5, "p": 0.01},
            ],
            "shifts": [
                {"strategy": "steady", "against": None} | shift,
                {"strategy": "widen-cptpp", "against": "steady"} | shift,
                {"strategy": "retaliate", "against": None} | shift,
            ],
        }
    )


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-2.0, -1.0, "lean to the high side"),
        (1.0, 2.0, "lean to the low side"),
        (-1.0, 1.0, "told"),
    ],
)
def test_the_finding_says_which_way_the_futures_left_out_bend_it(folder, low, high, said):
    found = change(folder, "judgement.json", selected(low, high))
    text = words.lean(found, "en")
    assert text.startswith("12 of 60 futures could not be solved")
    assert "Trade elasticity" in text and said in text
    assert text in " ".join(words.finding(found, "en"))
    assert words.lean(found, "ja").count("。") >= 2


def test_the_report_lists_how_the_futures_left_out_differ(folder):
    lines = words.left_out(change(folder, "judgement.json", selected(1.0, 2.0)), "en")
    assert lines[0] == "Trade elasticity: 6.1 on average in those left out, 3.9 in the others."
    assert lines[1].endswith("in 50% of those left out, in 25% of the others.")
    assert len(lines) == 3


def test_nothing_left_out_is_not_spoken_of(folder):
    whole = change(folder, "judgement.json", lambda j: j.pop("selection", None))
    assert words.lean(whole, "en") == "" and words.left_out(whole, "en") == []


def test_the_column_of_differences_names_what_it_is_against(folder):
    run = read(folder)
    for lang, said in (("en", "Against “Steady course”"), ("ja", "「現状維持」との差")):
        heading = terminal.table(run, lang).columns[-1].header
        assert str(heading).replace("\n", " ") == said
