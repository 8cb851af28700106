"""Words from files: every key in every language, filled in, and a gap is an error."""

import sys

import pytest

from comity.core.errors import BadInput
from comity.core.words import both, say, words


def package(tmp_path, monkeypatch, text):
    name = f"spoken_{tmp_path.name.replace('-', '_')}"
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "words.toml").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop(name, None)
    return name


def test_keys_languages_values(tmp_path, monkeypatch):
    name = package(
        tmp_path, monkeypatch, '[lever.tariff]\nact = { en = "{a} taxes", ja = "{a}が課税" }\n'
    )
    text = words(name)["lever.tariff.act"]
    assert say(text, "ja", a="日本") == "日本が課税"
    assert both(text, a={"en": "Japan", "ja": "日本"}) == {
        "en": "Japan taxes",
        "ja": "日本が課税",
    }


@pytest.mark.parametrize("text", ['[a]\nen = "x"\n', '[a]\nb = "x"\n'])
def test_a_text_without_a_language_is_refused(tmp_path, monkeypatch, text):
    with pytest.raises(BadInput):
        words(package(tmp_path, monkeypatch, text))
