"""Explanations are complete, and the page made from them is current."""

from pathlib import Path

import pytest

from comity.cli import explain
from comity.core.errors import BadInput
from comity.mechanisms.catalogue import CLASSES, all_parameters

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


def test_a_near_miss_gets_the_nearest_name():
    with pytest.raises(BadInput, match="did you mean .*elasticity"):
        explain.explain("elastisity")


def test_the_reference_page_is_current():
    page = (ROOT / "docs/reference/mechanisms.md").read_text(encoding="utf-8")
    assert page == explain.reference(), "write it anew: python -m comity.cli.explain > FILE"
