"""Rules and the word ACTOR in scenarios, and the rules of the library."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from bad_inputs import BASE
from words import WORDS

from comity.core.errors import BadInput
from comity.engine.levers import Levers
from comity.engine.programme import OBSERVABLES
from comity.files.documents import from_bytes
from comity.scenarios.moves import fraction_in_year
from comity.scenarios.scenario import load_scenario, parse_scenario
from comity.scenarios.strategy import load_strategy
from comity.study.ensemble import Arm, ensemble
from comity.study.laboratory import vocabulary

REAL = vocabulary()

RULE = """rules:
  - {observe: "tariff(ACTOR, USA)", comparator: ">", threshold: 0.05, lever: tariff,
     importer: USA, exporter: ACTOR, add: 0.05, scale: size, when: {answer: nobody}, judged: x}
"""


def for_actor(text: str, actor: str):
    return parse_scenario(from_bytes(text.encode(), "f.yaml"), replace(WORDS, actor=actor))


def test_rules_are_for_the_state_whose_strategies_are_compared():
    (rule,) = for_actor(BASE + RULE, "KOR").rules
    assert (rule.observable, rule.state, rule.partner) == ("tariff", "KOR", "USA")
    assert (rule.comparator, rule.threshold, rule.where) == (">", 0.05, "f.yaml:25:5")
    assert (rule.move.actors, rule.move.targets) == (("USA",), ("KOR",))
    assert (rule.move.scale, rule.move.when) == ("size", {"answer": ("nobody",)})


@pytest.mark.parametrize("actor", ["", "USA"])
def test_rules_without_an_actor_or_of_the_actor_itself_are_left_out(actor):
    assert for_actor(BASE + RULE, actor).rules == ()
    named = RULE.replace("tariff(ACTOR, USA)", "openness(USA)").replace("ACTOR", "CHN")
    assert len(for_actor(BASE + named, actor).rules) == (0 if actor == "USA" else 1)


def test_a_rule_of_several_states_moves_the_others():
    text = BASE + RULE.replace("importer: USA", "importer: [USA, CHN]").replace(
        "exporter: ACTOR", "exporter: JPN"
    )
    assert for_actor(text, "CHN").rules[0].move.actors == ("USA",)
    assert for_actor(text, "KOR").rules[0].move.actors == ("CHN", "USA")


@pytest.mark.parametrize(
    "old, new, fragment, line",
    [
        ("tariff(ACTOR, USA)", "tarif(ACTOR, USA)", "did you mean 'tariff'?", 25),
        ("exporter: ACTOR", "exporter: ACTR", "there is no state called 'ACTR'", 26),
        ("threshold: 0.05", "treshold: 0.05", "did you mean 'threshold'?", 25),
        ("scale: size", "scael: size", "did you mean 'scale'?", 26),
        ("scale: size", "scale: answer", "'answer' is not a number uncertainty", 26),
        (", judged: x", "", "the move has no source", 25),
        ("lever: tariff", "lever: tarif", "did you mean 'tariff'?", 25),
        ("rules:", "ruels:", "did you mean 'rules'?", 24),
    ],
)
@pytest.mark.parametrize("actor", ["", "KOR"])
def test_rules_refused_with_place_and_reason(actor, old, new, fragment, line):
    assert RULE.count(old) == 1
    with pytest.raises(BadInput) as caught:
        for_actor(BASE + RULE.replace(old, new), actor)
    message = next((t for t in str(caught.value).splitlines() if fragment in t), "")
    assert message.startswith(f"f.yaml:{line}:"), str(caught.value)


def test_rules_of_a_parent_are_taken_over(tmp_path):
    (tmp_path / "parent.yaml").write_text(BASE + RULE, encoding="utf-8")
    child = BASE.replace("name: wall", "name: child\nextends: parent.yaml").replace(
        "[JPN, KOR]", "[FRA]"
    ) + RULE.replace("0.05, lever", "0.10, lever")
    (tmp_path / "child.yaml").write_text(child, encoding="utf-8")
    rules = load_scenario(tmp_path / "child.yaml", replace(WORDS, actor="JPN")).rules
    assert [rule.threshold for rule in rules] == [0.05, 0.10]
    assert rules[0].where.endswith("parent.yaml:25:5")


@pytest.mark.parametrize(
    "written, actor, ids",
    [
        ("[JPN, ACTOR]", "KOR", ("JPN", "KOR")),
        ("[JPN, ACTOR]", "", ("JPN",)),
        ("EU except ACTOR", "FRA", ("DEU", "ITA")),
        ("EU except ACTOR", "", ("DEU", "FRA", "ITA")),
        ("EU  except  [FRA, ITA]", "", ("DEU",)),
        ('"@EU except DEU"', "", ("FRA", "ITA")),
        ("[JPN except ACTOR, KOR]", "JPN", ("KOR",)),
    ],
)
def test_parties_with_and_without_the_actor(written, actor, ids):
    assert for_actor(BASE.replace("[JPN, KOR]", written), actor).moves[0].targets == ids


@pytest.mark.parametrize(
    "written, actor", [("ACTOR", ""), ("JPN except ACTOR", "JPN"), ("ACTOR except EU", "FRA")]
)
def test_a_move_left_without_a_state_by_the_actor_is_left_out(written, actor):
    assert for_actor(BASE.replace("[JPN, KOR]", written), actor).moves == ()


@pytest.mark.parametrize(
    "written, fragment",
    [
        ("EU except EU", "leaves no state"),
        ("ALL except A except B", "one `except`"),
        ("ALL except JPN, ,KOR", "cannot be read"),
        ("EU except KROEA", "no state called 'KROEA'"),
        ("EUU except JPN", "no state called 'EUU'"),
    ],
)
def test_exceptions_that_cannot_be_meant(written, fragment):
    with pytest.raises(BadInput, match=fragment):
        for_actor(BASE.replace("[JPN, KOR]", f'"{written}"'), "")


# The library


def added(found, importer: str, exporter: str, year: int, **branch: str) -> float:
    """Added tariff in a year with every drawn number at the middle of its range."""
    middle = {u.name: (u.prior.low + u.prior.high) / 2 for u in found.uncertainties if u.prior}
    return sum(
        m.value * fraction_in_year(m, year) * middle.get(m.scale, 1.0)
        for m in found.moves
        if m.lever == "tariff"
        and importer in m.actors
        and exporter in m.targets
        and all(branch[name] in options for name, options in m.when.items())
    )


def test_the_wall_leaves_the_answer_of_the_actor_to_its_strategy():
    for actor, other in (("JPN", "KOR"), ("CHN", "JPN")):
        found = load_scenario("tariff-wall", replace(REAL, actor=actor))
        assert added(found, actor, "USA", 2030, retaliation="everybody") == 0.0
        assert added(found, other, "USA", 2030, retaliation="everybody") > 0.1
    found = load_scenario("america-first", replace(REAL, actor="KOR"))
    branch = dict(continuation="deepens", answers="many")
    assert added(found, "KOR", "USA", 2030, **branch) == 0.0
    assert added(found, "DEU", "USA", 2030, **branch) == pytest.approx(0.085)


def counter(found, seen: float, year: int, **branch: str) -> float:
    """What the United States adds, per unit of ``counter_size``, a year after it saw this."""
    return sum(
        rule.move.value * fraction_in_year(rule.move, year)
        for rule in found.rules
        if seen > rule.threshold
        and all(branch[name] in options for name, options in rule.move.when.items())
    )


@pytest.mark.parametrize("name", ["tariff-wall", "america-first"])
def test_an_answer_is_met_in_its_own_steps(name):
    found = load_scenario(name, replace(REAL, actor="JPN"))
    branch = dict(us_counter="yes", continuation="continues")
    assert {(r.observable, r.state, r.partner) for r in found.rules} == {("tariff", "JPN", "USA")}
    assert {(r.move.actors, r.move.targets, r.move.scale) for r in found.rules} == {
        (("USA",), ("JPN",), "counter_size")
    }
    assert counter(found, 0.04, 2030, **branch) == 0.0
    for step in (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50):
        assert counter(found, step, 2030, **branch) == pytest.approx(step)
        assert counter(found, step, 2030, **branch | {"us_counter": "no"}) == 0.0
    assert counter(found, 9.0, 2030, **branch) == pytest.approx(0.50)
    assert load_scenario(name, replace(REAL, actor="USA")).rules == ()
    assert load_scenario(name, REAL).rules == ()


def test_counters_begin_after_the_record_and_end_with_the_measures():
    found = load_scenario("america-first", replace(REAL, actor="JPN"))
    for branch in ("continues", "deepens", "unwinds"):
        assert counter(found, 0.1, 2026, us_counter="yes", continuation=branch) == 0.0
        assert counter(found, 0.1, 2028, us_counter="yes", continuation=branch) > 0.0
    assert counter(found, 0.1, 2030, us_counter="yes", continuation="unwinds") == 0.0


@pytest.mark.parametrize("actor", ["CHN", "CAN"])
def test_tariffs_on_record_are_not_met_again_but_further_ones_are(actor):
    found = load_scenario("america-first", replace(REAL, actor=actor))
    reach = next(u.prior for u in found.uncertainties if u.name == "reach_answer")
    branch = dict(us_counter="yes", continuation="continues", answers="nobody")
    for year in range(2027, 2035):
        middle = added(found, actor, "USA", year, **branch)
        ends = [middle * x * 2 / (reach.low + reach.high) for x in (reach.low, reach.high)]
        for standing in ends if actor == "CHN" else [middle]:
            assert counter(found, standing, year + 1, **branch) == 0.0
            for step in (0.05, 0.10, 0.30, 0.50):
                assert counter(found, standing + step + 1e-9, year + 1, **branch) == pytest.approx(
                    step
                )


@pytest.mark.parametrize(
    "name, start, size, end",
    [
        ("tariff-wall", 0.25, 0.25, 0.30),
        ("tariff-wall", 0.25, 0.5, 0.40),
        ("tariff-wall", 0.25, 1.0, 0.50),
        ("tariff-wall", 0.25, 1.5, 0.50),
        ("america-first", 0.08, 0.25, 0.05),
        ("america-first", 0.08, 0.5, 0.10),
        # One for one it climbs until 8 points no longer bridge a step of 10.
        ("america-first", 0.08, 1.0, 0.30),
        ("america-first", 0.08, 1.5, 0.50),
    ],
)
def test_answer_and_counter_end_at_the_steps(name, start, size, end):
    """The interplay with `retaliate` over a long time stays within 50 points, and 50 times size."""
    found = load_scenario(name, replace(REAL, actor="JPN"))
    rules = load_strategy("retaliate", REAL, "JPN").rules
    answer = us = 0.0
    for _ in range(200):
        seen = start + us
        us = size * counter(found, answer, 2030, us_counter="yes", continuation="continues")
        answer = sum(rule.move.value for rule in rules if seen > rule.threshold)
        assert answer <= 0.5 + 1e-12 and us <= 0.5 * size + 1e-12
    assert answer == pytest.approx(end)


@pytest.mark.slow
def test_the_first_year_observes_the_openness_of_the_base_year():
    """It was nil before trade had cleared once, so that rules on it fired or slept wrongly."""
    made = ensemble((Arm("JPN"),), (), (2025,), 1, 1)
    world = made.shared.world
    sales, at = np.asarray(world.sales), world.index("SGP")
    abroad = sales[at].sum() + sales[:, at].sum() - 2 * sales[at, at]
    expected = abroad / (float(world.value_added_share[at]) * sales[at].sum())
    seen = OBSERVABLES["openness"].read(world, Levers({}), jnp.asarray([at]), jnp.asarray([at]))
    np.testing.assert_allclose(seen, expected, rtol=1e-12)
    assert expected > 1
