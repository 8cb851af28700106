"""The front door for economists: a trade shock in, effects with intervals out.

>>> from comity import trade
>>> found = trade.run("us-wall-25", draws=200)      # a name in the library, or a YAML file
>>> found.table(["JPN", "USA"])                      # a data frame: effects and intervals
>>> found.write("out")                               # JSON, CSV and a page with map and figures

`comity trade` is the same on the command line. Docs: docs/how-to/tariff-wall-and-cptpp.md.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comity.trade.files import Case, cases, load
    from comity.trade.result import Result
    from comity.trade.solve import run

__all__ = ["Case", "Result", "cases", "load", "run"]

_HOME = {"Case": "files", "cases": "files", "load": "files", "Result": "result", "run": "solve"}


def __getattr__(name: str) -> Any:
    # The command line reads this package for its help text and must not wait for JAX.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
