"""A published figure is in one file, and what is compared with it is computed without it."""

import ast
import csv
import os
import re
from pathlib import Path

import pytest

from comity.evidence.replications import base
from comity.evidence.replications.base import Check, Ours, against_print, beside
from comity.evidence.replications.catalogue import REPLICATIONS

PACKAGE = Path(base.__file__).parents[2]
HERE = Path(base.__file__).parent
MODULES = sorted(HERE.glob("*.py"))
BY_NAME = {one.name: one for one in REPLICATIONS}


def figures() -> list[dict[str, str]]:
    with (HERE / "published.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_figures_are_numbers_each_once_of_a_replication():
    rows = figures()
    keys = [(row["replication"], row["what"]) for row in rows]
    assert len(set(keys)) == len(keys) > 400
    assert {name for name, _ in keys} <= set(BY_NAME)
    for row in rows:
        beside(row["what"], row["published"], 0)


def test_only_the_comparison_reads_the_file():
    """No other file names it, and none below the replications can import them (test_layers)."""
    named = [p for p in PACKAGE.rglob("*.py") if "published.csv" in p.read_text(encoding="utf-8")]
    assert named == [HERE / "base.py"]
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        taken = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("base")
            for alias in node.names
        }
        assert "published" not in taken and "_beside" not in taken, path.name


def test_no_compared_figure_is_written_in_code():
    """Figures of five digits and more: shorter ones are met by chance."""
    long = {
        text.lstrip("-")
        for row in figures()
        for text in [row["published"]]
        if len(re.sub(r"\D", "", text).lstrip("0")) >= 5 and "/" not in text
    }
    for path in PACKAGE.rglob("*.py"):
        numbers = set(re.findall(r"\d[\d_]*\.?\d*", path.read_text(encoding="utf-8")))
        both = long & {number.replace("_", "") for number in numbers}
        assert not both, (path, both)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_check_made_in_a_module_is_of_a_law_or_of_ours(path):
    """Its second argument is nil, one, or computed: never a number from a print."""
    if path.stem == "base":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Check":
            wanted = node.args[1]
            assert not (isinstance(wanted, ast.Name) and wanted.id.isupper()), ast.unparse(node)
            if isinstance(wanted, ast.Constant | ast.UnaryOp):
                assert ast.literal_eval(wanted) in (0.0, 1.0), ast.unparse(node)


def test_figures_are_read_when_ours_are_done(monkeypatch):
    order = []
    monkeypatch.setattr(base, "published", lambda: order.append("file") or {"x": {"a": "2"}})

    @against_print("x")
    def run():
        order.append("ours")
        return [Ours("a", 2.5, 1.0), Check("law", 0.0, 0.1, 1.0)]

    found = run()
    assert order == ["ours", "file"]
    assert [(c.what, c.published, c.ours, c.ok) for c in found] == [
        ("a", 2.0, 2.5, True),
        ("law", 0.0, 0.1, True),
    ]


def with_data(name):
    one = BY_NAME[name]
    missing = one.needs_data and not os.environ.get("COMITY_DATA")
    marks = [pytest.mark.skipif(missing, reason="COMITY_DATA is not set: raw data needed")]
    return pytest.param(one, marks=marks, id=name)


@pytest.mark.parametrize("one", [with_data(name) for name in BY_NAME])
def test_our_figures_do_not_move_with_the_published_ones(monkeypatch, one):
    """Every figure in the file is made wrong: ours still agree with the right ones."""
    if one.package:
        pytest.importorskip(one.package)
    right = base.published().get(one.name, {})
    off = {what: beside(what, text, 0).published + 1e6 for what, text in right.items()}
    wrong = {what: repr(value) for what, value in off.items()}
    monkeypatch.setattr(base, "published", lambda: {one.name: wrong})
    tolerance = {}
    real = base._beside

    def noted(name, ours):
        tolerance[ours.what] = ours.tolerance
        return real(name, ours)

    monkeypatch.setattr(base, "_beside", noted)
    checks = {check.what: check for check in one.run()}
    assert set(right) == set(tolerance)  # each figure is compared
    monkeypatch.undo()
    stated = any(check.stated for check in checks.values())
    honest = {check.what: check.ours for check in one.run()} if stated else {}
    for what, text in right.items():
        assert checks[what].published == float(wrong[what])
        if checks[what].stated:  # its misses are shown: ours is held to what it is without
            assert checks[what].ours == honest[what]
            continue
        within = tolerance[what]
        if within is None and "." not in text:
            within = 1e-12  # exact, but ours is a float by now
        assert beside(what, text, checks[what].ours, within).ok
