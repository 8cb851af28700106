"""Mechanisms: how published models move the world within a year, each beside its numbers."""
