"""Tests on data: right on made-up figures, and able to come out otherwise on perturbed ones."""

import os
from importlib import resources

import numpy as np
import pandas as pd
import pytest

from comity.claims import check, evidence, forms, observe, placebo, yearly
from comity.claims.dossier import library_names, load
from comity.claims.verdict import decide
from comity.core.errors import BadInput
from comity.world.snapshot import table

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def rng():
    return np.random.default_rng(3)


def made(values, first=2000, name="x", unit="WORLD"):
    years = range(first, first + len(values))
    return pd.DataFrame(
        {"indicator": name, "unit": unit, "year": years, "value": values, "source": "s"}
    )


def test_change_of_a_step_and_its_share():
    figures = made([1.0] * 10 + [3.0] * 10)
    form = forms.ChangeForm(
        kind="change", indicator="x", unit="WORLD", before=[2000, 2009], after=[2010, 2019]
    )
    assert evidence.change(form, figures, rng()).draws == pytest.approx(2.0)
    share = form.model_copy(update={"relative": True})
    assert evidence.change(share, figures, rng()).draws == pytest.approx(2.0)


def test_slope_of_a_line_with_noise_is_covered():
    noise = rng().normal(0, 1, 40)
    figures = made(0.3 * np.arange(40) + noise)
    form = forms.SlopeForm(kind="slope", indicator="x", unit="WORLD", years=[2000, 2039])
    draws = evidence.slope(form, figures, rng()).draws
    low, high = np.quantile(draws, [0.01, 0.99])
    assert low < 3.0 < high and high - low < 1.5


def test_share_has_the_jeffreys_mean():
    rows = pd.DataFrame({"outcome": ["a"] * 3 + ["b"] * 7, "date": "2020"})
    form = forms.ShareForm(kind="share", table="acts", success={"outcome": ["a"]}, against=0.0)
    assert evidence.share(form, rows, rng(), "acts").draws.mean() == pytest.approx(
        3.5 / 11, abs=0.01
    )


def test_rate_counts_years_not_rows():
    rows = pd.DataFrame({"kind": "t", "states": "USA", "date": ["2020-01"] * 2 + ["2025-03"] * 6})
    form = forms.RateForm(
        kind="rate", where={"kind": ["t"]}, before=[2020, 2023], after=[2024, 2025]
    )
    found = evidence.rate(form, rows, rng())
    assert found.draws.mean() == pytest.approx(6.5 / 2 - 2.5 / 4, abs=0.05)


@pytest.mark.parametrize(
    ("indicator", "span", "words"),
    [("conflcts", [2000, 2010], "conflicts"), ("conflicts", [2030, 2040], "2019")],
)
def test_a_series_that_is_not_there_is_refused_with_what_is(indicator, span, words):
    with pytest.raises(BadInput, match=words):
        yearly.series(table("indicators"), indicator, "WORLD", span)


DATA = [
    (dossier, claim)
    for name in library_names()
    for dossier in (load(name),)
    for claim in dossier.claims
    if claim.route == "data"
]


def perturbed(test):
    """Tables on which a test speaks the other way, each a function from name to rows."""
    if isinstance(test, forms.ShareForm):
        rows = observe.rows(test.table)
        for column in test.success:
            # Nobody, then everybody: one of the two differs from what is.
            for word in ("none", next(iter(test.success[column]))):
                yield lambda name, turned={column: word}: rows.assign(**turned)
    elif isinstance(test, forms.RateForm):
        rows = table("events")
        years = rows["date"].astype(str).str[:4].astype(int)
        yield lambda name: rows.assign(date=(test.before[0] + test.after[1] - years).astype(str))
    else:
        rows = table("indicators")
        named = getattr(test, "indicators", None) or [f"{test.indicator}("]
        base = {one.split("(")[0] for one in named}
        base |= {yearly.MADE[one][0] for one in base if one in yearly.MADE}
        mine = rows["indicator"].isin(base)
        yield lambda name: rows.assign(value=np.where(mine, -rows["value"], rows["value"]))
        yield lambda name: rows.assign(value=np.where(mine, 0.0, rows["value"]))
        # The unit alone moves, a lot, either way: its peers stay.
        own = getattr(test, "unit", "")
        unit = mine & rows["unit"].isin([own, own[:3]])
        late = rows["year"] >= getattr(test, "after", [3000])[0]
        for step in (1e3, -1e3):
            yield lambda name, step=step: rows.assign(value=rows["value"] + step * (unit & late))


