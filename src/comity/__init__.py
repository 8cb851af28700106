"""Comity: an executable model of the international order."""

from comity.core import runtime as runtime
from comity.core.version import __version__ as __version__
