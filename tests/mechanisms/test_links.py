"""Links between mechanisms on the toy world: each by its own number, in the direction it has."""

from dataclasses import replace
from importlib import resources
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest

import toy
from comity.engine.year import bind
from comity.mechanisms.catalogue import books
from comity.mechanisms.commitment import lapses
from comity.mechanisms.crises import any_challenge
from comity.mechanisms.theatres import risks
from comity.mechanisms.trade import APPEAL_LEFT, CUT_OFF, severity
from comity.models.trade.agreement import depth_of_pairs
from comity.models.trade.coercion import cutoff_loss
from comity.registry.axes import DOMAINS, flashpoints
from comity.world.snapshot import table

WORLD = toy.toy_world()
OPTIONS = ("leadership", "frameworks", "commitment", "crises", "war")
YEAR: dict[str, Any] = {m.name: m for m in toy.toy_year(WORLD, OPTIONS)}
KEY = jax.random.key(3)
AUS, CHN, JPN, KOR, USA = range(5)
SENKAKU = flashpoints().index("senkaku-diaoyu")
REVERSED = flashpoints().index("senkaku-diaoyu-reversed")


def value(mechanism, name):
    return books()[mechanism][name].value


def act(name, world=WORLD, levers=None, **fixed):
    numbers = {f"{YEAR[name].book}.{key}": jnp.asarray(one) for key, one in fixed.items()}
    return dict(bind(YEAR[name], numbers)(world, levers or toy.still(), KEY))


def near(expected, rel=1e-9):
    return pytest.approx(np.asarray(expected), rel=rel)


def crisis(world=WORLD):
    return act("crises", world.replace(act("commitment", world)))


# Trade and challenges ------------------------------------------------------------------------


@pytest.mark.slow
def test_shares_in_trade_are_those_of_the_flows():
    """Nothing moves at the base year; a prohibitive tariff takes a partner out of the trade."""
    assert np.abs(act("trade")["partner_share"]).max() < 1e-8
    wall = jnp.zeros((5, 5)).at[CHN, JPN].set(9.0).at[JPN, CHN].set(9.0)
    moved = act("trade", levers=toy.still(tariff=wall))["partner_share"]
    assert moved[JPN, CHN] < -2.0 and moved[CHN, JPN] < -2.0
    assert moved[JPN, USA] > 0.0, "others' shares rise"
    both = np.asarray(WORLD.sales + WORLD.sales.T) * (1 - np.eye(5))
    then = 100 * both / both.sum(1, keepdims=True)
    now = (then + 0.01) * np.exp(moved) - 0.01
    np.testing.assert_allclose(now.sum(1), 100.0, rtol=1e-9)


def test_trade_between_the_sides_moves_a_challenge_by_its_estimate():
    """The lower share counts: Japan's part in China's trade, or China's in Japan's."""
    both = np.asarray(WORLD.sales + WORLD.sales.T) * (1 - np.eye(5))
    part = both / both.sum(1, keepdims=True)
    low = (CHN, JPN) if part[CHN, JPN] <= part[JPN, CHN] else (JPN, CHN)
    halved = WORLD.replace({"partner_share": jnp.zeros((5, 5)).at[low].set(np.log(0.5))})
    gap = crisis(halved)["challenge_odds"] - crisis()["challenge_odds"]
    expected = value("crises", "interdependence") * np.log(0.5)
    assert gap[SENKAKU] == near(expected) and gap[REVERSED] == near(expected)
    assert expected > 0, "less trade, more challenges"
    other = WORLD.replace({"partner_share": jnp.zeros((5, 5)).at[low[::-1]].set(np.log(0.5))})
    assert crisis(other)["challenge_odds"][SENKAKU] == crisis()["challenge_odds"][SENKAKU]


# Allies' arms and effort ---------------------------------------------------------------------


