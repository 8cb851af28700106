import json

import numpy as np
import pandas as pd
import pytest

from comity.core.errors import BadInput
from comity.judge.judgement import judge

KEYS = {
    "objective",
    "summary",
    "ranking",
    "requirements",
    "paired",
    "stability",
    "selection",
    "failure",
    "drivers",
    "aims",
    "information",
    "judged",
    "grade",
    "grade_reason",
}
FUTURES = 300


def two(text):
    return {"en": text, "ja": text}


def parameter(name, status, grade):
    return {"name": name, "meaning": name, "value": 1.0, "status": status, "grade": grade}


RECORD = {
    "id": "test",
    "seed": 1,
    "strategies": [
        {"name": n, "title": {"en": n.title(), "ja": f"{n}案"}} for n in ("hold", "deepen", "leave")
    ],
    "measures": [
        {"name": "growth", "direction": "higher", "grade": "B"},
        {"name": "risk", "direction": "lower", "grade": "C"},
        {"name": "note", "direction": "none", "grade": "C"},
    ],
    "parameters": [
        parameter("trade.elasticity", "published", "B"),
        parameter("crises.resolve", "judged", "D"),
        parameter("growth.trend", "estimated", "C"),
    ],
    "uncertainties": [{"name": "response", "kind": "choice", "status": "judged"}],
    "judgement": {"objective": "growth", "requirements": []},
}
LINE = {"measure": "growth", "comparator": ">=", "threshold": 0.0, "reason": two("no loss")}


def make_draws(futures=FUTURES):
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "future": np.arange(futures, dtype=np.int32),
            "trade.elasticity": rng.uniform(0, 1, futures),
            "crises.resolve": rng.uniform(0, 1, futures),
            "growth.trend": rng.normal(0, 1, futures),
            "response": rng.choice(["full", "none"], futures),
            "fixed": np.ones(futures),
        }
    )


def make_outcomes(draws):
    """Deepen gains with the elasticity, loses where the response is full; leave is always worse."""
    world = draws["growth.trend"].to_numpy()
    full = (draws["response"] == "full").to_numpy()
    deepen = world * 0.2 + 3 * draws["trade.elasticity"].to_numpy() - 2.0 * full
    growth = {"baseline": world * 0.2 - 1, "hold": world * 0.2, "deepen": deepen}
    growth["leave"] = np.minimum(growth["hold"], deepen) - 1
    tables = []
    for strategy, values in growth.items():
        for measure, figures in (("growth", values), ("risk", -values), ("note", 0 * values)):
            tables.append(
                pd.DataFrame(
                    {
                        "future": draws["future"],
                        "strategy": strategy,
                        "measure": measure,
                        "value": figures,
                    }
                )
            )
    return pd.concat(tables).sort_values(["future", "strategy", "measure"], ignore_index=True)


def write(folder, draws=None, outcomes=None, **changes):
    draws = make_draws() if draws is None else draws
    outcomes = make_outcomes(draws) if outcomes is None else outcomes
    folder.mkdir(exist_ok=True)
    (folder / "run.json").write_text(json.dumps(RECORD | changes), encoding="utf-8")
    outcomes.to_parquet(folder / "outcomes.parquet")
    draws.to_parquet(folder / "draws.parquet")
    return folder


def strict(path):
    def refuse(literal):
        raise AssertionError(f"{literal} is not JSON")

    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    folder = write(
        tmp_path_factory.mktemp("run"), judgement={"objective": "growth", "requirements": [LINE]}
    )
    return folder, judge(folder)


def test_the_file_is_strict_complete_and_what_is_returned(judged):
    folder, result = judged
    assert strict(folder / "judgement.json") == result and set(result) == KEYS
    assert {p.name for p in folder.iterdir()} == {
        "run.json",
        "outcomes.parquet",
        "draws.parquet",
        "judgement.json",
    }


def test_judged_twice_the_bytes_are_the_same(judged, tmp_path):
    folder, _ = judged
    first = (folder / "judgement.json").read_bytes()
    judge(folder)
    assert (folder / "judgement.json").read_bytes() == first
    # Nor do the order of rows or a copy of the folder matter.
    draws = make_draws()
    moved = write(
        tmp_path,
        draws.sample(frac=1, random_state=1),
        make_outcomes(draws).sample(frac=1, random_state=1),
        judgement={"objective": "growth", "requirements": [LINE]},
    )
    judge(moved)
    assert (moved / "judgement.json").read_bytes() == first


