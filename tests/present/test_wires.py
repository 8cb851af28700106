"""The picture of who writes and reads what, from a run's record of it."""

from comity.core.words import LANGS
from comity.present import wires

WIRING = {
    "writes": {"arms": ["stock"], "crises": ["odds", "alarm"]},
    "reads": {"arms": ["lever spend", "alarm"], "crises": ["stock", "stock"]},
    "measured": {"odds": ["harm"]},
}
WORDS = {"field odds": {"en": "odds of harm", "ja": "被害のオッズ"}}


def test_cells_are_told_once_and_rows_begin_with_levers():
    frame = wires.cells(WIRING)
    assert len(frame) == 3 + 3 + 1
    rows, columns = wires.order(frame)
    assert rows == ["lever spend", "stock", "odds", "alarm"]
    assert columns == ["arms", "crises", "measured"]


def test_what_nothing_reads_is_counted_and_marked():
    assert wires.silent(WIRING) == 1
    labels = wires.spec(WIRING, WORDS, "en")["layer"][0]["encoding"]["y"]["axis"]["labelColor"]
    assert labels["condition"]["test"] == "indexof([2], datum.value) >= 0"


def test_it_is_drawn_in_every_language_and_says_what_it_shows():
    for lang in LANGS:
        drawing = str(wires.drawn(WIRING, WORDS, lang, f"{lang}-wires"))
        assert (
            drawing.startswith("<svg")
            and "<desc" in drawing
            and "(1" in drawing
            or "1個" in drawing
        )
        assert WORDS["field odds"][lang] in drawing
        assert ">stock<" in drawing
