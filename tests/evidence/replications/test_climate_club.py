"""The climate club: the 44 cells, the inputs as read, and what moves the club."""

import os

import numpy as np
import pytest

from comity.core.errors import BadInput
from comity.evidence.replications import climate_club
from comity.models.institutions.club import (
    coalitions,
    search,
    shapley_shares,
    stable_with_transfers,
    transfers,
)

raw_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@raw_data
def test_every_figure_is_reached():
    checks = climate_club.run()
    assert len(checks) == 52
    assert all(check.ok for check in checks), [c for c in checks if not c.ok]


@raw_data
def test_the_inputs_are_those_listed():
    world = climate_club.regions()
    listed = {"US": (15533.9, 5670.8, 0.03251), "India": (5962.9, 2173.8, 0.03597)}
    for name, (product, carbon, slope) in listed.items():
        at = world.names.index(name)
        assert world.product[at] == pytest.approx(product, abs=0.06)
        assert world.carbon[at] == pytest.approx(carbon, abs=0.06)
        assert world.slope[at] == pytest.approx(climate_club.CHEAPER * slope, abs=1e-5)
    assert np.all(np.diag(world.imports) == 0) and np.isfinite(world.imports).all()
    # Brazil's row, the column of what the United States import.
    assert world.imports[0, world.names.index("US")] == pytest.approx(25.943, abs=1e-3)


@raw_data
def test_payoffs_are_those_put_together_by_hand():
    world = climate_club.regions()
    member = coalitions(15)[[0, 5, 4711, 2**15 - 1]]
    found = world.payoff(member, 50.0, 0.05)
    share = world.product / world.product.sum()
    for row, inside in zip(found, member, strict=True):
        price = [50.0 if inside[i] else 50.0 * share[i] for i in range(15)]
        tons = [world.cuts(inside[None], 50.0)[0, i] * world.carbon[i] for i in range(15)]
        for i, name in enumerate(world.names):
            # Marginal cost is linear in the cut, so cost is half of price times tons.
            want = sum(tons) * 50.0 * share[i] / 1000 - price[i] * tons[i] / 2000
            gain, waste = climate_club.TARIFF_EFFECTS[name]
            for j, other in enumerate(world.names):
                if inside[i] and not inside[j]:
                    want += (0.05 * gain - 0.0025 * waste) * world.imports[j, i]
                if inside[j] and not inside[i]:
                    want -= 0.05 * climate_club.TARIFF_EFFECTS[other][0] * world.imports[i, j]
            assert row[i] == pytest.approx(want, rel=1e-10, abs=1e-10)


@raw_data
@pytest.mark.parametrize(("price", "tariff"), [(25.0, 0.02), (50.0, 0.05), (100.0, 0.1)])
def test_a_search_finds_the_same_club(price, tariff):
    world = climate_club.regions()
    found = search(lambda member: world.payoff(member, price, tariff), 15, starts=20)
    assert found.ended == 20
    np.testing.assert_array_equal(found.member, world.stable(price, tariff))


@raw_data
def test_with_transfers_all_join_at_fifty_dollars_from_four_per_cent_on():
    world = climate_club.regions()

    def clubs(tariff):
        return stable_with_transfers(lambda member: world.payoff(member, 50.0, tariff), 15)

    assert sorted(clubs(0.03).sum(axis=1)) == [13, 14, 14, 14, 14, 14]
    assert clubs(0.04).tolist() == [[True] * 15]
    assert not clubs(0.0).any()
    paid = transfers(lambda member: world.payoff(member, 50.0, 0.05), np.ones(15, bool))
    assert np.abs(paid).sum() / 2 == pytest.approx(80.4, abs=0.05)
    assert {world.names[i] for i in np.flatnonzero(paid > 10)} == (
        {"Brazil", "Russia", "India", "Safrica", "China", "Eurasia"}
    )


@raw_data
def test_shares_of_the_club_at_fifty_dollars():
    world = climate_club.regions()
    inside = np.isin(world.names, climate_club.AT_FIFTY)
    share = shapley_shares(lambda member: world.payoff(member, 50.0, 0.05), inside)
    wanted = {"EU": 38.2, "US": 33.5, "SEAsia": 23.6, "Japan": 4.3, "Canada": 1.9}
    for name, value in wanted.items():
        assert share[world.names.index(name)] == pytest.approx(value, abs=0.05)


@raw_data
def test_a_smaller_penalty_is_caught(monkeypatch):
    halved = {k: (a / 2, b) for k, (a, b) in climate_club.TARIFF_EFFECTS.items()}
    monkeypatch.setattr(climate_club, "TARIFF_EFFECTS", halved)
    monkeypatch.setattr(climate_club, "TARIFFS", (0.05,))
    monkeypatch.setattr(climate_club, "PRICES", (50.0,))
    short = [check for check in climate_club.run() if not check.ok]
    assert any("members at $50" in check.what for check in short)


@raw_data
def test_another_workbook_is_refused(monkeypatch):
    header, *rows = climate_club.cells(climate_club.path("climate_club_inputs"))
    monkeypatch.setattr(climate_club, "cells", lambda place: [header, *rows[:-1]])
    with pytest.raises(BadInput, match="15 regions"):
        climate_club.regions()
