"""Check the claims of dossiers: each by its route, all experiments in as few runs as can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.claims import forms
from comity.claims.dossier import Claim, Dossier
from comity.claims.experiment import (
    FUTURES_A_DRAW,
    Effect,
    Pool,
    arms_of,
    effect,
    options_of,
    others,
    pools,
)
from comity.claims.observe import observe
from comity.claims.verdict import JUDGED, Verdict, decide, settled
from comity.core.errors import BadInput
from comity.core.words import Text, both, same, words
from comity.judge.sensitivity import TOO_FEW
from comity.study.plan import MOST_SEED

FUTURES = 400
SEED = 1
# Seeds asked besides the first where a verdict is close to a threshold.
SEEDS_MORE = 4
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
    claim's way against the alternative's, for recommendations; ``placebo`` what the same of others
    gives, or why there is none.
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
    placebo: Mapping[str, str] = field(default_factory=lambda: same(""))

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
            "size": None if verdict is None or verdict.size is None else verdict.size.record(),
            "placebo": self.placebo["en"] or None,
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
    found = _round(claims, futures, seed, progress)
    close = [
        k
        for k, one in enumerate(found)
        if one.verdict is not None and one.verdict.close and one.word != "mixed"
    ]
    again = [
        _round([claims[k] for k in close], futures, seed + step, lambda finished, all_: None)
        for step in range(1, 1 + SEEDS_MORE)
        if close
    ]
    for place, k in enumerate(close):
        found[k] = _settled(found[k], [one[place].word for one in again])
    return found


def too_few(found: Sequence[Checked], futures: int) -> Text | None:
    """What experiments of so few futures cannot say by the rules of the page; None if enough."""
    draws, page = futures // FUTURES_A_DRAW, FUTURES
    if draws >= TOO_FEW or not any(one.claim.route == "experiment" for one in found):
        return None
    enough = TOO_FEW * FUTURES_A_DRAW
    text = words("comity.claims")["few"]
    return both(text, draws=draws, futures=futures, enough=enough, page=page)


def _round(
    claims: Sequence[tuple[Dossier, Claim]], futures: int, seed: int, progress: Progress
) -> list[Checked]:
    """Every claim checked once with one seed."""
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


def _settled(one: Checked, others: list[str]) -> Checked:
    """The claim after further seeds: a verdict that they do not share is mixed."""
    assert one.verdict is not None
    verdict = settled(one.verdict, others)
    return replace(one, word=verdict.word, verdict=verdict)


def _checked(
    dossier: Dossier, claim: Claim, made: dict[tuple[str, ...], Pool], seed: int
) -> Checked:
    if claim.test is None:
        return Checked(dossier, claim, claim.route, "")
    if isinstance(claim.test, forms.PairedForm):
        return _experiment(dossier, claim, claim.test, made, seed)
    if isinstance(claim.test, forms.OrderForm):
        return _order(dossier, claim, claim.test, seed)
    grade = claim.grade or "C"
    seen = observe(claim.test, claim.id, claim.direction, claim.smallest, grade, seed)
    return Checked(
        dossier,
        claim,
        seen.verdict.word,
        grade,
        seen.verdict,
        seen.draws,
        dict(seen.said),
        seen.sources,
        seen.until,
        seen.count,
        placebo=seen.placebo,
    )


def _order(dossier: Dossier, claim: Claim, test: forms.OrderForm, seed: int) -> Checked:
    """Today's tariffs against other orders: equilibria, without futures."""
    from comity.claims.order import gains

    finding = gains(test, seed)
    grade = claim.grade or "C"
    draws = finding.draws if claim.direction == "more" else -finding.draws
    verdict = decide(draws, claim.smallest, identified=grade != "D")
    return Checked(
        dossier,
        claim,
        verdict.word,
        grade,
        verdict,
        draws,
        dict(finding.said),
        finding.sources,
        finding.until,
        finding.count,
        placebo=words("comity.claims")["placebo.paired"],
    )


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
    main = _least(
        [
            effect(pool, test, one[0], one[1], quiet)
            for one in (arms, *(arms_of(test, actor) for actor in others(test)))
        ],
        sign,
    )
    drivers = main.drivers(seed)
    # Grade D: neither out-of-sample skill nor an effect identified anywhere, or judged numbers
    # carry most of the variance. Judged against the alternative by the same standard.
    judged = main.judged_share(seed)
    grade = _grade(claim, main, judged)
    verdict = decide(sign * main.draws, claim.smallest, judged, grade != "D")
    if _grade(claim, main, 0.0) == "D":
        # Of grade D whatever judged numbers carry: no seed says otherwise.
        verdict = replace(verdict, close=False)
    against = None
    if len(arms) > 2:
        other = effect(pool, test, arms[0], arms[2], quiet)
        judged = other.judged_share(seed)
        known = _grade(claim, other, judged) != "D"
        against = decide(sign * other.draws, claim.smallest, judged, known)
    return Checked(
        dossier,
        claim,
        verdict.word,
        grade,
        verdict,
        sign * main.draws,
        {},
        (),
        "",
        pool.draws,
        _decisive(drivers) if pool.draws >= TOO_FEW else (),
        against,
        main.failed,
        tuple((m.name, m.reference) for m in pool.ensemble.shared.mechanisms),
        words("comity.claims")["placebo.paired"],
    )


def _least(found: Sequence[Effect], sign: float) -> Effect:
    """The effect of several states: in each draw that for which the claim holds least."""
    draws = sign * np.min([sign * one.draws for one in found], axis=0)
    return replace(found[0], draws=draws, failed=max(one.failed for one in found))


def _decisive(drivers: pd.DataFrame) -> tuple[tuple[str, float, str], ...]:
    """The few numbers that carry most of the variance, with their status.

    None where their shares add up to more than the whole: then chance is in them.
    """
    top = drivers[drivers["share"] > NOTABLE].head(LIKELY_DRIVERS)
    if top["share"].sum() > 1.0:
        return ()
    return tuple(
        (str(key), float(share), str(status))
        for key, share, status in zip(top["parameter"], top["share"], top["status"], strict=True)
    )


def _grade(claim: Claim, main: Effect, judged: float) -> str:
    """The worst of the outcome's grade, the dossier's, and D where judgement carries most."""
    given = [main.outcome.grade, claim.grade or main.outcome.grade]
    if judged > JUDGED:
        given.append("D")
    return max(given, key=GRADES.index)
