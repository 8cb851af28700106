import json
import re

import pytest
from bad_inputs import BAD, BASE
from hypothesis import given
from hypothesis import strategies as st
from words import WORDS

from comity.core.errors import BadInput
from comity.files.documents import from_bytes
from comity.scenarios.scenario import load_scenario, parse_scenario


def refusal(tmp_path, name: str, raw: bytes) -> BadInput:
    path = tmp_path / f"{name}.yaml"
    path.write_bytes(raw)
    with pytest.raises(BadInput) as caught:
        load_scenario(path, WORDS)
    return caught.value


@pytest.mark.parametrize("name, raw, fragment, line", BAD, ids=[case[0] for case in BAD])
def test_refused_with_place_and_reason(tmp_path, name, raw, fragment, line):
    error = refusal(tmp_path, name, raw)
    assert error.exit_code == 2
    message = next((text for text in str(error).splitlines() if fragment in text), None)
    assert message is not None, str(error)
    start = re.escape(str(tmp_path / f"{name}.yaml"))
    place = rf"{start}:{line}:\d+: " if line else start
    assert re.match(place, message), message
    assert message.isprintable() and len(message) < 600


def test_names_of_cases_are_unique():
    assert len({case[0] for case in BAD}) == len(BAD)


def test_the_good_file_is_good():
    assert parse_scenario(from_bytes(BASE.encode(), "good.yaml"), WORDS).name == "wall"


def test_bom_and_crlf_are_fine():
    raw = b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode()
    assert parse_scenario(from_bytes(raw, "good.yaml"), WORDS).moves


@pytest.mark.parametrize(
    "old, new, line, column",
    [
        ("add: 0.25", "add: 25%", 21, 10),
        ("[JPN, KOR]", "[JPN, KROEA]", 20, 21),
        ("    exporter:", "    exportr:", 20, 5),
        ("everybody: 0.5", "everybody: x", 9, 39),
    ],
)
def test_columns_are_exact(old, new, line, column):
    with pytest.raises(BadInput) as caught:
        parse_scenario(from_bytes(BASE.replace(old, new).encode(), "f.yaml"), WORDS)
    assert f"f.yaml:{line}:{column}: " in str(caught.value)


def test_all_problems_of_a_file_in_the_order_of_lines():
    text = (
        BASE.replace("add: 0.25", "add: 25%")
        .replace("KOR", "Korea")
        .replace("title:", "titel:")
        .replace("low: 0.5", "low: 3")
    )
    with pytest.raises(BadInput) as caught:
        parse_scenario(from_bytes(text.encode(), "f.yaml"), WORDS)
    lines = [int(str(p).split(":")[1]) for p in caught.value.problems]
    assert lines == sorted(lines)
    assert {3, 14, 20, 21} <= set(lines)


def test_a_faulty_uncertainty_does_not_blame_its_moves():
    text = BASE.replace("everybody: 0.5", "everybody: 0.4").replace(
        "add: 0.25", "add: 0.25\n    when: {answer: nobody}"
    )
    with pytest.raises(BadInput) as caught:
        parse_scenario(from_bytes(text.encode(), "f.yaml"), WORDS)
    assert not caught.value.problems and "sum to 0.9" in str(caught.value)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(BadInput, match="no file"):
        load_scenario(tmp_path / "gone.yaml", WORDS)
    with pytest.raises(BadInput, match="folder or device"):
        load_scenario(tmp_path, WORDS)
    with pytest.raises(BadInput, match="did you mean 'america-first'"):
        load_scenario("america-frist", WORDS)


def outcome(raw: bytes) -> None:
    try:
        parse_scenario(from_bytes(raw, "f.yaml"), WORDS)
    except BadInput as error:
        assert all(line.startswith("f.yaml") for line in str(error).splitlines())


@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_message(raw):
    outcome(raw)


@given(st.text(max_size=300))
def test_any_text_ends_in_a_message(text):
    outcome(text.encode("utf-8", "surrogatepass"))


@given(
    st.integers(0, len(BASE) - 1),
    st.integers(0, 12),
    st.text(alphabet="abc:[]{}-#'\"&*!|>%@0.9eE, \n\t~?２％é", max_size=8),
)
def test_any_small_edit_ends_well(place, cut, insert):
    outcome((BASE[:place] + insert + BASE[place + cut :]).encode())


NAMES = st.sampled_from(["answer", "size", "nobody", "at", "when", "from", "to", "JPN", "en"])
ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | NAMES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | NAMES, inner, max_size=3)
    ),
    max_leaves=8,
)


def written(value: object) -> str:
    return json.dumps(value, allow_nan=True).replace("NaN", ".nan").replace("Infinity", ".inf")


@given(
    ANY_VALUE,
    st.sampled_from(
        [
            "title: {en: A wall}",
            "uncertainties:",
            "  answer:",
            "choices: {nobody: 0.5, everybody: 0.5}",
            "prior: {kind: uniform, low: 0.5, high: 1.0}",
            "moves:",
            "importer: USA",
            "exporter: [JPN, KOR]",
            "add: 0.25",
            "from: 2027",
            "name: wall",
        ]
    ),
)
def test_any_value_in_any_place_ends_well(value, entry):
    key = entry.partition(":")[0]
    outcome(BASE.replace(entry, f"{key}: {written(value)}").encode())


@given(
    ANY_VALUE,
    st.sampled_from(
        [
            "when",
            "ends_early",
            "scale",
            "consent",
            "instrument",
            "until",
            "set",
            "note",
            "event",
            "framework",
            "state",
            "a",
            "zz",
        ]
    ),
)
def test_any_further_key_of_a_move_ends_well(value, key):
    outcome(BASE.replace("add: 0.25", f"add: 0.25\n    {key}: {written(value)}").encode())


@given(ANY_VALUE, st.sampled_from(["groups", "extends", "horizon", "actor", "rules", "zz"]))
def test_any_further_key_of_a_file_ends_well(value, key):
    outcome((BASE + f"{key}: {written(value)}\n").encode())
