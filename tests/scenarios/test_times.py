"""Relative changes: `times` multiplies a lever's level of the base year, and nothing else."""

from dataclasses import replace
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from bad_inputs import BASE, MOVE, more, swap
from words import WORDS

import comity as cm
from comity.core.errors import BadInput
from comity.core.words import LANGS
from comity.engine.levers import acts_of
from comity.files.documents import from_bytes
from comity.mechanisms.catalogue import levers
from comity.scenarios.acts import sentence
from comity.scenarios.compile import compile_moves, layout
from comity.scenarios.scenario import load_scenario, parse_scenario
from comity.study.laboratory import vocabulary
from comity.world.given import door
from comity.world.regions import coarsen
from comity.world.snapshot import load_world

WORDS = replace(WORDS, levers=levers())
EXAMPLE = Path(__file__).parents[2] / "examples" / "relative-changes.yaml"
HALF = BASE.replace("add: 0.25", "times: 0.5")


@pytest.fixture(scope="module")
def full():
    return door(load_world(2024))[0]


def standing(text: str, world, full, size: float = 1.0):
    """Levers of 2027 with every number at ``size``."""
    moves = parse_scenario(from_bytes(text.encode(), "f.yaml"), WORDS).moves
    programme, groups = compile_moves(
        [("scenario", m) for m in moves], (), layout(full, world), (2027,), levers()
    )
    weights = jnp.asarray([size if group.scale else 1.0 for group in groups])
    return programme.levers(weights, jnp.asarray(0))


def test_half_of_each_rate_is_left(full):
    tariff, usa = np.asarray(full.tariff), full.index("USA")
    moved = np.asarray(standing(HALF, full, full).tariff)
    for state in ("JPN", "KOR"):
        row = full.index(state)
        assert tariff[row, usa] > 0
        assert moved[row, usa] == pytest.approx(-0.5 * tariff[row, usa])
    assert (moved != 0).sum() == 2


def test_a_number_scales_what_the_level_is_multiplied_by(full):
    """Times 0.5 times 0.6 leaves three tenths."""
    scaled = HALF.replace("times: 0.5", "times: 0.5\n    scale: size")
    moved = np.asarray(standing(scaled, full, full, 0.6).tariff)
    at = full.index("JPN"), full.index("USA")
    assert moved[at] == pytest.approx(-0.7 * float(full.tariff[at]))


def test_times_one_acts_where_a_number_scales_it(full):
    scaled = HALF.replace("times: 0.5", "times: 1\n    scale: size")
    moved = np.asarray(standing(scaled, full, full, 0.6).tariff)
    at = full.index("JPN"), full.index("USA")
    assert moved[at] == pytest.approx(-0.4 * float(full.tariff[at]))


def test_a_region_moves_by_the_trade_of_those_who_do(full):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        coarse = door(coarsen(load_world(2024)))[0]
    everybody = HALF.replace("[JPN, KOR]", "ALL")
    moved = np.asarray(standing(everybody, coarse, full).tariff)[:, coarse.index("USA")]
    whole = np.asarray(standing(everybody.replace("0.5\n", "0\n"), coarse, full).tariff)
    np.testing.assert_allclose(moved, 0.5 * whole[:, coarse.index("USA")], rtol=1e-12)


def test_a_share_of_gdp_is_multiplied(full):
    line = "  - {lever: defence_share, state: JPN, times: 1.5, from: 2027, judged: x}"
    moved = np.asarray(standing(more(line).decode(), full, full).defence_share)
    japan = full.index("JPN")
    share = float(full.milex[japan] / (1e3 * full.gdp[japan]))
    assert 0.005 < share < 0.03
    assert moved[japan] == pytest.approx(0.5 * share) and (moved != 0).sum() == 1


@pytest.mark.parametrize(
    ("raw", "line", "said"),
    [
        (swap("add: 0.25", "times: 1"), 21, "times: 1 moves nothing"),
        (swap("add: 0.25", "times: -0.5"), 21, "times: -0.5 is not at least 0"),
        (swap("add: 0.25", "times: half"), 21, "is not a number"),
        (swap("add: 0.25", "times: 0.5\n    add: 0.1"), 18, "both 'add' and 'times'"),
        (swap("    add: 0.25\n", ""), 18, "no value"),
        (
            more("  - {lever: barrier, a: USA, b: CHN, times: 2, from: 2027, judged: x}"),
            24,
            "'barrier' cannot be multiplied",
        ),
        (more(MOVE + "times: 0.5, from: 2030, instrument: b, judged: x}"), 24, "contradicts"),
    ],
)
def test_refused_with_the_line(raw, line, said):
    with pytest.raises(BadInput) as caught:
        parse_scenario(from_bytes(raw, "f.yaml"), WORDS)
    assert caught.value.where.startswith(f"f.yaml:{line}:") and said in str(caught.value)


def test_a_trade_file_multiplies_and_is_refused_out_of_bounds(tmp_path):
    text = """comity: trade 1
name: half
title: Half
moves:
  - {lever: tariff, importer: USA, exporter: CHN, times: 0.5}
"""
    path = tmp_path / "half.yaml"
    path.write_text(text, encoding="utf-8")
    effects = cm.trade(path, draws=0).effects
    value = effects[(effects["id"] == "CHN") & (effects["effect"] == "exports")]["value"].item()
    assert 0.01 < value < 10.0
    path.write_text(text.replace("0.5", "900"), encoding="utf-8")
    with pytest.raises(BadInput, match="half.yaml:5:5: moves of 'tariff' add up to"):
        cm.trade(path, draws=0)


@pytest.mark.parametrize("lang", LANGS)
def test_the_example_is_read_and_said_in_every_language(lang):
    found = load_scenario(EXAMPLE, vocabulary())
    assert [move.mode for move in found.moves] == ["times"] * 4
    names = acts_of(levers().values())
    said = [sentence(move, names, lang) for move in found.moves]
    assert all("2024" in one and "{" not in one for one in said)
    assert "0.5" in said[0] and "1.5" in said[3]
