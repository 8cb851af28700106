"""Command lines in odd surroundings end well or in one message; a few of them in CI."""

import pytest
from typer.testing import CliRunner

from comity.core.errors import BadInput
from fuzz.commands import COMMANDS, Line, ended, line, tried

SEED = 1


def test_a_line_hangs_on_its_number_alone():
    assert line(SEED, 7) == line(SEED, 7) != line(SEED, 8)
    firsts = {line(SEED, number).words[0] for number in range(300)}
    assert firsts == {name[0] for name in COMMANDS}


@pytest.mark.slow
def test_some_lines_end_well(tmp_path):
    done = [(one, why) for one, end, why in tried(SEED, range(12), tmp_path) if end == "broken"]
    assert not done


def test_what_does_not_end_well_is_noticed():
    one, runner = Line(("list",), {}), CliRunner()
    import typer

    app = typer.Typer()

    @app.command()
    def lost(kind: str):
        if kind == "traceback":
            raise KeyError("lost")
        if kind == "message":
            raise BadInput("no such thing")
        raise typer.Exit(0 if kind == "done" else 3)

    for kind, end in (
        ("traceback", "broken"), ("message", "refused"), ("done", "done"), ("odd", "broken"),
    ):  # fmt: skip
        assert ended(one, runner.invoke(app, [kind]), set(), set())[0] == end
    refused = runner.invoke(app, ["message"])
    assert ended(one, refused, set(), {"left"})[0] == "broken"
