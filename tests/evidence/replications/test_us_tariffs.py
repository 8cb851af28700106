"""The US tariffs of April 2025: the authors' outputs again, and the tables of the page."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import os
import re
from pathlib import Path

import numpy as np
import pytest

from comity.models.trade import tariff_income_tax as taxed
from comity.evidence.replications import us_tariffs

pytestmark = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
PAGE = Path(__file__).parents[3] / "docs" / "replications" / "us-tariffs-2025.md"


@pytest.fixture(scope="module")
def here():
    return us_tariffs.world()


def printed(heading):
    """Rows of the page's table with this heading: name to numbers."""
    text = PAGE.read_text(encoding="utf-8").replace("−", "-")
    rows = text[text.index(f"| {heading} |") :].split("\n\n")[0].splitlines()[2:]
    cells = [[c.strip() for c in row.strip("|").split("|")] for row in rows]
    return {name: [float(re.sub(r"[ %]", "", x)) for x in rest] for name, *rest in cells}


def test_every_output_of_the_authors():
    checks = us_tariffs.run()
    assert len(checks) == 61
    assert not [c for c in checks if not c.ok]


def test_the_table_of_the_papers_model(here):
    economy = here.economy()
    table = printed("the paper's model")
    us, apart = here.setter, np.arange(len(here.ids)) != here.setter
    weight = here.exports[:, us] / here.exports[:, us].sum()
    for name, tariff in us_tariffs.scenarios(here, economy).items():
        found = taxed.solve(economy, tariff)
        assert found.converged
        others = found.welfare[apart] @ economy.income[apart] / economy.income[apart].sum()
        ours = [
            100 * weight @ tariff[:, us],
            found.welfare[us],
            others,
            *(found.welfare[here.ids.index(s)] for s in ("JPN", "CHN")),
            found.employment @ economy.income / economy.income.sum(),
            found.trade,
        ]
        np.testing.assert_allclose(ours, table[name], atol=0.06)
        np.testing.assert_allclose(ours[1:6], table[name][1:6], atol=0.0051)


def test_the_table_of_our_model(here):
    spending = here.economy().spending
    table = printed("one sector, elasticity 4")
    apart = np.arange(len(here.ids)) != here.setter
    found = us_tariffs.one_sector(here)
    assert set(found) == set(table)
    for name, (rate, equilibrium) in found.items():
        assert equilibrium.converged
        change = 100 * (np.asarray(equilibrium.consumption) - 1)
        others = change[apart] @ spending[apart] / spending[apart].sum()
        ours = [change[here.setter], others, *(change[here.ids.index(s)] for s in ("JPN", "CHN"))]
        assert 100 * rate == pytest.approx(table[name][0], abs=0.06)
        np.testing.assert_allclose(ours, table[name][1:], atol=0.0051)


def test_the_papers_own_model_peaks_above_its_formula(here):
    economy, us, n = here.economy(), here.setter, len(here.ids)

    def welfare(rate):
        tariff = np.zeros((n, n))
        tariff[:, us] = np.where(np.arange(n) == us, 0.0, rate)
        return taxed.solve(economy, tariff).welfare[us]

    gains = [welfare(rate) for rate in (0.185, 0.25, 1.0, 2.0)]
    assert gains[1] > gains[0] and gains[1] > gains[2]
    assert gains[3] > gains[2]  # the artefact that the page names
    np.testing.assert_allclose(gains[:2], [1.73, 1.81], atol=0.005)


def test_another_elasticity_moves_nothing_else(here):
    """The authors double the elasticity alone: exports -71.57 %; with psi and phi moved, -70.91."""
    plain, doubled = here.economy(), here.economy(8.0)
    assert doubled.elasticity == 8.0 and doubled.scale == plain.scale
    np.testing.assert_array_equal(doubled.burden, plain.burden)
    found = taxed.solve(doubled, here.announced)
    assert found.exports[here.setter] == pytest.approx(-71.57, abs=0.005)


def test_the_unanswered_optimum_by_both_formulas(here):
    economy, us = here.economy(), here.setter
    alone = np.arange(len(here.ids)) == us
    for over, rate, gain in (("spending", 0.218, 1.79), ("income", 0.185, 1.735)):
        assert taxed.optimal_rate(economy, alone, over)[us] == pytest.approx(rate, abs=5e-4)
        tariff = us_tariffs.scenarios(here, economy)[f"optimal over {over}, unanswered"]
        assert taxed.solve(economy, tariff).welfare[us] == pytest.approx(gain, abs=5e-3)