def settled(test, monkeypatch, dossier, claim):
    """Verdicts on perturbed tables."""
    words = set()
    for rows in perturbed(test):
        monkeypatch.setattr(observe, "table", rows)
        monkeypatch.setattr(observe, "rows", rows)
        try:
            words.add(check._checked(dossier, claim, {}, 1).word)
        except (BadInput, ValueError):
            # Figures without variation or rows leave nothing to decide.
            words.add("none")
    return words


@pytest.mark.parametrize(("dossier", "claim"), DATA, ids=lambda x: getattr(x, "id", ""))
def test_no_verdict_holds_whatever_the_data_say(dossier, claim, monkeypatch):
    if claim.grade == "D":
        pytest.skip("grade D decides nothing whatever the data say")
    before = check._checked(dossier, claim, {}, 1).word
    if isinstance(claim.test, forms.EstimateForm):
        rows = observe.estimates()
        words = set()
        for value in (-10.0, 10.0):
            turned = rows.assign(value=value, placebo=np.nan)
            monkeypatch.setattr(observe, "estimates", lambda turned=turned: turned)
            words.add(check._checked(dossier, claim, {}, 1).word)
    elif isinstance(claim.test, forms.BasketForm):
        words = {basket_word(dossier, claim, sure, monkeypatch) for sure in (1e9, -1e9)}
    else:
        words = settled(claim.test, monkeypatch, dossier, claim)
    assert words - {before}, "the verdict does not depend on the data"


def basket_word(dossier, claim, sure, monkeypatch):
    """Verdict where every sign finds the same large figure."""
    sign = {id(one.test): 1.0 if one.direction == "more" else -1.0 for one in claim.test.signs}

    def found(test, rng):
        return evidence.Finding(np.full(100, sure * sign[id(test)]), 1, ("s",), "2020", {"en": ""})

    monkeypatch.setattr(observe, "_finding", found)
    return check._checked(dossier, claim, {}, 1).word


def pairs(values):
    """Positions of states over 2000-2019: (states) by (early, late)."""
    rows = []
    for state, (early, late) in values.items():
        for year in range(2000, 2020):
            value = early if year < 2010 else late
            rows.append(("unga.position", state, year, value, "s"))
    return pd.DataFrame(rows, columns=["indicator", "unit", "year", "value", "source"])


def moved(unit, before, after):
    return forms.ChangeForm(
        kind="change", indicator="unga.distance", unit=unit, before=before, after=after
    )


def test_a_pair_that_moves_as_all_pairs_do_moves_by_nothing():
    # Thirty states come together; two of them by as much as everybody.
    states = {f"A{k:02d}": (float(k), 0.5 * k) for k in range(30)}
    form = moved("A03-A05", [2000, 2009], [2010, 2019])
    found = evidence.change(form, pairs(states), rng())
    assert found.own == pytest.approx(-1.0)
    draws, told = found.against(-1.0)
    assert decide(draws, 0.1).word != "supported" and "percentile" in told["en"]
    # The same two alone: the excess is all of it.
    alone = {state: (early, early) for state, (early, _) in states.items()}
    alone |= {"A03": (3.0, 3.5), "A05": (5.0, 4.5)}
    found = evidence.change(form, pairs(alone), rng())
    draws, _ = found.against(-1.0)
    assert np.median(draws) == pytest.approx(1.0)
    assert decide(draws, 0.1).word == "supported"


def test_percentile_is_of_others_in_the_direction_of_the_claim():
    one = placebo.Placebo("pairs", np.arange(100.0))
    assert one.percentile(79.5, 1.0) == 80 and one.percentile(79.5, -1.0) == 20


def test_spans_over_a_break_are_refused_with_the_year():
    form = moved("PRK-RUS", [2009, 2018], [2019, 2024])
    with pytest.raises(BadInput, match="breaks in 2015"):
        evidence.change(form, table("indicators"), rng())


