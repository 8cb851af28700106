"""Growth on a panel: moments of small series by hand."""

import numpy as np
import pytest

from comity.models.people import growth_on_a_panel as model


def test_the_error_of_a_mean_counts_how_long_a_state_of_affairs_lasts():
    """Products of neighbours 1 - 1 + 1 over squares 3: phi 1/3, which doubles the variance."""
    found = model.fit_world(np.array([1.0, 1.0, -1.0, -1.0]) + 5.0)
    assert (found.mean, found.years) == (5.0, 4)
    assert found.sd == pytest.approx(np.sqrt(4 / 3))
    assert found.persistence == pytest.approx(1 / 3)
    assert found.mean_error == pytest.approx(np.sqrt(4 / 3 * 2 / 4))
    # Turning every year would say that the mean is known better than by chance: not believed.
    turning = model.fit_world(np.array([1.0, -1.0, 1.0, -1.0]))
    assert turning.persistence == 0.0
    assert turning.mean_error == pytest.approx(np.sqrt(4 / 3 / 4))
