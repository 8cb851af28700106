"""Makes run folders of invented figures in the shape of the real ones, for tests of the reports."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from comity.registry.states import ids

YEARS = list(range(2025, 2036))
STATES = [
    "AUS",
    "BRA",
    "CAN",
    "CHN",
    "DEU",
    "FRA",
    "GBR",
    "IDN",
    "IND",
    "ITA",
    "JPN",
    "KOR",
    "MEX",
    "MYS",
    "NLD",
    "PHL",
    "POL",
    "RUS",
    "SAU",
    "SGP",
    "THA",
    "TUR",
    "TWN",
    "USA",
    "VNM",
    "ZAF",
]
STRATEGIES = {
    "steady": ("Steady course", "現状維持"),
    "retaliate": ("Retaliate in kind", "同率の報復関税"),
    "widen-cptpp": ("Widen the CPTPP", "CPTPPの拡大"),
    "de-risk-china": ("De-risk from China", "対中依存の低減"),
}
SHIFT = {"steady": 0.0, "retaliate": -0.35, "widen-cptpp": 0.11, "de-risk-china": -0.02}
GAP = {
    "en": "% of the same future without the scenario",
    "ja": "同じ将来でシナリオがない場合に対する%",
}
MEASURES = [
    ("consumption.mean", "Real consumption, mean over the years", "実質消費（期間平均）", "higher"),
    ("consumption.final", "Real consumption, last year", "実質消費（最終年）", "higher"),
    ("exposure.CHN", "Exposure to China, last year", "中国への依存リスク（最終年）", "lower"),
]


def both(en: str, ja: str) -> dict[str, str]:
    return {"en": en, "ja": ja}


def groups() -> dict:
    """All states outside the focus in two regions."""
    rest = [s for s in ids(2024) if s not in STATES]
    return {
        "R_AFR": {
            "name": both("Rest of Africa and Asia", "その他アフリカ・アジア"),
            "members": rest[::2],
        },
        "R_ROW": {"name": both("Rest of the world", "その他世界"), "members": rest[1::2]},
    }


def draws(futures: int, rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "future": np.arange(futures, dtype=np.int32),
            "trade.elasticity": np.clip(rng.normal(4, 1, futures), 2, 8),
            "growth.world_sd": rng.uniform(0.005, 0.02, futures),
            "us_posture": rng.choice(["continues", "deepens", "unwinds"], futures),
            "retaliation_share": rng.uniform(0, 1, futures),
        }
    )


def parameters() -> list[dict]:
    def one(name, meaning, value, unit, status, grade, source, prior):
        return {
            "name": name,
            "meaning": meaning,
            "value": value,
            "unit": unit,
            "prior": prior,
            "status": status,
            "grade": grade,
            "source": source,
            "mechanism": name.split(".")[0],
        }

    return [
        one(
            "trade.elasticity",
            "Trade elasticity: % fall of imports for a 1% higher trade cost",
            4.0,
            "1",
            "published",
            "B",
            "simonovska2014elasticity, Table 6",
            {"kind": "normal", "mean": 4, "sd": 1, "low": 2, "high": 8},
        ),
        one(
            "growth.world_sd",
            "Spread of the common growth shock",
            0.011,
            "1/yr",
            "estimated",
            "C",
            "World Bank national accounts 1990-2019",
            {"kind": "uniform", "low": 0.005, "high": 0.02},
        ),
        one(
            "retaliation_share",
            "Share of a tariff that partners answer in kind",
            0.5,
            "1",
            "judged",
            "D",
            "judged: 0 to 1",
            {"kind": "uniform", "low": 0, "high": 1},
        ),
    ]


def acts() -> list[dict]:
    return [
        {
            "date": "2025-02-04",
            "text": both(
                "United States adds 10% on all goods from China",
                "米国、中国からの全品目に10%の追加関税",
            ),
            "source": "Executive Order 14195",
        },
        {
            "date": "2025-04-05",
            "until": "2025-08-06",
            "text": both(
                "United States adds 10% on nearly all partners", "米国、ほぼ全ての国に10%の追加関税"
            ),
            "source": "Executive Order 14257",
        },
        {
            "date": "2029-01-20",
            "text": both(
                "If the posture unwinds, added tariffs fall by half",
                "「巻き戻し」の場合、追加関税は半減",
            ),
            "judged": "no source: an assumption of this scenario",
        },
    ]


def run_record(futures: int, names: list[str], world: str, failed: int) -> dict:
    return {
        "id": "20261122-america-first-1",
        "created": "2026-11-22T09:00:00Z",
        "comity_version": "0.1.0",
        "command": f"comity run america-first --for JPN --futures {futures} --seed 1",
        "scenario": {
            "name": "america-first",
            "title": both("America First, 2025-2035", "アメリカ・ファースト（2025〜2035年）"),
            "question": both(
                "If the United States keeps to its tariffs of 2025, which course serves "
                "Japan best?",
                "米国が2025年の関税を続ける場合、日本にとって最善の方針は何か。",
            ),
            "summary": both(
                "Known tariff acts and exits of 2025-26 are applied on their dates. What "
                "follows is open: they continue, deepen, or unwind after an election.",
                "2025〜26年に実施された関税措置と脱退を、その日付どおりに適用する。"
                "その後は継続、強化、選挙後の巻き戻しのいずれもありうる。",
            ),
            "acts": acts(),
        },
        "actor": "JPN",
        "strategies": [
            {
                "name": n,
                "title": both(*STRATEGIES[n]),
                "summary": both(f"What Japan does under {n}.", f"日本が「{n}」で行うこと。"),
            }
            for n in names
        ],
        "futures": futures,
        "seed": 1,
        "years": YEARS,
        "world": world,
        "states": [*STATES, *groups()] if world == "focus" else list(ids(2024)),
        "groups": groups() if world == "focus" else {},
        "measures": [
            {
                "name": n,
                "label": both(en, ja),
                "unit": GAP,
                "direction": d,
                "grade": "B",
                "state": "JPN",
                "description": both("The gap to the same future.", "同じ将来との差。"),
            }
            for n, en, ja, d in MEASURES
        ],
        "parameters": parameters(),
        "uncertainties": [
            {
                "name": "us_posture",
                "kind": "choice",
                "values": ["continues", "deepens", "unwinds"],
                "status": "judged",
                "source": "judged: even weights",
                "meaning": both(
                    "Course of United States tariffs after 2026", "2026年以降の米国関税の方向"
                ),
            }
        ],
        "failed_futures": failed,
        "warnings": ["tariffs.csv: 12 rows have no rate; NaN was kept"] if failed else [],
        "timings": {"compile_s": 11.2, "run_s": 9.4},
        "data": {
            "hash": "0f3c9a",
            "tables": [
                {
                    "name": "trade.csv",
                    "title": "OECD ICIO 2022 and BACI 2023",
                    "vintage": "2024",
                    "licence": "CC BY 4.0 (ICIO); Etalab 2.0 (BACI)",
                },
                "states.csv",
            ],
        },
    }


def effects(drawn: pd.DataFrame, names: list[str], rng: np.random.Generator) -> np.ndarray:
    """Percent effect on the actor by future and strategy."""
    posture = drawn["us_posture"].map({"continues": 1.0, "deepens": 1.8, "unwinds": 0.4}).to_numpy()
    size = -0.45 * posture * np.asarray(drawn["trade.elasticity"]) / 4
    noise = rng.normal(0, 0.08, (len(drawn), len(names)))
    return size[:, None] * np.ones(len(names)) + [SHIFT[n] for n in names] + noise


def outcomes(effect: np.ndarray, names: list[str]) -> pd.DataFrame:
    count = len(effect)
    columns = {"baseline": np.zeros(count), **{n: effect[:, i] for i, n in enumerate(names)}}
    rows = [
        pd.DataFrame(
            {
                "future": np.arange(count, dtype=np.int32),
                "strategy": strategy,
                "measure": measure,
                "value": values * factor + offset,
            }
        )
        for strategy, values in columns.items()
        for measure, factor, offset in [
            ("consumption.mean", 1, 0),
            ("consumption.final", 1.2, 0),
            ("exposure.CHN", 0.3, 4),
        ]
    ]
    return pd.concat(rows).sort_values(["future", "strategy", "measure"]).reset_index(drop=True)


def trajectories(
    effect: np.ndarray, names: list[str], states: list[str], rng: np.random.Generator
) -> xr.Dataset:
    years = np.arange(len(YEARS)) + 1.0
    base = np.cumprod(1 + rng.normal(0.02, 0.01, (len(effect), 1, len(YEARS), len(states))), axis=2)
    weight = rng.normal(0.4, 0.6, len(states))
    weight[states.index("JPN")], weight[states.index("MEX")] = 1.0, 4.0
    ramp = 1 - np.exp(-years / 3)
    gap = np.concatenate([np.zeros((len(effect), 1)), effect], axis=1)
    path = base * (1 + gap[..., None, None] / 100 * ramp[:, None] * weight)
    coords = {
        "future": np.arange(len(effect)),
        "strategy": ["baseline", *names],
        "year": YEARS,
        "state": states,
    }
    attrs = {"units": "2024 = 1", "long_name": "Real consumption"}
    return xr.Dataset({"consumption": (tuple(coords), path.astype(np.float32), attrs)}, coords)


def clean(value):
    """NaN as null, NumPy scalars as Python ones."""
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [clean(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value


def summarise(table: pd.DataFrame, names: list[str]) -> list[dict]:
    rows = []
    for (strategy, measure), part in table.groupby(["strategy", "measure"]):
        v = part["value"].to_numpy()
        known = v[np.isfinite(v)]
        if strategy != "baseline" and known.size:
            low, p25, median, p75, high = np.quantile(known, [0.05, 0.25, 0.5, 0.75, 0.95])
            rows.append(
                {
                    "strategy": strategy,
                    "measure": measure,
                    "mean": known.mean(),
                    "low": low,
                    "p25": p25,
                    "median": median,
                    "p75": p75,
                    "high": high,
                    "n": known.size,
                    "failed": v.size - known.size,
                }
            )
    return rows


def rank(effect: np.ndarray, names: list[str]) -> list[dict]:
    ok = effect[np.isfinite(effect).all(1)]
    if not len(ok):  # as the judgement of a run in which no future was solved
        return [{"strategy": name, "rank": None, "mean": None} for name in names]
    loss = ok.max(1, keepdims=True) - ok
    order = np.argsort(-ok.mean(0))
    return [
        {
            "strategy": names[i],
            "rank": place + 1,
            "mean": ok[:, i].mean(),
            "regret_mean": loss[:, i].mean(),
            "regret_p90": np.quantile(loss[:, i], 0.9),
            "regret_max": loss[:, i].max(),
            "satisficing_share": (ok[:, i] > -0.6).mean(),
            "worst": ok[:, i].min(),
            "low": np.quantile(ok[:, i], 0.05),
            "high": np.quantile(ok[:, i], 0.95),
        }
        for place, i in enumerate(order)
    ]


def compare(effect: np.ndarray, ranked: list[str], names: list[str]) -> list[dict]:
    """Every strategy against those ranked below it, then against the baseline."""
    columns = {name: effect[:, names.index(name)] for name in ranked}
    columns["baseline"] = np.zeros(len(effect))
    order = list(columns)
    pairs = [(a, b) for i, a in enumerate(ranked) for b in order[i + 1 :]]
    rows = []
    for a, b in pairs:
        gap = columns[a] - columns[b]
        gap = gap[np.isfinite(gap)]
        if not gap.size:
            continue
        half = 1.96 * gap.std() / np.sqrt(gap.size)
        figures = {"mean": gap.mean(), "low": gap.mean() - half, "high": gap.mean() + half}
        rows.append({"strategy": a, "against": b} | figures | {"share_better": (gap > 0).mean()})
    return rows


def shares(of: str, scale: float) -> list[dict]:
    """Drivers of a strategy or of a difference."""
    found = [
        ("us_posture", 0.61, "judged"),
        ("trade.elasticity", 0.24, "published"),
        ("retaliation_share", 0.06, "judged"),
        ("growth.world_sd", 0.03, "estimated"),
    ]
    return [
        {
            "parameter": parameter,
            "strategy": of,
            "measure": "consumption.mean",
            "share": share * scale,
            "low": share * scale * 0.7,
            "high": share * scale * 1.3,
            "status": status,
        }
        for parameter, share, status in found
    ]


def worths(best: str, second: str) -> dict:
    """What one would most like to know: a number that is worth it, one that only decides."""

    def row(parameter, value, share, turns, to):
        figures = {"value": value, "se": 0.01, "low": max(value - 0.02, 0), "high": value + 0.02}
        money = {"usd": 320 * value, "usd_low": 1.0, "usd_high": 60.0} if value else None
        named = {"parameter": parameter, "share": share, "turns": turns, "to": to, "money": money}
        return named | figures

    def choice(aim, measures, verdict, numbers):
        everything = None if verdict in ("same", "no_link") else row("", 0.2, None, 0.3, second)
        head = {"aim": aim, "measures": measures, "best": best, "second": second}
        return head | {"verdict": verdict, "evpi": everything, "numbers": numbers}

    known = [row("us_posture", 0.084, 0.22, 0.31, second), row("trade.elasticity", 0, 0.6, 0, None)]
    little = [row("retaliation_share", 0.012, 0.02, 0.08, second)]
    return {
        "futures": 57,
        "fewest": 30,
        "enough": True,
        "numbers": 4,
        "choices": [
            choice("consumption", ["consumption.mean"], "worth", known),
            choice(None, ["consumption.final"], "little", little),
            choice("burden", ["burden"], "nothing", known[1:]),
            choice("challenge.taiwan-strait", ["challenge.taiwan-strait"], "no_link", []),
            choice(None, ["exposure.CHN"], "same", []),
        ],
    }


def judgement(
    table: pd.DataFrame, effect: np.ndarray, names: list[str], drawn: pd.DataFrame
) -> dict:
    ranking = rank(effect, names)
    best = ranking[0]["strategy"]
    sizes = [n for n in (25, 50, 100, 250) if n <= len(effect) // 2]
    return clean(
        {
            "objective": {"measure": "consumption.mean", "direction": "higher"},
            "summary": summarise(table, names),
            "ranking": ranking,
            "requirements": [
                {
                    "measure": "consumption.mean",
                    "comparator": ">",
                    "threshold": -0.6,
                    "reason": both(
                        "a loss the size of the 2012 slowdown", "2012年の減速に相当する損失"
                    ),
                }
            ],
            "paired": compare(effect, [row["strategy"] for row in ranking], names),
            "stability": {
                "tau_mean": 0.96,
                "tau_low": 0.67,
                "top_share": {n: float(n == best) for n in names},
                "enough": sizes[0] if sizes else None,
                "curve": [{"futures": n, "tau": 1 - 4 / n} for n in sizes],
            },
            "failure": {
                "strategy": best,
                "threshold": -0.6,
                "share": (effect[:, names.index(best)] < -0.6).mean(),
                "boxes": [
                    {
                        "limits": [
                            {
                                "parameter": "trade.elasticity",
                                "low": 4.2,
                                "high": None,
                                "values": None,
                            },
                            {
                                "parameter": "us_posture",
                                "low": None,
                                "high": None,
                                "values": ["deepens"],
                            },
                        ],
                        "coverage": 0.71,
                        "density": 0.93,
                        "mass": 0.15,
                    }
                ],
            },
            "drivers": [
                *(shares(f"{best} - {ranking[1]['strategy']}", 0.9) if len(names) > 1 else []),
                *(row for name in names for row in shares(name, 1.0)),
            ],
            "information": worths(best, ranking[-1]["strategy"]),
            "judged": [parameters()[2]],
            "grade": "B",
            "grade_reason": both(
                "The trade effect is identified in published studies.",
                "貿易効果は公刊研究で識別されている。",
            ),
        }
    )


def write(
    path: Path,
    futures: int = 60,
    strategies: int = 4,
    failed: int = 0,
    world: str = "focus",
    seed: int = 1,
) -> Path:
    """Write a run folder; the first ``failed`` futures are NaN throughout."""
    rng = np.random.default_rng(seed)
    names = list(STRATEGIES)[:strategies]
    run = run_record(futures, names, world, failed)
    drawn = draws(futures, rng)
    effect = effects(drawn, names, rng)
    data = trajectories(effect, names, run["states"], rng)
    data["consumption"][:failed] = np.nan
    effect[:failed] = np.nan
    table = outcomes(effect, names)
    path.mkdir(parents=True, exist_ok=True)
    (path / "run.json").write_text(json.dumps(run, ensure_ascii=False), encoding="utf-8")
    table.to_parquet(path / "outcomes.parquet", index=False)
    drawn.to_parquet(path / "draws.parquet", index=False)
    data.to_zarr(path / "trajectories.zarr", mode="w", consolidated=False, zarr_format=2)
    verdict = judgement(table, effect, names, drawn)
    (path / "judgement.json").write_text(json.dumps(verdict, ensure_ascii=False), encoding="utf-8")
    return path


AIMS = {
    # name: kind, label, unit, direction, grade, smallest
    "consumption": ("consumption", both("Real consumption", "実質消費"), GAP, "higher", "B", 0.1),
    "challenge.taiwan-strait": (
        "challenge",
        both("Risk of a challenge: Taiwan Strait", "挑戦の危険：台湾海峡"),
        both("% change of the yearly odds, mean", "年間オッズの変化率（%、平均）"),
        "lower",
        "C",
        5.0,
    ),
    "burden": ("burden", both("Burden", "負担"), both("% of GDP", "GDP比%"), "lower", "A", 0.1),
}


def gain(mean: float, p5: float, p95: float, least: str, most: str, way: str) -> dict:
    """A gain as the judgement writes it."""
    size = {"least": least, "most": most, "way": way}
    figures = {"mean": mean, "low": mean - 0.01, "high": mean + 0.01, "p5": p5, "p95": p95}
    return figures | {"same": False, "better": 0.5, "size": size}


SAME = gain(0.0, 0.0, 0.0, "negligible", "negligible", "none") | {"same": True}
TINY = gain(0.003, 0.0, 0.009, "negligible", "negligible", "none")


def aims(names: list[str], gains: dict[tuple[str, str], dict | None]) -> dict:
    """Judgement over aims: the gains given, no link where one is None, the same where none is."""
    cells = []
    for aim in AIMS:
        for name in names:
            own = gains.get((aim, name), SAME)
            money = {"usd": 320 * own["mean"], "usd_low": 1.0, "usd_high": 9.0} if own else None
            cells.append(
                {
                    "aim": aim,
                    "strategy": name,
                    "link": own is not None,
                    "rank": 1,
                    "gain": own or SAME,
                    "calm": own or SAME,
                    "reacts": "good_anyway" if own and own is not SAME else "no_effect",
                    "money": money if aim == "consumption" else None,
                }
            )
    card = [
        {
            "name": name,
            "kind": kind,
            "group": "economy",
            "label": label,
            "unit": unit,
            "measures": ["consumption.mean"] if kind == "consumption" else [name],
            "direction": direction,
            "grade": grade,
            "smallest": smallest,
            "reason": both("Judged.", "判断による。"),
            "ranked": True,
            "status": "measured",
            "why": both("", ""),
        }
        for name, (kind, label, unit, direction, grade, smallest) in AIMS.items()
    ]
    absent = {
        "name": "deadlock",
        "kind": "deadlock",
        "label": both("Council deadlock", "安保理の膠着"),
        "unit": None,
        "status": "not_in_run",
        "why": both("Not in this run.", "この実行にはない。"),
    }
    return {
        "futures": 57,
        "calm_futures": 57,
        "list": [*card, absent],
        "shock": [
            {"aim": "consumption", "link": True}
            | gain(-0.41, -0.9, -0.1, "modest", "large", "worse"),
            {"aim": "challenge.taiwan-strait", "link": False} | SAME,
            {"aim": "burden", "link": True} | SAME,
        ],
        "cells": cells,
        "pareto": {
            "aims": list(AIMS),
            "by_mean": [names[-1]],
            "shares": {name: 0.5 for name in names},
            "beaten_by": {},
        },
        "weights": None,
    }
