"""The campaign of mutants: its changes are code, are drawn alike, and are noticed or not."""

import ast
from pathlib import Path

import pytest

from mutation.campaign import Covered, noticed, page
from mutation.changes import FOLDERS, all_changes, changes, sample
from mutation.replications import standing_on

ROOT = Path(__file__).parents[2]
SOURCE = '''"""Words -1 + 2."""
from typing import Literal
Alias = Literal["N"] | None
LIMIT = 0.5


def share(part: int, whole: int = 3) -> float:
    """Half of 1 + 1."""
    if part > whole or not whole:
        raise ValueError(f"{part + 1} is more")
    return min(part / whole, LIMIT)
'''
TEST = """import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent / "src" / "comity" / "models"))
from one import share


def test_share():
    assert share(1, 4) == 0.25 and share(2, 4) == 0.5 and share(4, 4) == 0.5
    with pytest.raises(ValueError):
        share(5, 4)
"""


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "src" / "comity" / "models" / "one.py"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE, encoding="utf-8")
    (tmp_path / "test_one.py").write_text(TEST, encoding="utf-8")
    return tmp_path, path


def test_changes_are_the_ones_that_matter(small):
    root, path = small
    made = {(one.kind, one.before, one.after) for one in changes(path, root)}
    assert made == {
        ("constant", "0.5", "0.75"),
        ("constant", "3", "4"),
        ("comparison", "part > whole", "(part >= whole)"),
        ("and or or", "part > whole or not whole", "(part > whole and (not whole))"),
        ("sign or not dropped", "not whole", "(whole)"),
        ("twin function", "min(part / whole, LIMIT)", "(max(part / whole, LIMIT))"),
        ("operator", "part / whole", "(part * whole)"),
    }


@pytest.mark.slow
def test_every_change_is_code_and_changes_it():
    population = all_changes(ROOT)
    assert {one.file.split("/")[2] for one in population} == set(FOLDERS)
    chosen = sample(population, 200, 1)
    assert chosen == sample(population, 200, 1) != sample(population, 200, 2)
    for one in chosen:
        source = (ROOT / one.file).read_text(encoding="utf-8")
        assert ast.dump(ast.parse(one.applied(source))) != ast.dump(ast.parse(source)), one


@pytest.mark.slow
def test_what_a_test_sees_is_noticed_and_what_none_sees_is_not(small):
    root, path = small
    ends = {}
    for one in changes(path, root):
        if one.before in ("part / whole", "3"):
            ends[one.before] = noticed(root, one, ["test_one.py::test_share"])
        assert path.read_text(encoding="utf-8") == SOURCE
    assert ends == {
        "part / whole": (True, "FAILED test_one.py::test_share"),
        "3": (False, "no test fails"),
    }
    chosen = [one for one in changes(path, root) if one.before in ends]
    text = page(chosen, [ends[one.before] for one in chosen], 7, 1.0)
    assert "noticed 1 (50 %)" in text and "| models/one.py:7 | `3` | `4` | no test fails |" in text


def test_the_shortest_tests_that_ran_the_line_come_first(small):
    root, path = small
    (one,) = [c for c in changes(path, root) if c.before == "3"]
    covered = Covered({(one.file, 7): ("long", "short"), (one.file, 9): ("other",)},
                      {"long": 3.0, "short": 0.1, "other": 1.0})  # fmt: skip
    assert covered.of(one) == ["short", "long"]
    assert Covered({(one.file, 9): ("other",)}, {}).of(one) == ["other"]
    assert Covered({}, {}).of(one) == []


def test_replications_that_stand_on_a_file():
    """At first hand, at second hand, and none where nothing compares with a print."""
    folder = "tests/evidence/replications/"
    assert f"{folder}test_leblang.py" in standing_on(
        ROOT, "src/comity/models/statistics/separation.py"
    )
    assert f"{folder}test_us_tariffs.py" in standing_on(
        ROOT, "src/comity/models/trade/tariff_income_tax.py"
    )
    assert standing_on(ROOT, "src/comity/models/people/growth_on_a_panel.py") == []
