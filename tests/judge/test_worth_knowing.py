"""The price of not knowing, as a run is judged: who is named, what is said, what it costs."""

import time

import numpy as np
import pandas as pd
import pytest

from comity.judge.reading import Run
from comity.judge.worth_knowing import worth_knowing, worth_of

FUTURES = 400


def aim(
    name, kind="consumption", smallest=0.05, direction="higher", ranked=True, status="measured"
):
    head = {"name": name, "kind": kind, "smallest": smallest, "direction": direction}
    return head | {"measures": [name], "ranked": ranked, "status": status}


def make(futures=FUTURES, failed=0, **changes):
    """Two strategies: on "income" the better one hangs on "a"; on "risk" it never does."""
    rng = np.random.default_rng(1)
    draws = pd.DataFrame(rng.uniform(0, 1, (futures, 6)), columns=list("abcdef"))
    luck = 0.1 * rng.standard_normal((futures, 2))
    common = 5 * draws["b"].to_numpy()
    income = np.column_stack([common, common + 2 * draws["a"] - 0.8]) + luck
    risk = np.column_stack([3 + draws["a"], 9 - draws["a"]])
    income[:failed] = np.nan
    values = {"income": income, "risk": risk, "still": np.ones((futures, 2))}
    record = {
        "measures": [{"name": m, "direction": "higher"} for m in values],
        "strategies": [{"name": n, "paths": {"still": []}} for n in ("hold", "deepen")],
        "aims": [aim("income"), aim("risk", "challenge", 5.0, "lower"), aim("still", "votes")],
        "money": {"usd": 30_000.0, "rate": 150.0, "currency": "JPY"},
    } | changes
    return Run(record, "income", "higher", (), ("hold", "deepen"), values, {}, draws)


def choices(run, fewest=30):
    return {c["aim"]: c for c in worth_knowing(run, fewest)["choices"]}


def test_the_number_that_turns_the_choice_is_named_in_unit_and_money():
    found = choices(make())
    income = found["income"]
    assert (income["verdict"], income["best"], income["second"]) == ("worth", "deepen", "hold")
    assert [row["parameter"] for row in income["numbers"]] == ["a"]
    row = income["numbers"][0]
    # E max(0, 0.8 - 2a) over a uniform on 0 to 1 is 0.16; the choice turns below a = 0.4.
    assert abs(row["value"] - 0.16) < 4 * row["se"] and row["to"] == "hold"
    assert row["turns"] == pytest.approx(0.4, abs=0.08) and row["share"] > 0.9
    assert row["low"] < row["value"] < row["high"] <= income["evpi"]["high"]
    assert row["money"]["usd"] == pytest.approx(300 * row["value"])
    assert row["money"]["local"] == pytest.approx(150 * 300 * row["value"])
    assert row["value"] <= income["evpi"]["value"]


def test_what_decides_but_cannot_change_the_choice_is_not_worth_knowing():
    risk = choices(make())["risk"]
    assert (risk["verdict"], risk["best"]) == ("nothing", "hold")
    row = risk["numbers"][0]
    assert (row["parameter"], row["value"], row["turns"], row["to"]) == ("a", 0.0, 0.0, None)
    assert row["share"] > 0.99 and row["money"] is None


def test_nothing_to_choose_and_little_to_gain():
    assert choices(make())["still"]["verdict"] == "no_link"
    linked = [{"name": n, "paths": {"still": ["trade"]}} for n in ("hold", "deepen")]
    assert choices(make(strategies=linked))["still"]["verdict"] == "same"
    assert choices(make(aims=[aim("income", smallest=0.5)]))["income"]["verdict"] == "little"
    unranked = [aim("income"), aim("risk", ranked=False), aim("still", status="not_in_run")]
    assert list(choices(make(aims=unranked))) == ["income"]


def test_the_measure_asked_for_is_a_choice_where_it_is_no_aim():
    found = choices(make(aims=[]))
    assert list(found) == [None] and found[None]["measures"] == ["income"]
    assert found[None]["verdict"] == "worth" and found[None]["evpi"]["money"] is None


def test_too_few_futures_name_nothing():
    found = worth_knowing(make(futures=60, failed=31), 30)
    assert (found["futures"], found["enough"], found["choices"]) == (29, False, [])
    assert worth_knowing(make(futures=60, failed=30), 30)["enough"]


def test_numbers_that_do_nothing_are_rarely_named():
    rng = np.random.default_rng(2)
    named = 0
    for _ in range(20):
        run = make(aims=[aim("income")])
        run.values["income"][:] = rng.standard_normal((FUTURES, 2))
        named += len(choices(run)["income"]["numbers"])
    assert named <= 4  # 5 % of 20 runs, were it one each; more than 4 in one of 390


def test_a_run_of_the_default_size_is_judged_in_little_time():
    rng = np.random.default_rng(3)
    futures, strategies = 500, 5
    draws = pd.DataFrame(rng.uniform(0, 1, (futures, 120)))
    draws.columns = [f"n{i}" for i in range(120)]
    values = {f"m{i}": rng.standard_normal((futures, strategies)) for i in range(20)}
    names = tuple("abcde")
    record = {
        "measures": [{"name": m, "direction": "higher"} for m in values],
        "strategies": [{"name": n} for n in names],
        "aims": [aim(m) for m in values],
    }
    begun = time.process_time()
    worth_knowing(Run(record, "m0", "higher", (), names, values, {}, draws), 30)
    assert time.process_time() - begun < 3.0


def test_one_question_is_asked_of_every_aim_and_alone():
    run = make()
    found = worth_of(run, ["a", "never drawn"], 30)
    assert found["numbers"] == ["a"] and found["enough"]
    rows = {row["aim"]: row for row in found["choices"]}
    own = choices(run)["income"]["numbers"][0]
    assert rows["income"]["verdict"] == "worth" and rows["income"]["to"] == "hold"
    for part in ("value", "se", "low", "high", "turns"):
        assert rows["income"][part] == pytest.approx(own[part])
    assert rows["risk"]["verdict"] == "nothing" and "value" not in rows["risk"]
    assert rows["still"]["verdict"] == "no_link"


def test_a_group_is_worth_at_least_its_best_number_and_noise_nothing():
    run = make()
    alone = worth_of(run, ["a"], 30)["choices"][0]["value"]
    together = worth_of(run, ["a", "c"], 30)["choices"][0]
    assert together["value"] == pytest.approx(alone, rel=0.1)
    assert worth_of(run, ["c"], 30)["choices"][0]["verdict"] == "nothing"
    assert worth_of(run, ["z"], 30)["choices"] == []
    few = worth_of(make(futures=20), ["a"], 30)
    assert (few["enough"], few["choices"]) == (False, [])
