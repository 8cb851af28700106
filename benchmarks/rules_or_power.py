"""Rules against power in tariffs: the tables of docs/explanation/rules-or-power.md.

    python benchmarks/rules_or_power.py [--elasticities 2.5 4 8]

States of every size, the European Union as one, and the rest of the world in regions, from the
embedded tables of 2024. Deficits are taken out first, by scaling trade to balance.
"""

from __future__ import annotations

import argparse
import time

import jax.numpy as jnp
import numpy as np

import comity.core.runtime  # noqa: F401  (float64, before any JAX work)
from comity.claims.order import Economy, economy
from comity.models.trade import order
from comity.models.trade.tariff_war import best_tariffs, nash

SIZES = ((0.10, "largest: 10 % of world income and more"), (0.01, "1 to 10 %"), (0.0, "below 1 %"))


def orders(world: Economy, elasticity: float) -> dict[str, order.Order]:
    base, e, reach = world.base, jnp.array(elasticity), jnp.asarray(world.reach)
    apart = 1.0 - jnp.eye(len(world.names))
    war = nash(base, e, reach=reach)
    today = jnp.where(reach > 0, base.tariff / jnp.where(reach > 0, reach, 1.0), 0.0) * apart
    strong = world.states & (world.share >= SIZES[0][0])
    alone = best_tariffs(base, e, np.arange(len(strong)), plays=strong, reach=reach)
    return {
        "war": order.of_war(war),
        "strong alone": order.of_war(alone),
        "power": order.power(base, e, war, reach),
        "strict rules": order.rules(base, e, war, reach),
        "rules": order.rules(base, e, war, reach, strict=False),
        "today": order.under(base, e, today, reach),
        "free trade": order.under(base, e, 0.0 * today, reach),
    }


def table(world: Economy, found: dict[str, order.Order]) -> None:
    war = found["war"]
    groups = []
    for k, (least, name) in enumerate(SIZES):
        below = np.inf if k == 0 else SIZES[k - 1][0]
        groups.append((name, world.states & (world.share >= least) & (world.share < below)))
    print(
        "| order | average tariff | "
        + " | ".join(n for n, _ in groups)
        + " | least | who | losers |"
    )
    trade = np.asarray(world.base.sales) * world.reach
    for name, one in found.items():
        gain = order.gains(one, war)
        average = 100 * float((np.asarray(one.rate) * trade).sum() / trade.sum())
        means = " | ".join(f"{gain[rows].mean():.2f}" for _, rows in groups)
        inside = np.flatnonzero(world.states)
        least = inside[gain[inside].argmin()]
        lost = [world.names[k] for k in inside if gain[k] < -1e-3]
        print(
            f"| {name} | {average:.1f} | {means} | {gain[least]:.2f} | {world.names[least]} | "
            f"{', '.join(lost) or 'none'} | gap {float(one.gap):.1e}, {bool(one.converged)}"
        )
    for other in ("strong alone", "power", "today", "free trade"):
        better = order.gains(found["rules"], found[other])
        rows = np.flatnonzero(world.states)
        worse = [f"{world.names[k]} {better[k]:.2f}" for k in rows if better[k] < 0]
        log_share = np.log(world.share[rows])
        print(
            f"rules over {other}: better for {int((better[rows] > 0).sum())} of {len(rows)}; "
            f"correlation with log size {np.corrcoef(log_share, better[rows])[0, 1]:.2f}; "
            f"worse for {', '.join(worse) or 'none'}"
        )


def by_state(world: Economy, found: dict[str, order.Order]) -> None:
    names = list(found)[1:]
    print("| | share of world income | " + " | ".join(names) + " |")
    columns = [order.gains(found[name], found["war"]) for name in names]
    for k in np.argsort(-world.share):
        if world.states[k]:
            cells = " | ".join(f"{column[k]:.2f}" for column in columns)
            print(f"| {world.names[k]} | {100 * world.share[k]:.2f} | {cells} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--elasticities", type=float, nargs="+", default=[4.0, 2.5, 8.0])
    world = economy()
    print(len(world.names), "economies,", int(world.states.sum()), "of them states or the union")
    for elasticity in parser.parse_args().elasticities:
        began = time.perf_counter()
        found = orders(world, elasticity)
        print(f"\nelasticity {elasticity}, {time.perf_counter() - began:.0f} s")
        table(world, found)
        by_state(world, found)


if __name__ == "__main__":
    main()
