"""Voting power of real bodies: every number published, exact where it is printed exactly."""

from dataclasses import replace
from fractions import Fraction

import pytest

from comity.evidence.replications import voting_power
from comity.evidence.replications import voting_power_today as today
from comity.models.institutions.voting_power import power


def test_every_published_figure_is_reached():
    checks = voting_power.run()
    assert len(checks) >= 65
    assert all(one.ok for one in checks), [one for one in checks if not one.ok]


@pytest.mark.parametrize(
    ("body", "shapley"),
    [
        (0, ["421/2145"] * 5 + ["4/2145"] * 10),
        (2, ["76/385"] * 5 + ["1/462"] * 6),
        (3, ["7/30"] * 3 + ["3/20"] * 2 + ["0"]),
        (4, ["5/28"] * 4 + ["17/210"] * 2 + ["2/35"] * 2 + ["1/105"]),
    ],
)
def test_fractions_of_every_member(body, shapley):
    found = power(voting_power.BODIES[body].rule)
    assert found.shapley == tuple(Fraction(text) for text in shapley)


def test_vetoes_and_weights_are_the_same_council():
    plain, as_weights = (power(voting_power.BODIES[i].rule) for i in (0, 1))
    assert plain == as_weights


def test_a_fraction_that_is_off_by_less_than_a_float_is_caught():
    near = Fraction(421, 2145) + Fraction(1, 10**30)
    assert not voting_power.check("x", "421/2145", near).ok
    assert voting_power.check("x", "0.1963", near).ok
    assert not voting_power.check("x", "0.1964", near).ok


def test_another_quota_falls_short():
    body = voting_power.BODIES[3]
    rule = replace(body.rule, quotas=(replace(body.rule.quotas[0], quota=13),))
    assert not all(one.ok for one in voting_power.compare(replace(body, rule=rule)))


def test_the_fund_and_the_union_of_today():
    votes = today.fund()
    assert len(votes) == 190
    basic = min(votes.values()) - 25  # Tuvalu has a quota of 2.5 million
    assert 190 * basic / sum(votes.values()) == pytest.approx(0.05502, abs=2e-5)
    names, rule = today.union()
    assert len(names) == 27 and "GBR" not in names
    found = today.powers(names, power(rule))
    people = dict(zip(names, rule.quotas[1].weights, strict=True))
    order = sorted(names, key=people.__getitem__)
    shapley = [found[name][0] for name in order]
    assert shapley == sorted(shapley)
    # Heads count too: the small have more power than people, the large less by Banzhaf.
    share = {name: people[name] / sum(people.values()) for name in names}
    assert found["MLT"][0] > 5 * share["MLT"] and found["DEU"][1] < 0.7 * share["DEU"]


def test_blockers_too_few_are_counted_by_hand():
    _, rule = today.union()
    germany, france, italy = (today.union()[0].index(name) for name in ("DEU", "FRA", "ITA"))
    people = rule.quotas[1]
    assert sum(people.weights[i] for i in (germany, france, italy)) > people.slack
    assert today.blocked_by_few(rule) > 0
