"""Write the report of a run folder, or one of its figures as SVG on standard output."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from comity.core.errors import BadInput, ComityError
from comity.core.words import language
from comity.present.i18n import LANGS, Lang


def main(arguments: list[str] | None = None) -> int:
    """``python -m comity.present RUN [--lang en|ja|both] [--figure NAME]``."""
    from comity.present.plates import PLATES

    parser = argparse.ArgumentParser(prog="python -m comity.present", description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished run")
    parser.add_argument("--lang", choices=[*LANGS, "both"], default="both")
    parser.add_argument(
        "--figure", choices=[*PLATES], help="draw one figure as SVG, as in the report"
    )
    given = parser.parse_args(arguments)
    try:
        if given.figure:
            lang = LANGS[0] if given.lang == "both" else language(given.lang)
            figure = draw(given.run, given.figure, lang)
            # An SVG file is UTF-8, whatever the console is.
            reconfigure = getattr(sys.stdout, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(encoding="utf-8", newline="\n")
            sys.stdout.write(figure)
        else:
            from comity.present.report import write

            print(write(given.run, given.lang))
    except ComityError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def draw(run: Path, name: str, lang: Lang) -> str:
    """Return a figure of a run as an SVG file."""
    from comity.present.folder import read
    from comity.present.plates import PLATES
    from comity.present.sheet import sheet

    plate = PLATES[name](read(run), lang)
    if plate is None:
        raise BadInput(f"{run} holds nothing to draw for {name}", why="this run did not keep it")
    return sheet(plate)


if __name__ == "__main__":
    sys.exit(main())
