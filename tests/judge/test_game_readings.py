"""Matrices of strategies read as games: textbook payoffs with noise, links, weights, words."""

import json
from itertools import product

import numpy as np
import pytest
from rich.console import Console

from comity.core.errors import BadInput
from comity.core.words import LANGS
from comity.judge.game_matrix import matrix
from comity.judge.game_readings import Answers
from comity.judge.game_said import show
from comity.judge.stakes import Stake, stakes

FUTURES = 40


def aim(name, direction="higher", smallest=0.1, group="economy", ranked=True):
    return {
        "name": name,
        "kind": name.partition(".")[0],
        "group": group,
        "label": {lang: name for lang in LANGS},
        "direction": direction,
        "smallest": smallest,
        "grade": "C",
        "ranked": ranked,
        "status": "measured",
    }


def made(payoffs, noise=0.0, linked=None, unit=0.1, sides=("JPN", "CHN", "KOR")):
    """A matrix whose mean gains are these payoffs, in smallest effects; noise is common luck."""
    payoffs = np.asarray(payoffs, float)
    many, shape = len(payoffs), payoffs.shape[1:]
    rng = np.random.default_rng(0)
    luck = rng.normal(size=(FUTURES, many, *shape)) * noise
    luck -= luck.mean(axis=0)
    names = [tuple("abc"[:n]) for n in shape]
    cells = [{"consumption": unit * (payoffs[k] + luck[:, k] + 5.0)} for k in range(many)]
    alone = [{"consumption": np.full(FUTURES, 5.0 * unit)} for _ in range(many)]
    reached = [{"consumption": np.ones(shape, bool) if linked is None else linked}] * many
    aims = [(aim("consumption", smallest=unit),)] * many
    return matrix(sides[:many], names, aims, cells, alone, reached)


def answers(payoffs, **how):
    found = made(payoffs, **how)
    return Answers(found, (Stake({"consumption": 1.0}, True),) * len(found.sides), 1)


DILEMMA = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
PENNIES = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]


def test_the_dilemma_with_its_shares():
    record = answers(DILEMMA, noise=1.0).record()
    json.dumps(record, allow_nan=False)
    (one,) = record["equilibria"]
    assert one["strategies"] == {"JPN": [{"b": 1.0}], "CHN": [{"b": 1.0}]}
    assert one["kind"] == "pure" and 0.1 < one["of_draws"] < one["of_samples"] == 1.0
    assert {k: round(v, 6) for k, v in one["costs"].items()} == {"JPN": 1.0, "CHN": 1.0}
    assert {(d["side"], d["strategy"], d["strict"]) for d in record["dominated"]} == {
        ("JPN", "a", True),
        ("CHN", "a", True),
    }
    assert [s["strategy"] for s in record["survives"]] == ["b", "b"]
    assert {tuple(o["outcomes"][0].values()) for o in record["leaders"]} == {("b", "b")}
    assert record["levels"]["k"]["1"] == {"JPN": {"b": 1.0}, "CHN": {"b": 1.0}}


def test_cells_and_payoffs_are_those_put_in():
    record = answers(DILEMMA, noise=1.0).record()
    cells = {(c["side"], c["own"], *c["others"].values()): c for c in record["cells"]}
    assert len(cells) == 8
    for j, c in product(range(2), repeat=2):
        one = cells["JPN", "ab"[j], "ab"[c]]
        assert one["mean"] == pytest.approx(0.1 * DILEMMA[0][j][c])
        assert one["low"] < one["mean"] < one["high"] and one["linked"]
        assert cells["CHN", "ab"[c], "ab"[j]]["mean"] == pytest.approx(0.1 * DILEMMA[1][j][c])
    payoff = next(p for p in record["payoffs"] if (p["side"], p["own"]) == ("JPN", "a"))
    assert payoff["mean"] == pytest.approx(3.0) and payoff["short"] == pytest.approx(2.0)


def test_bootstrap_intervals_have_the_width_of_the_standard_error():
    record = answers(DILEMMA, noise=1.0).record()
    for one in record["payoffs"]:
        assert (one["high"] - one["low"]) / 3.92 == pytest.approx(1 / FUTURES**0.5, rel=0.4)


def test_a_mixed_equilibrium_and_a_cycle():
    record = answers(PENNIES).record()
    (one,) = record["equilibria"]
    assert one["kind"] == "mixed" and record["looked_for"] == "all"
    assert one["strategies"]["JPN"][0] == pytest.approx({"a": 0.5, "b": 0.5})
    (cycle,) = record["cycles"]
    assert cycle["closed"] and len(cycle["loop"]) == 4


