"""Errors written for the reader: what is wrong, why, and how to mend it, in one message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def nearest(word: str, valid: Iterable[str]) -> str:
    """``did you mean 'x'?`` for the closest valid name, else a list of a few, else empty."""
    from difflib import get_close_matches

    names = sorted(set(valid))
    folded = {name.casefold(): name for name in reversed(names)}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    if not names:
        return ""
    more = ", ..." if len(names) > 12 else ""
    return f"use one of {', '.join(names[:12])}{more}"


class ComityError(Exception):
    """Base of every error meant for users.

    Parameters
    ----------
    what
        What is wrong, with the offending value.
    why
        Why that cannot work, where it is not obvious.
    fix
        What to do, ideally something that can be pasted.
    where
        ``FILE:LINE:COLUMN`` for files, else empty.
    """

    exit_code = 2

    def __init__(self, what: str, why: str = "", fix: str = "", where: str = "") -> None:
        self.what, self.why, self.fix, self.where = what, why, fix, where
        super().__init__(str(self))

    def __str__(self) -> str:
        body = "; ".join(part for part in (self.what, self.why, self.fix) if part)
        return f"{self.where}: {body}" if self.where else body


class BadInput(ComityError):
    """A file or an argument that cannot be used. Mend what the message names and run again."""

    problems: tuple[BadInput, ...] = ()

    @classmethod
    def many(cls, problems: Iterable[BadInput]) -> BadInput:
        """Bundle all problems of one file, sorted as given; a single one is returned as it is."""
        found = tuple(problems)
        if len(found) == 1:
            return found[0]
        error = cls("\n".join(str(problem) for problem in found))
        error.problems = found
        return error


class DataMissing(ComityError):
    """Raw data are needed and not there. Set COMITY_DATA or COMITY_FACTS as the message says."""


class AssemblyError(ComityError):
    """Mechanisms that cannot be put into one year. Mend ``reads``, ``writes`` or the order."""

    exit_code = 1


class RuntimeSetupError(ComityError):
    """JAX was initialised before comity.core.runtime. Import comity before jax."""


class ResumeRefused(ComityError):
    """The run folder belongs to another plan. Use the plan it was made with, or a new folder."""


class CoverageWarning(UserWarning):
    """A figure was asked for outside its source's years or units, or is not known.

    Parameters
    ----------
    said
        What is missing, as a text; by language, the first one English, where reports print it.
    field
        Field of the world that it is about, where it is about one.
    """

    def __init__(self, said: str | Mapping[str, str], field: str = "") -> None:
        self.said, self.field = said, field
        super().__init__(said if isinstance(said, str) else next(iter(said.values())))


class EstimateWarning(UserWarning):
    """An estimate is not what its figures look like: it runs to infinity, or was not found."""
