"""Specs are valid Vega-Lite, hold no outside data, and carry the figures they are given."""

import json
import re
import subprocess
import sys

import altair as alt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_run import write

from comity.present import figures, frames
from comity.present.drawing import quoted, svg, width_of, wrap
from comity.present.folder import read
from comity.present.plates import PLATES
from comity.present.sheet import sheet


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return read(write(tmp_path_factory.mktemp("figures") / "run", futures=60))


def specs(folder, lang):
    spread, single = frames.bands(folder), frames.singles(folder)
    yield figures.bands(frames.where(spread, strategy="steady"), single, (-1.0, 0.5))
    yield figures.ranking(frames.ranking(folder), folder, lang)
    yield figures.forest(frames.paired(folder), folder, lang, "axis")
    yield figures.stability(frames.stability(folder), lang)
    yield figures.failure(frames.failure(folder), folder, lang)
    yield figures.drivers(frames.drivers(folder, folder.best), folder, lang)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_specs_are_valid_and_self_contained(folder, lang):
    for spec in specs(folder, lang):
        alt.Chart.from_dict(spec)  # checks against the Vega-Lite schema
        text = json.dumps(spec, allow_nan=False)
        assert '"url"' not in text
        assert re.findall(r"https?://[^\"]+", text) == [spec["$schema"]]


def test_bands_hold_quantiles_of_paired_differences(folder):
    data = folder.trajectories.consumption
    own = data.sel(strategy="retaliate", state="JPN") / data.sel(strategy="baseline", state="JPN")
    wanted = np.quantile(100 * (own.to_numpy().astype(float) - 1), [0.05, 0.5, 0.95], axis=0)
    frame = frames.where(frames.bands(folder), strategy="retaliate")
    np.testing.assert_allclose(frame[["p5", "p50", "p95"]].to_numpy().T, wanted, atol=1e-4)


def test_single_futures_are_the_same_for_every_strategy(folder):
    single = frames.singles(folder)
    chosen = single.groupby("strategy")["future"].agg(lambda f: tuple(sorted(set(f))))
    assert chosen.nunique() == 1 and len(chosen.iloc[0]) == 5


def test_failed_futures_leave_the_bands_untouched(tmp_path):
    whole, holed = (read(write(tmp_path / str(n), futures=30, failed=n)) for n in (0, 3))
    kept = frames.effect(whole, "steady", "JPN")[3:]
    frame = frames.where(frames.bands(holed), strategy="steady")
    np.testing.assert_allclose(frame["p50"], np.median(kept, axis=0), atol=1e-4)


def test_drawings_carry_title_description_and_ids_of_their_own(folder):
    spec = figures.stability(frames.stability(folder), "en")
    spec["layer"][1]["mark"]["clip"] = True
    drawing = str(svg(spec, "one", "A <title>", "What it shows & means"))
    assert "A &lt;title&gt;" in drawing and "shows &amp; means" in drawing
    ids = re.findall(r'\bid="([^"]+)"', drawing)
    assert len(ids) > 2 and all(i.startswith("one-") for i in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", drawing)) <= set(ids)
    assert "xmlns" not in drawing


def test_every_plate_stands_alone_as_svg(folder):
    from xml.etree import ElementTree

    for name, make in PLATES.items():
        plate = make(folder, "ja")
        assert plate, name
        root = ElementTree.fromstring(sheet(plate))
        assert root.tag.endswith("svg")
        held = {e.get("id") for e in root.iter() if e.get("id")}
        for e in root.iter():
            if e.tag.endswith("}use"):
                assert (e.get("href") or "")[1:] in held


def test_the_command_under_a_figure_draws_it(folder):
    import os

    env = os.environ | {"PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "comity.present",
            str(folder.path),
            "--figure",
            "ranking",
            "--lang",
            "ja",
        ],
        capture_output=True,
        env=env,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode("utf-8").startswith("<svg")
    missing = subprocess.run(
        [sys.executable, "-m", "comity.present", str(folder.path.parent)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert missing.returncode == 2 and "Traceback" not in missing.stderr


def test_labels_break_where_they_may():
    english = wrap("Widen the CPTPP against Steady course", 12).split("\n")
    assert " ".join(english) == "Widen the CPTPP against Steady course"
    assert len(english) > 1 and all(width_of(line) <= 12 for line in english)
    lines = wrap("供給網の対中依存を減らすための長い名前、つづき", 8).split("\n")
    assert len(lines) == 3 and not any(line.startswith(("、", "。", "）")) for line in lines)
    assert wrap("a\nb") == "a\nb"


@given(st.text(max_size=30))
def test_labels_cannot_become_code(text):
    written = quoted([text])
    assert re.fullmatch(r"\['(?:[A-Za-z0-9]|\\u[0-9a-f]{4})*'\]", written)
