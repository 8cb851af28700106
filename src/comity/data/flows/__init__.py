"""Flows between states: balanced, split, fitted."""
