"""From a run folder to its judgement: which strategy holds, how surely, where it fails, and why.

Reads run.json, outcomes.parquet and draws.parquet; writes judgement.json beside them. The figures
depend on the folder alone: judged twice, it gives the same bytes. Unknown figures are null.

Figures in the file: `summary` low and high are the 5 % and 95 % quantiles over futures; `ranking`
and `paired` low and high bound the mean (95 % bootstrap over futures). The ranking reads the
futures in which all strategies have an outcome; it is in order of the mean, and strategies within
the smallest effect of interest of the first of a rank share that rank. `paired` compares each
strategy with those placed below it and with "baseline", the same futures without the scenario,
which itself is never ranked.
`link` is false where no path leads from a strategy's own moves to the objective (in `paired`: from
those of neither, nor from the scenario's where the other is "baseline"): nothing can differ.
`drivers` names the difference of the two best strategies "best - second". `selection` compares what
was drawn in the futures that the ranking reads with those that it leaves out.
"""

import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from comity.core import links
from comity.core.arguments import path as argument
from comity.core.whole import write_json
from comity.core.words import LANGS, both, say, words
from comity.judge import robustness
from comity.judge.aims import several_aims
from comity.judge.discovery import Box, discover
from comity.judge.reading import BASELINE, Run, read, records
from comity.judge.selection import between_strategies
from comity.judge.sensitivity import TOO_FEW, Decisive, decisive, first_order
from comity.judge.several import ranks as ranks_within
from comity.judge.stability import stability
from comity.judge.worth_knowing import worth_knowing
from comity.registry.sizes import smallest

DECIDES = 0.10  # share of the variance from which a parameter counts for the grade
_GRADE_OF_STATUS = {"published": "B", "estimated": "C", "judged": "D"}


def judge(
    run_folder: str | os.PathLike[str], weights: str | Mapping[str, float] | None = None
) -> dict[str, Any]:
    """Judge a run, write its judgement.json whole or not at all, and return the content.

    Parameters
    ----------
    run_folder
        Folder of a finished run, or its result.
    weights
        What aims are worth to you, by name, kind or group: ``"economy=2,security=1"`` or a
        mapping. One unit is the smallest effect of interest of an aim. Without them nothing is
        added up.

    Raises
    ------
    BadInput
        If a file of the folder is missing or they do not fit together, or a weight is of nothing.
    """
    folder = argument("run_folder", run_folder)
    run = read(folder)
    ranks = robustness.rank(run.outcome, run.direction)
    ranked = [int(i) for i in np.argsort(ranks, kind="stable") if ranks[i] > 0]
    decided = decisive(
        run.draws, run.outcome, run.strategies, run.direction, _statuses(run), seed=run.seed
    )
    grade, reason = _grade(run, decided)
    judgement = {
        "objective": {
            "measure": run.objective,
            "direction": run.direction,
            "instead_of": run.record["judgement"].get("instead_of", ""),
        },
        "summary": _summary(run),
        "ranking": _ranking(run, ranks),
        "requirements": list(run.record["judgement"].get("requirements", [])),
        "paired": _paired(run, ranked),
        "stability": _stability(run),
        "selection": between_strategies(
            run.draws, run.outcome, run.strategies, ranked, seed=run.seed
        ),
        "failure": _failure(run, ranked),
        "drivers": _drivers(run, decided),
        "aims": several_aims(run, folder, weights),
        "information": worth_knowing(run, TOO_FEW),
        "judged": [p for p in run.record.get("parameters", []) if p.get("status") == "judged"],
        "grade": grade,
        "grade_reason": reason,
    }
    plain = _plain(judgement)
    write_json(folder / "judgement.json", plain)
    return plain


def _summary(run: Run) -> list[dict[str, Any]]:
    rows = []
    for measure, table in run.values.items():
        columns = dict(zip(run.strategies, table.T, strict=True))
        if measure in run.baseline:
            columns[BASELINE] = run.baseline[measure]
        for strategy, column in columns.items():
            known = np.sort(column[np.isfinite(column)])
            points = np.full(5, np.nan)
            if known.size:
                points = np.quantile(known, [0.05, 0.25, 0.5, 0.75, 0.95])
            rows.append(
                {"strategy": strategy, "measure": measure}
                | {"mean": known.mean() if known.size else np.nan}
                | dict(zip(("low", "p25", "median", "p75", "high"), points, strict=True))
                | {"n": known.size, "failed": column.size - known.size}
            )
    return rows


