"""Numbers of the user's own in place of those of the books: read, checked, put in their place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from comity.core.errors import BadInput, nearest
from comity.core.parameters import NEEDED, Parameter, Prior, Status, prior_fault, prior_from

USER: Status = "user"
SHARES = ("1", "share", "probability", "1/year")
OPTION = "--set"
FAR = 10.0
POSITIVE = ("lognormal", "mixture")
FIX = f"write {OPTION} 'trade.elasticity=lognormal(5, 0.2, 1.5, 9)' or {OPTION} trade.elasticity=4"
_ITEM = re.compile(r"\s*([a-z_]+\.[a-z_0-9]+)\s*=\s*(.+?)\s*")
_PRIOR = re.compile(r"([a-z]+)\s*\((.*)\)")


@dataclass(frozen=True)
class Own:
    """A number by the key of its parameter, what futures draw it from, and where that stands."""

    key: str
    prior: Prior
    where: str


def read_own(text: str, where: str = OPTION) -> Own:
    """Read ``book.name=kind(numbers)`` or ``book.name=number``.

    The numbers of a distribution stand in the order of `comity.core.parameters.NEEDED`, or are
    named (``sd=0.2``).

    Raises
    ------
    BadInput
        Anything else, or a distribution that cannot be drawn from.
    """
    found = _ITEM.fullmatch(text)
    if found is None:
        named = "=" in text and "." not in text.partition("=")[0]
        why = "numbers are called by book and name: trade.elasticity" if named else ""
        raise BadInput(f"{text!r} sets no number", why, FIX, where)
    key, value = found.groups()
    called = _PRIOR.fullmatch(value)
    if called is None:
        figure = {"mean": _number(value, text, where)}
        return Own(key, prior_of(key, "fixed", figure, where), where)
    kind, inside = called.groups()
    if kind not in NEEDED:
        raise BadInput(
            f"{key}: there is no distribution {kind!r}", fix=nearest(kind, NEEDED), where=where
        )
    table = _arguments(kind, [part for part in inside.split(",") if part.strip()], text, where)
    return Own(key, prior_of(key, kind, table, where), where)


def own_numbers(texts: Iterable[str]) -> tuple[Own, ...]:
    """Read several; raises BadInput where one is set twice."""
    found = tuple(map(read_own, texts))
    keys = [one.key for one in found]
    twice = next((key for place, key in enumerate(keys) if key in keys[:place]), None)
    if twice is not None:
        raise BadInput(f"{twice} is set twice", fix="set it once", where=OPTION)
    return found


def fixed(value: float, where: str) -> Prior:
    """The same number in every future."""
    return prior_from({"kind": "fixed", "mean": value}, where)


def prior_of(key: str, kind: str, table: dict[str, float], where: str) -> Prior:
    """Distribution of a number from all that its kind needs; a fault names the number."""
    if fault := prior_fault(kind, table):
        raise BadInput(f"{key}: {fault.what}", fix=fault.fix, where=where)
    return prior_from({"kind": kind, **table}, where)


def _arguments(kind: str, parts: list[str], text: str, where: str) -> dict[str, float]:
    needed, table = NEEDED[kind], {}
    for place, part in enumerate(parts):
        name, equals, value = (one.strip() for one in part.rpartition("="))
        if not equals:
            name = needed[place] if place < len(needed) else ""
        if name not in needed or name in table:
            raise BadInput(
                f"{text!r}: {part.strip()!r} is one number too many",
                fix=f"{kind} takes {', '.join(needed)}",
                where=where,
            )
        table[name] = _number(value, text, where)
    if missing := [name for name in needed if name not in table]:
        raise BadInput(
            f"{text!r}: {kind} lacks {', '.join(missing)}",
            fix=f"{kind} takes {', '.join(needed)}",
            where=where,
        )
    return table


def _number(value: str, text: str, where: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise BadInput(f"{text!r}: {value!r} is no number", fix=FIX, where=where) from None


def replaced(
    parameters: Iterable[Parameter], own: Iterable[Own], every: Collection[Parameter]
) -> tuple[Parameter, ...]:
    """Parameters with the user's own numbers in place; of a file and `--set` the later counts.

    Parameters
    ----------
    parameters
        Those that a run draws.
    own
        Numbers of the user.
    every
        Those of all mechanisms, for what to say of one that the run does not draw.

    Raises
    ------
    BadInput
        No such number, one of a mechanism that is off, or a distribution that reaches where the
        number cannot be: a share outside 0 to 1, a negative spread.
    """
    drawn = {one.key: one for one in parameters}
    for one in own:
        if one.key not in drawn:
            raise _unknown(one, drawn, {p.key for p in every})
        drawn[one.key] = _set(drawn[one.key], one)
    return tuple(drawn.values())


def _unknown(own: Own, drawn: Collection[str], every: Collection[str]) -> BadInput:
    if own.key not in every:
        return BadInput(
            f"there is no number {own.key!r}", fix=nearest(own.key, every), where=own.where
        )
    return BadInput(
        f"{own.key} is not drawn in this run",
        "its mechanism is off, so the number would change nothing",
        f"switch it on with `mechanisms:` in the scenario; this run draws {len(drawn)} others",
        own.where,
    )


def _set(old: Parameter, own: Own) -> Parameter:
    low, high = support(old)
    at_nil = own.prior.low == 0 and old.prior.kind in POSITIVE
    if own.prior.low < low or own.prior.high > high or at_nil:
        room = f"{low:g} to {high:g}"
        raise BadInput(
            f"{own.key}: {_range(own.prior)} reaches where it cannot be",
            f"it is {old.meaning} ({old.unit})",
            f"keep to {room}",
            own.where,
        )
    return replace(
        old,
        value=middle(own.prior),
        prior=own.prior,
        status=USER,
        grade="D",
        source=Path(own.where).name,  # the same wherever the file lies
        made_by="",
        note={},
    )


def _range(prior: Prior) -> str:
    return f"{prior.low:g}" if prior.kind == "fixed" else f"{prior.low:g} to {prior.high:g}"


def support(parameter: Parameter) -> tuple[float, float]:
    """Where a number can be: a share from 0 to 1, else up to `FAR` times as far as in its book.

    Read from its unit and from the range in its book; what is positive there stays so.
    """
    low, high = parameter.prior.low, parameter.prior.high
    if parameter.unit.startswith("log") or low < 0:
        far = FAR * max(abs(low), abs(high), high - low)
        return -far, far
    if parameter.unit in SHARES and high <= 1:
        return 0.0, 1.0
    return (low / FAR if parameter.prior.kind in POSITIVE else 0.0), FAR * high


def middle(prior: Prior) -> float:
    """The figure that stands for a distribution: its mode, median or mean."""
    if prior.kind == "uniform":
        return 0.5 * (prior.low + prior.high)
    name = {"triangular": "mode", "lognormal": "median", "mixture": "median"}.get(prior.kind)
    return getattr(prior, name or "mean")