def test_ranking_and_pairs(judged):
    _, result = judged
    assert [(r["strategy"], r["rank"]) for r in result["ranking"]] == [
        ("deepen", 1),
        ("hold", 2),
        ("leave", 3),
    ]
    best = result["ranking"][0]
    assert best["low"] < best["mean"] < best["high"] and best["regret_p90"] <= best["regret_max"]
    draws = make_draws()
    table = make_outcomes(draws).query("measure == 'growth'")
    wide = table.pivot(index="future", columns="strategy", values="value")
    assert best["worst"] == pytest.approx(wide["deepen"].min())
    assert best["satisficing_share"] == pytest.approx((wide["deepen"] >= 0).mean())
    regret = (wide[["deepen", "hold", "leave"]].max(axis=1) - wide["deepen"]).mean()
    assert best["regret_mean"] == pytest.approx(regret)
    pairs = {(p["strategy"], p["against"]): p for p in result["paired"]}
    assert set(pairs) == {
        ("deepen", "hold"),
        ("deepen", "leave"),
        ("hold", "leave"),
        ("deepen", "baseline"),
        ("hold", "baseline"),
        ("leave", "baseline"),
    }
    assert pairs["hold", "baseline"]["mean"] == pytest.approx(1)
    assert pairs["hold", "leave"]["share_better"] == 1
    assert result["stability"]["top_share"]["leave"] == 0


def test_differences_too_small_to_matter_share_a_rank_and_misses_are_named(tmp_path):
    draws = make_draws(12)
    record = {"measures": [{"name": "consumption.mean", "direction": "higher", "grade": "B"}]}
    tables = [
        pd.DataFrame(
            {"future": draws["future"], "strategy": name, "measure": "consumption.mean"}
        ).assign(value=np.arange(12) * 0.1 + more)
        for name, more in (("baseline", 0.0), ("hold", 1e-8), ("deepen", 0.05), ("leave", -0.5))
    ]
    bar = {"measure": "consumption.mean", "comparator": ">=", "threshold": 0.3}
    standard = {"objective": "consumption.mean", "requirements": [bar | {"reason": two("x")}]}
    folder = write(tmp_path, draws, pd.concat(tables), judgement=standard, **record)
    result = judge(folder)
    ranks = [(row["strategy"], row["rank"]) for row in result["ranking"]]
    assert ranks == [("deepen", 1), ("hold", 1), ("leave", 3)]
    assert result["failure"]["missed"] == [bar | {"share": 0.25}]
    assert result["drivers"] == [], "too few futures to tell what decides"


def test_failure_names_the_response_and_the_elasticity(judged):
    _, result = judged
    failure = result["failure"]
    assert failure["strategy"] == "deepen" and failure["threshold"] == 0
    box = failure["boxes"][0]
    limits = {limit["parameter"]: limit for limit in box["limits"]}
    assert set(limits) == {"response", "trade.elasticity"}
    assert limits["response"] == {
        "parameter": "response",
        "low": None,
        "high": None,
        "values": ["full"],
    }
    assert abs(limits["trade.elasticity"]["high"] - 2 / 3) < 0.08
    assert box["coverage"] > 0.85 and box["density"] > 0.85


def test_drivers_and_grade_follow_the_difference(judged):
    _, result = judged
    first = result["drivers"][0]
    assert first["strategy"] == "deepen - hold" and first["measure"] == "growth"
    named = [d["parameter"] for d in result["drivers"] if d["strategy"] == "deepen - hold"]
    assert set(named[:2]) == {"response", "trade.elasticity"}
    # Of "hold" the trend decides all; in the difference it cancels out.
    own = [d for d in result["drivers"] if d["strategy"] == "hold"][0]
    assert own["parameter"] == "growth.trend" and own["status"] == "estimated"
    assert own["share"] > 0.95 and "growth.trend" not in named
    assert all(0 < d["low"] <= d["share"] for d in result["drivers"])
    assert result["grade"] == "D" and [p["name"] for p in result["judged"]] == ["crises.resolve"]
    assert "response" in result["grade_reason"]["en"] and "Deepen" in result["grade_reason"]["en"]
    assert "deepen案" in result["grade_reason"]["ja"]


def test_an_answer_on_published_numbers_keeps_their_grade(tmp_path):
    draws = make_draws()
    uncertainties = [{"name": "response", "kind": "choice", "status": "published"}]
    assert judge(write(tmp_path, draws, uncertainties=uncertainties))["grade"] == "B"


