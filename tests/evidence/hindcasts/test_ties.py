"""Ties foreseen from past years: figures of docs/replications/ties.md."""

import os

import numpy as np
import pandas as pd
import pytest

from comity.evidence.backtest import Past, Table, score
from comity.evidence.hindcasts import ties
from comity.evidence.panels.tie_traits import CODES, organised, pacted
from comity.evidence.studies import tie_events

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def toy_igo():
    rows = [(1, 2, 2000, 1), (1, 20, 2000, 1), (1, 70, 2000, 3), (2, 2, 2000, 1), (2, 70, 1990, 1)]
    rows += [(2, 20, 2000, 1), (1, 70, 2004, 1), (1, 2, 2004, 1), (2, 2, 2004, 1)]
    return pd.DataFrame(rows, columns=["organisation", "ccode", "year", "status"])


def test_who_is_inside_who_only_observes_and_who_was_once():
    now = organised(toy_igo(), 2000)
    np.testing.assert_array_equal(now.states, [2, 20, 70])
    np.testing.assert_array_equal(now.member, [[1, 1, 0], [1, 1, 0]])
    np.testing.assert_array_equal(now.looser, [[0, 0, 1], [0, 0, 0]])
    np.testing.assert_array_equal(now.former, [[0, 0, 0], [0, 0, 1]])
    assert now.unit[2] == 1 * CODES + 70 and not now.inside[2]


def test_what_came_counts_full_members_and_leaves_out_states_that_are_gone():
    quantity = ties.Memberships("memberships", True)
    found = quantity.seen({"igo": Table(toy_igo())}, 2000).set_index("unit").value
    assert found[1 * CODES + 70] == 1.0 and found[2 * CODES + 70] == 0.0
    assert 1 * CODES + 20 not in found.index  # Canada is in no organisation in 2004 here


def test_a_record_is_drawn_to_the_rate_of_all():
    event = np.array([1.0, 1, 0, 0, 0, 0])
    label = np.array([7, 7, 8, 8, 8, 8])
    found = ties.record(event, label, np.array([7, 8, 9]))
    base = 2 / 6
    np.testing.assert_allclose(found, [(2 + 20 * base) / 22, 20 * base / 24, base])


def test_a_pair_is_tied_when_one_owes_the_other():
    defence = pd.DataFrame(
        [(2, 20, 2000, 1), (20, 70, 2000, 0)],
        columns=["ccode1", "ccode2", "year", "atop_defense"],
    )
    now = pacted(defence, toy_igo(), 2000)
    np.testing.assert_array_equal(now.unit, [2020, 2070, 20070])
    np.testing.assert_array_equal(now.tied, [True, False, False])


@needs_data
def test_forecasts_use_nothing_dated_later():
    quantity = ties.Memberships("new_memberships", True)
    tables = quantity.tables()
    before = quantity.foresee(Past(1990, tables), 4, 0, 0)
    cut = {name: Table(table.until(1990), table.dated) for name, table in tables.items()}
    after = quantity.foresee(Past(1990, cut), 4, 0, 0)
    pd.testing.assert_frame_equal(before.rows, after.rows)
    for name, one in before.forecasts.items():
        np.testing.assert_array_equal(one.chance, after.forecasts[name].chance)


@needs_data
def test_new_memberships_are_foreseen_better_than_by_records_and_rates():
    quantity = ties.Memberships("new_memberships", True)
    verdict = score(quantity, quantity.tables(), 2000)
    losses = {row.baseline_name: row for row in verdict.scores if row.score == "log"}
    assert losses["base rate"].ours == pytest.approx(0.0610, abs=0.0005)
    assert losses["base rate"].baseline == pytest.approx(0.0873, abs=0.0005)
    assert all(row.high < 0 for row in losses.values())
    assert tie_events.area_interval(2000, draws=5)[0] == pytest.approx(0.929, abs=0.002)


@needs_data
def test_new_pacts_by_treaty_win_lead_of_2000_and_lose_after_2010():
    won = {one.baseline: one for one in tie_events.by_treaty(2000)}
    assert won["base rate"].events == 593 and won["base rate"].treaties == 5
    assert won["base rate"].ours == pytest.approx(0.123, abs=0.001) and won["base rate"].high < 0
    assert won["base rate"].area == pytest.approx(0.948, abs=0.002)
    lost = tie_events.by_treaty(2010)
    assert all(one.low > 0 and one.events == 6 for one in lost)


@needs_data
def test_which_states_make_a_pact_is_foreseen_better_than_by_distance():
    found = tie_events.choices(1990)
    assert found["pacts"] == 28
    assert found["loss"] == pytest.approx(3.43, abs=0.02)
    assert found["loss"] < found["distance"] < found["guess"]
    assert found["area"] == pytest.approx(0.904, abs=0.005)
