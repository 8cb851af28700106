"""Small changes of the code that a test ought to notice: signs, constants, comparisons, arguments.

What only words see is left alone: docstrings, annotations, messages of errors, names, decorators.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDERS = ("models", "mechanisms", "engine", "judge")
TOLERANCE = 1e-5

OPERATORS: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.MatMult: ast.Mult,
}
COMPARISONS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
# Functions of one signature that are easily taken for one another.
TWINS = {
    "minimum": "maximum",
    "min": "max",
    "any": "all",
    "sum": "mean",
    "exp": "expm1",
    "log": "log1p",
    "argmin": "argmax",
    "cumsum": "cumprod",
    "floor": "ceil",
    "nansum": "nanmean",
}
TWINS |= {other: one for one, other in TWINS.items()}


@dataclass(frozen=True)
class Change:
    """One change: where it stands, what stood there, what stands there instead."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    kind: str
    before: str
    after: str

    def applied(self, source: str) -> str:
        """The source with the change in it; columns count bytes, as ``ast`` does."""
        lines = source.encode().split(b"\n")
        head = b"\n".join([*lines[: self.line - 1], lines[self.line - 1][: self.column]])
        tail = b"\n".join([lines[self.end_line - 1][self.end_column :], *lines[self.end_line :]])
        return (head + self.after.encode() + tail).decode()


def _constant(node: ast.Constant) -> str | None:
    value = node.value
    if isinstance(value, bool):
        return str(not value)
    if isinstance(value, int):
        return str(value + 1)
    # Below that it is a tolerance or a guard against nil: half as much again is the same rule.
    if isinstance(value, float) and not 0.0 < abs(value) < TOLERANCE:
        return repr(value * 1.5) if value else "1.0"
    return None


def _replaced(node: ast.AST) -> Iterator[tuple[str, ast.AST | str]]:
    """Kinds of change that a node allows, each with what takes its place."""
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield "operator", ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield "sign or not dropped", node.operand
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        turned = COMPARISONS[type(node.ops[0])]()
        yield "comparison", ast.Compare(node.left, [turned, *node.ops[1:]], node.comparators)
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and or or", ast.BoolOp(other, node.values)
    elif isinstance(node, ast.IfExp):
        yield "other branch", ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Constant) and (new := _constant(node)):
        yield "constant", new
    elif isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in TWINS:
            func = (
                ast.Attribute(node.func.value, TWINS[name], ast.Load())
                if isinstance(node.func, ast.Attribute)
                else ast.Name(TWINS[name], ast.Load())
            )
            yield "twin function", ast.Call(func, node.args, node.keywords)
        if name == "clip" and node.args and not isinstance(node.args[0], ast.Starred):
            yield "clip dropped", node.args[0]
        if name == "where" and len(node.args) == 3:
            test, one, other = node.args
            yield "other branch", ast.Call(node.func, [test, other, one], [])


# Nodes below which nothing is changed: what they hold is words, types or the check of an input.
WORDS_ONLY = (ast.Raise, ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom)


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, WORDS_ONLY):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "keywords", "type_params"):
            if not (name == "keywords" and isinstance(node, ast.Call)):
                continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _nodes(child)


def _is_type(node: ast.AST) -> bool:
    """A type alias such as ``Float[Array, "N"] | None``: no computation."""
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Subscript | ast.BinOp)
        and (
            any(
                isinstance(n, ast.Constant) and isinstance(n.value, str)
                for n in ast.walk(node.value)
            )
            and not any(isinstance(n, ast.Call) for n in ast.walk(node.value))
        )
    )


def changes(path: Path, root: Path) -> list[Change]:
    """All changes of a file, in the order of the text."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if not _is_type(node)]
    made = []
    for node in _nodes(tree):
        for kind, new in _replaced(node):
            before = ast.get_source_segment(source, node) or ""
            after = new if isinstance(new, str) else f"({ast.unparse(new)})"
            made.append(
                Change(
                    path.relative_to(root).as_posix(),
                    node.lineno,
                    node.col_offset,
                    node.end_lineno,
                    node.end_col_offset,
                    kind,
                    before,
                    after,
                )
            )
    return sorted(made, key=lambda one: (one.line, one.column, one.kind))


def all_changes(root: Path) -> list[Change]:
    """Every change of the folders that compute."""
    package = root / "src" / "comity"
    files = sorted(path for folder in FOLDERS for path in (package / folder).rglob("*.py"))
    return [one for path in files for one in changes(path, root)]


def sample(population: list[Change], many: int, seed: int) -> list[Change]:
    """A seeded sample without replacement, in the order in which it was drawn."""
    return random.Random(seed).sample(population, min(many, len(population)))
