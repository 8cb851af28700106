"""Substitution, endings and durability: figures of docs/explanation/framework-gains.md."""

import os

import numpy as np
import pytest

from comity.evidence.estimates import framework_endings
from comity.evidence.studies import durability, framework_gains, framework_life
from comity.mechanisms.catalogue import BOOKS
from comity.models.statistics.logit import fit

pytestmark = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def test_small_memberships_do_not_replace_universal_ones():
    found = framework_life.substitutions()
    assert all(slope > -error for slope, error in found.values())
    assert found[1][0] == pytest.approx(0.0275, abs=0.001)
    assert framework_life.deadlock()[1] > 0.1


def test_endings_are_hard_to_foresee():
    one = framework_life.endings(1995)
    assert one.low < 0 < one.high and one.area == pytest.approx(0.62, abs=0.02)


def test_the_slope_of_the_book():
    traits, ended = framework_endings.endings_seen()
    columns = np.column_stack([np.ones(len(traits)), traits[:, 0], traits[:, 1], traits[:, 4]])
    found = fit(columns, ended)
    assert -found.coefficients[1] == pytest.approx(
        BOOKS["frameworks"]["size_effect"].value, abs=0.01
    )
    assert found.standard_errors[1] == pytest.approx(0.08, abs=0.005)


def test_pacts_of_great_powers_hold_longer_where_small_organisations_are_shared():
    read = durability.pairs()
    everyone = durability.effect(read, np.ones(len(read.held), bool))
    assert everyone.pairs == 888 and everyone.ended == 65
    assert everyone.small > 2 * everyone.small_error
    alone = durability.effect(read, read.great == 2)
    assert alone.ended == 8 and alone.small < 2 * alone.small_error
    assert durability.foreseen(read, 1986)[3] < 0 < durability.foreseen(read, 1996)[3]


def test_members_gain_little_by_newcomers_and_a_few_lose():
    table = framework_gains.enlargement(framework_gains.scene("CPTPP"), ("CRI", "CHN", "TWN"))
    assert table.loc["CRI", "block"] == 0
    assert table.loc["CHN", "worst"] == "VNM" and table.loc["CHN", "block"] == 2
    assert table.loc["TWN", "worst"] == "SGP" and table.loc["TWN", "own"] > 2
    assert table.loc["CRI", "all"] == pytest.approx(0.15, abs=0.01)
