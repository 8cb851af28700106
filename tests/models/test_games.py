"""Finite games: textbook games, exact rational arithmetic, units, relabelling, continua."""

from fractions import Fraction
from itertools import combinations, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from comity.core.errors import BadInput
from comity.models.games.bimatrix import equilibria
from comity.models.games.dominance import eliminated, weakly_dominated
from comity.models.games.level_k import cognitive_hierarchy, level_k
from comity.models.games.mixed_equilibria import all_equilibria
from comity.models.games.moves_in_turn import in_turn
from comity.models.games.normal_form import (
    best_replies,
    expected,
    pure_equilibria,
    shortfall,
    worst_cases,
)
from comity.models.games.reply_cycles import cycles

UNITS = [1e-9, 1.0, 1e9]


def game(first, second):
    return np.array([first, second], float)


DILEMMA = game([[3, 0], [5, 1]], [[3, 5], [0, 1]])
CHICKEN = game([[0, -1], [1, -10]], [[0, 1], [-1, -10]])
PENNIES = game([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
SEXES = game([[3, 0], [0, 2]], [[2, 0], [0, 3]])
CONTINUUM = game([[1, 1], [1, 0]], [[1, 0], [1, 1]])
SCISSORS = game([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], [[0, 1, -1], [-1, 0, 1], [1, -1, 0]])


def isolated(payoffs):
    """Isolated equilibria as sets of rounded shares."""
    found = all_equilibria(payoffs)
    assert all(one.isolated for one in found.sets)
    return {tuple(tuple(np.round(own[0], 9)) for own in one.corners) for one in found.sets}


@pytest.mark.parametrize("unit", UNITS)
def test_textbook_games_have_their_equilibria_in_any_unit(unit):
    assert isolated(unit * DILEMMA) == {((0, 1), (0, 1))}
    assert isolated(unit * PENNIES) == {((0.5, 0.5), (0.5, 0.5))}
    assert isolated(unit * CHICKEN) == {((1, 0), (0, 1)), ((0, 1), (1, 0)), ((0.9, 0.1),) * 2}
    assert isolated(unit * SEXES) == {((1, 0),) * 2, ((0, 1),) * 2, ((0.6, 0.4), (0.4, 0.6))}
    third = round(1 / 3, 9)
    assert isolated(unit * SCISSORS) == {((third,) * 3,) * 2}
    for payoffs in (DILEMMA, PENNIES, CHICKEN, SEXES, SCISSORS):
        found = all_equilibria(unit * payoffs)
        assert not found.degenerate and found.scope == "all"


@pytest.mark.parametrize("unit", UNITS)
def test_a_continuum_is_reported_as_one(unit):
    """By hand: left is best against every mixture of the rows, and the rows are alike at left."""
    payoffs = unit * CONTINUUM
    assert pure_equilibria(payoffs) == [(0, 0), (1, 0)]
    found = equilibria(payoffs)
    assert found.degenerate and len(found.sets) == 1
    (one,) = found.sets
    assert not one.isolated
    assert one.corners[0].tolist() == [[1, 0], [0, 1]] and one.corners[1].tolist() == [[1, 0]]


def test_a_game_in_which_nothing_matters_is_one_continuum():
    for unit in UNITS:
        found = equilibria(unit * np.full((2, 2, 3), 0.1))
        assert found.degenerate and len(found.sets) == 1
        assert [len(own) for own in found.sets[0].corners] == [2, 3]


def test_rounding_of_large_payoffs_is_no_stake():
    noise = 1e6 + 1e-10 * np.arange(8.0).reshape(2, 2, 2)
    assert (shortfall(noise) == 0).all() and best_replies(noise).all()


def test_a_degenerate_game_can_have_isolated_equilibria_only():
    """Three replies to one mixture of two, none of them in equilibrium: flagged all the same."""
    payoffs = game([[3, 0], [0, 3], [1.5, 1.5]], [[1, 0], [1, 0], [1, 0]])
    found = equilibria(payoffs)
    assert found.degenerate and [one.isolated for one in found.sets] == [True]


@pytest.mark.slow
def test_nash_tariffs_of_the_trade_model_are_the_equilibrium_of_the_game_on_a_grid():
    """Two states of unequal size choose among multiples of the rates that the model's own solver
    finds; that solver follows first-order conditions and knows nothing of the grid."""
    import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)
    import jax
    import jax.numpy as jnp

    from comity.models.trade.tariff_war import nash
    from comity.models.trade.trade_equilibrium import calibrate, solve

    elasticity, ones = jnp.array(4.0), jnp.ones((2, 2))
    base = calibrate(jnp.array([[5.0, 1.0], [1.0, 1.5]]), jnp.zeros((2, 2)), jnp.ones(2))
    war = nash(base, elasticity)
    assert war.converged
    times = np.array([0.0, 0.5, 1.0, 1.5, 2.0])
    tariffs = np.zeros((5, 5, 2, 2))
    tariffs[..., 1, 0] = np.asarray(war.rate)[1, 0] * times[:, None]
    tariffs[..., 0, 1] = np.asarray(war.rate)[0, 1] * times
    welfare = jax.jit(jax.vmap(lambda t: solve(base, elasticity, ones[0], t, ones).consumption))
    payoffs = np.asarray(welfare(jnp.asarray(tariffs.reshape(-1, 2, 2)))).T.reshape(2, 5, 5)
    for unit in UNITS:
        assert isolated(unit * payoffs) == {((0, 0, 1, 0, 0),) * 2}
    # Against free trade one of them loses, or both.
    assert (payoffs[:, 2, 2] < payoffs[:, 0, 0]).any()


# Exact arithmetic, by the classic way: supports of one size, one linear system each.


def solve_exactly(rows, right):
    """Gauss-Jordan on fractions; None where singular."""
    system = [
        [Fraction(x) for x in row] + [Fraction(y)] for row, y in zip(rows, right, strict=True)
    ]
    size = len(system)
    for place in range(size):
        pivot = next((k for k in range(place, size) if system[k][place]), None)
        if pivot is None:
            return None
        system[place], system[pivot] = system[pivot], system[place]
        system[place] = [x / system[place][place] for x in system[place]]
        for k in range(size):
            if k != place and system[k][place]:
                factor = system[k][place]
                system[k] = [x - factor * y for x, y in zip(system[k], system[place], strict=True)]
    return [row[-1] for row in system]


def exact_mixture(reply, played, replies, many):
    """Mixture over ``played`` at which ``replies`` (rows of reply) bring the same."""
    size = len(played)
    rows = [[reply[j][i] for i in played] + [-1] for j in replies] + [[1] * size + [0]]
    solved = solve_exactly(rows, [0] * size + [1])
    if solved is None or any(x <= 0 for x in solved[:-1]):
        return None
    shares = [Fraction(0)] * many
    for i, x in zip(played, solved[:-1], strict=True):
        shares[i] = x
    values = [sum(x * y for x, y in zip(row, shares, strict=True)) for row in reply]
    return shares if max(values) == solved[-1] else None


def exact_equilibria(first, second):
    m, n = len(first), len(first[0])
    columns = [[second[i][j] for i in range(m)] for j in range(n)]
    found = set()
    for size in range(1, min(m, n) + 1):
        for own, other in product(combinations(range(m), size), combinations(range(n), size)):
            x = exact_mixture(columns, own, other, m)
            y = exact_mixture(first, other, own, n)
            if x and y:
                found.add((tuple(x), tuple(y)))
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
        lambda shape: arrays(np.int64, (2, *shape), elements=st.integers(-20, 20))
    )
)
def test_agrees_with_exact_rational_arithmetic(payoffs):
    found = equilibria(payoffs.astype(float) / 7.0)
    exact = exact_equilibria(*payoffs.tolist())
    ours = {
        tuple(
            tuple(Fraction(x).limit_denominator(10**6) for x in own[k])
            for own, k in zip(one.corners, pair, strict=True)
        )
        for one in found.sets
        for pair in product(*(range(len(own)) for own in one.corners))
    }
    # Every isolated equilibrium of the classic way is a pair of corners, and in a game that is not
    # degenerate there are no others.
    assert exact <= ours
    if not found.degenerate:
        assert exact == ours and len(ours) % 2 == 1


