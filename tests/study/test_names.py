"""What a user calls things never changes a number: names live in spaces of their own."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import comity as cm
from comity.core.errors import BadInput
from comity.mechanisms.catalogue import all_parameters
from comity.scenarios.scenario import load_scenario
from comity.scenarios.strategy import load_strategy
from comity.study import ensemble as engine
from comity.study.laboratory import vocabulary
from comity.study.plan import INDEX

DOCUMENT = """comity: {kind} 1
name: {name}
title: T
{more}summary: S
uncertainties:
  {doubt}:
    meaning: m
    prior: {{kind: uniform, low: 0.1, high: 0.2}}
    status: judged
    source: a test
moves:
- {{lever: tariff, importer: {who}, exporter: USA, add: 1.0, scale: {doubt}, from: 2026,
   channel: executive_order, judged: a test}}
"""


def written(folder, kind, name, doubt="elasticity"):
    more = "actor: ANY\n" if kind == "strategy" else "question: Q\n"
    who = "ACTOR" if kind == "strategy" else "JPN"
    path = folder / f"{kind}-{name}.yaml"
    text = DOCUMENT.format(kind=kind, name=name, doubt=doubt, more=more, who=who)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """A scenario, then strategies called as inner things are, then a plain one."""
    folder = tmp_path_factory.mktemp("names")
    words = vocabulary()
    scenario = load_scenario(written(folder, "scenario", "odd"), words)
    named = [
        load_strategy(written(folder, "strategy", name), words, "JPN")
        for name in ("scenario", "trade", "future", "state", "plain")
    ]
    arms = [engine.Arm("JPN"), *(engine.Arm("JPN", (scenario, one)) for one in named)]
    return scenario, named, engine.ensemble(arms, ("checks",), (2025, 2026), 50, 3)


def test_no_strategy_is_in_force_in_the_arm_of_another(crowd):
    scenario, named, made = crowd
    weights = engine.weights(made)
    labels = {part.document.name: part.label for part in made.parts}
    assert len(set(labels.values())) == len(named) + 1
    for slot, strategy in enumerate(named, 1):
        own = {labels[strategy.name], labels[scenario.name]}
        for place, group in enumerate(made.groups):
            assert weights[:, slot, place].any() == (group.document in own)
    assert not weights[:, 0].any()


def test_no_number_of_a_strategy_replaces_another(crowd):
    _, named, made = crowd
    drawn = made.drawn
    assert drawn.columns.is_unique and INDEX not in drawn
    alone = engine.draws(made.parameters, (), 3, 50)
    np.testing.assert_array_equal(drawn[list(alone)], alone)
    for strategy in named:
        assert drawn[f"{strategy.name}:elasticity"].between(0.1, 0.2).all()
    assert drawn["trade.elasticity"].min() > 1.0


def test_a_strategy_called_scenario_has_a_fate_of_its_own(crowd):
    _, _, made = crowd
    acts = made.shared.programme.acts
    assert len(np.unique(acts.name)) == len(acts.name) == 6


def test_the_draws_of_a_strategy_hang_on_what_they_always_did(crowd):
    _, named, made = crowd
    plain = named[-1]
    (doubt,) = next(part.doubts for part in made.parts if part.document == plain)
    assert doubt.luck == "uncertainty.plain.elasticity"


SLUG = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,9}", fullmatch=True)


@given(st.sets(st.tuples(SLUG | st.just(""), SLUG), max_size=8))
def test_columns_are_never_one(pairs):
    """Whatever documents and uncertainties are called: '' stands for the scenario."""
    keys = {p.key for p in all_parameters()}
    columns = [f"{strategy}:{doubt}" if strategy else doubt for strategy, doubt in pairs]
    assert len(set(columns)) == len(columns) and not keys & set(columns)
    assert all("." in key and ":" not in key for key in keys)


@pytest.mark.parametrize(
    ("kind", "name", "doubt", "line"),
    [("strategy", "baseline", "free", 2), ("scenario", "odd", "future", 7)],
)
def test_two_names_are_refused_before_work_starts(tmp_path, monkeypatch, kind, name, doubt, line):
    from comity.study import laboratory

    monkeypatch.setattr(laboratory, "build", lambda plan: pytest.fail("work was begun"))
    path = written(tmp_path, kind, name, doubt)
    scenario = path if kind == "scenario" else "as-is"
    strategies = ["steady", path] if kind == "strategy" else ["steady"]
    with pytest.raises(BadInput, match="cannot be called '(baseline|future)'.*") as refused:
        inspect.unwrap(cm.run)(scenario, strategies=strategies, futures=2)
    assert refused.value.where.startswith(f"{path}:{line}:")
