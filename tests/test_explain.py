"""Explanations are complete, and the page made from them is current."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from comity.cli import explain
from comity.cli.glossary import CALLED, ONLY_IN_SENTENCES, plain
from comity.cli.main import app
from comity.core.errors import BadInput
from comity.core.words import LANGS, words
from comity.mechanisms.catalogue import CLASSES, all_parameters
from comity.present.i18n import catalogue

ROOT = Path(__file__).parents[1]


def test_every_entry_says_what_and_where_and_the_files_exist():
    for name, found in explain.everything().items():
        assert found["what"], name
        for key in ("file", "numbers_file", "test", "made_by"):
            if found.get(key):
                assert (ROOT / found[key]).is_file(), f"{name}: {found[key]}"
        assert explain.in_words(found).startswith(found["name"])


def test_mechanisms_numbers_and_papers_are_there():
    for cls in CLASSES:
        found = explain.explain(cls.name)
        assert cls.reference in found["papers"]
    for p in all_parameters():
        found = explain.explain(p.key)
        assert found["source"] == p.source and found["grade"] == p.grade and found["papers"]


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


def test_a_near_miss_gets_the_nearest_name():
    with pytest.raises(BadInput, match="did you mean .*elasticity"):
        explain.explain("elastisity")


def test_the_reference_page_is_current():
    page = (ROOT / "docs/reference/mechanisms.md").read_text(encoding="utf-8")
    assert page == explain.reference(), "write it anew: python -m comity.cli.explain > FILE"
