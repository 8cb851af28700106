"""Paths as a run folder records them: what in the model links a strategy to a measure.

A folder of an earlier version says nothing of paths; what is not known counts as linked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]
BASELINE = "baseline"


def linked(record: Record, strategy: str, measure: str) -> bool:
    """Whether a strategy's own moves can reach a measure; the baseline has none."""
    if strategy == BASELINE:
        return False
    own = next((one for one in record["strategies"] if one["name"] == strategy), {})
    return _known(own, measure)


def by_scenario(record: Record, measure: str) -> bool:
    """Whether the scenario's moves can reach a measure."""
    return _known(record.get("scenario", {}), measure)


def moved(record: Record, strategy: str, measure: str) -> bool:
    """Whether a measure can differ from the same future without scenario and strategy."""
    return strategy != BASELINE and (
        linked(record, strategy, measure) or by_scenario(record, measure)
    )


def told_apart(record: Record, one: str, other: str, measure: str) -> bool:
    """Whether a measure can differ between two strategies of the same future."""
    if BASELINE in (one, other):
        return moved(record, other if one == BASELINE else one, measure)
    return linked(record, one, measure) or linked(record, other, measure)


def path(record: Record, strategy: str, measure: str) -> list[str]:
    """Names along the path from a strategy to a measure; empty where there is none."""
    own = next((one for one in record["strategies"] if one["name"] == strategy), {})
    return list((own.get("paths") or {}).get(measure) or ())


def _known(document: Mapping[str, Any], measure: str) -> bool:
    paths = document.get("paths")
    return paths is None or measure not in paths or bool(paths[measure])
