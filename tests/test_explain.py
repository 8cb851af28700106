"""Explanations are complete, and the page made from them is current."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from comity.cli import explain
from comity.cli.glossary import CALLED, ONLY_IN_SENTENCES, plain
from comity.cli.main import app
from comity.core.errors import BadInput
from comity.core.parameters import book, every_book
from comity.core.words import LANGS, words
from comity.mechanisms.catalogue import CLASSES, all_parameters, levers
from comity.present.i18n import catalogue
from comity.trade.files import levers as trade_levers

ROOT = Path(__file__).parents[1]


def test_every_entry_says_what_and_where_and_the_files_exist():
    for name, found in explain.everything().items():
        assert found["what"], name
        named = [found[key] for key in ("file", "numbers_file", "made_by") if found.get(key)]
        assert found["tests"], name
        for path in (*named, *found["tests"]):
            assert (ROOT / path).is_file(), f"{name}: {path}"
        assert explain.in_words(found).startswith(found["name"])


def test_mechanisms_numbers_and_papers_are_there():
    for cls in CLASSES:
        found = explain.explain(cls.name)
        assert cls.reference in found["papers"]
    for p in all_parameters():
        found = explain.explain(p.key)
        assert found["source"] == p.source and found["grade"] == p.grade and found["papers"]


def test_the_tests_of_a_measure_or_lever_speak_of_it():
    """Measures by the first word of their name: the rest says of whom."""
    for found in explain.everything().values():
        name = found["name"].split("(")[0]
        texts = [(ROOT / path).read_text(encoding="utf-8") for path in found["tests"]]
        if found["kind"] == "outcome":
            assert any(name.split(".")[0] in text for text in texts), name
        if found["kind"] == "lever":
            assert any(name in text for text in texts), name
            # One test tries every lever of the year from its declaration.
            assert "levers()" in texts[-1] or name in texts[-1], name


def test_levers_of_trade_files_are_known_and_say_whose_they_are():
    for lever in trade_levers().values():
        found = explain.explain(lever.name)
        assert found["what"] == lever.sentence["en"]
        assert found["bounds"] == [lever.low, lever.high]
    assert explain.explain("capacity")["obeyed_by"] == ["comity trade"]
    assert "| agreement(a, b) |" in explain.reference()


def test_a_mechanism_says_which_levers_it_obeys_and_which_it_reads():
    for cls in CLASSES:
        found = explain.explain(cls.name)
        assert found["reads_levers"] == list(cls.levers)
        assert set(found["obeys"]) == {
            lever.name for lever in levers().values() if lever.obeyed_by == cls.name
        }
    assert explain.explain("sectors")["reads_levers"] == ["tariff", "barrier"]
    page = explain.reference()
    assert "Obeys the levers tariff, barrier." in page
    assert "Reads the levers tariff, barrier, which others obey. File `src/comity/mech" in page


def test_every_number_that_ships_is_known_by_its_key():
    for mechanism, file in every_book():
        for p in book(mechanism, file).values():
            found = explain.explain(p.key)
            assert found["value"] == p.value and found["file"].endswith(f"{mechanism}/{file}.toml")
    assert explain.explain("armament_reactions.rivals_response")["in_the_year"].startswith("no")


def test_what_is_empty_has_no_line():
    for found in explain.everything().values():
        assert not [line for line in explain.in_words(found).splitlines() if line.endswith(": ")]


LISTS = (("list",), ("trade", "--list"), ("replicate", "--list"))


@pytest.mark.parametrize("arguments", LISTS, ids=" ".join)
def test_every_name_that_a_list_prints_is_known(arguments):
    out = CliRunner().invoke(app, list(arguments)).stdout
    place = 1 if arguments == ("list",) else 0
    names = [line.split()[place] for line in out.splitlines()]
    assert len(names) > 3
    known = explain.everything()
    for name in names:
        found = known.get(name) or known[plain(name)]
        assert found["what"] and (ROOT / found["file"]).is_file(), name


def test_dossiers_tables_and_quantities_are_known():
    from comity.claims.dossier import library_names
    from comity.evidence.hindcasts.quantities import QUANTITIES

    tables = [one["name"] for one in explain._resources()]
    known = explain.everything()
    for name in (*library_names(), *QUANTITIES, *tables):
        assert known[plain(name)]["what"], name


# Every heading that a table of a report has, what a number's status is called, and the like.
HEADINGS = ("column.", "status.", "claims.verdict", "claims.kind_", "terminal.")
NO_HEADING = ("terminal.title", "terminal.measure", "terminal.noise", "terminal.failed")


@pytest.mark.parametrize("lang", LANGS)
def test_every_heading_of_a_report_is_explained(lang):
    known = explain.everything()
    for key, text in catalogue(lang).items():
        if key.startswith(HEADINGS) and key not in NO_HEADING and text != "#":
            found = known[plain(text)]
            assert found["what"], key
            assert found.get("what_ja") or found["kind"] != "word of the reports", key


@pytest.mark.parametrize(
    "name", ["regret", "grade", "satisficing", "prior", "future", "seed", "Mean regret", "REGRET "]
)
def test_words_of_the_reports_are_explained(name):
    found = explain.explain(name)
    assert found["kind"] == "word of the reports" and found["what"] and found["what_ja"]


def test_japanese_names_are_known():
    from comity.mechanisms.measured import outcomes

    for measure in outcomes("JPN", ("CHN", "USA"), ()):
        assert explain.explain(measure.label["ja"])["kind"] == "outcome"
    ja = catalogue("ja")
    assert explain.explain(ja["terminal.regret"])["name"] == "regret"
    assert explain.explain(ja["column.grade"])["name"] == "grade"
    assert explain.explain(ja["parameter.trade.elasticity"])["name"] == "trade.elasticity"
    title = explain.explain("tariff-wall")["what_ja"]
    assert explain.explain(title)["name"] == "tariff-wall"
    # The same letters in full width.
    wide = "".join(chr(ord(c) + 0xFEE0) for c in "regret")
    assert explain.explain(wide)["name"] == "regret"


def test_every_word_that_is_explained_is_one_that_reports_have():
    texts = {key for key in words("comity.cli") if key.startswith("term.")}
    assert texts == {f"term.{one}" for one in (*CALLED, *ONLY_IN_SENTENCES)}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Real consumption", "aim"),
        ("実質消費", "aim"),
        ("economy", "group of aims"),
        ("security", "group of aims"),
        ("安全保障", "group of aims"),
    ],
)
def test_aims_and_their_groups_are_explained(name, kind):
    found = explain.explain(name)
    assert found["kind"] == kind and "--weights" in found["what"]


def test_a_near_miss_gets_the_nearest_name():
    with pytest.raises(BadInput, match="did you mean .*elasticity"):
        explain.explain("elastisity")


def test_the_reference_page_is_current():
    page = (ROOT / "docs/reference/mechanisms.md").read_text(encoding="utf-8")
    assert page == explain.reference(), "write it anew: python -m comity.cli.explain > FILE"
