"""Mutated documents end in a clean refusal with a place, or in a plan that compiles."""

import random

import pytest

from comity.core.errors import BadInput
from fuzz.campaign import mutated, section, with_faults
from fuzz.mutants import FOLDERS, mutant, small, written
from fuzz.outcomes import Unsound, outcome, refusal_fault
from fuzz.planted import FAULTS

SEED = 1


def findings(ends):
    return [(f.number, f.made.kind, f.made.name, f.made.how, f.said) for *_, f in ends if f]


@pytest.mark.slow
def test_documents_that_are_only_made_small_are_accepted():
    """Else a refusal of a mutant would say nothing."""
    for kind in FOLDERS:
        for number in range(6):
            raw = written(small(kind, random.Random(number))[1])
            assert outcome(kind, raw).what == "compiled", raw.decode()


def test_a_mutant_hangs_on_its_number_alone():
    assert mutant(SEED, 7) == mutant(SEED, 7) != mutant(SEED, 8)


def test_a_hundred_mutants_end_well():
    assert not findings(mutated(SEED, range(100)))


def test_planted_faults_are_refused():
    ends = list(with_faults(SEED, range(3 * len(FAULTS))))
    assert not findings(ends)
    assert {fault for fault, *_ in ends} == set(FAULTS)


@pytest.mark.slow
def test_a_thousand_mutants_end_well():
    assert not findings(mutated(SEED + 1, range(1000)))
    assert not findings(with_faults(SEED + 1, range(200)))


def test_the_looks_can_fail():
    """A refusal without a place, past the end, or of no exit code is noticed."""
    raw = b"a: 1\nb: 2\n"
    assert refusal_fault(BadInput("no", where="f.yaml:2:1"), raw) == ""
    assert "no place" in refusal_fault(BadInput("no"), raw)
    assert "line 9" in refusal_fault(BadInput("no", where="f.yaml:9:1"), raw)
    assert "unreadable" in refusal_fault(BadInput("x" * 3000, where="f.yaml:2:1"), raw)
    assert issubclass(Unsound, Exception)


def test_an_accepted_fault_and_a_traceback_are_findings(monkeypatch):
    import fuzz.campaign as campaign
    from fuzz.outcomes import Outcome

    monkeypatch.setattr(campaign, "outcome", lambda *_: Outcome("compiled"))
    assert len(findings(with_faults(SEED, range(2)))) == 2

    def broken(*_):
        raise KeyError("x")

    monkeypatch.setattr(campaign, "outcome", broken)
    ((_, what, found),) = mutated(SEED, range(1))
    assert what == "broken" and "KeyError at test_fuzz.py" in found.said


def test_the_section_counts_every_document():
    from collections import Counter

    one = Counter({("scenario", "refused"): 3, ("trade", "compiled"): 2})
    text = section(one, Counter(), 60.0)
    assert "| all | 5 | 3 | 2 | 0 |" in text and "1 minutes" in text