def test_a_protectors_arms_deter_by_their_estimate():
    """The United States doubles its 6 trillion against China's 2: log(1 + 6) less log(1 + 3)."""
    armed = WORLD.replace({"military_stock": WORLD.military_stock.at[USA].multiply(2.0)})
    gap = crisis(armed)["challenge_odds"] - crisis()["challenge_odds"]
    expected = value("crises", "allied_arms") * (np.log1p(12 / 2) - np.log1p(6 / 2))
    assert gap[SENKAKU] == near(expected) and expected < 0
    assert gap[REVERSED] == 0.0, "nobody protects China here"


def test_effort_of_the_client_counts_with_a_sign_that_is_open():
    prior = books()["commitment"]["effort"].prior
    assert prior.low < 0 < prior.high and value("commitment", "effort") == 0.0
    more = WORLD.replace({"milex": WORLD.milex.at[JPN].multiply(2.0)})
    calm, found = (act("commitment", world, effort=0.4) for world in (WORLD, more))
    stands = float(calm["standing"][SENKAKU, 0])
    chance = [float(one["protection"][SENKAKU]) / stands for one in (calm, found)]
    before, after = (np.log(one / (1 - one)) for one in chance)
    assert after - before == near(0.4 * np.log(2.0), 1e-6)
    assert found["protection_seen"][SENKAKU] == calm["protection_seen"][SENKAKU], (
        "what its arms do to a challenger stands in the balance"
    )
    grown = WORLD.replace({"milex": 1.1 * WORLD.milex, "capacity": 1.1 * WORLD.capacity})
    same = act("commitment", grown, effort=0.4)["protection"][SENKAKU]
    assert same == near(calm["protection"][SENKAKU], 1e-12), "a burden, not a sum"


def test_trade_with_either_side_moves_joining_by_its_own_number():
    base = value("commitment", "joining")
    for side, name in ((CHN, "trade_challenger"), (JPN, "trade_client")):
        moved = jnp.zeros((5, 5)).at[USA, side].set(np.log(0.5))
        found = act("commitment", WORLD.replace({"partner_share": moved}))
        odds = np.log(base / (1 - base)) + value("commitment", name) * np.log(0.5)
        expected = found["standing"][SENKAKU, 0] / (1 + np.exp(-odds))
        assert found["protection"][SENKAKU] == near(expected), name
        assert found["protection_seen"][SENKAKU] == found["protection"][SENKAKU], name
        prior = books()["commitment"][name].prior
        assert prior.low < 0 < prior.high, name


# Leaders and frameworks ----------------------------------------------------------------------


def test_a_government_that_leaves_commitments_lets_pledges_lapse():
    """At -1 the yearly rate is e^1.4 of the usual; half way, the root of that; at +1 no other."""
    rate = float(YEAR["commitment"].rate[SENKAKU, 0])
    for place, factor in ((-1.0, np.exp(1.4)), (-0.5, np.exp(0.7)), (1.0, 1.0)):
        levers = toy.still(leadership=jnp.zeros(5).at[USA].set(place))
        led = WORLD.replace(act("leadership", levers=levers))
        found = act("commitment", led)["durability"]
        assert found[SENKAKU] == near(1 - factor * rate, 1e-6), place
    un = jnp.zeros((5, 4)).at[USA, DOMAINS.index("un")].set(-1.0)
    led = WORLD.replace(act("leadership", levers=toy.still(engage=un)))
    assert act("commitment", led)["durability"][SENKAKU] == near(1 - rate, 1e-6)


def test_no_draw_of_leadership_exceeds_what_its_evidence_allows():
    """None of 42 pledge-years lapsed: at most 1 - 0.05^(1/42) = 0.069 a year; book: 3 in 42."""
    usual = table("pledge_lapse").set_index("patron").loc["USA", "rate"]
    most = usual * np.exp(books()["commitment"]["leadership"].prior.high)
    assert 0.05 < most <= 3 / 42


