"""The Council on real data: texts matched to states, numbers of the mechanism fitted again."""

import os

import numpy as np
import pandas as pd
import pytest

from comity.evidence.backtest import Past
from comity.evidence.estimates import council_numbers
from comity.evidence.hindcasts import council
from comity.evidence.panels import council_data
from comity.mechanisms.catalogue import books
from comity.mechanisms.council import RECURRING

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
    ),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def tables():
    return council.tables()


@pytest.mark.parametrize(
    ("topic", "year", "state", "about"),
    [
        ("The situation in the Democratic Republic of the Congo", 2005, 490, 1),
        ("The situation in the Democratic Republic of the Congo", 2005, 484, 0),
        ("Democratic People's Republic of Korea", 2016, 731, 1),
        ("The situation in Cote d'Ivoire", 2011, 437, 1),
        ("The situation in Guinea-Bissau", 2012, 438, 0),
        ("The situation in Guinea-Bissau", 2012, 404, 1),
        ("The situation in Somalia", 2012, 432, 0),
        ("The situation in Mali", 2013, 432, 1),
        ("The situation in the Middle East", 2005, 652, 0),
        ("The situation in the Middle East", 2014, 652, 1),
        ("The situation in the Middle East", 2005, 666, 1),
        ("Middle East - Syria", 2014, 666, 0),
        ("Reports of the Secretary-General on the Sudan and South Sudan", 2014, 626, 1),
    ],
)
def test_agenda_items_name_states(topic, year, state, about):
    names = pd.read_parquet(os.path.join(os.environ["COMITY_DATA"], "politics/cow_states.parquet"))
    name = names.drop_duplicates("ccode").set_index("ccode").statenme[state]
    found = council_data.named(pd.Series([topic]), pd.Series([year]), state, name)
    assert found[0] == about


def test_vetoed_conflicts_are_those_known(tables):
    rows = tables["conflicts"].rows
    came = council.outcomes(rows, tables["record"].rows)
    vetoed = came[:, 2:].sum(axis=1) > 0
    by_state = rows[vetoed].groupby("state").size().to_dict()
    assert by_state == {93: 1, 346: 1, 369: 2, 652: 7, 666: 10, 678: 1, 775: 1}
    assert vetoed.sum() == 23 and (vetoed & (rows.year > 2010)).sum() == 12
    np.testing.assert_allclose(came.sum(axis=1), 1.0)


def test_forecasts_are_chances_and_sum_to_one(tables):
    past = Past(2012, tables)
    rows = tables["conflicts"].rows
    rows = rows[rows.year == 2013].reset_index(drop=True)
    for name, chance in council.chances(past, rows).items():
        assert chance.shape == (len(rows), 7), name
        assert (chance > 0).all() and np.allclose(chance.sum(axis=1), 1.0)


def test_the_books_numbers_are_fitted_again():
    value = council_numbers.fitted(*council_numbers.panel())
    book = [books()["council"][name].value for name in council_numbers.NAMES]
    np.testing.assert_allclose(book, value, atol=0.02)
    joined = council_numbers.joined()
    assert joined["USA"] == 0.0
    for member in ("RUS", "CHN"):
        want = books()["council"][f"joined_{member.lower()}"].value
        assert joined[member] == pytest.approx(want, abs=0.001)


def test_the_mechanisms_conflicts_are_those_of_the_data():
    found = council_numbers.recurring()
    want = {state: (topic, " ".join(parties)) for state, topic, parties in RECURRING}
    assert {state: (row.topic, row.party) for state, row in found.iterrows()} == want
