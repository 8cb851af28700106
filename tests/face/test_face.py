"""The public face: printed, quick to import, the numbers of the command line, arguments checked."""

import inspect
import json
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import comity as cm
from comity.core.errors import BadInput, CoverageWarning
from comity.face.reference import called, first, group, parameters, reference, wrapped

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"
HEAVY = ("jax", "numpy", "pandas", "scipy", "xarray", "zarr", "pydantic", "typer", "rich")
FUTURES, SEED = 5, 3


def in_new_python(code, *arguments):
    """What a script prints as JSON.

    Runs need it: this suite checks the shapes of arrays, and in a run the class of one row holds
    many.
    """
    words = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def by_face(tmp_path_factory):
    """A small run by the face, and how far it said it was."""
    folder = tmp_path_factory.mktemp("face") / "run"
    code = f"""
import json, sys
import numpy as np
import comity as cm
told = []
found = cm.run("tariff-wall", actor="JPN", strategies=["steady", "retaliate"],
               futures=np.int64({FUTURES}), seed={SEED}, out=sys.argv[1],
               progress=lambda finished, all_: told.append((finished, all_)))
assert str(found.folder) == sys.argv[1]
print(json.dumps(told))
"""
    told = in_new_python(code, folder)
    return cm.read(folder), told


@pytest.fixture(scope="module")
def by_command(tmp_path_factory):
    """The same run by the command line."""
    folder = tmp_path_factory.mktemp("command") / "run"
    words = ["run", "tariff-wall", "--for", "JPN", "--strategies", "steady,retaliate"]
    words += ["--futures", FUTURES, "--seed", SEED, "--out", folder]
    done = subprocess.run(
        [sys.executable, "-m", "comity", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_the_page_is_current():
    page = PAGE.read_text(encoding="utf-8")
    assert page == reference(cm), "write it anew: python -m comity.face.reference > FILE"


def test_the_page_has_every_name_with_signature_summary_and_parameters():
    page = PAGE.read_text(encoding="utf-8")
    for name in cm.__all__:
        assert f"## cm.{name}\n" in page
        thing = getattr(cm, name)
        if callable(thing):
            made = inspect.unwrap(thing)
            assert wrapped(called(f"cm.{name}", made)) in page and first(made) in page
            documented = {key.strip() for names, _ in parameters(made) for key in names.split(",")}
            assert documented == set(inspect.signature(made).parameters), name
        else:
            assert "\n".join(group(f"cm.{name}", thing)) in page


def test_a_changed_signature_is_caught():
    def run(scenario: str, actor: int = 3, *, out: str | None = None):
        """Another verb."""

    assert (
        called("cm.run", run) == "cm.run(scenario: str, actor: int = 3, *, out: str | None = None)"
    )
    long = wrapped(called("cm.a_rather_long_name_that_needs_several_lines", run))
    assert long.count("\n") == 5 and "    *,\n" in long


def test_import_is_light_and_opens_no_file_of_the_package():
    code = f"""
import json, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import comity
dir(comity), comity.__version__
wrong = [p for p in opened if not p.endswith((".py", ".pyc")) and "comity" in p]
print(json.dumps([[m for m in {HEAVY} if m in sys.modules], wrong, len(sys.modules)]))
"""
    heavy, wrong, _ = in_new_python(code)
    assert heavy == [] and wrong == []


def test_names_are_lazy_listed_and_the_nearest_is_given():
    listed, asked = in_new_python(
        "import json, sys, comity as cm; listed = dir(cm); cm.models;"
        "print(json.dumps([listed, [m for m in ('jax', 'pandas') if m in sys.modules]]))"
    )
    assert set(cm.__all__) <= set(listed) and asked == []
    with pytest.raises(AttributeError, match="comity has no 'runs'; did you mean 'run'"):
        _ = cm.runs
    with pytest.raises(AttributeError, match="did you mean 'trade_equilibrium'"):
        _ = cm.models.trade_equilibrum
    with pytest.raises(AttributeError, match="it has coarsen, door, load, past"):
        _ = cm.world.zzz


def test_models_are_those_of_the_folder():
    place = Path(cm.models.__file__).parent
    files = [p for p in place.glob("*/*.py") if p.stem != "__init__"]
    fields = {p.parent.name for p in files}
    assert {p.stem for p in files} | fields == set(dir(cm.models))
    assert len({p.stem for p in files}) == len(files) and not {p.stem for p in files} & fields
    assert cm.models.logit is import_module("comity.models.statistics.logit")
    assert cm.models.trade_equilibrium.solve


def test_folders_that_are_verbs_stay_folders():
    """Whatever was imported first, ``cm.trade`` is the folder and can be called."""
    code = """
import json
import comity.trade.files, comity.judge.robustness, comity.world.past
import comity as cm
print(json.dumps([cm.trade is comity.trade, callable(cm.trade), callable(cm.judge),
                  callable(cm.world.past), bool(cm.trade.files.cases())]))
"""
    assert in_new_python(code) == [True] * 5
    assert inspect.unwrap(cm.trade) is inspect.unwrap(cm.trade.run)
    assert "draws" in inspect.signature(cm.trade).parameters


@pytest.mark.slow
def test_the_same_numbers_as_the_command_line(by_face, by_command):
    found, told = by_face
    pd.testing.assert_frame_equal(
        found.outcomes, pd.read_parquet(by_command / "outcomes.parquet"), check_exact=True
    )
    other = cm.read(by_command)
    pd.testing.assert_frame_equal(found.draws, other.draws, check_exact=True)
    pd.testing.assert_frame_equal(found.ranking, other.ranking, check_exact=True)
    assert found.trajectories.identical(other.trajectories)
    assert found.judgement == other.judgement
    apart = {"created", "timings"}
    mine, theirs = ({k: v for k, v in r.record.items() if k not in apart} for r in (found, other))
    assert mine == theirs
    for name in ("claims.json", "plan.json"):
        assert (found.folder / name).read_bytes() == (other.folder / name).read_bytes()
    assert told[0] == [0, FUTURES] and told[-1] == [FUTURES, FUTURES]


@pytest.mark.slow
def test_a_result_is_judged_again_and_read_from_itself(by_face):
    found, _ = by_face
    assert cm.judge(found) == found.judgement
    assert cm.read(found).folder == found.folder
    with pytest.raises(AttributeError):
        found.files = None


@pytest.mark.slow
def test_the_report_is_that_of_the_command_line(by_face, by_command, tmp_path):
    found, _ = by_face
    other = cm.read(by_command)
    page = other.report()
    assert page == by_command / "report.html"
    assert other.report(tmp_path / "page.html").read_bytes() == page.read_bytes()
    assert 'lang="ja"' not in found.report(tmp_path / "en.html", lang="en").read_text("utf-8")
    for bad in ({"lang": "fr"}, {"first": "fr"}, {"path": tmp_path / "none" / "page.html"}):
        with pytest.raises(BadInput):
            inspect.unwrap(type(found).report)(found, **bad)


@pytest.mark.slow
def test_a_run_that_was_not_judged_is_judged_when_read(by_command, tmp_path):
    shutil.copytree(by_command, tmp_path / "run")
    (tmp_path / "run" / "judgement.json").unlink()
    assert cm.read(tmp_path / "run").judgement == cm.read(by_command).judgement


@pytest.mark.slow
def test_a_notebook_shows_escaped_text(by_command, tmp_path):
    shutil.copytree(by_command, tmp_path / "run")
    record = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    record["scenario"]["title"]["en"] = "<script>alert(1)</script>"
    record["strategies"][0]["title"]["en"] = "<b>bold</b>"
    (tmp_path / "run" / "run.json").write_text(json.dumps(record), encoding="utf-8")
    shown = cm.read(tmp_path / "run")
    assert "tariff-wall for JPN" in repr(shown) and f"{FUTURES} futures" in repr(shown)
    html = shown._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;" in html
    assert "<b>bold" not in html and "&lt;b&gt;bold" in html


@pytest.mark.slow
def test_without_a_folder_the_run_goes_with_its_result():
    code = """
import gc, json
import comity as cm
found = cm.run("as-is", strategies="steady, retaliate", futures=2)
folder, series, page = found.folder, found.trajectories, found.report()
before = (folder / "run.json").is_file() and page.parent == folder
del found
gc.collect()
print(json.dumps([before, folder.exists(), bool(series["consumption"].notnull().all())]))
"""
    assert in_new_python(code) == [True, False, True]


def test_every_strategy_of_a_state():
    from comity.face.strategies import named_strategies

    every = named_strategies("all", "JPN")
    assert len(every) > 8 and every[:4] == named_strategies(None, "Japan")
    assert named_strategies([Path("mine.yaml"), "steady"], "JPN") == ("mine.yaml", "steady")
    assert named_strategies(Path("mine.yaml"), "JPN") == ("mine.yaml",)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"scenario": "america-frist"}, "america-first"),
        ({"scenario": 3}, "use a name"),
        ({"actor": "Atlantis"}, "Atlantis"),
        ({"actor": 3}, "use an id or a name"),
        ({"strategies": "staedy"}, "steady"),
        ({"strategies": []}, "no strategy"),
        ({"strategies": 3}, "3 is no strategy"),
        ({"strategies": ["steady", 3]}, "3 is no strategy"),
        ({"futures": 0}, "futures=0 .* from 1 to"),
        ({"futures": "500"}, "futures='500'"),
        ({"futures": True}, "futures=True"),
        ({"seed": -1}, "seed=-1"),
        ({"horizon": 1999}, "1999 is out of range"),
        ({"chunk": 0}, "chunk=0"),
        ({"world": "flat"}, "use 'focus' or 'full'"),
        ({"progress": 3}, "progress is no function"),
        ({"out": 3}, "out=3"),
    ],
)
def test_arguments_are_checked_before_work_starts(arguments, words, monkeypatch):
    from comity.study import laboratory

    monkeypatch.setattr(laboratory, "build", lambda plan: pytest.fail("work was begun"))
    # The function as users call it; this suite checks the kinds of arguments with a message of its
    # own.
    with pytest.raises(BadInput, match=words):
        inspect.unwrap(cm.run)(**arguments)


