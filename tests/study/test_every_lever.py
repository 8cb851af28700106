"""Every declared lever, by an example file made from its declaration: read, compiled, run."""

from pathlib import Path

import jax.numpy as jnp
import pytest

import comity as cm
from comity.mechanisms.catalogue import levers
from comity.registry.axes import axes
from comity.scenarios.compile import compile_moves, layout
from comity.scenarios.scenario import load_scenario
from comity.study.laboratory import vocabulary

HEAD = """comity: scenario 1
name: every-lever
title: Every lever that is asked for
question: Does it reach the end?
summary: Made from the declarations.
extends: as-is
horizon: {from: 2025, to: 2026}
moves:
"""
STATES = ("USA", "JPN")
# Who is not a member can join, who is can leave, and a new framework needs a name of its own.
FRAMEWORKS = {"join": ("CPTPP", "KOR"), "leave": ("CPTPP", "JPN"), "found": ("NEW-ONE", "JPN")}
ANY_FRAMEWORK = ("CPTPP", "JPN")


def line(lever) -> str:
    """A move of a lever in the first simulated year."""
    given = dict(zip(lever.sides, STATES, strict=False))
    if lever.kind == "membership":
        framework, state = FRAMEWORKS.get(lever.name, ANY_FRAMEWORK)
        given = {
            "framework": framework,
            "state": f"[{state}, AUS]" if lever.name == "found" else state,
        }
    if lever.kind == "framework":
        given = {"framework": "UNSC"}
    if lever.kind == "category":
        given |= {lever.axis: axes()[lever.axis][0]}
    if lever.valued:
        given["add"] = str(lever.low + 0.6 * (min(lever.high, lever.low + 2.0) - lever.low))
    inside = ", ".join(f"{name}: {value}" for name, value in given.items())
    return f"  - {{lever: {lever.name}, {inside}, from: 2025, judged: an example}}\n"


def example(folder: Path, names) -> Path:
    """File that moves these levers."""
    path = folder / "every-lever.yaml"
    path.write_text(HEAD + "".join(line(levers()[name]) for name in names), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def world():
    return cm.world.door(cm.world.load())[0]


@pytest.mark.parametrize("name", levers())
def test_an_example_moves_the_lever_and_no_other(tmp_path, world, name):
    from comity.mechanisms.catalogue import ready
    from comity.world.given import with_frameworks

    here = ready(with_frameworks(world, ("NEW-ONE",)))
    scenario = load_scenario(example(tmp_path, [name]), vocabulary())
    moves = [("scenario", move) for move in scenario.moves]
    assert {move.lever for _, move in moves} == {name}
    programme, groups = compile_moves(moves, (), layout(here, here), (2025, 2026), levers())
    standing = programme.levers(jnp.ones(len(groups)), jnp.asarray(0))
    assert {n for n, array in standing.at.items() if (array != 0).any()} == {name}


@pytest.mark.slow
def test_a_run_that_moves_all_of_them_comes_to_its_end(tmp_path):
    found = cm.run(example(tmp_path, levers()), actor="JPN", strategies="steady", futures=2)
    said = [act["text"] for act in found.record["scenario"]["acts"]]
    assert len(said) == len(levers())
    assert all(text["en"] and text["ja"] and "{" not in text["en"] for text in said)
    obeying = {lever.obeyed_by for lever in levers().values()}
    assert obeying <= set(found.record["mechanisms"])
    assert found.outcomes["value"].notna().any() and found.report().is_file()
