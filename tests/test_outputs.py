"""What Comity writes stays in the folder that was named, whoever has put links into it.

For every file of every command: a link stands at its place, and at every name that a half-written
file has had in any version; it points to a file outside, which must not change.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import comity as cm
from comity.cli.main import app
from comity.core import whole
from comity.core.errors import BadInput

DOSSIER = """comity: dossier 1
name: x
title: A session
publisher: P
session: S
date: 2025-01-30
source: "{source}"
claims:
  - id: C1
    kind: observation
    said: Something holds.
    route: data
    why: Because.
    test: {{kind: level, indicator: conflicts, unit: WORLD, years: [2000, 2010], against: 1.0}}
    smallest: {{value: 0.1, unit: share, reason: judged}}
"""
OUTPUTS = {
    "trade": ("trade.json", "effects.csv", "flows.csv", "report.html"),
    "claims": ("claims.html", "claims.json"),
    "draft": ("draft.yaml",),
    "judge": ("judgement.json", "claims.json", "report.html"),
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "run"
    cm.run("as-is", strategies="steady", futures=2, horizon=2026, out=folder)
    return folder


def called(*arguments):
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def write(kind, folder, finished):
    """Let a command write all that it writes into a folder."""
    if kind == "trade":
        called("trade", "us-wall-25", "--draws", 0, "--out", folder)
    elif kind == "claims":
        (folder / "d.yaml").write_text(DOSSIER.format(source="https://example.org"), "utf-8")
        called("claims", "check", folder / "d.yaml", "--out", folder)
    elif kind == "draft":
        (folder / "text.txt").write_text("Japan should deepen ties with Australia.", "utf-8")
        called("claims", "draft", folder / "text.txt", "--out", folder / "draft.yaml")
    else:
        for path in finished.iterdir():
            if path.name not in OUTPUTS["judge"] and not (folder / path.name).exists():
                copy = shutil.copytree if path.is_dir() else shutil.copy
                copy(path, folder / path.name)
        called("report", folder)
        cm.judge(folder)
        cm.read(folder).report(folder / "report.html")


@pytest.mark.slow
@pytest.mark.parametrize("kind", OUTPUTS)
def test_no_link_is_followed(tmp_path, finished, kind):
    folder, outside = tmp_path / "out", tmp_path / "outside"
    folder.mkdir(), outside.mkdir()
    targets = {}
    for name in OUTPUTS[kind]:
        for number, link in enumerate((name, f"{name}.part", f".{name}.part", f"{name}.new")):
            target = outside / f"{name}-{number}"
            target.write_text("{}", encoding="utf-8")
            if kind == "judge" and number == 0 and name != "report.html":
                # What is read before it is written anew must be sound.
                if (finished / name).exists():
                    target.write_bytes((finished / name).read_bytes())
            (folder / link).symlink_to(target)
            targets[target] = target.read_bytes()
    write(kind, folder, finished)
    assert {path: path.read_bytes() for path in outside.iterdir()} == targets
    for name in OUTPUTS[kind]:
        own = folder / name
        assert own.is_file() and (not own.is_symlink() or kind == "judge")
    assert not [p for p in folder.iterdir() if p.name.endswith(".part") and not p.is_symlink()]


@pytest.mark.slow
def test_a_run_writes_into_its_folder_only(tmp_path):
    """Every file that is opened to write, made, moved or removed, as the interpreter sees it."""
    code = f"""
import os, sys, json
seen = set()
def watch(event, args):
    if event == "open" and isinstance(args[0], str):
        flags = args[2] or 0
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
            seen.add(os.path.abspath(args[0]))
    elif event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.symlink"):
        seen.update(os.path.abspath(a) for a in args[:2] if isinstance(a, str))
sys.addaudithook(watch)
from comity.cli.main import app
from typer.testing import CliRunner
result = CliRunner().invoke(app, ["run", "as-is", "--strategies", "steady", "--futures", "2",
                                  "--horizon", "2026", "--out", {str(tmp_path / "run")!r}])
