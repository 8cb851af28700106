"""One sector or many: the same shocks in both, side by side.

    python benchmarks/one_or_many.py

Prints the tables of docs/explanation/one-sector-or-many.md: for each shock how the one-sector
answer of every economy relates to that of nine sectors with inputs, and both for the economies
that are asked about most. Runs on the embedded tables.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from comity.core.errors import CoverageWarning
from comity.core.parameters import book
from comity.trade.sector_shock import Change, Costs, Pact, SectorOutcome, costs_after, effects_of
from comity.world.regions import default_focus
from comity.world.sector_world import SectorWorld, in_one_sector, sector_world

CPTPP = ["AUS", "CAN", "CHL", "GBR", "JPN", "MEX", "MYS", "NZL", "SGP", "VNM"]
NEW = ["CHN", "IDN", "KOR", "PHL", "THA", "TWN", "UKR"]
WEST = ["USA", "JPN", "KOR", "TWN", "AUS", "GBR", "CAN", "DEU", "FRA", "ITA", "ESP", "NLD", "POL"]
WEST += ["R_NWE", "R_SEU", "R_EEU"]
SHOWN = ["USA", "CHN", "JPN", "DEU", "KOR", "TWN", "MEX", "VNM", "RUS", "AUS"]
SMALL = 2e-4  # effects below this, as a share of consumption, enter no ratio


@dataclass(frozen=True)
class Shock:
    """A shock with its name and what becomes of deficits (a full cut-off cannot keep them)."""

    name: str
    changes: list[Change]
    deficits: str = "kept"


def shocks(pact: Pact) -> list[Shock]:
    """The shocks compared; ``pact`` is an agreement that comes into force between two states."""
    return [
        Shock("US wall, 10 % on all goods", [Change("USA", tariff=0.10)]),
        Shock("US wall, 25 % on all goods", [Change("USA", tariff=0.25)]),
        Shock(
            "the same, answered alike",
            [Change("USA", tariff=0.25), Change(None, "USA", tariff=0.25)],
        ),
        Shock("US 50 % on China alone", [Change("USA", "CHN", tariff=0.50)]),
        Shock(
            "CPTPP takes in seven",
            [
                Change(CPTPP, NEW, pact=pact),
                Change(NEW, CPTPP, pact=pact),
                Change(NEW, NEW, pact=pact),
            ],
        ),
        Shock(
            "US and China cut off",
            [Change("USA", "CHN", barrier=100.0), Change("CHN", "USA", barrier=100.0)],
            "none",
        ),
        Shock(
            "China and the West cut off",
            [Change(WEST, "CHN", barrier=100.0), Change("CHN", WEST, barrier=100.0)],
            "none",
        ),
        Shock("Russia sells the West nothing", [Change(WEST, "RUS", barrier=100.0)], "none"),
    ]


def collapsed(world: SectorWorld, costs: Costs) -> Costs:
    """Costs of one sector: averages over the sectors' base-year sales.

    Equally the growth that an agreement brings is the average of goods and services.
    """
    sales = np.asarray(world.base.net_share * world.base.spending[:, None, :])
    whole = sales.sum(0)

    def mean(cube: np.ndarray) -> np.ndarray:
        top = (sales * cube).sum(0)
        return np.divide(top, whole, out=cube.mean(0), where=whole > 0)[None]

    return Costs(mean(costs.tariff), mean(costs.barrier), mean(costs.ease))


def relation(one: np.ndarray, many: np.ndarray) -> str:
    """Slope through the origin, correlation, errors before and after scaling, median ratio."""
    slope = (one @ many) / (one @ one)
    left = np.sqrt(np.mean((many - slope * one) ** 2))
    raw = np.sqrt(np.mean((many - one) ** 2))
    big = np.abs(one) > SMALL
    ratio = np.percentile(many[big] / one[big], [25, 50, 75])
    agree = np.mean(np.sign(many[big]) == np.sign(one[big]))
    return (
        f"{slope:.2f} | {np.corrcoef(one, many)[0, 1]:.3f} | {100 * raw:.2f} | {100 * left:.2f} | "
        f"{ratio[1]:.2f} ({ratio[0]:.2f} to {ratio[2]:.2f}) | {agree:.0%}"
    )


def run(world: SectorWorld, shock: Shock, costs: Costs) -> SectorOutcome:
    found = effects_of(world, costs, "none" if shock.deficits == "none" else "kept")
    if not found.converged:
        raise SystemExit(f"{shock.name}: no equilibrium, residual {found.residual:.1e}")
    return found


def main() -> None:
    warnings.simplefilter("ignore", CoverageWarning)
    numbers = book("trade")
    world = sector_world(focus=default_focus())
    single = in_one_sector(world, numbers["elasticity"].value)
    equal = SectorWorld(world.states, world.sectors, world.base, 0 * world.elasticity + 4.0)
    rows = []
    print("| shock | slope | correlation | error, pp | error scaled, pp | ratio | same sign |")
    print("|---|---|---|---|---|---|---|")
    pact = Pact(1.0, numbers["agreement_effect"].value, numbers["services_part"].value)
    for shock in shocks(pact):
        costs = costs_after(world, shock.changes)
        one = run(single, shock, collapsed(world, costs)).effects["consumption"]
        many = run(world, shock, costs).effects["consumption"]
        same = run(equal, shock, costs).effects["consumption"]
        print(f"| {shock.name} | {relation(one, many)} |")
        rows.append((shock.name, one, many, same))
    print("\n| shock | " + " | ".join(SHOWN) + " |\n|---|" + "---|" * len(SHOWN))
    for name, one, many, same in rows:
        for label, effect in (("one sector", one), ("nine", many), ("nine, elasticity 4", same)):
            cells = [f"{100 * effect[world.index(state)]:.2f}" for state in SHOWN]
            print(f"| {name}: {label} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