@pytest.mark.slow
def test_nothing_is_written_over(by_command, tmp_path):
    with pytest.raises(BadInput, match="not a new folder"):
        cm.run("as-is", out=by_command)
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="cannot be made"):
        cm.run("as-is", out=tmp_path / "file" / "run")


def test_no_run_to_read(tmp_path):
    with pytest.raises(BadInput, match="holds no finished run"):
        cm.read(tmp_path)
    with pytest.raises(BadInput, match=r"run\.json is missing"):
        cm.judge(tmp_path)


def test_an_explanation_prints_and_holds_the_entry():
    from comity.cli import explain as explaining

    found = cm.explain("elasticity")
    assert str(found) == repr(found) == explaining.in_words(found.entry)
    assert found["source"] and found.entry == explaining.explain("elasticity")
    assert found._repr_html_().startswith("<pre>") and "<" not in found._repr_html_()[5:-6]
    with pytest.raises(BadInput, match="did you mean elasticity"):
        cm.explain("elastisity")


@pytest.mark.slow
def test_trade_is_the_result_of_the_command():
    found = cm.trade("us-wall-25", draws=0, keep="Viet Nam, PER")
    assert {"VNM", "PER"} <= set(found.members)
    pd.testing.assert_frame_equal(
        found.effects, cm.trade.run("us-wall-25", draws=0, keep=["VNM", "PER"]).effects
    )
    with pytest.raises(BadInput, match="us-wall-25"):
        cm.trade("us-wall-52")
    with pytest.raises(BadInput, match="seed=-1"):
        cm.trade("us-wall-25", seed=-1)


