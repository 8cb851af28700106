"""Which strategies are compared: those named, all that the state has, or its default."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from comity.core.errors import BadInput
from comity.registry.defaults import defaults


def named_strategies(given: object, actor: str, scenario: str = "") -> tuple[str, ...]:
    """Strategies as asked for.

    Parameters
    ----------
    given
        Names or files, as a list or a text with commas; ``all`` for every one that the actor has;
        None for its default.
    actor
        State whose strategies are compared.
    scenario
        Scenario, on which the default hangs.

    Raises
    ------
    BadInput
        An entry that is neither a name nor a path, or a state that nobody knows.
    """
    if given is None:
        return default_strategies(actor, scenario)
    if isinstance(given, str):
        if given.strip() == "all":
            return all_strategies(actor, scenario)
        return _each_once([name.strip() for name in given.split(",")])
    listed = tuple(given) if isinstance(given, Iterable) else (given,)
    for one in listed:
        if not isinstance(one, str | Path):
            raise BadInput(f"{one!r} is no strategy", fix="give a name of the library or a path")
    return _each_once([str(one) for one in listed])


def _each_once(names: Sequence[str]) -> tuple[str, ...]:
    """The names as given. Raises BadInput where one is empty or stands twice."""
    if not names:
        raise BadInput("no strategy is named", fix="name one, or leave strategies out")
    if not all(names):
        raise BadInput(
            "an empty name stands among the strategies", fix="take out the comma too many"
        )
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise BadInput(f"the strategy {twice!r} is named twice", fix="name each once")
    return tuple(names)


def all_strategies(actor: str, scenario: str = "") -> tuple[str, ...]:
    """Every strategy of the library that the actor has, those of its default first."""
    from comity.registry.states import find
    from comity.scenarios.scenario import library_names
    from comity.scenarios.strategy import strategy_card

    own = find(actor)
    mine = [n for n in library_names("strategy") if strategy_card(n)[0] in (own, "ANY")]
    first = default_strategies(actor, scenario)
    rest = [n for n in mine if n not in first and defaults().for_any.get(n) != own]
    return (*first, *rest)


def default_strategies(actor: str, scenario: str = "") -> tuple[str, ...]:
    """Strategies compared where none are named: the actor's own, else those for any state.

    Where the scenario, or one of several, is about security, they are those that bear on it.
    """
    from comity.registry.states import find
    from comity.scenarios.together import parts_of

    own, known = find(actor), defaults()
    if known.security & {*parts_of(scenario)}:
        return known.secure.get(own, known.secure[""])
    return defaults().strategies.get(
        own, tuple(name for name, about in defaults().for_any.items() if about != own)
    )
