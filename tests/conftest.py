"""Strict arrays in every test, and the caches of test runs away from the user's."""

import os
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("COMITY_CACHE", os.path.join(tempfile.gettempdir(), "comity-test-cache"))

import jax  # noqa: E402
import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

from comity.core import runtime  # noqa: E402  (sets JAX up before anything imports it)

jax.config.update("jax_numpy_dtype_promotion", "strict")

settings.register_profile(
    "comity",
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("comity")

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@pytest.fixture(autouse=True)
def _quiet_third_parties():
    """Deprecations inside libraries that we cannot mend; ours stay errors."""
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", category=DeprecationWarning, module=r"(jupyter|vl_convert)"
        )
        yield


@pytest.fixture(autouse=True, scope="module")
def _room_for_programs():
    """A worker meets hundreds of files, each with programs of its own."""
    yield
    runtime.make_room()


@pytest.fixture(scope="session")
def toy_future():
    """The toy world's future, compiled once for the whole session: row -> Kept as NumPy."""
    import toy
    from comity.engine.year import future

    program = jax.jit(future)

    def run(row, shared=None):
        return jax.tree.map(jax.device_get, program(shared or toy.toy_shared(), row))

    return run


# Folders whose tests read raw data or fit models at length.
SLOW = {"replications", "hindcasts", "estimates", "studies"}


def pytest_collection_modifyitems(items):
    """Whatever reads raw data and worlds of the past are slow by kind; CI runs them anyway."""
    for item in items:
        inside = item.path.relative_to(Path(__file__).parent)
        if SLOW & set(inside.parts) or inside.stem == "test_history":
            item.add_marker(pytest.mark.slow)
