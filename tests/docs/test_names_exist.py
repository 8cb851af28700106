"""Files and modules that the documentation, comments, YAML and TOML name are there."""

import ast
import io
import re
import tokenize
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from comity.cli.explain import everything
from comity.world.given import World, cards

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "comity"
# Folders that were there once; who names them means something that has moved.
FORMER = {"experiments", "outcomes", "calibrate"}
# Not ours: what papers' packages hold, and files that a reader of the page makes.
OTHERS = re.compile(
    r"output_map(_retal)?\.csv|my(-\w+)?\.yaml|both\.yaml|japan\.html|(runs|parts)/.*|claims/claims\.html"
)
FILE = re.compile(
    r"(?<![\w./<>*{:~-])((?:\.{1,2}/)*(?:[\w.-]+/)*[\w-]+\.(?:py|toml|yaml|yml|csv|md|bib|json|html|parquet))"
    r"(?![\w/<*{])"
)
SLASHED = re.compile(r"(?<![\w./<>*{:~-])((?:[\w-]+/)+[\w-]++)(?![/.<*{])")
DOTTED = re.compile(r"(?<![\w./-])((?:[a-z_]\w*\.)+[a-z_]\w*)(?![\w(/])")


def texts(path):
    """Lines in which a file speaks: all of a page, docstrings and comments of a module."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Where raw data lie is no file of ours; keys of a table are names of their own.
        return [
            (number, line)
            for number, line in enumerate(text.splitlines(), 1)
            if not re.match(r"\s*(?:path|file):|\[", line)
        ]
    found = [
        (token.start[0], token.string)
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    ]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            first = node.body[0]
            said = ast.get_docstring(node, clean=False).splitlines()
            found += [(first.lineno + place, line) for place, line in enumerate(said)]
    return found


@cache
def files():
    """Every file of the repository, and of the package without endings."""
    tops = ("src", "tests", "docs", "examples", "benchmarks", "tools")
    here = [p for top in tops for p in (ROOT / top).rglob("*") if "__pycache__" not in p.parts]
    named = [p.relative_to(ROOT).as_posix() for p in (*here, *ROOT.glob("*")) if p != ROOT]
    return [*named, *(name.removesuffix(".py") for name in named if name.endswith(".py"))]


@cache
def written():
    """Names of files that the package reads and writes elsewhere: texts in its code."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


@cache
def folders():
    """Dotted name of each folder of the package by its last part."""
    found = {}
    for path in (PACKAGE, *PACKAGE.rglob("*")):
        if path.is_dir() and path.name != "__pycache__" and path.parent.name != "mechanisms":
            dotted = ".".join(path.relative_to(PACKAGE.parent).parts)
            found.setdefault(path.name, []).append(dotted)
    return found


def there(name):
    """Whether a file, or a module named by slashes, is there; names may start at any folder."""
    bare = name.split("../")[-1]
    return bare in written() or any(one == bare or one.endswith(f"/{bare}") for one in files())


def resolves(dotted):
    """Whether a module, or something in one, has this name."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            thing = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            if not hasattr(thing, part):
                return False
            thing = getattr(thing, part)
        return True
    return False


@cache
def known():
    """Dotted names that are no modules: numbers, measures, fields of a world, series."""
    fields = {f"world.{name}" for name in (*World.__dataclass_fields__, *cards(), *dir(World))}
    series = (PACKAGE / "snapshot").glob("indicators*.csv")
    cells = {c for p in series for row in p.read_text("utf-8").splitlines() for c in row.split(",")}
    return frozenset(everything()) | fields | cells


def wrong_module(dotted):
    """Whether a dotted name begins as one of a module and is none."""
    first, _, rest = dotted.partition(".")
    if FILE.fullmatch(dotted) or dotted in known():
        return False
    if first in FORMER:
        return True
    if first not in folders():
        return False
    return not any(resolves(f"{home}.{rest}") for home in folders()[first])


def wrong_file(name):
    """Whether a name with slashes, or with the ending of a file, is that of none."""
    return not OTHERS.fullmatch(name) and not there(name)


def stale(text):
    """Names in a line of text that are those of nothing."""
    text = re.sub(r"https?://\S+", "", text)
    found = [name for name in FILE.findall(text) if wrong_file(name)]
    slashed = [
        n for n in SLASHED.findall(text) if n.split("/")[0] in {*folders(), *FORMER, "tests"}
    ]
    found += [name for name in slashed if wrong_file(name)]
    return found + [name for name in DOTTED.findall(text) if wrong_module(name)]


SPEAKING = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.py")),
    *sorted(p for p in PACKAGE.rglob("*") if p.suffix in (".py", ".toml", ".yaml", ".yml")),
]


def test_everything_named_is_there():
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {name}"
        for path in SPEAKING
        for number, line in texts(path)
        for name in stale(line)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "the refit of hindcasts.accession.ahead on 79 pairs",
        "``models.frameworks`` as it was",
        "see `comity.nowhere.at_all`",
        "values of ``growth.toml``",
        "held by tests/experiments/test_ensemble.py",
        "what models/council does",
        "[gone](../explanation/gone.md)",
        "once in experiments.compile",
    ],
)
def test_a_stale_name_is_caught(text):
    assert stale(text)


@pytest.mark.parametrize(
    "text",
    [
        "`comity.world.sector_world.sector_world` and `world.given.door`",
        "see src/comity/core/words.py and README.md, at https://example.org/no/such.md",
        "`trade.elasticity` and `world.sales`, 1/3 of 2016/17",
        "`run.json` in the folder of a run, numbers.toml",
    ],
)
def test_what_is_there_passes(text):
    assert not stale(text)
