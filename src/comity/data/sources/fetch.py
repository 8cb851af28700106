"""Get a raw data file from its producer, or say exactly how to get it by hand.

A file is downloaded only where its card names the file itself (not a page about it) and its
terms let it be passed on; its checksum must be the one on the card.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import urlparse

from comity.core.errors import BadInput, DataMissing
from comity.data.sources.source import ROOTS, Card, card, checksum

TIMEOUT = 60.0
CHUNK = 1 << 20


def direct(one: Card) -> bool:
    """Tell whether the card's address is that of the file itself."""
    address = urlparse(one.url)
    same = Path(address.path).suffix.lower() == Path(one.file).suffix.lower()
    return address.scheme in ("http", "https") and bool(Path(one.file).suffix) and same


def instructions(one: Card, place: Path | None) -> str:
    """Return how to get a file by hand: the page, the title, the place and the checksum."""
    variable = ROOTS[one.root]
    where = str(place) if place else f"${variable}/{one.file} (after `export {variable}=FOLDER`)"
    kind = Path(one.file).suffix.removeprefix(".")
    steps = [
        f"1. open {one.url} ({one.producer})",
        f"2. download {one.title}, version {one.version}; its terms: {one.licence}",
        f"3. save it as {where}, as {kind} with the producer's column names and codes"
        + (f" ({one.notes})" if one.notes else ""),
        f"4. run `comity data fetch {one.name}` again: SHA-256 {one.sha256} is the file our "
        "figures were made with; another version works with a warning",
    ]
    return "\n".join(steps)


def fetch(name: str) -> Path:
    """Return the place of a source's file, downloading it where that is allowed.

    Parameters
    ----------
    name
        Name of a provenance card.

    Returns
    -------
    Path
        The file under ``COMITY_DATA`` (or ``COMITY_FACTS``).  A file that is there already is
        left as it is.

    Raises
    ------
    DataMissing
        When the file must be got by hand (the message says how), the folder is not named in
        the environment, or the producer does not answer.
    BadInput
        When there is no such source, or what came is not the file on the card; nothing is kept.
    """
    one = card(name)
    variable = ROOTS[one.root]
    folder = os.environ.get(variable, "")
    if not folder:
        raise DataMissing(
            f"{variable} is not set, so there is no place for {one.file}",
            fix=f"run `export {variable}=FOLDER`, then:\n{instructions(one, None)}",
        )
    place = Path(folder) / one.file
    if place.is_file():
        return place
    if not direct(one):
        raise _by_hand(one, place, "its producer offers it on a page, not at a fixed address")
    if not one.redistributable:
        raise _by_hand(one, place, "its terms want you to get it from the producer yourself")
    _download(one, place)
    return place


def _by_hand(one: Card, place: Path, why: str) -> DataMissing:
    """Return the error that tells how to get a file by hand."""
    return DataMissing(
        f"source {one.name!r} cannot be downloaded for you",
        why=why,
        fix=f"\n{instructions(one, place)}",
    )


def _download(one: Card, place: Path) -> None:
    """Download to a file beside the place and move it there when its checksum is right."""
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    place.parent.mkdir(parents=True, exist_ok=True)
    request = Request(one.url, headers={"User-Agent": "comity"})
    handle, part = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    digest = hashlib.sha256()
    try:
        with os.fdopen(handle, "wb") as out, urlopen(request, timeout=TIMEOUT) as answer:
            while chunk := answer.read(CHUNK):
                digest.update(chunk)
                out.write(chunk)
        if digest.hexdigest() != one.sha256:
            raise BadInput(
                f"{one.url} is not the file on the card of {one.name!r}",
                why=f"its SHA-256 is {digest.hexdigest()}, expected {one.sha256}: the producer "
                "may have published a new version",
                fix=f"nothing was kept; to use it all the same:\n{instructions(one, place)}",
            )
        os.replace(part, place)
    except (URLError, OSError) as error:
        raise DataMissing(
            f"{one.url} could not be read",
            why=str(error),
            fix=f"try again later, or:\n{instructions(one, place)}",
        ) from error
    finally:
        Path(part).unlink(missing_ok=True)


def changed(name: str) -> bool:
    """Tell whether the file of a source differs from the one on its card."""
    return checksum(fetch(name)) != card(name).sha256
