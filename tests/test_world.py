"""The world: masks, the door, merging into regions."""

import warnings

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.errors import BadInput, CoverageWarning
from comity.world.given import cards, door
from comity.world.regions import coarsen, default_focus, groups, region_names, slots
from comity.world.snapshot import load_world


@pytest.fixture(scope="module")
def full():
    return load_world(2024)


def coarse(world, focus=None):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        return coarsen(world, focus)


def test_every_state_of_the_registry_is_there_with_trade(full):
    assert full.count == 196 and {"TWN", "XKX", "PSE"} <= set(full.states)
    sales = np.asarray(full.sales)
    assert (sales >= 0).all() and (np.diag(sales) > 0).all()


def test_gaps_are_nan_at_rest_and_masks_at_the_door(full):
    tariff = np.asarray(full.tariff)
    assert np.isnan(tariff).any(), "unknown tariffs are missing at rest, not zero"
    filled, known = door(full)
    assert not np.isnan(np.asarray(filled.tariff)).any()
    assert (known["tariff"] == ~np.isnan(tariff)).all()
    np.testing.assert_array_equal(
        np.asarray(filled.tariff)[known["tariff"]], tariff[known["tariff"]]
    )
    gaps = ~known["tariff"]
    assert (np.asarray(filled.tariff)[gaps] > 0).any(), "a gap is not filled with zero"


def test_a_figure_that_cannot_be_guessed_is_refused_by_name(full):
    broken = full.replace({"gdp": full.gdp.at[full.index("JPN")].set(jnp.nan)})
    with pytest.raises(BadInput, match="gdp is missing for JPN"):
        door(broken)


def test_merging_keeps_totals(full):
    merged = coarse(full)
    assert merged.count == 48
    for name, card in cards().items():
        if card.merge == "sum" and not np.isnan(np.asarray(getattr(merged, name))).any():
            known = np.nansum(np.asarray(getattr(full, name)))
            assert np.asarray(getattr(merged, name)).sum() == pytest.approx(known, rel=1e-12), name


def test_sales_inside_a_region_become_domestic(full):
    merged = coarse(full)
    made = groups(full.states, default_focus())
    rows = made["R_SEA"]
    inside = np.asarray(full.sales)[np.ix_(rows, rows)].sum()
    here = merged.index("R_SEA")
    assert float(merged.sales[here, here]) == pytest.approx(inside, rel=1e-12)


def test_means_lie_within_their_members_and_members_are_weighted(full):
    merged = coarse(full)
    rows = groups(full.states, default_focus())["R_LAC"]
    here = merged.index("R_LAC")
    known = np.asarray(full.trend)[rows]
    assert known.min() <= float(merged.trend[here]) <= known.max()
    weights = np.asarray(full.gdp)[rows]
    assert float(merged.trend[here]) == pytest.approx(np.average(known, weights=weights))
    own = np.asarray(full.growth_sd)[rows]
    independent = np.sqrt((own**2 * weights**2).sum()) / weights.sum()
    assert float(merged.growth_sd[here]) == pytest.approx(independent)


@settings(max_examples=8)
@given(
    st.lists(
        st.sampled_from(["JPN", "USA", "BRA", "KEN", "DEU", "FJI", "TWN"]), min_size=1, unique=True
    )
)
def test_any_focus_keeps_its_states_and_the_world_total(full, focus):
    merged = coarse(full, focus)
    assert set(focus) <= set(merged.states)
    assert float(merged.sales.sum()) == pytest.approx(float(full.sales.sum()), rel=1e-12)
    here, there = merged.index(focus[0]), full.index(focus[0])
    assert float(merged.gdp[here]) == float(full.gdp[there])
    assert merged.slot[here] == full.slot[there], "a kept state meets the same shocks"


def test_regions_that_are_mostly_unknown_stay_missing_and_say_so(full):
    poor = full.replace({"milex": jnp.full(full.count, jnp.nan).at[full.index("JPN")].set(1.0)})
    merged = coarse(poor)
    assert np.isnan(float(merged.milex[merged.index("R_SAS")]))
    with pytest.warns(CoverageWarning, match="known states only"):
        coarsen(full)


def test_every_region_has_a_number_and_both_names(full):
    merged = coarse(full)
    numbers = slots(full, merged.states)
    assert (numbers >= 0).all() and len(set(numbers)) == merged.count
    for region in (s for s in merged.states if s.startswith("R_")):
        assert region_names()[region]["en"] and region_names()[region]["ja"]


def test_an_unknown_state_gets_the_nearest_names(full):
    with pytest.raises(BadInput, match="nearest: .*JPN"):
        full.index("JPM")
    with pytest.raises(BadInput, match="holds 2024, not 1999"):
        load_world(1999)


def test_xarray_carries_units_and_names(full):
    labelled = full.to_xarray()
    assert labelled["sales"].dims == ("state", "partner")
    assert labelled["gdp"].sel(state="USA") > labelled["gdp"].sel(state="JPN")
    assert all(v.attrs["units"] and v.attrs["long_name"] for v in labelled.data_vars.values())
