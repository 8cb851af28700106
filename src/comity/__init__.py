"""Comity: an executable model of the international order."""

__version__ = "0.1.0"

from comity import runtime as runtime