def test_a_framework_ties_as_far_as_it_is_alive():
    assert (act("frameworks")["vigour"] == 1.0).all()
    gone = WORLD.replace({"membership": WORLD.membership.at[0, AUS].set(0.0)})
    vigour = act("frameworks", gone)["vigour"]
    assert vigour[0] < 1.0 and vigour[1] == 1.0
    odds = np.log(0.52 / 0.48) + value("frameworks", "size_effect") * np.log(1 / 2)
    assert vigour[0] == near(1 / (1 + np.exp(-odds)) / 0.52)
    empty = WORLD.replace({"membership": WORLD.membership.at[0].set(0.0)})
    assert act("frameworks", empty)["vigour"][0] == 0.0


def test_a_security_framework_that_dies_takes_what_it_did_for_durability():
    member = WORLD.membership.at[0, USA].set(1.0)
    tied = replace(YEAR["commitment"], weight=jnp.asarray([1.0, 0.0]), members=member)
    alive, weak, dead = (
        float(lapses(tied, member, toy.still(), jnp.asarray([one, 1.0]))[SENKAKU, 0])
        for one in (1.0, 0.5, 0.0)
    )
    assert alive < weak < dead
    effect = value("commitment", "overlap") * value("commitment", "framework_weight")
    odds = np.log(alive / (1 - alive)) + effect * (np.log1p(0.0) - np.log1p(1.0))
    assert dead == near(1 / (1 + np.exp(-odds)))


def test_a_deeper_security_framework_counts_once_and_as_the_shallower_side_has_it():
    """Japan deepens whole, the United States half: log(1 + 1.5) less log(1 + 1), no more."""
    member = WORLD.membership.at[0, USA].set(1.0)
    tied = replace(YEAR["commitment"], weight=jnp.asarray([1.0, 0.0]), members=member)
    founded = replace(YEAR["frameworks"], base=member)
    deep = jnp.zeros((2, 5)).at[0, JPN].set(1.0)
    effect = value("commitment", "overlap") * value("commitment", "framework_weight")
    calm = float(lapses(tied, member, toy.still())[SENKAKU, 0])
    for theirs, whole in ((0.5, 1.5), (1.0, 2.0), (0.0, 1.0), (-0.5, 0.5)):
        levers = toy.still(deepen=deep.at[0, USA].set(theirs))
        vigour = founded(WORLD.replace({"membership": member}), levers, KEY)["vigour"]
        found = float(lapses(tied, member, levers, vigour)[SENKAKU, 0])
        odds = np.log(calm / (1 - calm)) + effect * (np.log1p(whole) - np.log1p(1.0))
        assert found == near(1 / (1 + np.exp(-odds))), theirs


DEEPER = jnp.zeros((2, 5)).at[0, AUS].set(1.0).at[0, JPN].set(0.5)


def test_of_both_sides_moves_the_lesser_counts():
    joint, undone = (np.asarray(depth_of_pairs(one[:1])) for one in (DEEPER, -DEEPER))
    assert joint[AUS, JPN] == joint[JPN, AUS] == 0.5 and joint.sum() == 1.0
    assert undone[AUS, JPN] == -0.5 and undone.sum() == -1.0
    both = np.asarray(depth_of_pairs(jnp.concatenate([-0.2 * DEEPER[:1], DEEPER[:1]])))
    np.testing.assert_array_equal(both, joint)


@pytest.mark.slow
def test_a_deeper_agreement_grows_trade_among_those_who_deepen_it():
    """CPTPP holds Australia and Japan here; WHO is no agreement on trade."""
    depth = DEEPER
    calm, found = act("trade"), act("trade", WORLD.replace({"depth": depth}))
    assert found["partner_share"][AUS, JPN] > 0
    assert found["consumption"][AUS] > calm["consumption"][AUS]
    elsewhere = act("trade", WORLD.replace({"depth": depth[::-1]}))
    np.testing.assert_array_equal(elsewhere["consumption"], calm["consumption"])


