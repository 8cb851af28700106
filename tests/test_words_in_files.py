"""No words of a language in Python but English, and no branch on a language: words are files."""

import ast
import re
import string
import unicodedata
from pathlib import Path

import pytest

from comity.core.words import LANGS, words

PACKAGE = Path(__file__).parents[1] / "src" / "comity"


SCRIPTS = ("HIRAGANA", "KATAKANA", "CJK", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH", "KANGXI")
# A name that holds a language, and a code that it may be compared with.
HOLDS = re.compile(r"(?:^|_)(?:lang|language|tongue|locale)s?$", re.IGNORECASE)
CODE = re.compile(r"[a-z]{2}(?:-[A-Z]{2})?")
# A name whose parts may be looked at, and what they may be compared with.
BEGINS = re.compile(r"(?:^|_)(?:lang|language|tongue|locale|code)s?$", re.IGNORECASE)
INITIAL = re.compile("|".join(sorted({lang[:n] for lang in LANGS for n in (1, 2)})))
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
CLASS = re.compile(r"\[[^\]]*\]|.-.", re.DOTALL)


def of_the_script(letter: str) -> bool:
    """Tell whether a character is one of Japanese writing, marks and full width among them."""
    return ord(letter) > 127 and unicodedata.name(letter, "").startswith(SCRIPTS)


def letter(text: str) -> bool:
    """Tell whether a text holds a letter of Japanese writing; marks alone are not words."""
    return any(of_the_script(c) and unicodedata.category(c).startswith("L") for c in text)


def spoken(text: str) -> list[str]:
    """Lines that hold Japanese as it is written, or words of it that escapes hide.

    Character classes of regular expressions may name the script by escapes.
    """
    found = [
        f"{number}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        if any(map(of_the_script, line))
    ]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            plain = ESCAPED.sub(lambda hit: chr(int(hit[1], 16)), node.value)
            if letter(CLASS.sub("", plain)):
                found.append(f"{node.lineno}: {ascii(plain)}")
    return found


def _is_code(node: ast.AST) -> bool:
    """Tell whether an expression is the code of a language, as text or as an item of the list."""
    if isinstance(node, ast.Constant):
        return node.value in LANGS
    if isinstance(node, ast.Subscript):
        return _name(node.value) == "LANGS"
    if isinstance(node, ast.Dict):
        return any(_is_code(key) for key in node.keys if key)
    return isinstance(node, ast.Tuple | ast.List | ast.Set) and any(map(_is_code, node.elts))


def _name(node: ast.AST) -> str:
    return getattr(node, "id", getattr(node, "attr", ""))


def _compares(node: ast.Compare) -> bool:
    sides = [node.left, *node.comparators]
    other = [s.value for s in sides if isinstance(s, ast.Constant) and isinstance(s.value, str)]
    held = any(HOLDS.search(_name(s)) for s in sides)
    part = [s.value for s in sides if isinstance(s, ast.Subscript)]
    if any(BEGINS.search(_name(s)) for s in part) and any(map(INITIAL.fullmatch, other)):
        return True
    return any(map(_is_code, sides)) or (held and any(map(CODE.fullmatch, other)))


def _of_a_language(node: ast.AST) -> bool:
    """Tell whether a name that holds a language, or a code, stands anywhere in an expression."""
    return any(BEGINS.search(_name(part)) for part in ast.walk(node))


def _text_in(node: ast.AST) -> bool:
    return any(
        isinstance(p, ast.Call) or isinstance(p, ast.Constant) and isinstance(p.value, str)
        for p in ast.walk(node)
    )


def _written_code(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value in LANGS


def _names(node: ast.Assign | ast.AnnAssign) -> bool:
    """Tell whether a code gets a name, with which it could be compared unseen."""
    return node.value is not None and _written_code(node.value)


def _pairs(node: ast.Tuple) -> bool:
    """Tell whether a tuple is a code and a text in its language."""
    first, rest = node.elts[:1], node.elts[1:]
    texts = [part for part in rest if not _written_code(part)]
    return len(rest) == 1 and _written_code(first[0]) and any(map(_text_in, texts))


def _looks_up(node: ast.Subscript) -> bool:
    """Tell whether what is done hangs on a name put together from a language."""
    space = node.value.func if isinstance(node.value, ast.Call) else None
    return _name(space) in ("globals", "locals", "vars") and _of_a_language(node.slice)


def _calls(node: ast.Call) -> bool:
    """Comparisons that are calls, places in a list by language, and ``dict(en=..., ja=...)``."""
    if isinstance(node.func, ast.Attribute):
        if node.func.attr in ("startswith", "endswith", "fullmatch", "match", "__eq__"):
            return any(map(_is_code, node.args))
        if node.func.attr in ("get", "pop", "setdefault"):
            return any(map(_written_code, node.args[:1]))
        return node.func.attr == "index" and _name(node.func.value) == "LANGS"
    if _name(node.func) == "zip":
        lists = [one for one in node.args if isinstance(one, ast.Tuple | ast.List)]
        return any(_name(one) == "LANGS" for one in node.args) and any(map(_text_in, lists))
    if _name(node.func) == "getattr":
        return len(node.args) > 1 and _of_a_language(node.args[1])
    return _name(node.func) == "dict" and any(k.arg in LANGS for k in node.keywords)


def _speaks(node: ast.Dict) -> bool:
    """Tell whether a dict by language is written out with texts or calls in it.

    One of plain names, such as the fields of a form that was read, only passes on.
    """
    if not any(isinstance(k, ast.Constant) and k.value in LANGS for k in node.keys):
        return False
    parts = [part for value in node.values for part in ast.walk(value)]
    return any(
        isinstance(p, ast.Call) or isinstance(p, ast.Constant) and isinstance(p.value, str)
        for p in parts
    )


RULES = {
    ast.Compare: _compares,
    ast.Call: _calls,
    ast.Dict: _speaks,
    ast.Assign: _names,
    ast.AnnAssign: _names,
    ast.Tuple: _pairs,
    ast.Subscript: _looks_up,
    ast.MatchValue: lambda node: _is_code(node.value),
}


def branches(text: str) -> list[str]:
    """Places that do one thing in one language and another in another, or hold a text of each."""
    return [
        f"{node.lineno}: {ast.unparse(node)[:80]}"
        for node in ast.walk(ast.parse(text))
        if type(node) in RULES and RULES[type(node)](node)
    ]


def test_words_stand_in_files():
    wrong = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        text = path.read_text(encoding="utf-8")
        found = spoken(text) + branches(text)
        if found:
            wrong[name] = found
    assert not wrong, wrong


FILES = sorted(PACKAGE.rglob("words.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.parent.relative_to(PACKAGE).as_posix())
def test_every_language_says_the_same_things(path):
    package = ".".join(path.parent.relative_to(PACKAGE.parent).parts)
    for key, text in words(package).items():
        named = [{f[1] for f in string.Formatter().parse(text[lang])} - {None} for lang in LANGS]
        assert all(names == named[0] for names in named), (key, named)


@pytest.mark.parametrize(
    "text",
    [
        'x = "米国"',
        "x = 1  # 米国",
        '"""東京"""',
        'x = re.compile("[ぁ-ん]+")',
        'x = text.split("、")',
        'x = "ＡＢＣ"',
        'x = "ｱ"',
        r'x = "\u7c73\u56fd"',
        r'x = r"\u7c73\u56fd"',
        r'x = f"{who}\u306e{what}"',
        r'x = r"[\u3040-\u30ff]+\u56fd"',
    ],
)
def test_japanese_is_caught(text):
    assert spoken(text)


@pytest.mark.parametrize(
    "text",
    [
        'x = "yes" if lang == "en" else "oui"',
        'x = english if lang == "en" else japanese',
        'x = "ja" if lang == "ja" else "en"',
        'if language != "ja":\n    pass',
        'if sentence.language == "fr":\n    pass',
        'if lang not in ("en", "ja"):\n    pass',
        'if lang in {"ja": 1}:\n    pass',
        'x = ("a", "b")[lang == "ja"]',
        'x = ("a", "b")[LANGS.index(lang)]',
        'x = 1 if "ja" == chosen else 2',
        "x = LANGS if first == LANGS[0] else LANGS[::-1]",
        'x = lang.startswith("ja")',
        'match lang:\n    case "ja":\n        pass',
        'match lang:\n    case "en" | "ja":\n        pass',
        'x = {"en": "yes", "ja": "hai"}[lang]',
        'x = {"en": f"{a} and {b}"}',
        'x = {"en": name(a, "en"), "ja": name(a, "ja")}',
        'x = dict(en="yes", ja="hai")',
        'x = T.get("en")',
        'x = T.pop("ja", "")',
        'EN = "en"\nx = 1 if lang == EN else 2',
        'first: str = "ja"',
        'x = 1 if code[0] == "j" else 2',
        'x = 1 if lang[:2] == "ja" else 2',
        'x = dict(zip(LANGS, ("yes", "hai")))',
        "x = dict(zip(LANGS, [yes(), hai()], strict=True))",
        'x = dict([("en", "yes"), ("ja", "hai")])',
        'x = globals()["f_" + lang]()',
        'x = vars()[f"f_{lang}"]()',
        'x = getattr(here, "f_" + lang)()',
    ],
)
def test_a_branch_on_a_language_is_caught(text):
    assert branches(text)


@pytest.mark.parametrize(
    "text",
    [
        r'x = re.compile(r"[\u3040-\u30ff]+")',
        r'x = "\u3000-\u30ff\u4e00-\u9fff"',
        r'x = "[\u3063\u3083]"',
        'x = "naïve – “quoted” … −1 ×2"',
        'x = t("word.or", lang)',
        "x = {lang: name(a, lang) for lang in LANGS}",
        'x = title["en"]',
        'x = "%" in pick(unit, "en")',
        'def f(lang: Lang = "en"):\n    pass',
        'x = {"en": self.en, "ja": self.ja or self.en}',
        'x = (first,) if lang == "both" else LANGS',
        "if lang not in LANGS:\n    pass",
        "x = text.get(lang) or text.get(LANGS[0])",
        "x = dict(zip(LANGS, texts, strict=True))",
        'x = ("en", "ja")',
        'x = state[0] == "j"',
        'x = words("comity.trade", lang)',
        "x = getattr(here, name)",
    ],
)
def test_what_is_neither_passes(text):
    assert not spoken(text) and not branches(text)
