"""``comity claims draft``: from the text of a report to a dossier that a person edits."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from comity.core.errors import BadInput
from comity.core.whole import write_text


def draft(
    report: Annotated[Path, typer.Argument(help="Text of the report, UTF-8.")],
    out: Annotated[Path | None, typer.Option(help="File for the draft; else printed.")] = None,
    date: Annotated[str, typer.Option(help="Day of the report, YYYY-MM-DD.")] = "",
) -> None:
    """Draft a dossier from a report: claims with actors, frameworks, kinds, proposed tests."""
    from comity.claims.draft.drafting import draft as carry_out
    from comity.claims.draft.sentences import read_text
    from comity.claims.draft.write import documents

    if date and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", date):
        raise BadInput(f"--date {date!r} is not a date", fix="write it as 2025-01-30")
    found = carry_out(read_text(report), date, str(report))
    texts = documents(found, report.stem)
    if out is None:
        typer.echo(texts[0], nl=False)
        if len(texts) > 1:
            typer.echo(f"part 1 of {len(texts)}; --out FILE writes all", err=True)
        return
    for place, text in enumerate(texts, 1):
        path = out if place == 1 else out.with_name(f"{out.stem}-{place}{out.suffix}")
        write_text(path, text)
        typer.echo(str(path))
