"""gegravity 0.3 on its own sample: its 'full' effects are conditional ones with p = 1/Pi."""

import importlib.util
import os
import warnings
from pathlib import Path

import numpy as np
import pytest

from comity.evidence.replications.gegravity import reference_results
from comity.models.trade.gravity_equilibrium import scale_to_totals

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
    ),
]


def benchmark():
    path = Path(__file__).parents[3] / "benchmarks" / "trade.py"
    spec = importlib.util.spec_from_file_location("benchmark_trade_equilibrium", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_its_effects_are_those_of_fixed_output_and_spending():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the peer's pandas use
        pytest.importorskip("gegravity")
        bench = benchmark()
        model = bench.peer(*bench.sample(), bench.SAMPLE_COSTS, 5.0)
    results = model.country_results
    flow = model.bilateral_trade_results["baseline modeled trade"].reset_index()
    trade = bench.square(flow, "baseline modeled trade")
    old, new = (
        scale_to_totals(
            bench.square(cost, "trade_cost"),
            trade.sum(1),
            trade.sum(0),
            list(results.index).index("DEU"),
        )
        for cost in (model.baseline_trade_costs, model.experiment_trade_costs)
    )
    price = 100 * ((new.exporter / old.exporter) ** -0.25 - 1)
    inward = 100 * ((old.importer / new.importer) ** -0.25 - 1)
    theirs = results["factory gate price change (percent)"].to_numpy(float)
    assert np.abs(theirs).max() > 0.2
    np.testing.assert_allclose(price, theirs, atol=1e-6)
    np.testing.assert_allclose(inward, results["imr change (percent)"].to_numpy(float), atol=1e-6)


def test_the_stored_results_are_what_it_gives():
    """The csv that `comity replicate gegravity-conditional` compares with, computed again."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the peer's pandas use
        pytest.importorskip("gegravity")
        bench = benchmark()
        results = bench.peer(*bench.sample(), bench.SAMPLE_COSTS, 5.0).country_results
    stored = reference_results()
    names = {
        "price": "factory gate price change (percent)",
        "outward": "omr change (percent)",
        "inward": "imr change (percent)",
        "real_gdp": "GDP change (percent)",
        "exports": "foreign exports change (percent)",
    }
    assert list(stored.columns) == list(names)
    for ours, theirs in names.items():
        found = results[theirs].rename(index=str).loc[stored.index]
        np.testing.assert_allclose(stored[ours], found.to_numpy(float), atol=1e-9)
