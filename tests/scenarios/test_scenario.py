import csv
import datetime
import math
import os
from dataclasses import replace
from pathlib import Path

import pytest
from bad_inputs import BASE
from hypothesis import given
from hypothesis import strategies as st
from words import WORDS

from comity.core.errors import BadInput
from comity.files.documents import from_bytes, read
from comity.files.shapes import as_date, year_days
from comity.scenarios.moves import Move, conflicts, fraction_in_year
from comity.scenarios.scenario import library_names, load_scenario, locate, parse_scenario
from comity.study.laboratory import vocabulary

REAL = vocabulary()


def scenario(text: str):
    return parse_scenario(from_bytes(text.encode(), "f.yaml"), WORDS)


def with_moves(*lines: str) -> str:
    return BASE[: BASE.index("moves:")] + "moves:\n" + "".join(f"  - {line}\n" for line in lines)


def move(**changes) -> Move:
    values = dict(
        lever="tariff",
        actors=("USA",),
        targets=("JPN",),
        framework=None,
        mode="add",
        value=0.1,
        start=2027.0,
        stop=math.inf,
        when={},
        scale=None,
        instrument="",
        event=None,
        source="s",
        judged=False,
        note="",
        where="f:1:1",
    )
    return Move(**(values | changes))


# Dates


def test_dates_become_fractions_of_their_year():
    assert as_date(2027) == 2027.0
    assert as_date("2025-07-02") == 2025 + 182 / 365
    assert as_date("2028-12-31") == 2028 + 365 / 366


@given(st.dates(datetime.date(2025, 1, 1), datetime.date(2034, 12, 31)), st.integers(1, 2000))
def test_shares_of_years_add_up_to_the_days_in_force(start, days):
    stop = start + datetime.timedelta(days=days)
    one = move(start=as_date(start.isoformat()), stop=as_date(stop.isoformat()))
    counted = sum(fraction_in_year(one, y) * year_days(y) for y in range(2025, 2042))
    assert counted == pytest.approx(days, abs=1e-6)


def test_share_of_a_year_of_an_open_move():
    one = move(start=as_date("2026-07-24"))
    assert fraction_in_year(one, 2025) == 0.0
    assert fraction_in_year(one, 2026) == pytest.approx((365 - 204) / 365)
    assert fraction_in_year(one, 2090) == 1.0


# What a file becomes


def test_parsed_values():
    found = scenario(
        BASE.replace("add: 0.25", "add: 0.25\n    when: {answer: nobody}\n    scale: size")
    )
    (one,) = found.moves
    assert (one.actors, one.targets) == (("USA",), ("JPN", "KOR"))
    assert (one.value, one.mode, one.start, one.stop) == (0.25, "add", 2027.0, math.inf)
    assert one.when == {"answer": ("nobody",)} and one.scale == "size"
    assert one.judged and one.source == "a case" and one.where == "f.yaml:18:5"
    answer, size = found.uncertainties
    assert answer.kind == "choice" and answer.choices == (("nobody", 0.5), ("everybody", 0.5))
    assert size.kind == "number" and (size.prior.low, size.prior.high) == (0.5, 1.0)
    assert found.title == {"en": "A wall", "ja": "A wall"}
    assert (found.first_year, found.last_year) == (2025, 2035)


@pytest.mark.parametrize(
    "written, ids",
    [
        ("EU", ("DEU", "FRA", "ITA")),
        ('"@EU"', ("DEU", "FRA", "ITA")),
        ("Japan", ("JPN",)),
        ("日本", ("JPN",)),
        ("[EU, JPN, DEU]", ("DEU", "FRA", "ITA", "JPN")),
    ],
)
def test_parties(written, ids):
    assert scenario(BASE.replace("[JPN, KOR]", written)).moves[0].targets == ids


def test_all_and_exceptions():
    everyone = scenario(BASE.replace("[JPN, KOR]", "ALL")).moves[0].targets
    assert len(everyone) == 196
    rest = scenario(BASE.replace("[JPN, KOR]", "ALL except [EU, USA]")).moves[0].targets
    assert set(everyone) - set(rest) == {"DEU", "FRA", "ITA", "USA"}


def test_groups_build_on_groups():
    text = BASE.replace("uncertainties:", "groups:\n  a: [JPN, KOR]\n  b: [a, EU]\nuncertainties:")
    assert scenario(text.replace("[JPN, KOR]\n    add", "b\n    add")).moves[0].targets == (
        "DEU",
        "FRA",
        "ITA",
        "JPN",
        "KOR",
    )


def test_ambiguous_only_where_it_is():
    assert scenario(BASE.replace("[JPN, KOR]", "South Korea")).moves[0].targets == ("KOR",)


def test_moves_that_end_early_become_two():
    early = "add: 0.25\n    ends_early: {at: 2029-01-20, when: {answer: nobody}}"
    first, later = scenario(BASE.replace("add: 0.25", early)).moves
    assert (first.start, first.stop, first.when) == (2027.0, as_date("2029-01-20"), {})
    assert (later.start, later.stop) == (first.stop, math.inf)
    assert later.when == {"answer": ("everybody",)}


