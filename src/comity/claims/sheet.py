"""Checked claims as plain values for the page: texts by language, figures, what to run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from comity.claims.check import Checked
from comity.claims.dossier import Dossier, library_names
from comity.claims.forms import ArmForm, PairedForm
from comity.claims.verdict import VERDICTS, Verdict
from comity.core.errors import BadInput
from comity.core.run_folder import quoted
from comity.core.version import __version__
from comity.data.sources.source import card
from comity.registry.frameworks import framework
from comity.registry.frameworks import ids as framework_ids
from comity.registry.states import names
from comity.world.snapshot import fingerprint


def sheet(found: Sequence[Checked], futures: int, seed: int) -> dict[str, Any]:
    """Everything that the page shows, as plain values.

    Parameters
    ----------
    found
        Checked claims, in order of their dossiers.
    futures, seed
        What they were checked with.
    """
    dossiers = list(dict.fromkeys(one.dossier.name for one in found))
    by_name = {one.dossier.name: one.dossier for one in found}
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": __version__,
        "data": fingerprint(),
        "futures": futures,
        "seed": seed,
        "counts": {word: sum(one.word == word for one in found) for word in VERDICTS},
        "dossiers": [
            _dossier(by_name[key], [one for one in found if one.dossier.name == key])
            for key in dossiers
        ],
    }


def _dossier(dossier: Dossier, found: Sequence[Checked]) -> dict[str, Any]:
    return {
        "name": dossier.name,
        "title": dict(dossier.title),
        "publisher": dossier.publisher,
        "session": dict(dossier.session),
        "date": dossier.date,
        "source": dossier.source,
        "claims": [_claim(dossier, one) for one in found],
    }


def _claim(dossier: Dossier, one: Checked) -> dict[str, Any]:
    claim, test = one.claim, one.claim.test
    paired = test if isinstance(test, PairedForm) else None
    return {
        "id": claim.id,
        "kind": claim.kind,
        "route": claim.route,
        "system": claim.system,
        "verdict": one.word,
        "grade": one.grade,
        "said": dict(claim.said),
        "why": dict(claim.why),
        "actors": [_party(a) for a in claim.actors],
        "frameworks": [f for f in claim.frameworks if f not in claim.actors],
        "smallest": claim.smallest,
        "unit": dict(claim.unit),
        "reason": dict(claim.reason),
        "figures": _figures(one.verdict),
        "found": {lang: f"{said}; {one.placebo[lang]}" for lang, said in one.found.items()},
        "placebo": dict(one.placebo),
        "count": one.count,
        "until": one.until,
        "sources": [_source(name) for name in one.sources],
        "mechanisms": list(one.mechanisms),
        "drivers": [
            {"name": key, "share": share, "status": status} for key, share, status in one.drivers
        ],
        "failed": one.failed,
        "change": dict(claim.change),
        "objective": dict(claim.objective),
        "cost": dict(claim.cost),
        "alternative": None if one.alternative is None else _figures(one.alternative),
        "arms": None if paired is None else _arms(paired),
        "outcome": "" if paired is None else paired.outcome,
        "command": command(dossier, one),
    }


def _party(own: str) -> dict[str, str]:
    """Name of a state, or of a framework that acts, by language."""
    if own not in framework_ids():
        return names(own)
    one = framework(own)
    return {"en": one.name_en, "ja": one.name_ja}


def _source(key: str) -> dict[str, str]:
    """Title and address of a source or of a table of the snapshot."""
    try:
        one = card(key)
    except BadInput:
        return {"name": key, "title": f"snapshot/{key}.csv", "url": ""}
    return {"name": key, "title": f"{one.title} ({one.producer})", "url": one.url}


def _figures(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {
        "word": verdict.word,
        "effect": verdict.effect,
        "low": verdict.low,
        "high": verdict.high,
        "beyond": verdict.beyond,
        "within": verdict.within,
        "against": verdict.against,
        "flip": verdict.flip,
        "judged_share": verdict.judged_share,
        "close": verdict.close,
        "size": None if verdict.size is None else verdict.size.record(),
        "seeds": list(verdict.seeds),
    }


def _arms(test: PairedForm) -> dict[str, str]:
    found = {"with": arm(test.with_), "without": arm(test.without)}
    return found | ({"alternative": arm(test.alternative)} if test.alternative else {})


def arm(form: ArmForm) -> str:
    """An arm in names of the library; ``-`` where nothing happens."""
    return " + ".join([*([form.scenario] if form.scenario else []), *form.strategies]) or "-"


def command(dossier: Dossier, one: Checked) -> str:
    """Command that checks a claim again, or runs its experiment in full."""
    test = one.claim.test
    if isinstance(test, PairedForm) and test.with_.scenario and test.with_.strategies:
        names = ",".join(s for s in ("steady", *test.with_.strategies) if ":" not in s)
        scenario, actor = quoted(test.with_.scenario), quoted(test.actor)
        return f"comity run {scenario} --for {actor} --strategies {quoted(names)}"
    return f"comity claims check {quoted(_asked(dossier))} --claim {quoted(one.claim.id)}"


def _asked(dossier: Dossier) -> str:
    """What a dossier is asked for by: its name where it ships, else the path of its file."""
    return dossier.name if dossier.name in library_names() else dossier.file
