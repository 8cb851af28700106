"""Trade files: what they mean, and messages that point at line and column."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import pytest

from comity.core.errors import BadInput
from comity.files.documents import from_bytes
from comity.study.laboratory import vocabulary
from comity.trade.files import cases, load, parse
from comity.trade.result import said
from comity.trade.shock import shock_of, stage

HEAD = "comity: trade 1\nname: x\ntitle: A question\nmoves:\n"


@pytest.fixture(scope="module")
def words():
    return vocabulary()


@pytest.fixture
def read(words):
    return lambda moves: parse(from_bytes((HEAD + moves).encode(), "x.yaml"), words)


def test_every_file_that_ships_can_be_read_in_both_languages():
    assert set(cases()) >= {"us-wall-25", "cptpp-enlarged", "us-wall-answered", "strait-blockade"}
    for name in cases():
        case = load(name)
        assert case.name == name and case.moves
        for text in (case.title, case.question, case.summary):
            assert text["en"] and text["ja"] and text["en"] != text["ja"]


def test_a_move_has_no_date_and_no_source(read):
    (move,) = read("  - {lever: tariff, importer: USA, exporter: ALL, add: 0.1}\n").moves
    assert move.actors == ("USA",) and len(move.targets) == 196 and move.value == 0.1


def test_sectors_are_kept_by_move(read):
    case = read("  - {lever: tariff, importer: USA, exporter: CHN, add: 0.1, sectors: [metals]}\n")
    assert case.sectors == {case.moves[0].where: ("metals",)}


SHOCK = "  - {lever: tariff, importer: USA, exporter: CHN, add: 0.1, "
BAN = "  - {lever: sanction, sender: USA, target: CHN, add: 0.8, instrument: N, sectors: S}\n"


def banned(*sectors: str) -> str:
    return "".join(
        BAN.replace(": N", f": {n}").replace(": S", f": {one}")
        for n, one in zip("ab", sectors, strict=True)
    )


def test_bans_of_different_sectors_do_not_add_up_those_of_one_must_not_pass_the_bound(read):
    assert len(read(banned("metals", "food")).moves) == 2
    with pytest.raises(BadInput, match="x.yaml:6:5: moves of 'sanction' add up to 1.6 for USA on"):
        read(banned("metals", "[metals, food]"))


@pytest.mark.parametrize("key", ["from: 2030", "until: 2026", "channel: statute"])
def test_a_shock_has_no_date_that_could_leave_it_without_effect(read, key):
    with pytest.raises(BadInput, match=rf"x.yaml:5:61: a shock has no '{key.split(':')[0]}'"):
        read(f"{SHOCK}{key}}}\n")


def test_growth_of_capacity_adds_up(read):
    both = "".join(
        f"  - {{lever: capacity, state: JPN, add: 0.1, instrument: {n}}}\n" for n in "ab"
    )
    over = stage(read(both), "full").over
    grown = shock_of(read(both).moves, 2025, 1.0, over).capacity
    assert grown[over.full.index("JPN")] == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("moves", "where", "says"),
    [
        ("  - {lever: join, framework: CPTPP, state: JPN}\n", "x.yaml:5:5", "is a member of"),
        ("  - {lever: leave, framework: CPTPP, state: USA}\n", "x.yaml:5:5", "is no member"),
        ("  - {lever: tarif, importer: USA, exporter: CHN, add: 1}\n", "x.yaml:5:13", "'tariff'"),
        ("  - {lever: tariff, importer: USB, exporter: CHN, add: 1}\n", "x.yaml:5:31", "USB"),
        ("  - {lever: tariff, importer: USA, exporter: CHN, add: 25}\n", "x.yaml:5:56", "0.25"),
        ("  - {lever: tariff, importer: USA, export: CHN, add: 1}\n", "x.yaml:5:36", "exporter"),
        (
            "  - lever: tariff\n    importer: USA\n    exporter: CHN\n    add: 0.1\n"
            "    sectors: [metal]\n",
            "x.yaml:9:15",
            "'metals'",
        ),
        (
            "  - {lever: tariff, importer: USA, exporter: CHN, add: 0.1, sectors: [services]}\n",
            "x.yaml:5:71",
            "no state levies tariffs on services",
        ),
        (
            "  - {lever: join, framework: CPTPP, state: [URY], sectors: [food]}\n",
            "x.yaml:5:51",
            "cannot be confined",
        ),
        ("  - {lever: forces, sender: USA, host: KOR, add: 1}\n", "x.yaml:5:13", "no lever"),
        ("  []\nrules: []\n", "x.yaml:6:1", "has no 'rules'"),
        ("  []\n", "x.yaml:1:1", "no shock"),
    ],
)
def test_faults_are_pointed_at(read, moves, where, says):
    with pytest.raises(BadInput) as caught:
        read(moves)
    assert where in str(caught.value) and says in str(caught.value)


def test_all_faults_are_reported_at_once(read):
    with pytest.raises(BadInput) as caught:
        read("  - {lever: tarif, importer: USA}\n  - {lever: barrier, a: USA, b: CHM, add: 1}\n")
    assert len(caught.value.problems) == 2


def test_an_unknown_name_brings_the_nearest():
    with pytest.raises(BadInput, match="us-wall-25"):
        load("us-wall")


def test_a_trade_file_has_no_year():
    with pytest.raises(BadInput, match="no years"):
        load("us-wall-25", 2027)


def test_a_year_of_a_scenario_takes_the_likeliest_branches():
    """The wall stands from 2027; that nobody answers is the likeliest branch."""
    case = load("tariff-wall", 2027)
    assert [(m.actors, m.value) for m in case.moves if m.lever == "tariff"] == [(("USA",), 0.25)]
    assert not load("tariff-wall", 2026).moves
    assert "likeliest" in case.notes[0]["en"]
    with pytest.raises(BadInput, match="2025 to 2035"):
        load("tariff-wall", 2060)


def test_shocks_are_said_in_words(read):
    case = read(
        "  - {lever: sanction, sender: ALL except TWN, target: TWN, add: 0.9}\n"
        "  - {lever: agreement, a: JPN, b: [BRA, ARG], add: 1}\n"
        "  - {lever: capacity, state: CHN, add: -0.05}\n"
    )
    english = [said(move, case)["en"] for move in case.moves]
    assert english == [
        "all states but Taiwan: forbids 90% of trade with Taiwan",
        "Japan and Argentina, Brazil: trade agreement (+100% of its effect)",
        "China: productive capacity −5%",
    ]
    assert all("state" not in said(move, case)["ja"] for move in case.moves)
