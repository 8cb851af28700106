"""Two dialogues side by side."""

import pytest

from comity.claims.bearing import bearing
from comity.claims.compare import compare, events, text
from comity.claims.dossier import load
from comity.core.errors import BadInput

FIFTH, SIXTH = load("tgd5-future-of-security"), load("tgd6-global-architecture")


def test_the_earlier_comes_first_whatever_the_order_given():
    one, two = compare(FIFTH, SIXTH), compare(SIXTH, FIFTH)
    assert one == two
    assert one["first"]["date"] == "2024-02-29" and one["second"]["date"] == "2025-01-30"


def test_subjects_fall_into_both_or_one():
    found = compare(FIFTH, SIXTH)
    assert "USA" in found["in_both"] and "CPTPP" in found["in_both"]
    assert "NATO" in found["only_first"] and "WTO" not in found["only_second"]
    named = {*found["in_both"], *found["only_first"], *found["only_second"]}
    every = {s for d in (FIFTH, SIXTH) for c in d.claims for s in (*c.actors, *c.frameworks)}
    assert named == every


def test_facts_lie_between_the_two_dates():
    found = compare(FIFTH, SIXTH)
    assert found["events"]
    assert all("2024-02" <= e["date"] <= "2025-01-30" for e in found["events"])
    assert events("2024-03-01", "2025-01-30", {"PRK"}) != []
    assert events("2024-03-01", "2025-01-30", {"XYZ"}) == []
    for row in found["series"]:
        if row["before"]:
            assert row["before"][0] < 2024
        if row["after"]:
            assert row["after"][0] >= 2024


def test_it_can_be_read_and_one_dossier_twice_is_refused():
    assert "Spoken of in both" in text(compare(FIFTH, SIXTH))
    with pytest.raises(BadInput, match="the same"):
        compare(FIFTH, FIFTH)


def test_a_run_bears_on_claims_that_share_its_experiment():
    ids = [row["id"] for row in bearing("america-first", ["steady", "widen-cptpp"])]
    assert "C0020" in ids and "C0067" in ids
    assert "C0020" not in [row["id"] for row in bearing("america-first", ["steady"])]
    assert bearing("no-such-scenario", []) == []
