"""Parameter books: every number with its unit, prior, status, grade and source; and draws of them.

A draw depends on the seed, the parameter's name and the future only, so that adding a parameter,
changing the number of futures or cutting them into other chunks moves no other draw.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from importlib import resources
from typing import Any, Literal

import numpy as np

from comity.core.bibliography import KEY, entries
from comity.core.errors import BadInput, nearest
from comity.core.toml_tables import check_keys, location, read

# What books hold, and `user` for a number that was set in place of theirs.
Status = Literal["published", "estimated", "judged", "user"]
STATUSES = ("published", "estimated", "judged")
GRADES = ("A", "B", "C", "D")
# Files of a mechanism's folder that hold numbers.
FILES = ("numbers", "reactions")
NUMBER, TEXT, TABLE = "a finite number", "a text", "a table"
# What the keys of an entry hold; all but the last two are needed.
KEYS = {
    "meaning": TEXT,
    "value": NUMBER,
    "unit": TEXT,
    "prior": TABLE,
    "status": TEXT,
    "grade": TEXT,
    "source": TEXT,
}
MAY_KEYS = {"made_by": TEXT, "note": TABLE}
MADE_BY = re.compile(r"comity\.evidence\.estimates\.\w+:\w+")


@dataclass(frozen=True)
class Prior:
    """Distribution that futures draw a number from; ``low`` and ``high`` truncate it.

    A ``mixture`` is of two lognormals: a share ``tail_share`` of futures draws from the one of
    ``tail_median`` and ``tail_sd``, the others from that of ``median`` and ``sd``.
    """

    kind: str
    low: float
    high: float
    mean: float = float("nan")
    sd: float = float("nan")
    median: float = float("nan")
    mode: float = float("nan")
    tail_share: float = float("nan")
    tail_median: float = float("nan")
    tail_sd: float = float("nan")

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """Inverse distribution function at ``u`` in (0, 1); same shape."""
        from scipy import stats

        if self.kind == "fixed":
            return np.full_like(u, self.mean)
        if self.kind == "uniform":
            return self.low + u * (self.high - self.low)
        if self.kind == "triangular":
            width = self.high - self.low
            return stats.triang.ppf(u, (self.mode - self.low) / width, self.low, width)
        if self.kind == "normal":
            a, b = (self.low - self.mean) / self.sd, (self.high - self.mean) / self.sd
            return stats.truncnorm.ppf(u, a, b, self.mean, self.sd)
        if self.kind == "mixture":
            return self._of_mixture(u)
        log_median = np.log(self.median)
        a, b = (np.log([self.low, self.high]) - log_median) / self.sd
        return np.exp(stats.truncnorm.ppf(u, a, b, log_median, self.sd))

    def _of_mixture(self, u: np.ndarray) -> np.ndarray:
        """Inverse of the truncated mixture, by halving; exact to the last digits of a logarithm."""
        from scipy.special import ndtr

        def below(log_x: np.ndarray) -> np.ndarray:
            main = ndtr((log_x - np.log(self.median)) / self.sd)
            tail = ndtr((log_x - np.log(self.tail_median)) / self.tail_sd)
            return (1.0 - self.tail_share) * main + self.tail_share * tail

        low, high = np.full(np.shape(u), np.log(self.low)), np.full(np.shape(u), np.log(self.high))
        floor, roof = below(low), below(high)
        for _ in range(60):
            middle = 0.5 * (low + high)
            under = below(middle) < floor + u * (roof - floor)
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return np.exp(0.5 * (low + high))


NEEDED = {
    "fixed": ("mean",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "sd", "low", "high"),
    "lognormal": ("median", "sd", "low", "high"),
    "mixture": ("median", "sd", "tail_share", "tail_median", "tail_sd", "low", "high"),
}


# Widths in standard deviations at which a truncated distribution is still drawn to six digits.
MOST_SPREADS = 1e6


@dataclass(frozen=True)
class Parameter:
    """One number of a mechanism and everything a reviewer would ask about it.

    ``made_by``: the function (``package.module:function``) that makes an estimated number anew from
    data, empty for others; ``note``: by figure (``value`` or one of the prior's) why it is not what
    that function gives, where so.
    """

    name: str
    mechanism: str
    meaning: str
    value: float
    unit: str
    prior: Prior
    status: Status
    grade: str
    source: str
    made_by: str = ""
    note: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> str:
        """``mechanism.name``: unique, used for draws and reports."""
        return f"{self.mechanism}.{self.name}"

    def record(self) -> dict[str, Any]:
        """Plain values for ``run.json``; bounds that do not apply are left out.

        What makes a number anew changes no result, so it is left out too.
        """
        prior = {k: v for k, v in asdict(self.prior).items() if v == v}
        plain = asdict(self) | {"name": self.key, "prior": prior}
        return {k: v for k, v in plain.items() if k not in ("made_by", "note")}


def prior_from(table: dict[str, Any], where: str) -> Prior:
    """Build a prior from its table.

    Raises
    ------
    BadInput
        A wrong kind, a gap, or numbers that cannot be drawn from; see `prior_fault`.
    """
    kind = table.get("kind", "")
    if kind not in NEEDED:
        raise BadInput(
            f"prior kind {kind!r} is not known", fix=f"use {', '.join(NEEDED)}", where=where
        )
    missing = [name for name in NEEDED[kind] if name not in table]
    if missing:
        raise BadInput(f"a {kind} prior needs {', '.join(missing)}", where=where)
    numbers = {name: float(value) for name, value in table.items() if name != "kind"}
    if fault := prior_fault(kind, numbers):
        raise BadInput(fault.what, fix=fault.fix, where=where)
    if kind == "fixed":
        numbers |= {"low": numbers["mean"], "high": numbers["mean"]}
    return Prior(kind=kind, **numbers)


@dataclass(frozen=True)
class PriorFault:
    """What is wrong with a prior, in which of its numbers, and how to mend it."""

    key: str
    what: str
    fix: str = ""


def prior_fault(kind: str, numbers: Mapping[str, float]) -> PriorFault | None:
    """The first thing that forbids to draw from a prior; None where it can be drawn from.

    Parameters
    ----------
    kind
        One of `NEEDED`.
    numbers
        All the numbers that the kind needs, by name.
    """
    for key in NEEDED[kind]:
        if not math.isfinite(numbers[key]):
            return PriorFault(key, f"{key} is {numbers[key]}", "write a finite number")
    if kind == "fixed":
        return None
    low, high = numbers["low"], numbers["high"]
    if not low < high:
        return PriorFault("low", "low must lie below high")
    if not math.isfinite(high - low):
        return PriorFault(
            "high", f"from {low:g} to {high:g} is too wide to draw from", "bring both ends closer"
        )
    middle = next((name for name in ("mode", "mean", "median") if name in NEEDED[kind]), "")
    if middle and not low <= numbers[middle] <= high:
        return PriorFault(middle, f"{middle} must lie between low and high")
    if kind in ("lognormal", "mixture") and low <= 0:
        return PriorFault(
            "low", f"low: {low:g} cannot be drawn: a lognormal number is above 0", "write a low > 0"
        )
    if kind == "mixture" and (fault := _tail_fault(numbers)):
        return fault
    return _spread_fault(kind, numbers) if "sd" in NEEDED[kind] else None


def _tail_fault(numbers: Mapping[str, float]) -> PriorFault | None:
    """What is wrong with the second part of a mixture."""
    if not 0.0 < numbers["tail_share"] < 1.0:
        return PriorFault("tail_share", "tail_share must lie between 0 and 1")
    if not numbers["low"] <= numbers["tail_median"] <= numbers["high"]:
        return PriorFault("tail_median", "tail_median must lie between low and high")
    tail = {**numbers, "sd": numbers["tail_sd"]}
    fault = _spread_fault("mixture", tail)
    return None if fault is None else PriorFault("tail_sd", fault.what, fault.fix)


def _spread_fault(kind: str, numbers: Mapping[str, float]) -> PriorFault | None:
    """A spread that is none, or so wide or narrow that rounding decides the draws."""
    ends, sd = (numbers["low"], numbers["high"]), numbers["sd"]
    low, high = ends if kind == "normal" else (math.log(end) for end in ends)
    if not sd > 0:
        return PriorFault("sd", f"sd: {sd:g} is no spread", "write a number above 0, or `fixed`")
    if not 1 / MOST_SPREADS <= (high - low) / sd <= MOST_SPREADS:
        what = "the width from low to high" if kind == "normal" else "the logarithm of high / low"
        return PriorFault(
            "sd",
            f"sd: {sd:g} cannot be drawn between {ends[0]:g} and {ends[1]:g}",
            f"write one nearer to {what}, {high - low:.3g}",
        )
    return None


def book(mechanism: str, file: str = "numbers") -> dict[str, Parameter]:
    """Read ``mechanisms/<mechanism>/<file>.toml``; every entry is checked.

    A second book of a mechanism is named after both: ``armament_reactions``.

    Raises
    ------
    BadInput
        No such book, an entry without unit, source or meaning, with a key that none has, an
        unknown status or grade, a source that is not in the bibliography, a value outside its
        prior's bounds, or an estimate that does not say what makes it.
    """
    where = location(f"comity.mechanisms.{mechanism}", f"{file}.toml")
    name_of_book = _name(mechanism, file)
    return {
        name: _parameter(name, name_of_book, table, f"{where}:{name}")
        for name, table in _read(mechanism, file, float).items()
    }


def every_book() -> list[tuple[str, str]]:
    """Mechanism and file of every book that ships, as `book` takes them."""
    folders = sorted(resources.files("comity.mechanisms").iterdir(), key=lambda one: one.name)
    return [
        (folder.name, file)
        for folder in folders
        for file in FILES
        if folder.is_dir() and folder.joinpath(f"{file}.toml").is_file()
    ]


def printed(mechanism: str, file: str = "numbers") -> dict[str, dict[str, Decimal]]:
    """Figures of a book with the digits they are printed with: by key, then ``value``, ``sd``..."""
    figures = {}
    for name, table in _read(mechanism, file, Decimal).items():
        both = {"value": table["value"]} | table["prior"]
        plain = {what: Decimal(figure) for what, figure in both.items() if what != "kind"}
        figures[f"{_name(mechanism, file)}.{name}"] = plain
    return figures


def _name(mechanism: str, file: str) -> str:
    return mechanism if file == "numbers" else f"{mechanism}_{file}"


def _read(mechanism: str, file: str, number: Callable[[str], Any]) -> dict[str, Any]:
    package = f"comity.mechanisms.{mechanism}"
    return read("comity.mechanisms", f"{mechanism}/{file}.toml", package, number)


def _parameter(name: str, mechanism: str, table: dict[str, Any], where: str) -> Parameter:
    check_keys(table, KEYS, MAY_KEYS, where)
    _check_evidence(name, table, where)
    _check_prior_keys(table["prior"], f"{where}.prior")
    prior = prior_from(table["prior"], where)
    if not prior.low <= table["value"] <= prior.high:
        raise BadInput(f"{name} = {table['value']} lies outside its prior", where=where)
    made_by, note = table.get("made_by", ""), table.get("note", {})
    _check_maker(name, table["status"], made_by, note, where)
    if unknown := set(note) - {"value", *table["prior"]}:
        raise BadInput(f"{name}: note of no figure: {', '.join(sorted(unknown))}", where=where)
    return Parameter(
        name,
        mechanism,
        table["meaning"],
        float(table["value"]),
        table["unit"],
        prior,
        table["status"],
        table["grade"],
        table["source"],
        made_by,
        note,
    )


def _check_prior_keys(table: Mapping[str, Any], where: str) -> None:
    """Refuse keys that the kind of a prior does not have; unknown kinds are refused elsewhere."""
    check_keys({"kind": table.get("kind", "")}, {"kind": TEXT}, {}, where)
    if table["kind"] in NEEDED:
        check_keys(table, dict.fromkeys(NEEDED[table["kind"]], NUMBER), {"kind": TEXT}, where)


def _check_evidence(name: str, table: Mapping[str, Any], where: str) -> None:
    """Refuse an unknown status or grade, judgement graded as more, a source that nobody finds."""
    for key, allowed in (("status", STATUSES), ("grade", GRADES)):
        if table[key] not in allowed:
            raise BadInput(
                f"{key} of {name} is {table[key]!r}",
                fix=f"use one of {', '.join(allowed)}",
                where=where,
            )
    if table["status"] == "judged" and table["grade"] != "D":
        raise BadInput(f"{name} is judged, but of grade {table['grade']}", fix="D", where=where)
    works = KEY.findall(table["source"])
    unknown = [work for work in works if work not in entries()]
    if unknown or not works:
        raise BadInput(
            f"the source of {name} names no work of the bibliography"
            if not works
            else f"the source of {name} names {unknown[0]}, which the bibliography does not hold",
            fix=nearest(unknown[0], entries()) if unknown else "name its key in references.bib",
            where=where,
        )


def _check_maker(
    name: str, status: Status, made_by: str, note: Mapping[str, str], where: str
) -> None:
    """Refuse an estimate that nothing of ours makes, and a maker of what is no estimate."""
    if status == "estimated" and not MADE_BY.fullmatch(made_by):
        raise BadInput(
            f"{name} is estimated, but its made_by is {made_by!r}",
            fix="name the function that makes it: comity.evidence.estimates.<module>:<function>",
            where=where,
        )
    if status != "estimated" and (made_by or note):
        raise BadInput(
            f"{name} is {status}: made_by and note are for estimated numbers",
            fix="take them out, or set status to estimated",
            where=where,
        )


def uniforms(seed: int, name: str, futures: int) -> np.ndarray:
    """Uniform numbers in (0, 1) of one named quantity, one a future; shape (futures,)."""
    key = (np.uint64(seed) << np.uint64(32)) ^ np.uint64(zlib.crc32(name.encode()))
    raw = np.random.Generator(np.random.Philox(key=int(key))).random(futures)
    return np.clip(raw, 1e-12, 1 - 1e-12)


def draw(parameters: Iterable[Parameter], seed: int, futures: int) -> dict[str, np.ndarray]:
    """Draw every parameter for every future; arrays of shape (futures,) by `Parameter.key`."""
    return {p.key: p.prior.quantile(uniforms(seed, p.key, futures)) for p in parameters}
