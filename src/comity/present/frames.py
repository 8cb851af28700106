"""The data behind each figure: a run folder in, a tidy frame out, the same in every language."""

from __future__ import annotations

import numpy as np
import pandas as pd

from comity.present.folder import BASELINE, FEW, Folder
from comity.present.numbers import finite, quantiles

LEVELS = {"p5": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
SINGLES = (0.1, 0.3, 0.5, 0.7, 0.9)


def effect(folder: Folder, strategy: str, state: str | None = None) -> np.ndarray:
    """Percent by which real consumption differs from the same future without the scenario.

    Shape (future, year, state), or (future, year) for one ``state``. NaN in failed futures; empty
    where no trajectories were kept.
    """
    data = folder.consumption
    if data is None or strategy not in data.strategy.values:
        return np.empty((0, 0, 0))
    if state is not None:
        if state not in data.state.values:
            return np.empty((0, 0))
        data = data.sel(state=state)
    with_it = data.sel(strategy=strategy).to_numpy().astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100.0 * (with_it / data.sel(strategy=BASELINE).to_numpy() - 1.0)


def map_effect(folder: Folder, strategy: str) -> pd.DataFrame:
    """Effect by state of the registry: median over futures in the last year and of the mean.

    Columns id, source (the state itself or the region whose value it carries), final, mean,
    share_worse (share of futures with a loss on average). States without a figure are NaN.
    """
    values = effect(folder, strategy)
    columns = ["id", "source", "final", "mean", "share_worse"]
    if not values.size:
        return pd.DataFrame(columns=columns)
    average = values.mean(axis=1)
    known = np.isfinite(average)
    lost = np.where(
        known.any(0), ((average < 0) & known).sum(0) / np.maximum(known.sum(0), 1), np.nan
    )
    by_unit = pd.DataFrame(
        {
            "source": folder.trajectories.state.values.astype(str),
            "final": quantiles(values[:, -1], [0.5])[0],
            "mean": quantiles(average, [0.5])[0],
            "share_worse": lost,
        }
    )
    regions = {m: name for name, g in folder.run.get("groups", {}).items() for m in g["members"]}
    names = set(regions) | {s for s in by_unit["source"] if s not in folder.run.get("groups", {})}
    own = pd.DataFrame({"id": sorted(names)})
    own["source"] = [regions.get(state, state) for state in own["id"]]
    return own.merge(by_unit, on="source", how="left").reindex(columns=columns)


def bands(folder: Folder) -> pd.DataFrame:
    """Spread of the effect on the actor over years; columns strategy, year, p5 ... p95."""
    parts = []
    for strategy in folder.strategies:
        values = effect(folder, strategy, folder.run["actor"])
        if values.size:
            spread = dict(zip(LEVELS, quantiles(values, list(LEVELS.values())), strict=True))
            years = folder.trajectories.year.values.astype(int)
            parts.append(pd.DataFrame({"strategy": strategy, "year": years, **spread}))
    return pd.concat(parts) if parts else pd.DataFrame(columns=["strategy", "year", *LEVELS])


def singles(folder: Folder) -> pd.DataFrame:
    """A few futures, the same ones for every strategy; columns strategy, future, year, value.

    Chosen by the mean effect under the first strategy: those nearest to its 10th, 30th, 50th, 70th
    and 90th percentile.
    """
    reference = effect(folder, folder.strategies[0], folder.run["actor"])
    columns = ["strategy", "future", "year", "value"]
    average = reference.mean(axis=1) if reference.size else np.empty(0)
    known = np.flatnonzero(np.isfinite(average))
    if not known.size:
        return pd.DataFrame(columns=columns)
    order = known[np.argsort(average[known], kind="stable")]
    chosen = sorted({int(order[round(level * (order.size - 1))]) for level in SINGLES})
    years = folder.trajectories.year.values.astype(int)
    parts = [
        pd.DataFrame(
            {
                "strategy": strategy,
                "future": int(folder.trajectories.future.values[row]),
                "year": years,
                "value": effect(folder, strategy, folder.run["actor"])[row],
            }
        )
        for strategy in folder.strategies
        for row in chosen
    ]
    return pd.concat(parts).reindex(columns=columns)


def ranking(folder: Folder) -> pd.DataFrame:
    """Strategies, best first, with the spread of the objective over futures."""
    columns = [
        "rank",
        "strategy",
        "mean",
        "p5",
        "p25",
        "median",
        "p75",
        "p95",
        "worst",
        "regret_mean",
        "regret_p90",
        "regret_max",
        "satisficing_share",
    ]
    spread = summary(folder).drop(columns=["mean", "n", "failed"])
    spread = where(spread, measure=folder.objective["name"])
    own = [c for c in columns if c == "strategy" or c not in spread.columns]
    ranked = pd.DataFrame(folder.judgement["ranking"]).reindex(columns=own)
    both = ranked.merge(spread, on="strategy", how="left").reindex(columns=columns)
    both.loc[both["rank"] == 0, "rank"] = np.nan
    return numeric(both.sort_values("rank", kind="stable"), ["strategy"])


def aims(folder: Folder) -> pd.DataFrame:
    """Gains of every strategy on every aim; empty for folders judged before there were any.

    Columns aim, strategy, link, rank, gain, low, high, p5, p95, least, most, way, calm, reacts:
    gain and its size under the scenario, and the gain without it.
    """
    columns = ["aim", "strategy", "link", "rank", "gain", "low", "high", "p5", "p95"]
    columns += ["least", "most", "way", "calm", "reacts"]
    told = (folder.judgement.get("aims") or {}).get("cells", [])
    rows = [
        {key: cell[key] for key in ("aim", "strategy", "link", "rank", "reacts")}
        | {key: cell["gain"][key] for key in ("low", "high", "p5", "p95")}
        | (cell["gain"]["size"] or {})
        | {"gain": cell["gain"]["mean"], "calm": cell["calm"]["mean"]}
        for cell in told
    ]
    return pd.DataFrame(rows, columns=columns)


def paired(folder: Folder) -> pd.DataFrame:
    """Paired differences between strategies; columns strategy, against, mean, low, high, share."""
    columns = ["strategy", "against", "mean", "low", "high", "share_better"]
    frame = pd.DataFrame(folder.judgement["paired"]).reindex(columns=columns)
    return numeric(frame, ["strategy", "against"])


def is_same(row: dict, least: float = 0.0) -> bool:
    """Tell whether two strategies came out the same in every future: that is a tie, not noise.

    ``least``: the smallest effect that matters; a millionth of it is the rounding of a solver.
    """
    ends = (row["mean"], row["low"], row["high"])
    return all(x is not None and abs(x) <= 1e-6 * least for x in ends)


def pair(folder: Folder, strategy: str, against: str) -> dict | None:
    """Paired difference of two strategies, whichever way round the judgement holds it.

    Turned round, ``share_better`` is unknown, because futures in which both tie count for neither.
    """
    frame = paired(folder)
    rows = where(frame, strategy=strategy, against=against).to_dict(orient="records")
    if rows:
        return rows[0]
    rows = where(frame, strategy=against, against=strategy).to_dict(orient="records")
    if not rows:
        return None
    row = rows[0]
    return {
        "strategy": strategy,
        "against": against,
        "mean": -row["mean"],
        "low": -row["high"],
        "high": -row["low"],
        "share_better": np.nan,
    }


def stability(folder: Folder) -> pd.DataFrame:
    """Agreement of rankings by number of futures; columns futures, tau."""
    curve = pd.DataFrame((folder.judgement.get("stability") or {}).get("curve") or [])
    return numeric(curve.reindex(columns=["futures", "tau"]), []).dropna()


def failure(folder: Folder) -> pd.DataFrame:
    """Limits of the boxes in which the best strategy fails, with the range that was drawn.

    Columns box, parameter, low, high (NaN: no limit on that side), least, most (range drawn),
    values (those inside the box, parted by |), choices (all that were drawn).
    """
    rows = []
    for number, box in enumerate((folder.judgement.get("failure") or {}).get("boxes") or [], 1):
        for limit in box["limits"]:
            inside = "|".join(map(str, limit.get("values") or []))
            sides = {side: finite(limit.get(side)) for side in ("low", "high")}
            rows.append(
                {"box": number, "parameter": limit["parameter"], "values": inside}
                | sides
                | drawn(folder, limit["parameter"])
            )
    columns = ["box", "parameter", "low", "high", "least", "most", "values", "choices"]
    return pd.DataFrame(rows, columns=columns)


def drawn(folder: Folder, parameter: str) -> dict:
    """Range of a number over the futures, or every value of an uncertainty."""
    nothing = {"least": np.nan, "most": np.nan, "choices": ""}
    if parameter not in folder.draws:
        return nothing
    values = folder.draws[parameter].to_numpy()
    if np.issubdtype(values.dtype, np.number):
        return nothing | {"least": float(values.min()), "most": float(values.max())}
    return nothing | {"choices": "|".join(sorted(set(map(str, values))))}


def drivers(folder: Folder, of: str, top: int = 10) -> pd.DataFrame:
    """Shares of the objective's variance by parameter, largest first.

    ``of`` is a strategy, or a difference of two as the judgement names it ("a - b").
    """
    columns = ["parameter", "strategy", "share", "low", "high", "status"]
    given = pd.DataFrame(folder.judgement.get("drivers") or [])
    frame = given.reindex(columns=[*columns, "measure"])
    frame = where(frame, measure=folder.objective["name"], strategy=of).reindex(columns=columns)
    frame = numeric(frame, ["parameter", "strategy", "status"])
    return frame.sort_values("share", ascending=False, kind="stable").head(top)


def deciding(folder: Folder) -> str:
    """Name of the difference that decides between the two best strategies; empty if none."""
    names = {str(row["strategy"]) for row in folder.judgement.get("drivers") or []}
    return next((name for name in sorted(names) if name.startswith(f"{folder.best} - ")), "")


def summary(folder: Folder) -> pd.DataFrame:
    """Every measure by strategy; strategy, measure, mean, p5, p25, median, p75, p95, n, failed."""
    columns = ["strategy", "measure", "mean", "low", "p25", "median", "p75", "high", "n", "failed"]
    frame = pd.DataFrame(folder.judgement["summary"]).reindex(columns=columns)
    frame = numeric(frame.rename(columns={"low": "p5", "high": "p95"}), ["strategy", "measure"])
    # So few futures give no range; FEW of them may.
    frame.loc[frame["n"] < FEW, ["p5", "p95"]] = np.nan
    return frame


def measures(folder: Folder) -> pd.DataFrame:
    """`summary` in the order of the run; columns measure, strategy, mean, p5 ... p95, n, failed."""
    frame = summary(folder)
    order = {m["name"]: i for i, m in enumerate(folder.run["measures"])}
    place = {s: i for i, s in enumerate([BASELINE, *folder.strategies])}
    keys = [
        (order.get(m, 99), place.get(s, 99))
        for m, s in zip(frame["measure"], frame["strategy"], strict=True)
    ]
    columns = ["measure", "strategy", "mean", "p5", "median", "p95", "n", "failed"]
    ordered = frame.take(np.array(sorted(range(len(keys)), key=keys.__getitem__), int))
    return ordered.reindex(columns=columns)


def numeric(frame: pd.DataFrame, texts: list[str]) -> pd.DataFrame:
    """All columns but the texts as floats (null becomes NaN), rows numbered anew."""
    frame = frame.reset_index(drop=True)
    figures = {c: [finite(v) for v in frame[c]] for c in frame.columns if c not in texts}
    return frame.assign(**figures).astype({c: float for c in figures})


def where(frame: pd.DataFrame, **equal: object) -> pd.DataFrame:
    """Rows whose columns hold the values given."""
    kept = np.ones(len(frame), bool)
    for column, value in equal.items():
        kept &= frame[column].to_numpy() == value
    return frame.take(np.flatnonzero(kept))


def known(frame: pd.DataFrame, column: str) -> bool:
    """Whether a column holds any figure."""
    return bool(np.isfinite(frame[column].to_numpy(float)).any())
