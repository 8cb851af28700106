"""Explain anything by name: a part of the model, a word of the reports, a file that ships.

For each: what it is, equation, paper, numbers with sources and grade, file and test. Names are
taken in English and Japanese.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable
from importlib import resources
from typing import Any

from comity.cli import glossary, wires
from comity.cli.glossary import plain
from comity.core.bibliography import papers_in
from comity.core.errors import BadInput
from comity.core.parameters import Parameter, book, every_book
from comity.core.words import LANGS
from comity.engine.contract import AbstractMechanism
from comity.engine.levers import Lever, declared
from comity.mechanisms.catalogue import (
    CLASSES,
    all_parameters,
    books,
    levers,
    own_levers,
)
from comity.mechanisms.folders import measures_of, package_of
from comity.present.i18n import has, t

Found = dict[str, Any]
# Tests of measures that stand together over several mechanisms.
MEASURED = {
    "trade": "outcomes",
    "armament": "outcomes",
    "commitment": "outcomes_crises",
    "crises": "outcomes_crises",
    "war": "outcomes_crises",
    "frameworks": "outcomes_frameworks",
    "checks": "outcomes_institutions",
    "council": "outcomes_institutions",
    "leadership": "outcomes_institutions",
    "elections": "outcomes_institutions",
}
# Tests of tables that do not have the table's name.
TESTS = {
    "states": "tests/data/test_states_table.py",
    "frameworks": "tests/data/test_memberships.py",
    "growth": "tests/evidence/hindcasts/test_growth_hindcast.py",
    "sector_tariffs": "tests/data/test_sectors.py",
    "sector_inputs": "tests/data/test_sectors.py",
    "critical": "tests/data/test_sectors.py",
    "events": "tests/data/test_indicators.py",
}


def _mechanism(cls: type[AbstractMechanism]) -> Found:
    module = inspect.getmodule(cls)
    doc = inspect.cleandoc(getattr(module, "__doc__", "") or "")
    return {
        "kind": "mechanism",
        "name": cls.name,
        "what": doc.split("\n")[0],
        "about": doc,
        "phase": cls.phase,
        "reads": list(cls.reads),
        "lagged": list(cls.lagged),
        "writes": list(cls.writes),
        "obeys": [lever.name for lever in own_levers(cls)],
        "reads_levers": list(cls.levers),
        "numbers": [
            p.record() for p in books()[cls.book].values() if p.name in cls.__dataclass_fields__
        ],
        "papers": papers_in(f"{doc} {cls.reference}"),
        "file": f"src/comity/mechanisms/{cls.name}/__init__.py",
        "numbers_file": f"src/comity/mechanisms/{cls.book}/numbers.toml",
        "tests": [_test_of(cls.name)],
    }


def _test_of(mechanism: str) -> str:
    return f"tests/mechanisms/test_{mechanism}.py"


def _parameters() -> dict[str, Found]:
    found = {}
    for p in all_parameters():
        used = [
            c.name for c in CLASSES if c.book == p.mechanism and p.name in c.__dataclass_fields__
        ]
        entry = {
            "kind": "parameter",
            "what": p.meaning,
            **p.record(),
            "made_by": _maker(p),
            "not_made_again": dict(p.note),
            "used_by": used,
            "papers": papers_in(p.source),
            "file": f"src/comity/mechanisms/{p.mechanism}/numbers.toml",
            "tests": [_test_of(used[0])],
        }
        found[p.key] = entry
        found.setdefault(p.name, entry)
    return found


def _beside() -> dict[str, Found]:
    """Numbers of second books, which no year uses: they are put in by hand."""
    found = {}
    for mechanism, file in every_book():
        for p in book(mechanism, file).values() if file != "numbers" else ():
            found[p.key] = {
                "kind": "parameter",
                "what": p.meaning,
                **p.record(),
                "in_the_year": "no: nothing switches it on; the file says why",
                "made_by": _maker(p),
                "not_made_again": dict(p.note),
                "papers": papers_in(p.source),
                "file": f"src/comity/mechanisms/{mechanism}/{file}.toml",
                "tests": [_test_of(mechanism)],
            }
            found.setdefault(p.name, found[p.key])
    return found


def _maker(p: Parameter) -> str:
    """File of what makes a number anew; empty where nothing of ours does."""
    return f"src/{p.made_by.partition(':')[0].replace('.', '/')}.py" if p.made_by else ""


def _levers() -> dict[str, Found]:
    of_the_year = {
        name: {
            **_lever(lever),
            "obeyed_by": [lever.obeyed_by],
            "read_by": [c.name for c in CLASSES if name in c.levers],
            "file": f"src/comity/mechanisms/{lever.obeyed_by}/levers.toml",
            "tests": [
                *(_test_of(one) for one in (lever.obeyed_by, lever.brings) if one),
                "tests/study/test_every_lever.py",
            ],
        }
        for name, lever in levers().items()
    }
    of_trade = {
        lever.name: {
            **_lever(lever),
            "obeyed_by": ["comity trade"],
            "read_by": [],
            "file": "src/comity/trade/levers.toml",
            "tests": ["tests/trade/test_trade_files.py", "tests/trade/test_trade_run.py"],
        }
        for lever in declared("comity.trade")
    }
    return of_the_year | of_trade


def _lever(lever: Lever) -> Found:
    return {
        "kind": "lever",
        "name": f"{lever.name}({', '.join(lever.signature)})",
        "what": lever.sentence["en"],
        "what_ja": lever.sentence["ja"],
        "unit": lever.unit,
        "bounds": [lever.low, lever.high],
    }


def measures() -> list[Found]:
    """Every measure of one state, in the order of the year."""
    return list(_outcomes().values())


def _outcomes() -> dict[str, Found]:
    return {
        o.name: {
            "kind": "outcome",
            "name": o.name,
            "what": o.label["en"],
            "what_ja": o.label["ja"],
            "reading": o.reading["en"],
            "unit": o.unit["en"],
            "direction": o.direction,
            "grade": o.grade,
            "file": f"src/comity/mechanisms/{cls.name}/measures.py",
            "tests": list(
                dict.fromkeys(map(_test_of, (cls.name, MEASURED.get(cls.name, cls.name))))
            ),
        }
        for cls in CLASSES
        for o in measures_of(package_of(cls.name), "JPN", ("CHN", "USA"))
    }


def _labels() -> dict[str, Found]:
    """Measures and numbers by what reports call them."""
    found: dict[str, Found] = {}
    for o in _outcomes().values():
        for label in (o["what"], o["what_ja"]):
            found.setdefault(plain(label), o)
    for key, entry in _parameters().items():
        if has(f"parameter.{key}"):
            for lang in LANGS:
                found.setdefault(plain(t(f"parameter.{key}", lang)), entry)
    return found


def _resources() -> list[dict[str, Any]]:
    text = resources.files("comity.snapshot").joinpath("datapackage.json").read_text("utf-8")
    return json.loads(text)["resources"]


def _columns() -> dict[str, Found]:
    found: dict[str, Found] = {}
    for resource in _resources():
        for field in resource["schema"]["fields"]:
            entry = {
                "kind": "column",
                "what": field.get("description", ""),
                **field,
                "name": f"{resource['name']}.{field['name']}",
                "table": resource["name"],
                "file": f"src/comity/snapshot/{resource['name']}.csv",
                "made_by": f"src/comity/data/tables/{resource['name']}.py",
                "tests": [TESTS.get(resource["name"], f"tests/data/test_{resource['name']}.py")],
            }
            found[entry["name"]] = entry
            found.setdefault(field["name"], entry)
    return found


# Earlier kinds win where a short name is shared; those that take long to read come last.
KINDS: tuple[Callable[[], dict[str, Found]], ...] = (
    lambda: {c.name: _mechanism(c) for c in CLASSES},
    _levers,
    _parameters,
    _beside,
    _outcomes,
    wires.moving,
    glossary.terms,
    glossary.aims,
    glossary.contested,
    _labels,
    lambda: glossary.tables(_resources()),
    _columns,
    glossary.studied,
    glossary.shipped,
)


def everything() -> dict[str, Found]:
    """All that can be explained, by name; earlier kinds win where a short name is shared."""
    found: dict[str, Found] = {}
    for kind in KINDS:
        for name, entry in kind().items():
            found.setdefault(name, entry)
    return found


def explain(name: str) -> Found:
    """What is known about a name.

    Raises
    ------
    BadInput
        Nothing has that name; the nearest names are given.
    """
    for kind in KINDS:
        found = kind()
        for one in (name, plain(name), f"aim.{name}"):
            if one in found:
                return found[one]
    from difflib import get_close_matches

    known = everything()
    near = get_close_matches(name, known, 4, 0.5)
    fix = f"did you mean {', '.join(near)}?" if near else "try: " + ", ".join(list(known)[:6])
    raise BadInput(f"nothing is called {name!r}", fix=fix)


def in_full(name: str) -> Found:
    """The same with what it is wired to, where it is a field, a lever or a measure."""
    found = explain(name)
    return found | wires.wired(found, name)


def in_words(found: Found) -> str:
    """The entry as text for a terminal."""
    head = f"{found['name']} ({found['kind']})\n{found['what']}"
    body = [found["about"].split("\n", 1)[-1].strip()] if "about" in found else []
    skip = {"name", "kind", "what", "about", "numbers", "papers"}
    body += [
        f"{key}: {_shown(value)}"
        for key, value in found.items()
        if key not in skip and value not in ("", [], {}, None)
    ]
    if found.get("numbers"):
        body.append("numbers:")
        body += [
            f"  {n['name']} = {n['value']:g} {n['unit']}  [{n['status']}, grade {n['grade']}]"
            f"  {n['meaning']}\n    source: {n['source']}"
            for n in found["numbers"]
        ]
    if found.get("papers"):
        body.append("papers:")
        body += [f"  {key}: {work}" for key, work in found["papers"].items()]
    return "\n".join([head, *body])


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{k} {_shown(v)}" for k, v in value.items())
    return str(value)


def _numbers(rows: Iterable[Found]) -> list[str]:
    """Table of numbers."""
    head = ["| number | value | unit | status | grade | source |", "|---|---|---|---|---|---|"]
    return head + [
        f"| {n['name']} | {n['value']:g} | {n['unit']} | {n['status']} | {n['grade']} "
        f"| {n['source']} |"
        for n in rows
    ]


def reference() -> str:
    """Page ``docs/reference/mechanisms.md``: every mechanism, lever and measure, from the code."""
    parts = [
        "# Mechanisms, levers, measures",
        "",
        "Written by `python -m comity.cli.explain > docs/reference/mechanisms.md`; a test keeps it "
        "current.",
        "",
    ]
    for cls in CLASSES:
        found = _mechanism(cls)
        others = [name for name in cls.levers if name not in found["obeys"]]
        parts += [
            f"## {cls.name}",
            "",
            found["about"],
            "",
            f"Phase {cls.phase}. Reads {_shown(found['reads'])}"
            + (f"; last year's {_shown(found['lagged'])}" if cls.lagged else "")
            + f". Writes {_shown(found['writes'])}."
            + (f" Obeys the levers {_shown(found['obeys'])}." if found["obeys"] else "")
            + (f" Reads the levers {_shown(others)}, which others obey." if others else "")
            + f" File `{found['file']}`, test `{_shown(found['tests'])}`.",
            "",
        ]
        if found["numbers"]:
            parts += [*_numbers(found["numbers"]), ""]
    beside = {found["name"]: found for found in _beside().values()}
    parts += [
        "## Numbers that no year uses",
        "",
        "Estimated, printed with their spread, and left out of the year; their files say why.",
        "",
        *_numbers(beside.values()),
        "",
    ]
    parts += [
        "## Levers",
        "",
        "| lever | unit | from | to | obeyed by | what it does |",
        "|---|---|---|---|---|---|",
    ]
    parts += [
        f"| {f['name']} | {f['unit']} | {f['bounds'][0]:g} | {f['bounds'][1]:g} "
        f"| {_shown(f['obeyed_by'])} | {f['what']} |"
        for f in _levers().values()
    ]
    parts += [
        "",
        "## Measures",
        "",
        "| measure | unit | better | grade | reading |",
        "|---|---|---|---|---|",
    ]
    parts += [
        f"| {f['name']} | {f['unit']} | {f['direction']} | {f['grade']} | {f['reading']} |"
        for f in _outcomes().values()
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    print(reference(), end="")