@st.composite
def games(draw):
    """Games of two or three sides with many ties."""
    many = draw(st.integers(2, 3))
    shape = tuple(draw(st.lists(st.integers(1, 3), min_size=many, max_size=many)))
    return draw(arrays(np.int64, (many, *shape), elements=st.integers(-3, 3))).astype(float)


def signature(found):
    return sorted(
        (tuple(sorted(map(tuple, np.round(own, 6).tolist())) for own in one.corners), one.whole)
        for one in found
    )


def everything(payoffs):
    """All that is read from a game, without units."""
    found = all_equilibria(payoffs)
    many = len(payoffs)
    taken = eliminated(payoffs)
    return (
        best_replies(payoffs).tolist(),
        pure_equilibria(payoffs),
        [one.survives for one in worst_cases(payoffs)],
        [one.at for one in worst_cases(payoffs)],
        [(one.side, one.strategy, one.round) for one in taken.gone],
        [(one.side, one.strategy) for one in weakly_dominated(payoffs)],
        cycles(payoffs),
        [in_turn(payoffs, order) for order in permutations(range(many))],
        [[own.tolist() for own in level] for level in level_k(payoffs, 3)],
        found.scope,
        found.degenerate,
        signature(found.sets),
    )


@settings(max_examples=40, deadline=None)
@given(games(), st.sampled_from([1e-9, 1e9, 3e-7]))
def test_nothing_hangs_on_the_unit(payoffs, unit):
    assert everything(payoffs) == everything(unit * payoffs)


