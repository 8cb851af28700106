"""Random scenarios through one program: what must hold does, and each look can fail."""

import json
from collections import Counter
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import comity.core.runtime as runtime
import toy
from comity.core.errors import BadInput
from comity.engine.programme import Acts, DyadMoves, Moves, Rules, programme
from comity.engine.year import future
from comity.files.documents import from_bytes
from comity.mechanisms.catalogue import levers
from comity.scenarios.scenario import parse_scenario
from comity.study.ensemble import Arm, ensemble
from fuzz import conserved, drafts, one_shape, scenarios

SEED, SCENARIOS = 1, 192


def test_a_scenario_hangs_on_its_number_alone():
    assert drafts.drawn(SEED, 7) == drafts.drawn(SEED, 7) != drafts.drawn(SEED, 8)


def test_drafts_move_every_lever_in_every_way():
    import random

    made = [drafts.draft(random.Random(number)) for number in range(400)]
    moves = [move for draft in made for move in draft["moves"]]
    assert {move["lever"] for move in moves} == set(levers())
    for key in ("set", "times", "until", "when", "scale", "consent", "channel", "ends_early"):
        assert any(key in move for move in moves), key
    assert 80 < sum("rules" in draft for draft in made) < 160
    sizes = [abs(move["add"]) / levers()[move["lever"]].high for move in moves if "add" in move]
    assert 0.3 < np.mean(np.array(sizes) < 10**-1.5) < 0.7


def _programme():
    """Moves of two levers in three groups, of which a rule and an act switch one each."""
    n, span = len(toy.STATES), len(toy.YEARS)
    luck = np.random.default_rng(3)
    tariff = DyadMoves(jnp.asarray(luck.random((2, span, 2, n))), jnp.asarray([4, 1]), (0, 2))
    spent = Moves(jnp.asarray(luck.random((2, span, n)) / 50), (1, 2))
    one = jnp.asarray([2])
    rules = Rules(one * 0, one, one * 0, jnp.ones(1), jnp.asarray([0.1]), (1,), (0,))
    acts = Acts(
        one, one * 0, jnp.asarray([2025.5]), jnp.asarray([77], jnp.uint32), (2,), (0,)
    )  # fmt: skip
    return programme(
        levers().values(), toy.YEARS, n, len(toy.FRAMEWORKS), {"tariff": tariff},
        {"defence_share": spent}, rules, acts,
    )  # fmt: skip


def _padded(made, place=1, count=2):
    """The programme in a shape of its own among others, and the group that each slot holds."""
    room = one_shape.blank(toy.quiet(toy.YEARS, len(toy.STATES), len(toy.FRAMEWORKS)), count)
    for other in range(count):
        held = one_shape.put_in(room, other, made)
    held = one_shape.put_in(room, place, made)
    return jax.tree.map(lambda x: jnp.asarray(x[place]), room), held


@jax.jit
def _stand(made, weights, observed, survival, t):
    """Levers of a year where every rule observed this and every act survives as likely."""
    world = toy.toy_world()
    world = world.replace({"survival": jnp.full_like(world.survival, survival)})
    seen = jnp.full(made.rules.sign.shape, observed)
    year = jnp.asarray(toy.YEARS)[t]
    standing = made.acts.standing(jnp.full(made.acts.start.shape, 0.5), world, year)
    return made.levers(made.weights_now(weights, seen, standing), t).at


def test_a_lever_stands_where_it_stood_before_padding():
    made = _programme()
    shaped, held = _padded(made)
    weights = jnp.asarray([0.7, 1.0, 0.3])
    wide = jnp.asarray(one_shape.into(np.asarray(weights), held))
    for observed, survival in ((0.0, 1.0), (0.2, 0.0)):
        for t in range(len(toy.YEARS)):
            plain, padded = (
                _stand(one, given, observed, survival, t)
                for one, given in ((made, weights), (shaped, wide))
            )
            assert np.any(plain["tariff"] != 0) or t == 2
            for name in levers():
                np.testing.assert_array_equal(plain[name], padded[name], err_msg=name)


