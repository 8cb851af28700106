"""No hindcast scores a year that its outcome's own sources do not cover, whatever else goes on."""

import os
import shutil
import warnings
from pathlib import Path

import pandas as pd
import pytest

from comity.data.sources import source as data
from comity.evidence import backtest
from comity.evidence.backtest import Past
from comity.evidence.hindcasts.quantities import QUANTITIES

MORE = 5
DATED = ("year", "Year", "time")
pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
    ),
    pytest.mark.slow,
]
# Figures of growth are Penn's where it has them, so a newer Penn table is a newer outcome.
ALSO_OUTCOME = {"growth": {"pwt_10_01"}, "gdp_shares": {"pwt_10_01"}}


def extended(name: str, more: int) -> pd.DataFrame | None:
    """A source with its last year said over again; None where it has no column of years."""
    rows = data.load(name)
    column = next((column for column in DATED if column in rows), None)
    if column is None:
        return None
    # A card may end before a file: projections and stray rows are no figures.
    last = data.card(name).years[1] if data.card(name).years else int(rows[column].max())
    late = rows[rows[column] == min(last, int(rows[column].max()))]
    kept = rows[rows[column] <= last]
    added = [late.assign(**{column: late[column] + n}) for n in range(1, more + 1)]
    if "rcid" in rows:  # a roll call has one number
        first = int(rows["rcid"].max())
        added = [part.assign(rcid=part["rcid"] + n * first) for n, part in enumerate(added, 1)]
    return pd.concat([kept, *added], ignore_index=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The data folder, in links."""
    root = Path(os.environ["COMITY_DATA"])
    place = tmp_path_factory.mktemp("longer")
    for file in root.rglob("*.parquet"):
        link = place / file.relative_to(root)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(file)
    return place


def longer(folder: Path, target: Path, names: set[str], monkeypatch, more=MORE) -> set[str]:
    """Put extended files in place of some sources; return those that could be extended."""
    shutil.copytree(folder, target, symlinks=True)
    done = set()
    for name in sorted(names):
        rows = extended(name, more)
        if rows is not None:
            file = target / data.card(name).file
            file.unlink()
            rows.to_parquet(file)
            done.add(name)
    monkeypatch.setenv("COMITY_DATA", str(target))
    return done


def read_by(name: str, monkeypatch) -> tuple[set[str], dict[str, backtest.Table]]:
    """The sources that a quantity reads, and its tables."""
    asked: set[str] = set()
    original = data.path

    def noted(source: str) -> Path:
        asked.add(source)
        return original(source)

    with monkeypatch.context() as patch:
        patch.setattr(data, "path", noted)
        tables = QUANTITIES[name]().tables()
    return {one for one in asked if data.card(one).root == "data"}, tables


def same(name: str, before, after, done: set[str]) -> None:
    """What is scored is the same in every window; so is what forecasts before the end are given."""
    ended = min(data.card(source).years[1] for source in done)
    one = QUANTITIES[name]()
    assert backtest.windows(one, after) == backtest.windows(one, before)
    for window in backtest.windows(one, before):
        was, now = (
            backtest.observed(one, tables, window)
            .sort_values(["unit", "year"])
            .reset_index(drop=True)
            for tables in (before, after)
        )
        pd.testing.assert_frame_equal(was, now, check_exact=True)
        if window > ended:
            continue
        pasts = Past(window, before), Past(window, after)
        for key, table in before.items():
            given = [past.table(key) for past in pasts]
            if table.dated is not None:
                pd.testing.assert_frame_equal(*given, check_exact=True)


@pytest.mark.parametrize("name", QUANTITIES)
def test_inputs_that_go_on_change_no_score(name, folder, tmp_path, monkeypatch):
    """Every input but those of the outcome, five years longer; a warning names each."""
    asked, before = read_by(name, monkeypatch)
    one = QUANTITIES[name]()
    rest = asked - set(one.outcome) - ALSO_OUTCOME.get(name, set())
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        done = longer(folder, tmp_path / "data", rest, monkeypatch)
        same(name, before, QUANTITIES[name]().tables(), done)
    text = " ".join(str(one.message) for one in said)
    assert [source for source in done if repr(source) not in text] == []


SEVERAL = [
    (name, source)
    for name, maker in QUANTITIES.items()
    for source in maker().outcome
    if len(maker().outcome) > 1 and source not in ("cow_contdir", "cow_majors", "cow_states")
]


@pytest.mark.parametrize(("name", "source"), SEVERAL)
def test_a_year_that_one_source_of_the_outcome_lacks_is_not_scored(
    name, source, folder, tmp_path, monkeypatch
):
    """One of them ten years longer: scored to where the next one ends, and that is said."""
    one = QUANTITIES[name]()
    ends = {other: data.years(other)[1] for other in one.outcome}
    longer(folder, tmp_path / "data", {source}, monkeypatch, more=10)
    ends[source] += 10
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        tables = QUANTITIES[name]().tables()
        last = max(
            backtest.observed(one, tables, window).year.max()
            for window in backtest.windows(one, tables)
        )
    assert last == min(ends.values())
    text = " ".join(str(one.message) for one in said if "is not known" in str(one.message))
    short = min(ends, key=ends.__getitem__)
    assert f"{source!r} goes to {ends[source]}" in text and f"{short!r}" in text


@pytest.mark.parametrize(
    "name", [name for name, maker in QUANTITIES.items() if len(maker().outcome) == 1]
)
def test_an_outcome_that_goes_on_is_scored(name, folder, tmp_path, monkeypatch):
    """No code names the last year."""
    one = QUANTITIES[name]()
    before = backtest.scoreable(one, one.tables(), (2010, 2014))
    longer(folder, tmp_path / "data", set(one.outcome), monkeypatch, more=10)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        after = backtest.scoreable(one, QUANTITIES[name]().tables(), (2010, 2014, 2024))
    assert after.last_year.max() > before.last_year.max()
