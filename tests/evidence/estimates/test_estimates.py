"""Every estimated number is made anew from raw data and rounds to what its book prints."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from comity.evidence.estimates import council_numbers, remake

PAGE = Path(__file__).parents[3] / "docs" / "replications" / "estimates.md"
needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
# Two minutes of bootstrap: `make verify` compares its errors, the values are compared here.
LONG = "comity.evidence.estimates.council_numbers:outcomes"
# Figures that do not come out as they ship; the books say why, one by one.
OFF_HERE = {
    ("checks.reversal_years", "sd"),
    ("commitment.forces", "value"),
    ("crises.troops", "value"),
    ("growth.world_sd", "sd"),
    ("leadership.exit_rate_climate", "sd"),
    ("leadership.exit_rate_un", "sd"),
}
OFF_IN_VERIFY = {
    (f"council.{name}", "sd")
    for name in (
        "resolution_interstate",
        "resolution_internationalised",
        "veto_rus",
        "veto_chn",
        "veto_party",
        "veto_defence",
        "veto_distance",
    )
}


@needs_data
@pytest.mark.parametrize("made_by", [one for one in remake.makers() if one != LONG])
def test_a_maker_gives_every_number_that_names_it_and_each_rounds_to_its_book(made_by):
    figures = remake.call(made_by)
    assert set(figures) == {k for k, p in remake.estimated().items() if p.made_by == made_by}
    lines = remake.compare(figures)
    off = {(x.key, x.figure) for x in lines if not x.holds}
    assert off == {miss for miss in OFF_HERE if miss[0] in figures}, remake.rows(lines)
    print("\n".join(row for row in remake.rows(lines) if " off" in row))


@needs_data
def test_the_councils_values_round_to_their_book():
    figures = council_numbers.values()
    assert set(figures) == {k for k, p in remake.estimated().items() if p.made_by == LONG}
    assert all(x.holds for x in remake.compare(figures))


def test_each_figure_that_is_off_is_counted_and_explained():
    noted = {(k, figure) for k, p in remake.estimated().items() for figure in p.note}
    assert noted == OFF_HERE | OFF_IN_VERIFY
    assert len(noted) == 13


def test_the_page_lists_every_estimated_number_and_what_is_off():
    rows = [x for x in PAGE.read_text(encoding="utf-8").splitlines() if x.startswith("| ")][2:]
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]
    assert {cell[0] for cell in cells} == set(remake.estimated())
    assert {(c[0], c[1]) for c in cells if c[-1]} == OFF_HERE | OFF_IN_VERIFY
    digits = {k: v for where in remake.every_book() for k, v in remake.printed(*where).items()}
    assert all(cell[2] == str(digits[cell[0]][cell[1]]) for cell in cells)


@pytest.mark.parametrize(
    ("printed", "made", "holds"),
    [("0.862", 0.8615, True), ("0.862", 0.8614, False), ("0.20", 0.24, False), ("0.2", 0.24, True)],
)
def test_half_a_unit_of_the_last_digit(printed, made, holds):
    assert remake.Line("a.b", "value", Decimal(printed), made).holds is holds


def test_a_figure_that_is_off_needs_a_reason_and_one_that_holds_none():
    off, fine = (remake.Line("a.b", "sd", Decimal("0.5"), made) for made in (0.7, 0.5))
    assert not off.in_order and fine.in_order
    noted = [remake.Line("a.b", "sd", Decimal("0.5"), made, "why") for made in (0.7, 0.5)]
    assert [one.in_order for one in noted] == [True, False]
    assert not remake.Line("a.b", "value", Decimal("0.5"), float("nan")).holds


def test_the_page_is_written_between_its_markers():
    text = f"before\n{remake.START}old\n{remake.END}after\n"
    line = remake.Line("a.b", "sd", Decimal("0.5"), 0.7, "why")
    made = remake.page(text, [line])
    assert made.startswith("before\n") and made.endswith("after\n") and "old" not in made
    assert "1 numbers, 1 figures, 1 off." in made and "off: why" in made
