"""Accessions 2017-2024: the cases agree with the snapshot, figures with docs/replications."""

import os

import pytest

from comity.evidence.panels.accession_cases import cases, figures, open_years
from comity.evidence.studies import accession
from comity.registry.frameworks import framework, members

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def test_entries_are_those_of_the_snapshot_and_the_refused_are_no_members():
    rows = cases()
    assert len(rows) == 170 and (rows["source"].str.len() > 20).all()
    for one in rows.itertuples():
        framework(one.framework)
        if one.outcome == "joined":
            assert one.state in members(one.framework, int(one.ended)), one
            assert one.state not in members(one.framework, int(one.ended) - 1), one
        else:
            assert one.state not in members(one.framework, 2026), one


def test_years_at_risk_end_with_the_case():
    rows = open_years(cases(), 2017, 2024)
    finland = rows[(rows["state"] == "FIN") & (rows["framework"] == "NATO")]
    assert list(finland["came"]) == [0.0, 1.0] and list(finland["waited"]) == [1, 2]
    argentina = rows[(rows["state"] == "ARG") & (rows["framework"] == "BRICS")]
    assert list(argentina["year"]) == [2022, 2023] and argentina["came"].sum() == 0


@needs_data
def test_no_model_beats_the_base_rate_and_the_misses_are_those_named():
    read = figures()
    ridge = accession.choose_penalty(read)
    assert ridge == (30.0, 30.0)
    found = accession.forecasts(accession.span(read), ridge)
    assert len(found) == 79 and found["came"].sum() == 19
    everything = accession.scores(found).set_index("model")
    assert everything.loc["base_rate", "log"] == pytest.approx(0.616, abs=0.002)
    assert everything.loc["plain", "log"] == pytest.approx(0.663, abs=0.005)
    assert accession.headline(found).sum() == 46
    lead = accession.scores(found[accession.headline(found)]).set_index("model")
    assert lead.loc["plain", "log"] == pytest.approx(0.616, abs=0.005)
    assert lead.loc["plain", "low"] < 0 < lead.loc["plain", "high"]
    chance = found.set_index(["framework", "state"])["plain"]
    assert chance["CPTPP", "GBR"] > 0.4 and chance["CPTPP", "CHN"] < 0.1
    assert chance["CPTPP", "TWN"] > 0.3  # a miss: no process was opened
    assert chance["BRICS", "ETH"] < 0.1  # a miss: let in within months
