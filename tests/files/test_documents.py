import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.files.documents import as_number, by_line, from_bytes, nearest, read, shown
from comity.files.guard import MAX_DEPTH, decode, scan

TEXT = """a: 1
b:
  - x
  - {c: 2.5, d: 2027-01-01}
"e f": no
"""


def test_values_and_places():
    document = from_bytes(TEXT.encode(), "f.yaml")
    assert document.data == {"a": 1, "b": ["x", {"c": 2.5, "d": "2027-01-01"}], "e f": "no"}
    assert document.where(("b", 1, "d")) == "f.yaml:4:17"
    assert document.where(("b", 1, "d"), key=True) == "f.yaml:4:14"
    assert document.where(("b", 0)) == "f.yaml:3:5"
    assert document.where(("e f",)) == "f.yaml:5:8"


def test_place_of_what_is_not_there_is_what_encloses_it():
    document = from_bytes(TEXT.encode(), "f.yaml")
    assert document.where(("b", 1, "zz", 4)) == document.where(("b", 1)) == "f.yaml:4:5"
    assert document.where(("nothing",), key=True) == "f.yaml:1:1"


def test_scalars_keep_their_kind():
    text = b"a: true\nb: 'true'\nc: ~\nd: 010\ne: 1e3\nf: 12345678901234567890\ng: '1'\n"
    data = from_bytes(text, "f.yaml").data
    assert data == {
        "a": True,
        "b": "true",
        "c": None,
        "d": 10,
        "e": 1000.0,
        "f": 12345678901234567890.0,
        "g": "1",
    }
    assert [type(v) for v in data.values()] == [bool, str, type(None), int, float, float, str]


def test_norway_stays_a_text():
    assert from_bytes(b"a: [NO, on, yes, 12:30:00]", "f").data == {
        "a": ["NO", "on", "yes", "12:30:00"]
    }


def test_place_of_a_bad_byte_counts_characters_not_bytes():
    with pytest.raises(BadInput) as caught:
        decode("a: 1\r\nb: 関税".encode() + b"\xff", "f.yaml")
    assert caught.value.where == "f.yaml:2:6"


def test_depth_limit_is_sharp():
    scan("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f")
    with pytest.raises(BadInput, match="nested deeper"):
        scan("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "f")


def test_reading_stops_at_the_limit(tmp_path):
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(10_000_000_000)
    with pytest.raises(BadInput, match="more than 65536 bytes"):
        read(path)


@pytest.mark.parametrize(
    "text, fix",
    [
        ("25%", "write 0.25"),
        ("２５％", "write 0.25"),
        ("25 percent", "write 0.25"),
        ("0.5", "write 0.5"),
        ("12.5 %", "write 0.125"),
        ("25パーセント", "write 0.25"),
        ("half", ""),
        ("", ""),
        ("1e999", ""),
        ("%", ""),
    ],
)
def test_numbers_written_as_text(text, fix):
    assert as_number(text) == fix


def test_nearest_name():
    assert nearest("tarif", ["tariff", "barrier"]) == "did you mean 'tariff'?"
    assert nearest("cptpp", ["CPTPP", "EU"]) == "did you mean 'CPTPP'?"
    assert nearest("qqq", ["a", "b"]) == "use one of a, b"
    assert nearest("x", []) == ""


@given(st.text())
def test_quoted_values_are_short_and_printable(text):
    assert shown(text).isprintable() or not text.isprintable()
    assert len(shown(text)) <= 61
    assert "\x1b" not in shown(text) and "\n" not in shown(text)


def test_problems_are_sorted_by_line_and_kept_once():
    problems = [
        BadInput("b", where="f:10:1"),
        BadInput("a", where="f:9:5"),
        BadInput("c", where="f:9:2"),
        BadInput("a", where="f:9:5"),
    ]
    assert [p.what for p in by_line(problems)] == ["c", "a", "b"]