def _ranking(run: Run, ranks: np.ndarray) -> list[dict[str, Any]]:
    regret = robustness.regret(run.outcome, run.direction)
    # Only futures in which regret is known: all columns then rest on the same futures.
    common = np.where(np.isfinite(regret), run.outcome, np.nan)
    interval = robustness.mean_interval(common, seed=run.seed)
    satisfied = np.full(len(run.strategies), np.nan)
    if run.requirements:
        satisfied = robustness.share(robustness.satisfies(run.values, run.requirements))
    columns = {
        "mean": interval.mean,
        "regret_mean": robustness.share(regret),
        "regret_p90": robustness.per_strategy(regret, lambda c: float(np.quantile(c, 0.9))),
        "regret_max": robustness.per_strategy(regret, lambda c: float(c[-1])),
        "satisficing_share": satisfied,
        "worst": robustness.worst(common, run.direction),
        "low": interval.low,
        "high": interval.high,
    }
    order = sorted(range(len(ranks)), key=lambda i: (ranks[i] == 0, ranks[i]))
    shared = _shared(run, ranks, interval.mean)
    return [
        {"strategy": run.strategies[i], "rank": int(shared[i]) or None}
        | {"link": links.linked(run.record, run.strategies[i], run.objective)}
        | {name: column[i] for name, column in columns.items()}
        for i in order
    ]


