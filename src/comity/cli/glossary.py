"""What can be explained beside the parts of the model: words of the reports, and all that ships.

Every name that a list of the command line prints is here, and every heading of a report, in both
languages.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from comity.claims.learn.questions import PACKAGE as LEARN
from comity.claims.learn.questions import questions
from comity.core.bibliography import papers_in
from comity.core.words import LANGS, both, words
from comity.files.documents import read
from comity.present.i18n import catalogue, pick, t
from comity.study.card_of_aims import kinds

Found = dict[str, Any]
TEST = "tests/test_explain.py"
# Where reports call a word by its name: keys of the catalogue of present/i18n. A star stands for
# all that begin so. The first is the name of the entry.
CALLED: Mapping[str, tuple[str, ...]] = {
    "ranking": ("column.rank",),
    "strategy": ("column.strategy", "terminal.strategy", "scenario.strategies"),
    "scenario": ("section.scenario",),
    "baseline": ("word.baseline",),
    "future": ("column.future", "column.futures", "column.n"),
    "measure": ("column.measure",),
    "mean": ("column.mean", "terminal.mean", "prior.mean"),
    "quantile": (
        *("column.median", "column.p50", "column.p5", "column.p25", "column.p75", "column.p95"),
        *("terminal.range", "prior.median", "shock.low", "shock.high"),
    ),
    "interval": ("claims.interval", "column.low", "column.high"),
    "worst": ("column.worst",),
    "regret": ("terminal.regret", "column.regret_*"),
    "satisficing": ("column.satisficing_share", "terminal.met"),
    "requirement": ("ranking.requirements",),
    "difference": ("column.against", "column.share_better"),
    "tie": ("terminal.same",),
    "link": ("terminal.no_link", "word.no_link"),
    "loss": ("column.share_worse",),
    "stability": ("column.tau",),
    "box": ("column.box",),
    "driver": ("section.drivers", "column.share", "column.parameter"),
    "failed": ("column.failed",),
    "grade": ("column.grade", "claims.grade"),
    "status": ("column.status", "status.*", "section.judged"),
    "prior": (
        *("column.prior", "column.least", "column.most", "column.values", "prior.normal"),
        *("prior.uniform", "prior.lognormal", "prior.triangular", "prior.fixed", "prior.sd"),
        "prior.mode",
    ),
    "aim": ("aims.column_aim",),
    "size": ("aims.column_size",),
    "shock": ("aims.column_verdict", "aims.column_with", "aims.column_without"),
    "uncertainty": ("scenario.uncertain",),
    "claim": ("claims.id", "claims.said", "claims.verdict"),
    "effect": ("claims.effect",),
    "supported": ("claims.verdict_supported",),
    "contradicted": ("claims.verdict_contradicted",),
    "negligible": ("claims.verdict_negligible",),
    "mixed": ("claims.verdict_mixed",),
    "undetermined": ("claims.verdict_undetermined",),
    "untested": ("claims.verdict_not_testable", "claims.verdict_awaiting"),
    "kind": ("claims.kind_*",),
    "place": (
        *("column.value", "column.id", "column.source", "column.year", "column.final"),
        *("column.name", "column.meaning", "column.unit", "column.reference"),
    ),
}
# Words that reports use in sentences only, and by which they are looked for.
ONLY_IN_SENTENCES = (
    *("noise", "parameter", "seed", "region", "unbeaten", "smallest effect"),
    *("best reply", "dominated", "equilibrium", "level-k"),
)
LIBRARY = {"scenario": "scenarios", "strategy": "strategies", "trade": "trade"}


def plain(name: str) -> str:
    """A name as it is compared: in one width of letters, without case and blanks around it."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def called(term: str) -> list[tuple[str, ...]]:
    """Names of a word in the reports, each in every language."""
    known = catalogue(LANGS[0])
    keys: list[str] = []
    for key in CALLED.get(term, ()):
        start = key.removesuffix("*")
        keys += [k for k in known if k.startswith(start)] if start != key else [key]
    return [tuple(t(key, lang) for lang in LANGS) for key in keys]


def terms() -> dict[str, Found]:
    """Words of the reports by every name that they have there."""
    texts = words("comity.cli")
    found: dict[str, Found] = {}
    for term in (*CALLED, *ONLY_IN_SENTENCES):
        names = called(term)
        said = {name for pair in names for name in pair}
        entry = {
            "kind": "word of the reports",
            "name": term,
            "what": texts[f"term.{term}"][LANGS[0]],
            "what_ja": texts[f"term.{term}"][LANGS[1]],
            "called": sorted(said),
            "file": "src/comity/cli/words.toml",
            "tests": [TEST],
        }
        for name in (term, *said):
            found.setdefault(plain(name), entry)
    return found


def contested() -> dict[str, Found]:
    """Contested sentences of `comity learn`, by name."""
    texts, found = words(LEARN), {}
    for name, one in questions().items():
        sentence = texts[f"question.{name}.sentence"]
        found[name] = {
            "kind": "contested sentence",
            "name": name,
            "what": sentence[LANGS[0]],
            "what_ja": sentence[LANGS[1]],
            "estimate": one.estimate.name if one.estimate else "",
            "smallest_effect": one.smallest,
            "hangs_on_it": list(one.numbers),
            "papers": papers_in(" ".join(one.papers)),
            "more": f"comity learn {name}",
            "file": "src/comity/claims/learn/questions.toml",
            "tests": ["tests/claims/test_learn.py"],
        }
    return found


