"""The report on paper and on screens: pages before the appendices, headings, widths."""

import re
import shutil
import subprocess
from importlib import resources

import pytest
from synthetic_run import aims, gain, write

from comity.present import report
from comity.present.folder import Folder, read

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
MOST = 6
ONLY_BODY = "<style>.appendix { display: none !important; }</style></head>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Folder:
    found = read(write(tmp_path_factory.mktemp("pages") / "run", futures=40))
    good = gain(0.62, 0.2, 0.9, "large", "large", "better")
    gains = {(aim, name): good for aim in ("consumption", "burden") for name in found.strategies}
    several = aims(found.strategies, gains)
    return Folder(found.path, found.run, found.judgement | {"aims": several})


def chromium(*arguments: str) -> str:
    done = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


@needs_chromium
@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_more_than_six_pages_stand_before_the_appendices(folder, tmp_path, lang):
    page = report.render(folder, (lang,))
    assert page.count('class="appendix"') == 1
    source, target = tmp_path / "body.html", tmp_path / "body.pdf"
    source.write_text(page.replace("</head>", ONLY_BODY), "utf-8")
    chromium(f"--print-to-pdf={target}", source.as_uri())
    pages = len(re.findall(rb"/Type\s*/Page\b", target.read_bytes()))
    assert 1 <= pages <= MOST


@needs_chromium
@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_its_screen(folder, tmp_path, width):
    source = tmp_path / "page.html"
    source.write_text(report.render(folder, ("en",)), "utf-8")
    frame = tmp_path / "frame.html"
    # A frame has the width of a phone, which a window cannot have.
    frame.write_text(
        f'<iframe id="f" src="page.html" style="width:{width}px;height:900px;border:0"></iframe>'
        "<script>f.onload = () => { const d = f.contentDocument.documentElement; "
        "document.title = d.scrollWidth + ' of ' + d.clientWidth; }</script>",
        "utf-8",
    )
    said = chromium(
        "--hide-scrollbars",
        "--allow-file-access-from-files",
        "--disable-web-security",
        f"--user-data-dir={tmp_path / 'profile'}",
        "--virtual-time-budget=4000",
        "--dump-dom",
        frame.as_uri(),
    )
    needed, given = map(int, re.search(r"<title>(\d+) of (\d+)", said).groups())
    assert given == width and needed <= given


def test_a_heading_is_kept_with_what_follows_and_a_figure_in_one_piece():
    style = resources.files("comity.present").joinpath("templates", "report.css").read_text()
    paper = style[style.index("@media print") :]
    rules = dict(re.findall(r"^  ([^{}]+?) \{ (.*?) \}$", paper, re.M))
    kept = next(names for names, rule in rules.items() if "break-after: avoid" in rule)
    assert {"h2", "h3", "figcaption"} <= {name.strip() for name in kept.split(",")}
    whole = next(names for names, rule in rules.items() if rule == "break-inside: avoid;")
    assert {".plate", ".card", "tr"} <= {name.strip() for name in whole.split(",")}
    assert "break-before: page" in rules[".appendix"]