def test_no_test_that_ships_spans_a_break_and_changes_of_pairs_have_all_pairs_beside_them():
    rows = table("indicators")
    for _, claim in DATA:
        signs = claim.test.signs if isinstance(claim.test, forms.BasketForm) else []
        for test in (claim.test, *(one.test for one in signs)):
            if isinstance(test, forms.ChangeForm) and "-" in test.unit:
                found = placebo.deciding(placebo.of(test, rows))
                assert found is not None and found.kind == "pairs", claim.id


def test_together_against_shifted_years():
    events = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    rows = pd.concat([made(events, name="a"), made(events, name="b")])
    form = forms.TogetherForm(
        kind="together", indicators=["a(WORLD)", "b(WORLD)"], years=[2000, 2011]
    )
    draws = evidence.together(form, rows).draws
    # Three in common; each of the 9 pairs of events coincides in one of 12 shifts.
    assert len(draws) == 11 and draws.mean() == pytest.approx(3 - 6 / 11)


def test_an_estimate_that_its_lead_says_too_is_nothing():
    row = {"value": 0.5, "se": 0.1, "count": 9, "until": 2020, "sources": "s"}
    form = forms.EstimateForm(kind="estimate", name="x")
    lead = {"placebo_kind": "lead", "placebo_se": 0.0}
    for placebo_value, left in ((0.6, 0.0), (0.2, 0.3), (-0.2, 0.5)):
        found = evidence.estimate(form, row | lead | {"placebo": placebo_value})
        assert found.draws.mean() == pytest.approx(left, abs=1e-9)


def test_a_floor_cannot_contradict_and_a_ceiling_cannot_support():
    for draws in (np.full(50, 2.0), np.full(50, -2.0), np.zeros(50)):
        floor, ceiling = (decide(draws, 1.0, bound=one).word for one in ("floor", "ceiling"))
        assert (floor == "supported") is bool(draws[0] > 1)
        assert (ceiling == "contradicted") is bool(draws[0] < -1)
        assert {floor, ceiling} <= {"supported", "contradicted", "undetermined"}


def test_signs_that_are_sure_both_ways_are_mixed():
    dossier, claim = next((d, c) for d, c in DATA if c.id == "C0016")
    assert check._checked(dossier, claim, {}, 1).word == "mixed"


def test_known_figures_of_the_critical_reading():
    rows = table("indicators")
    form = moved("PRK-RUS", [2015, 2018], [2019, 2024])
    found = evidence.change(form, rows, rng())
    assert found.own == pytest.approx(-0.40, abs=0.01)
    ratio = yearly.whole(rows, "stock.ratio", "TWN-CHN")
    assert np.exp(ratio[2024]) == pytest.approx(0.064, abs=0.005)
    troops = yearly.whole(rows, "us_troops", "KOR")
    assert troops[2023] == pytest.approx(24_160, abs=10) and troops[2024] == pytest.approx(
        23_110, abs=5
    )
    values = observe.estimates()["value"].to_dict()
    assert values["small_on_universal"] == pytest.approx(0.085, abs=0.001)
    assert values["challenges_on_major_pact"] == pytest.approx(-0.147, abs=0.002)
    assert values["aid_on_votes.JPN"] == pytest.approx(-0.005, abs=0.011)


@needs_data
@pytest.mark.slow
def test_estimates_are_made_anew_to_the_last_digit():
    from comity.claims.estimated import text
    from comity.evidence.estimates.claim_effects import every

    kept = resources.files("comity.claims").joinpath("estimates.csv").read_text(encoding="utf-8")
    assert text(every()) == kept


def test_a_finding_depends_on_the_claim_and_seed_alone():
    dossier, claim = DATA[0]
    one, two = (check._checked(dossier, claim, {}, 1) for _ in range(2))
    np.testing.assert_array_equal(one.draws, two.draws)
    other = check._checked(dossier, claim, {}, 2)
    assert not np.array_equal(one.draws, other.draws)
    assert one.verdict is not None
    effect = decide(other.draws, claim.smallest).effect
    assert effect == pytest.approx(one.verdict.effect, rel=0.05)
