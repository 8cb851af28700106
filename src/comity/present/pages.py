"""How every page is put together: one environment of templates, one style sheet."""

from __future__ import annotations

import re
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

WEB = re.compile(r"https?://[^\s\x00-\x1f\x7f]+")


def environment() -> Environment:
    """Templates of the package; everything is escaped, and a missing value is an error."""
    made = Environment(
        loader=PackageLoader("comity.present"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["linked"] = linked
    made.filters["coded"] = coded
    return made


def coded(text: str) -> Markup:
    """A text with what stands between back quotes as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def linked(text: str, address: str) -> Markup:
    """A text as a link to an address of the web; the plain text where the address is another.

    An address may come from a file of somebody else, and a page must not run what stands there.
    """
    if not WEB.fullmatch(address):
        return escape(text)
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(address, text)


def style(*extra: str) -> Markup:
    """The style sheet of all pages, with others after it."""
    folder = resources.files("comity.present").joinpath("templates")
    sheets = (folder.joinpath(name).read_text("utf-8") for name in ("report.css", *extra))
    return Markup("".join(sheets))
