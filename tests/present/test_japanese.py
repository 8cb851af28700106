"""The Japanese report has no word in Latin letters but names, sources, codes and listed ones.

The page is filled with everything that the library and the books can bring into it: all numbers,
uncertainties, dated moves, data tables, measures and words of the aims.
"""

import re
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pandas as pd
import pytest
from ruamel.yaml import YAML
from synthetic_run import aims, gain, write

import comity
from comity.core.parameters import book, every_book
from comity.core.words import LANGS, both, words
from comity.engine.levers import acts_of
from comity.mechanisms.catalogue import levers
from comity.present import plates, report
from comity.present.folder import Folder, read
from comity.present.i18n import catalogue, pick, prose, proses
from comity.registry import frameworks
from comity.scenarios.acts import acts, rule_acts
from comity.scenarios.scenario import load_scenario
from comity.study.laboratory import vocabulary

LIBRARY = resources.files(comity).joinpath("library")
WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_'./&+-]*[A-Za-z0-9]|[A-Za-z]")
# What is marked as code is no text, nor is a reference to a paper; a drawing is scanned by what it
# shows, but for that of who reads what, whose heads are names of mechanisms as files write them.
SILENT = {"style", "code", "title", "desc", "cite"}
CODES = ("class", "codes")


class Visible(HTMLParser):
    """Collects the text that a reader of the page sees."""

    def __init__(self):
        super().__init__()
        self.text, self.stack = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "input", "br", "link"):
            self.stack.append("code" if CODES in attrs else tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        self.stack.pop()

    def handle_data(self, data):
        if not SILENT & set(self.stack):
            self.text.append(data)


def visible(page: str) -> list[str]:
    parser = Visible()
    parser.feed(page)
    return [text.strip() for text in parser.text if text.strip()]


def foreign() -> dict:
    source = resources.files("comity.present").joinpath("i18n", "foreign.toml")
    return tomllib.loads(source.read_text("utf-8"))


def strange(texts: list[str]) -> dict[str, str]:
    """Words in Latin letters that no list allows, with the text in which they stand."""
    given = foreign()
    known = {word for group in given["group"] for word in group["words"]}
    known |= set(frameworks.ids())
    forms = [re.compile(one["form"]) for one in given["form"]]
    phrases = sorted((p for g in given["group"] for p in g.get("phrases", ())), key=len)
    found = {}
    for text in texts:
        rest = text
        for phrase in reversed(phrases):
            rest = rest.replace(phrase, "　")
        for word in WORD.findall(rest):
            if not re.search("[A-Za-z]", word):
                continue
            if word not in known and not any(form.fullmatch(word) for form in forms):
                found.setdefault(word, text)
    return found


def library(part: str) -> list[dict]:
    return [
        YAML(typ="safe").load(path.read_text("utf-8"))
        for path in sorted(LIBRARY.joinpath(part).iterdir(), key=lambda p: p.name)
        if path.name.endswith(".yaml")
    ]


def everything(run: dict) -> dict:
    """A run record that holds all that the library can bring into a report."""
    from comity.study.record import _tables

    names = acts_of(levers().values())
    known = replace(vocabulary(), actor="JPN")
    scenarios = [load_scenario(one["name"], known) for one in library("scenarios")]
    moves = [act for one in scenarios for act in acts(one.moves, names)]
    moves += [act for one in scenarios for act in rule_acts(one.rules, names)]
    doubts = {
        f"{one['name']}:{name}" if part == "strategies" else name: given
        for part in ("scenarios", "strategies")
        for one in library(part)
        for name, given in (one.get("uncertainties") or {}).items()
    }
    run["scenario"] |= {"acts": moves}
    run["parameters"] = [p.record() for place in every_book() for p in book(*place).values()]
    run["uncertainties"] = [
        {
            "name": name,
            "kind": "number" if given.get("prior") else "choice",
            "values": list(given.get("choices") or [0.1, 0.5]),
            "weights": [],
            "unit": given.get("unit"),
            "status": given["status"],
            "source": " ".join(given["source"].split()),
            "meaning": given["meaning"],
        }
        for name, given in doubts.items()
    ]
    known_ways = {one["name"]: one for one in library("strategies")}
    for strategy in run["strategies"]:
        strategy |= {key: known_ways[strategy["name"]][key] for key in ("title", "summary", "cost")}
    unsolved = both(words("comity.study")["warning.failed"], failed=1, futures=20)
    unfilled = both(words("comity.study")["warning.filled"], field="milex", share="2.1%")
    run |= {"id": "17ae8cbc2d579b63", "warnings": [unsolved, unfilled]}
    run["data"]["tables"] = _tables()
    return run


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Folder:
    """A run of invented figures in which every text is one of the library's."""
    path = write(tmp_path_factory.mktemp("japanese") / "run", futures=20, failed=1)
    real = {"us_posture": "continuation", "retaliation_share": "reach_2025"}
    judged = (path / "judgement.json").read_text("utf-8")
    for invented, name in real.items():
        judged = judged.replace(f'"{invented}"', f'"{name}"')
    (path / "judgement.json").write_text(judged, "utf-8")
    drawn = pd.read_parquet(path / "draws.parquet").rename(columns=real)
    drawn.to_parquet(path / "draws.parquet", index=False)
    found = read(path)
    names = found.strategies
    good = gain(0.62, 0.2, 0.9, "large", "large", "better")
    several = aims(names, {("consumption", names[-1]): good, ("burden", names[1]): None})
    return Folder(path, everything(dict(found.run)), found.judgement | {"aims": several})


def test_no_foreign_word_comes_from_the_library_or_the_books(folder, monkeypatch):
    monkeypatch.setattr(plates, "PLATES", dict.fromkeys(plates.PLATES, lambda *_: None))
    monkeypatch.setattr(plates, "command", lambda *_: "")
    assert not strange(visible(report.render(folder, ("ja",))))


@pytest.mark.slow
def test_no_foreign_word_stands_in_a_figure(folder):
    assert not strange(visible(report.render(folder, ("ja",))))


def test_no_foreign_word_stands_in_the_catalogue():
    texts = [re.sub(r"\{\w+\}", "", text) for text in catalogue("ja").values()]
    assert not strange(texts)


def test_a_foreign_word_is_found():
    assert set(strange(["関税 tariff", "OECD", "gibler2016analysis", "a 国"])) == {"tariff", "a"}


def test_each_exception_has_a_reason_and_none_stands_twice():
    given = foreign()
    listed = [word for group in given["group"] for word in group["words"]]
    assert len(listed) == len(set(listed))
    assert all(len(one["reason"]) > 10 for one in (*given["group"], *given["form"]))


def test_notes_are_there_in_every_language_and_once():
    held = proses()
    source = resources.files("comity.present").joinpath("i18n", "prose.toml")
    every = tomllib.loads(source.read_text("utf-8"))["text"]
    assert len(held) == len(every)
    assert all(set(one) == set(LANGS) and all(one.values()) for one in every)


def test_a_note_is_found_as_a_whole_or_part_by_part():
    assert prose("thousand  persons", "ja") == "千人"
    assert prose("E155; Executive Order 14345", "ja") == "E155；大統領令14345"
    assert prose("E155; Executive Order 14345", "en") == "E155; Executive Order 14345"
    assert pick("no such note", "ja") == "no such note"
