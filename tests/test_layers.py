"""A folder imports only folders below it; folders on one line do not see each other; no circles."""

import ast
import re
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
# Files of a mechanism that have the same names in each.
FIXED = {"__init__.py", "fields.py", "measures.py"}
# Names in texts are arrows too: `import_module("comity.judge")` imports as well as `import` does.
NAMED = re.compile(r"(comity(?:\.\w+)+)(?:[:.].*)?")
# Readers of data files that may be told of a folder above them, which holds code as well: the
# numbers and words of a mechanism lie with it. docs/decisions/2026-11-29-the-house.md says why.
READERS = {"files", "words"}
DATA_ABOVE = {
    ("comity.core.parameters", "comity.mechanisms"),
    ("comity.present.i18n", "comity.mechanisms"),
}
# The page of public names is written for the package itself, which is there when anything is.
ROOF_ABOVE = {("comity.face.reference", "comity")}


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


PACKAGES = {m for m, path in MODULES.items() if path.name == "__init__.py"}


def source(module: str, node: ast.ImportFrom) -> str:
    """Full name of what an import takes names from, seen from the module that it stands in."""
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    kept = len(parts) - node.level + (module in PACKAGES)
    return ".".join([*parts[:kept], *([node.module] if node.module else [])])


def imports_of(module: str, text: str, known=frozenset(MODULES)) -> set[str]:
    """Modules of the package that a module imports, wherever the import stands."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            home = source(module, node)
            if home.split(".")[0] == "comity":
                names = {f"{home}.{alias.name}" for alias in node.names}
                found |= {full if full in known else home for full in names}
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names if a.name.split(".")[0] == "comity"}
    return found


def _text(node: ast.AST) -> str:
    """A text, or how one begins whose rest is put in."""
    if isinstance(node, ast.JoinedStr):
        return _text(node.values[0]) if node.values else ""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _module_of(text: str, known=frozenset(MODULES)) -> str:
    """Module or folder that a text names; empty where it names none."""
    match = NAMED.fullmatch(text)
    parts = match[1].split(".") if match else []
    while parts and not any(
        m == ".".join(parts) or m.startswith(f"{'.'.join(parts)}.") for m in known
    ):
        parts.pop()
    return ".".join(parts) if len(parts) > 1 else ""


def named_in(text: str) -> set[tuple[str, bool]]:
    """Modules and folders of the package that texts of a module name, and whether for data only."""
    tree = ast.parse(text)
    data = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in READERS
        for argument in node.args
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and getattr(node.value, "attr", "") == "modules":
            if _text(node.slice) == "comity":
                found.add(("comity", False))
        elif isinstance(node, ast.Constant | ast.JoinedStr) and _module_of(_text(node)):
            found.add((_module_of(_text(node)), id(node) in data))
    # The beginning of a text that is put together stands in the tree once more, by itself.
    return {(name, for_data) for name, for_data in found if for_data or (name, True) not in found}


def folder(module: str) -> str:
    """Top folder of a module; empty for the two files of the roof."""
    parts = module.split(".")[1:]
    return parts[0] if parts and parts[0] in LINE_OF else ""


def violations(module: str, text: str) -> list[str]:
    """Imports of a module, and names in its texts, that point up or sideways."""
    arrows = {(module, other) for other in imports_of(module, text)}
    for other, for_data in named_in(text):
        allowed = DATA_ABOVE if for_data else ROOF_ABOVE
        arrows |= {(module, other)} - allowed
    return sorted(f"{module} -> {other}" for _, other in arrows if up_or_sideways(module, other))


def up_or_sideways(module: str, other: str) -> bool:
    """Whether an arrow leaves a folder for one that is not below it."""
    own, target = folder(module), folder(other)
    return target != own and LINE_OF[target] <= LINE_OF[own]


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
    arrows = {}
    for module, path in MODULES.items():
        text = path.read_text("utf-8")
        by_name = {other for other, for_data in named_in(text) if not for_data}
        arrows[module] = imports_of(module, text) | by_name - {m for _, m in ROOF_ABOVE}
    assert not circles(arrows)


def test_every_exception_is_needed():
    texts = {m: MODULES[m].read_text("utf-8") for m, _ in DATA_ABOVE | ROOF_ABOVE}
    for module, other in DATA_ABOVE:
        assert (other, True) in named_in(texts[module]) and up_or_sideways(module, other)
    for module, other in ROOF_ABOVE:
        assert (other, False) in named_in(texts[module]) and up_or_sideways(module, other)


def repeated(paths) -> dict[str, int]:
    """File names that stand more than twice; the fixed ones of mechanisms' folders apart."""
    counts: dict[str, int] = {}
    for path in paths:
        fixed = path.parent.parent.name == "mechanisms" and path.name in FIXED
        if not fixed and path.name != "__init__.py":
            counts[path.name] = counts.get(path.name, 0) + 1
    return {name: count for name, count in counts.items() if count > 2}


def test_no_file_name_stands_three_times():
    assert not repeated(PACKAGE.rglob("*.py"))


def test_only_the_fixed_names_of_a_mechanism_may_stand_often():
    folders = [PACKAGE / "mechanisms" / name for name in ("war", "trade", "crises")]
    assert not repeated(f / name for f in folders for name in FIXED)
    assert repeated(f / "payoffs.py" for f in folders) == {"payoffs.py": 3}


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
        ("comity.models.x", "from ..world import given"),
        ("comity.models.trade.x", "from ...engine.year import future"),
        ("comity.models", "from ..engine import year"),
        ("comity.core.x", "from .. import cli"),
        ("comity.core.x", 'import_module("comity.judge.judgement")'),
        ("comity.core.x", 'HOMES = {"judge": "comity.judge.judgement:judge"}'),
        ("comity.models.x", 'import_module(f"comity.mechanisms.{name}.fields")'),
        ("comity.core.x", 'resources.files("comity.present")'),
        ("comity.core.parameters", 'import_module("comity.mechanisms.trade")'),
        ("comity.core.parameters", 'import_module(f"comity.mechanisms.{name}")'),
        ("comity.study.x", 'sys.modules["comity"].run()'),
    ],
)
def test_a_wrong_arrow_is_caught(module, text):
    assert violations(module, text)


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("comity.models.trade.x", "from .gravity import fit"),
        ("comity.models.trade", "from . import gravity"),
        ("comity.world.x", 'resources.files("comity.registry").joinpath("focus.csv")'),
        ("comity.world", 'NAMES = {"load": "comity.world.snapshot:load_world"}'),
        ("comity.core.x", 'x = "comity trade 1", "comity", "comity.yaml"'),
    ],
)
def test_a_right_arrow_passes(module, text):
    assert not violations(module, text)


def test_a_circle_is_caught():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
