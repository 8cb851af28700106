"""Panels of state-years, dyad-years and k-ad-years that never turn missing into zero."""

from typing import Any

from comity.core.lazy import missing
from comity.data.panel.frame import Panel
from comity.data.panel.make import dyad_years, k_ads, of, state_years

__all__ = ["Panel", "dyad_years", "k_ads", "of", "state_years"]


def __getattr__(name: str) -> Any:
    raise missing(__name__, __all__, name)
