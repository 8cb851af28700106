"""Check the claims of dossiers: each by its route, all experiments in as few runs as can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.claims import evidence, forms
from comity.claims.dossier import Claim, Dossier
from comity.claims.experiment import (
    FUTURES_A_DRAW,
    Effect,
    Pool,
    arms_of,
    effect,
    options_of,
    pools,
)
from comity.claims.verdict import JUDGED, Verdict, decide
from comity.core.errors import BadInput
from comity.data.build.table import handmade
from comity.study.plan import MOST_SEED
from comity.world.snapshot import table

FUTURES = 400
SEED = 1
LIKELY_DRIVERS = 3
# Smaller shares of the variance are within what chance gives with these many draws.
NOTABLE = 0.05
GRADES = "ABCD"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Checked:
    """A claim with what its test said.

    ``draws`` are those of the effect in the direction of the claim; ``drivers`` the numbers that
    decide it, with their share of the variance and status; ``alternative`` the verdict on the
    claim's way against the alternative's, for recommendations.
    """

    dossier: Dossier
    claim: Claim
    word: str
    grade: str
    verdict: Verdict | None = None
    draws: Float[np.ndarray, " draws"] = field(default_factory=lambda: np.zeros(0))
    found: dict[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    until: str = ""
    count: int = 0
    drivers: tuple[tuple[str, float, str], ...] = ()
    alternative: Verdict | None = None
    failed: float = 0.0
    mechanisms: tuple[tuple[str, str], ...] = ()

    def record(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        verdict = self.verdict
        return {
            "id": self.claim.id,
            "kind": self.claim.kind,
            "route": self.claim.route,
            "verdict": self.word,
            "grade": self.grade or None,
            "effect": None if verdict is None else round(verdict.effect, 6),
            "low": None if verdict is None else round(verdict.low, 6),
            "high": None if verdict is None else round(verdict.high, 6),
        }


def check(
    dossiers: Sequence[Dossier],
    futures: int = FUTURES,
    seed: int = SEED,
    progress: Progress = lambda finished, all_: None,
) -> list[Checked]:
    """Check every claim of the dossiers.

    Parameters
    ----------
    dossiers
        Read dossiers.
    futures
        Futures of each arm of an experiment; two share a parameter draw.
    seed
        Of all random numbers.
    progress
        Called with finished and all steps.

    Raises
    ------
    BadInput
        A test that names a series, table, outcome, scenario or state that does not exist.
    """
    if not 2 * FUTURES_A_DRAW <= futures <= 100_000:
        raise BadInput(f"--futures {futures} is out of range", fix="use 4 to 100,000")
    if not 0 <= seed <= MOST_SEED:
        raise BadInput(f"--seed {seed} is out of range", fix=f"use 0 to {MOST_SEED}")
    claims = [(d, c) for d in dossiers for c in d.claims]
    tests = [c.test for _, c in claims if isinstance(c.test, forms.PairedForm)]
    made = pools(tests, futures // FUTURES_A_DRAW, seed) if tests else {}
    found = []
    for place, (dossier, claim) in enumerate(claims):
        progress(place, len(claims))
        try:
            found.append(_checked(dossier, claim, made, seed))
        except BadInput as error:
            raise BadInput(
                f"{claim.id}: {error.what}", error.why, error.fix, error.where or claim.where
            ) from None
    progress(len(claims), len(claims))
    return found


def _checked(
    dossier: Dossier, claim: Claim, made: dict[tuple[str, ...], Pool], seed: int
) -> Checked:
    if claim.test is None:
        return Checked(dossier, claim, claim.route, "")
    if isinstance(claim.test, forms.PairedForm):
        return _experiment(dossier, claim, claim.test, made, seed)
    if isinstance(claim.test, forms.OrderForm):
        from comity.claims.order import gains

        finding = gains(claim.test, seed)
    else:
        finding = _observe(claim, seed)
    sign = 1.0 if claim.direction == "more" else -1.0
    draws = sign * finding.draws
    verdict = decide(draws, claim.smallest)
    return Checked(
        dossier,
        claim,
        verdict.word,
        claim.grade or "C",
        verdict,
        draws,
        dict(finding.said),
        finding.sources,
        finding.until,
        finding.count,
    )


def _observe(claim: Claim, seed: int) -> evidence.Finding:
    """The finding of a test on data; its random numbers hang on the claim alone."""
    test = claim.test
    rng = np.random.default_rng([seed, *claim.id.encode()])
    if isinstance(test, forms.ShareForm):
        return evidence.share(test, _rows(test.table), rng, test.table)
    if isinstance(test, forms.RateForm):
        return evidence.rate(test, _rows("events"), rng)
    indicators = table("indicators")
    if isinstance(test, forms.ChangeForm):
        return evidence.change(test, indicators, rng)
    if isinstance(test, forms.SlopeForm):
        return evidence.slope(test, indicators, rng)
    if isinstance(test, forms.LevelForm):
        return evidence.level(test, indicators, rng)
    if isinstance(test, forms.GapForm):
        return evidence.gap(test, indicators, rng)
    raise BadInput(f"the test {type(test).__name__} is not one of data")


def _rows(name: str) -> pd.DataFrame:
    """A table with text dates, or the list of what the United States was a member of."""
    if name == "us_commitments":
        return handmade("us_commitments.csv").query("status != 'excluded'")
    return table(name).astype({"date": str})


def _experiment(
    dossier: Dossier,
    claim: Claim,
    test: forms.PairedForm,
    made: dict[tuple[str, ...], Pool],
    seed: int,
) -> Checked:
    arms = arms_of(test)
    pool = made[options_of(test)]
    sign = 1.0 if claim.direction == "more" else -1.0
    quiet: Progress = lambda finished, all_: None  # noqa: E731
    main = effect(pool, test, arms[0], arms[1], quiet)
    drivers = main.drivers(seed)
    # Grade D: neither out-of-sample skill nor an effect identified or estimated anywhere.
    identified = main.outcome.grade != "D"
    verdict = decide(sign * main.draws, claim.smallest, main.judged_share(seed), identified)
    against = None
    if len(arms) > 2:
        other = effect(pool, test, arms[0], arms[2], quiet)
        against = decide(sign * other.draws, claim.smallest, other.judged_share(seed), identified)
    return Checked(
        dossier,
        claim,
        verdict.word,
        _grade(claim, main, verdict),
        verdict,
        sign * main.draws,
        {},
        (),
        "",
        pool.draws,
        _decisive(drivers),
        against,
        main.failed,
        tuple((m.name, m.reference) for m in pool.ensemble.shared.mechanisms),
    )


def _decisive(drivers: pd.DataFrame) -> tuple[tuple[str, float, str], ...]:
    """The few numbers that carry most of the variance, with their status."""
    top = drivers[drivers["share"] > NOTABLE].head(LIKELY_DRIVERS)
    return tuple(
        (str(key), float(share), str(status))
        for key, share, status in zip(top["parameter"], top["share"], top["status"], strict=True)
    )


def _grade(claim: Claim, main: Effect, verdict: Verdict) -> str:
    """The worst of the outcome's grade, the dossier's, and D where judgement carries most."""
    given = [main.outcome.grade, claim.grade or main.outcome.grade]
    if verdict.judged_share > JUDGED:
        given.append("D")
    return max(given, key=GRADES.index)
