"""The front door for economists: a trade shock in, effects with intervals out.

>>> import comity as cm
>>> found = cm.trade("us-wall-25", draws=200)        # a name in the library, or a YAML file
>>> found.table(["JPN", "USA"])                      # a data frame: effects and intervals
>>> found.write("out")                               # JSON, CSV and a page with map and figures

`comity trade` is the same on the command line. Docs: docs/how-to/tariff-wall-and-cptpp.md.
"""

from typing import TYPE_CHECKING, Any

from comity.core.lazy import attribute, verb

if TYPE_CHECKING:
    from comity.trade.files import Case, cases, load
    from comity.trade.result import Result
    from comity.trade.solve import run

__all__ = ["Case", "Result", "cases", "load", "run"]

NAMES = {
    "Case": "comity.trade.files:Case",
    "cases": "comity.trade.files:cases",
    "load": "comity.trade.files:load",
    "Result": "comity.trade.result:Result",
    "run": "comity.trade.solve:run",
}


def __getattr__(name: str) -> Any:
    # The command line reads this package for its help text and must not wait for JAX.
    return attribute(__name__, NAMES, name)


verb(__name__, NAMES["run"])
