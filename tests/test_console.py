"""Results never die with the console: whatever its encoding, they are printed, exit code 0."""

import io
import json
import os
import subprocess
import sys

import pytest

from comity.cli import console, stops

ENCODINGS = ("cp932", "cp1252", "ascii")


def carried_out(encoding, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "comity", *map(str, arguments)],
        capture_output=True,
        timeout=300,
        env=os.environ | {"PYTHONIOENCODING": encoding},
    )


def written(encoding, text):
    """Bytes that a console of an encoding is sent for a text."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=console.HANDLER)
    stream.write(text)
    stream.flush()
    return stream.buffer.getvalue().decode(encoding)


@pytest.fixture(autouse=True)
def _handler():
    console.prepare()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_minus_stays_a_minus(encoding):
    assert written(encoding, "\u22120.5") in ("-0.5", "\uff0d0.5")
    assert written("ascii", "0.1\u20260.2 \u2264 3\u00d7 \u2014 \u201cx\u201d") == (
        '0.1...0.2 <= 3x - "x"'
    )
    assert written("ascii", "\u65e5\u672c a\udcff") == "?? a?"


@pytest.mark.parametrize(
    ("encoding", "arguments"),
    [("cp932", ("list",)), ("cp1252", ("explain", "trade")), ("ascii", ("data", "list"))],
)
def test_every_encoding_ends_well(encoding, arguments):
    done = carried_out(encoding, *arguments)
    assert done.returncode == 0 and len(done.stdout) > 100, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_results_are_printed_in_every_encoding(tmp_path, encoding, lang):
    done = carried_out(encoding, "trade", "us-wall-25", "--draws", 0, "--lang", lang)
    assert done.returncode == 0 and len(done.stdout) > 1000, done.stderr
    out = tmp_path / "run"
    given = ("as-is", "--strategies", "steady", "--futures", 2, "--horizon", 2026, "--lang", lang)
    done = carried_out(encoding, "run", *given, "--out", out)
    assert done.returncode == 0 and str(out) in done.stdout.decode(encoding), done.stderr
    figure = subprocess.run(
        [sys.executable, "-m", "comity.present", out, "--figure", "ranking", "--lang", lang],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": encoding},
    )
    assert figure.returncode == 0 and "<svg" in figure.stdout.decode("utf-8")


@pytest.mark.slow
def test_json_loses_no_letter():
    done = carried_out("cp1252", "explain", "tariff", "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout.decode("ascii"))
    assert any(ord(letter) > 0x3000 for letter in found["what_ja"])
    done = carried_out("utf-8", "explain", "tariff", "--json")
    assert json.loads(done.stdout.decode("utf-8")) == found and found["what_ja"].encode() in (
        done.stdout
    )


def test_a_reader_that_leaves_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "comity", "list"], stdout=writing, stderr=subprocess.PIPE, text=True
    )
    os.close(writing)
    assert "Traceback" not in done.stderr and "free space" not in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device on this machine")
def test_a_full_disk_behind_the_console_is_told():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "comity", "list"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert "No space left" in done.stderr


def test_only_signals_that_the_system_has_are_heard(monkeypatch):
    """Windows has no SIGHUP, others no SIGBREAK; what is shut out stays so (nohup)."""
    import types

    heard = {}
    fake = types.SimpleNamespace(
        SIGINT=2,
        SIGBREAK=21,
        SIGTERM=15,
        SIG_IGN="ignored",
        getsignal=lambda number: "ignored" if number == 15 else "default",
        signal=heard.__setitem__,
    )
    monkeypatch.setattr(stops, "signal", fake)
    stops.listen()
    assert heard == {2: stops.stop, 21: stops.stop}
    with pytest.raises(stops.Stopped) as stopped:
        stops.stop(15, None)
    assert stopped.value.exit_code == 143


def test_the_version_is_printed():
    import comity

    done = subprocess.run(
        [sys.executable, "-m", "comity", "--version"], capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stdout == f"comity {comity.__version__}\n"