def test_a_slot_that_is_left_over_is_empty_again():
    n, k = len(toy.STATES), len(toy.FRAMEWORKS)
    still = toy.quiet(toy.YEARS, n, k)
    room = one_shape.blank(still, 1)
    one_shape.put_in(room, 0, _programme())
    one_shape.put_in(room, 0, still)
    for moves in (*room.dyads.values(), *room.others.values()):
        assert not moves.values.any()
    assert np.isneginf(room.rules.threshold).all() and np.isposinf(room.acts.start).all()


def test_more_groups_than_slots_are_refused():
    n, span = len(toy.STATES), len(toy.YEARS)
    many = one_shape.SLOTS + 1
    spent = Moves(jnp.ones((many, span, n)), tuple(range(many)))
    made = programme(
        levers().values(), toy.YEARS, n, len(toy.FRAMEWORKS), None, {"defence_share": spent}
    )
    with pytest.raises(ValueError, match=f"{many} groups for {one_shape.SLOTS} slots"):
        _padded(made)


def test_a_lever_of_no_state_has_no_channel():
    """It met no government's checks and ended in a KeyError."""
    data = {
        "comity": "scenario 1", "name": "x",
        **{key: {"en": "x", "ja": "x"} for key in ("title", "question", "summary")},
        "moves": [{"lever": "decision_rule", "framework": "UNSC", "add": 1, "from": 2026,
                   "channel": "treaty", "judged": "x"}],
    }  # fmt: skip
    with pytest.raises(BadInput, match="a checked move has one state"):
        parse_scenario(from_bytes(json.dumps(data).encode(), "f.yaml"), drafts.words())


@pytest.mark.slow
def test_padding_changes_no_bit_of_a_future():
    made = _programme()
    shaped, held = _padded(made)
    weights = np.array([0.7, 1.0, 0.3])
    run = {}
    for name, one, given in (("plain", made, weights), ("padded", shaped, None)):
        shared = toy.toy_shared(programme=one)
        rows = [
            toy.toy_row(n, given if given is not None else one_shape.into(weights, held))
            for n in range(4)
        ]
        side = jax.tree.map(lambda *x: jnp.stack(x), *rows)
        run[name] = runtime.over_rows(future)(shared, side)
    for field, values in run["plain"].series.items():
        np.testing.assert_array_equal(values, run["padded"].series[field], err_msg=field)
    assert run["plain"].ok.all() and np.ptp(np.asarray(run["plain"].series["milex"])) > 0


@pytest.fixture(scope="module")
def solved():
    """Some scenarios, run side by side in one program, and what came of each."""
    ground = one_shape.Ground(SEED, SCENARIOS)
    here = conserved.Here(ground)
    room = one_shape.blank(ground.shared.programme, scenarios.A_CHUNK)
    found = []
    for first in range(0, SCENARIOS, scenarios.A_CHUNK):
        numbers = range(first, first + scenarios.A_CHUNK)
        made = [one_shape.arm_of(ground, drafts.drawn(SEED, n, one_shape.fits)) for n in numbers]
        item = one_shape.chunk_of(ground, room, made, numbers)
        results = jax.tree.map(np.asarray, ground.run(ground.shared, item))
        for place, number in enumerate(numbers):
            series = {name: values[place] for name, values in results.series.items()}
            found.append((results.ok[place], conserved.Seen(here, made[place], number, series)))
    assert ground.run._cache_size() == 1
    return found


@pytest.mark.slow
def test_what_must_hold_does(solved):
    for ok, seen in solved:
        if ok:
            assert not conserved.broken(conserved.deviations(seen)), seen.number
    assert sum(not ok for ok, _ in solved) <= 3


def _spoilt(seen, name, change):
    series = {field: values.copy() for field, values in seen.series.items()}
    change(series[name], seen)
    return replace(seen, series=series)


def _at(place, value):
    def change(values, _):
        values[place] += value

    return change


def _times(factor):
    def change(values, _):
        values *= factor

    return change


def _new(values, seen):
    values[0, seen.here.frameworks.index(drafts.NEW[0]), 0] = 0.5


def _region(values, seen):
    values[4, 0, np.flatnonzero(seen.here.many > 1)[0]] += 0.01


def _state(values, seen):
    values[4, 0, seen.here.row["JPN"]] += 0.01


