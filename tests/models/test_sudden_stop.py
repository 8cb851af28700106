"""Loss of output when an input that is hard to replace falls away."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.trade.sudden_stop import output_left, second_order

SHARES = st.floats(0.005, 0.5)
LEFT = st.floats(0.05, 1.0)
SUBSTITUTION = st.floats(0.02, 5.0)


def at(model, *values):
    return float(model(*(jnp.asarray(float(value)) for value in values)))


def test_the_published_case():
    """A tenth of energy, 4 % of spending, elasticity 0.04: at most 1.5 % (Bachmann et al. 2022)."""
    assert 100 * (1 - at(output_left, 0.04, 0.9, 0.04)) == pytest.approx(1.5, abs=0.1)


def test_by_hand():
    """Elasticity 1/2: y = 1 / (a / e + 1 - a)."""
    assert at(output_left, 0.1, 0.5, 0.5) == pytest.approx(1 / (0.1 / 0.5 + 0.9))
    assert at(output_left, 0.1, 0.5, 2.0) == pytest.approx((0.1 * 0.5**0.5 + 0.9) ** 2)


def test_limits():
    assert at(output_left, 0.2, 0.5, 1.0) == pytest.approx(0.5**0.2)
    assert at(output_left, 0.2, 0.5, 1 + 1e-4) == pytest.approx(0.5**0.2, rel=1e-4)
    assert at(output_left, 0.2, 0.5, 1e-3) == pytest.approx(0.5, rel=2e-3)  # nothing replaces it
    assert at(output_left, 1.0, 0.4, 0.3) == pytest.approx(0.4)


@given(share=SHARES, left=LEFT, substitution=SUBSTITUTION)
def test_between_nothing_lost_and_all_lost_alike(share, left, substitution):
    found = at(output_left, share, left, substitution)
    assert left * (1 - 1e-9) <= found <= 1 + 1e-12
    if left < 1:
        easier = at(output_left, share, left, substitution * 1.5)
        assert easier >= found * (1 - 1e-12)


@example(share=0.5, substitution=0.99999)
@given(share=SHARES, substitution=SUBSTITUTION)
def test_second_order_is_what_it_says(share, substitution):
    """The gap falls with the cube of the shock."""
    gaps = [
        abs(np.log(at(output_left, share, left, substitution))
            - np.log(at(second_order, share, left, substitution)))
        for left in (np.exp(-0.004), np.exp(-0.002))
    ]  # fmt: skip
    assert gaps[1] <= gaps[0] / 5 + 1e-13


@pytest.mark.parametrize(
    "values", [(0.0, 0.5, 1.0), (0.1, 0.0, 1.0), (0.1, 1.1, 1.0), (0.1, 0.5, 0.0)]
)
@pytest.mark.parametrize("model", [output_left, second_order])
def test_refused(model, values):
    with pytest.raises(BadInput):
        at(model, *values)
