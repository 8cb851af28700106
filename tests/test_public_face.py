"""The whole public face: what is asked is rightly answered or refused, never wrongly answered.

Every module of `comity.models` stands here with a call that is in order, which is answered with
finite figures, and the range of each argument: one figure put out of it, at a place drawn, is
refused with `BadInput`. What works inside a traced computation alone (the steps of a simulation,
searches that the checked functions call) is listed with its module. The verbs `cm.…` are given
names and values that are none.
"""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import comity as cm
from comity import models
from comity.core.errors import BadInput, ComityError

INF, NAN = np.inf, np.nan
# What lies outside each range. Of NaN only where it is not a missing figure.
OUTSIDE = {
    "finite": (NAN, INF, -INF),
    "positive": (NAN, INF, -INF, 0.0, -4.0),
    "not negative": (NAN, INF, -1.0),
    "chance": (NAN, INF, -0.1, 1.2),
    "share": (NAN, INF, 0.0, -0.1, 1.2),
    "event": (0.5, 2.0, -1.0, INF),
    "level": (NAN, 0.0, 1.0, 90.0, -0.9),
    "tariff": (NAN, INF, -1.0, -3.0),
    "above one": (NAN, INF, 1.0, -7.0),
    "missing or not negative": (-1.0,),
    "missing or chance": (-0.1, 1.2),
}


@dataclass(frozen=True)
class Face:
    """A function, a call in order, and the range of the arguments that have one."""

    call: Callable[..., Any]
    good: Callable[[], dict[str, Any]]
    ranges: dict[str, str] = field(default_factory=dict)


def matrix(n: int = 3) -> np.ndarray:
    rng = np.random.default_rng(4)
    return rng.uniform(1.0, 3.0, (n, n)) + 40.0 * np.eye(n)


def rows(n: int = 30) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(5)
    x = np.column_stack([np.ones(n), rng.normal(size=n)])
    y = (x[:, 1] + rng.logistic(size=n) > 0).astype(float)
    return {"x": x, "y": y}


def world() -> dict[str, Any]:
    sales = jnp.asarray(matrix())
    base = models.trade_equilibrium.calibrate(sales, jnp.zeros((3, 3)), jnp.ones(3))
    return {
        "base": base,
        "elasticity": jnp.asarray(4.0),
        "endowment": jnp.ones(3),
        "tariff": jnp.full((3, 3), 0.1) * (1 - jnp.eye(3)),
        "cost": jnp.ones((3, 3)),
    }


SHOCK = {
    "elasticity": "positive",
    "endowment": "positive",
    "tariff": "tariff",
    "cost": "positive",
}


def sectors() -> dict[str, Any]:
    sales = jnp.stack([jnp.asarray(matrix())] * 2)
    half, inputs = jnp.full((2, 3), 0.5), jnp.full((3, 2, 2), 0.25)
    base = models.caliendo_parro.calibrate(sales, jnp.zeros((2, 3, 3)), half, inputs, half)
    return {
        "base": base,
        "elasticity": jnp.full(2, 4.0),
        "endowment": jnp.ones(3),
        "tariff": jnp.zeros((2, 3, 3)),
        "cost": jnp.ones((2, 3, 3)),
    }


def economy() -> dict[str, Any]:
    exports = matrix() * (1 - np.eye(3))
    return {"exports": exports, "income": np.full(3, 30.0), "local": np.full(3, 0.1)}


def flows() -> pd.DataFrame:
    rng = np.random.default_rng(6)
    pairs = [(i, j) for i in "ABCDEF" for j in "ABCDEF"]
    table = pd.DataFrame(pairs, columns=["exporter", "importer"])
    return table.assign(
        trade=rng.poisson(3.0, len(table)).astype(float), far=rng.normal(size=len(table))
    )


def gravity(trade: np.ndarray, far: np.ndarray) -> Any:
    pytest.importorskip("pyfixest")
    table = flows().assign(trade=trade, far=far)
    return models.gravity.estimate(table, "trade", ["far"], ["exporter", "importer"])


def votes(period: np.ndarray, choice: np.ndarray) -> Any:
    actor = np.tile(np.arange(6), 10)
    vote = np.repeat(np.arange(10), 6)
    frame = pd.DataFrame({"actor": actor, "vote": vote, "period": period, "choice": choice})
    return models.roll_calls.roll_calls(frame)