def aims() -> dict[str, Found]:
    """Aims of the card and their groups by label and name, in every language."""
    texts, own = words("comity.registry"), words("comity.cli")
    found: dict[str, Found] = {}
    groups: dict[str, list[str]] = {}
    head = {"file": "src/comity/library/aims.toml", "tests": ["tests/study/test_card_of_aims.py"]}
    for name, entry in kinds().items():
        label, group = texts[f"aim.kind.{name}.label"], entry["group"]
        groups.setdefault(group, []).append(name)
        measured = {"measures": ", ".join(entry["measures"]), "mechanism": entry["mechanism"]}
        said = both(own["explained.aim"], label=label, name=name, group=group, **measured)
        known = {"kind": "aim", "name": label[LANGS[0]], "what": said[LANGS[0]]}
        known |= {"what_ja": said[LANGS[1]], "group": group, "better": entry["direction"], **head}
        for one in (*label.values(), f"aim.{name}"):
            found.setdefault(plain(one), known)
    for group, members in groups.items():
        label = texts[f"aim.group.{group}"]
        listed = [texts[f"aim.kind.{name}.label"] for name in members]
        named = {lang: ", ".join(one[lang] for one in listed) for lang in LANGS}
        said = both(own["explained.group"], label=label, name=group, aims=named)
        known = {"kind": "group of aims", "name": group, "what": said[LANGS[0]]}
        known |= {"what_ja": said[LANGS[1]], "aims": members, **head}
        for one in (group, *label.values()):
            found.setdefault(plain(one), known)
    return found


def shipped() -> dict[str, Found]:
    """Scenarios, strategies, trade files and dossiers by name and by title."""
    return deepcopy(_shipped())


@cache
def _shipped() -> dict[str, Found]:
    """The library, read once: its files take a second."""
    found: dict[str, Found] = {}
    library = Path(str(resources.files("comity.library")))
    for kind, folder in (*LIBRARY.items(), ("dossier", "dossiers")):
        for path in sorted((library / folder).glob("*.yaml")):
            _add(found, path.stem, _document(kind, folder, path))
    return found


def _add(found: dict[str, Found], name: str, entry: Found) -> None:
    for one in (name, entry["what"], entry.get("what_ja", "")):
        if one:
            found.setdefault(plain(one), entry)


def _document(kind: str, folder: str, path: Path) -> Found:
    data = read(path).data
    run = {"scenario": "comity run", "trade": "comity trade", "dossier": "comity claims check"}
    own = {key: data[key] for key in ("actor", "extends", "date", "publisher") if data.get(key)}
    about = {
        key: pick(data[key], LANGS[0]) for key in ("question", "summary", "cost") if data.get(key)
    }
    return {
        "kind": f"{kind} file" if kind == "trade" else kind,
        "name": path.stem,
        "what": pick(data["title"], LANGS[0]),
        "what_ja": pick(data["title"], LANGS[1]),
        **about,
        **own,
        "command": f"{run[kind]} {path.stem}"
        if kind in run
        else f"comity run --for {_actor(own)} --strategies steady,{path.stem}",
        "file": f"src/comity/library/{folder}/{path.name}",
        "tests": [
            "tests/trade/test_trade_files.py"
            if kind == "trade"
            else f"tests/{'claims' if kind == 'dossier' else 'scenarios'}/test_{kind}.py"
        ],
    }


def _actor(own: Mapping[str, Any]) -> str:
    return own["actor"] if own.get("actor", "ANY") != "ANY" else "JPN"


def studied() -> dict[str, Found]:
    """Replications and forecast quantities, as their commands list them."""
    from comity.evidence.hindcasts.quantities import QUANTITIES
    from comity.evidence.replications.catalogue import REPLICATIONS

    found: dict[str, Found] = {}
    for one in REPLICATIONS:
        found[plain(one.name)] = {
            "kind": "replication",
            "name": one.name,
            "what": one.title,
            "paper": one.paper,
            "needs_data": "COMITY_DATA" if one.needs_data else "",
            "command": f"comity replicate {one.name}",
            "file": "src/comity/evidence/replications/catalogue.py",
            "tests": ["tests/evidence/replications/test_replicate.py"],
        }
    for name in QUANTITIES:
        found[plain(name)] = {
            "kind": "forecast quantity",
            "name": name,
            "what": f"Forecast of {name.replace('_', ' ')} from past years, scored on what came.",
            "command": f"comity backtest --quantity {name}",
            "file": "src/comity/evidence/hindcasts/quantities.py",
            "tests": ["tests/evidence/hindcasts/test_quantities.py"],
        }
    return found


def tables(package: Iterable[Mapping[str, Any]]) -> dict[str, Found]:
    """Tables of the snapshot, as ``comity data list`` prints them; ``package`` their records."""
    found: dict[str, Found] = {}
    for one in package:
        fields = [field["name"] for field in one["schema"]["fields"]]
        found[plain(one["name"])] = {
            "kind": "table",
            "name": one["name"],
            "what": one["title"].replace("``", ""),
            "columns": fields,
            "command": f"comity data list {one['name']}",
            "file": f"src/comity/snapshot/{one['name']}.csv",
            "tests": ["tests/data/test_build.py"],
        }
    return found
