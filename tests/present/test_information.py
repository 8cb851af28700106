"""What one would most like to know, in both languages."""

import pytest
from synthetic_run import aims, gain, write

from comity.present import information, report
from comity.present.folder import Folder, read


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = read(write(tmp_path_factory.mktemp("learn") / "run", futures=20))
    good = gain(0.62, 0.2, 0.9, "large", "large", "better")
    several = aims(found.strategies, {("consumption", found.strategies[-1]): good})
    return Folder(found.path, found.run, found.judgement | {"aims": several})


def changed(folder, **changes):
    told = folder.judgement["information"] | changes
    return Folder(folder.path, folder.run, folder.judgement | {"information": told})


def test_every_verdict_is_said(folder):
    said = information.lines(folder, "en")
    assert said[0].startswith("Real consumption: what one would most like to know is “Course of")
    assert "0.084%" in said[0] and "per person and year" in said[0] and "31%" in said[0]
    assert any("too little to matter" in line and "the most it would" in line for line in said)
    nothing = next(line for line in said if line.startswith("Not worth knowing for this choice"))
    assert "Burden" in nothing and "stays best" in nothing
    assert any("come to the same: Exposure to China" in line for line in said)
    assert any("Taiwan Strait: no link in the model" in line for line in said)
    assert len(information.lines(folder, "ja")) == len(said)


def test_what_decides_and_yet_is_not_worth_knowing_is_said_of_the_objective(folder):
    first = folder.judgement["information"]["choices"][0]
    idle = first | {"verdict": "nothing", "numbers": first["numbers"][1:]}
    said = information.lines(changed(folder, choices=[idle]), "en")
    assert "Trade elasticity" in said[-1] and "60% of the variance" in said[-1]


def test_the_table_has_no_value_where_the_choice_cannot_change(folder):
    made = information.table(folder, "en")
    assert made is not None and len(made.headings) == len(made.rows[0]) == len(made.numeric)
    cells = {(row[0], row[1]): row for row in made.rows}
    worth = next(row for (aim, name), row in cells.items() if name.startswith("Course"))
    assert worth[2].startswith("0.084 [") and worth[3] and worth[4] == "31%"
    idle = next(row for (aim, name), row in cells.items() if "elasticity" in name)
    assert idle[2] == "–" and idle[3] == idle[5] == "" and idle[6] == "60%"
    assert made.csv.startswith("aim,parameter,value,low,high,turns,to,share\n")


def test_few_futures_one_strategy_and_earlier_folders(folder):
    few = changed(folder, enough=False, futures=12, choices=[])
    assert information.lines(few, "en") == [
        "With 12 comparable futures no number can be named that would be worth knowing; "
        "30 are needed."
    ]
    assert information.table(few, "en") is None
    alone = folder.judgement["information"]["choices"][0] | {"verdict": "alone", "numbers": []}
    assert "no choice" in information.lines(changed(folder, choices=[alone]), "en")[0]
    earlier = {k: v for k, v in folder.judgement.items() if k != "information"}
    older = Folder(folder.path, folder.run, earlier)
    assert information.lines(older, "en") == [] and information.page(older, "en") is None


def test_it_stands_in_the_report(folder):
    page = report.render(folder, ("en",))
    assert 'id="en-learn"' in page and "What knowing a number would be worth" in page