assert result.exit_code == 0, result.output
print(json.dumps(sorted(seen)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    seen = [Path(p) for p in json.loads(done.stdout.splitlines()[-1])]
    inside = [p for p in seen if p.is_relative_to(tmp_path / "run")]
    cache = ("xla", "__pycache__")
    others = [p for p in seen if p not in inside and not set(cache) & {*p.parts}]
    assert len(inside) > 10 and not [p for p in others if p.as_posix() != "/dev/null"], others


ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<b>x</b>",
    "vbscript:x",
    "file:///etc/hostname",
    "//example.org/x",
    "https://example.org/\\nx y",
    "httpx://example.org",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_addresses_of_the_web_become_links(address):
    from comity.present.pages import linked

    found = str(linked("<b>text</b>", address))
    assert "href" not in found and found == "&lt;b&gt;text&lt;/b&gt;"
    good = str(linked("<b>", 'https://example.org/?a=1&b="2"'))
    assert good.startswith('<a href="https://example.org/?a=1&amp;b=&#34;2&#34;"')
    assert "<b>" not in good


def test_the_page_of_claims_has_no_other_links(tmp_path):
    import re

    for number, address in enumerate(["javascript:alert(1)", "https://example.org/report"]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "d.yaml").write_text(DOSSIER.format(source=address), encoding="utf-8")
        called("claims", "check", folder / "d.yaml", "--out", folder)
        page = (folder / "claims.html").read_text(encoding="utf-8")
        links = re.findall(r'href="([^"]*)"', page)
        assert all(link.startswith(("https://", "http://")) for link in links)
        assert (address in links) == (number == 1) and address in page
        assert f"comity claims check {folder / 'd.yaml'} --claim C1" in page


def test_every_template_lets_the_filter_make_its_links():
    """No address of a file stands in a template; downloads are made by us."""
    import re

    folder = Path(whole.__file__).parents[1] / "present" / "templates"
    for path in folder.glob("*.html"):
        for value in re.findall(r'(?:href|src)="([^"]*)"', path.read_text(encoding="utf-8")):
            assert value.startswith("{{ page.address("), f"{path.name}: {value}"


@pytest.mark.parametrize("name", ["it's; a `file` $(x).yaml", "plain.yaml"])
def test_commands_are_quoted(name):
    import shlex

    from comity.face.run import command_line
    from comity.study.laboratory import plan_of
    from comity.study.plan import Request

    plan = plan_of(Request("as-is", "JPN", ("steady",), 2, 1, None, "focus"))
    asked = replace(plan.request, scenario=name, strategies=(name, "steady"))
    words = shlex.split(command_line(replace(plan, request=asked)))
    assert words[2] == name and words[6] == f"{name},steady"


def test_a_trade_page_names_the_file_and_the_year(tmp_path):
    from comity.present.trade_page import command

    text = Path(cm.trade.files._library() / "us-wall-25.yaml").read_text(encoding="utf-8")
    path = tmp_path / "my wall.yaml"
    path.write_text(text, encoding="utf-8")
    asked = command(cm.trade(path, draws=0).document())
    assert asked.startswith(f"comity trade '{path}' --draws 0")
    assert "tariff-wall --year 2030" in command(
        cm.trade("tariff-wall", draws=0, year=2030).document()
    )


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    whole.write_text(path, "old")

    def broken(one, other):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(whole.os, "replace", broken)
    with pytest.raises(BadInput, match="cannot be written; Input/output error"):
        whole.write_text(path, "new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"] and path.read_text("utf-8") == "old"


def test_a_file_that_windows_holds_for_a_moment_is_replaced_in_the_end(tmp_path, monkeypatch):
    path, real, tries = tmp_path / "a.json", whole.os.replace, []

    def held(one, other):
        tries.append(one)
        if len(tries) < 3:
            raise PermissionError(13, "held by another program")
        real(one, other)

    monkeypatch.setattr(whole.os, "replace", held)
    monkeypatch.setattr(whole, "PATIENCE", (0.0, 0.0, 0.0))
    whole.write_text(path, "new")
    assert path.read_text("utf-8") == "new" and len(tries) == 3
    tries.clear()
    monkeypatch.setattr(whole, "PATIENCE", ())
    with pytest.raises(BadInput, match="close what holds the file open"):
        whole.write_text(path, "newer")
    assert path.read_text("utf-8") == "new"


def test_names_that_are_no_text_reach_records_as_escapes(tmp_path):
    whole.write_json(tmp_path / "a.json", {"file": "a\udcff.yaml"})
    assert whole.read_json(tmp_path / "a.json", "")["file"] == "a\udcff.yaml"
