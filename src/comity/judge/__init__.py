"""Judgement of a run: robustness, stability, sensitivity, where a strategy fails."""