def test_without_requirements_failure_is_the_worst_tenth(tmp_path):
    result = judge(write(tmp_path))
    assert result["failure"]["share"] == pytest.approx(0.1)
    assert result["ranking"][0]["satisficing_share"] is None
    lower = judge(write(tmp_path, judgement={"objective": "risk"}))
    assert [r["strategy"] for r in lower["ranking"]] == ["deepen", "hold", "leave"]
    assert lower["failure"]["threshold"] == pytest.approx(-result["failure"]["threshold"])


def test_failed_rows_are_counted_and_null(tmp_path):
    outcomes = make_outcomes(make_draws())
    outcomes.loc[(outcomes["strategy"] == "hold") & (outcomes["future"] < 40), "value"] = np.nan
    outcomes.loc[outcomes["strategy"] == "leave", "value"] = np.nan
    result = judge(write(tmp_path, outcomes=outcomes))
    rows = {(r["strategy"], r["measure"]): r for r in result["summary"]}
    assert (rows["hold", "growth"]["n"], rows["hold", "growth"]["failed"]) == (260, 40)
    assert rows["leave", "growth"]["mean"] is None and rows["leave", "growth"]["failed"] == 300
    last = result["ranking"][-1]
    assert (last["strategy"], last["rank"], last["mean"]) == ("leave", None, None)
    assert result["stability"]["top_share"]["leave"] is None
    known = outcomes.query("strategy == 'deepen' and measure == 'growth' and future >= 40")
    assert result["ranking"][0]["mean"] == pytest.approx(known["value"].mean())


@pytest.mark.parametrize("futures", [1, 2, 5, 25])
def test_few_futures(tmp_path, futures):
    result = judge(write(tmp_path, make_draws(futures)))
    assert strict(tmp_path / "judgement.json") == result
    assert "too few" in result["grade_reason"]["en"]
    if futures == 1:
        assert result["ranking"][0]["low"] is None and result["paired"][0]["high"] is None
        assert result["stability"]["tau_mean"] is None and result["stability"]["enough"] is None


def test_thirty_futures_are_enough_to_grade_by_what_decides(tmp_path):
    few = judge(write(tmp_path / "a", make_draws(29)))["grade_reason"]["en"]
    enough = judge(write(tmp_path / "b", make_draws(30)))["grade_reason"]["en"]
    assert "too few" in few and "29" in few and "too few" not in enough


@pytest.mark.parametrize("value", [np.nan, 0.1])
def test_all_failed_or_all_equal(tmp_path, value):
    result = judge(write(tmp_path, outcomes=make_outcomes(make_draws()).assign(value=value)))
    ranks = [r["rank"] for r in result["ranking"]]
    assert ranks == ([None] * 3 if np.isnan(value) else [1, 1, 1])
    assert result["failure"]["boxes"] == [] and result["drivers"] == []
    assert strict(tmp_path / "judgement.json") == result


def test_one_strategy(tmp_path):
    outcomes = make_outcomes(make_draws()).query("strategy == 'deepen'")
    result = judge(write(tmp_path, outcomes=outcomes, strategies=RECORD["strategies"][1:2]))
    assert result["ranking"][0]["regret_max"] == 0 and result["paired"] == []
    assert result["stability"]["top_share"] == {"deepen": 1}
    assert result["stability"]["tau_mean"] is None
    assert {d["strategy"] for d in result["drivers"]} == {"deepen"}
    assert "the outcome of" in result["grade_reason"]["en"]


def test_a_bad_folder_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(BadInput, match="run.json is missing"):
        judge(tmp_path)
    draws = make_draws(20)
    gap = draws.assign(**{"growth.trend": np.nan})
    cases = [
        ("no direction", {"judgement": {"objective": "note"}}),
        (
            "judgement",
            {"judgement": {"objective": "growth", "requirements": [LINE | {"measure": "absent"}]}},
        ),
        ("no outcomes of strategy", {"strategies": [{"name": "absent"}]}),
        ("a draw is missing", {"draws": gap, "outcomes": make_outcomes(draws)}),
        ("different futures", {"draws": draws[:-1], "outcomes": make_outcomes(draws)}),
        ("a row twice", {"draws": draws, "outcomes": pd.concat([make_outcomes(draws)] * 2)}),
    ]
    for message, changes in cases:
        with pytest.raises(BadInput, match=message if message != "judgement" else "absent"):
            judge(write(tmp_path, **({"draws": draws} | changes)))
    assert not (tmp_path / "judgement.json").exists()
