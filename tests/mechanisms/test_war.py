"""War in the year: what it takes and from whom, through trade, with luck of its own."""

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import toy
from comity.engine.year import future
from comity.mechanisms.catalogue import books
from comity.mechanisms.war import luck, war_from
from comity.registry.axes import flashpoints

WORLD = toy.toy_world()
WAR = war_from(WORLD, books()["war"])
SENKAKU = flashpoints().index("senkaku-diaoyu")
JPN, CHN, USA, KOR = (toy.STATES.index(s) for s in ("JPN", "CHN", "USA", "KOR"))


def begun():
    sure = jnp.full(len(flashpoints()), -30.0).at[SENKAKU].set(30.0)
    world = WORLD.replace({"war_odds": sure})
    return {k: np.asarray(v) for k, v in WAR(world, toy.still(), jax.random.key(1)).items()}


@pytest.mark.slow
def test_a_war_takes_from_its_sides_and_costs_their_trade_most():
    found = begun()
    barrier = found["war_barrier"]
    third = barrier[CHN, JPN] * books()["war"]["third"].value
    assert barrier[CHN, USA] == barrier[KOR, JPN] == pytest.approx(third)
    assert barrier[KOR, USA] == 0.0, "neutrals trade with each other as before"
    assert barrier[CHN, JPN] == pytest.approx(books()["war"]["barrier"].value)
    lost = 1 - found["military_stock"] / np.asarray(WORLD.military_stock)
    assert lost[[CHN, JPN]] == pytest.approx(books()["war"]["stock"].value)
    assert lost[[USA, KOR]] == pytest.approx(0.0)
    assert found["capacity"][JPN] == pytest.approx((1 - books()["war"]["output"].value) ** 0.2)
    abroad = books()["war"]["output"].value * books()["war"]["abroad"].value
    assert found["capacity"][CHN] == pytest.approx((1 - abroad) ** 0.2)
    assert found["capacity"][[USA, KOR]] == pytest.approx(1.0)


def test_luck_belongs_to_a_flashpoint_not_to_its_place():
    names = WAR.names
    turned = names[::-1]
    key = jax.random.key(3)
    straight, back = luck(key, names, 3), luck(key, turned, 3)
    assert (np.asarray(straight) == np.asarray(back)[::-1]).all()


@pytest.mark.slow
def test_the_loss_comes_through_trade_in_the_year_after():
    options = ("commitment", "crises", "war")
    shared = toy.toy_shared(options=options)
    mechanisms = tuple(
        replace(m, theatres=replace(m.theatres, chance=jnp.full(len(flashpoints()), 0.97)))
        if m.name == "crises"
        else m
        for m in shared.mechanisms
    )
    shared = replace(shared, mechanisms=mechanisms)
    on = jnp.ones(len(mechanisms), bool)
    off = jnp.asarray([m.name != "war" for m in mechanisms])
    sure = {"crises__escalation": 0.99, "crises__resists": 0.99, "war__output": 0.05}
    run = eqx.filter_jit(future)
    war = run(shared, toy.toy_row(active=on, **sure))
    peace = run(shared, toy.toy_row(active=off, **sure))
    assert bool(war.ok) and bool(peace.ok)
    gap = np.asarray(war.series["consumption"]) / np.asarray(peace.series["consumption"]) - 1
    fought = np.asarray(war.series["war_fought"])[:, SENKAKU]
    assert fought[0] == 1 and gap[0] == pytest.approx(0.0, abs=1e-12)
    assert gap[1, JPN] < -1e-4 and gap[1, CHN] < -1e-5