@settings(max_examples=30, deadline=None)
@given(games(), st.randoms(use_true_random=False))
def test_each_side_may_have_a_unit_and_a_level_of_its_own(payoffs, random):
    scale = np.array([10.0 ** random.randint(-9, 9) for _ in payoffs])
    other = (payoffs + 7.0) * scale.reshape(-1, *[1] * (payoffs.ndim - 1))
    assert everything(payoffs) == everything(other)


@settings(max_examples=40, deadline=None)
@given(games(), st.randoms(use_true_random=False))
def test_relabelling_of_sides_and_strategies_permutes_what_is_found(payoffs, random):
    many = len(payoffs)
    sides = random.sample(range(many), many)
    named = [random.sample(range(n), n) for n in payoffs.shape[1:]]
    moved = np.transpose(payoffs[np.ix_(range(many), *named)], [0, *(1 + s for s in sides)])[sides]

    def back(profile):
        return tuple(named[s][profile[sides.index(s)]] for s in range(many))

    assert {back(one) for one in pure_equilibria(moved)} == {*pure_equilibria(payoffs)}
    for place, side in enumerate(sides):
        there, here = worst_cases(moved)[place], worst_cases(payoffs)[side]
        assert {named[side][k] for k in there.survives} == {*here.survives}
        there, here = eliminated(moved).kept[place], eliminated(payoffs).kept[side]
        assert {named[side][k] for k in there} == {*here}
    round_here = {(frozenset(c.profiles), len(c.loop), c.closed) for c in cycles(payoffs)}
    assert round_here == {
        (frozenset(map(back, c.profiles)), len(c.loop), c.closed) for c in cycles(moved)
    }
    order = random.sample(range(many), many)
    there = in_turn(moved, [sides.index(s) for s in order])
    assert {back(end) for end in there} == {*in_turn(payoffs, order)}
    ours, theirs = all_equilibria(payoffs), all_equilibria(moved)
    assert (ours.scope, ours.degenerate) == (theirs.scope, theirs.degenerate)
    renamed = [
        tuple(one.corners[sides.index(s)][:, np.argsort(named[s])] for s in range(many))
        for one in theirs.sets
    ]
    mine = sorted(
        tuple(sorted(map(tuple, np.round(own, 6).tolist())) for own in one.corners)
        for one in ours.sets
    )
    assert mine == sorted(
        tuple(sorted(map(tuple, np.round(own, 6).tolist())) for own in one) for one in renamed
    )


@settings(max_examples=60, deadline=None)
@given(games(), st.integers(0, 2**31))
def test_what_is_called_an_equilibrium_is_one(payoffs, seed):
    """Also anywhere inside a continuum; and all pure ones are among the sets."""
    rng, found = np.random.default_rng(seed), all_equilibria(payoffs)
    for one in found.sets:
        if not one.whole:
            continue
        for _ in range(3):
            mixed = tuple(rng.dirichlet(np.ones(len(own))) @ own for own in one.corners)
            for side, own in enumerate(mixed):
                value = expected(payoffs, side, mixed)
                assert value.max() - value @ own <= 1e-7
    for profile in pure_equilibria(payoffs):
        assert any(
            all(own[:, k].max() > 1 - 1e-9 for own, k in zip(one.corners, profile, strict=True))
            for one in found.sets
        )


def test_three_sides_mix_where_no_pair_can():
    """Each side wants to differ from the next round the circle, the last to match: only (1/2)^3."""
    payoffs = np.zeros((3, 2, 2, 2))
    for a, b, c in product(range(2), repeat=3):
        payoffs[:, a, b, c] = (a != b), (b != c), (c == a)
    found = all_equilibria(payoffs)
    pure = pure_equilibria(payoffs)
    mixed = [one for one in found.sets if not one.pure]
    assert found.scope == "all" and not found.degenerate
    assert len(mixed) == 1 and all(np.allclose(own, 0.5) for own in mixed[0].corners)
    assert sorted(pure) == [(0, 1, 0), (1, 0, 1)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31))
