"""Panels of state-years, dyad-years and k-ad-years that never turn missing into zero."""

from comity.data.panel.frame import Panel
from comity.data.panel.make import dyad_years, k_ads, of, state_years

__all__ = ["Panel", "dyad_years", "k_ads", "of", "state_years"]
