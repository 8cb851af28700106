"""Replications of published studies: published value, ours, gap, tolerance."""
