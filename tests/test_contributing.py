"""The rows of CONTRIBUTING, tried: a toy lever, measure and mechanism are added and run."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from charm import MECHANISM, SCENARIO

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

ASK = """
import json
import comity as cm
made = cm.run("SCENARIO", actor="JPN", strategies="steady", futures=2)
table = made.outcomes[made.outcomes.measure == "charmed.final"]
acts = made.record["scenario"]["acts"]
print(json.dumps([table.groupby("strategy").value.max().to_dict(), acts[-1]["text"]["en"]]))
made.report()
"""


def row(thing):
    """Where new code of a kind goes, by the page."""
    (found,) = (line for line in PAGE.splitlines() if line.startswith(f"| {thing} |"))
    return found


def test_every_precedent_is_there():
    places = re.findall(r"\| `([\w/.-]+)`(?: and its table)? \|$", PAGE, re.MULTILINE)
    assert len(places) > 10
    for place in places:
        assert (ROOT / "src/comity" / place).exists(), place


def test_the_page_names_every_file_of_a_mechanism():
    assert set(re.findall(r"`(\w+\.(?:py|toml))`", row("a mechanism"))) == set(MECHANISM)
    for thing, file in (("a number", "numbers.toml"), ("a lever", "levers.toml")):
        assert file in row(thing) and "words.toml" in row(thing)
    assert "measures.py" in row("a measure") and "words.toml" in row("a measure")


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of package and tests to which the toy is added as the page says."""
    root = tmp_path_factory.mktemp("copied")
    dropped = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for part in ("src", "tests", "docs/reference"):
        shutil.copytree(ROOT / part, root / part, ignore=dropped)
    shutil.copy(ROOT / "pyproject.toml", root)
    folder = root / "src/comity/mechanisms/charm"
    folder.mkdir()
    for name, text in MECHANISM.items():
        (folder / name).write_text(text, encoding="utf-8")
    catalogue = root / "src/comity/mechanisms/catalogue.py"
    text = catalogue.read_text(encoding="utf-8")
    assert text.count('    "sectors": (),\n') == 1
    one_line = text.replace('    "sectors": (),\n', '    "sectors": (),\n    "charm": (),\n')
    catalogue.write_text(one_line, encoding="utf-8")
    own = '"""Of charm, its lever and its measure charmed.final."""\n\n\ndef test(): pass\n'
    (root / "tests/mechanisms/test_charm.py").write_text(own, encoding="utf-8")
    (root / "charming.yaml").write_text(SCENARIO, encoding="utf-8")
    return root


def called(root, *arguments):
    return subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": str(root / "src")},
        cwd=root,
        capture_output=True,
        text=True,
    )


@pytest.mark.slow
def test_a_toy_mechanism_with_number_lever_and_measure_runs(copied):
    done = called(copied, "-c", ASK.replace("SCENARIO", (copied / "charming.yaml").as_posix()))
    assert done.returncode == 0, done.stderr
    charm, act = json.loads(done.stdout.splitlines()[-1])
    # Half a point of effort in each of two years, two points of charm a point.
    assert charm == {"baseline": 0.0, "steady": 2.0}
    assert act == "Japan: charms by 0.5"


@pytest.mark.slow
def test_the_toy_conforms_and_explains_itself(copied):
    page = called(copied, "-m", "comity.cli.explain")
    assert page.returncode == 0, page.stderr
    (copied / "docs/reference/mechanisms.md").write_text(page.stdout, encoding="utf-8")
    files = ("tests/test_conformance.py", "tests/test_explain.py")
    wanted = ("-k", "charm or test_explain or test_every")
    done = called(copied, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files, *wanted)
    assert done.returncode == 0, done.stdout
    assert "charm" in page.stdout and " passed" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("measures.py", '"higher"', '"up"', "charm/measures.py:charmed.final: "),
        ("__init__.py", 'ClassVar[tuple[str, ...]] = ("charmed",)\n\n    rate', "", "`keeps`"),
        ("__init__.py", "* levers.charm", "* levers.charms", "charm/__init__.py:"),
    ],
)
def test_a_mistake_leaves_one_line_and_no_run_folder(copied, file, old, new, named):
    """Without the type checks of the tests; `tests/mechanisms/test_mistakes.py` has the others."""
    path = copied / "src/comity/mechanisms/charm" / file
    right, out = path.read_text(encoding="utf-8"), copied / "run"
    new = new or "ClassVar[tuple[str, ...]] = ()\n\n    rate"
    assert right.count(old) == 1
    path.write_text(right.replace(old, new), encoding="utf-8")
    try:
        done = called(
            copied,
            "-m",
            "comity",
            "run",
            "charming.yaml",
            "--futures",
            "2",
            "--strategies",
            "steady",
            "--out",
            "run",
        )
    finally:
        path.write_text(right, encoding="utf-8")
    assert done.returncode == 1 and not out.exists()
    assert named in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
