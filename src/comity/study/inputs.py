"""The files of a plan: kept as text in its run folder, laid out again when it is resumed.

A run folder can thus be finished anywhere, by anybody, after the files themselves are gone. Files
of the library are not kept: they come with the version, which a plan names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path, PurePosixPath

from comity.core.errors import BadInput
from comity.files.cursor import Cursor
from comity.files.documents import read
from comity.scenarios.scenario import chain, locate, parent_path

Texts = Mapping[str, Mapping[str, str]]


def texts_of(named: Mapping[str, Path | str], kind: str) -> dict[str, dict[str, str]]:
    """Texts of files and of all that they extend.

    Parameters
    ----------
    named
        By what was asked for: where it lies, or its name in the library.
    kind
        ``scenario`` or ``strategy``.

    Returns
    -------
    dict
        By what was asked for: texts by path below the folder of the file, which comes first.
    """
    found = {}
    for name, source in named.items():
        path = locate(source, kind)
        files = list(_line(path, kind))
        if files:
            found[name] = {
                file.relative_to(path.parent).as_posix(): file.read_bytes().decode("utf-8")
                for file in files
            }
    return found


def _line(path: Path, kind: str) -> Iterator[Path]:
    """A file and those that it extends, up to the library."""
    library = Path(str(resources.files("comity.library")))
    seen: tuple[str, ...] = ()
    while not path.is_relative_to(library):
        yield path
        document = read(path)
        parent = parent_path(Cursor(document), kind, document.data.get("extends"), seen)
        if parent is None:
            return
        seen, path = chain(document, seen), parent


def lay_out(texts: Texts, folder: Path) -> dict[str, Path]:
    """Write kept files below a folder; where each that was asked for lies now.

    Raises
    ------
    BadInput
        A kept path that leads out of the folder.
    """
    places = {}
    for number, (name, files) in enumerate(texts.items()):
        here = folder / str(number)
        for path, text in files.items():
            parts = PurePosixPath(path)
            outside = parts.is_absolute() or ".." in parts.parts or not parts.parts
            if outside or "\\" in path or ":" in path or "\0" in path:
                raise BadInput(
                    f"plan.json names a file {path!r}",
                    "it leads out of the folder",
                    "start a new run from the files themselves",
                )
            place = here.joinpath(*parts.parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode("utf-8"))
            places.setdefault(name, place)
    return places
