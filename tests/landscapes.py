"""Small landscapes for tests, in whole numbers, so that sums are exact and ties are ties."""

from itertools import combinations

import numpy as np
from hypothesis import strategies as st


@st.composite
def worlds(draw, low=2, high=6):
    """Sizes and propensities."""
    count = draw(st.integers(low, high))
    size = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    pairs = list(combinations(range(count), 2))
    values = draw(st.lists(st.integers(-3, 3), min_size=len(pairs), max_size=len(pairs)))
    return np.array(size, float), symmetric(count, dict(zip(pairs, values, strict=True)))


def symmetric(count, values):
    found = np.zeros((count, count))
    for (i, j), value in values.items():
        found[i, j] = found[j, i] = value
    return found
