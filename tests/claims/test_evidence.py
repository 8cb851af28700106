"""Tests on data: right on made-up figures, and able to come out otherwise on perturbed ones."""

import numpy as np
import pandas as pd
import pytest

from comity.claims import check, evidence, forms
from comity.claims.dossier import library_names, load
from comity.claims.verdict import decide
from comity.core.errors import BadInput
from comity.world.snapshot import table


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
        evidence.series(table("indicators"), indicator, "WORLD", span)


DATA = [
    (dossier, claim)
    for name in library_names()
    for dossier in (load(name),)
    for claim in dossier.claims
    if claim.route == "data"
]


def perturbed(claim):
    """Draws of the claim's test on figures that speak the other way."""
    test = claim.test
    if isinstance(test, forms.ShareForm):
        rows = check._rows(test.table)
        for column in test.success:
            # Nobody, then everybody: one of the two differs from what is.
            yield rows.assign(**{column: "none"})
            yield rows.assign(**{column: next(iter(test.success[column]))})
    elif isinstance(test, forms.RateForm):
        rows = table("events")
        years = rows["date"].astype(str).str[:4].astype(int)
        yield rows.assign(date=(test.before[0] + test.after[1] - years).astype(str))
    else:
        rows = table("indicators")
        mine = rows["indicator"] == test.indicator
        yield rows.assign(value=np.where(mine, -rows["value"], rows["value"]))
        yield rows.assign(value=np.where(mine, 0.0, rows["value"]))


@pytest.mark.parametrize(("dossier", "claim"), DATA, ids=lambda x: getattr(x, "id", ""))
def test_no_verdict_holds_whatever_the_data_say(dossier, claim, monkeypatch):
    before = check._checked(dossier, claim, {}, 1).word
    words = set()
    for rows in perturbed(claim):
        monkeypatch.setattr(check, "table", lambda name, rows=rows: rows)
        monkeypatch.setattr(check, "_rows", lambda name, rows=rows: rows)
        try:
            words.add(check._checked(dossier, claim, {}, 1).word)
        except (BadInput, ValueError):
            # Figures without variation or rows leave nothing to decide.
            words.add("none")
    assert words - {before}, "the verdict does not depend on the data"


def test_a_finding_depends_on_the_claim_and_seed_alone():
    dossier, claim = DATA[0]
    one, two = (check._checked(dossier, claim, {}, 1) for _ in range(2))
    np.testing.assert_array_equal(one.draws, two.draws)
    other = check._checked(dossier, claim, {}, 2)
    assert not np.array_equal(one.draws, other.draws)
    assert decide(other.draws, claim.smallest).effect == pytest.approx(one.verdict.effect, rel=0.05)
