"""The record of acts: what the rule promises, and what a broken row does."""

import os

import pandas as pd
import pytest

from comity.core.errors import BadInput
from comity.core.parameters import book
from comity.data.tables import acts
from comity.world.snapshot import table

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_FACTS"), reason="COMITY_FACTS is not set: raw data needed"
)


def test_the_record_keeps_its_rule():
    rows = table("acts")
    assert len(rows) >= 60 and rows.id.is_unique
    assert rows.date.between("1989-01-20", "2026-03-24").all()
    assert rows.outcome.isin(acts.FAILED).sum() >= 12
    per_place = rows.groupby(["president", "category"]).size()
    assert per_place.max() <= 4  # two or three, and ties
    assert (per_place.xs("detention", level="category") == 1).all()
    blind = rows[rows.verified == "facts"].source.str.contains(r"E\d{3}|table")
    assert blind.all()


def test_what_failed_is_not_from_memory_and_a_channel_mostly_from_memory_has_grade_d():
    rows = table("acts")
    memory = rows.verified == "record"
    assert memory.sum() <= 35 and not (memory & rows.outcome.isin(acts.FAILED)).any()
    shares = memory.groupby(rows.channel).mean()
    for channel, share in shares.items():
        grade = book("checks")[f"log_odds_{channel}"].grade
        assert (grade == "D") == (share > 0.5), channel


@needs_data
def test_facts_agree_on_the_day():
    from comity.data.sources.source import load

    events = load("facts_events").set_index("id").date
    rows = table("acts").query("verified == 'facts'")
    agree = 0
    for row in rows.itertuples():
        named = acts.EVENT.findall(str(row.source))
        agree += str(row.date) in {str(events[one]) for one in named}
    # An accession is dated in the facts by when it took effect, one exit only by its year.
    assert agree >= 14 and agree == len(rows) - 2


@needs_data
@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("outcome", "perhaps", "not one of"),
        ("date", "1991", "no day"),
        ("source", "E999", "no event"),
        ("outcome_date", "1980-01-01", "before the act"),
    ],
)
def test_broken_rows_are_refused(monkeypatch, column, value, words):
    rows = acts.handmade("acts.csv")
    place = rows.index[rows.outcome == "blocked"][0]
    rows.loc[place, column] = value
    monkeypatch.setattr(acts, "handmade", lambda name: rows)
    with pytest.raises(BadInput, match=words):
        acts.build()


@needs_data
def test_it_builds_to_what_is_embedded():
    built = acts.build().sort_values("id", ignore_index=True)
    there = table("acts").fillna("").sort_values("id", ignore_index=True)
    pd.testing.assert_frame_equal(built.astype(str), there.astype(str))
