"""Judgement of a run: robustness, stability, sensitivity, where a strategy fails.

``comity.judge(result)`` judges a run, or its folder, anew.
"""

from pkgutil import iter_modules
from typing import Any

from comity.core.lazy import missing, verb


def __getattr__(name: str) -> Any:
    raise missing(__name__, [one.name for one in iter_modules(__path__)], name)


verb(__name__, "comity.judge.judgement:judge")
