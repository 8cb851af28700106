"""What a state's choice would gain from knowing the numbers that hang on a contested sentence."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from comity.claims.learn.questions import Choice, Question
from comity.core.words import LANGS, Lang, Text, say, words
from comity.judge.reading import Run, read
from comity.judge.sensitivity import TOO_FEW
from comity.judge.worth_knowing import worth_of
from comity.present.numbers import fine
from comity.present.units import amount, short_unit
from comity.registry.states import name as state_name
from comity.study import laboratory
from comity.study.plan import Request
from comity.study.run import run

PACKAGE = "comity.claims.learn"
Verdict = Literal["worth", "little", "nothing", "no_link", "few"]


@dataclass(frozen=True)
class Decided:
    """What knowing is worth for one choice, at the aim where it is worth most.

    ``verdict``: "worth", "little" (below the smallest effect of interest), "nothing" (nothing would
    change the choice), "no_link" (no number of the model hangs on the sentence, or no choice
    reaches it) or "few" (too few futures). ``value`` is in the unit of the aim, None where there is
    none; ``times`` is it in smallest effects of interest.
    """

    verdict: Verdict
    choice: Choice | None
    under: Text = field(default_factory=dict)
    aim: Text = field(default_factory=dict)
    unit: Text = field(default_factory=dict)
    value: float | None = None
    low: float | None = None
    high: float | None = None
    smallest: float | None = None
    best: Text = field(default_factory=dict)
    to: Text = field(default_factory=dict)

    @property
    def times(self) -> float:
        """The value in smallest effects of interest, which alone makes aims comparable."""
        return self.value / self.smallest if self.value and self.smallest else 0.0

    def record(self) -> dict[str, Any]:
        """Plain values; ``decision`` says in words whose choice, and what comes of knowing."""
        figure = {name: _short(getattr(self, name)) for name in ("value", "low", "high")}
        return {
            "decision": said(self, LANGS[0]),
            "verdict": self.verdict,
            "scenario": self.choice.scenario if self.choice else None,
            "actor": self.choice.actor if self.choice else None,
            "aim": self.aim.get(LANGS[0]) or None,
            "evppi": figure["value"],
            "evppi_interval": None if self.value is None else [figure["low"], figure["high"]],
            "unit": self.unit.get(LANGS[0]) or None,
        }


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def runs_of(
    asked: Iterable[Question],
    futures: int,
    seed: int,
    tick: Callable[[int, int], None] = lambda finished, all_: None,
) -> dict[Choice, Run]:
    """Run every choice that the questions could bear on, once each.

    Parameters
    ----------
    asked
        The questions.
    futures, seed
        Of each run.
    tick
        Called with the number of finished runs and that of all.
    """
    wanted = [one.decision for one in asked if one.decision is not None and one.numbers]
    choices = list(dict.fromkeys(wanted))
    found = {}
    for place, choice in enumerate(choices):
        tick(place, len(choices))
        found[choice] = _run(choice, futures, seed)
    return found


def _run(choice: Choice, futures: int, seed: int) -> Run:
    request = Request(
        choice.scenario, choice.actor, choice.strategies, futures, seed, None, "focus"
    )
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "run"
        run(laboratory.build(laboratory.plan_of(request)), folder)
        return read(folder)


def decide(asked: Question, runs: dict[Choice, Run]) -> Decided:
    """What knowing the numbers of a question is worth for the choice that it could bear on."""
    if asked.decision is None or not asked.numbers:
        return Decided("no_link", None)
    found = runs[asked.decision]
    under = found.record["scenario"]["title"]
    told = worth_of(found, asked.numbers, TOO_FEW)
    if not told["enough"]:
        return Decided("few", asked.decision, under)
    verdicts = {row["verdict"] for row in told["choices"]}
    if not verdicts & {"worth", "little", "nothing"}:
        return Decided("no_link", asked.decision, under)
    # Aims are in units of their own; what compares them is the smallest effect of interest.
    rows = [row for row in told["choices"] if "value" in row and row["smallest"]]
    if not rows:
        return Decided("nothing", asked.decision, under)
    row = max(rows, key=lambda one: one["value"] / one["smallest"])
    label, unit = _names(found, row)
    titles = {one["name"]: one["title"] for one in found.record["strategies"]}
    return Decided(
        row["verdict"],
        asked.decision,
        under,
        label,
        unit,
        value=row["value"],
        low=row["low"],
        high=row["high"],
        smallest=row["smallest"],
        best=titles[row["best"]],
        to=titles[row["to"]],
    )


def _names(found: Run, row: dict[str, Any]) -> tuple[Text, Text]:
    """Label and unit of an aim, or of the measure asked for where that is no aim."""
    for aim in found.record.get("aims", ()):
        if aim["name"] == row["aim"] or list(aim["measures"]) == row["measures"]:
            return aim["label"], aim["unit"]
    measure = next(m for m in found.record["measures"] if m["name"] == row["measures"][0])
    return measure["label"], measure["unit"]


def said(decided: Decided, lang: Lang) -> str:
    """Whose choice, and what comes of knowing, in a sentence."""
    texts = words(PACKAGE)
    if decided.choice is None:
        return texts["decision.no_number"][lang]
    who = {"actor": state_name(decided.choice.actor, lang), "scenario": decided.under[lang]}
    if decided.value is None:
        return say(texts[f"decision.{decided.verdict}"], lang, **who)
    places = fine([decided.value, decided.low, decided.high])
    unit = {one: short_unit(decided.unit, one) for one in LANGS}
    ends = {"value": decided.value, "low": decided.low, "high": decided.high}
    figure = {end: amount(x, unit, lang, places) for end, x in ends.items()}
    figure["smallest"] = amount(decided.smallest, unit, lang)
    return say(
        texts[f"decision.{decided.verdict}"],
        lang,
        **who,
        **figure,
        aim=decided.aim[lang],
        unit=unit[lang],
        best=decided.best[lang],
        to=decided.to[lang],
    )
