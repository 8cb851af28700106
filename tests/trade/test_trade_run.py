"""The front door: effects against the models themselves, and what must hold of any answer."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import dataclasses
import json

import jax.numpy as jnp
import numpy as np
import pytest
from typer.testing import CliRunner

from comity import trade
from comity.cli.main import app
from comity.core.errors import BadInput
from comity.files.documents import from_bytes
from comity.study.laboratory import vocabulary
from comity.models.trade.trade_equilibrium import solve
from comity.core.parameters import book
from comity.trade.files import parse
from comity.trade.result import EFFECTS
from comity.trade.shock import base_of, stage, tariff_after

pytestmark = pytest.mark.slow
HEAD = "comity: trade 1\nname: x\ntitle: A question\nmoves:\n"


def asked(moves):
    return parse(from_bytes((HEAD + moves).encode(), "x.yaml"), vocabulary())


@pytest.fixture(scope="module")
def wall():
    return trade.run("us-wall-25", draws=8)


def test_the_answer_is_the_models_own(wall):
    """The wall put together by hand and solved by `trade_equilibrium`."""
    ground = stage(trade.load("us-wall-25"), "focus")
    world = ground.world
    added = np.zeros((world.count, world.count))
    added[:, world.index("USA")] = 0.25
    added[world.index("USA")] = 0.0
    elasticity = jnp.asarray(book("trade")["elasticity"].value)
    ones = jnp.ones(world.count)
    found = solve(
        base_of(world),
        elasticity,
        ones,
        jnp.asarray(tariff_after(world, added)),
        ones[:, None] * ones,
    )
    for state in ("USA", "JPN", "MEX"):
        own = 100 * (float(found.consumption[world.index(state)]) - 1)
        assert wall.percent("consumption", state) == pytest.approx(own, abs=1e-9)
        terms = 100 * (float(found.terms_of_trade[world.index(state)]) - 1)
        assert wall.percent("terms_of_trade", state) == pytest.approx(terms, abs=1e-9)


def test_a_wall_cuts_what_it_taxes_and_improves_its_owners_terms(wall):
    assert wall.converged and wall.failed == 0 and wall.residual <= 1e-10
    assert wall.percent("imports", "USA") < -10
    assert wall.percent("terms_of_trade", "USA") > 0 > wall.percent("terms_of_trade", "MEX")
    assert wall.trade("MEX", "USA") < -20 and wall.trade("MEX", "JPN") > 0
    low, high = wall.interval("consumption", "JPN")
    assert low < wall.percent("consumption", "JPN") < high < 0


def test_no_shock_no_effect(wall):
    calm = trade.run(dataclasses.replace(wall.case, moves=()), draws=8)
    np.testing.assert_allclose(calm.effects["value"], 0.0, atol=1e-9)
    solved = calm.effects[calm.effects["effect"] != "exposure"]
    np.testing.assert_allclose(solved[["low", "high"]], 0.0, atol=1e-9)
    np.testing.assert_allclose(calm.flows["change"], 0.0, atol=1e-8)


def test_the_same_seed_gives_the_same_answer(wall):
    again = trade.run("us-wall-25", draws=8)
    assert wall.effects.equals(again.effects) and wall.flows.equals(again.flows)


def test_enlarging_the_cptpp_helps_those_who_join():
    found = trade.run("cptpp-enlarged", draws=8)
    for state in ("URY", "CRI", "JPN"):
        assert found.interval("consumption", state)[0] > 0
    assert found.percent("consumption", "THA") < 0
    assert {p.key for p in found.numbers} == {
        "trade.elasticity",
        "trade.agreement_effect",
        "trade.services_part",
    }


def test_an_agreement_pair_by_pair_equals_joining_together():
    """Two states without an agreement: concluding one is the same whatever it is called."""
    pair = trade.run(asked("  - {lever: agreement, a: JPN, b: BRA, add: 1}\n"), draws=0)
    assert pair.percent("consumption", "JPN") > 0 and pair.trade("BRA", "JPN") > 30
    assert trade.run(asked("  - {lever: agreement, a: JPN, b: AUS, add: 1}\n"), draws=0).percent(
        "consumption", "JPN"
    ) == pytest.approx(0.0, abs=1e-6)  # they have one


def test_a_blockade_falls_on_the_blockaded_and_leaks():
    found = trade.run("strait-blockade", draws=8)
    worst = found.table().index[0]
    assert worst == "TWN" and -60 < found.percent("consumption", "TWN") < -5
    assert -80 < found.trade("TWN", "JPN") < -30
    assert found.percent("exposure", "TWN") > 50


def test_growth_of_capacity_raises_output():
    found = trade.run(asked("  - {lever: capacity, state: CHN, add: 0.1}\n"), draws=0)
    assert 5 < found.percent("consumption", "CHN") < 15
    assert np.isnan(found.interval("consumption", "CHN")).all()


def test_sectors_tell_a_like_story_and_confine_a_tariff(wall):
    found = trade.run("us-wall-25", model="sectors", draws=2)
    assert found.converged
    for state in ("JPN", "MEX", "CHN"):
        ours, theirs = found.percent("consumption", state), wall.percent("consumption", state)
        assert ours < 0 and 0.4 < ours / theirs < 2.5
    case = asked(
        "  - {lever: tariff, importer: USA, exporter: ALL, add: 0.25, sectors: [metals]}\n"
    )
    metals = trade.run(case, model="sectors", draws=0)
    assert 0 < -metals.percent("imports", "USA") < -found.percent("imports", "USA") / 2
    output = metals.sectors.set_index(["id", "sector"])["change"]
    assert output["USA", "metals"] > 1.0 > output["USA", "services"]
    assert output["CAN", "metals"] < 0
    with pytest.raises(BadInput, match="use the model 'sectors'"):
        trade.run(case, draws=0)


def test_one_sector_says_that_it_flatters_who_builds_the_wall(wall):
    assert wall.walls and wall.document()["walls"]
    assert not dataclasses.replace(wall, model="sectors").walls
    lower = [dataclasses.replace(m, value=-0.1) for m in wall.case.moves]
    case = dataclasses.replace(wall.case, moves=tuple(lower))
    assert not dataclasses.replace(wall, case=case).walls


def test_what_cannot_be_answered_is_refused(wall):
    with pytest.raises(BadInput, match="capacity"):
        trade.run(asked("  - {lever: capacity, state: CHN, add: 0.1}\n"), model="sectors")
    with pytest.raises(BadInput, match="'focus' or 'full'"):
        trade.run("us-wall-25", world="half")
    with pytest.raises(BadInput, match="part of R_"):
        wall.percent("consumption", "KEN")
    assert "KEN" in trade.run("us-wall-25", keep=["Kenya"], draws=0).members


def test_files_of_an_answer(wall, tmp_path):
    page = wall.write(tmp_path / "out", ["JPN"])
    document = json.loads((page.parent / "trade.json").read_text(encoding="utf-8"))
    assert {row["effect"] for row in document["effects"]} == {*EFFECTS, "exposure"}
    assert document["equilibrium"] == "full" and document["shown"] == ["JPN"]
    text = page.read_text(encoding="utf-8")
    assert "実質消費" in text and "Real consumption" in text
    assert "<script" not in text and "http://" not in text.replace("http://www.w3.org", "")
    assert len((page.parent / "flows.csv").read_text().splitlines()) == len(wall.flows) + 1


def test_the_command_prints_a_table_and_json(tmp_path):
    run = CliRunner().invoke
    shown = run(app, ["trade", "us-wall-25", "--states", "JPN,USA", "--draws", "8"])
    assert shown.exit_code == 0 and "Japan" in shown.stdout and "…" in shown.stdout
    read = run(app, ["trade", "us-wall-25", "--draws", "0", "--json"])
    assert json.loads(read.stdout)["draws"] == 0
    listed = run(app, ["trade", "--list"])
    assert "cptpp-enlarged" in listed.stdout