def test_worlds():
    world = cm.world.load()
    with pytest.warns(CoverageWarning):
        assert cm.world.coarsen(world, ["JPN", "USA"]).count < 30 and world.year == 2024
    filled, known = cm.world.door(world)
    assert np.isfinite(filled.gdp).all() and not known["milex"].all()
    with pytest.raises(BadInput, match=r"world\.past"):
        cm.world.load(2010)
    with pytest.raises(BadInput, match=r"world\.load"):
        cm.world.past(1950)


WRONG = """
cm.judge(3)
cm.judge("")
cm.read(3)
cm.read(run).report(path=3)
cm.explain(3)
cm.run(actor=3)
cm.run(futures="many")
cm.run(strategies="steady,steady")
cm.run(strategies=["steady", "steady"])
cm.run(strategies="steady,")
cm.run(strategies=[])
cm.run(horizon=2020)
cm.trade(3)
cm.trade(None)
cm.trade("us-wall-25", draws="x")
cm.trade("us-wall-25", seed=1.5)
cm.trade("us-wall-25", draws=True)
cm.trade("us-wall-25", world=3)
cm.trade("us-wall-25", model=["one-sector"])
cm.trade("us-wall-25", keep=3)
cm.trade("us-wall-25", keep=["JPN", 3])
cm.trade("tariff-wall", year="x")
cm.trade.load(3)
cm.world.past("x")
cm.world.load("x")
cm.world.coarsen(3)
cm.world.coarsen(cm.world.load(), focus=3)
cm.world.door(None)
cm.panel.state_years(first="x")
cm.panel.state_years(first=1900.5)
cm.panel.state_years(system=[])
cm.panel.state_years(microstates="no")
cm.panel.dyad_years(directed="undirected")
cm.panel.k_ads(kind=[])
cm.panel.k_ads(last="x")
made.percent("nope", "JPN")
made.percent("consumption", 3)
made.percent([], "JPN")
made.interval("nope", "JPN")
made.trade("JPN", "JPN")
made.trade("JPN", 3)
made.entity(None)
made.table(states=3)
made.table(top="x")
made.document(states=3)
made.write(3)
made.write(run / "new", lang="fr")
"""


