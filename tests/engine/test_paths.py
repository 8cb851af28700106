"""Which moves reach which measures: by hand, and against what mechanisms do when they are moved."""

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import toy
from comity.engine.contract import CutsOff
from comity.engine.paths import LOSSES, graph, reads_of
from comity.engine.programme import Moves, programme
from comity.engine.spread import traced
from comity.engine.year import Shared
from comity.mechanisms.called import nameless
from comity.mechanisms.catalogue import CLASSES, levers, option_names
from comity.mechanisms.measured import outcomes
from comity.registry.axes import flashpoints

WORLD = toy.toy_world()
YEAR = {m.name: m for m in toy.toy_year(WORLD, option_names())}
STILL = toy.still()
KEY = jax.random.key(7)
ACTOR, PARTNERS = "JPN", ("CHN", "USA")
SHARED = Shared(
    WORLD,
    tuple(YEAR.values()),
    toy.quiet(toy.YEARS, WORLD.count, len(toy.FRAMEWORKS)),
    jnp.uint32(1),
)
GRAPH = graph(SHARED, {}, ACTOR, PARTNERS)
MEASURES = {one.name: one for one in outcomes(ACTOR, PARTNERS, option_names())}


def some_world(draw):
    """A world some years in, every moving field a little off its start."""
    moved = {}
    for name in {field for m in YEAR.values() for field in m.writes}:
        value = np.asarray(getattr(WORLD, name))
        if value.dtype == bool:
            continue
        moved[name] = jnp.asarray(value + draw.uniform(0.01, 0.1, value.shape))
    return WORLD.replace(moved)


SOLVED = ("trade", "sectors")
each = pytest.mark.parametrize(
    "cls",
    [
        pytest.param(c, id=c.name, marks=[pytest.mark.slow] if c.name in SOLVED else [])
        for c in CLASSES
    ],
)


@each
def test_nothing_moves_that_a_change_is_said_not_to_reach(cls):
    """Elements of one input are moved; only what its spread names may change."""
    program = dict(reversed(GRAPH.programs))[cls.name]
    call, draw = eqx.filter_jit(YEAR[cls.name]), np.random.default_rng(3)
    world = some_world(draw)
    stand = STILL.replace(
        {n: jnp.asarray(draw.uniform(0.0, 0.2, a.shape)) for n, a in STILL.at.items()}
    )
    plain = None
    for name in program.inputs:
        lever, field = name.removeprefix("lever "), name
        value = np.asarray(stand.at[lever] if name != lever else getattr(world, field))
        if value.dtype == bool:
            continue
        for place in draw.integers(0, value.size, 2):
            mask = np.zeros(value.size, bool)
            mask[place] = True
            reached = program.spread(name, mask.reshape(value.shape))
            if all(reached.get(w, np.zeros(1)).all() for w in cls.writes):
                continue
            moved = jnp.asarray(np.where(mask.reshape(value.shape), value + 0.3, value))
            plain = call(world, stand, KEY) if plain is None else plain
            change = (
                call(world, stand.replace({lever: moved}), KEY)
                if name != lever
                else call(world.replace({field: moved}), stand, KEY)
            )
            for output in cls.writes:
                still = ~reached.get(output, np.zeros(change[output].shape, bool))
                np.testing.assert_array_equal(
                    np.asarray(change[output])[still],
                    np.asarray(plain[output])[still],
                    err_msg=f"{cls.name}: {name} moved {output}",
                )


def test_what_a_cut_off_costs_reads_nothing_undeclared():
    """Traced with every field and lever as an input: none but the declared reach the loss."""
    able = next(m for m in YEAR.values() if isinstance(m, CutsOff))
    declared = {*able.reads, *able.lagged, *(f"lever {name}" for name in able.levers)}
    fields = {name: getattr(WORLD, name) for name in WORLD.cards}
    named = fields | {f"lever {name}": array for name, array in STILL.at.items()}

    def call(given, _):
        world = WORLD.replace({n: a for n, a in given.items() if n in fields})
        stand = STILL.replace({n[6:]: a for n, a in given.items() if n not in fields})
        return {LOSSES: able.loss(world, stand, jnp.asarray(1), jnp.asarray(2))[0]}

    program = traced(call, named)
    felt = {n for n, array in named.items() if program.spread(n, np.ones(np.shape(array), bool))}
    assert felt and felt <= declared