def test_deepening_holds_what_its_provisions_do_and_what_those_of_later_years_do():
    """Five provisions, each by its effect and by that of its placebo, lie within 90 %."""
    kept = pd.read_csv(resources.files("comity.claims").joinpath("estimates.csv"), index_col=0)
    found, prior = kept.loc["trade_on_provisions"], books()["trade"]["deepening"].prior
    both = 5 * float(found["value"]), 5 * float(found["placebo"])
    assert prior.mean == near(sum(both) / 2, 0.03)
    assert all(abs(one - prior.mean) < 1.645 * prior.sd for one in both)


# Challenges, wars and news reach spending ----------------------------------------------------


def test_targets_spend_more_where_more_challenges_are_to_be_expected():
    calm = crisis(WORLD)
    worse = WORLD.replace({"military_stock": WORLD.military_stock.at[USA].multiply(0.1)})
    found = crisis(worse)
    chance = [1 / (1 + np.exp(-one["challenge_odds"][SENKAKU])) for one in (calm, found)]
    expected = value("crises", "alarm") * (chance[1] - chance[0])
    assert found["alarm"][JPN] - calm["alarm"][JPN] == near(expected)
    assert expected > 0
    # It stays: next year starts from there.
    again = crisis(worse.replace({"alarm": jnp.asarray(found["alarm"])}))["alarm"]
    assert again[JPN] == near(2 * found["alarm"][JPN])
    assert (np.asarray(found["alarm"])[[AUS, KOR, USA]] == 0.0).all()


def test_a_year_alarms_a_state_once():
    """Two challenges of one half each: three quarters that any comes, not a whole one."""
    played = YEAR["crises"]
    at = jnp.full(len(flashpoints()), CHN).at[jnp.asarray([SENKAKU, REVERSED])].set(JPN)
    sides = played.theatres.sides
    both = eqx.tree_at(lambda own: own.theatres.sides.target, played, at)
    found = any_challenge(both, jnp.zeros(5), jnp.full(len(flashpoints()), 0.5))
    assert found == near([0, 0, 0.75, 0, 0]) and sides.present.sum() == 2


@pytest.mark.parametrize("field", ["alarm", "mobilised"])
def test_what_is_called_for_is_spent_and_not_consumed(field):
    calm = act("armament")
    called = act("armament", WORLD.replace({field: jnp.zeros(5).at[JPN].set(0.1)}))
    ratio = called["milex"] / calm["milex"]
    assert ratio == near(np.where(np.arange(5) == JPN, np.exp(0.1), 1.0), 1e-12)
    assert called["consumption"][JPN] < calm["consumption"][JPN]


def test_sides_of_a_war_spend_more_while_it_is_fought():
    sure = jnp.full(len(flashpoints()), -30.0).at[SENKAKU].set(30.0)
    begun = act("war", WORLD.replace({"war_odds": sure}))
    raised = value("war", "mobilises")
    joined = begun["war_joined"][SENKAKU].max()
    assert begun["mobilised"] == near([0, raised, raised, 0, raised * float(joined)])
    over = WORLD.replace({key: jnp.asarray(one) for key, one in begun.items()})
    ended = act("war", over.replace({"war_odds": jnp.full(len(flashpoints()), -30.0)}), ends=1.0)
    assert (ended["mobilised"] == 0.0).all()


def test_new_spending_raises_output_until_it_is_used_to():
    """One per cent of GDP, multiplier 0.6: seven tenths of it at once, all a year on, then less."""
    levers = toy.still(defence_share=jnp.zeros(5).at[JPN].set(0.01))
    still, gdp = {"shock_sd": 0.0, "reversion": 0.0}, float(1e3 * WORLD.gdp[JPN])
    civil = float((YEAR["armament"].absorption - WORLD.milex)[JPN])
    world, lost = WORLD, []
    fixed = {"multiplier": 0.6, "at_once": 0.7, "adapts": 0.4}
    for _ in range(30):
        found = act("armament", world, levers, **fixed, **still)
        lost.append((1 - found["consumption"][JPN]) * civil / gdp)
        world = world.replace({k: jnp.asarray(found[k]) for k in ("effort_last", "effort_usual")})
    assert lost[0] == near(0.01 * (1 - 0.7 * 0.6)), "0.42 in the first year"
    assert lost[1] == near(0.01 * (1 - 0.6)), "all of it in the second"
    assert lost[2] == near(0.01 * (1 - 0.6 * 0.6)), "then it fades"
    assert lost[-1] == near(0.01, 1e-5) and np.all(np.diff(lost[1:]) > 0)
    back = act("armament", world, toy.still(), **fixed, **still)
    assert back["consumption"][JPN] == near(1 - 0.7 * 0.6 * 0.01 * gdp / civil, 1e-4)