@pytest.mark.slow
def test_whatever_is_wrong_is_said_in_one_message(by_face):
    """Without the checks of this suite, which would speak first."""
    code = """
import json, sys
from pathlib import Path
import comity as cm
from comity.core.errors import ComityError
run = Path(sys.argv[1])
made = cm.trade("us-wall-25", draws=0)
said = {}
for line in sys.argv[2].strip().splitlines():
    try:
        eval(line)
        said[line] = "accepted"
    except ComityError as error:
        said[line] = "" if str(error) and "--" not in str(error) else f"says {error}"
    except Exception as error:
        said[line] = repr(error)
print(json.dumps(said))
"""
    said = in_new_python(code, by_face[0].folder, WRONG)
    assert len(said) > 40 and not {line: what for line, what in said.items() if what}


def test_a_trade_result_is_short_and_has_a_page_for_notebooks():
    found = cm.trade("us-wall-25", draws=0)
    assert repr(found) == (
        "<trade case us-wall-25, one-sector, 48 states and regions, central numbers only; solved>"
    )
    page = found._repr_html_()
    assert found.case.title["en"] in page and page.count("<tr") == 14 and len(page) < 6000
    assert "draws" not in page and "NaN" not in page


@pytest.mark.parametrize(
    ("package", "name", "said"),
    [
        (cm, "grad", "it has explain, judge"),
        (cm, "jugde", "did you mean 'judge'"),
        (cm.panel, "state_year", "did you mean 'state_years'"),
        (cm.panel, "nope", "it has Panel, dyad_years"),
        (cm.judge, "robustnes", "did you mean 'robustness'"),
        (cm.judge, "nope", "it has aims, discovery"),
    ],
)
def test_a_name_that_is_not_there_is_answered_with_those_that_are(package, name, said):
    with pytest.raises(AttributeError, match=said):
        getattr(package, name)
