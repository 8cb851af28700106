"""Scenario and strategy files: read, checked, compiled into arrays of moves."""
