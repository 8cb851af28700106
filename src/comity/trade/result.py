"""What a case came to: effects by state, trade flows, the numbers behind them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from comity.core.arguments import one_of, path, texts, whole
from comity.core.errors import BadInput
from comity.core.parameters import Parameter
from comity.core.version import __version__
from comity.core.whole import make_folder, write_text
from comity.core.words import LANGS, Lang, Text, language, say, words
from comity.engine.levers import acts_of
from comity.registry import states as registry
from comity.registry.sizes import Size
from comity.scenarios import acts
from comity.scenarios.moves import Move
from comity.trade.files import Case, levers
from comity.world.regions import region_names
from comity.world.snapshot import BASE_YEAR, fingerprint

EFFECTS = ("consumption", "real_wage", "terms_of_trade", "prices", "exports", "imports")
LARGEST = 200  # flows kept in the JSON; the CSV has all


@dataclass(frozen=True, repr=False)
class Result:
    """Effects of a case, in per cent of the base year.

    Parameters
    ----------
    case, model, world, draws, seed
        What was asked.
    effects
        One row a state or region and effect: id, effect, value, low, high (5 and 95 % over the
        draws; NaN without draws). Effects are `EFFECTS` and ``exposure``: trade whose conditions
        the shock changes, exports and imports, over value added of the base year.
    sizes
        What the effect on the consumption of each state or region is called, as in runs and claims.
    flows
        One row a pair: exporter, importer, before, after (million USD at producer prices; after in
        units of world income), change (per cent), low, high.
    sectors
        One row a state and sector: id, sector, before, after (gross output, as for flows), change
        (per cent); empty with one sector.
    members
        States that each entity stands for.
    numbers
        Parameters that were drawn.
    warnings
        What the data did not hold.
    failed
        Draws that could not be solved; they are left out of the intervals.
    converged, residual
        Whether the central solution clears all markets, and the largest gap that is left.
    """

    case: Case
    model: str
    world: str
    draws: int
    seed: int
    effects: pd.DataFrame
    sizes: Mapping[str, Size]
    flows: pd.DataFrame
    sectors: pd.DataFrame
    members: Mapping[str, tuple[str, ...]]
    numbers: tuple[Parameter, ...]
    warnings: tuple[Text, ...]
    failed: int
    converged: bool
    residual: float

    def __repr__(self) -> str:
        spread = f"{self.draws} draws" if self.draws else "central numbers only"
        failed = f", {self.failed} not solved" if self.failed else ""
        return (
            f"<trade case {self.case.name}, {self.model}, {len(self.members)} states and regions, "
            f"{spread}{failed}; {'solved' if self.converged else 'not solved'}>"
        )

    def _repr_html_(self) -> str:
        """Title and the largest effects for a notebook."""
        texts = words("comity.trade")
        shown = self.table().dropna(axis="columns", how="all")
        table = shown.to_html(escape=True, float_format="{:.3g}".format, border=0)
        said = [say(texts["result.shown"], LANGS[0])]
        if self.draws:
            said.append(say(texts["result.spread"], LANGS[0], draws=self.draws))
        return (
            f"<p><b>{escape(say(self.case.title, LANGS[0]))}</b></p>{table}"
            f"<p>{escape(' '.join(said))}</p>"
        )

    def table(self, states: Sequence[str] = (), top: int = 12) -> pd.DataFrame:
        """Effects in columns, one row a state: those named, else the largest losses and gains.

        Raises
        ------
        BadInput
            A state that this world does not keep apart.
        """
        named, top = texts("states", states), whole("top", top, 1, 10_000)
        wide = self.effects.pivot(index="id", columns="effect", values="value")
        welfare = self.effects[self.effects["effect"] == "consumption"].set_index("id")
        wide = wide.assign(low=welfare["low"], high=welfare["high"])
        order = ["consumption", "low", "high", *EFFECTS[1:], "exposure"]
        wide = wide[[name for name in order if name in wide]]
        if named:
            return wide.loc[[self.entity(state) for state in named]]
        ranked = wide.sort_values("consumption", kind="stable")
        if len(ranked) <= top:
            return ranked
        return pd.concat([ranked.head(top - top // 3), ranked.tail(top // 3)])

    def entity(self, state: str) -> str:
        """Id of a state in this result. Raises BadInput where it is part of a region."""
        if not isinstance(state, str):
            raise BadInput(f"{state!r} is no state", fix="use an id or a name, such as 'JPN'")
        if state in self.members:
            return state
        found = registry.find(state)
        if found not in self.members:
            region = next(r for r, inside in self.members.items() if found in inside)
            raise BadInput(
                f"{found} is part of {region} here",
                fix=f"ask for {found} to be kept apart, or use the world 'full'",
            )
        return found

    def percent(self, effect: str, state: str) -> float:
        """One effect on one state, per cent."""
        return float(self._of(effect)["value"][self.entity(state)])

    def interval(self, effect: str, state: str) -> tuple[float, float]:
        """5 and 95 % of one effect on one state over the draws, per cent."""
        low, high = self._of(effect).loc[[self.entity(state)], ["low", "high"]].to_numpy()[0]
        return float(low), float(high)

    def _of(self, effect: str) -> pd.DataFrame:
        """Rows of one effect by id. Raises BadInput where nothing is called that."""
        name = one_of("effect", effect, (*EFFECTS, "exposure"))
        return self.effects[self.effects["effect"] == name].set_index("id")

    def trade(self, exporter: str, importer: str) -> float:
        """Change of one flow, per cent. Raises BadInput where nothing was traded before."""
        pair = (self.entity(exporter), self.entity(importer))
        flows = self.flows.set_index(["exporter", "importer"])["change"]
        if pair not in flows.index:
            raise BadInput(
                f"no trade from {pair[0]} to {pair[1]} before the shock",
                "a change is told against what was traded between two of the world",
                "see the pairs there are in .flows",
            )
        return float(flows[pair])

    @property
    def walls(self) -> bool:
        """Whether tariffs are raised in the model of one sector, which flatters who raises them."""
        raised = any(m.lever == "tariff" and m.value > 0 for m in self.case.moves)
        return raised and self.model == "one-sector"

    def document(self, states: Sequence[str] = ()) -> dict[str, Any]:
        """Everything as plain values for JSON and the page; what is not known is null.

        ``states`` are shown first on the page.
        """
        case = self.case
        size = (self.flows["after"] - self.flows["before"]).abs()
        largest = self.flows.loc[size.sort_values(ascending=False, kind="stable").index[:LARGEST]]
        return {
            "kind": "comity trade 1",
            "comity_version": __version__,
            "data": {"hash": fingerprint(), "year": BASE_YEAR},
            "name": case.name,
            "asked": _asked(case),
            "title": dict(case.title),
            "question": dict(case.question),
            "summary": dict(case.summary),
            "shocks": [said(move, case) for move in case.moves],
            "model": self.model,
            "equilibrium": "full",
            "walls": self.walls,
            "world": self.world,
            "draws": self.draws,
            "failed_draws": self.failed,
            "seed": self.seed,
            "converged": self.converged,
            "residual": _known(self.residual),
            "shown": [self.entity(state) for state in texts("states", states)],
            "names": {one: names(one) for one in self.members},
            "members": {one: list(inside) for one, inside in self.members.items()},
            "effects": _rows(self.effects),
            "sizes": {one: size.record() for one, size in self.sizes.items()},
            "flows": _rows(largest),
            "sectors": _rows(self.sectors),
            "numbers": [number.record() for number in self.numbers],
            "notes": [dict(note) for note in case.notes],
            "warnings": [dict(warning) for warning in self.warnings],
        }

    def write(self, folder: str | Path, states: Sequence[str] = (), lang: Lang = "en") -> Path:
        """Write trade.json, effects.csv, flows.csv and report.html; returns the page's path."""
        from comity.present import trade_page

        folder, first = path("folder", folder), language(lang)
        make_folder(folder)
        document = self.document(states)
        files = {
            "trade.json": json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False),
            "effects.csv": self.effects.to_csv(index=False, float_format="%.6g"),
            "flows.csv": self.flows.to_csv(index=False, float_format="%.6g"),
            "sectors.csv": self.sectors.to_csv(index=False, float_format="%.6g"),
            "report.html": trade_page.render(document, first),
        }
        if self.sectors.empty:
            del files["sectors.csv"]
        for name, text in files.items():
            write_text(folder / name, text)
        return folder / "report.html"


