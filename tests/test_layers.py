"""A folder imports only folders below it; folders on one line do not see each other; no circles."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "comity"

# From top to bottom. The package's own two files (the face and ``python -m comity``) are the roof.
LINES = (
    ("",),
    ("cli",),
    ("face",),
    ("claims",),
    ("trade", "judge"),
    ("study",),
    ("scenarios", "mechanisms"),
    ("engine",),
    ("evidence",),
    ("world",),
    ("data", "present"),
    ("registry",),
    ("models", "files"),
    ("library", "snapshot"),
    ("core",),
)
LINE_OF = {folder: place for place, line in enumerate(LINES) for folder in line}


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports_of(text: str, known=frozenset(MODULES)) -> set[str]:
    """Modules of the package that a text imports, wherever the import stands."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "comity":
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                found.add(full if full in known else node.module)
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names if a.name.split(".")[0] == "comity"}
    return found


def folder(module: str) -> str:
    """Top folder of a module; empty for the two files of the roof."""
    parts = module.split(".")[1:]
    return parts[0] if parts and parts[0] in LINE_OF else ""


def violations(module: str, text: str) -> list[str]:
    """Imports of a module that point up or sideways."""
    own = folder(module)
    wrong = []
    for other in imports_of(text):
        target = folder(other)
        if target != own and LINE_OF[target] <= LINE_OF[own]:
            wrong.append(f"{module} -> {other}")
    return wrong


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Strongly connected components of more than one file."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    names = sorted(arrows)
    place = {name: i for i, name in enumerate(names)}
    pairs = [(place[a], place[b]) for a, bs in arrows.items() for b in bs if b in place and a != b]
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    graph = coo_matrix(([1] * len(pairs), (rows, columns)), shape=(len(names), len(names)))
    _, label = connected_components(graph, directed=True, connection="strong")
    groups: dict[int, list[str]] = {}
    for name, group in zip(names, label, strict=True):
        groups.setdefault(int(group), []).append(name)
    return [group for group in groups.values() if len(group) > 1]


def test_every_folder_has_a_line():
    here = {p.name for p in PACKAGE.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert here == set(LINE_OF) - {""}
    assert {p.name for p in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}


def test_imports_point_down():
    wrong = [v for m, path in MODULES.items() for v in violations(m, path.read_text("utf-8"))]
    assert not wrong, wrong


def test_no_circle_of_files():
    assert not circles({m: imports_of(path.read_text("utf-8")) for m, path in MODULES.items()})


def test_no_file_name_stands_three_times():
    counts: dict[str, int] = {}
    for path in PACKAGE.rglob("*.py"):
        fixed = path.parts[-3] == "mechanisms" or path.name == "__init__.py"
        if not fixed:
            counts[path.name] = counts.get(path.name, 0) + 1
    assert max(counts.values()) <= 2, {n: c for n, c in counts.items() if c > 2}


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("comity.models.x", "from comity.world.given import World"),
        ("comity.present.x", "from comity.engine.year import future"),
        ("comity.mechanisms.x", "import comity.scenarios.moves"),
        ("comity.scenarios.x", "from comity.mechanisms import catalogue"),
        ("comity.world.given", "def f():\n    from comity.engine.levers import Levers"),
        ("comity.registry.x", "from comity import cli"),
        ("comity.core.x", "import comity"),
    ],
)
def test_a_wrong_arrow_is_caught(module, text):
    assert violations(module, text)


def test_a_circle_is_caught():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
