"""Windows and macOS, by substitution: what only POSIX or Linux has is taken away, and all runs.

The machines themselves are not in reach of these tests; what differs between them is named here.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = sorted((Path(__file__).parents[1] / "src").rglob("*.py"))
MODULES = {
    *("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "posix", "syslog", "curses"),
    *("readline", "msvcrt", "winreg", "_winapi"),
}
# What os and signal have on some systems only.
PARTS = {
    "os": {
        *(
            "sched_getaffinity",
            "fork",
            "forkpty",
            "getuid",
            "geteuid",
            "getgid",
            "getpgid",
            "setsid",
        ),
        *("killpg", "mkfifo", "mknod", "uname", "getloadavg", "chown", "lchown", "fchown", "nice"),
        *("sysconf", "O_NOFOLLOW", "O_DIRECTORY", "O_CLOEXEC", "O_BINARY", "O_NONBLOCK", "statvfs"),
        *("pread", "pwrite", "sync", "fdatasync", "fchmod", "getppid", "wait", "waitpid"),
    },
    "signal": {
        "SIGHUP",
        "SIGBREAK",
        "SIGKILL",
        "SIGALRM",
        "SIGUSR1",
        "SIGUSR2",
        "SIGPIPE",
        "alarm",
    },
    "time": {"tzset"},
}


def only_here(text: str) -> list[str]:
    """Imports at the top of a module, and uses without a guard, of what some systems lack."""
    tree, found = ast.parse(text), []
    for node in tree.body:
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        found += [f"{node.lineno}: import {name}" for name in names if name in MODULES]
    guarded = [
        (node.lineno, node.end_lineno or node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "hasattr" in ast.dump(node.test)
    ]
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.attr in PARTS.get(node.value.id, ())
            and not any(low <= node.lineno <= high for low, high in guarded)
        ):
            found.append(f"{node.lineno}: {node.value.id}.{node.attr}")
    return found


def test_nothing_of_one_system_is_needed():
    wrong = {path: only_here(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert not {path: found for path, found in wrong.items() if found}


def test_what_is_of_one_system_is_caught():
    assert only_here("import fcntl") and only_here("from resource import getrusage")
    assert only_here("import os\nos.fork()") and only_here("import signal\nsignal.SIGKILL")
    assert not only_here("import os\nif hasattr(os, 'sync'):\n    os.sync()")
    assert not only_here("def f():\n    import fcntl")


def unsaid(text: str) -> list[str]:
    """Texts that are read or written in whatever encoding the system has."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        said = {word.arg for word in node.keywords}
        if name == "read_text" and not node.args and "encoding" not in said:
            found.append(f"{node.lineno}: read_text")
        own = isinstance(node.func, ast.Attribute)
        if name == "write_text" and own and len(node.args) == 1 and "encoding" not in said:
            found.append(f"{node.lineno}: write_text")
        mode = [a.value for a in node.args if isinstance(a, ast.Constant)]
        if name == "open" and "encoding" not in said and not any("b" in str(m) for m in mode):
            if not (own and getattr(node.func.value, "id", "") in ("os", "zarr", "webbrowser")):
                found.append(f"{node.lineno}: open")
    return found


def test_every_text_has_its_encoding():
    wrong = {path: unsaid(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert not {path: found for path, found in wrong.items() if found}


def test_a_text_without_encoding_is_caught():
    assert unsaid("p.read_text()") and unsaid("p.write_text('x')") and unsaid("open('a')")
    assert not unsaid("p.read_text('utf-8')") and not unsaid("open('a', 'rb')")


POORER = """
import os, signal, sys, types, zoneinfo
import jax, pandas, pyarrow.parquet, scipy.stats, xarray, zarr, pydantic, typer.testing
import rich.console, rich.progress, numcodecs, tempfile, subprocess, multiprocessing
parts = {parts!r}
for name in parts["os"]:
    if hasattr(os, name): delattr(os, name)
for name in parts["signal"]:
    if hasattr(signal, name): delattr(signal, name)
for name in {modules!r}:
    sys.modules[name] = None
held = []
def locking(handle, mode, count):
    held.append(handle)
sys.modules["msvcrt"] = types.SimpleNamespace(locking=locking, LK_NBLCK=2)
"""


@pytest.mark.slow
def test_every_module_and_a_whole_run_do_without(tmp_path):
    """In a process that has neither flock nor SIGHUP nor O_NOFOLLOW nor an affinity mask."""
    code = (
        POORER.format(parts=PARTS, modules=sorted(MODULES))
        + f"""
import pkgutil, importlib
import comity
for found in pkgutil.walk_packages(comity.__path__, "comity."):
    if not found.name.endswith("__main__") and "pyfixest" not in found.name:
        importlib.import_module(found.name)
from comity.cli import stops
from comity.cli.main import app
stops.listen()
out = {str(tmp_path / "run")!r}
given = ["run", "as-is", "--strategies", "steady", "--futures", "2", "--horizon", "2026"]
invoke = typer.testing.CliRunner().invoke
done = invoke(app, [*given, "--out", out])
assert done.exit_code == 0, (done.output, done.exception)
done = invoke(app, ["run", "--resume", out])
assert done.exit_code == 0, (done.output, done.exception)
assert len(held) == 2, held
print("all is well")
"""
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert "all is well" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("mine.yaml", True),
        ("folder/mine.yml", True),
        ("folder\\mine.yaml", True),
        ("C:\\a b\\mine.yaml", True),
        ("as-is", False),
    ],
)
def test_paths_of_both_kinds_are_told_from_names(text, file):
    from comity.scenarios.scenario import locate

    assert (str(locate(text, "scenario")) == text) == file
