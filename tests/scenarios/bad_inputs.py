"""Files that must be refused: name, bytes, a part of the message, line (None: no place to point).

The runner writes each to ``NAME.yaml`` in an empty folder and loads it as a scenario.
"""

BASE = """comity: scenario 1
name: wall
title: {en: A wall}
question: {en: What then?}
summary: {en: All of it}
uncertainties:
  answer:
    meaning: {en: Who answers}
    choices: {nobody: 0.5, everybody: 0.5}
    status: judged
    source: a guess
  size:
    meaning: {en: How much}
    prior: {kind: uniform, low: 0.5, high: 1.0}
    status: judged
    source: a guess
moves:
  - lever: tariff
    importer: USA
    exporter: [JPN, KOR]
    add: 0.25
    from: 2027
    judged: a case
"""


def swap(old: str, new: str) -> bytes:
    """The good file with one thing changed."""
    assert BASE.count(old) == 1, old
    return BASE.replace(old, new).encode()


def more(text: str) -> bytes:
    """The good file with a further move, on line 24."""
    return (BASE + text + "\n").encode()


MOVE = "  - {lever: tariff, importer: USA, exporter: JPN, "

BAD: list[tuple[str, bytes, str, int | None]] = [
    # Bytes
    ("empty", b"", "the file is empty", 1),
    ("only-comment", b"# nothing\n\n", "the file is empty", 1),
    ("only-bom", b"\xef\xbb\xbf", "the file is empty", 1),
    (
        "latin-1",
        swap("What then?", "Qué pasa").decode().encode("latin-1"),
        "byte 0xe9 is not UTF-8; it looks like Latin-1",
        4,
    ),
    (
        "shift-jis",
        swap("What then?", "関税の影響").decode().encode("shift_jis"),
        "it looks like Shift-JIS; save the file as UTF-8",
        4,
    ),
    ("utf-16", BASE.encode("utf-16"), "the file is UTF-16", 1),
    ("nul", swap("What then?", "What\0then"), "control character U+0000", 4),
    ("escape", swap("What then?", "What\x1b[31m"), "control character U+001B", 4),
    (
        "crlf-bad-key",
        swap(
            "status: judged\n    source: a guess\n  size",
            "statsu: judged\n    source: a guess\n  size",
        ).replace(b"\n", b"\r\n"),
        "did you mean 'status'?",
        10,
    ),
    ("bom-bad-key", b"\xef\xbb\xbf" + swap("summary:", "sumary:"), "did you mean 'summary'?", 5),
    # Guard
    ("huge-scalar", b"name: " + b"x" * 300_000, "more than 65536 bytes", None),
    ("deep", b"[" * 5000 + b"]" * 5000, "nested deeper than 20 levels", 1),
    ("deep-blocks", b"".join(b" " * n + b"a:\n" for n in range(40)), "nested deeper", 21),
    ("many-values", b"a: [" + b"1," * 25_000 + b"1]", "more than 20000 values", 1),
    ("alias-bomb", b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "anchors and aliases", 1),
    ("alias", swap("exporter: [JPN, KOR]", "exporter: *all"), "anchors and aliases", 20),
    ("python-tag", swap("name: wall", "name: !!python/object:os.system x"), "the tag", 2),
    ("local-tag", swap("add: 0.25", "add: !secret 0.25"), "the tag", 21),
    ("directive", b"%YAML 1.1\n---\n" + BASE.encode(), "directives", 1),
    ("two-documents", BASE.encode() + b"---\n" + BASE.encode(), "one scenario a file", 24),
    # YAML
    ("tab", swap("    importer: USA", "\timporter: USA"), "spaces, not tabs", 19),
    (
        "duplicate-key",
        swap("name: wall", "name: wall\nname: wall"),
        "stands twice; first on line 2",
        3,
    ),
    ("duplicate-inner", swap("add: 0.25", "add: 0.25\n    add: 0.3"), "'add' stands twice", 22),
    ("open-quote", swap("name: wall", 'name: "wall'), "close the quote", None),
    ("colon", swap("judged: a case", "judged: a: case"), "quote a text that contains a colon", 23),
    ("at-sign", swap("[JPN, KOR]", "@EU"), "quote a text that begins with @", 20),
    ("list", b"- a\n- b\n", "not a mapping", 1),
    ("text", b"hello\n", "not a mapping", 1),
    ("key-is-list", b"? [a, b]\n: c\n", "a key must be a plain word", 1),
    ("escaped-control", swap("name: wall", 'name: "a\\x1b[31m"'), "control character in", 2),
    ("escaped-key", swap("name: wall", '"na\\nme": wall'), "is no plain word", 2),
    ("long-key", b"a" * 900 + b": 1\n", "is no plain word", 1),
    ("merge-key", b"{a: 1, <<: {b: 2}}\n", "a key must be a plain word", 1),
    # Head
    ("wrong-kind", swap("scenario 1", "strategy 1"), "is a 'strategy', not a scenario", 1),
    ("other-format", swap("scenario 1", "scenario 2"), "format '2' is not known", 1),
    ("no-kind", swap("comity: scenario 1\n", ""), "'comity' is missing", 1),
    ("no-name", swap("name: wall\n", ""), "'name' is missing", 1),
    ("name-number", swap("name: wall", "name: 12"), 'is not a text; write "12"', 2),
    ("name-path", swap("name: wall", "name: ../wall"), "characters that it must not have", 2),
    ("title-list", swap("title: {en: A wall}", "title: [a]"), "['a'] is not a mapping", 3),
    ("title-no-english", swap("{en: A wall}", "{ja: 壁}"), "'en' is missing", 3),
    ("misspelled", swap("moves:", "mvoes:"), "unknown key 'mvoes'; did you mean 'moves'?", 17),
    ("include", swap("name: wall", "name: wall\ninclude: /etc/x"), "unknown key 'include'", 3),
    ("extends-missing", swap("name: wall", "name: wall\nextends: as-iz"), "mean 'as-is'?", 3),
    (
        "extends-no-file",
        swap("name: wall", "name: wall\nextends: gone.yaml"),
        "there is no file",
        3,
    ),
    (
        "extends-outside",
        swap("name: wall", "name: wall\nextends: ../x.yaml"),
        "leads out of the folder",
        3,
    ),
    (
        "extends-absolute",
        swap("name: wall", "name: wall\nextends: /etc/x.yaml"),
        "leads out of the folder",
        3,
    ),
    (
        "extends-circle",
        swap("name: wall", "name: wall\nextends: extends-circle.yaml"),
        "extends runs in a circle",
        3,
    ),
    (
        "horizon-back",
        swap("uncertainties:", "horizon: {from: 2030, to: 2026}\nuncertainties:"),
        "the horizon ends in 2026, before it starts in 2030",
        6,
    ),
    (
        "horizon-far",
        swap("uncertainties:", "horizon: {from: 2025, to: 9999}\nuncertainties:"),
        "at most 2100",
        6,
    ),
    (
        "horizon-past",
        swap("uncertainties:", "horizon: {from: 1990, to: 2000}\nuncertainties:"),
        "at least 2025",
        6,
    ),
    (
        "group-of-one",
        swap("uncertainties:", "groups: {FRIENDS: [JPN]}\nuncertainties:"),
        "the group 'FRIENDS' has one member",
        6,
    ),
    (
        "group-named-as-state",
        swap("uncertainties:", "groups: {JPN: [KOR, USA]}\nuncertainties:"),
        "has the name of something else",
        6,
    ),
    # Uncertainties
    ("weights-sum", swap("everybody: 0.5", "everybody: 0.4"), "sum to 0.9, not 1", 9),
    (
        "weights-zero",
        swap("{nobody: 0.5, everybody: 0.5}", "{nobody: 0, everybody: 0}"),
        "all probabilities are 0",
        9,
    ),
    ("weight-negative", swap("nobody: 0.5", "nobody: -0.5"), "outside 0 to 1", 9),
    ("weight-text", swap("nobody: 0.5", "nobody: half"), "'half' is not a number", 9),
    ("one-branch", swap("{nobody: 0.5, everybody: 0.5}", "{nobody: 1.0}"), "two branches", 9),
    (
        "status-unknown",
        swap(
            "  size:",
            "  more:\n    meaning: {en: m}\n    choices: {a: 1, b: 0}\n"
            "    status: judgd\n    source: x\n  size:",
        ),
        "did you mean 'judged'?",
        15,
    ),
    ("no-source-of-doubt", swap("    source: a guess\n  size", "  size"), "'source' is missing", 8),
    ("prior-order", swap("low: 0.5", "low: 5"), "low must lie below high", 14),
    ("prior-kind", swap("kind: uniform", "kind: uniforn"), "did you mean 'uniform'?", 14),
    ("prior-gap", swap("low: 0.5, ", ""), "a uniform prior needs low", 14),
    ("prior-extra", swap("low: 0.5", "sd: 1, low: 0.5"), "a uniform prior has no sd", 14),
    ("prior-mode", swap("kind: uniform", "kind: triangular, mode: 7"), "mode must lie between", 14),
    (
        "prior-lognormal-below-nil",
        swap("kind: uniform, low: 0.5", "kind: lognormal, median: 0.5, sd: 1, low: -1"),
        "a lognormal number is above 0",
        14,
    ),
    (
        "prior-too-wide",
        swap("low: 0.5, high: 1.0", "low: -1e308, high: 1e308"),
        "too wide to draw from",
        14,
    ),
    (
        "prior-mean-outside",
        swap("kind: uniform, low: 0.5", "kind: normal, mean: 7, sd: 1, low: 0.5"),
        "mean must lie between",
        14,
    ),
    (
        "prior-spread-wild",
        swap("kind: uniform, low: 0.5", "kind: normal, mean: 0.7, sd: 1e300, low: 0.5"),
        "cannot be drawn between",
        14,
    ),
    ("neither", swap("    choices: {nobody: 0.5, everybody: 0.5}\n", ""), "neither choices nor", 7),
    ("both", swap("    prior:", "    choices: {a: 0.5, b: 0.5}\n    prior:"), "both choices", 12),
    # Numbers
    ("nan", swap("add: 0.25", "add: .nan"), "not a finite plain number", 21),
    ("inf", swap("add: 0.25", "add: .inf"), "not a finite plain number", 21),
    ("overflow", swap("add: 0.25", "add: 1e400"), "not a finite plain number", 21),
    ("hexadecimal", swap("add: 0.25", "add: 0x10"), "not a finite plain number", 21),
    ("underscore", swap("add: 0.25", "add: 1_000"), "not a finite plain number", 21),
    ("bool-as-number", swap("add: 0.25", "add: true"), "add: True is not a number", 21),
    ("percent", swap("add: 0.25", "add: 25%"), "'25%' is not a number; write 0.25", 21),
    ("full-width", swap("add: 0.25", "add: ２５％"), "write 0.25", 21),
    ("percent-word", swap("add: 0.25", "add: 25 percent"), "write 0.25", 21),
    ("quoted-number", swap("add: 0.25", 'add: "0.25"'), "write 0.25", 21),
    ("decimal-comma", swap("add: 0.25", "add: 0,25"), "is not a number", 21),
    ("negative", swap("add: 0.25", "add: -0.1"), "-0.1 is out of bounds", 21),
    ("thousand-percent", swap("add: 0.25", "add: 25"), "write 0.25 for 25 %", 21),
    ("no-value", swap("    add: 0.25\n", ""), "the move has no value", 18),
    ("two-values", swap("add: 0.25", "add: 0.25\n    set: 0.3"), "both 'add' and 'set'", 18),
    # Dates
    ("impossible-date", swap("from: 2027", "from: 2026-13-45"), "not a date of the calendar", 22),
    ("no-leap-day", swap("from: 2027", "from: 2027-02-29"), "not a date of the calendar", 22),
    ("date-with-time", swap("from: 2027", "from: 2027-01-01T00:00:00Z"), "not a date", 22),
    ("date-words", swap("from: 2027", "from: next year"), "write 2025-08-07", 22),
    ("date-past", swap("from: 2027", "from: 2019"), "lies outside 2025 to 2035", 22),
    ("date-late", swap("from: 2027", "from: 2040"), "lies outside 2025 to 2035", 22),
    ("until-late", swap("from: 2027", "from: 2027\n    until: 2050"), "lies after 2035", 23),
    ("end-before-start", swap("from: 2027", "from: 2027\n    until: 2026-06-01"), "not after", 23),
    ("no-date", swap("    from: 2027\n", ""), "'from' is missing", 18),
    # Names
    ("unknown-lever", swap("lever: tariff", "lever: tarrif"), "did you mean 'tariff'?", 18),
    ("unknown-argument", swap("exporter:", "exporters:"), "did you mean 'exporter'?", 20),
    ("missing-argument", swap("    importer: USA\n", ""), "'tariff' needs 'importer'", 18),
    ("unknown-state", swap("[JPN, KOR]", "[JPN, KROEA]"), "there is no state called 'KROEA'", 20),
    ("ambiguous-korea", swap("[JPN, KOR]", "[Korea]"), "KOR (South Korea), PRK (North Korea)", 20),
    ("ambiguous-congo", swap("[JPN, KOR]", "Congo"), "'Congo' is ambiguous", 20),
    ("historical-state", swap("[JPN, KOR]", "[CSK]"), "does not exist in 2027", 20),
    ("state-is-number", swap("[JPN, KOR]", "[392]"), "no name or list of names", 20),
    ("no-state", swap("[JPN, KOR]", "[]"), "no name or list of names", 20),
    ("unknown-group", swap("[JPN, KOR]", '"@CPTTP"'), "did you mean 'CPTPP'?", 20),
    ("tariff-on-itself", swap("[JPN, KOR]", "[JPN, USA]"), "USA stands on both sides", 20),
    (
        "unknown-framework",
        more("  - {lever: leave, framework: NATOO, state: USA, from: 2027, judged: x}"),
        "did you mean 'NATO'?",
        24,
    ),
    (
        "framework-of-one",
        more("  - {lever: leave, framework: BOP, state: USA, from: 2027, judged: x}"),
        "fewer than two members",
        24,
    ),
    (
        "membership-value",
        more("  - {lever: leave, framework: NATO, state: USA, from: 2027, add: 1, judged: x}"),
        "'leave' takes no value",
        24,
    ),
    (
        "unknown-doubt",
        swap("add: 0.25", "add: 0.25\n    when: {anwser: nobody}"),
        "did you mean 'answer'?",
        22,
    ),
    (
        "unknown-branch",
        swap("add: 0.25", "add: 0.25\n    when: {answer: [nobdy]}"),
        "did you mean 'nobody'?",
        22,
    ),
    (
        "when-of-number",
        swap("add: 0.25", "add: 0.25\n    when: {size: nobody}"),
        "'size' is not a choice uncertainty",
        22,
    ),
    (
        "scale-of-choice",
        swap("add: 0.25", "add: 0.25\n    scale: answer"),
        "'answer' is not a number uncertainty",
        22,
    ),
    ("no-source", swap("    judged: a case\n", ""), "the move has no source", 18),
    ("event-id", swap("judged: a case", "event: e7"), "such as E155", 23),
    # Moves against each other
    ("overlap", more(MOVE + "add: 0.25, from: 2030, judged: x}"), "repeats the one at", 24),
    ("contradiction", more(MOVE + "add: 0.10, from: 2030, judged: x}"), "contradicts the one", 24),
    (
        "set-over-add",
        more(MOVE + "set: 0.10, from: 2030, instrument: b, judged: x}"),
        "contradicts the one",
        24,
    ),
    (
        "join-and-leave",
        more(
            "  - {lever: leave, framework: NATO, state: USA, from: 2027, judged: x}"
            "\n  - {lever: join, framework: NATO, state: USA, from: 2028, "
            "judged: x}"
        ),
        "contradicts the one",
        25,
    ),
    (
        "two-way-barrier",
        more(
            "  - {lever: barrier, a: USA, b: CHN, add: 0.1, from: 2027, judged: x}"
            "\n  - {lever: barrier, a: CHN, b: USA, add: 0.1, from: 2027, "
            "judged: x}"
        ),
        "repeats the one",
        25,
    ),
    (
        "early-end-outside",
        swap("add: 0.25", "add: 0.25\n    ends_early: {at: 2026, when: {answer: nobody}}"),
        "between 'from' and 'until'",
        22,
    ),
]
