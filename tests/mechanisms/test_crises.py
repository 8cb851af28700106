"""Crises on the toy world: nothing at the baseline, differences by the closed form elsewhere."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import toy
from comity.mechanisms.catalogue import books
from comity.mechanisms.commitment import commitment_from
from comity.mechanisms.crises import crises_from
from comity.mechanisms.theatres import risks
from comity.registry.axes import flashpoints

WORLD = toy.toy_world()
KEY = jax.random.key(1)
COMMITMENT = commitment_from(WORLD, books()["commitment"])
CRISES = crises_from(WORLD, books()["crises"])
SENKAKU = flashpoints().index("senkaku-diaoyu")
JPN, CHN, USA = (toy.STATES.index(s) for s in ("JPN", "CHN", "USA"))


def after(world=WORLD, **levers):
    moved = toy.still(**levers)
    pledged = world.replace(COMMITMENT(world, moved, KEY))
    return {k: np.asarray(v) for k, v in CRISES(pledged, moved, KEY).items()}


def test_at_the_base_year_the_chance_is_that_of_the_hazard():
    at_base = WORLD.replace({"protection": COMMITMENT(WORLD, toy.still(), KEY)["protection_base"]})
    base = at_base.protection
    still = at_base.replace({"protection_seen": base, "protection_base": base})
    found = CRISES(still, toy.still(), KEY)["challenge_odds"]
    chance = risks()["chance"].to_numpy(float)
    assert np.asarray(found) == pytest.approx(np.log(chance / (1 - chance)), abs=1e-9)


def test_troops_move_a_challenge_by_the_estimate_alone():
    calm = after()
    moved = after(forces=jnp.zeros((5, 5)).at[USA, JPN].set(-10.0))
    gap = moved["challenge_odds"] - calm["challenge_odds"]
    expected = books()["crises"]["troops"].value * np.log((1 + 43.25) / (1 + 53.25))
    assert gap[SENKAKU] == pytest.approx(expected, rel=1e-9)
    assert gap[SENKAKU] > 0 and np.delete(gap, SENKAKU) == pytest.approx(0.0, abs=1e-12)


def test_the_balance_moves_it_by_the_estimate_alone():
    calm = after()
    stock = WORLD.military_stock.at[JPN].multiply(2.0)
    gap = after(WORLD.replace({"military_stock": stock}))["challenge_odds"] - calm["challenge_odds"]
    effect = books()["crises"]["balance"].value * np.log(2.0)
    assert gap[SENKAKU] == pytest.approx(effect, rel=1e-9)
    other = flashpoints().index("senkaku-diaoyu-reversed")
    assert gap[other] == pytest.approx(-effect, rel=1e-9)


def test_a_protector_that_leaves_is_seen_and_felt():
    calm = after()
    gone = after(commitment=jnp.zeros((5, 5)).at[USA, JPN].set(-1.0))
    assert gone["challenge_odds"][SENKAKU] > calm["challenge_odds"][SENKAKU]
    assert gone["unprotected_odds"][SENKAKU] > calm["unprotected_odds"][SENKAKU]


def test_absent_flashpoints_do_not_move():
    calm = after()
    gone = after(commitment=-jnp.ones((5, 5)), forces=-jnp.ones((5, 5)))
    korea = flashpoints().index("korea")
    assert all(gone[name][korea] == calm[name][korea] for name in calm if name != "alarm")
    kor = toy.STATES.index("KOR")
    assert gone["alarm"][kor] == calm["alarm"][kor]


def test_every_number_keeps_its_sign_open_where_the_literature_does():
    for name in ("troops", "protector", "resolve", "joined_escalation"):
        prior = books()["crises"][name].prior
        assert prior.low < 0 < prior.high, name
    assert (
        books()["commitment"]["forces"].prior.low < 0 < books()["commitment"]["forces"].prior.high
    )


def test_a_number_that_no_code_makes_is_judged():
    found = books()["crises"]["protector"]
    assert (found.status, found.grade, found.made_by) == ("judged", "D", "")
    assert found.prior.low < 0 < found.prior.high
