"""Forces abroad: one sender, its own row and territories left out, not the legal floor."""

import os

import pandas as pd
import pytest

from comity.data.tables import forces
from comity.world.snapshot import table

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def test_own_row_and_territories_are_left_out_and_double_codes_are_summed():
    rows = pd.DataFrame(
        {"ccode": [2, 732, 1008, 255, 260], "troops": [1_000_000, 24_159, 6_363, 35_000, 188]}
    )
    found = forces.abroad(rows).set_index("host")["personnel"]
    assert found["KOR"] == pytest.approx(24.159)
    assert "USA" not in found.index and 6.363 not in set(found)


def test_the_committed_table():
    found = table("forces")
    assert set(found["sender"]) == {"USA"} and not found["personnel"].isna().any()
    by_host = found.set_index("host")["personnel"]
    assert by_host["KOR"] == pytest.approx(24.16)
    assert by_host["KOR"] < 28.5, "assigned only; the legal floor counts rotational units too"
    assert by_host["JPN"] == pytest.approx(53.25)


@needs_data
def test_it_is_what_the_source_says():
    built = forces.build().set_index("host")["personnel"].round(3)
    assert built["KOR"] == 24.159 and built["JPN"] == 53.246 and built["DEU"] == 35.188
