"""Theorems of veto players, and the pivots of real Congresses."""

import os

import pytest

from comity.evidence.replications import pivots

raw_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def test_every_theorem_case_is_reached():
    checks = pivots.run()
    assert len(checks) == 32
    assert all(one.ok for one in checks), [one for one in checks if not one.ok]


def test_the_lens_of_discs_that_touch_is_nil_and_of_one_disc_whole():
    assert pivots.lens(2.0, 1.0) == pytest.approx(0.0)
    assert pivots.lens(0.0, 1.0) == pytest.approx(3.141592653589793)


@raw_data
def test_the_gridlock_of_every_congress():
    found = pivots.congresses()
    assert [one.number for one in found] == list(range(100, 120))
    names = {one.number: one.president for one in found}
    assert names[104] == "Clinton" and names[117] == names[118] == "Biden"
    assert names[116] == names[119] == "Trump"
    for one in found:
        chain = one.chain
        assert chain.override.left <= chain.filibuster.left <= chain.senate.left
        assert chain.senate.right <= chain.filibuster.right <= chain.override.right
        # A law needs at least what the Senate needs, and an override suffices for a signature.
        assert chain.override.left <= chain.statute.left <= chain.filibuster.left
        assert chain.filibuster.right <= chain.statute.right <= chain.override.right
    # The Senate's parties moved apart: gridlock is wider than a generation ago.
    assert found[-1].chain.statute.width > found[0].chain.statute.width