def test_what_spending_costs_on_the_page_is_what_the_priors_give_at_their_means():
    """Means of the triangles; 2 % of GDP costs 1.5, 1.3, 1.6 % in the first three years."""
    priors = [books()["armament"][n].prior for n in ("multiplier", "at_once", "adapts")]
    whole, first, fades = ((p.low + p.mode + p.high) / 3 for p in priors)
    left = (1 - first * whole, 1 - whole, 1 - whole * (1 - fades))
    assert [round(2 * one, 1) for one in left] == [1.5, 1.3, 1.6]


def test_how_grave_a_resisted_challenge_is_differs_by_pair():
    """Posterior log-odds of a war less those of all pairs: four wars at Kashmir."""
    shift = risks()["escalation"]
    assert shift["kashmir"] > 0.5 > 0 > shift["preah-vihear"]
    base = value("crises", "escalation")
    odds = np.log(base / (1 - base)) + shift.to_numpy()
    assert crisis()["escalation_alone"] == near(1 / (1 + np.exp(-odds)))
    for name in shift.index[shift.index.str.endswith("-reversed")]:
        assert shift[name] == shift[name.removesuffix("-reversed")]


@pytest.mark.slow
def test_a_partner_is_missed_more_before_buyers_find_others():
    """The long run is the plain cut-off at the elasticity, the first year at 0.38 of it."""
    trade, still = YEAR["trade"], toy.still()
    found, ok = trade.loss(WORLD, still, jnp.asarray(CHN), jnp.asarray(JPN))
    assert ok and found[1] > 1.5 * found[0] > 0
    nothing = jnp.zeros((5, 5))
    for place, part in enumerate((1.0, value("trade", "first_year"))):
        alone = cutoff_loss(
            trade.base,
            part * trade.elasticity,
            jnp.ones(5),
            trade.base.tariff,
            nothing + 1.0,
            CHN,
            JPN,
            severity(part * trade.elasticity),
        )
        assert float(found[place]) == near(100.0 * float(alone.power), 1e-6)


def test_what_is_cut_off_has_no_appeal_left():
    """At 0.24, the least of the first year, a hundred times the cost would leave a third."""
    for elasticity in (0.24, 0.76, 1.2, 1.5, 4.0):
        left = float((1.0 + severity(jnp.asarray(elasticity))) ** -elasticity)
        assert left <= APPEAL_LEFT * (1 + 1e-9), elasticity
    assert all(float(severity(jnp.asarray(e))) == CUT_OFF for e in (1.51, 2.0, 4.0))


@pytest.mark.slow
def test_the_loss_of_a_cut_off_does_not_hang_on_how_it_is_cut():
    """A cut a thousand times as stiff costs no more than a thousandth more of the loss."""
    trade, nothing = YEAR["trade"], jnp.zeros((5, 5))
    for elasticity in (0.24, 0.5, 1.2):
        e = jnp.asarray(elasticity)
        ours, stiff = (
            cutoff_loss(
                trade.base, e, jnp.ones(5), trade.base.tariff, nothing + 1.0, CHN, JPN, cost
            )
            for cost in (severity(e), jnp.expm1(-jnp.log(1e-6) / e))
        )
        assert ours.converged and stiff.converged
        assert float(ours.power) == near(float(stiff.power), 2e-3), elasticity