def test_generic_games_have_an_odd_number_of_equilibria(seed):
    """Wilson 1971; three sides of two strategies, whose shares are roots of a quadratic."""
    found = all_equilibria(np.random.default_rng(seed).normal(size=(3, 2, 2, 2)))
    assert found.scope == "all" and not found.degenerate
    assert all(one.isolated and one.whole for one in found.sets) and len(found.sets) % 2 == 1


def test_more_sides_say_how_far_was_looked():
    rng = np.random.default_rng(3)
    assert all_equilibria(rng.normal(size=(3, 3, 3, 3))).scope in ("all", "twos")
    four = rng.normal(size=(4, 2, 2, 2, 2))
    assert all_equilibria(four).scope in ("all", "pairs")
    alone = np.zeros((4, 2, 2, 2, 2))
    alone[3] = four[3]
    alone[0, 1] = 1.0
    assert eliminated(alone).kept[0] == (1,)


def test_dominance_by_a_mixture_and_in_rounds():
    payoffs = game([[4, 0], [0, 4], [1, 1]], [[1, 0], [0, 1], [5, 0]])
    taken = eliminated(payoffs)
    assert [(one.side, one.strategy, one.round) for one in taken.gone] == [(0, 2, 1)]
    np.testing.assert_allclose(taken.gone[0].by @ payoffs[0] > payoffs[0][2], True)
    assert eliminated(DILEMMA).kept == ((1,), (1,))
    weak = game([[1, 1], [1, 0]], [[0, 0], [0, 0]])
    assert eliminated(weak).gone == ()
    assert [(one.side, one.strategy) for one in weakly_dominated(weak)] == [(0, 1)]


def test_cycles_of_best_replies():
    (one,) = cycles(PENNIES)
    assert one.closed and len(one.loop) == 4 and len(one.profiles) == 4
    best = best_replies(PENNIES)
    for here, there in zip(one.loop, (*one.loop[1:], one.loop[0]), strict=True):
        (side,) = [k for k in range(2) if here[k] != there[k]]
        assert best[(side, *there)] and not best[(side, *here)]
    assert not cycles(DILEMMA) and not cycles(SEXES)


def test_worst_cases():
    mine, theirs = worst_cases(CHICKEN)
    assert mine.worst.tolist() == [-1, -10] and mine.survives == (0,) == theirs.survives
    assert mine.at == (((0, 1),), ((1, 1),))


def test_levels():
    """Level 0 mixes evenly; level 1 defects; in the sexes levels 1 and 2 miss each other."""
    levels = level_k(SEXES, 2)
    assert [own.tolist() for own in levels[0]] == [[0.5, 0.5]] * 2
    assert [own.tolist() for own in levels[1]] == [[1, 0], [0, 1]]
    assert [own.tolist() for own in levels[2]] == [[0, 1], [1, 0]]
    steps, mean = cognitive_hierarchy(DILEMMA, 1.5, 3)
    assert [own.tolist() for own in steps[3]] == [[0, 1], [0, 1]]
    weights = np.array([1, 1.5, 1.5**2 / 2, 1.5**3 / 6])
    np.testing.assert_allclose(
        mean[0], [0.5 * weights[0] / weights.sum()] * 1 + [1 - 0.5 * weights[0] / weights.sum()]
    )


def test_who_moves_first():
    """In chicken the leader drives on and the other swerves; a tie leaves both outcomes."""
    assert in_turn(CHICKEN, (0, 1)) == ((1, 0),) and in_turn(CHICKEN, (1, 0)) == ((0, 1),)
    tie = game([[0, 2], [1, 1]], [[0, 0], [0, 1]])
    assert in_turn(tie, (0, 1)) == ((0, 1), (1, 1))


@pytest.mark.parametrize("call", [equilibria, all_equilibria, eliminated, cycles, worst_cases])
def test_a_missing_payoff_is_refused_and_named(call):
    broken = DILEMMA.copy()
    broken[1, 0, 1] = np.nan
    with pytest.raises(BadInput, match=r"missing or not finite at \(1, 0, 1\)"):
        call(broken)


def test_what_is_no_game_is_refused():
    with pytest.raises(BadInput, match="are no game"):
        equilibria(np.zeros((2, 3, 0)))
    with pytest.raises(BadInput, match="are no game"):
        all_equilibria(np.zeros((3, 2, 2)))
    with pytest.raises(BadInput, match="too many"):
        equilibria(np.random.default_rng(0).normal(size=(2, 12, 12)))
    with pytest.raises(BadInput, match="no order"):
        in_turn(CHICKEN, (0, 0))
    with pytest.raises(BadInput, match="steps"):
        level_k(CHICKEN, -1)
    with pytest.raises(BadInput, match="mean"):
        cognitive_hierarchy(CHICKEN, 0.0, 2)