def test_a_continuum_names_its_corners_and_the_pure_equilibria_in_it():
    record = answers([[[1, 1], [1, 0]], [[1, 0], [1, 1]]]).record()
    kinds = [one["kind"] for one in record["equilibria"]]
    assert kinds == ["pure", "pure", "continuum"] and record["degenerate"]
    assert record["equilibria"][2]["strategies"] == {
        "JPN": [{"a": 1.0}, {"b": 1.0}],
        "CHN": [{"a": 1.0}],
    }


@pytest.mark.parametrize("unit", [1e-10, 1e8])
def test_no_reading_hangs_on_the_unit_of_a_measure(unit):
    here, there = (answers(DILEMMA, noise=0.7, unit=u).record() for u in (0.1, unit))
    for key in ("levels", "leaders", "cycles", "degenerate"):
        assert here[key] == there[key]
    plays = [[one["strategies"] for one in record["equilibria"]] for record in (here, there)]
    assert plays[0] == plays[1]
    for one, other in zip(here["payoffs"], there["payoffs"], strict=True):
        assert one["mean"] == pytest.approx(other["mean"], rel=1e-6, abs=1e-9)
        assert (one["best_reply"], one["of_draws"]) == (other["best_reply"], other["of_draws"])


def test_sides_in_another_order_are_the_same_game():
    rng = np.random.default_rng(5)
    payoffs = rng.normal(size=(3, 2, 3, 2))
    here = answers(payoffs).record()
    order = (2, 0, 1)
    turned = np.transpose(payoffs, (0, 3, 1, 2))[list(order)]
    there = answers(turned, sides=("KOR", "JPN", "CHN")).record()

    def told(record):
        return {
            (p["side"], p["own"], *sorted(p["others"].items())): (
                round(p["mean"], 9),
                p["best_reply"],
                p["of_samples"],
            )
            for p in record["payoffs"]
        }

    assert told(here) == told(there)
    assert {str(sorted(e["strategies"].items())) for e in here["equilibria"] if "costs" in e} == {
        str(sorted(e["strategies"].items())) for e in there["equilibria"] if "costs" in e
    }


def test_a_cell_without_a_link_has_no_figure():
    linked = np.array([[False, True], [True, True]])
    payoffs = np.array(DILEMMA, float)
    payoffs[:, 0, 0] = 0.0
    record = answers(payoffs, noise=0.0, linked=linked).record()
    for one in (*record["cells"], *record["payoffs"]):
        empty = one["own"] == "a" and [*one["others"].values()] == ["a"]
        assert one["linked"] is not empty
        assert (one["mean"] is None) is empty and (one["low"] is None) is empty


def test_a_failed_cell_takes_its_future_out_and_is_never_nil():
    found = made(DILEMMA)
    levels = [{"consumption": x["consumption"].copy()} for x in found.gains]
    levels[1]["consumption"][3, 0, 1] = np.nan
    rest = [{"consumption": np.zeros(FUTURES)}] * 2
    short = matrix(found.sides, found.strategies, found.aims, levels, rest, found.linked)
    assert (short.failed, short.futures) == (1, FUTURES - 1)
    levels[0]["consumption"][:, 1, 1] = np.nan
    with pytest.raises(BadInput, match="no future could be solved in every cell"):
        matrix(found.sides, found.strategies, found.aims, levels, rest, found.linked)


def test_an_aim_that_less_of_is_better_and_weights():
    cells = {
        "consumption": np.tile(np.array([[0.0, 0.0], [0.2, 0.2]]), (FUTURES, 1, 1)),
        "harm.x": np.tile(np.array([[0.0, 0.0], [5.0, 5.0]]), (FUTURES, 1, 1)),
    }
    aims = (aim("consumption"), aim("harm.x", "lower", 5.0, "security"))
    alone = {name: np.zeros(FUTURES) for name in cells}
    links = {name: np.ones((2, 2), bool) for name in cells}
    found = matrix(
        ("JPN", "CHN"), (("a", "b"),) * 2, (aims,) * 2, (cells,) * 2, (alone,) * 2, (links,) * 2
    )
    weighed = Stake({"consumption": 1.0, "harm.x": 3.0}, True)
    got = Answers(found, (weighed, weighed), 1)
    np.testing.assert_allclose(got.mean[0], [[0, 0], [2.0 - 3.0] * 2])