def calls() -> dict[str, np.ndarray]:
    choice = np.random.default_rng(7).integers(0, 2, 60).astype(float)
    return {"period": np.repeat(2000.0 + np.arange(10) // 5, 6), "choice": choice}


def game(x: np.ndarray) -> Any:
    one = models.strategic_choice.Game(
        ("she",), ("stays", "goes"), {("she", "goes"): "~ 1 + x"}, link="logit"
    )
    drawn = rows()
    frame = pd.DataFrame({"x": x, "outcome": np.where(drawn["y"] > 0, "goes", "stays")})
    return models.strategic_choice.fit(one, frame, outward=False)


def pacts() -> dict[str, Any]:
    return {"traits": rows()["x"][:, 1:], "event": rows()["y"], "penalty": 1.0}


def hazard() -> dict[str, Any]:
    return {
        "traits": rows()["x"][:, 1:],
        "known": np.ones((30, 1), dtype=bool),
        "peace": np.tile(np.arange(10.0), 3),
        "onset": rows()["y"],
        "penalty": 1.0,
    }


def panel_of_states() -> dict[str, Any]:
    rng = np.random.default_rng(8)
    return {
        "change": rng.normal(size=40),
        "traits": rng.normal(size=(40, 1)),
        "state": np.repeat(np.arange(4), 10),
        "year": np.tile(np.arange(2000, 2010), 4),
    }


PAYOFFS = {"payoffs": "finite"}


def payoffs() -> dict[str, np.ndarray]:
    """Chicken."""
    return {"payoffs": np.array([[[0.0, -1.0], [1.0, -9.0]], [[0.0, 1.0], [-1.0, -9.0]]])}


FACES = {
    "armament": (
        Face(models.armament.error_correction, panel_of_states, {"change": "finite"}),
        Face(
            models.armament.fit_burden,
            lambda: {k: panel_of_states()[k] for k in ("change", "traits")},
            {"change": "finite", "traits": "finite"},
        ),
    ),
    "capabilities": (
        Face(
            models.capabilities.projected,
            lambda: {
                "index": jnp.array([0.2, 0.1]),
                "distance": jnp.array([[0.0, 900.0], [900.0, 0.0]]),
                "km_per_day": jnp.asarray(600.0),
            },
            {
                "index": "missing or chance",
                "distance": "missing or not negative",
                "km_per_day": "positive",
            },
        ),
    ),
    "dyad_hazard": (
        Face(
            models.dyad_hazard.fit,
            hazard,
            {"onset": "event", "peace": "not negative", "penalty": "positive"},
        ),
        Face(
            models.dyad_hazard.chained,
            lambda: {"quiet": np.full((2, 3, 2), 0.2), "again": np.full((2, 3, 2), 0.3)},
            {"quiet": "chance", "again": "chance"},
        ),
        Face(
            models.dyad_hazard.fit_climatology,
            lambda: {"onsets": np.array([0.0, 2, 1, 5]), "years": np.full(4, 20.0)},
            {"years": "positive", "onsets": "not negative"},
        ),
    ),
    "flashpoints": (
        Face(
            models.flashpoints.any_joins,
            lambda: {"each": jnp.full((2, 2), 0.3)},
            {"each": "chance"},
        ),
    ),
    "reliability": (
        Face(
            models.reliability.of_clusters,
            lambda: {"honoured": rows()["y"], "cluster": np.repeat(np.arange(10), 3), "level": 0.9},
            {"honoured": "event", "level": "level"},
        ),
    ),
    "strategic_game": (
        Face(
            models.strategic_game.play,
            lambda: {"utility": jnp.ones((2, 1, 2)), "scale": jnp.ones(2)},
            {"utility": "finite", "scale": "positive"},
        ),
    ),
    "strategic_choice": (Face(game, lambda: {"x": rows()["x"][:, 1]}, {}),),
    "landscape": (
        Face(
            models.landscape.landscape,
            lambda: {"size": np.ones(3), "propensity": -np.ones((3, 3))},
            {"size": "positive"},
        ),
    ),
    "network_stability": (
        Face(
            models.network_stability.war_stable,
            lambda: {"strength": np.ones(3), "advantage": 1.5},
            {"advantage": "positive"},
        ),
    ),
    "propensity": (
        Face(
            models.propensity.propensity,
            lambda: {"parts": np.ones((2, 3, 3)), "weights": np.ones(2)},
            {"weights": "finite"},
        ),
        Face(
            models.propensity.faiths,
            lambda: {"share": np.full((3, 2), 0.5), "major": np.arange(2)},
            {"share": "chance"},
        ),
        Face(
            models.propensity.dependence,
            lambda: {"sales": matrix(), "income": np.full(3, 30.0)},
            {"sales": "missing or not negative", "income": "positive"},
        ),
    ),
    "burden": (
        Face(
            models.burden.exploitation,
            lambda: {"share": np.array([0.1, 0.3, 0.2, 0.4]), "income": np.arange(1.0, 5.0)},
            {"share": "missing or not negative", "income": "missing or not negative"},
        ),
        Face(
            models.burden.best_reply,
            lambda: {
                "income": np.arange(1.0, 4.0),
                "taste": np.full(3, 0.2),
                "effort": np.full(3, 0.1),
                "spill": 0.5,
            },
            {
                "income": "positive",
                "taste": "level",
                "effort": "not negative",
                "spill": "chance",
            },
        ),
        Face(
            models.burden.separate,
            lambda: {"income": np.arange(1.0, 4.0), "taste": np.full(3, 0.2), "spill": 1.0},
            {"income": "positive", "taste": "level", "spill": "chance"},
        ),
        Face(
            models.burden.joint,
            lambda: {"income": np.arange(1.0, 4.0), "taste": np.full(3, 0.2)},
            {"income": "positive", "taste": "level"},
        ),
        Face(
            models.burden.gain,
            lambda: {
                "income": np.arange(1.0, 4.0),
                "taste": np.full(3, 0.2),
                "before": np.full(3, 0.1),
                "after": np.full(3, 0.2),
            },
            {
                "income": "positive",
                "taste": "level",
                "before": "not negative",
                "after": "not negative",
            },
        ),
    ),
    "salvo": (
        Face(
            models.salvo.losses,
            lambda: {
                "shooters": np.full(2, 4.0),
                "strike": np.full(2, 3.0),
                "targets": np.full(3, 5.0),
                "defence": np.ones(3),
                "staying": np.full(3, 2.0),
                "stopped": np.full(3, 0.7),
                "aim": np.full((2, 3), 0.3),
            },
            {
                "shooters": "not negative",
                "strike": "not negative",
                "targets": "not negative",
                "defence": "not negative",
                "staying": "positive",
                "stopped": "chance",
                "aim": "chance",
            },
        ),
        *(
            Face(
                method,
                lambda: {
                    "launched": 6.0,
                    "arrive": 0.5,
                    "met": 2.0,
                    "stop": 0.4,
                    "units": 2.0,
                    "loss": 1.0,
                    "spread": 0.3,
                },
                {
                    "launched": "not negative",
                    "arrive": "chance",
                    "met": "not negative",
                    "stop": "chance",
                    "units": "not negative",
                    "loss": "not negative",
                    "spread": "not negative",
                },
            )
            for method in (models.salvo.armstrong, models.salvo.enumerated)
        ),
    ),
    "attrition": tuple(
        Face(
            method,
            lambda: {"a": np.full(2, 3.0), "b": np.full(2, 2.0), "rate_a": 1.0, "rate_b": 2.0},
            {
                "a": "not negative",
                "b": "not negative",
                "rate_a": "positive",
                "rate_b": "positive",
            },
        )
        for method in (models.attrition.invariant, models.attrition.left)
    ),
    "wedge": (
        Face(
            models.wedge.wedge,
            lambda: {
                "actor": 0,
                "coalition": np.array([False, True, True]),
                "camps": np.array([False, True, True]),
                "size": np.ones(3),
                "propensity": np.array([[0.0, -1.0, -1.0], [-1.0, 0.0, 1.0], [-1.0, 1.0, 0.0]]),
            },
            {"size": "positive"},
        ),
    ),
    "accession": (
        Face(
            models.accession.within,
            lambda: {"yearly_chance": np.full((2, 3), 0.2)},
            {"yearly_chance": "missing or chance"},
        ),
    ),
    "bridging": (
        Face(
            models.bridging.constraint,
            lambda: {"tied": np.ones((3, 3)) - np.eye(3)},
            {"tied": "not negative"},
        ),
    ),
    "checks": (
        Face(
            models.checks.base_rate_left_out,
            lambda: {
                "channel": np.array([0, 0, 1, 1]),
                "survived": np.array([True, False, True, True]),
                "channels": 2,
            },
        ),
    ),
    "club": (
        Face(
            models.club.tariff_penalty,
            lambda: {
                "member": models.club.coalitions(3),
                "imports": matrix(),
                "rate": 0.1,
                "terms_of_trade": np.ones(3),
                "distortion": np.ones(3),
            },
            {
                "imports": "not negative",
                "rate": "not negative",
                "terms_of_trade": "finite",
                "distortion": "finite",
            },
        ),
    ),
    "compromise": tuple(
        Face(
            rule,
            lambda: {
                "position": np.array([[0.0, 1.0, 4.0], [2.0, 3.0, 2.0]]),
                "capability": np.ones(3),
                "salience": np.full((2, 3), 0.5),
            },
            {"capability": "positive", "salience": "share"},
        )
        for rule in (models.compromise.compromise, models.compromise.median)
    ),
    "expected_utility_bargaining": (
        Face(
            models.expected_utility_bargaining.bargain,
            lambda: {
                "position": np.array([0.0, 1.0, 4.0]),
                "capability": np.ones(3),
                "salience": np.full(3, 0.5),
                "rounds": 2,
            },
            {"position": "finite", "capability": "positive", "salience": "share"},
        ),
    ),
    "nash_bargaining": (
        Face(
            models.nash_bargaining.divide,
            lambda: {
                "surplus": 9.0,
                "disagreement": np.array([1.0, 2.0]),
                "power": np.ones(2),
                "outside": np.array([1.0, 6.0]),
            },
            {
                "surplus": "finite",
                "disagreement": "finite",
                "power": "positive",
                "outside": "finite",
            },
        ),
        Face(
            models.nash_bargaining.agree,
            lambda: {
                "position": np.array([0.0, 1.0]),
                "care": np.ones(2),
                "disagreement": -np.ones(2),
                "power": np.ones(2),
                "curvature": 2.0,
            },
            {
                "position": "finite",
                "care": "positive",
                "disagreement": "finite",
                "power": "positive",
                "curvature": "finite",
            },
        ),
    ),
    "council": (
        Face(
            models.council.fit,
            lambda: {
                "design": np.random.default_rng(9).normal(size=(20, 3, 2)),
                "shares": np.tile([0.2, 0.3, 0.5], (20, 1)),
                "penalty": np.ones(2),
            },
            {"design": "finite", "shares": "finite"},
        ),
    ),
    "framework_worth": (
        Face(
            models.framework_worth.vitality,
            lambda: {"likelihood": np.full((2, 3), 0.4), "prior": (0.5, 0.3, 0.2)},
            {"likelihood": "not negative"},
        ),
    ),
    "roll_calls": (Face(votes, calls, {}),),
    "interest": (
        Face(
            models.interest.fit,
            lambda: {
                "record": rows(40)["x"][:, :1],
                "stake": rows(40)["x"],
                "issue": np.arange(40) % 3,
                "left": (np.arange(40) % 7 == 0).astype(float),
                "state": np.arange(40) // 4,
            },
            {"left": "event"},
        ),
        Face(
            models.interest.share_inside,
            lambda: {"member": np.eye(3)[:2] + np.eye(3)[1:], "flow": matrix()},
            {"flow": "missing or not negative"},
        ),
    ),
    "succession": (
        Face(
            lambda **one: models.succession.days_by_law(**one).astype(float),
            lambda: {
                "first": np.array([1949, 1952]),
                "every": np.array([4, 6]),
                "last": np.array([9999, 2018]),
                "years": np.arange(1946, 1960),
            },
            {},
        ),
    ),
    "leadership": (
        Face(
            models.leadership.least_squares,
            rows,
            {"x": "finite", "y": "finite"},
        ),
    ),
    "pivots": (
        Face(
            models.pivots.body,
            lambda: {"ideals": np.array([-1.0, 0.0, 2.0]), "needed": 2},
            {"ideals": "finite"},
        ),
    ),
    "retreat": (
        Face(
            models.retreat.holm,
            lambda: {"chances": np.array([0.01, 0.2, 0.5])},
            {"chances": "chance"},
        ),
    ),
    "ties": (Face(models.ties.fit, pacts, {"event": "event", "penalty": "not negative"}),),
    "growth_on_a_panel": (
        Face(
            models.growth_on_a_panel.crps_normal,
            lambda: {"mean": np.zeros(3), "sd": np.ones(3), "seen": np.ones(3)},
            {"sd": "missing or not negative"},
        ),
    ),
    "logit": (
        Face(models.logit.fit, rows, {"x": "finite", "y": "event"}),
        Face(
            models.logit.fit,
            lambda: rows() | {"penalty": np.ones(2)},
            {"penalty": "not negative"},
        ),
    ),
    "multinomial_logit": (
        Face(
            models.multinomial_logit.fit,
            lambda: {
                "x": rows()["x"],
                "outcome": rows()["y"].astype(np.int64),
                "outcomes": 2,
                "penalty": np.ones(2),
            },
            {"x": "finite", "penalty": "not negative"},
        ),
    ),
    "poisson_within": (
        Face(
            models.poisson_within.fit,
            lambda: {
                "x": rows()["x"][:, 1:],
                "y": 1.0 + np.arange(30.0) % 3,
                "group": np.repeat(np.arange(5), 6),
                "cluster": np.repeat(np.arange(5), 6),
            },
            {"x": "finite", "y": "not negative"},
        ),
    ),
    "caliendo_parro": (Face(models.caliendo_parro.solve, sectors, SHOCK),),
    "coercion": (
        Face(
            models.coercion.cutoff_loss,
            lambda: world() | {"a": 0, "b": 1, "severity": jnp.asarray(1.0)},
            SHOCK | {"severity": "not negative"},
        ),
    ),
    "sector_coercion": (
        Face(
            models.sector_coercion.sector_cutoff,
            lambda: (
                {k: sectors()[k] for k in ("base", "elasticity")}
                | {"a": 0, "b": 1, "supply": jnp.ones(2), "market": jnp.zeros(2)}
            ),
            {"elasticity": "positive", "supply": "not negative", "market": "not negative"},
        ),
    ),
    "gravity": (
        Face(
            gravity,
            lambda: {"trade": flows().trade.to_numpy(), "far": flows().far.to_numpy()},
            {},
        ),
    ),
    "gravity_equilibrium": (
        Face(
            models.gravity_equilibrium.conditional,
            lambda: {
                "before": np.ones((3, 3)),
                "after": np.full((3, 3), 1.1) - 0.1 * np.eye(3),
                "output": matrix().sum(1),
                "spending": matrix().sum(0),
                "sigma": 5.0,
                "reference": 0,
            },
            {
                "before": "not negative",
                "after": "not negative",
                "output": "positive",
                "spending": "positive",
                "sigma": "above one",
            },
        ),
        Face(
            models.gravity_equilibrium.universal,
            lambda: {
                "base": matrix(),
                "change": np.ones((3, 3)),
                "elasticity": 4.0,
                "reference": 0,
                "supply": 0.5,
            },
            {"base": "not negative", "elasticity": "positive", "supply": "not negative"},
        ),
    ),
    "gravity_full": (
        Face(
            models.gravity_full.pair_effects,
            lambda: {
                "trade": np.stack([matrix(), matrix() + 1.0]),
                "agreement": np.stack([np.zeros((3, 3)), np.eye(3)[[1, 0, 2]] * (1 - np.eye(3))]),
            },
            {"trade": "not negative", "agreement": "event"},
        ),
    ),
    "order": (
        Face(
            models.order.under,
            lambda: (
                {k: world()[k] for k in ("base", "elasticity")}
                | {"rate": jnp.zeros((3, 3)), "reach": jnp.ones((3, 3))}
            ),
            {"elasticity": "positive", "rate": "tariff", "reach": "chance"},
        ),
    ),
    "sanctions": (
        Face(
            models.sanctions.barrier,
            lambda: {
                "forbidden": jnp.zeros((3, 3)).at[0, 1].set(0.5),
                "elasticity": jnp.asarray(4.0),
                "leak": jnp.asarray(0.2),
                "chill": jnp.asarray(0.2),
            },
            {
                "forbidden": "chance",
                "elasticity": "positive",
                "leak": "chance",
                "chill": "chance",
            },
        ),
    ),
    "tariff_income_tax": (
        Face(
            models.tariff_income_tax.calibrate,
            lambda: economy() | {"elasticity": 4.0, "labour_elasticity": 0.5},
            {
                "exports": "not negative",
                "income": "positive",
                "elasticity": "positive",
                "labour_elasticity": "not negative",
            },
        ),
    ),
    "normal_form": (
        Face(models.normal_form.shortfall, payoffs, PAYOFFS),
        Face(models.normal_form.ties, payoffs, PAYOFFS),
        Face(models.normal_form.worst_cases, payoffs, PAYOFFS),
    ),
    "dominance": (
        Face(models.dominance.eliminated, payoffs, PAYOFFS),
        Face(models.dominance.weakly_dominated, payoffs, PAYOFFS),
    ),
    "bimatrix": (Face(models.bimatrix.equilibria, payoffs, PAYOFFS),),
    "mixed_equilibria": (Face(models.mixed_equilibria.all_equilibria, payoffs, PAYOFFS),),
    "reply_cycles": (Face(models.reply_cycles.cycles, payoffs, PAYOFFS),),
    "moves_in_turn": (
        Face(models.moves_in_turn.in_turn, lambda: payoffs() | {"order": (1, 0)}, PAYOFFS),
    ),
    "level_k": (
        Face(models.level_k.level_k, lambda: payoffs() | {"steps": 3}, PAYOFFS),
        Face(
            models.level_k.cognitive_hierarchy,
            lambda: payoffs() | {"tau": 1.5, "steps": 3},
            PAYOFFS | {"tau": "positive"},
        ),
    ),
    "tariff_war": (
        Face(
            models.tariff_war.best_tariffs,
            lambda: world() | {"blocs": np.arange(3), "max_rounds": 2},
            SHOCK,
        ),
    ),
    "trade_equilibrium": (
        Face(
            models.trade_equilibrium.calibrate,
            lambda: {
                "sales": jnp.asarray(matrix()),
                "tariff": jnp.zeros((3, 3)),
                "value_added_share": jnp.full(3, 0.5),
            },
            {"sales": "not negative", "tariff": "tariff", "value_added_share": "share"},
        ),
        Face(models.trade_equilibrium.solve, world, SHOCK),
    ),
}


def _adjusted(**made: Any) -> Any:
    costs = models.adjustment.Costs(made.pop("settled_tariff"), made.pop("log_cost"))
    return models.adjustment.adjusted(**made, settled=costs)


FACES["adjustment"] = (
    Face(
        models.adjustment.elasticity_after,
        lambda: {
            "years": jnp.arange(3.0),
            "elasticity": jnp.asarray(4.0),
            "first": jnp.asarray(0.4),
            "pace": jnp.asarray(0.3),
        },
        {"years": "not negative", "elasticity": "positive", "first": "share", "pace": "share"},
    ),
    Face(
        models.adjustment.settle,
        lambda: {
            "settled": jnp.zeros((3, 3)),
            "level": jnp.ones((3, 3)),
            "pace": jnp.asarray(0.3),
        },
        {"settled": "finite", "level": "finite", "pace": "share"},
    ),
    Face(
        models.adjustment.fresh_cost,
        lambda: {
            "settled": jnp.zeros((3, 3)),
            "by_cost": jnp.ones((3, 3)),
            "by_quantity": jnp.ones((3, 3)),
            "first": jnp.asarray(0.4),
        },
        {"settled": "finite", "by_cost": "finite", "by_quantity": "finite", "first": "share"},
    ),
    Face(
        _adjusted,
        lambda: (
            {name: value for name, value in world().items() if name != "cost"}
            | {
                "first": jnp.asarray(0.4),
                "settled_tariff": jnp.zeros((3, 3)),
                "log_cost": jnp.zeros((3, 3)),
                "fresh": 0.1 * (1 - jnp.eye(3)),
            }
        ),
        {
            "elasticity": "positive",
            "first": "share",
            "endowment": "positive",
            "settled_tariff": "tariff",
            "log_cost": "finite",
            "tariff": "tariff",
            "fresh": "finite",
        },
    ),
)
STOPPED = {"share": "share", "left": "share", "substitution": "positive"}
FACES["sudden_stop"] = tuple(
    Face(
        model,
        lambda: {
            name: jnp.full(3, value) for name, value in zip(STOPPED, (0.1, 0.7, 0.2), strict=True)
        },
        STOPPED,
    )
    for model in (models.sudden_stop.output_left, models.sudden_stop.second_order)
)


def _rejected(kind: str, **made: Any) -> float:
    """Share rejected of ten years drawn from a model of `models.power`."""
    return models.power.rejected(getattr(models.power, kind)(**made), 10.0, 0.3, draws=50)


FACES["power"] = (
    Face(
        models.power.formula,
        lambda: {"effect": 0.3, "error": 0.1, "level": 0.05},
        {"effect": "finite", "error": "positive", "level": "level"},
    ),
    Face(
        models.power.years_by_formula,
        lambda: {"effect": 0.3, "error": 0.1, "years": 10.0, "power": 0.8},
        {"effect": "finite", "error": "positive", "years": "positive", "power": "level"},
    ),
    Face(
        lambda **made: _rejected("Rare", **made),
        lambda: {"trait": np.linspace(-1, 1, 5), "events": np.ones(5), "fitted": 0.2, "clump": 1.0},
        {"trait": "finite", "events": "positive", "fitted": "finite", "clump": "positive"},
    ),
    Face(
        lambda **made: _rejected("Panel", **made),
        lambda: {"squares": np.ones(9), "pull": np.linspace(-1, 1, 9), "years": 8.0},
        {"squares": "positive", "pull": "finite", "years": "positive"},
    ),
    Face(
        lambda **made: _rejected("Shares", **made),
        lambda: {"cases": np.array([9.0, 8.0]), "chance": np.array([0.4, 0.2])},
        {"cases": "positive", "chance": "level"},
    ),
)
# Of several arguments, frames or games, tried in their own tests; or steps that only a traced
# computation takes, behind a checked function of the module named.
ELSEWHERE = {
    "commitment": "steps of mechanisms.commitment",
    "war": "steps of mechanisms.war",
    "growth": "steps of mechanisms.growth",
    "agreement": "steps of mechanisms.trade, and of comity.trade behind a checked file",
    "within": "takes frames; test_within",
    "strategic_likelihood": "behind strategic_choice",
    "strategic_separation": "behind strategic_choice",
    "ideal_points": "takes roll_calls; test_ideal_points",
    "ideal_points_mcmc": "takes roll_calls; test_ideal_points",
    "voting_power": "whole numbers; below",
    "separation": "behind the estimators",
    "gravity_rows": "behind gravity",
    "gravity_fit": "behind gravity",
    "sector_market": "behind caliendo_parro",
    "sector_search": "behind caliendo_parro",
    "sector_branch": "behind caliendo_parro",
    "trade_market": "behind trade_equilibrium",
    "trade_search": "behind trade_equilibrium",
    "trade_branch": "behind trade_equilibrium",
    "trade_checks": "the checks themselves",
    "trade_gradient": "behind trade_equilibrium",
    "partner_share": "steps of mechanisms.crises and mechanisms.commitment",
}
FIELDS = {"force", "games", "institutions", "people", "statistics", "trade"}


def test_every_model_stands_here():
    there = {path.rpartition(".")[2] for path in models.homes().values()} - FIELDS
    assert there - set(FACES) - set(ELSEWHERE) == set()
    assert not set(FACES) & set(ELSEWHERE)


def every(ranged: bool) -> list[Any]:
    found = []
    for name, faces in FACES.items():
        for number, face in enumerate(faces):
            if not ranged:
                found.append(pytest.param(face, id=f"{name}-{number}"))
            for argument, domain in face.ranges.items() if ranged else ():
                label = f"{name}-{number}-{argument}"
                found.append(pytest.param(face, argument, domain, id=label))
    return found


def leaves(value: Any) -> list[np.ndarray]:
    import jax

    if hasattr(value, "__dataclass_fields__"):
        value = [getattr(value, name) for name in value.__dataclass_fields__]
    found = []
    for leaf in jax.tree.leaves(value):
        if (
            isinstance(leaf, np.ndarray | jnp.ndarray | float)
            and np.asarray(leaf).dtype.kind == "f"
        ):
            found.append(np.asarray(leaf))
    return found


@pytest.mark.parametrize("face", every(ranged=False))
def test_what_is_in_order_is_answered(face):
    for leaf in leaves(face.call(**face.good())):
        assert np.isfinite(leaf).all()


def put(value: Any, wrong: float, at: int) -> Any:
    """The argument with one figure replaced."""
    if np.ndim(value) == 0:
        return jnp.asarray(wrong) if isinstance(value, jnp.ndarray) else wrong
    out = np.array(value, dtype=float)
    out.flat[at % out.size] = wrong
    return jnp.asarray(out) if isinstance(value, jnp.ndarray) else out


@pytest.mark.parametrize(("face", "argument", "domain"), every(ranged=True))
@settings(max_examples=6)
@given(data=st.data())
def test_one_figure_out_of_its_range_is_refused(face, argument, domain, data):
    good = face.good()
    at = data.draw(st.integers(0, 1000), label="place")
    wrong = data.draw(st.sampled_from(OUTSIDE[domain]), label="value")
    with pytest.raises(BadInput) as refused:
        face.call(**(good | {argument: put(good[argument], wrong, at)}))
    assert str(refused.value)


@settings(max_examples=30)
@given(
    weights=st.lists(st.one_of(st.integers(-2, 9), st.floats(-2, 9)), min_size=1, max_size=6),
    quota=st.one_of(st.integers(-1, 30), st.floats(-1, 30)),
)
def test_votes_are_counted_exactly_or_refused(weights, quota):
    try:
        rule = models.voting_power.weighted(weights, quota)
        found = models.voting_power.power(rule)
    except BadInput:
        whole = all(float(w).is_integer() and w >= 0 for w in (*weights, quota))
        assert not (whole and 1 <= quota <= sum(weights))
        return
    assert [float(w) for w in rule.quotas[0].weights] == [float(w) for w in weights]
    assert sum(found.shapley) == Fraction(1)
    wins = sum(
        sum(w for k, w in enumerate(weights) if m >> k & 1) >= quota
        for m in range(2 ** len(weights))
    )
    assert found.winning == wins


@settings(max_examples=30)
@given(
    years=st.lists(st.integers(1990, 1996), min_size=1, max_size=8),
    events=st.lists(st.sampled_from([0.0, 1.0, NAN, 2.0]), min_size=8, max_size=8),
)
def test_peace_years_are_right_or_refused(years, events):
    frame = pd.DataFrame({"ccode": 2, "year": years, "war": events[: len(years)]})
    doubled, odd = frame.year.duplicated().any(), (frame.war == 2.0).any()
    try:
        found = cm.panel.of(frame).add_peace_years("war").frame.set_index("year").peace_years
    except BadInput:
        assert doubled or odd
        return
    assert not doubled and not odd
    war = frame.set_index("year").war.sort_index()
    count = 0.0
    for year in war.index:
        before = war.get(year - 1)
        count = 0.0 if before is None or before == 1.0 else count + (NAN if np.isnan(before) else 1)
        np.testing.assert_equal(found[year], count)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
ODD = st.one_of(
    NAMES.map(lambda text: f"no such {text}"), st.integers(-9, 0), st.just(""), st.just(10**12)
)
VERBS = {
    "explain": lambda odd: cm.explain(str(odd)),
    "read": lambda odd: cm.read(f"no-folder-{odd}".replace("\x00", "")),
    "run": lambda odd: cm.run(f"no-scenario-{odd}".replace("\x00", "").replace("/", "")),
    "trade": lambda odd: cm.trade(f"no-shock-{odd}".replace("\x00", "").replace("/", "")),
    "panel.state_years": lambda odd: cm.panel.state_years(
        "cow", *((odd, odd) if isinstance(odd, int) else (2000, 1990))
    ),
}


@pytest.mark.parametrize("verb", VERBS)
@settings(max_examples=8)
@given(odd=ODD)
def test_a_verb_refuses_what_is_no_name_or_year(verb, odd):
    with pytest.raises(ComityError):
        VERBS[verb](odd)


def test_verbs_are_all_tried_or_hold_functions_that_are():
    tried = {name.partition(".")[0] for name in VERBS}
    assert set(cm.NAMES) - tried == {"judge", "models", "world"}
    assert all(inspect.ismodule(getattr(cm, name)) for name in ("judge", "models", "world"))