# Conflicts


def test_stacking_and_conflicts():
    def clash(*moves, symmetric=()):
        return len(conflicts(moves, symmetric))

    assert clash(move(), move()) == 1
    assert clash(move(), move(instrument="b")) == 0
    assert clash(move(), move(instrument="b", mode="set")) == 1
    assert clash(move(stop=2028.0), move(start=2028.0)) == 0
    assert clash(move(), move(targets=("KOR",))) == 0
    assert clash(move(), move(actors=("JPN",), targets=("USA",))) == 0
    one, other = {"a": ("x",)}, {"a": ("y",)}
    assert clash(move(when=one), move(when=other)) == 0
    assert clash(move(when=one), move(when=one)) == 1
    assert clash(move(when=one), move(when={"b": ("y",)})) == 1
    two_way = dict(lever="barrier")
    assert clash(move(**two_way), move(actors=("JPN",), targets=("USA",), **two_way)) == 0
    assert (
        clash(
            move(**two_way),
            move(actors=("JPN",), targets=("USA",), **two_way),
            symmetric={"barrier"},
        )
        == 1
    )


def test_a_state_with_itself_is_no_common_pair():
    both = move(actors=("JPN", "USA"), targets=("JPN", "KOR"))
    assert not conflicts([both, move(actors=("JPN",), targets=("JPN", "CHN"))])


# Inheritance


def test_child_takes_over_and_may_replace_a_doubt(tmp_path):
    (tmp_path / "parent.yaml").write_text(BASE, encoding="utf-8")
    child = (
        BASE.replace("name: wall", "name: child\nextends: parent.yaml")
        .replace("{nobody: 0.5, everybody: 0.5}", "{nobody: 0.9, everybody: 0.1}")
        .replace("[JPN, KOR]", "[FRA]")
    )
    (tmp_path / "child.yaml").write_text(child, encoding="utf-8")
    found = load_scenario(tmp_path / "child.yaml", WORDS)
    assert [m.targets for m in found.moves] == [("JPN", "KOR"), ("FRA",)]
    assert [u.name for u in found.uncertainties] == ["answer", "size"]
    assert found.uncertainties[0].choices[0] == ("nobody", 0.9)
    assert found.moves[0].where.endswith("parent.yaml:18:5")


def test_child_may_not_contradict_its_parent(tmp_path):
    (tmp_path / "parent.yaml").write_text(BASE, encoding="utf-8")
    child = BASE.replace("name: wall", "name: child\nextends: parent.yaml")
    (tmp_path / "child.yaml").write_text(child, encoding="utf-8")
    with pytest.raises(BadInput, match="repeats the one at .*parent.yaml:18:5"):
        load_scenario(tmp_path / "child.yaml", WORDS)


def test_circle_of_three_is_named(tmp_path):
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        text = BASE.replace("name: wall", f"name: {name}\nextends: {parent}.yaml")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="a.yaml -> b.yaml -> c.yaml -> a.yaml"):
        load_scenario(tmp_path / "a.yaml", WORDS)


def test_text_without_a_folder_extends_the_library_only():
    found = scenario(BASE.replace("name: wall", "name: wall\nextends: as-is"))
    assert len(found.moves) == 1
    with pytest.raises(BadInput, match="leads out of the folder"):
        scenario(BASE.replace("name: wall", "name: wall\nextends: x.yaml"))


# The library


@pytest.mark.parametrize("name", library_names("scenario"))
def test_library_scenarios_load_and_are_complete(name):
    found = load_scenario(name, replace(REAL, actor="JPN"))
    assert found.name == name and found.last_year == 2035
    for text in (found.title, found.question, found.summary):
        assert text["en"] and text["ja"] != text["en"]
    for doubt in found.uncertainties:
        assert doubt.meaning["ja"] != doubt.meaning["en"] and len(doubt.source) > 20
    moves = (*found.moves, *(rule.move for rule in found.rules))
    for one in moves:
        assert one.source
    used = {n for m in moves for n in m.when} | {m.scale for m in moves if m.scale}
    assert used == {doubt.name for doubt in found.uncertainties}


def test_the_library_holds_the_named_scenarios():
    assert set(library_names("scenario")) >= {"as-is", "america-first", "tariff-wall", "decoupling"}


def test_as_is_moves_nothing():
    assert load_scenario("as-is", REAL).moves == ()


@pytest.mark.skipif(
    not os.environ.get("COMITY_FACTS"), reason="COMITY_FACTS is not set: facts needed"
)
@pytest.mark.parametrize(
    "kind, name",
    [(kind, name) for kind in ("scenario", "strategy") for name in library_names(kind)],
)
def test_events_exist_and_dates_agree_or_a_note_says_why(kind, name):
    with (Path(os.environ["COMITY_FACTS"]) / "events.tsv").open(encoding="utf-8") as file:
        dates = {row["id"]: row["date"] for row in csv.DictReader(file, delimiter="\t")}
    for raw in read(locate(name, kind)).data.get("moves", []):
        if event := raw.get("event"):
            assert event in dates, raw
            assert dates[event] == str(raw["from"]) or raw.get("note"), raw


