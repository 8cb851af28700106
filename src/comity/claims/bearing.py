"""Which claims a run bears on: those whose experiment shares its scenario or a strategy."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from comity.claims.dossier import library_names, load
from comity.claims.forms import ArmForm, PairedForm


def bearing(scenario: str, strategies: Collection[str]) -> list[dict[str, Any]]:
    """Claims of the dossiers that ship and that a run bears on, in order of their ids.

    Parameters
    ----------
    scenario
        Name of the scenario that is run.
    strategies
        Names of the strategies that are compared.
    """
    found = []
    for name in library_names():
        dossier = load(name)
        for claim in dossier.claims:
            if isinstance(claim.test, PairedForm) and _shares(claim.test, scenario, strategies):
                found.append(
                    {
                        "id": claim.id,
                        "kind": claim.kind,
                        "said": dict(claim.said),
                        "dossier": name,
                        "title": dict(dossier.title),
                        "command": f"comity claims check {name} --claim {claim.id}",
                    }
                )
    return sorted(found, key=lambda row: row["id"])


def _shares(test: PairedForm, scenario: str, strategies: Collection[str]) -> bool:
    arms: tuple[ArmForm | None, ...] = (test.with_, test.without, test.alternative)
    given = [arm for arm in arms if arm is not None]
    named = {s.rpartition(":")[2] for arm in given for s in arm.strategies}
    if named:
        return scenario in {arm.scenario for arm in given} and bool(named & set(strategies))
    return scenario in {arm.scenario for arm in given}
