"""Provenance cards and the door to the raw data."""

import os
import re
from pathlib import Path

import pandas as pd
import pytest

from comity.core.errors import BadInput, DataMissing
from comity.data.sources import source

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
BIB = Path(__file__).parents[2] / "src" / "comity" / "core" / "references.bib"
YEARS = {
    "year",
    "Year",
    "time",
    "styear",
    "endyear",
    "yrent",
    "begyr",
    "start_year",
    "end_year",
    "yrtrig",
    "year_from",
    "year_to",
}


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A folder of raw data with one made-up source, and its card."""
    monkeypatch.setenv("COMITY_DATA", str(tmp_path))
    made = source.card("cow_states").model_copy(
        update={"name": "made", "file": "made.csv", "sha256": "0" * 64}
    )
    monkeypatch.setattr(source, "cards", lambda: {"made": made})
    (tmp_path / "made.csv").write_text("iso2,value\nNA,1\nUS,\n")
    source._warn_if_changed.cache_clear()
    yield tmp_path
    source._warn_if_changed.cache_clear()


def test_cards_are_complete():
    keys = set(re.findall(r"@\w+\{([^,]+),", BIB.read_text(encoding="utf-8")))
    for name, card in source.cards().items():
        assert card.citation in keys, name
        assert card.url.startswith("http") and card.producer and card.licence and card.version
        assert re.fullmatch(r"[0-9a-f]{64}", card.sha256)
        assert card.years is None or card.years[0] <= card.years[1]
        assert not Path(card.file).is_absolute()


@needs_data
@pytest.mark.parametrize("name", sorted(source.cards()))
def test_a_card_is_true_of_its_file(name):
    card, place = source.card(name), source.path(name)
    assert source.checksum(place) == card.sha256
    if place.suffix != ".parquet" or card.years is None:
        return
    import pyarrow.parquet as pq

    columns = [c for c in pq.read_schema(place).names if c in YEARS]
    if not columns:
        return
    values = pd.concat(
        [pd.to_numeric(source.load(name, columns)[c], errors="coerce") for c in columns]
    )
    values = values[values > 0].dropna()
    assert card.years[0] <= values.min() and values.max() <= card.years[1]
    if name != "us_congress_nominate":
        assert (values.min(), values.max()) == card.years or card.years[1] - values.max() <= 1


def test_without_the_folder_the_message_says_what_to_do(monkeypatch):
    monkeypatch.delenv("COMITY_DATA", raising=False)
    with pytest.raises(DataMissing, match="export COMITY_DATA="):
        source.load("cow_states")


def test_without_the_file_the_message_names_it(tmp_path, monkeypatch):
    monkeypatch.setenv("COMITY_DATA", str(tmp_path))
    with pytest.raises(DataMissing, match="cow_states.parquet is not in COMITY_DATA"):
        source.load("cow_states")


def test_an_unknown_source_gets_the_nearest_names():
    with pytest.raises(BadInput, match="cow_states"):
        source.card("cow_state")


def test_a_changed_file_is_read_with_one_warning(data):
    with pytest.warns(UserWarning, match="not the file described on its card"):
        frame = source.load("made")
    assert frame["iso2"].tolist() == ["NA", "US"]
    assert frame["value"].isna().tolist() == [False, True]
    source.load("made")


def test_a_missing_column_is_named(data):
    with pytest.warns(UserWarning), pytest.raises(BadInput, match="nothing"):
        source.load("made", ["nothing"])


def test_a_card_with_an_unknown_field_is_refused():
    raw = source.card("cow_states").model_dump() | {"colour": "red"}
    with pytest.raises(ValueError, match="colour"):
        source.Card.model_validate(raw)


def test_a_newer_file_counts_with_its_own_last_year(tmp_path, monkeypatch):
    """Later years that a user puts into the data folder are inside coverage without a change."""
    listed = source.card("sipri_milex").years
    monkeypatch.delenv("COMITY_DATA", raising=False)
    assert source.years("sipri_milex") == tuple(listed)
    place = tmp_path / source.card("sipri_milex").file
    place.parent.mkdir(parents=True)
    pd.DataFrame({"year": [2020, listed[1] + 3]}).to_parquet(place)
    monkeypatch.setenv("COMITY_DATA", str(tmp_path))
    with pytest.warns(UserWarning, match="not the file described"):
        assert source.years("sipri_milex") == (listed[0], listed[1] + 3)
