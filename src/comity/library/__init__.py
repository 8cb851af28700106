"""Scenarios, strategies and dossiers as YAML, and the focus world as tables."""
