"""A mistake in a mechanism's folder is one clear error, before any future is computed."""

import importlib
import sys
from importlib import resources

import jax.numpy as jnp
import pytest

import comity.mechanisms
import toy
from charm import MECHANISM
from comity.core.errors import ComityError
from comity.core.words import words
from comity.engine import levers as engine_levers
from comity.engine.trial import tried, tried_measures
from comity.mechanisms import catalogue, folders
from comity.mechanisms.measured import outcomes

WORLD = toy.toy_world()
PARTNERS = ("CHN", "USA")
CACHES = (
    words,
    engine_levers.declared,
    folders.class_of,
    folders.fields_of,
    catalogue.books,
    catalogue.levers,
    catalogue.fields,
    catalogue.dormant,
)


def forget():
    for cached in CACHES:
        cached.cache_clear()
    for name in [name for name in sys.modules if name.startswith("comity.mechanisms.charm")]:
        del sys.modules[name]
    vars(comity.mechanisms).pop("charm", None)
    importlib.invalidate_caches()


class Also:
    """The folder of mechanisms, with those of another folder; as much as books need."""

    def __init__(self, own, more):
        self.own, self.more = own, more

    def joinpath(self, name):
        there = self.more / name
        return there if name.startswith("charm/") else self.own.joinpath(name)


@pytest.fixture
def start(tmp_path, monkeypatch):
    """What a run does before its first future, with the toy mechanism beside those that ship."""
    real = resources.files
    monkeypatch.setattr(
        resources,
        "files",
        lambda at: (
            Also(real(at), tmp_path / "mechanisms") if at == "comity.mechanisms" else real(at)
        ),
    )
    monkeypatch.setattr(
        comity.mechanisms, "__path__", [*comity.mechanisms.__path__, str(tmp_path / "mechanisms")]
    )
    monkeypatch.setattr(catalogue, "OPTIONS", {**catalogue.OPTIONS, "charm": ()})
    forget()

    def begun(changes):
        folder = tmp_path / "mechanisms/charm"
        folder.mkdir(parents=True)
        for name, text in MECHANISM.items():
            mine = [change[1:] for change in changes if change[0] == name]
            for old, new in mine:
                assert old in text, (name, old)
                text = text.replace(old, new or "")
            if ("", None) not in mine:
                (folder / name).write_text(text, encoding="utf-8")
        package = folders.package_of("charm")
        monkeypatch.setattr(catalogue, "CLASSES", (*catalogue.CLASSES, folders.class_of(package)))
        given = toy.World(
            WORLD.states,
            WORLD.frameworks,
            WORLD.year,
            WORLD.slot,
            **{name: getattr(WORLD, name) for name in toy_cards()},
        )
        declared = catalogue.levers()
        world = catalogue.ready(given)
        year = catalogue.build_year(world, ("charm",))
        (charm,) = (m for m in year if m.name == "charm")
        still = toy.programmes.quiet(declared.values(), toy.YEARS, world.count, 2)
        tried((charm,), world, still, 0)
        measures = outcomes("JPN", PARTNERS, ("charm",))
        return tried_measures(measures, world, "JPN", PARTNERS, year, len(toy.YEARS))

    yield begun
    forget()


def toy_cards():
    from comity.world.given import cards

    return cards()


def test_the_toy_itself_is_taken(start):
    assert start(())[-1].name == "charmed.final"


INIT, LEVERS, BOOK, MEASURES, FIELDS, WORDS = (
    "__init__.py",
    "levers.toml",
    "numbers.toml",
    "measures.py",
    "fields.py",
    "words.toml",
)
DYAD = ((LEVERS, 'signature = ["state"]\nkind = "state"', 'signature = ["a", "b"]\nkind = "dyad"'),)
TIMES = (
    WORDS,
    "\nact =",
    '\ntimes = { en = "{actors}: {plain}", ja = "{actors}: {plain}" }\nact =',
)
CALL = "world.charmed + self.rate * levers.charm"
DRAWN = 'prior = { kind = "uniform", low = 1.0, high = 3.0 }'
FIXED = 'prior = { kind = "fixed", mean = 2.0 }'
NUMBER_WORDS = '[number.charm.rate]\nen = "Rate of charm"\nja = "R"\n'
MEASURE = '(measure(texts, "charmed.final", direction="higher", grade="D", reduce=_last),)'

