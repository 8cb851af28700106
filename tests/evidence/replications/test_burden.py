"""NATO in 1964 and by year from 1999: ranks, years of exploitation, what disagrees."""

import os

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from comity.core.errors import BadInput
from comity.evidence.replications import nato_burden, olson_zeckhauser
from comity.registry.frameworks import members

raw_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def short(checks):
    return [check.what for check in checks if not check.ok]


def test_olson_and_zeckhauser_are_reached():
    checks = olson_zeckhauser.run()
    assert len(checks) == 3 and short(checks) == []


def test_two_shares_swapped_are_seen(monkeypatch):
    rows = dict(olson_zeckhauser.ALLIES)
    rows["USA"], rows["PRT"] = (569.03, 7.7), (2.88, 9.0)
    monkeypatch.setattr(olson_zeckhauser, "ALLIES", rows)
    assert "rank correlation of size and share (from memory)" in short(olson_zeckhauser.run())


def test_rank_and_chance_agree_with_another_program():
    income, share = olson_zeckhauser.table()
    ours = olson_zeckhauser.exploitation(share, income)
    theirs = spearmanr(share, income, alternative="greater")
    assert abs(ours.correlation - theirs.statistic) < 1e-12
    assert abs(ours.chance - theirs.pvalue) < 1e-12


@raw_data
def test_nato_by_year_is_reached():
    checks = nato_burden.run()
    assert len(checks) == 16 and short(checks) == []


@raw_data
def test_exploitation_in_2010_to_2015_and_in_no_other_year():
    ranks = nato_burden.by_year()
    assert list(ranks) == list(range(1999, 2025))
    found = [year for year, rank in ranks.items() if rank.chance < nato_burden.LEVEL]
    assert found == list(range(2010, 2016))
    # At 5 % the year 2010 goes. At either level 2016 and 2017 do not come out, though another
    # study has them.
    stricter = [year for year, rank in ranks.items() if rank.chance < 0.05]
    assert stricter == list(range(2011, 2016))
    negative = [year for year, rank in ranks.items() if rank.correlation < 0]
    assert negative == [2019, 2022, 2023]
    for year, rank in ranks.items():
        assert rank.allies == len(members("NATO", year)) - 1, year


@raw_data
def test_a_state_with_two_figures_is_told(monkeypatch):
    whole = nato_burden.load
    sheet = whole("sipri_milex_2026release_1949_2024")
    twice = {"sipri_milex_2026release_1949_2024": pd.concat([sheet, sheet.tail(300)])}
    monkeypatch.setattr(nato_burden, "load", lambda name: twice.get(name, whole(name)))
    with pytest.raises(BadInput, match="two figures"):
        nato_burden.shares()


@raw_data
def test_a_share_is_a_fraction_and_nil_is_missing():
    table = nato_burden.shares()
    assert table.share.between(0, 2, inclusive="neither").all()
    assert np.isfinite(table.income).all() and "ISL" not in set(table.id)
