"""Scenarios, strategies, flashpoints and dossiers as YAML, and the defaults: written by hand."""
