"""Which replications stand on a file: theirs are the tests that compare with what was published."""

from __future__ import annotations

import ast
from pathlib import Path

FOLDER = "tests/evidence/replications"
# Those that look at every replication there is.
OF_ALL = ("test_published.py", "test_replicate.py")


def imported(path: Path, root: Path) -> set[str]:
    """Files of the package that a file imports, relative to the root."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("comity"):
            home = "src/" + (node.module or "").replace(".", "/")
            names = [f"{home}/{alias.name}" for alias in node.names]
            found |= {f"{name}.py" for name in (home, *names)}
            found |= {f"{name}/__init__.py" for name in (home, *names)}
    return {name for name in found if (root / name).is_file()}


def standing_on(root: Path, file: str) -> list[str]:
    """Test files of replications that import a file of the models, at first or at second hand."""
    known: dict[str, set[str]] = {}

    def reached(name: str, seen: set[str]) -> set[str]:
        for one in known.setdefault(name, imported(root / name, root)) - seen:
            seen.add(one)
            # What lies above the models uses all of them.
            if one.startswith(("src/comity/models/", "src/comity/evidence/")):
                reached(one, seen)
        return seen

    tests = sorted((root / FOLDER).glob("test_*.py"))
    names = [path.relative_to(root).as_posix() for path in tests if path.name not in OF_ALL]
    return [name for name in names if file in reached(name, set())]
