"""Files written whole or not at all, and read with one message where they are damaged.

A file is written beside its place under a name that nobody can know, synced, and moved there, so
that it is never half, never lost with the power, and never written through a link that somebody
else has put in the way. A link that stands at the place itself is replaced, not followed.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.core.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

# Windows knows no such flag; there a link needs a privilege that users do not have.
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
BINARY = getattr(os, "O_BINARY", 0)
# Windows refuses to replace a file that a virus scanner or a viewer holds open for a moment.
PATIENCE = (0.05, 0.1, 0.2, 0.4, 0.8) if sys.platform == "win32" else ()
SUFFIX = ".part"


def check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written or made, before work is done for it."""
    try:
        if "\0" in str(folder):
            raise ValueError("its name holds a null character")
        standing = next((p for p in (folder, *folder.parents) if p.exists()), Path("."))
        if folder.is_symlink() and not folder.exists():
            raise ValueError("it is a link to nothing")
    except (OSError, ValueError) as error:
        raise _unmade(folder, error) from None
    if not standing.is_dir():
        raise _unmade(folder, ValueError(f"{standing} is a file"))
    if not os.access(standing, os.W_OK):
        raise _unmade(folder, ValueError(f"{standing} cannot be written"))


def make_folder(folder: Path) -> None:
    """Make a folder to write to, where it is not there yet. Raises BadInput where it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise _unmade(folder, error) from None


def _unmade(folder: Path, error: Exception) -> BadInput:
    return BadInput(
        f"{str(folder)!r} cannot be made",
        getattr(error, "strerror", "") or str(error),
        "choose a folder that can be written with --out (out= in Python)",
    )


def write_bytes(path: Path, content: bytes) -> str:
    """Write a file whole or not at all and return its `digest`.

    Raises
    ------
    BadInput
        It cannot be written; nothing is left behind.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}{SUFFIX}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK | BINARY, 0o666)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _move(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        sync(path.parent)
    except OSError as error:
        raise unwritten(path, error) from None
    return hashlib.sha256(content).hexdigest()


def _move(draft: Path, path: Path) -> None:
    """Put a draft in its place, with some patience where another program holds that open."""
    for pause in PATIENCE:
        try:
            return os.replace(draft, path)
        except PermissionError:
            time.sleep(pause)
    os.replace(draft, path)


def unwritten(path: Path, error: OSError) -> BadInput:
    """Message for a file that cannot be written."""
    return BadInput(
        f"{path} cannot be written",
        error.strerror or str(error),
        "free space, close what holds the file open, or choose another folder",
    )


def sync(path: Path) -> None:
    """Bring a file or the names in a folder to the disk itself, where the system can."""
    try:
        handle = os.open(path, (os.O_RDONLY if path.is_dir() else os.O_RDWR) | BINARY)
    except OSError:
        return  # Windows opens no folders, and keeps their names by itself.
    try:
        os.fsync(handle)
    except OSError:
        pass  # Some network and memory file systems know no sync; nothing more can be done there.
    finally:
        os.close(handle)


def write_text(path: Path, text: str) -> str:
    """Write a text as `write_bytes` does; bytes of file names that are no text stay as escapes."""
    return write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_json(path: Path, content: Any) -> str:
    """Write strict JSON as `write_bytes` does; NaN is refused."""
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    return write_text(path, text + "\n")


def write_table(path: Path, frame: pd.DataFrame) -> str:
    """Write a table as Parquet as `write_bytes` does."""
    content = frame.to_parquet(index=False, compression="zstd")
    return write_bytes(path, content)


def digest(path: Path) -> str:
    """SHA-256 of a file as hexadecimal digits; empty where there is none that can be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def read_json(path: Path, fix: str, kind: type = dict) -> Any:
    """Content of a JSON file that holds an object (or a list); ``fix`` says how to get a sound one.

    Raises
    ------
    BadInput
        No such file, or an empty, cut off or damaged one, or one of something else.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"{path.name} is missing", fix=fix, where=str(path)) from None
    except OSError as error:
        raise BadInput("it cannot be read", error.strerror or "", fix, str(path)) from None
    if not raw.strip():
        raise BadInput("the file is empty", fix=fix, where=str(path))
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        why = "it is cut off or damaged"
        line = f":{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise BadInput("it is not JSON", why, fix, f"{path}{line}") from None
    if not isinstance(found, kind):
        raise BadInput("it holds something else", f"a {kind.__name__} is needed", fix, str(path))
    return found


def read_table(path: Path, columns: Sequence[str], fix: str) -> pd.DataFrame:
    """Parquet table with at least these columns; ``fix`` says how to get a sound one.

    Raises
    ------
    BadInput
        No such file, a damaged one, or one of another table.
    """
    import pandas as pd

    where = str(path)
    if not path.is_file():
        raise BadInput(f"{path.name} is missing", fix=fix, where=where)
    try:
        found = pd.read_parquet(path)
    except Exception:  # a damaged file may fail anywhere in the reader
        raise BadInput(f"{path.name} is no table", "it is cut off or damaged", fix, where) from None
    absent = [name for name in columns if name not in found]
    if absent:
        raise BadInput(f"{path.name} has no column {absent[0]!r}", fix=fix, where=where)
    return found
