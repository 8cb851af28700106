"""The page of the public face, from the code: ``docs/reference/api.md``."""

from __future__ import annotations

import inspect
import re
import sys
from functools import cached_property
from operator import attrgetter
from types import ModuleType
from typing import Any, get_type_hints

HEAD = """# The public face

Written by `python -m comity.face.reference > docs/reference/api.md`; a test keeps it current.

```py
import comity as cm
```

Importing loads nothing; a name is loaded when it is first used. Whatever is wrong with an argument
is said in one `BadInput`, with how to mend it, before any work starts.
"""
# What verbs hand back, by a verb that does; its annotation says what.
RESULTS = {
    "Panel of cm.panel": "panel.state_years",
    "Result of cm.run and cm.read": "run",
    "Result of cm.trade": "trade",
    "Result of cm.explain": "explain",
}
# A comma between parameters: a new one is a star or a name with its kind.
SEPARATOR = re.compile(r", (?=\*|\w+: )")
INDENT = re.compile(r"^(?=\S)", re.MULTILINE)


def first(thing: Any) -> str:
    """First paragraph of a docstring on one line."""
    return " ".join(inspect.cleandoc(thing.__doc__ or "").split("\n\n")[0].split())


def parameters(thing: Any) -> list[tuple[str, str]]:
    """Names and meanings in the section ``Parameters`` of a docstring."""
    text = inspect.cleandoc(thing.__doc__ or "")
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[^\n]*\n-+\n|\Z)", text, re.M | re.S)
    entries = INDENT.split(section[1]) if section else []
    rows = [entry.partition("\n") for entry in entries if entry.strip()]
    return [(name.strip(), " ".join(meaning.split())) for name, _, meaning in rows]


def called(name: str, thing: Any) -> str:
    """A call as one writes it, with kinds and defaults."""
    parts, starred = [], False
    for one in inspect.signature(thing).parameters.values():
        if one.name == "self":
            continue
        if one.kind is one.KEYWORD_ONLY and not starred:
            parts.append("*")
            starred = True
        kind = one.annotation
        text = kind if isinstance(kind, str) else inspect.formatannotation(kind)
        default = "" if one.default is one.empty else f" = {one.default!r}"
        parts.append(f"{one.name}: {text}{default}")
    return f"{name}({', '.join(parts)})"


def wrapped(call: str) -> str:
    """A call over several lines where one would be too long to read."""
    name, _, inside = call.rstrip(")").partition("(")
    lines = "".join(f"    {part},\n" for part in SEPARATOR.split(inside))
    return call if len(call) <= 100 else f"{name}(\n{lines})"


def cell(text: str) -> str:
    """Text that can stand in a cell of a table."""
    return text.replace("|", "\\|")


def verb(name: str, thing: Any) -> list[str]:
    """Signature, summary and parameters of what can be called."""
    made = inspect.unwrap(thing)
    rows = parameters(made)
    table = ["", "| parameter | meaning |", "|---|---|"] if rows else []
    table += [f"| `{key}` | {cell(meaning)} |" for key, meaning in rows]
    return ["```py", wrapped(called(name, made)), "```", "", first(made), *table]


def group(prefix: str, package: Any) -> list[str]:
    """Table of the names of a package with their calls and first lines."""
    rows = [first(package), "", "| name | what it is |", "|---|---|"]
    for name in getattr(package, "__all__", None) or dir(package):
        thing = getattr(package, name)
        shown = f"{prefix}.{name}"
        if callable(thing) and not isinstance(thing, type):
            thing = inspect.unwrap(thing)
            shown = called(shown, thing)
        rows.append(f"| `{cell(shown)}` | {cell(first(thing))} |")
    return rows


def kept(kind: type) -> list[str]:
    """Table of what a result holds: fields, properties and methods."""
    meanings = dict(parameters(kind))
    rows = [first(kind), "", "| name | what it is |", "|---|---|"]
    for names, meaning in meanings.items():
        rows.append(f"| `{names}` | {cell(meaning)} |")
    for name, thing in vars(kind).items():
        if name.startswith("_"):
            continue
        if inspect.isfunction(thing):
            rows.append(f"| `{name}(…)` | {cell(first(thing))} |")
        elif isinstance(thing, property | cached_property):
            rows.append(f"| `{name}` | {cell(first(thing))} |")
    return rows


def reference(face: ModuleType) -> str:
    """The page, for the package that holds the public names."""
    parts = [HEAD]
    for name in face.__all__:
        thing = getattr(face, name)
        body = verb(f"cm.{name}", thing) if callable(thing) else group(f"cm.{name}", thing)
        parts.append("\n".join([f"## cm.{name}", "", *body, ""]))
    for title, name in RESULTS.items():
        made = inspect.unwrap(attrgetter(name)(face))
        parts.append("\n".join([f"## {title}", "", *kept(get_type_hints(made)["return"]), ""]))
    return "\n".join(parts)


if __name__ == "__main__":
    # The package itself stands above this folder; it is there, because it was imported to get here.
    print(reference(sys.modules["comity"]), end="")
