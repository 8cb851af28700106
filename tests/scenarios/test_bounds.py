"""A lever's bounds hold for what reaches the model: scaled, stacked, in branches, with rules."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from bad_inputs import BASE, MOVE, more, swap
from words import WORDS

from comity.core.errors import BadInput
from comity.files.documents import from_bytes
from comity.mechanisms.catalogue import levers
from comity.scenarios.bounds import overruns
from comity.scenarios.compile import compile_moves, layout, levels_of
from comity.scenarios.scenario import all_moves, parse_scenario
from comity.scenarios.strategy import parse_strategy
from comity.world.given import door
from comity.world.regions import coarsen
from comity.world.snapshot import load_world

WORDS = replace(WORDS, levers=levers())


def refused(raw: bytes) -> str:
    with pytest.raises(BadInput) as caught:
        parse_scenario(from_bytes(raw, "f.yaml"), WORDS)
    return str(caught.value)


def scenario(text: str):
    return parse_scenario(from_bytes(text.encode(), "f.yaml"), WORDS)


def scaled(prior: str, move: str = "add: 0.25") -> bytes:
    """The good file with its number of this prior, by which its move is scaled."""
    text = swap("prior: {kind: uniform, low: 0.5, high: 1.0}", f"prior: {prior}").decode()
    return text.replace("add: 0.25", f"{move}\n    scale: size").encode()


def test_bounds_hold_after_scaling():
    assert "f.yaml:18:5: 0.25 times 'size' can be 250000" in refused(
        scaled("{kind: uniform, low: 0, high: 1e6}")
    )
    assert "0.25 times 'size' can be -0.25" in refused(scaled("{kind: uniform, low: -1, high: 1}"))
    assert "can be 15" in refused(scaled("{kind: fixed, mean: 60}"))
    assert "a level times a number below 0 is none" in refused(
        scaled("{kind: uniform, low: -1, high: 1}", "times: 0.5")
    )
    assert parse_scenario(
        from_bytes(scaled("{kind: uniform, low: 0, high: 40}"), "f.yaml"), WORDS
    ).moves  # 0.25 times 40 is the bound itself


def test_bounds_hold_after_scaling_in_rules():
    rule = """rules:
  - {observe: "tariff(USA, JPN)", comparator: ">", threshold: 0.05, lever: tariff,
     importer: JPN, exporter: USA, add: 9, scale: size, judged: x}
"""
    wide = BASE.replace("low: 0.5, high: 1.0", "low: 1, high: 2")
    assert "f.yaml:25:5: 9 times 'size' can be 18" in refused((wide + rule).encode())


def stacked(count: int, lever: str, value: float, extra: str = "") -> str:
    sides = {
        "sanction": "sender: USA, target: CHN",
        "barrier": "a: USA, b: CHN",
        "tariff": "importer: USA, exporter: CHN",
        "commitment": "patron: USA, client: JPN",
        "forces": "sender: USA, host: JPN",
        "defence_share": "state: USA",
        "alliance": "a: USA, b: JPN",
    }[lever]
    return "\n".join(
        f"  - {{lever: {lever}, {sides}, add: {value}, from: 2027, instrument: i{n}, "
        f"judged: x{extra}}}"
        for n in range(count)
    )


@pytest.mark.parametrize(
    ("count", "lever", "value", "total"),
    [
        (50, "sanction", 1.0, "50"),
        (2, "sanction", 0.6, "1.2"),
        (3, "tariff", 4.0, "12"),
        (3, "commitment", -0.4, "-1.2"),
        (2, "forces", 300.0, "600"),
        (3, "defence_share", 0.2, "0.6"),
        (2, "alliance", 0.75, "1.5"),
        (2, "barrier", 60.0, "120"),
    ],
)
def test_bounds_hold_for_moves_together(count, lever, value, total):
    said = refused(more(stacked(count, lever, value)))
    assert said.startswith(f"f.yaml:{23 + count}:5: moves of '{lever}' add up to {total} for")


def test_a_barrier_from_both_sides_multiplies():
    both = """  - {lever: barrier, a: USA, b: CHN, add: 20, from: 2027, instrument: x, judged: x}
  - {lever: barrier, a: CHN, b: USA, add: 20, from: 2027, instrument: y, judged: x}"""
    assert "moves of 'barrier' add up to 440 for" in refused(more(both))
    assert parse_scenario(from_bytes(more(both.replace("20,", "9,")), "f.yaml"), WORDS).moves


def test_a_year_counts_by_its_days_and_branches_that_exclude_each_other_never_meet():
    one = "  - {lever: sanction, sender: USA, target: CHN, add: 0.8, instrument: N, judged: x, "
    apart = one + "from: 2027, until: 2028}\n" + one.replace(": N,", ": M,") + "from: 2028}"
    assert len(scenario(more(apart).decode()).moves) == 3
    halves = (
        one + "from: 2027, until: 2027-07-01}\n" + one.replace(": N,", ": M,") + "from: 2027-07-01}"
    )
    assert len(scenario(more(halves).decode()).moves) == 3
    either = (
        one
        + "from: 2027, when: {answer: nobody}}\n"
        + one.replace(": N,", ": M,")
        + "from: 2027, when: {answer: everybody}}"
    )
    assert len(scenario(more(either).decode()).moves) == 3
    assert "add up to 1.6 for USA on CHN in 2027" in refused(
        more(either.replace("everybody", "[nobody, everybody]"))
    )


def test_the_worst_cell_and_year_are_named():
    text = more(
        MOVE.replace("JPN", "[JPN, CHN]")
        + "add: 6, from: 2029, until: 2031, instrument: a, judged: x}\n"
        + MOVE.replace("JPN", "CHN")
        + "add: 6, from: 2030, instrument: b, judged: x}"
    )
    assert "add up to 12 for USA on CHN in 2030" in (said := refused(text).replace("\n", " "))
    assert said.startswith("f.yaml:25:5: ") and "with f.yaml:24:5" in said


# What only meets in a run is held at the bound, and said.

STRATEGY = """comity: strategy 1
name: more
actor: USA
title: More
summary: More of it
moves:
  - {lever: sanction, sender: USA, target: CHN, add: 0.7, from: 2027, judged: x}