# What is changed (file, what stands there, what instead; None = no such file), and what the error
# names: the file, the entry, the fix.
MISTAKES = {
    # Levers.
    "placeholder unknown": [
        [(WORDS, "{actors}: charms by {plain}", "{who}: charms by {plain}")],
        ["lever.charm.act", "who", "use {actors}"],
    ],
    "placeholder of another kind": [
        [(WORDS, "{actors}: charms by {plain}", "{actors}: charms {targets} by {plain}")],
        ["lever.charm.act", "targets", "use {actors}"],
    ],
    "placeholder without a name": [
        [(WORDS, "{actors}: charms by {plain}", "{}: charms by {plain}")],
        ["lever.charm.act in en"],
    ],
    "brace left open": [
        [(WORDS, "{actors}: charms by {plain}", "{actors: charms by {plain}")],
        ["lever.charm.act in en"],
    ],
    "placeholder in a sentence": [
        [(WORDS, "The state charms.", "{actors} charms.")],
        ["lever.charm.sentence", "use no {placeholder}"],
    ],
    "value not said": [
        [(WORDS, "{actors}: charms by {plain}", "{actors}: charms")],
        ["lever.charm.act in en", "use {value}"],
    ],
    "value said of none": [
        [(LEVERS, "high = 1.0", "high = 1.0\nvalued = false")],
        ["lever.charm.act in en", "take it out"],
    ],
    "kind and arguments": [
        [(LEVERS, 'kind = "state"', 'kind = "dyad"')],
        ["charm/levers.toml:charm", "['state']", "two arguments"],
    ],
    "two arguments of a state": [
        [(LEVERS, '["state"]', '["state", "other"]')],
        ["charm/levers.toml:charm", "one argument"],
    ],
    "no framework": [
        [(LEVERS, 'kind = "state"', 'kind = "membership"')],
        ["charm/levers.toml:charm", '"framework" and "state"'],
    ],
    "one argument twice": [
        [
            (
                LEVERS,
                'signature = ["state"]\nkind = "state"',
                'signature = ["a", "a"]\nkind = "dyad"',
            )
        ],
        ["charm/levers.toml:charm", "['a', 'a']"],
    ],
    "factor of a state": [
        [(LEVERS, "high = 1.0", 'high = 1.0\ncombine = "factor"')],
        ["charm/levers.toml:charm", "pairs of states"],
    ],
    "pact of a state": [
        [(LEVERS, "high = 1.0", 'high = 1.0\ncombine = "pact"')],
        ["charm/levers.toml:charm", "pairs of states"],
    ],
    "share of a pair": [
        [*DYAD, (LEVERS, "low = -1.0", 'low = 0.0\ncombine = "share"')],
        ["charm/levers.toml:charm", "not for pairs"],
    ],
    "share below nil": [
        [(LEVERS, "high = 1.0", 'high = 1.0\ncombine = "share"')],
        ["charm/levers.toml:charm", "from 0 to 1"],
    ],
    "factor of nil": [
        [*DYAD, (LEVERS, "high = 1.0", 'high = 1.0\ncombine = "factor"')],
        ["charm/levers.toml:charm", "above -1"],
    ],
    "combine unknown": [
        [(LEVERS, "high = 1.0", 'high = 1.0\ncombine = "maybe"')],
        ["charm/levers.toml:charm", "maybe", "add, share, factor, pact"],
    ],
    "axis of a state": [
        [(LEVERS, "high = 1.0", 'high = 1.0\naxis = "domain"')],
        ["charm/levers.toml:charm", "no axis"],
    ],
    "axis unknown": [
        [(LEVERS, 'kind = "state"', 'kind = "category"\naxis = "domian"')],
        ["charm/levers.toml:charm", "did you mean 'domain'"],
    ],
    "rows of a state": [
        [(LEVERS, "high = 1.0", 'high = 1.0\nrows = "nope"')],
        ["charm/levers.toml:charm", "'nope'", "use one of state"],
    ],
    "rows unknown": [
        [*DYAD, (LEVERS, "high = 1.0", 'high = 1.0\nrows = "nope"')],
        ["charm/levers.toml:charm", "'nope'", "use one of a, b"],
    ],
    "base unknown": [
        [TIMES, (LEVERS, "high = 1.0", 'high = 1.0\nbase = "charmd"')],
        ["charm/levers.toml:charm", "did you mean 'charmed'"],
    ],
    "base of another shape": [
        [TIMES, (LEVERS, "high = 1.0", 'high = 1.0\nbase = "tariff"')],
        ["charm/levers.toml:charm", "for each state"],
    ],
    "brings no option": [
        [(LEVERS, "high = 1.0", 'high = 1.0\nbrings = "comitment"')],
        ["charm/levers.toml:charm", "did you mean 'commitment'"],
    ],
    "no arguments": [
        [(LEVERS, '["state"]', "[]")],
        ["charm/levers.toml:charm", "write one argument"],
    ],
    "arguments no list": [
        [(LEVERS, '["state"]', '"state"')],
        ["charm/levers.toml:charm", "write a list of texts"],
    ],
    "bound no number": [
        [(LEVERS, "low = -1.0", 'low = "a"')],
        ["charm/levers.toml:charm", "low", "write a finite number"],
    ],
    "bound infinite": [
        [(LEVERS, "high = 1.0", "high = inf")],
        ["charm/levers.toml:charm", "high", "write a finite number"],
    ],
    "key misspelt": [
        [(LEVERS, "unit =", "unti =")],
        ["charm/levers.toml:charm", "did you mean 'unit'"],
    ],
    "key missing": [
        [(LEVERS, "high = 1.0", "")],
        ["charm/levers.toml:charm", "write high ="],
    ],
    "lever is no table": [
        [(LEVERS, "[charm]", "charm = 3\n[other]")],
        ["charm/levers.toml:charm", "no table"],
    ],
    "lever called at": [
        [(LEVERS, "[charm]", "[at]")],
        ["charm/levers.toml:at", "choose another"],
    ],
    "lever called as code cannot": [
        [(LEVERS, "[charm]", "[from]")],
        ["charm/levers.toml:from", "choose another"],
    ],
    "lever of another mechanism": [
        [
            (LEVERS, "[charm]", "[sanction]"),
            (WORDS, "[lever.charm]", "[lever.sanction]"),
            (INIT, '("charm",)\n    keeps', '("sanction",)\n    keeps'),
            (INIT, "levers.charm}", "levers.sanction}"),
        ],
        ["sanctions", "charm", "declare it once"],
    ],
    "lever not said to be read": [
        [(INIT, '("charm",)\n    keeps', "()\n    keeps")],
        ["charm/levers.toml:charm", "`levers` of Charm"],
    ],
    "no TOML": [
        [(LEVERS, "unit =", "unit ==")],
        ["charm/levers.toml", "line 6"],
    ],
    # Words.
    "no words.toml": [[(WORDS, "", None)], ["mechanisms/charm/words.toml", "no such file"]],
    "words are no text": [
        [(WORDS, 'en = "Rate of charm"', "en = 3")],
        ["charm/words.toml", "number.charm.rate"],
    ],
    "words of a measure": [
        [(WORDS, "reading = {", "raeding = {")],
        ["charm/words.toml", "outcome.charmed.final.reading", "did you mean"],
    ],
    "placeholder of a measure": [
        [(WORDS, "Charm gained.", "Charm {gained}.")],
        ["charm/words.toml:outcome.charmed.final", "gained", "use no {placeholder}"],
    ],
    "words of a drawn number": [
        [(BOOK, FIXED, DRAWN), (WORDS, NUMBER_WORDS, "")],
        ["charm/words.toml", "number.charm.rate"],
    ],
    # Numbers.
    "no numbers.toml": [[(BOOK, "", None)], ["mechanisms/charm/numbers.toml", "no such file"]],
    "book unknown": [
        [(INIT, 'book: ClassVar[str] = "charm"', 'book: ClassVar[str] = "charms"')],
        ["charms/numbers.toml"],
    ],
    "number without field": [
        [(BOOK, "[rate]", "[rates]")],
        ["charm/numbers.toml:rates", "did you mean 'rate'"],
    ],
    "field without number": [
        [
            (INIT, "rate: Scalar", "rate: Scalar\n    speed: Scalar"),
            (INIT, 'numbers["rate"].value)', 'numbers["rate"].value), numbers["speed"].value'),
        ],
        ["charm/numbers.toml", "'speed'", "write [speed]"],
    ],
    "field that build forgets": [
        [(INIT, "rate: Scalar", "rate: Scalar\n    speed: Scalar")],
        ["charm/__init__.py:", "cannot be built", "speed"],
    ],
    "grade": [[(BOOK, 'grade = "D"', 'grade = "E"')], ["numbers.toml:rate", "A, B, C, D"]],
    "status": [[(BOOK, '"judged"', '"guessed"')], ["numbers.toml:rate", "published, estimated"]],
    "judged of grade A": [[(BOOK, 'grade = "D"', 'grade = "A"')], ["numbers.toml:rate", "judged"]],
    "prior unknown": [[(BOOK, '"fixed"', '"fixd"')], ["numbers.toml:rate", "fixd", "fixed"]],
    "prior of no kind": [[(BOOK, 'kind = "fixed", ', "")], ["rate.prior", "kind"]],
    "prior misspelt": [[(BOOK, "mean =", "maen =")], ["rate.prior", "did you mean 'mean'"]],
    "prior of texts": [[(BOOK, "mean = 2.0", 'mean = "a"')], ["rate.prior", "finite number"]],
    "prior no table": [[(BOOK, FIXED, "prior = 2.0")], ["numbers.toml:rate", "write a table"]],
    "value a text": [[(BOOK, "value = 2.0", 'value = "a"')], ["numbers.toml:rate", "finite"]],
    "no source": [[(BOOK, "source =", "sources =")], ["numbers.toml:rate", "'source'"]],
    "source of no work": [
        [(BOOK, "felbermayr2020global has", "nobody has")],
        ["numbers.toml:rate", "references.bib"],
    ],
    "source unknown": [
        [(BOOK, "felbermayr2020global has", "felbermayr2020globl has")],
        ["numbers.toml:rate", "did you mean 'felbermayr2020global'"],
    ],
    # Fields.
    "no fields.py": [[(FIELDS, "", None)], ["mechanisms/charm/fields.py", "FIELDS = {}"]],
    "no FIELDS": [[(FIELDS, "FIELDS =", "FEILDS =")], ["charm/fields.py", "FIELDS"]],
    "axis of a field": [
        [(FIELDS, '"state"', '"stat"')],
        ["charm/fields.py:charmed", "did you mean 'state'"],
    ],
    "no card": [[(FIELDS, 'moving("points"', '("points"')], ["fields.py:charmed", "moving(...)"]],
    "no start": [
        [
            (FIELDS, "import moving", "import FieldCard"),
            (
                FIELDS,
                'moving("points", "charm gained so far", 0.0, "state")',
                'FieldCard("points", "charm", "sum")',
            ),
        ],
        ["fields.py:charmed", "write a number"],
    ],
    "field of the world": [
        [(FIELDS, '"charmed"', '"gdp"')],
        ["charm/fields.py:gdp", "already"],
    ],
    "field of another mechanism": [
        [(FIELDS, '"charmed"', '"survival"')],
        ["charm/fields.py:survival", "checks"],
    ],
    "field that hides": [
        [(FIELDS, '"charmed"', '"count"')],
        ["charm/fields.py:count", "choose another"],
    ],
    # The class.
    "two classes": [
        [
            (
                INIT,
                "\nclass Charm(",
                "\nclass Second(AbstractMechanism):\n    pass\n\n\nclass Charm(",
            )
        ],
        ["charm/__init__.py", "Charm, Second", "folder of its own"],
    ],
    "no class": [[(INIT, "Charm(AbstractMechanism)", "Charm")], ["charm/__init__.py", "none"]],
    "name of the class": [
        [(INIT, 'name: ClassVar[str] = "charm"', 'name: ClassVar[str] = "charming"')],
        ["charm/__init__.py:Charm", "'charm'"],
    ],
    "comma forgotten": [
        [
            (
                INIT,
                'writes: ClassVar[tuple[str, ...]] = ("charmed",)',
                'writes: ClassVar[tuple[str, ...]] = ("charmed")',
            )
        ],
        ["charm/__init__.py:Charm", "writes is 'charmed'", "tuple of names"],
    ],
    "class variable without a type": [
        [(INIT, 'keeps: ClassVar[tuple[str, ...]] = ("charmed",)', 'keeps = ("charmed",)')],
        ["charm/__init__.py:Charm", "keeps: ClassVar[tuple[str, ...]]"],
    ],
    "class variable missing": [
        [(INIT, "    lagged: ClassVar[tuple[str, ...]] = ()\n", "")],
        ["charm/__init__.py:Charm", "lagged"],
    ],
    "reference": [
        [(INIT, '= "felbermayr2020global"', '= "felbermayr2020globl"')],
        ["charm/__init__.py:Charm", "did you mean 'felbermayr2020global'"],
    ],
    "phase": [[(INIT, '"human"', '"humane"')], ["charm/__init__.py", "'humane'", "use one of"]],
    "reads unknown": [
        [
            (
                INIT,
                'reads: ClassVar[tuple[str, ...]] = ("charmed",)',
                'reads: ClassVar[tuple[str, ...]] = ("charmd",)',
            )
        ],
        ["charm/__init__.py", "`reads`", "did you mean 'charmed'"],
    ],
    "writes unknown": [
        [
            (
                INIT,
                'writes: ClassVar[tuple[str, ...]] = ("charmed",)',
                'writes: ClassVar[tuple[str, ...]] = ("charmd",)',
            )
        ],
        ["charm/__init__.py", "`writes`", "did you mean 'charmed'"],
    ],
    "writes the number of a state": [
        [
            (
                INIT,
                'writes: ClassVar[tuple[str, ...]] = ("charmed",)',
                'writes: ClassVar[tuple[str, ...]] = ("slot",)',
            )
        ],
        ["charm/__init__.py", "`writes`", "'slot'"],
    ],
    "keeps unknown": [
        [
            (
                INIT,
                'keeps: ClassVar[tuple[str, ...]] = ("charmed",)',
                'keeps: ClassVar[tuple[str, ...]] = ("charmd",)',
            )
        ],
        ["charm/__init__.py", "`keeps`", "did you mean 'charmed'"],
    ],
    "keeps of another": [
        [
            (
                INIT,
                'keeps: ClassVar[tuple[str, ...]] = ("charmed",)',
                'keeps: ClassVar[tuple[str, ...]] = ("survival",)',
            )
        ],
        ["charm/__init__.py", "keeps 'survival'"],
    ],
    "levers unknown": [
        [(INIT, '("charm",)\n    keeps', '("charm", "tarif")\n    keeps')],
        ["charm/__init__.py", "did you mean 'tariff'"],
    ],
    # Its call.
    "lever not declared": [
        [(INIT, "levers.charm}", "levers.charms}")],
        ["charm/__init__.py:", "did you mean 'charm'"],
    ],
    "field not there": [
        [(INIT, CALL, "world.charms")],
        ["charm/__init__.py:", "'charms'"],
    ],
    "change of another shape": [
        [(INIT, CALL, "(world.charmed + self.rate * levers.charm).sum()")],
        ["charm/__init__.py", "'charmed'", "float64 ()", "float64 (5,)"],
    ],
    "change of another type": [
        [(INIT, CALL, "world.charmed > 0")],
        ["charm/__init__.py", "'charmed'", "bool (5,)"],
    ],
    "change no array": [[(INIT, CALL, "1.0")], ["charm/__init__.py", "'charmed'", "1.0"]],
    "change empty": [
        [(INIT, '{"charmed": world.charmed + self.rate * levers.charm}', "{}")],
        ["charm/__init__.py", "'charmed'", "take it out of `writes`"],
    ],
    "change no mapping": [
        [
            (INIT, '{"charmed": world.charmed + self.rate * levers.charm}', "None"),
            (INIT, "-> Change:", "-> None:"),
        ],
        ["charm/__init__.py", "None", "new values by field"],
    ],
    "change of one field more": [
        [(INIT, "levers.charm}", 'levers.charm, "milex": world.milex}')],
        ["charm/__init__.py", "'milex'", "`writes`"],
    ],
    "error of its own": [
        [(INIT, CALL, "world.charmed @ levers.charm[:2]")],
        ["charm/__init__.py:", "cannot be called"],
    ],
    # Measures.
    "no function": [[(MEASURES, "def measures(", "def measure_(")], ["charm/measures.py"]],
    "no measures": [
        [(MEASURES, MEASURE, '("charmed.final",)')],
        ["charm/measures.py", "no measure"],
    ],
    "listing fails": [[(MEASURES, MEASURE, "(1 / 0,)")], ["charm/measures.py:", "ZeroDivision"]],
    "grade of a measure": [[(MEASURES, '"D"', '"E"')], ["measures.py:charmed.final", "A, B, C, D"]],
    "two of one name": [
        [(MEASURES, MEASURE, f"2 * {MEASURE}")],
        ["charm/measures.py:charmed.final", "another name"],
    ],
    "one of another mechanism": [
        [
            (MEASURES, '"charmed.final"', '"burden.final"'),
            (WORDS, "[outcome.charmed.final]", "[outcome.burden.final]"),
        ],
        ["charm/measures.py:burden.final", "armament"],
    ],
    "field not kept": [
        [
            (
                INIT,
                'keeps: ClassVar[tuple[str, ...]] = ("charmed",)',
                "keeps: ClassVar[tuple[str, ...]] = ()",
            )
        ],
        ["charm/measures.py:charmed.final", "'charmed'", "`keeps`"],
    ],
    "measure of another shape": [
        [(MEASURES, "[..., -1]", "")],
        ["charm/measures.py:charmed.final", "(3, 2, 3)", "(3, 2)"],
    ],
    "measure of nothing": [
        [(MEASURES, '    return block.of_actor("charmed")[..., -1]', "    pass")],
        ["charm/measures.py:charmed.final"],
    ],
    "measure fails": [
        [(MEASURES, "[..., -1]", "[..., 99]")],
        ["charm/measures.py:", "charmed.final", "IndexError"],
    ],
}


@pytest.mark.parametrize("changes, named", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_clear_error(start, changes, named):
    with pytest.raises(ComityError) as refused:
        start(changes)
    said = str(refused.value)
    assert refused.value.where and "\n" not in said
    for part in named:
        assert part in said, said


def test_a_need_is_an_option(monkeypatch):
    monkeypatch.setattr(catalogue, "OPTIONS", {**catalogue.OPTIONS, "war": ("comitment",)})
    with pytest.raises(ComityError, match="war needs 'comitment'.*did you mean 'commitment'"):
        catalogue._options()


def test_a_name_without_folder():
    with pytest.raises(ComityError, match="no mechanism 'charmm'"):
        folders.class_of("comity.mechanisms.charmm")


def test_a_lever_read_by_no_name_says_the_nearest():
    with pytest.raises(AttributeError, match="did you mean 'tariff'"):
        _ = toy.still().tarif
    assert toy.still().tariff.shape == jnp.shape(WORLD.tariff)
