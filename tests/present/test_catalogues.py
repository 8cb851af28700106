"""Both languages say the same things, every word is used, and every word asked for exists."""

import re
from importlib import resources
from pathlib import Path
from string import Formatter

import pytest
from ruamel.yaml import YAML

import comity
from comity.core.parameters import book, every_book
from comity.present.i18n import LANGS, catalogue, pick, t

PACKAGE = Path(str(resources.files(comity)))
PRESENT = PACKAGE / "present"
SOURCES = [*PRESENT.glob("*.py"), *(PRESENT / "templates").glob("*.html")]
# Families whose keys are put together at run time: prefix -> keys that must be there.
FAMILIES = {
    "column.": None,
    "status.": None,
    "prior.": None,
    "choice.": None,
    "parameter.": None,
    "grade.": {"A", "B", "C", "D"},
    "comparator.": {">", ">=", "<", "<="},
    "terminal.": None,
    "limits.": {"one", "two", "three", "four", "five"},
    "map.": {"mean", "final"},
    "figure.drivers": None,
    "claims.verdict_": None,
    "claims.route_": None,
    "claims.kind_": None,
    "currency.": None,
    "field.": None,
    "category.": None,
    "aims.column_": None,
    "learn.column_": None,
    "aims.moved": {"", "_none"},
    "aims.still": {"", "_none"},
    "aims.unsaid": {"", "_none"},
}
# Words of the table that `comity claims check` prints; asked for outside this package.
COLUMNS = {"id", "said", "verdict", "grade", "effect", "interval"}


def asked() -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    plain = set(re.findall(r"""\bt\(\s*["']([\w.<>=-]+)["'][,)\s]""", text))
    # Keys that are chosen first and looked up later stand as literals of the same form.
    plain = {key for key in plain if not key.endswith((".", "_"))}
    return plain | {
        k
        for k in re.findall(r"""["']([a-z]+(?:\.[\w-]+)+)["'](?!\s*\~)""", text)
        if k.split(".")[0] in {key.split(".")[0] for key in catalogue("en")}
        and not k.endswith((".html", ".css", ".json"))
        and not k.endswith("_")
    }


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_catalogues_have_the_same_keys_and_blanks():
    en, ja = catalogue("en"), catalogue("ja")
    assert en.keys() == ja.keys()
    assert {k: fields(v) for k, v in en.items()} == {k: fields(v) for k, v in ja.items()}


def test_no_text_is_empty_and_japanese_is_japanese():
    assert all(text.strip() for lang in LANGS for text in catalogue(lang).values())
    latin = {k for k, v in catalogue("ja").items() if not re.search(r"[぀-ヿ一-鿿〜、：]", v)}
    assert latin == {
        "column.p5",
        "column.p25",
        "column.p75",
        "column.p95",
        "terminal.range",
        "terminal.noise",
        "prior.of",
        # Marks and the order of parts alone.
        "word.part",
        "word.quoted",
        "word.amount",
        "map.member",
        "scenario.condition",
        "aims.amount",
        "aims.joint",
        "aims.level",
        "aims.by",
        "aims.by_scenario",
        "aims.itself_one",
        "aims.open_one",
    }


def test_every_key_asked_for_exists():
    missing = {key for key in asked() if key not in catalogue("en")}
    assert not missing


def test_every_key_is_used():
    known = asked() | {f"claims.{column}" for column in COLUMNS}
    idle = {
        key
        for key in catalogue("en")
        if key not in known and not any(key.startswith(prefix) for prefix in FAMILIES)
    }
    assert not idle


@pytest.mark.parametrize("prefix", [p for p, keys in FAMILIES.items() if keys])
def test_families_are_complete(prefix):
    wanted = FAMILIES[prefix] or set()
    assert {prefix + key for key in wanted} <= set(catalogue("en"))


def numbers():
    return [p for place in every_book() for p in book(*place).values()]


def test_every_drawn_parameter_has_a_label_in_both_languages():
    drawn = [p.key for p in numbers() if p.prior.kind != "fixed"]
    assert len(drawn) > 60
    assert not [key for key in drawn if f"parameter.{key}" not in catalogue("ja")]


def test_every_label_belongs_to_a_parameter():
    known = {f"parameter.{p.key}" for p in numbers()}
    assert {key for key in catalogue("en") if key.startswith("parameter.")} <= known


def test_every_branch_of_the_library_has_a_word_in_both_languages():
    for path in (PACKAGE / "library").rglob("*.yaml"):
        found = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        for doubt in (found.get("uncertainties") or {}).values():
            for choice in doubt.get("choices") or {}:
                assert f"choice.{choice}" in catalogue("ja"), f"{path.name}: {choice}"


def test_a_missing_key_or_value_is_an_error():
    with pytest.raises(KeyError):
        t("no.such.key", "en")
    with pytest.raises(KeyError):
        t("page.for_actor", "en", nobody=1)


def test_pick_falls_back_to_english_and_closes_folded_japanese_lines():
    assert pick({"en": "tariff"}, "ja") == "tariff"
    assert pick({"en": "a b", "ja": "関税と 脱退、 2027年"}, "ja") == "関税と脱退、2027年"
    assert pick({"en": "a b", "ja": "x"}, "en") == "a b"
    assert pick(None, "ja") == ""
