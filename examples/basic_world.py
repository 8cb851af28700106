"""The whole laboratory in one file: the world of 2024, a shock, a few futures, an answer.

Read this first. It does by hand, with the plainest algorithm, what the package does in general:
growth and the trade equilibrium of all states, with a 25 % tariff of the United States on all
goods from 2026, and what that costs Japan. It has no strategies, no files, no report, and it is
slow. A test runs the same question through the package and asserts the same numbers.

    python examples/basic_world.py
"""

import zlib

import jax
import numpy as np

import comity  # noqa: F401  (first: sets JAX to float64)
from comity.world.snapshot import table

YEARS = range(2025, 2028)
ELASTICITY = 4.0  # of trade to its cost
WORLD_SD, PERSISTENCE = 0.0109, 0.43  # of the growth shock that all states share
SEED, FUTURES = 1, 3


def matrix(frame, row, column, value, states):
    """Long table to (N, N), NaN where it has no row."""
    place = {state: i for i, state in enumerate(states)}
    out = np.full((len(states), len(states)), np.nan)
    out[frame[row].map(place), frame[column].map(place)] = frame[value]
    return out


def load():
    """States, their trade, tariffs and growth; gaps filled as the world's door does."""
    frame = table("states").merge(table("growth"), on="id").sort_values("id")
    states = frame["id"].tolist()
    sales = matrix(table("trade"), "origin", "destination", "sales", states)
    goods = matrix(table("trade"), "origin", "destination", "goods", states)
    tariff = matrix(table("tariffs"), "exporter", "importer", "rate", states)
    np.fill_diagonal(tariff, 0.0)
    goods = np.where(np.isnan(goods), np.nanmedian(goods), goods)
    known = ~np.isnan(tariff) & ~np.eye(len(tariff), dtype=bool)
    sums, count = np.where(known, tariff, 0.0).sum(0), known.sum(0)
    mean = np.where(count > 0, sums / np.maximum(count, 1), tariff[known].mean())
    tariff = np.where(np.isnan(tariff), mean[None, :], tariff)
    np.fill_diagonal(goods, 0.0)  # no tariff at home
    return frame, states, sales, goods, tariff


def key_of(name, future, year):
    """Random key of one mechanism in one year of one future."""
    key = jax.random.fold_in(jax.random.key(SEED), np.uint32(future))
    key = jax.random.fold_in(key, np.uint32(year))
    return jax.random.fold_in(key, zlib.crc32(name.encode()) & 0x7FFFFFFF)


def normals(key, count):
    """One standard normal a state, from the state's own number."""
    return np.array(
        [jax.random.normal(jax.random.fold_in(key, np.uint32(i)), ()) for i in range(count)]
    )


def grow(frame, future):
    """Productive capacity of every state at the end of every year, 2024 = 1; (T, N)."""
    count = len(frame)
    trend_key, world_key = jax.random.split(key_of("trend", future, 0))
    trend = frame["trend"].to_numpy() + frame["trend_sd"].to_numpy() * normals(trend_key, count)
    world = WORLD_SD * float(jax.random.normal(world_key, ()))
    level, path = np.zeros(count), []
    for year in YEARS:
        world_key, own_key = jax.random.split(key_of("growth", future, year))
        fresh = np.sqrt(1 - PERSISTENCE**2) * WORLD_SD
        world = PERSISTENCE * world + fresh * float(jax.random.normal(world_key, ()))
        own = frame["sd"].to_numpy() * normals(own_key, count)
        level = level + trend + frame["population_growth"].to_numpy()
        level = level + frame["loading"].to_numpy() * world + own
        path.append(np.exp(level))
    return np.array(path)


def clear(sales, base_tariff, tariff, share_of_value_added, capacity):
    """Real consumption of every state against 2024 once world trade has cleared; (N,).

    Producer prices c move until what each state sells equals what it makes:
    wages follow from c = w^g P^(1-g), price indices P from everybody's c and tariffs.
    """
    g, e = share_of_value_added, ELASTICITY
    paid = sales * (1 + base_tariff)
    share = paid / paid.sum(0)
    output, bought = sales.sum(1), sales.sum(0)
    deficit = bought - output
    final = g * output + (sales * base_tariff).sum(0) + deficit
    appeal = share * ((1 + tariff) / (1 + base_tariff)) ** -e
    price = np.ones(len(output))
    for _ in range(3000):
        offers = appeal * price[:, None] ** -e
        index = offers.sum(0) ** (-1 / e)
        made = output * capacity * (price / index ** (1 - g)) ** (1 / g)
        growth = (g * made).sum() / (g * output).sum()
        to_producers = made + deficit * growth  # spending net of tariffs
        split = offers / (1 + tariff)
        sold = (split / split.sum(0)) @ to_producers
        if np.abs(sold / made - 1).max() < 1e-12:
            break
        price = price * (sold / made) ** (0.5 / (1 + e))
    revenue = to_producers * (offers.sum(0) / split.sum(0) - 1)
    income = g * made + revenue + deficit * growth
    return income / final / index


def main():
    """Effect of the wall on Japan's real consumption, % of the same future without it; (F, T)."""
    frame, states, sales, goods, tariff = load()
    share = frame["value_added_share"].to_numpy()
    share = np.where(np.isnan(share), np.nanmedian(share), share)
    japan, usa = states.index("JPN"), states.index("USA")
    wall = tariff.copy()
    wall[:, usa] += 0.25
    effects = []
    for future in range(FUTURES):
        effect = []
        for year, capacity in zip(YEARS, grow(frame, future), strict=True):
            on_flow = goods * (wall if year >= 2026 else tariff)
            hit = clear(sales, goods * tariff, on_flow, share, capacity)
            free = clear(sales, goods * tariff, goods * tariff, share, capacity)
            effect.append(100 * (hit[japan] / free[japan] - 1))
        effects.append(effect)
    return np.array(effects)


if __name__ == "__main__":
    for number, row in enumerate(main()):
        shown = ", ".join(f"{year}: {value:+.3f} %" for year, value in zip(YEARS, row, strict=True))
        print(f"future {number}: {shown}")
    print("real consumption of Japan against the same future without the wall")
