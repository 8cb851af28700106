"""One direction: files, world, futures, judgement, pictures. An import the other way fails."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "comity"

# Stage of a module by the longest matching prefix; imports may only point to the same or an
# earlier stage. `errors`, `types` and `ops` are below all.
STAGES = {
    "errors": 0,
    "axes": 1,
    "types": 0,
    "ops": 0,
    "runtime": 0,
    "__init__": 0,
    "registry": 1,
    "snapshot": 1,
    "base_year": 3,
    "data": 2,
    "library": 1,
    "world": 3,
    "coarsen": 3,
    "parameters": 3,
    "sector_detail": 3,
    "sector_shock": 3,
    "sector_world": 3,
    "models": 3,
    "mechanisms": 4,
    "programme": 5,
    "simulate": 5,
    "calibrate": 1,
    "history": 3,
    "scoring": 3,
    "backtest": 6,
    "hindcasts": 7,
    "replications": 7,
    "experiments": 7,
    "claims": 8,
    "claims.commands": 10,
    "present": 9,
    "explain": 9,
    "trade": 10,
    "cli": 10,
    "__main__": 11,
}
# What a stage must not see although it lies above it.
FORBIDDEN = {
    "models": ("world", "simulate", "mechanisms", "data", "snapshot"),
    "present": ("models", "mechanisms", "world", "simulate", "experiments", "programme"),
    "data": ("world", "mechanisms", "simulate"),
}


def part(module: str) -> str:
    """Part of the package that a module belongs to: the longest that has a stage of its own."""
    words = module.split(".")[1:] or ["__init__"]
    longest = ".".join(words[:2])
    return longest if longest in STAGES else words[0]


def imports_of(text: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("comity"):
            if node.module == "comity":
                found |= {f"comity.{alias.name}" for alias in node.names}
            else:
                found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names if a.name.startswith("comity")}
    return found


def violations(own: str, text: str) -> list[str]:
    """Imports of a module, given by its top part, that point the wrong way."""
    wrong = []
    for module in imports_of(text):
        other = part(module)
        if other == own or other.startswith("__"):
            continue
        assert other in STAGES, f"{module}: give it a stage"
        if STAGES[other] > STAGES[own] or other in FORBIDDEN.get(own, ()):
            wrong.append(f"{own} -> {other}")
    return wrong


def test_imports_point_one_way():
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        own = part(".".join(("comity", *path.relative_to(PACKAGE).with_suffix("").parts)))
        assert own in STAGES, f"{path}: give it a stage"
        wrong += [f"{path.name}: {v}" for v in violations(own, path.read_text(encoding="utf-8"))]
    assert not wrong, wrong


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ("models", "from comity.world import World"),
        ("present", "from comity.simulate import future"),
        ("mechanisms", "import comity.experiments.run"),
        ("world", "def f():\n    from comity.mechanisms.base import Levers"),
        ("registry", "from comity import cli"),
    ],
)
def test_a_wrong_arrow_is_caught(own, text):
    assert violations(own, text)
