"""Numbers of the user's own: read or refused, checked like those of a book, put in place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.core.own_numbers import Own, fixed, middle, own_numbers, read_own, replaced, support
from comity.core.parameters import draw
from comity.mechanisms.catalogue import all_parameters, parameters

EVERY = all_parameters()
DRAWN = parameters()


@pytest.mark.parametrize(
    ("text", "kind", "figures", "middle_"),
    [
        ("trade.elasticity=4", "fixed", {"mean": 4.0}, 4.0),
        (
            "trade.elasticity=lognormal(5, 0.2, 1.5, 9)",
            "lognormal",
            {"median": 5.0, "sd": 0.2, "low": 1.5, "high": 9.0},
            5.0,
        ),
        (
            " trade.elasticity = triangular(low=1, high = 3, mode=2.5) ",
            "triangular",
            {"low": 1.0, "mode": 2.5, "high": 3.0},
            2.5,
        ),
        ("war.output=uniform(0.1, 0.3)", "uniform", {"low": 0.1, "high": 0.3}, 0.2),
        (
            "crises.balance=normal(-0.1, 0.05, -0.3, 0.1)",
            "normal",
            {"mean": -0.1, "sd": 0.05},
            -0.1,
        ),
    ],
)
def test_a_number_is_read(text, kind, figures, middle_):
    own = read_own(text)
    assert own.key == text.split("=")[0].strip() and own.prior.kind == kind
    assert {name: getattr(own.prior, name) for name in figures} == figures
    assert middle(own.prior) == pytest.approx(middle_)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("trade.elasticity", "sets no number"),
        ("elasticity=4", "by book and name"),
        ("trade.elasticity=four", "'four' is no number"),
        ("trade.elasticity=lognormal(5, 0.2, 1.5)", "lacks high"),
        ("trade.elasticity=lognormal(5, 0.2, 1.5, 9, 1)", "one number too many"),
        ("trade.elasticity=lognormal(5, 0.2, 1.5, 9, sd=3)", "one number too many"),
        ("trade.elasticity=lognorm(5, 0.2, 1.5, 9)", "no distribution 'lognorm'"),
        ("trade.elasticity=lognormal(5, 0.2, 9, 1.5)", "low must lie below high"),
        ("trade.elasticity=lognormal(5, -0.2, 1.5, 9)", "is no spread"),
        ("trade.elasticity=uniform(1, nan)", "high is nan"),
        ("trade.elasticity=inf", "inf"),
        ("trade.elasticity=nan", "trade.elasticity: mean is nan"),
    ],
)
def test_anything_else_is_refused(text, said):
    with pytest.raises(BadInput) as found:
        read_own(text)
    assert said in str(found.value)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        assert read_own("trade.elasticity=" + text).key == "trade.elasticity"
    except BadInput as error:
        assert error.what


def test_only_what_is_named_moves_and_its_luck_stays():
    mine = replaced(DRAWN, [read_own("trade.elasticity=uniform(2, 3)")], EVERY)
    before, after = draw(DRAWN, 1, 50), draw(mine, 1, 50)
    assert [p.key for p in mine] == [p.key for p in DRAWN]
    for key, values in before.items():
        assert (after[key] == values).all() == (key != "trade.elasticity"), key
    assert ((after["trade.elasticity"] > 2) & (after["trade.elasticity"] < 3)).all()
    # A future of a high elasticity in the book has a high one here.
    assert (after["trade.elasticity"].argsort() == before["trade.elasticity"].argsort()).all()
    (one,) = [p for p in mine if p.key == "trade.elasticity"]
    assert (one.status, one.grade, one.source, one.value) == ("user", "D", "--set", 2.5)


def test_one_number_is_set_once():
    assert [one.key for one in own_numbers(["war.ends=0.5", "war.output=0.2"])] == [
        "war.ends",
        "war.output",
    ]
    with pytest.raises(BadInput, match="set twice"):
        own_numbers(["war.ends=0.5", "war.ends=0.6"])


def test_the_later_of_two_counts():
    own = [read_own("trade.elasticity=3"), read_own("trade.elasticity=5")]
    assert {p.key: p.value for p in replaced(DRAWN, own, EVERY)}["trade.elasticity"] == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("trade.elastisity=4", "trade.elasticity"),
        ("crises.resists=0.5", "not drawn in this run"),
        ("trade.elasticity=0", "reaches where it cannot be"),
        ("trade.elasticity=normal(4, 1, -1, 9)", "reaches where it cannot be"),
        ("trade.first_year=1.5", "keep to 0 to 1"),
        ("trade.share_at_once=-0.1", "keep to 0 to 1"),
        ("trade.elasticity=1e9", "keep to 0.12 to 90"),
        ("trade.agreement_effect=-40", "keep to -9.5 to 9.5"),
    ],
)
def test_a_number_that_cannot_be_is_refused(text, said):
    with pytest.raises(BadInput) as found:
        replaced(DRAWN, [read_own(text)], EVERY)
    assert said in str(found.value)


def test_every_book_lies_within_its_own_support():
    for one in EVERY:
        low, high = support(one)
        assert low <= one.prior.low <= one.prior.high <= high, one.key
        # What the book holds can be set again.
        again = replaced([one], [Own(one.key, one.prior, "x")], EVERY)[0]
        assert again.prior == one.prior
        set_ = replaced([one], [Own(one.key, fixed(one.value, "x"), "x")], EVERY)[0]
        assert set_.value == one.value