def reads(name):
    """Series that a measure reads, and how many elements of each."""
    found = reads_of(MEASURES[name], SHARED, ACTOR, PARTNERS)
    return {series: int(mask.sum()) for series, mask in found.items()}


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("consumption.worst", {"consumption": 1}),
        ("consumption.world", {"consumption": 5}),
        ("consumption.sectors_gap", {"consumption": 1, "sector_gain": 1}),
        ("burden.final", {"capacity": 1, "milex": 1}),
        ("exposure.CHN", {LOSSES: 1}),
        ("exposure_change.USA", {LOSSES: 1}),
        ("bridging_rank", {"bridging": 5}),
        ("commitments_kept.USA.trade", {"commitments_kept": 1}),
        ("council_power", {"council_power": 1}),
        ("harm.senkaku-diaoyu", {"harm_odds": 1}),
        # A flashpoint whose sides are not in this world is not looked at.
        ("harm.taiwan-strait", {}),
    ],
)
def test_a_measure_reads_what_its_code_says(name, read):
    assert reads(name) == read


def test_the_measure_of_an_actor_looks_at_that_actor():
    felt = reads_of(MEASURES["burden.final"], SHARED, ACTOR, PARTNERS)["milex"]
    assert [s for s, read in zip(toy.STATES, felt, strict=True) if read] == ["JPN"]


@pytest.mark.parametrize(("state", "known"), [("JPN", 1.0), ("KOR", 1.0), ("JPN", np.nan)])
def test_whether_a_number_is_missing_is_read_of_it(state, known):
    """Of a measure that is missing anyway nothing shows, and the series counts as read in full."""
    place = toy.STATES.index(state)

    def told(block):
        return np.where(np.isnan(block.series["milex"][..., -1, place]), np.nan, known)

    felt = reads_of(replace(MEASURES["burden.final"], reduce=told), SHARED, ACTOR, PARTNERS)
    read = [state] if known == 1.0 else list(toy.STATES)
    assert [s for s, here in zip(toy.STATES, felt["milex"], strict=True) if here] == read


def moved_by(state, lever, through):
    """Fields, with elements, that one state's move of a lever reaches through some mechanisms."""
    place, shape = toy.STATES.index(state), levers()[lever].shape(WORLD.count, 2)
    values = np.zeros((1, len(toy.YEARS), *shape))
    values[0, 1, place] = 0.1
    moves = {lever: Moves(jnp.asarray(values), (0,))}
    moved = programme(levers().values(), toy.YEARS, 5, 2, others=moves)
    year = tuple(one for one in GRAPH.programs if one[0] in through)
    found = {}
    for one in replace(GRAPH, programs=year, programme=moved).reach([0], [0]):
        found[one.field] = one.mask | found.get(one.field, False)
    return found


def test_arms_stay_with_their_state():
    found = moved_by("JPN", "defence_share", {"armament"})
    for field in ("milex", "military_stock", "consumption"):
        assert found[field].tolist() == [state == "JPN" for state in toy.STATES], field


def test_what_all_prices_and_walls_move_is_the_cost_of_either_cut_off():
    (program,) = [one for name, one in GRAPH.programs if LOSSES in one.outputs]
    for given in ("price", "capacity", "lever tariff"):
        reached = program.spread(given, np.ones(program.shapes[given], bool))
        assert reached[LOSSES].tolist() == [True] * len(PARTNERS), given


def test_arms_touch_the_flashpoints_of_their_state_alone():
    """The Senkaku lie between China and Japan; nobody there looks at Korea's stock."""
    crises = dict(GRAPH.programs)["crises"]
    senkaku, across = (flashpoints().index(n) for n in ("senkaku-diaoyu", "taiwan-strait"))
    for state, touched in (("JPN", True), ("CHN", True), ("KOR", False), ("AUS", False)):
        stock = np.array([one == state for one in toy.STATES])
        odds = crises.spread("military_stock", stock).get("harm_odds", np.zeros(senkaku + 1))
        assert bool(odds[senkaku]) == touched, state
    japan = np.array([one == "JPN" for one in toy.STATES])
    assert not crises.spread("military_stock", japan)["harm_odds"][across]


def test_war_carries_what_arms_do_to_everybody():
    """Arms move the odds of a war at a flashpoint, and a war the trade of all."""
    assert moved_by("JPN", "defence_share", set(YEAR))["price"].all()


def test_every_lever_is_an_input_of_those_that_read_it():
    for cls in CLASSES:
        inputs = {n for name, p in GRAPH.programs if name == cls.name for n in p.inputs}
        assert {f"lever {one}" for one in cls.levers} <= inputs
    assert {n for _, p in GRAPH.programs for n in p.inputs if n.startswith("lever ")} == {
        f"lever {name}" for name in levers()
    }


def test_every_lever_and_field_has_words_for_a_path():
    assert nameless() == []