def _shared(run: Run, ranks: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Ranks without differences that are too small to matter, where the measure has such a size."""
    least, known = smallest(run.objective), np.flatnonzero(ranks > 0)
    if least is None or not known.size:
        return ranks
    told = ranks.copy()
    sign = 1.0 if run.direction == "higher" else -1.0
    told[known] = ranks_within(sign * means[known], least.value)
    return told


def _paired(run: Run, ranked: list[int]) -> list[dict[str, Any]]:
    columns = {run.strategies[i]: run.outcome[:, i] for i in ranked}
    pairs = [(a, b) for n, a in enumerate(columns) for b in list(columns)[n + 1 :]]
    if run.objective in run.baseline:
        pairs += [(a, BASELINE) for a in columns]
        columns = columns | {BASELINE: run.baseline[run.objective]}
    rows = []
    for a, b in pairs:
        result = robustness.paired(columns[a], columns[b], run.direction, seed=run.seed)
        figures = {k: getattr(result, k) for k in ("mean", "low", "high", "share_better")}
        link = links.told_apart(run.record, a, b, run.objective)
        rows.append({"strategy": a, "against": b} | figures | {"link": link})
    return rows


def _stability(run: Run) -> dict[str, Any]:
    found = stability(run.outcome, run.direction, seed=run.seed)
    curve = zip(found.sizes.tolist(), found.taus.tolist(), strict=True)
    return {
        "tau_mean": found.tau_mean,
        "tau_low": found.tau_low,
        "top_share": dict(zip(run.strategies, found.top_share.tolist(), strict=True)),
        "enough": found.enough,
        "curve": [{"futures": size, "tau": tau} for size, tau in curve],
    }


def _failure(run: Run, ranked: list[int]) -> dict[str, Any]:
    """Where the best-ranked strategy fails: it misses a requirement, or falls in its worst tenth.

    `threshold` is on the objective; null if the requirements are on other measures only. `missed`:
    each requirement that it misses, with the share of futures.
    """
    if not ranked:
        return {"strategy": None, "threshold": None, "share": np.nan, "missed": [], "boxes": []}
    best = ranked[0]
    value = robustness.oriented(run.outcome, run.direction)[:, best]
    if run.requirements:
        kept = robustness.satisfies(run.values, run.requirements)[:, best]
        known, fails = np.isfinite(kept), kept == 0
        on_objective = [r.threshold for r in run.requirements if r.measure == run.objective]
        threshold = on_objective[0] if on_objective else None
    else:
        known = np.isfinite(value)
        line = float(np.quantile(value[known], 0.1))
        fails = value < line
        threshold = line if run.direction == "higher" else -line
    boxes = discover(run.draws.loc[known], fails[known]) if known.any() else ()
    return {
        "strategy": run.strategies[best],
        "threshold": threshold,
        "share": fails[known].mean() if known.any() else np.nan,
        "missed": _missed(run, best),
        "boxes": [_box(box) for box in boxes],
    }


def _missed(run: Run, strategy: int) -> list[dict[str, Any]]:
    """Requirements that a strategy does not meet in every future, the one missed most first."""
    rows = []
    for one in run.requirements:
        kept = robustness.satisfies(run.values, [one])[:, strategy]
        known = np.isfinite(kept)
        if (kept[known] == 0).any():
            share = (kept[known] == 0).mean()
            bar = {"comparator": one.comparator, "threshold": one.threshold}
            rows.append({"measure": one.measure} | bar | {"share": share})
    return sorted(rows, key=lambda row: -row["share"])


def _box(box: Box) -> dict[str, Any]:
    limits = [{k: v for k, v in asdict(limit).items() if k != "quasi_p"} for limit in box.limits]
    return {"limits": limits, "coverage": box.coverage, "density": box.density, "mass": box.mass}


def _drivers(run: Run, decided: Decisive | None, most: int = 10) -> list[dict[str, Any]]:
    """The largest shares of variance: of the deciding difference, then of each strategy.

    None where there are too few futures to tell them, as for the grade.
    """
    if decided is None or decided.futures < TOO_FEW:
        return []
    statuses = _statuses(run)
    tables = []
    if decided.second is not None:
        tables.append((f"{decided.best} - {decided.second}", decided.shares))
    for strategy, column in zip(run.strategies, run.outcome.T, strict=True):
        points = first_order(run.draws, column, seed=run.seed, resamples=0)
        points = points.sort_values("share", ascending=False, kind="stable")
        large = run.draws.loc[:, points["parameter"][points["share"] >= 0.01].tolist()[:most]]
        tables.append((strategy, first_order(large, column, seed=run.seed)))
    return [
        {"parameter": row["parameter"], "strategy": strategy, "measure": run.objective}
        | {name: row[name] for name in ("share", "low", "high")}
        | {"status": statuses.get(row["parameter"])}
        for strategy, table in tables
        for row in records(_told(table).head(most))
    ]


def _told(table: pd.DataFrame) -> pd.DataFrame:
    """Drivers with at least 1 % of the variance that are told from chance."""
    return table.loc[(table["share"] >= 0.01) & (table["low"] > 0)]


def _statuses(run: Run) -> dict[str, str]:
    known = [*run.record.get("parameters", []), *run.record.get("uncertainties", [])]
    return {entry["name"]: entry["status"] for entry in known}


def _grades(run: Run) -> dict[str, str]:
    """Grade of every driver; an uncertainty has only a status, and the unknown counts as judged."""
    grades = dict.fromkeys(run.draws.columns, "D")
    grades |= {name: _GRADE_OF_STATUS.get(s, "D") for name, s in _statuses(run).items()}
    return grades | {p["name"]: p["grade"] for p in run.record.get("parameters", [])}


def _grade(run: Run, decided: Decisive | None) -> tuple[str, dict[str, str]]:
    """Grade of the answer, with its reason by language.

    The worst grade among the drivers that carry at least a tenth of the variance of what decides.
    With too few futures to tell them, the worst of all; with none so large, the measure's own.
    """
    texts = words("comity.judge")
    grades = _grades(run)
    own = {m["name"]: m["grade"] for m in run.record["measures"]}[run.objective]
    if decided is None or decided.futures < TOO_FEW:
        worst = max([own, *(grades[name] for name in run.draws.columns)])
        n = 0 if decided is None else decided.futures
        return worst, both(texts["grade.too_few"], futures=n)
    shares = decided.shares
    large = shares[(shares["share"] >= DECIDES) & (shares["low"] > 0)]
    what = _what(run, decided)
    if large.empty:
        return own, both(texts["grade.none_large"], what=what)
    listed = [(r["parameter"], r["share"], grades[r["parameter"]]) for r in records(large)]
    worst = max(grade for _, _, grade in listed)
    movers = {
        lang: texts["grade.joint"][lang].join(
            say(texts["grade.mover"], lang, name=n, share=s, grade=g) for n, s, g in listed
        )
        for lang in LANGS
    }
    judged = decided.judged_share
    return worst, both(texts["grade.movers"], what=what, movers=movers, judged=judged)


def _what(run: Run, decided: Decisive) -> dict[str, str]:
    titles = {s["name"]: s.get("title", {}) for s in run.record["strategies"]}
    best = {lang: titles[decided.best].get(lang, decided.best) for lang in LANGS}
    if decided.second is None:
        return both(words("comity.judge")["what.outcome"], best=best)
    other = {lang: titles[decided.second].get(lang, decided.second) for lang in LANGS}
    return both(words("comity.judge")["what.difference"], best=best, other=other)


def _plain(value: Any) -> Any:
    """Plain JSON values: NaN is null, and ten digits, beyond which machines may differ."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return float(f"{value:.10g}") if np.isfinite(value) else None
    return value
