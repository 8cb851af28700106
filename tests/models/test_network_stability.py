"""Alliance networks: wars by hand, the definitions in sets by brute force, the theorem."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.force import network_stability as net

# Whole numbers and halves: sums are exact, so that ties are decided alike.
ADVANTAGES = st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.0, 4.0])
LEAGUE = {"strength": np.ones(3), "advantage": 1.5}


@st.composite
def economies(draw, low=2, high=5):
    count = draw(st.integers(low, high))
    strength = draw(st.lists(st.integers(0, 9), min_size=count, max_size=count))
    number = draw(st.integers(0, 2 ** (count * (count - 1) // 2) - 1))
    return np.array(strength, float), draw(ADVANTAGES), number


def network(count, *allied):
    found = np.zeros((count, count), bool)
    for i, j in allied:
        found[i, j] = found[j, i] = True
    return found


def attackers(g, strength, advantage, victim):
    """Every set that may attack a country and wins, straight from the definition."""
    count = len(strength)
    near = [set(np.flatnonzero(g[i]).tolist()) | {i} for i in range(count)]
    for size in range(1, count):
        for group in map(set, combinations(set(range(count)) - {victim}, size)):
            defence = sum(strength[k] for k in near[victim] - group)
            if any(group <= near[j] for j in group):
                if sum(strength[k] for k in group) > advantage * defence:
                    yield group


def without(g, victim):
    rest = g.copy()
    rest[victim] = rest[:, victim] = False
    return rest


def two_partners(networks):
    """Best with two partners: 0, 1.5, 2, 1.5, 0 for none to four."""
    partners = networks.sum(axis=2)
    return 2.0 * partners - 0.5 * partners**2


def upkeep(networks):
    return -networks.sum(axis=2).astype(float)


def test_networks_are_numbered_by_their_pairs():
    assert net.pairs(3).tolist() == [[0, 1], [0, 2], [1, 2]]
    assert len(net.all_networks(4)) == 64
    assert np.array_equal(net.all_networks(3)[5], network(3, (0, 1), (1, 2)))


def test_who_can_be_beaten_by_hand():
    strength = np.array([2.0, 1.0, 1.0])
    cases = {
        (): [False, True, True],
        ((1, 2),): [False, False, False],
        # An alliance is no shield against the ally itself.
        ((0, 1),): [False, True, True],
        ((0, 1), (0, 2)): [False, True, True],
    }
    for allied, wanted in cases.items():
        g = network(3, *allied)
        assert net.vulnerable(g[None], strength, 1.0)[0].tolist() == wanted, allied


@given(economies())
def test_vulnerable_is_the_definition(economy):
    strength, advantage, number = economy
    g = net.all_networks(len(strength))[number]
    wanted = [any(attackers(g, strength, advantage, i)) for i in range(len(strength))]
    assert net.vulnerable(g[None], strength, advantage)[0].tolist() == wanted


@given(economies(), st.integers(0, 6), st.sampled_from([two_partners, upkeep]))
def test_despite_trade_is_the_definition(economy, spoils, utility):
    strength, advantage, number = economy
    count = len(strength)
    g = net.all_networks(count)[number]

    def gains(group, victim):
        lost = utility(g[None])[0] - utility(without(g, victim)[None])[0]
        return [spoils / len(group) - lost[k] for k in group]

    wanted = [
        any(
            min(gains(group, i)) >= 0 and max(gains(group, i)) > 0
            for group in attackers(g, strength, advantage, i)
        )
        for i in range(count)
    ]
    found = net.vulnerable_despite_trade(
        g[None], strength, advantage, utility, np.full(count, float(spoils))
    )
    assert found[0].tolist() == wanted


@given(economies(), st.permutations(range(5)))
def test_names_do_not_matter(economy, order):
    strength, advantage, number = economy
    order = [i for i in order if i < len(strength)]
    g = net.all_networks(len(strength))[number]
    found = net.vulnerable(g[None], strength, advantage)[0]
    renamed = net.vulnerable(g[np.ix_(order, order)][None], strength[order], advantage)[0]
    assert renamed.tolist() == found[order].tolist()


@given(economies())
def test_defence_that_counts_for_more_protects(economy):
    strength, advantage, number = economy
    g = net.all_networks(len(strength))[number][None]
    stronger = net.vulnerable(g, strength, advantage + 0.5)
    assert (stronger <= net.vulnerable(g, strength, advantage)).all()


@given(economies(low=3))
def test_no_network_with_an_alliance_is_war_stable(economy):
    strength, advantage, _ = economy
    stable = net.war_stable(strength, advantage)
    assert not stable[1:].any()
    weakest, *others = sorted(strength)
    assert stable[0] == (advantage * weakest >= sum(others[-2:]))


def test_two_countries_cannot_protect_each_other():
    assert net.war_stable(np.ones(2), 1.0).tolist() == [True, False]
    assert net.war_stable(np.array([2.0, 1.0]), 1.0).tolist() == [False, False]


@given(economies(low=3))
def test_where_trade_brings_nothing_and_alliances_cost_it_is_war_stability(economy):
    strength, advantage, _ = economy
    spoils = np.full(len(strength), 10.0)
    found = net.trade_stable(strength, advantage, upkeep, spoils)
    assert np.array_equal(found, net.war_stable(strength, advantage))


@given(economies(), st.sampled_from([0.5, 1.0, 3.0]))
def test_one_network_is_judged_as_among_all(economy, spoils):
    strength, advantage, number = economy
    g = net.all_networks(len(strength))[number]
    assert net.is_war_stable(g, strength, advantage) == net.war_stable(strength, advantage)[number]
    trade = (strength, advantage, two_partners, np.full(len(strength), spoils))
    assert net.is_trade_stable(g, *trade) == net.trade_stable(*trade)[number]


@pytest.mark.parametrize(("spoils", "held"), [(0.5, True), (1.0, True), (1.25, False)])
def test_trade_holds_three_together_while_it_is_worth_more_than_spoils(spoils, held):
    # Two can beat the third; each would lose its second partner, worth 0.5, for half the spoils.
    ring = network(3, (0, 1), (1, 2), (0, 2))
    assert net.vulnerable(ring[None], **LEAGUE).all()
    assert not net.is_war_stable(ring, **LEAGUE)
    stable = net.trade_stable(**LEAGUE, utility=two_partners, spoils=np.full(3, spoils))
    assert np.flatnonzero(stable).tolist() == ([7] if held else [])
    assert net.is_trade_stable(ring, **LEAGUE, utility=two_partners, spoils=np.full(3, spoils)) == (
        held
    )


@pytest.mark.parametrize(("spoils", "beaten"), [(0.75, False), (1.0, True)])
def test_an_attacker_that_gains_needs_the_other_not_to_lose(spoils, beaten):
    # Second and third together beat the first; the second loses its second partner, worth 0.5.
    line = network(3, (0, 1), (1, 2))
    found = net.vulnerable_despite_trade(
        line[None], **LEAGUE, utility=two_partners, spoils=np.array([spoils, 0.0, 0.0])
    )
    assert found[0].tolist() == [beaten, False, False]


def test_an_alliance_that_one_wants_and_the_other_does_not_mind():
    def of_the_first(networks):
        level = np.zeros(networks.shape[:2])
        level[:, 0] = networks[:, 0].sum(axis=1)
        return level

    stable = net.trade_stable(np.ones(3), 4.0, of_the_first, np.ones(3))
    # The first allied with both; whether those two are allied matters to nobody.
    assert np.flatnonzero(stable).tolist() == [3, 7]


def test_both_ends_of_an_alliance_must_need_it():
    # The theorem leaves no stable network to show this on, so who is vulnerable is made up.
    allied, nobody = network(2, (0, 1))[None], np.zeros((1, 2), bool)
    for ends, held in (([True, True], True), ([True, False], False), ([False, False], False)):
        after = np.array([[ends]])
        assert net._war_rule(allied, nobody, after).tolist() == [held]
        assert net._war_rule(network(2)[None], nobody, after).tolist() == [not any(ends)]
        assert not net._war_rule(allied, ~nobody, after).any()


def test_an_alliance_that_would_make_somebody_vulnerable_unsettles():
    # Nobody wants it, and the first two could together beat the third.
    trade = (np.array([2.0, 2.0, 2.0]), 1.5, upkeep, np.full(3, 9.0))
    assert not net.is_trade_stable(network(3), *trade)
    assert net.is_trade_stable(network(3), trade[0], 2.0, *trade[2:])


def test_a_network_of_nine_in_three_triangles():
    triangles = np.kron(np.eye(3), np.ones((3, 3))) - np.eye(9) > 0
    trade = (np.ones(9), 2.5, two_partners, np.full(9, 0.5))
    assert net.is_trade_stable(triangles, *trade)
    assert not net.is_trade_stable(network(9), *trade)
    assert not net.is_war_stable(triangles, *trade[:2])


def test_what_cannot_be_judged_is_refused():
    one_way = np.array([[False, True], [False, False]])
    with pytest.raises(BadInput, match="one way"):
        net.vulnerable(one_way[None], np.ones(2), 1.0)
    with pytest.raises(BadInput, match="advantage"):
        net.war_stable(np.ones(3), 0.0)
    with pytest.raises(BadInput, match="not a number"):
        net.war_stable(np.array([1.0, np.nan, 1.0]), 1.0)
    with pytest.raises(BadInput, match="is_war_stable"):
        net.war_stable(np.ones(7), 1.0)
    with pytest.raises(BadInput, match="13 countries"):
        net.is_war_stable(network(13), np.ones(13), 1.0)