def added(found, importer: str, exporter: str, year: int, **branch: str) -> float:
    """Added tariff in a year with every drawn number at the middle of its range."""
    middle = {u.name: (u.prior.low + u.prior.high) / 2 for u in found.uncertainties if u.prior}
    return sum(
        m.value * fraction_in_year(m, year) * middle.get(m.scale, 1.0)
        for m in found.moves
        if m.lever == "tariff"
        and importer in m.actors
        and exporter in m.targets
        and all(branch[name] in options for name, options in m.when.items())
    )


# Points of added tariff that the duty proposed in June 2026 meant for a partner, at its rate then:
# Budget Lab at Yale, tariff-rate-tracker, note of 7 June 2026, section 3b.
TRACKED = {
    "reach_2026": {
        "DEU": (0.0308, 0.10),
        "FRA": (0.0466, 0.10),
        "ITA": (0.0500, 0.10),
        "CHN": (0.0555, 0.125),
        "VNM": (0.0613, 0.125),
        "IND": (0.0605, 0.125),
    },
    "reach_2026_low": {"JPN": (0.0308, 0.125), "GBR": (0.0274, 0.10), "BRA": (0.0342, 0.125)},
}


@pytest.mark.parametrize("name, partner", [(n, p) for n, rows in TRACKED.items() for p in rows])
def test_reach_of_2026_holds_what_trackers_measured(name, partner):
    found = load_scenario("america-first", REAL)
    (prior,) = [u.prior for u in found.uncertainties if u.name == name]
    points, rate = TRACKED[name][partner]
    assert prior.low < points / rate < prior.high
    (scale,) = {
        m.scale
        for m in found.moves
        if m.instrument == "section-301-labour" and partner in m.targets
    }
    assert scale == name


def test_america_first_branches():
    found = load_scenario("america-first", REAL)

    def rate(year, continuation, answers="nobody", importer="USA", exporter="JPN"):
        return added(found, importer, exporter, year, continuation=continuation, answers=answers)

    assert rate(2028, "continues") == rate(2028, "unwinds") > 0.05
    assert rate(2030, "unwinds") == 0.0
    assert rate(2030, "deepens") == pytest.approx(rate(2030, "continues") + 0.085)
    assert rate(2030, "deepens", "china", "CHN", "USA") > rate(
        2030, "deepens", "nobody", "CHN", "USA"
    )
    assert rate(2030, "deepens", "many", "DEU", "USA") == pytest.approx(0.085)
    assert rate(2025, "continues", importer="CHN", exporter="USA") > 0.05


def test_rates_of_2025_stack_as_the_law_says():
    found = load_scenario("america-first", REAL)
    day = as_date("2025-05-01")
    law = sum(
        m.value
        for m in found.moves
        if m.instrument in ("fentanyl", "reciprocal")
        and m.start <= day < m.stop
        and "CHN" in m.targets
        and "USA" in m.actors
    )
    assert law == pytest.approx(1.45)
    busan = as_date("2025-12-01")
    law = sum(
        m.value
        for m in found.moves
        if m.instrument in ("fentanyl", "reciprocal")
        and m.start <= busan < m.stop
        and "CHN" in m.targets
        and "USA" in m.actors
    )
    assert law == pytest.approx(0.20)


def test_sixty_economies_pay_the_duty_of_july_2026():
    found = load_scenario("america-first", REAL)
    covered = {s for m in found.moves if m.instrument == "section-301-labour" for s in m.targets}
    # Hong Kong is counted with China, the EU is one economy of 27 states.
    assert len(covered) - len(REAL.members["EU"]) + 1 == 59


def test_tariff_wall_hits_all_but_its_builder():
    found = load_scenario("tariff-wall", REAL)
    for partner in ("JPN", "CHN", "FJI", "TWN"):
        assert added(found, "USA", partner, 2027, retaliation="nobody") == 0.25
        assert added(found, "USA", partner, 2026, retaliation="nobody") == 0.0
    assert added(found, "JPN", "USA", 2030, retaliation="china") == 0.0
    assert added(found, "JPN", "USA", 2030, retaliation="everybody") == pytest.approx(0.1625)
    assert added(found, "CHN", "USA", 2030, retaliation="everybody") == pytest.approx(0.1625)


def test_decoupling_rises_step_by_step():
    found = load_scenario("decoupling", REAL)

    def height(a, year, allies):
        return sum(
            m.value * fraction_in_year(m, year)
            for m in found.moves
            if a in m.actors
            and "CHN" in m.targets
            and all(allies in options for options in m.when.values())
        )

    assert [height("USA", y, "alone") for y in range(2026, 2032)] == [0, 0.25, 0.5, 0.75, 1, 1]
    assert [height("JPN", y, "some") for y in range(2028, 2033)] == [0, 0.25, 0.25, 0.5, 0.5]
    assert height("KOR", 2035, "some") == 0 and height("KOR", 2035, "most") == 0.5
