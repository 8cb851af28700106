"""Estimates behind numbers that ship: what `made_by` in a mechanism's book names.

Such a function reads raw data, never a book, and returns `Figures`: by parameter key the figures
that data give, ``value`` or a field of its prior (``sd``, ``low``, ``high``).
"""

Figures = dict[str, dict[str, float]]
