"""Judgement of a run: robustness, stability, sensitivity, where a strategy fails.

``comity.judge(result)`` judges a run, or its folder, anew.
"""

from comity.core.lazy import verb

verb(__name__, "comity.judge.judgement:judge")
