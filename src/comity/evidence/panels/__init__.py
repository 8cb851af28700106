"""Panels that hindcasts, estimates and replications share."""
