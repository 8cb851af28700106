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


@pytest.mark.slow
def test_a_toy_mechanism_with_number_lever_and_measure_runs(tmp_path):
    source = tmp_path / "src"
    shutil.copytree(
        ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    folder = source / "comity/mechanisms/charm"
    folder.mkdir()
    for name, text in MECHANISM.items():
        (folder / name).write_text(text, encoding="utf-8")
    catalogue = source / "comity/mechanisms/catalogue.py"
    text = catalogue.read_text(encoding="utf-8")
    assert text.count('    "sectors": (),\n') == 1
    one_line = text.replace('    "sectors": (),\n', '    "sectors": (),\n    "charm": (),\n')
    catalogue.write_text(one_line, encoding="utf-8")
    scenario = tmp_path / "charming.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ASK.replace("SCENARIO", scenario.as_posix())],
        env=os.environ | {"PYTHONPATH": str(source)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    charm, act = json.loads(done.stdout.splitlines()[-1])
    # Half a point of effort in each of two years, two points of charm a point.
    assert charm == {"baseline": 0.0, "steady": 2.0}
    assert act == "Japan: charms by 0.5"
