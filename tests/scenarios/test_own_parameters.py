"""A scenario file may set numbers of the model; they are checked, hashed, shown and resumed."""

import pandas as pd
import pytest
from bad_inputs import BASE
from words import WORDS

from comity.core.errors import BadInput
from comity.files.documents import from_bytes
from comity.scenarios.scenario import parse_scenario
from comity.study import laboratory
from comity.study.plan import Request

OWN = """parameters:
  trade.elasticity: {kind: uniform, low: 2, high: 3}
  trade.first_year: 0.3
"""


def scenario(text):
    return parse_scenario(from_bytes(text.encode(), "f.yaml"), WORDS)


def planned(tmp_path, text="", own=()):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "comity: scenario 1\nname: mine\ntitle: Mine\nquestion: What?\nsummary: Own numbers.\n"
        f"{text}",
        encoding="utf-8",
    )
    request = Request(str(path), "JPN", ("steady",), 4, 1, 2026, "focus", own)
    return laboratory.plan_of(request)


def test_a_file_sets_numbers():
    found = {one.key: one for one in scenario(BASE + OWN).parameters}
    assert found["trade.elasticity"].prior.kind == "uniform"
    assert found["trade.first_year"].prior.mean == 0.3
    assert found["trade.first_year"].where.startswith("f.yaml:")
    assert not scenario(BASE).parameters


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("trade.elasticity: four", "neither a number nor a distribution"),
        ("trade.elasticity: true", "neither a number nor a distribution"),
        ("trade.elasticity: {kind: uniform, low: 3, high: 2}", "low must lie below high"),
        ("trade.elasticity: {kind: uniform, low: 3}", "needs high"),
        ("trade.elasticity: {kind: flat, low: 2, high: 3}", "kind"),
    ],
)
def test_a_faulty_one_is_refused_at_its_line(line, said):
    with pytest.raises(BadInput) as found:
        scenario(BASE + f"parameters:\n  {line}\n")
    lines = (BASE + "parameters:\n  ").count("\n") + 1
    assert said in str(found.value) and f"f.yaml:{lines}:" in str(found.value)


def test_a_run_draws_them_and_says_whose_they_are(tmp_path):
    plan = planned(tmp_path, OWN)
    mine = {p.key: p for p in plan.parameters if p.status == "user"}
    assert mine.keys() == {"trade.elasticity", "trade.first_year"}
    # Not the place of the file, so that a copy of the folder is the same run.
    assert mine["trade.elasticity"].source.startswith("mine.yaml:")
    other = tmp_path / "elsewhere"
    other.mkdir()
    assert planned(other, OWN).parameters == plan.parameters


def test_the_command_line_comes_after_the_file(tmp_path):
    plan = planned(tmp_path, OWN, ("trade.elasticity=6",))
    assert {p.key: p.value for p in plan.parameters}["trade.elasticity"] == 6
    assert {p.key: p.value for p in plan.parameters}["trade.first_year"] == 0.3


def test_a_plan_hangs_on_them(tmp_path):
    plans = [planned(tmp_path), planned(tmp_path, OWN), planned(tmp_path, own=())]
    plans.append(planned(tmp_path, own=("trade.elasticity=6",)))
    assert len({plan.hash() for plan in plans}) == 3 and plans[0].hash() == plans[2].hash()


def test_a_number_of_what_is_off_is_refused_at_its_line(tmp_path):
    with pytest.raises(BadInput, match="not drawn in this run") as found:
        planned(tmp_path, "parameters:\n  crises.resists: 0.5\n")
    assert "mine.yaml:7:" in str(found.value)
    planned(tmp_path, "mechanisms: [crises, commitment]\nparameters:\n  crises.resists: 0.5\n")


@pytest.mark.slow
def test_a_number_moves_the_result_and_its_run_can_be_finished_anywhere(tmp_path):
    """A tariff costs less where goods are easily replaced; the folder says what was set."""
    import comity as cm

    losses = {}
    for value in (2, 8):
        found = cm.run(
            "tariff-wall",
            strategies="steady",
            futures=6,
            horizon=2027,
            out=tmp_path / f"run-{value}",
            parameters={"trade.elasticity": value},
        )
        frame = pd.read_parquet(tmp_path / f"run-{value}" / "outcomes.parquet")
        cost = frame[(frame["measure"] == "exposure.CHN") & (frame["strategy"] == "steady")]
        losses[value] = cost["value"].mean()
        record = found.files.run
        assert f"--set trade.elasticity={value}" in record["command"]
        (mine,) = [p for p in record["parameters"] if p["status"] == "user"]
        assert mine["name"] == "trade.elasticity" and mine["value"] == value
        for lang in ("en", "ja"):
            page = found.report(first=lang).read_text(encoding="utf-8")
            assert {"en": "Set by you", "ja": "利用者が設定"}[lang] in page
    # What a cut-off would cost falls with the elasticity.
    assert losses[2] > 1.5 * losses[8] > 0