"""
SANCTION = "  - {lever: sanction, sender: USA, target: CHN, add: 0.8, from: 2027, judged: x}"


@pytest.fixture(scope="module")
def full():
    return door(load_world(2024))[0]


def documents(*found):
    return [(all_moves(d.moves, d.rules), d.uncertainties) for d in found]


def test_a_strategy_on_top_of_a_scenario_is_held(full):
    base = scenario(more(SANCTION).decode())
    extra = parse_strategy(from_bytes(STRATEGY.encode(), "s.yaml"), WORDS)
    over, years = layout(full, full), (2026, 2027)
    (one,) = overruns(documents(base, extra), levers(), years, levels_of(over))
    assert one.said() == "moves of 'sanction' add up to 1.5 for USA on CHN in 2027"
    assert (one.bound, one.sure) == (1.0, True)
    assert not overruns(documents(base), levers(), years, levels_of(over))
    moves = [("scenario", m) for m in base.moves] + [("more", m) for m in extra.moves]
    programme, groups = compile_moves(moves, (), over, years, levers(), ["sanction"])
    stand = programme.levers(jnp.ones(len(groups)), jnp.asarray(1)).sanction
    assert float(stand[full.index("USA"), full.index("CHN")]) == 1.0 == float(stand.max())
    free, _ = compile_moves(moves, (), over, years, levers())
    assert float(free.levers(jnp.ones(len(groups)), jnp.asarray(1)).sanction.max()) == 1.5


def test_rules_that_may_fire_together_are_counted(full):
    rule = """  - {observe: "tariff(USA, JPN)", comparator: ">", threshold: T, lever: sanction,
     sender: JPN, target: CHN, add: 0.6, judged: x}
"""
    two = scenario(BASE + "rules:\n" + rule.replace("T,", "0.1,") + rule.replace("T,", "0.2,"))
    (one,) = overruns(documents(two), levers(), (2028,), levels_of(layout(full, full)))
    assert one.total == pytest.approx(1.2) and one.cell == ("JPN", "CHN")


def test_a_level_taken_away_twice_is_held_at_nil(full):
    """A scenario abolishes a tariff, a strategy halves it: what is left is nothing, not less."""
    gone = scenario(
        more(
            MOVE.replace("USA, exporter: JPN", "CHN, exporter: USA")
            + "set: 0, from: 2026, judged: x}"
        ).decode()
    )
    half = parse_strategy(
        from_bytes(
            STRATEGY.replace("USA", "CHN")
            .replace(
                "sanction, sender: CHN, target: CHN, add: 0.7",
                "tariff, importer: CHN, exporter: USA, times: 0.5",
            )
            .encode(),
            "s.yaml",
        ),
        WORDS,
    )
    over, years = layout(full, full), (2027,)
    (one,) = overruns(documents(gone, half), levers(), years, levels_of(over))
    row, column = full.index("USA"), full.index("CHN")
    base = float(full.tariff[row, column])
    assert base > 0.01
    assert (one.total, one.bound) == (pytest.approx(-1.5 * base), pytest.approx(-base))
    moves = [("scenario", m) for m in gone.moves] + [("more", m) for m in half.moves]
    programme, groups = compile_moves(moves, (), over, years, levers(), ["tariff"])
    stand = programme.levers(jnp.ones(len(groups)), jnp.asarray(0)).tariff
    assert float(stand[row, column]) == pytest.approx(-base)


def test_numbers_that_add_up_have_the_room_of_all_pairs_of_a_region(full):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        coarse = door(coarsen(load_world(2024)))[0]
    over = layout(full, coarse)
    many = "  - {lever: forces, sender: USA, host: ALL, add: 400, from: 2027, judged: x}"
    moves = [("scenario", m) for m in scenario(more(many).decode()).moves]
    held, groups = compile_moves(moves, (), over, (2027,), levers(), ["forces"])
    free, _ = compile_moves(moves, (), over, (2027,), levers())
    ones = jnp.ones(len(groups))
    np.testing.assert_array_equal(
        held.levers(ones, jnp.asarray(0)).forces, free.levers(ones, jnp.asarray(0)).forces
    )
