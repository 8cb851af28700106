"""What dated data say of a claim: its finding, in the direction of the claim, with its placebo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.claims import evidence, forms
from comity.claims.verdict import Bound, Verdict, decide
from comity.core.errors import BadInput
from comity.core.words import both, same, words
from comity.data.build.table import handmade
from comity.files.documents import nearest
from comity.world.snapshot import table


@dataclass(frozen=True)
class Observed:
    """Draws in the direction of the claim, what was found, and what the same of others gives."""

    draws: Float[np.ndarray, " draws"]
    said: Mapping[str, str]
    placebo: Mapping[str, str]
    count: int
    sources: tuple[str, ...]
    until: str
    verdict: Verdict


def observe(
    test: forms.TestForm, key: str, direction: str, smallest: float, grade: str, seed: int
) -> Observed:
    """Carry out a test on data; its random numbers hang on the claim's id and the seed alone.

    Parameters
    ----------
    test
        Any test of the data route.
    key
        Id of the claim.
    direction
        ``more`` or ``less``.
    smallest
        Smallest effect of interest.
    grade
        Of the evidence; D decides nothing.
    seed
        Of all random numbers.

    Raises
    ------
    BadInput
        A series, table, column or estimate that does not exist, or a span over a break.
    """
    if isinstance(test, forms.BasketForm):
        return _basket(test, key, direction, smallest, grade, seed)
    sign = 1.0 if direction == "more" else -1.0
    finding = _finding(test, np.random.default_rng([seed, *key.encode()]))
    draws, placebo = finding.against(sign)
    verdict = decide(draws, smallest, identified=grade != "D", bound=_bound(test, sign))
    return Observed(
        draws, finding.said, placebo, finding.count, finding.sources, finding.until, verdict
    )


def _bound(test: forms.TestForm, sign: float) -> Bound:
    """What the figures are in the direction of the claim."""
    if not isinstance(test, forms.ShareForm) or test.bound is None:
        return ""
    turned: dict[str, Bound] = {"floor": "ceiling", "ceiling": "floor"}
    return test.bound if sign > 0 else turned[test.bound]


def _basket(
    test: forms.BasketForm, key: str, direction: str, smallest: float, grade: str, seed: int
) -> Observed:
    """Signs one by one, then the share that speaks for the claim less the share against.

    Where signs that are sure point both ways, little on balance is not nothing: it is mixed.
    """
    found = [
        observe(one.test, f"{key}/{place}", one.direction, one.smallest, grade, seed)
        for place, one in enumerate(test.signs)
    ]
    rng = np.random.default_rng([seed, *key.encode()])
    votes = np.zeros(evidence.DRAWS)
    for one, form in zip(found, test.signs, strict=True):
        known = one.draws[np.isfinite(one.draws)]
        drawn = rng.choice(known, evidence.DRAWS)
        votes += (drawn > form.smallest).astype(float) - (drawn < -form.smallest)
    draws = (1.0 if direction == "more" else -1.0) * votes / len(found)
    verdict = decide(draws, smallest, identified=grade != "D")
    alone = {one.verdict.word for one in found}
    if verdict.word == "negligible" and alone != {"negligible"}:
        verdict = replace(verdict, word="mixed")
    return Observed(
        draws,
        _listed(test, [one.verdict.word for one in found]),
        _joined(test, [one.placebo for one in found]),
        sum(one.count for one in found),
        tuple(sorted({name for one in found for name in one.sources})),
        max(one.until for one in found),
        verdict,
    )


def _listed(test: forms.BasketForm, verdicts: list[str]) -> Mapping[str, str]:
    """What each sign says, in one line."""
    texts = words("comity.claims")
    parts = [
        both(texts["found.sign"], sign=one.sign.both(), word=texts[f"word.{word}"])
        for one, word in zip(test.signs, verdicts, strict=True)
    ]
    return {lang: "; ".join(part[lang] for part in parts) for lang in same("")}


def _joined(test: forms.BasketForm, placebos: list[Mapping[str, str]]) -> Mapping[str, str]:
    """The placebo of each sign, named."""
    texts = words("comity.claims")
    parts = [
        both(texts["found.sign"], sign=one.sign.both(), word=placebo)
        for one, placebo in zip(test.signs, placebos, strict=True)
    ]
    return {lang: "; ".join(part[lang] for part in parts) for lang in same("")}


def _finding(test: forms.TestForm, rng: np.random.Generator) -> evidence.Finding:
    """The finding of one test."""
    if isinstance(test, forms.ShareForm):
        return evidence.share(test, rows(test.table), rng, test.table)
    if isinstance(test, forms.RateForm):
        return evidence.rate(test, rows("events"), rng)
    if isinstance(test, forms.EstimateForm):
        return evidence.estimate(test, _estimate(test.name))
    indicators = table("indicators")
    if isinstance(test, forms.ChangeForm):
        return evidence.change(test, indicators, rng)
    if isinstance(test, forms.SlopeForm):
        return evidence.slope(test, indicators, rng)
    if isinstance(test, forms.LevelForm):
        return evidence.level(test, indicators, rng)
    if isinstance(test, forms.GapForm):
        return evidence.gap(test, indicators, rng)
    if isinstance(test, forms.TogetherForm):
        return evidence.together(test, indicators)
    if isinstance(test, forms.AlongForm):
        return evidence.along(test, indicators)
    raise BadInput(f"the test {type(test).__name__} is not one of data")


def rows(name: str) -> pd.DataFrame:
    """A table with text dates, or the list of what the United States was a member of."""
    if name == "us_commitments":
        return handmade("us_commitments.csv").query("status != 'excluded'")
    return table(name).astype({"date": str})


def estimates() -> pd.DataFrame:
    """Estimates that ``python -m comity.claims.estimated`` made from raw data, by name."""
    with resources.files("comity.claims").joinpath("estimates.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file).set_index("name")


def _estimate(name: str) -> Mapping[str, object]:
    known = estimates()
    if name not in known.index:
        raise BadInput(f"there is no estimate {name!r}", fix=nearest(name, list(known.index)))
    return {str(column): value for column, value in known.loc[name].items()}
