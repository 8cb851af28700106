"""Estimates behind numbers that ship; each writes figures of a mechanism's book."""
