"""The laboratory in one file gives the numbers of the package."""

import importlib.util
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from comity.engine.year import Row, future
from comity.mechanisms.catalogue import all_parameters
from comity.study import laboratory
from comity.study.plan import Request

EXAMPLE = Path(__file__).parents[1] / "examples" / "basic_world.py"
WALL = """comity: scenario 1
name: wall
title: A wall
question: What does it cost Japan?
summary: 25 % on all goods from 2026.
horizon: {from: 2025, to: 2027}
moves:
- {lever: tariff, importer: USA, exporter: ALL except USA, add: 0.25, from: 2026, judged: a test}
"""


def test_the_one_file_world_agrees_with_the_package(tmp_path):
    spec = importlib.util.spec_from_file_location("basic_world", EXAMPLE)
    basic = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(basic)
    by_hand = basic.main()

    (tmp_path / "wall.yaml").write_text(WALL, encoding="utf-8")
    request = Request(
        str(tmp_path / "wall.yaml"), "JPN", ("steady",), basic.FUTURES, basic.SEED, None, "full"
    )
    lab = laboratory.build(laboratory.plan_of(request))
    numbers = {p.key: jnp.asarray(p.value) for p in all_parameters()}
    japan = lab.shared.world.index("JPN")
    program = jax.jit(future)

    def consumption(number, weight):
        row = Row(
            jnp.uint32(number),
            jnp.full(len(lab.groups), weight),
            numbers,
            # The one file has no arms, which take their part of income in the package.
            jnp.asarray([m.name != "armament" for m in lab.shared.mechanisms]),
        )
        kept = program(lab.shared, row)
        assert kept.ok
        return np.asarray(kept.series["consumption"][:, japan])

    for number in range(basic.FUTURES):
        gap = 100 * (consumption(number, 1.0) / consumption(number, 0.0) - 1)
        np.testing.assert_allclose(gap, by_hand[number], atol=1e-7)


def test_it_stays_short():
    assert len(EXAMPLE.read_text(encoding="utf-8").splitlines()) <= 200
