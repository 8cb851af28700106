"""Small files, small functions, and nothing of the machine it was written on."""

import ast
import re
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
