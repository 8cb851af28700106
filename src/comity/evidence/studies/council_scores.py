"""How well the Council could be foreseen: three outcomes, calibration, members, vetoes of 2020-22.

``python -m comity.evidence.studies.council_scores`` prints the tables of
docs/replications/council.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.evidence.backtest import Past, Table
from comity.evidence.hindcasts import council
from comity.evidence.scoring import block_interval, log_event

BINS = (0.0, 0.1, 0.3, 0.6, 1.0)
FRESH = (2020, 2022)  # vetoes only: conflicts and resolutions of these years are kept aside


@dataclass(frozen=True)
class Window:
    """Forecasts from one year by name, and what came; rows are state-years."""

    last: int
    rows: pd.DataFrame
    found: dict[str, Float[ndarray, "N 7"]]
    came: Float[ndarray, "N 7"]


def window(tables: Mapping[str, Table], last: int, until: int) -> Window:
    """Forecast from ``last`` every state-year in conflict to ``until``."""
    past, all_rows = Past(last, tables), tables["conflicts"].rows
    rows = all_rows[all_rows.year.between(last + 1, until)].reset_index(drop=True)
    came = council.outcomes(rows, tables["record"].rows)
    return Window(last, rows, council.chances(past, rows), came)


def fresh(tables: Mapping[str, Table]) -> Window:
    """Forecast 2020-22 from 2019, the conflicts of 2019 taken to go on."""
    past = Past(2019, tables)
    now = past.table("conflicts")
    now = now[now.year == past.last]
    years = range(FRESH[0], FRESH[1] + 1)
    rows = pd.concat([now.assign(year=year) for year in years], ignore_index=True)
    came = council.outcomes(rows, tables["record"].rows)
    return Window(past.last, rows, council.chances(past, rows), came)


def three(chance: Float[ndarray, "N 7"]) -> Float[ndarray, "N 3"]:
    """Return silence, resolution, veto by anyone."""
    return np.column_stack([chance[:, :2], chance[:, 2:].sum(axis=1)])


def log_scores(one: Window) -> pd.DataFrame:
    """Return by forecast: mean log score of the three outcomes, and ours less it (95 %)."""
    came = three(one.came)
    each = {name: -np.log((three(p) * came).sum(axis=1)) for name, p in one.found.items()}
    block = pd.factorize(one.rows.state)[0].astype(np.int64)
    out = {}
    for name, score in each.items():
        low, high = block_interval(each["model"] - score, [block])
        out[name] = {"log score": float(score.mean()), "low": low, "high": high}
    return pd.DataFrame.from_dict(out, orient="index")


def calibration(one: Window, what: council.What) -> pd.DataFrame:
    """Return by bin of our probability: state-years, mean probability, share that came."""
    p = council.event(one.found["model"], what)
    came = council.event(one.came, what)
    place = np.digitize(p, BINS[1:-1])
    rows = pd.DataFrame({"bin": place, "said": p, "came": came})
    return rows.groupby("bin").agg(n=("came", "size"), said=("said", "mean"), came=("came", "mean"))


def members(one: Window, record: pd.DataFrame) -> pd.DataFrame:
    """Return by member: state-years vetoed, expected and actual; log scores, ours and base."""
    ours = council.by_member(one.found["model"], record, one.rows)
    base = council.by_member(one.found["base rate"], record, one.rows)
    return pd.DataFrame(
        {
            m: {
                "expected": ours[m][0],
                "base expects": base[m][0],
                "cast": ours[m][1],
                "log score": ours[m][2],
                "base rate": base[m][2],
            }
            for m in council.MEMBERS
        }
    ).T


def vetoes(one: Window) -> pd.DataFrame:
    """Return by forecast: mean log score of a veto by anyone, and ours less it (95 %)."""
    came = council.event(one.came, "veto")
    each = {n: log_event(council.event(p, "veto"), came) for n, p in one.found.items()}
    block = pd.factorize(one.rows.state)[0].astype(np.int64)
    out = {}
    for name, score in each.items():
        low, high = block_interval(each["model"] - score, [block])
        out[name] = {"log score": float(score.mean()), "low": low, "high": high}
    return pd.DataFrame.from_dict(out, orient="index")


def main() -> None:
    """Print every table."""
    tables = council.tables()
    record = tables["record"].rows
    for last, until in ((2000, 2010), (2010, 2019)):
        one = window(tables, last, until)
        print(f"\nFrom {last}, {len(one.rows)} state-years: silence, resolution, veto")
        print(three(one.came).sum(axis=0), log_scores(one).round(3).to_string(), sep="\n")
        for what in ("action", "veto"):
            print(f"calibration, {what}", calibration(one, what).round(3).to_string(), sep="\n")
        print(members(one, record).round(3).to_string())
    late = fresh(tables)
    print(f"\nVetoes 2020-22 on the conflicts of 2019, {len(late.rows)} state-years")
    print(vetoes(late).round(3).to_string(), members(late, record).round(3).to_string(), sep="\n")


if __name__ == "__main__":
    main()
