"""The report as a file: self-contained, in both languages, safe, the same bytes every time."""

import base64
import html
import json
import re
from html.parser import HTMLParser

import pytest
from synthetic_run import write

from comity.core.errors import BadInput
from comity.present import plates, report
from comity.present.folder import read

VOID = {"meta", "input", "br", "link", "img", "hr"}


class Page(HTMLParser):
    """Collects tags, attributes and text, and checks that tags close."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.stack, self.text = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def parse(text: str) -> Page:
    page = Page()
    page.feed(text)
    assert page.stack == []
    return page


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return write(tmp_path_factory.mktemp("run") / "run", futures=60, failed=3)


@pytest.fixture(scope="module")
def text(run):
    return report.write(run).read_text(encoding="utf-8")


def test_nothing_points_outside_the_file(text):
    page = parse(text)
    for _, name, value in page.attributes:
        if name in ("src", "href", "xlink:href", "action", "srcset", "data"):
            assert value.startswith(("#", "data:text/csv")), value
    assert not {"script", "link", "iframe", "img", "object", "embed"} & set(page.tags)
    assert not re.search(r"https?:|@import|url\((?!#)", text)
    assert not any(name.startswith("on") for _, name, _ in page.attributes)


def test_it_asks_for_the_strict_policy_itself(text):
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


def test_ids_are_unique_and_every_reference_is_met(text):
    page = parse(text)
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    met = set(ids)
    for _, name, value in page.attributes:
        if name in ("href", "xlink:href") and value.startswith("#"):
            assert value[1:] in met
        if name in ("for", "aria-labelledby"):
            assert set(value.split()) <= met
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= met


def test_both_languages_hold_the_same_parts_in_order(text):
    parts = {
        lang: re.findall(rf'<(?:section|figure) id="{lang}-([\w-]+)"', text)
        for lang in ("en", "ja")
    }
    assert parts["en"] == parts["ja"]
    sections = [
        "answer",
        "change",
        "scenario",
        "ranking",
        "map",
        "bands",
        "drivers",
        "failure",
        "learn",
        "evidence",
        "measures",
        "figures",
        "doubts",
        "judged",
        "numerics",
        "reproduce",
    ]
    assert re.findall(r'<section id="en-([\w-]+)"', text) == sections


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_figure_has_table_source_command_title_and_description(text, run, lang):
    folder = read(run)
    for name, make in plates.PLATES.items():
        assert make(folder, lang), name
        block = re.search(rf'<figure id="{lang}-figure-{name}".*?</figure>', text, re.S).group(0)
        assert "<table>" in block and "<details" in block and "<title" in block
        assert html.escape(plates.source(folder, lang, name)) in block.replace("&#39;", "'")
        assert f"--figure {name} --lang {lang}" in block
        if not name.startswith("map"):
            assert "<desc" in block
        held = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', block).group(1)
        lines = base64.b64decode(held).decode().splitlines()
        rows = len(re.findall(r"<tr>", block[block.index("<tbody>") :]))
        assert len(lines) == rows + 1


def test_failed_futures_are_counted(text):
    assert "3 of 60 futures could not be solved" in text
    assert "将来60通りのうち3通りは解けなかった" in text


@pytest.mark.slow
def test_the_same_folder_gives_the_same_bytes(run, text):
    assert report.write(run).read_text(encoding="utf-8") == text


def test_one_language_alone_has_no_switch(run, text):
    folder = read(run)
    alone = report.render(folder, ("ja",))
    assert 'lang="en"' not in alone and "<input" not in alone
    assert '<html lang="ja">' in alone and len(alone) < len(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    [
        {"futures": 1, "strategies": 1},
        {"futures": 12, "strategies": 2, "failed": 12},
        {"futures": 30, "world": "full"},
        {"futures": 2, "strategies": 3},
    ],
)
def test_odd_runs_still_make_a_whole_report(tmp_path, case):
    page = parse(report.write(write(tmp_path / "run", **case)).read_text(encoding="utf-8"))
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b", " ".join(page.text))


def test_a_run_without_trajectories_and_draws_says_so(tmp_path):
    import shutil

    folder = write(tmp_path / "run", futures=10)
    shutil.rmtree(folder / "trajectories.zarr")
    (folder / "draws.parquet").unlink()
    text = report.write(folder).read_text(encoding="utf-8")
    assert text.count("This run kept no yearly series") == 2
    assert 'id="en-ranking"' in text and 'id="en-figure-map-mean"' not in text


def rewrite(folder, name, change):
    path = folder / name
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def test_hostile_text_stays_text(tmp_path):
    evil = "<script>alert(1)</script>\"'&}}{{7*7}}'-alert(1)-'\\u0027"
    folder = write(tmp_path / "run", futures=10)

    def poison(run):
        run["scenario"]["title"] = run["scenario"]["question"] = {"en": evil, "ja": evil}
        run["scenario"]["acts"][0] |= {"text": evil, "source": evil}
        run["warnings"] = [evil]
        for strategy in run["strategies"]:
            strategy["title"] = {"en": evil, "ja": evil}
        run["parameters"][0]["meaning"] = run["uncertainties"][0]["meaning"]["en"] = evil
        run["groups"]["R_AFR"]["name"] = {"en": evil, "ja": evil}
        run["command"] = evil

    rewrite(folder, "run.json", poison)
    page = parse(report.write(folder).read_text(encoding="utf-8"))
    assert "script" not in page.tags
    assert evil in "".join(page.text)
    assert not any(name.startswith("on") for _, name, _ in page.attributes)


def test_warnings_are_read_in_the_language_of_the_page(tmp_path):
    folder = write(tmp_path / "run", futures=10)
    warning = {"en": "cells unknown", "ja": "欄が不明"}
    rewrite(folder, "run.json", lambda run: run.update(warnings=[warning, "as of old"]))
    for lang in ("en", "ja"):
        page = report.write(folder, lang).read_text(encoding="utf-8")
        assert "as of old" in page, "a folder of before holds plain texts"
        assert [text in page for text in warning.values()] == [lang == "en", lang == "ja"]


def test_no_cell_of_the_offered_data_starts_a_formula(tmp_path):
    folder = write(tmp_path / "run", futures=10)
    rewrite(
        folder,
        "judgement.json",
        lambda j: [row.update(parameter="=HYPERLINK(1)") for row in j["drivers"]],
    )
    text = report.write(folder).read_text(encoding="utf-8")
    held = [base64.b64decode(m).decode() for m in re.findall(r"base64,([^\"]+)", text)]
    assert any("'=HYPERLINK(1)" in table for table in held)
    assert not any(re.search(r"(^|,)[=+@]", table, re.M) for table in held)


@pytest.mark.parametrize("name", ["run.json", "outcomes.parquet", "judgement.json"])
def test_an_unfinished_folder_is_refused_in_one_message(tmp_path, name):
    folder = write(tmp_path / "run", futures=2)
    (folder / name).unlink()
    with pytest.raises(BadInput, match=name):
        report.write(folder)
    assert not (folder / "report.html").exists()


def test_broken_json_is_refused(tmp_path):
    folder = write(tmp_path / "run", futures=2)
    (folder / "run.json").write_text('{"id": ', encoding="utf-8")
    with pytest.raises(BadInput, match=r"run\.json"):
        report.write(folder)
