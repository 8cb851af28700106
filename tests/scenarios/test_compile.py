"""Moves become arrays: by date, by branch, by scale, merged by the trade they touch."""

import dataclasses
import math
import warnings

import jax.numpy as jnp
import numpy as np
import pytest

from comity.core.errors import CoverageWarning
from comity.mechanisms import catalogue
from comity.scenarios.compile import compile_moves, layout
from comity.scenarios.moves import Move
from comity.world.given import door
from comity.world.regions import coarsen
from comity.world.snapshot import load_world

YEARS = (2025, 2026, 2027)


@pytest.fixture(scope="module")
def full():
    return door(load_world(2024))[0]


@pytest.fixture(scope="module")
def coarse():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        return door(coarsen(load_world(2024)))[0]


def move(
    lever="tariff",
    actors=("USA",),
    targets=("JPN",),
    value=0.1,
    start=2026.0,
    stop=math.inf,
    **more,
):
    made = Move(
        lever,
        actors,
        targets,
        None,
        "add",
        value,
        start,
        stop,
        {},
        None,
        "",
        None,
        "a test",
        True,
        "",
        "f:1:1",
    )
    return dataclasses.replace(made, **more)


def levers(full, world, moves, year, weights=None, rules=()):
    programme, groups = compile_moves(
        [("scenario", m) for m in moves], rules, layout(full, world), YEARS, catalogue.levers()
    )
    weight = jnp.ones(len(groups)) if weights is None else jnp.asarray(weights)
    return programme.levers(weight, jnp.asarray(YEARS.index(year))), groups


def test_a_tariff_stands_at_exporter_row_and_importer_column(full):
    pulled, _ = levers(full, full, [move()], 2026)
    japan, usa = full.index("JPN"), full.index("USA")
    assert float(pulled.tariff[japan, usa]) == pytest.approx(0.1)
    assert int((np.asarray(pulled.tariff) != 0).sum()) == 1


def test_part_of_a_year_counts_as_that_part(full):
    pulled, _ = levers(full, full, [move(start=2026.25, stop=2026.75)], 2026)
    assert float(pulled.tariff.max()) == pytest.approx(0.05)
    later, _ = levers(full, full, [move(start=2026.25, stop=2026.75)], 2027)
    assert float(later.tariff.max()) == 0.0


def test_setting_a_rate_replaces_the_one_applied(full):
    pulled, groups = levers(full, full, [move(mode="set", value=0.0)], 2026)
    japan, usa = full.index("JPN"), full.index("USA")
    assert float(full.tariff[japan, usa] + pulled.tariff[japan, usa]) == pytest.approx(0.0)


def test_setting_under_a_scale_does_not_scale_the_base_rate(full):
    half = move(mode="set", value=0.2, scale="x")
    programme, groups = compile_moves(
        [("scenario", half)], (), layout(full, full), YEARS, catalogue.levers()
    )
    weights = jnp.asarray([0.5 if g.scale == "x" else 1.0 for g in groups])
    pulled = programme.levers(weights, jnp.asarray(1))
    japan, usa = full.index("JPN"), full.index("USA")
    assert float(full.tariff[japan, usa] + pulled.tariff[japan, usa]) == pytest.approx(0.1)


def test_a_barrier_acts_both_ways_and_once(full):
    both = move("barrier", ("CHN", "JPN"), ("CHN", "JPN"), 0.2)
    pulled, _ = levers(full, full, [both], 2026)
    china, japan = full.index("CHN"), full.index("JPN")
    assert float(pulled.barrier[china, japan]) == pytest.approx(0.2)
    assert float(pulled.barrier[japan, china]) == pytest.approx(0.2)
    assert int((np.asarray(pulled.barrier) != 0).sum()) == 2


def test_a_merged_state_is_hit_for_its_share_of_the_trade(full, coarse):
    pulled, _ = levers(full, coarse, [move(targets=("KHM",))], 2026)
    row, usa = coarse.index("R_SEA"), coarse.index("USA")
    goods = np.asarray(full.sales * full.goods)
    to_us = goods[:, full.index("USA")]
    region = [full.index(s) for s in ("BRN", "KHM", "LAO", "MMR", "TLS")]
    share = to_us[full.index("KHM")] / to_us[region].sum()
    assert float(pulled.tariff[row, usa]) == pytest.approx(0.1 * share)


def test_a_move_on_all_is_the_same_on_both_worlds(full, coarse):
    everybody = tuple(s for s in full.states if s != "USA")
    pulled, _ = levers(full, coarse, [move(targets=everybody)], 2027)
    usa = coarse.index("USA")
    column = np.delete(np.asarray(pulled.tariff[:, usa]), usa)
    np.testing.assert_allclose(column, 0.1, rtol=1e-12)
    assert float(pulled.tariff[usa, usa]) == 0.0


def test_joining_counts_by_gdp_in_a_region(full, coarse):
    join = move("join", ("CRI",), (), 1.0, framework="CPTPP", mode="member")
    pulled, _ = levers(full, coarse, [join], 2026)
    row, framework = coarse.index("R_LAC"), coarse.frameworks.index("CPTPP")
    share = float(full.gdp[full.index("CRI")] / coarse.gdp[row])
    assert float(pulled.join[framework, row]) == pytest.approx(share)


@pytest.mark.parametrize("lever", ["join", "leave"])
def test_a_region_counts_its_members_once(full, coarse, lever):
    """Peru is a member and Costa Rica is none: one joins and one leaves, whoever is named."""
    both = move(lever, ("CRI", "PER"), (), 1.0, framework="CPTPP", mode="member")
    row, framework = coarse.index("R_LAC"), coarse.frameworks.index("CPTPP")
    own = {s: float(full.gdp[full.index(s)] / coarse.gdp[row]) for s in ("CRI", "PER")}

    def stands(moves):
        at, _ = levers(full, coarse, moves, 2026)
        return float(at.at[lever][framework, row])

    assert stands([both]) == pytest.approx(own["CRI" if lever == "join" else "PER"])
    # Where the other lever has moved it before, each of them counts.
    first = move("leave" if lever == "join" else "join", ("CRI", "PER"), (), 1.0, 2025.0,
                 framework="CPTPP", mode="member")  # fmt: skip
    assert stands([first, both]) == pytest.approx(own["CRI"] + own["PER"])


def test_the_order_of_moves_does_not_matter(full):
    a, b = move(), move(targets=("KOR",), value=0.3)
    one, _ = levers(full, full, [a, b], 2026)
    two, _ = levers(full, full, [b, a], 2026)
    np.testing.assert_array_equal(one.tariff, two.tariff)
