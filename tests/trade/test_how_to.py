"""The how-to runs: every command of the page prints what stands below it."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import contextlib
import io
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comity.cli.main import app

pytestmark = pytest.mark.slow
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "tariff-wall-and-cptpp.md"
TEXT = PAGE.read_text(encoding="utf-8")
SESSIONS = re.findall(r"^```console\n\$ comity (.*?)\n(.*?)^```$", TEXT, re.M | re.S)


def rows(text):
    return [line.rstrip() for line in text.strip().splitlines()]


@pytest.mark.parametrize(("command", "printed"), SESSIONS, ids=[c for c, _ in SESSIONS])
def test_commands(command, printed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (file,) = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.M | re.S)
    Path("both.yaml").write_text(file, encoding="utf-8")
    result = CliRunner().invoke(app, command.split())
    assert result.exit_code == 0, result.output
    assert rows(result.stdout) == rows(printed)


def test_python():
    ((code, expected),) = re.findall(r"^```py\n(.*?)^```\n```output\n(.*?)^```$", TEXT, re.M | re.S)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    assert rows(printed.getvalue()) == rows(expected)
