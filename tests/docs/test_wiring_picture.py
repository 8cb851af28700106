"""The picture of who writes and reads what, and the tables of its page, are those of the code."""

import importlib.util
from pathlib import Path

import pytest

from comity.study.wiring import wiring

ROOT = Path(__file__).parents[2]


def tool():
    """The script that writes both."""
    place = ROOT / "tools" / "wiring_picture.py"
    made = importlib.util.spec_from_file_location("wiring_picture", place)
    module = importlib.util.module_from_spec(made)
    made.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_picture_and_page_are_up_to_date():
    one, again = tool(), "write them anew: python tools/wiring_picture.py"
    assert one.OUT.read_text(encoding="utf-8") == one.picture(wiring()), again
    prose, _, below = one.PAGE.read_text(encoding="utf-8").partition(one.MARK)
    assert prose and below == "\n" + one.tables(wiring()), again