def _asked(case: Case) -> list[str]:
    """What asks the same question on a command line: a library name or a path, a year if dated."""
    own = Path(case.file)
    library = Path(str(resources.files("comity.library")))
    name = own.stem if own.is_relative_to(library) else case.file
    # Only a year of a scenario comes with notes on what that leaves out.
    return [name, *(["--year", str(case.year)] if case.notes else [])]


def names(entity: str) -> dict[str, str]:
    """Name of a state or region by language."""
    regions = region_names()
    if entity in regions:
        return dict(regions[entity])
    return registry.names(entity)


def said(move: Move, case: Case) -> dict[str, str]:
    """A shock in words by language."""
    texts = words("comity.trade")
    found = {}
    for lang in LANGS:
        actors, targets = (_parties(side, lang) for side in (move.actors, move.targets))
        sign = "+" if move.value >= 0 else "−"
        amount = f"{sign}{100 * abs(move.value):g}%"
        if move.lever in ("agreement", "capacity"):
            act = texts[f"lever.{move.lever}.act"]
            text = say(act, lang, actors=actors, targets=targets, value=amount)
        else:
            text = _sentence(move, lang)
        sectors = case.sectors.get(move.where)
        if sectors:
            joined = texts["sectors.joint"][lang].join(sectors)
            text += say(texts["sectors.all"], lang, sectors=joined)
        found[lang] = text
    return found


def _parties(side: tuple[str, ...], lang: str) -> str:
    """States by name; all but a few as the rest of the world."""
    everybody = set(registry.ids(BASE_YEAR))
    rest = everybody - set(side)
    if len(rest) > 2:
        return acts.parties(side, lang)
    if not rest:
        return words("comity.trade")["party.all"][lang]
    others = acts.parties(tuple(sorted(rest)), lang)
    return say(words("comity.trade")["party.all_but"], lang, others=others)


def _sentence(move: Move, lang: str) -> str:
    """A scenario's words for the move, with long lists of parties made short."""
    text = acts.sentence(move, acts_of(levers().values()), lang)
    for side in (move.actors, move.targets):
        text = text.replace(acts.parties(side, lang), _parties(side, lang)) if side else text
    return text


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in rows]