TRADE = conserved.TRADE
PLANTED = [
    ("every number is finite", "consumption", _at((3, 2), np.nan)),
    ("shares and chances from 0 to 1, prices, output and spending not below 0", "price",
     _times(-1.0)),
    ("what no mechanism in force writes does not move", "deadlock", _at((5, 0), 0.01)),
    ("memberships by date, states", "membership", _state),
    ("memberships by date, regions", "membership", _region),
    ("no member before the founding", "membership", _new),
    ("members counted", "members", _times(1.01)),
    ("troops moved, thousands", "ledger_forces", _at((6, 1, 2), 0.001)),
    ("shares of trade partners sum to 1", "partner_share", _at((2, 0, 1), 0.1)),
    ("shares in bridging sum to 1 or 0", "bridging", _times(1.01)),
    ("military spending within what there is", "milex", _times(1e3)),
    (TRADE["markets"], "ledger_price", _at((4, 0), 0.01)),
    (TRADE["balance"], "ledger_price", _at((4, 0), 0.01)),
    (TRADE["world"], "ledger_price", _times(1.01)),
    (TRADE["income"], "ledger_income", _times(1.01)),
    (TRADE["openness"], "ledger_openness", _times(1.01)),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("look, field, change", PLANTED, ids=[one[0] for one in PLANTED])
def test_a_planted_violation_is_noticed(solved, look, field, change):
    """On a future with the frameworks in force and the Council not."""
    options = {"frameworks": True, "council": False, "checks": False}
    seen = next(
        one
        for ok, one in solved
        if ok and all((name in one.made.options) == on for name, on in options.items())
        and not one.of("found")
    )  # fmt: skip
    assert look in conserved.broken(conserved.deviations(_spoilt(seen, field, change)))


def test_every_look_is_planted():
    assert {look for look, *_ in PLANTED} == set(conserved.TOLERANCE)


def test_a_campaign_fails_for_each_of_its_reasons():
    good = {"scenarios": 10_000, "small": 4_000, "programs": 1}
    lender = Counter({(scenarios.LENDER, False): 30})
    assert not scenarios.Tally(**good, unsolved=lender).failed
    for bad in (
        {"raised": ["x"]}, {"faults": ["x"]}, {"programs": 2},
        {"unsolved": {(scenarios.LENDER, True): 4}},
    ):  # fmt: skip
        assert scenarios.Tally(**(good | bad)).failed


def test_the_section_tells_all(monkeypatch):
    monkeypatch.setattr(scenarios, "library", lambda: {"tariff": 1.2})
    found = scenarios.Tally(scenarios=100, small=50, programs=1)
    found.shapes.update([2] * 100)
    found.unsolved[scenarios.LENDER, True] = 1
    wide = scenarios.Tally(scenarios=50, programs=1)
    wide.unsolved[scenarios.LENDER, False] = 3
    text = scenarios.section(found, wide, 5, 60.0)
    assert "1 of 100 futures" in text and "(1.00 %;" in text and "Programs compiled: 1" in text
    assert "of\n50 (6.00 %)" in text and f"| {scenarios.LENDER} | 1 | 3 |" in text
    assert all(f"| {look} | 0.0e+00 | 0.0e+00 |" in text for look in conserved.TOLERANCE)


def test_a_state_of_a_region_that_enters_twice_does_not_fit_and_stands_apart_in_a_run():
    """Uruguay joins at a date, and by a rule: as part of a region it would count twice."""
    rule = (
        "rules:\n  - {observe: consumption(JPN), comparator: '<', threshold: 9, lever: join, "
        "framework: CPTPP, state: URY, judged: x}\n"
    )
    head = "comity: scenario 1\nname: x\ntitle: x\nquestion: x\nsummary: x\n"
    move = "moves:\n  - {lever: join, framework: CPTPP, state: URY, from: 2026, judged: x}\n"
    words = drafts.words()
    once, twice = (
        parse_scenario(from_bytes(text.encode(), "f.yaml"), replace(words, actor="JPN"))
        for text in (head + move, head + move + rule)
    )
    assert one_shape.fits(once) and not one_shape.fits(twice)
    for scenario, apart in ((once, False), (twice, True)):
        made = ensemble([Arm("JPN", (scenario,))], (), (2025, 2026), 1, 1)
        assert ("URY" in made.shared.world.states) == apart
    # Two that each move it once, and never meet, leave the world as it is.
    both = ensemble(
        [Arm("JPN", (one,)) for one in (once, replace(once, name="y"))], (), (2025,), 1, 1
    )
    assert "URY" not in both.shared.world.states
