"""Small files, small functions, and nothing of the machine it was written on."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
LINES, FUNCTION = 400, 80


def too_long(text: str) -> list[str]:
    found = [f"{text.count(chr(10))} lines"] if text.count("\n") > LINES else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or 0) - node.lineno + 1
            if size > FUNCTION:
                found.append(f"{node.name}: {size} lines")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path):
    assert not too_long(path.read_text(encoding="utf-8"))


def test_a_long_module_and_a_long_function_are_caught():
    assert too_long("x = 1\n" * (LINES + 1))
    assert too_long("def f():\n" + "    x = 1\n" * FUNCTION)
    assert not too_long("def f():\n" + "    x = 1\n" * (FUNCTION - 1))


def test_no_machine_paths():
    pattern = re.compile(r"/(work|root|home|Users)/")
    for folder in ("src", "tests", "docs", "benchmarks", "examples"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".yaml", ".toml", ".csv", ".json"}:
                if path.name != "test_code_health.py":
                    assert not pattern.search(path.read_text(encoding="utf-8")), path


def test_every_cited_key_is_in_the_bibliography():
    bib = (ROOT / "src/comity/core/references.bib").read_text(encoding="utf-8")
    keys = set(re.findall(r"@\w+\{([^,]+),", bib))
    cited = set()
    for path in [*SOURCES, *(ROOT / "src").rglob("*.toml")]:
        cited |= set(re.findall(r"\b([a-z]+(?:19|20)\d\d[a-z]+)\b", path.read_text("utf-8")))
    assert cited <= keys, sorted(cited - keys)
    assert len(keys) == bib.count("\n@") + bib.startswith("@"), "a key stands twice"


def names_of(node: ast.stmt) -> list[str]:
    """Names that a statement at the top of a module makes and hands to nobody itself."""
    if getattr(node, "decorator_list", ()):
        return []
    made = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", node)]
    names = [getattr(one, "id", getattr(one, "name", "")) for one in made]
    return [name for name in names if name and not name.startswith("__")]


def unused(files: dict[str, str], modules: list[str]) -> list[str]:
    """Names at the top of modules that nothing uses.

    A use is a second mention in the module, a mention in a file that names the module too, or one
    after a dot anywhere: modules that are found by name are asked so.
    """
    words = {name: Counter(re.findall(r"\w+", text)) for name, text in files.items()}
    asked = {word for text in files.values() for word in re.findall(r"\w\)?\.(\w+)", text)}
    where: dict[str, set[str]] = {}
    for name, counts in words.items():
        for word in counts:
            where.setdefault(word, set()).add(name)
    found = []
    for module in modules:
        path = Path(module)
        stem = path.parent.name if path.stem == "__init__" else path.stem
        made = [name for node in ast.parse(files[module]).body for name in names_of(node)]
        found += [
            f"{module}: {name}"
            for name in made
            if name not in asked
            and words[module][name] < 2
            and not (where[name] & where.get(stem, set())) - {module}
        ]
    return found


def test_no_name_stands_unused():
    tops = ("src", "tests", "docs", "examples", "benchmarks", "tools")
    kinds = {".py", ".md", ".toml", ".yaml", ".html"}
    paths = [p for top in tops for p in (ROOT / top).rglob("*") if p.suffix in kinds]
    paths += [ROOT / "pyproject.toml", ROOT / "Makefile"]
    files = {p.relative_to(ROOT).as_posix(): p.read_text(encoding="utf-8") for p in paths}
    assert not unused(files, [p.relative_to(ROOT).as_posix() for p in SOURCES])


def test_an_unused_name_is_caught():
    text = "HOUSE = 1\nUSED: int = 2\n\n\ndef table(): return USED\n\n\n@app\ndef verb(): pass\n"
    assert unused({"a/m.py": text}, ["a/m.py"]) == ["a/m.py: HOUSE", "a/m.py: table"]
    other = {"t.py": "HOUSE = 2", "u.py": "from a.m import table"}
    assert unused({"a/m.py": text, **other}, ["a/m.py"]) == ["a/m.py: HOUSE"]


# Who asks a prior beside the ensemble, which alone draws: not at random, but at chosen points.
AT_POINTS = {
    "src/comity/core/parameters.py": "the draw itself",
    "src/comity/study/ensemble.py": "draws of runs, claims and trade",
    "src/comity/claims/order.py": "equal steps of probability, whatever the seed",
    "src/comity/trade/files.py": "the median of a scenario's uncertainty",
}


def asks_priors(text: str) -> bool:
    """Whether a module draws numbers itself, or takes quantiles of a prior."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module == "comity.core.parameters":
            if {"draw", "uniforms"} & {alias.name for alias in node.names}:
                return True
        if isinstance(node, ast.Attribute) and node.attr == "quantile":
            if "prior" in ast.unparse(node.value):
                return True
    return False


def test_numbers_are_drawn_in_one_place():
    asking = {p.relative_to(ROOT).as_posix() for p in SOURCES if asks_priors(p.read_text("utf-8"))}
    assert asking <= set(AT_POINTS), asking - set(AT_POINTS)
    assert set(AT_POINTS) - asking <= {"src/comity/core/parameters.py"}


def test_a_second_draw_is_caught():
    assert asks_priors("from comity.core.parameters import Parameter, draw")
    assert asks_priors("x = number.prior.quantile(u)")
    assert not asks_priors("from comity.core.parameters import book\nx = np.quantile(u, 0.5)")
