"""Scenarios with a plus between them run as one; what clashes is refused with both places."""

import pytest
from bad_inputs import BASE
from words import WORDS

from comity.core.errors import BadInput
from comity.files.documents import from_bytes
from comity.scenarios.scenario import parse_scenario
from comity.scenarios.together import parts_of, together
from comity.study import laboratory
from comity.study.plan import Request


def scenario(text, name="f.yaml"):
    return parse_scenario(from_bytes(text.encode(), name), WORDS)


def other(*lines, name="other", more=""):
    head = BASE[: BASE.index("moves:")].replace("name: ", f"name: {name}-", 1)
    return head + more + "moves:\n" + "".join(f"  - {line}\n" for line in lines)


def planned(name, actor="JPN"):
    return laboratory.plan_of(Request(name, actor, ("steady",), 4, 1, None, "focus"))


def test_names_are_taken_apart():
    assert parts_of("america-first+usfk-cut") == ("america-first", "usfk-cut")
    assert parts_of("america-first") == ("america-first",)
    for wrong in ("a+", "+a", "a++b", "a+a", "+".join("abcdefg")):
        with pytest.raises(BadInput, match="does not name scenarios"):
            parts_of(wrong)


def test_a_file_may_have_a_plus_in_its_name(tmp_path):
    path = tmp_path / "a+b.yaml"
    path.write_text("x", encoding="utf-8")
    assert parts_of(str(path)) == (str(path),)


def test_one_alone_stays_what_it_is():
    one = scenario(BASE)
    assert together([one], WORDS) is one


def test_two_do_what_both_do_and_share_what_both_extend():
    plan = planned("america-first+usfk-cut")
    alone = [planned(name).scenario for name in ("america-first", "usfk-cut")]
    assert plan.scenario.name == "america-first+usfk-cut"
    for one in alone:
        assert all(move in plan.scenario.moves for move in one.moves)
        assert all(rule in plan.scenario.rules for rule in one.rules)
        assert {d.name for d in one.uncertainties} <= {d.name for d in plan.scenario.uncertainties}
    assert len(plan.scenario.moves) == sum(len(one.moves) for one in alone)
    assert plan.scenario.last_year == max(one.last_year for one in alone)
    assert set(plan.options) >= {name for one in alone for name in one.mechanisms}
    # `extends` of one parent: its moves count once.
    again = together([alone[0], alone[0]], laboratory.vocabulary())
    assert again.moves == alone[0].moves


def test_moves_that_clash_are_refused_with_both_places():
    line = "{lever: tariff, importer: USA, exporter: JPN, add: 0.1, from: 2027, judged: x}"
    first, second = scenario(other(line), "a.yaml"), scenario(other(line), "b.yaml")
    with pytest.raises(BadInput) as found:
        together([first, second], WORDS)
    assert "a.yaml:" in str(found.value) and "b.yaml:" in str(found.value)


def test_what_is_beyond_a_bound_together_is_refused():
    lines = [
        "{lever: tariff, importer: USA, exporter: JPN, add: 9, from: 2027, judged: x, "
        f"instrument: {name}}}"
        for name in ("one", "two")
    ]
    parts = [scenario(other(line), f"{n}.yaml") for n, line in enumerate(lines)]
    with pytest.raises(BadInput):
        together(parts, WORDS)


def test_two_things_of_one_name_are_refused():
    head = BASE[: BASE.index("uncertainties:")]

    def part(who, high):
        text = (
            "uncertainties:\n  reach:\n    meaning: x\n"
            f"    prior: {{kind: uniform, low: 0, high: {high}}}\n"
            "    status: judged\n    source: x\nmoves:\n"
            f"  - {{lever: tariff, importer: USA, exporter: {who}, add: 0.1, scale: reach, "
            "from: 2027, judged: x}\n"
        )
        return scenario(head + text, f"{who}.yaml")

    with pytest.raises(BadInput, match="'reach' is not that of JPN.yaml"):
        together([part("JPN", 1), part("KOR", 2)], WORDS)


@pytest.mark.slow
def test_a_run_of_two_is_finished_and_can_be_resumed(tmp_path):
    import comity as cm

    found = cm.run(
        "america-first+usfk-cut", "KOR", "steady", futures=4, horizon=2027, out=tmp_path / "run"
    )
    assert "america-first+usfk-cut" in found.files.run["command"]
    from comity.study.resume import Beside, resumed

    plan = resumed(tmp_path / "run", Beside(scenario="america-first+usfk-cut"))
    assert plan.scenario.name == "america-first+usfk-cut"
    assert {"challenge.korea", "consumption.mean"} <= {
        m["name"] for m in found.files.run["measures"]
    }
