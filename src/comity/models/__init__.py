"""Published models, usable alone: arrays in, frozen result out.

Each is a module of its own and can be had by its name alone, ``comity.models.trade_equilibrium``,
whatever field it stands under.
"""

from functools import cache
from pkgutil import iter_modules
from typing import Any

from comity.core.lazy import attribute


@cache
def homes() -> dict[str, str]:
    """Where each model and each field is, from the folders themselves."""
    fields = {name: f"{__name__}.{name}" for _, name, _ in iter_modules(__path__)}
    models = {
        name: f"{home}.{name}"
        for field, home in fields.items()
        for _, name, _ in iter_modules([f"{place}/{field}" for place in __path__])
    }
    return models | fields


def __getattr__(name: str) -> Any:
    return attribute(__name__, homes(), name)


def __dir__() -> list[str]:
    return sorted(homes())
