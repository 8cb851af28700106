"""How every page is put together: one environment of templates, one style sheet."""

from __future__ import annotations

from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def environment() -> Environment:
    """Templates of the package; everything is escaped, and a missing value is an error."""
    return Environment(
        loader=PackageLoader("comity.present"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def style(*extra: str) -> Markup:
    """The style sheet of all pages, with others after it."""
    folder = resources.files("comity.present").joinpath("templates")
    sheets = (folder.joinpath(name).read_text("utf-8") for name in ("report.css", *extra))
    return Markup("".join(sheets))
