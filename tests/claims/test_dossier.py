"""Dossiers: every claim of the three reports once; malformed files end in a message that points."""

import pytest

from comity.claims.dossier import library_names, load
from comity.claims.forms import OrderForm, PairedForm
from comity.core.errors import BadInput
from comity.registry.sizes import smallest

HEAD = """comity: dossier 1
name: x
title: A session
publisher: P
session: S
date: 2025-01-30
source: https://example.org
claims:
"""
GOOD = """  - id: C1
    kind: observation
    said: Something holds.
    route: data
    why: Because.
    test: {kind: level, indicator: conflicts, unit: WORLD, years: [2000, 2010], against: 1.0}
    smallest: {value: 0.1, unit: share, reason: judged}
"""


def write(tmp_path, text):
    path = tmp_path / "d.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_library_holds_each_of_the_78_claims_once():
    ids = [c.id for name in library_names() for c in load(name).claims]
    assert sorted(ids) == [f"C{n:04}" for n in range(1, 79)]


def test_every_claim_is_said_in_both_languages_and_has_a_route_with_a_reason():
    for name in library_names():
        for claim in load(name).claims:
            assert claim.said["ja"] != claim.said["en"], claim.id
            assert claim.why["en"] and claim.why["ja"] != claim.why["en"], claim.id
            if claim.test is not None:
                assert claim.smallest > 0 and claim.reason["en"], claim.id
            if claim.route == "awaiting":
                assert claim.system, claim.id


def test_claims_about_the_world_as_it_is_never_rest_on_a_scenario():
    for name in library_names():
        for claim in load(name).claims:
            if claim.kind == "observation" or (claim.kind == "forecast" and claim.due):
                assert not isinstance(claim.test, PairedForm), claim.id
            if claim.kind == "recommendation" and claim.test is not None:
                assert claim.objective["en"] and claim.cost["en"], claim.id
                # On data its means or its premise is tested, and the claim says what is left open.
                assert isinstance(claim.test, PairedForm | OrderForm) or claim.change["en"]


def test_a_good_file_is_read(tmp_path):
    made = load(write(tmp_path, HEAD + GOOD))
    assert made.claims[0].id == "C1" and made.claims[0].smallest == 0.1


@pytest.mark.parametrize(
    ("change", "words", "line"),
    [
        (("dossier 1", "dossier 9"), "begin with `comity: dossier 1`", 1),
        (("kind: observation", "kind: gossip"), "kind: 'gossip'", 10),
        (("    route: data\n", "    route: maybe\n"), "route: 'maybe'", 12),
        (("why: Because.", "why: Because.\n    colour: red"), "unknown key 'colour'", 14),
        (("value: 0.1", "value: -1"), "at least 0", 15),
        (("value: 0.1", "value: lots"), "not a number", 15),
        (("kind: level", "kind: levle"), "test", 14),
        (("route: data", "route: experiment"), "write `route: data`", 12),
        (("route: data", "route: not_testable"), "a test stands beside the route", 9),
        (("route: data", "route: awaiting"), "'system' is missing", 9),
        (("years: [2000, 2010]", "years: [2010, 2000]"), "[2010, 2000] runs backwards", 14),
        (("years: [2000, 2010]", "years: [2000, 99999]"), "at most 9999", 14),
        (("date: 2025-01-30", "date: 2025-02-30"), "is not a date of the calendar", 6),
        (("kind: observation", "kind: rhetoric"), "a rhetoric cannot be tested", 12),
    ],
)
def test_faults_are_named_with_their_line(tmp_path, change, words, line):
    with pytest.raises(BadInput) as caught:
        load(write(tmp_path, (HEAD + GOOD).replace(*change)))
    text = str(caught.value)
    assert words in text
    assert f"d.yaml:{line}:" in text


def test_an_observation_on_a_scenario_and_a_bare_recommendation_are_refused(tmp_path):
    test = "{kind: paired, actor: JPN, outcome: consumption.mean, with: {scenario: as-is}}"
    text = (HEAD + GOOD).replace(GOOD.split("test: ")[1].split("\n")[0], test)
    text = text.replace("route: data", "route: experiment")
    with pytest.raises(BadInput, match="cannot be tested on a scenario"):
        load(write(tmp_path, text))
    with pytest.raises(BadInput, match="'objective' is missing"):
        load(write(tmp_path, text.replace("kind: observation", "kind: recommendation")))


def test_an_id_twice_and_an_empty_file_are_refused(tmp_path):
    with pytest.raises(BadInput, match="stands twice"):
        load(write(tmp_path, HEAD + GOOD + GOOD))
    for text in ("", "[]", "\x00"):
        with pytest.raises(BadInput):
            load(write(tmp_path, text))


def test_an_unknown_name_names_the_nearest():
    with pytest.raises(BadInput, match="tgd6-global-architecture"):
        load("tgd6-global-architectur")


def test_actors_are_states_or_frameworks_that_act(tmp_path):
    text = (
        "comity: dossier 1\nname: d\ntitle: t\npublisher: p\nsession: s\ndate: '2025-01-01'\n"
        "source: x\nclaims:\n  - id: C1\n    kind: forecast\n    said: s\n    actors: [{}]\n"
        "    frameworks: [{}]\n    route: not_testable\n    why: w\n"
    )
    path = tmp_path / "d.yaml"
    path.write_text(text.format("ASEAN, EU, JPN", "UN"), encoding="utf-8")
    assert load(path).claims[0].actors == ("ASEAN", "EU", "JPN")
    path.write_text(text.format("JPN, ASEEN", "UN"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"d.yaml:12:\d+: C1: 'ASEEN' .*did you mean 'ASEAN'"):
        load(path)
    path.write_text(text.format("JPN", "JPN"), encoding="utf-8")
    with pytest.raises(BadInput, match="no id of a framework"):
        load(path)


CAUSE = """  - id: C1
    kind: causal
    said: Something does something.
    route: experiment
    why: Because.
    test: {kind: paired, actor: JPN, outcome: OUTCOME, with: {scenario: as-is}}
"""


def test_what_the_model_measures_has_one_smallest_effect(tmp_path):
    """A claim takes that of a run; one that writes another is refused, one of its own needs one."""
    known, own = (CAUSE.replace("OUTCOME", name) for name in ("exposure.CHN", "council_power"))
    (claim,) = load(write(tmp_path, HEAD + known)).claims
    assert claim.smallest == smallest("exposure.CHN").value and claim.reason["ja"]
    assert claim.unit["en"] == "percentage points of consumption"
    same = "    smallest: {value: 0.2, unit: points, reason: judged}\n"
    assert load(write(tmp_path, HEAD + known + same)).claims[0].unit == claim.unit
    with pytest.raises(BadInput, match=r"smallest effect of interest is 0\.2 here.*leave"):
        load(write(tmp_path, HEAD + known + same.replace("0.2", "0.3")))
    with pytest.raises(BadInput, match="'smallest' is missing"):
        load(write(tmp_path, HEAD + own))


def test_every_claim_of_the_model_has_the_smallest_effect_of_a_run():
    for name in library_names():
        for claim in load(name).claims:
            if isinstance(claim.test, PairedForm):
                one = smallest(claim.test.outcome, claim.test.level)
                assert one is not None and claim.smallest == one.value, claim.id
