"""The table of the page on tariff wars, from the world of the base year."""

import warnings
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)
from comity.core.errors import CoverageWarning
from comity.models.trade.tariff_war import balanced, nash, optimal
from comity.models.trade.trade_equilibrium import calibrate
from comity.world.given import door
from comity.world.snapshot import load_world

pytestmark = pytest.mark.slow
PAGE = Path(__file__).parents[2] / "docs/explanation/tariff-wars-and-sanctions.md"
STATES = ("USA", "CHN", "JPN")


def printed():
    text = PAGE.read_text(encoding="utf-8").replace("−", "-")
    table = text[text.index("| world of 196") :].split("\n\n")[0].splitlines()[2:]
    cells = [[c.strip() for c in row.strip("|").split("|")] for row in table]
    return {name: [float(x) if x else np.nan for x in rest] for name, *rest in cells}


def test_the_table():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        world, _ = door(load_world())
    foreign = 1.0 - jnp.eye(world.count)
    reach, e = foreign * world.goods, jnp.asarray(4.0)
    base = calibrate(world.sales, reach * world.tariff, world.value_added_share)
    at = [world.index(state) for state in STATES]
    alone = np.arange(world.count) == at[0]
    table = printed()
    for start, here in (("", base), ("balanced trade: ", balanced(base, e))):
        for name, found in (
            ("optimal for the USA alone", optimal(here, e, alone, reach=reach)),
            ("Nash", nash(here, e, reach=reach)),
        ):
            assert found.converged
            row = np.array(table[start + name])
            change = 100 * (np.asarray(found.equilibrium.consumption) - 1)
            rates = 100 * np.array([np.asarray(found.rate)[3, place] for place in at])
            final = np.asarray(here.final)
            ours = np.array([*rates, *change[at], change @ final / final.sum()])
            known = np.isfinite(row)
            np.testing.assert_allclose(ours[known][:1], row[known][:1], atol=0.51)
            np.testing.assert_allclose(ours[3:][known[3:]], row[3:][known[3:]], atol=0.0051)
