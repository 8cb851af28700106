"""Names that are imported when they are first used, and modules that can be called.

A package that keeps a table of its names, ``{"run": "comity.face.run:run"}``, costs nothing to
import; what stands behind a name is loaded when somebody asks for it.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any


def at(home: str) -> Any:
    """What stands at ``module`` or ``module:attribute``.

    >>> at("math:pi") > 3
    True
    """
    module, _, name = home.partition(":")
    found = import_module(module)
    return getattr(found, name) if name else found


def attribute(package: str, homes: Mapping[str, str], name: str) -> Any:
    """What a package means by a name; for its module ``__getattr__``.

    Parameters
    ----------
    package
        Name of the package.
    homes
        Where each name is at home: ``module`` or ``module:attribute``.
    name
        The name asked for.

    Raises
    ------
    AttributeError
        The package has no such name; the nearest one is given.
    """
    if name in homes:
        return at(homes[name])
    raise missing(package, homes, name)


def missing(package: str, names: Collection[str], name: str) -> AttributeError:
    """What a package without a name says: the nearest one that it has, else all of them."""
    return AttributeError(f"{package} has no {name!r}{_nearest(name, names)}")


def _nearest(name: str, names: Collection[str]) -> str:
    # Python itself asks packages for names of this kind, often; no reader sees the answer.
    if name.startswith("__"):
        return ""
    from difflib import get_close_matches

    # Closer than Python's own measure: 'grad' is no slip of the pen for 'read'.
    close = get_close_matches(name, names, n=1, cutoff=0.8)
    return f"; did you mean {close[0]!r}?" if close else f"; it has {', '.join(sorted(names))}"


def verb(module: str, home: str) -> None:
    """Let a module be called, for a folder whose name is also a verb: ``comity.trade("...")``.

    A package's attribute of a submodule's name is that submodule as soon as anything imports it,
    so a function of the same name would be lost. The module therefore stays a module and, called,
    does what the function at ``home`` does; its signature is that function's.

    Parameters
    ----------
    module
        Name of the module, which is being imported.
    home
        The function, as ``module:attribute``; loaded with the first call.
    """

    class Verb(ModuleType):
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            return at(home)(*args, **kwargs)

        @property
        def __wrapped__(self) -> Any:
            # Where `inspect` looks for signature and docstring.
            return at(home)

    sys.modules[module].__class__ = Verb
