"""Hindcasts: forecasts from past years with what was known then, scored on what came."""
