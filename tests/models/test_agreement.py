"""Agreements: tariffs go, costs fall by the rest, and nothing happens without one."""

import comity.core.runtime  # noqa: F401  isort: skip
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.models.trade.agreement import of_flow, on_goods

# Numbers below the smallest normal one are taken for nil where a program is compiled.
UP_TO_ONE = st.floats(0.0, 1.0, allow_subnormal=False)
SHARES = st.floats(-1.0, 1.0, allow_subnormal=False)
RATES = st.floats(0.0, 2.0, allow_subnormal=False)


def one(x):
    return jnp.asarray([x])


def test_by_hand_half_the_trade_comes_under_an_agreement():
    eased = on_goods(one(0.5), jnp.asarray(0.6), one(0.05), jnp.asarray(4.0))
    assert float(eased.tariff[0]) == pytest.approx(0.025)
    expected = 0.3 - 4 * np.log(1.05 / 1.025)
    assert float(eased.growth[0]) == pytest.approx(expected)
    flow = of_flow(one(0.8), eased.growth, one(0.075))
    assert float(flow[0]) == pytest.approx(np.log(0.8 * np.exp(expected) + 0.2 * np.exp(0.075)))


def test_a_tariff_that_is_worth_more_than_the_effect_leaves_nothing_to_other_costs():
    eased = on_goods(one(1.0), jnp.asarray(0.475), one(0.5), jnp.asarray(4.0))
    assert float(eased.growth[0]) == 0.0 and float(eased.tariff[0]) == 0.0


@given(SHARES, UP_TO_ONE, RATES, st.floats(1.0, 10.0))
def test_goods_never_gain_less_than_the_effect_and_a_loss_cuts_no_tariff(share, effect, rate, e):
    eased = on_goods(one(share), jnp.asarray(effect), one(rate), jnp.asarray(e))
    growth = float(eased.growth[0]) + e * float(jnp.log1p(rate) - jnp.log1p(eased.tariff[0]))
    assert growth >= effect * share - 1e-12
    if share <= 0:
        assert float(eased.tariff[0]) == rate and float(eased.growth[0]) == effect * share


@given(UP_TO_ONE, RATES)
def test_without_an_agreement_nothing_moves_by_a_bit(goods, rate):
    eased = on_goods(one(0.0), jnp.asarray(0.475), one(rate), jnp.asarray(4.0))
    assert float(eased.tariff[0]) == rate and float(eased.growth[0]) == 0.0
    assert float(of_flow(one(goods), eased.growth, one(0.0))[0]) == 0.0