SIDES = ("JPN", "CHN")
CARDS = (
    (aim("consumption"), aim("harm.taiwan", "lower", 5.0, "security"), aim("burden", "lower")),
    (aim("consumption"), aim("burden", "lower", group="burden")),
)
LINKS = tuple({a["name"]: np.full((2, 2), a["name"] != "burden") for a in card} for card in CARDS)


def played(*given, wanted="consumption.mean", links=LINKS):
    return stakes(SIDES, CARDS, links, given, wanted)


def test_what_sides_play_for():
    assert [one.weights for one in played()] == [{"consumption": 1.0}] * 2
    assert not played()[0].named
    one, other = played("economy=2,security=1")
    # A group's weight is shared; the burden that nothing reaches is said to be idle.
    assert one.weights == {"consumption": 1.0, "burden": 1.0, "harm.taiwan": 1.0}
    assert one.idle == ("burden",) and other.not_here == ("security",)
    mine, theirs = played("consumption", "CHN:consumption=3")
    assert (mine.weights, theirs.weights) == ({"consumption": 1.0}, {"consumption": 3.0})
    assert played(wanted="challenge.taiwan")[0].weights == {"harm.taiwan": 1.0}
    assert played(wanted="harm")[0].weights == {"harm.taiwan": 1.0}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["economi=1"], "did you mean 'economy'"),
        (["CHN:security=1"], "did you mean|there is no aim or group"),
        (["USA:economy=1"], "USA is no side here"),
        (["Atlantis:economy=1"], "Atlantis"),
        (["security=1"], "nothing of security can be weighed for CHN"),
        (["burden=1"], "no strategy here can reach burden of JPN"),
        (["economy=1", "economy=2"], "have weights twice"),
        (["economy=-1"], "write a number above 0"),
        (["economy=1,"], "is no weight"),
    ],
)
def test_what_cannot_be_played_for_is_refused(given, said):
    with pytest.raises(BadInput, match=said):
        played(*given)


def test_a_side_that_nothing_reaches_is_refused():
    still = (LINKS[0], {name: np.zeros((2, 2), bool) for name in LINKS[1]})
    with pytest.raises(BadInput, match="nothing that CHN wants can be reached"):
        played(links=still)


def said_of(record, lang, tmp_path):
    text = {code: "x" for code in LANGS}
    record |= {
        "scenario": {"name": "s", "title": text},
        "titles": {side: {name: text for name in "ab"} for side in SIDES},
    }
    for own in record["aims"].values():
        own |= {"labels": {"consumption": text}, "own_link": True}
        own["smallest"] = {"consumption": {"value": 0.1, "unit": {"en": "% of it", "ja": "%"}}}
    with (tmp_path / "said.txt").open("w", encoding="utf-8") as file:
        show(record, lang, Console(file=file, width=100))
    return (tmp_path / "said.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("payoffs", [DILEMMA, PENNIES, [[[1, 1], [1, 0]], [[1, 0], [1, 1]]]])
def test_everything_is_said_in_both_languages(payoffs, lang, tmp_path):
    said = said_of(answers(payoffs, noise=0.3).record(), lang, tmp_path)
    assert "{" not in said and len(said.splitlines()) > 20


def test_a_side_with_next_to_nothing_at_stake_is_said_to_be_indifferent(tmp_path):
    """A prisoner's dilemma in hundredths of a word, and one in tenths: no finding, but no tie."""
    small, tenths, large = (
        " ".join(said_of(answers(np.multiply(DILEMMA, by)).record(), "en", tmp_path).split())
        for by in (0.01, 0.1, 2.0)
    )
    assert "all its replies are alike" in small and "has next to nothing at stake" in small
    assert "all alike" in small and " of 2" not in small
    assert "which reply is best is no finding" in tenths and "2 of 2" in tenths
    assert "no finding." in tenths and "next to nothing" not in tenths
    assert "no finding" not in large and "1 is, in own units: x 0.1 (% of it)" in large


def test_few_futures_are_said_to_be_few(tmp_path):
    record = answers(DILEMMA, noise=0.3).record()
    assert "Only 29 futures" in said_of(record | {"futures": 29}, "en", tmp_path)
    assert "Only" not in said_of(record | {"futures": 30}, "en", tmp_path)
