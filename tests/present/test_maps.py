import hashlib
import json
import math
import re

import numpy as np
import pandas as pd
import pytest
from synthetic_run import STATES, write

from comity.present import frames, maps, plates
from comity.present.folder import read
from comity.registry.states import ids


@pytest.fixture(scope="module")
def focus(tmp_path_factory):
    return read(write(tmp_path_factory.mktemp("focus") / "run", futures=20))


def drawn(folder, column="mean", lang="en"):
    frame = frames.map_effect(folder, folder.strategies[0])
    return frame, str(maps.world(frame, column, folder, lang, "m", "A map"))


def fill(svg: str, state: str) -> str:
    return re.search(rf'href="#land-{state}" fill="([^"]+)"', svg).group(1)


def test_every_state_of_the_registry_is_on_the_map_as_outline_or_dot():
    states = maps.asset()["states"]
    assert tuple(states) == ids(2024)
    dots = {s for s, shape in states.items() if "d" not in shape}
    assert {"SGP", "MDV", "TUV", "NRU", "BHR"} <= dots
    assert {"JPN", "TWN", "XKX", "USA"}.isdisjoint(dots)
    _, _, width, height = maps.asset()["viewBox"]
    assert all(0 <= states[s]["x"] <= width and 0 <= states[s]["y"] <= height for s in dots)


def test_the_asset_is_the_one_that_the_script_wrote():
    asset = maps.asset()
    shapes = {key: asset[key] for key in ("states", "other", "disputed")}
    text = json.dumps(shapes, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == asset["sha256"]


def test_japan_stands_left_of_the_middle_of_a_pacific_map():
    x = float(re.match(r"M(\d+)", maps.asset()["states"]["JPN"]["d"]).group(1))
    chile = float(re.match(r"M(\d+)", maps.asset()["states"]["CHL"]["d"]).group(1))
    assert 0.35 < x / maps.asset()["viewBox"][2] < 0.5 < chile / maps.asset()["viewBox"][2]


def test_states_of_a_region_carry_its_value(focus):
    frame, svg = drawn(focus)
    members = focus.run["groups"]["R_AFR"]["members"]
    values = frame.set_index("id").loc[members, "mean"]
    assert values.nunique() == 1 and values.notna().all()
    assert "as part of Rest of Africa and Asia" in svg
    assert set(frame["id"]) == set(ids(2024))


def test_the_value_of_a_region_is_hatched_and_never_the_states_own(focus):
    frame, svg = drawn(focus)
    for state in focus.run["groups"]["R_AFR"]["members"]:
        assert fill(svg, state).startswith("url(#region-")
    assert not any(fill(svg, state).startswith("url") for state in STATES)
    patterns = set(re.findall(r'id="(region-\d)"', str(maps.shapes())))
    assert set(re.findall(r"url\(#(region-\d)\)", svg)) <= patterns
    assert len(patterns) == len(maps.COLOURS)


def test_tables_and_extremes_list_what_was_modelled_and_no_member_of_a_region(focus):
    frame = frames.map_effect(focus, focus.strategies[0])
    listed = maps.units(frame)
    assert set(listed["id"]) == {*STATES, *focus.run["groups"]}
    plate = plates.map_mean(focus, "en")
    shown = {row[0] for row in plate.table.rows}
    members = {focus.state(s, "en") for g in focus.run["groups"].values() for s in g["members"]}
    assert not members & shown and "Rest of the world" in shown
    said = plates.extremes(frame, "mean", focus, "en", top=99)
    assert not [name for name in members if f"{name} −" in said or f"{name} +" in said]
    assert "Rest of the world (" in plate.footnote


def test_narrow_screens_have_the_two_halves_of_the_same_drawing(focus):
    _, svg = drawn(focus)
    _, *halves = svg.split(maps.HALF)
    assert len(halves) == 2 and all('href="#m-g"' in half for half in halves)


def test_a_state_without_a_figure_is_grey_and_not_zero(focus):
    frame = frames.map_effect(focus, "steady")
    frame.loc[frame["id"] == "BRA", "mean"] = np.nan
    frame.loc[frame["id"] == "AUS", "mean"] = 0.0
    svg = str(maps.world(frame, "mean", focus, "en", "m", "A map"))
    assert fill(svg, "BRA") == maps.UNKNOWN
    assert fill(svg, "AUS") == maps.COLOURS[4] != maps.UNKNOWN
    assert "Brazil: no figure" in svg


def test_a_state_that_the_run_does_not_know_is_grey(focus):
    frame = frames.map_effect(focus, "steady")
    svg = str(maps.world(frame[frame["id"] != "NOR"], "mean", focus, "en", "m", "A map"))
    assert fill(svg, "NOR") == maps.UNKNOWN


def test_losses_and_gains_take_the_two_sides_of_the_scale(focus):
    frame, svg = drawn(focus)
    for row in frame[frame["id"].isin(STATES)].itertuples():
        side = maps.COLOURS.index(fill(svg, row.id)) - 4
        assert side == 0 or math.copysign(1, side) == math.copysign(1, row.mean)


def test_classes_are_symmetric_and_both_maps_share_them(focus):
    frame, _ = drawn(focus)
    limits = maps.edges(frame)
    np.testing.assert_allclose(limits, [-x for x in reversed(limits)])
    assert limits == sorted(limits) and len(maps.COLOURS) == len(limits) + 1
    sizes = frame[["mean", "final"]].abs().to_numpy()
    assert np.mean(sizes <= limits[-1]) >= 0.95
    assert len(maps.legend(frame, "en")) == len(maps.COLOURS) + 1


def test_a_map_without_any_figure_can_be_drawn(focus):
    frame = pd.DataFrame({"id": ["JPN"], "source": ["JPN"], "mean": [np.nan], "final": [np.nan]})
    svg = str(maps.world(frame, "mean", focus, "ja", "m", "地図"))
    whole = svg.split(maps.HALF)[0]
    assert whole.count("<use ") == len(ids(2024)) + 1 + len(maps.asset()["disputed"])


def test_disputed_areas_are_hatched(focus):
    _, svg = drawn(focus)
    hatched = svg[svg.index("url(#hatch)") :]
    for area in ("crimea", "kashmir", "western-sahara"):
        assert f"#land-{area}" in hatched
    assert "#land-TWN" not in hatched
