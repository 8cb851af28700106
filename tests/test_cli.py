"""The command line: fast help, one message for what is wrong, the right exit code."""

import json
import subprocess
import sys

import pytest
from bad_inputs import BAD
from typer.testing import CliRunner

RUN = CliRunner()


def comity(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "comity", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
    )


def in_process(*arguments):
    """The command inside this process: (exit code, stdout, stderr)."""
    from comity.cli.main import app
    from comity.core.errors import ComityError

    result = RUN.invoke(app, [str(a) for a in arguments])
    if isinstance(result.exception, ComityError):
        return result.exception.exit_code, result.stdout, str(result.exception)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(("name", "raw", "fragment", "line"), BAD, ids=[b[0] for b in BAD])
def test_every_bad_file_ends_with_a_message_that_points(tmp_path, name, raw, fragment, line):
    path = tmp_path / f"{name}.yaml"
    path.write_bytes(raw)
    code, out, words = in_process("run", path, "--out", tmp_path / "run")
    assert code == 2 and fragment in words, words
    assert not out.strip() and "Traceback" not in words
    if line is not None:
        assert f"{name}.yaml:{line}:" in words, words
    assert not (tmp_path / "run").exists(), "nothing was begun"


def test_a_bad_file_from_outside_prints_to_standard_error(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "comity: scenario 1\nname: mine\ntitle: T\nquestion: Q\nsummary: S\n"
        "moves:\n- {lever: tarif, importer: USA, exporter: JPN, add: 0.1, from: 2026,"
        " judged: x}\n",
        encoding="utf-8",
    )
    done = comity("run", path)
    assert done.returncode == 2 and done.stdout == ""
    assert f"{path}:7:" in done.stderr and "tariff" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "no-such-scenario"), "no-such-scenario"),
        (("run", "as-is", "--futures", "0"), "--futures 0"),
        (("run", "as-is", "--futures", "1000000000"), "--futures 1000000000"),
        (("run", "as-is", "--seed", "-1"), "--seed -1"),
        (("run", "as-is", "--seed", "99999999999999999999"), "--seed"),
        (("run", "as-is", "--chunk", "0"), "--chunk 0"),
        (("run", "as-is", "--world", "flat"), "--world 'flat'"),
        (("run", "as-is", "--horizon", "1999"), "horizon 1999"),
        (("run", "as-is", "--for", "Atlantis"), "Atlantis"),
        (("run", "as-is", "--for", "Korea"), "ambiguous"),
        (("run", "as-is", "--strategies", "nothing-like-it"), "nothing-like-it"),
        (("run", "as-is", "--for", "KOR", "--strategies", "widen-cptpp"), "not of KOR"),
        (("run", "--resume", "nowhere"), "no run to resume"),
        (("explain", "elastisity"), "elasticity"),
        (("run", "as-is", "--set", "trade.elastisity=4"), "trade.elasticity"),
        (("run", "as-is", "--set", "trade.elasticity=many"), "no number"),
        (("report", "nowhere"), "no finished run"),
    ],
)
def test_bad_arguments_end_with_one_message_and_exit_code_two(arguments, words):
    code, _, said = in_process(*arguments)
    assert code == 2 and words in said


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    done = comity("run", "as-is", "--futures", "1", "--out", tmp_path / "file" / "run")
    assert done.returncode == 2 and "file" in done.stderr and "Traceback" not in done.stderr


def test_help_names_every_command():
    done = comity("--help")
    assert done.returncode == 0
    for name in ("run", "report", "list", "explain", "replicate", "backtest", "data"):
        assert f"  {name} " in done.stdout


def test_help_does_not_load_the_heavy_libraries():
    code = (
        "import sys; from typer.testing import CliRunner; from comity.cli.main import app; "
        "CliRunner().invoke(app, ['--help']); "
        "print([m for m in ('jax', 'pandas', 'scipy', 'altair') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_the_library_is_listed():
    code, out, _ = in_process("list")
    assert code == 0
    for name in (
        "america-first",
        "tariff-wall",
        "decoupling",
        "as-is",
        "steady",
        "retaliate",
        "widen-cptpp",
        "de-risk-china",
    ):
        assert name in out


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "trade",
        "growth",
        "trend",
        "agreements",
        "trade.elasticity",
        "elasticity",
        "tariff",
        "join",
        "consumption.mean",
        "exposure.CHN",
        "states.gdp",
        "trade.sales",
        "polyarchy",
    ],
)
def test_everything_is_explained_with_file_and_test(name):
    code, out, _ = in_process("explain", name, "--json")
    assert code == 0
    found = json.loads(out)
    assert found["what"] and found["file"]
    code, words, _ = in_process("explain", name)
    assert code == 0 and found["what"] in words


@pytest.mark.parametrize(
    "scenario",
    [pytest.param("america-first", marks=pytest.mark.slow), "america-first+usfk-cut"],
)
@pytest.mark.parametrize("actor", ["JPN", "USA", "CHN", "KOR", "IND", "DEU"])
def test_default_strategies_can_be_loaded_for_their_actor(actor, scenario):
    from comity.face.strategies import default_strategies
    from comity.study import laboratory
    from comity.study.plan import Request

    chosen = default_strategies(actor, scenario)
    plan = laboratory.plan_of(Request(scenario, actor, chosen, 1, 1, None, "focus"))
    assert len(plan.strategies) == len(chosen) >= 2
    assert chosen[0] == "steady" and ("defend-alone" in chosen) == (
        actor in ("JPN", "KOR", "IND", "DEU") and "usfk-cut" in scenario
    )
