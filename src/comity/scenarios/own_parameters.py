"""Numbers of the model that a scenario file sets in place of those of the books."""

from __future__ import annotations

from collections.abc import Iterable

from comity.core.own_numbers import Own, fixed
from comity.files.cursor import Cursor
from comity.files.shapes import filled
from comity.scenarios.forms import PriorForm
from comity.scenarios.uncertainty import prior_in


def own_parameters(at: Cursor, above: Iterable[Own] = ()) -> tuple[Own, ...]:
    """Numbers of the mapping at a place by key, after those of the scenarios it extends.

    A value is a number, the same in every future, or a distribution as an uncertainty has it.
    Whether there is such a number in a run is checked where the run is planned.
    """
    found = {one.key: one for one in above}
    for key, here in at.entries().items():
        value = here.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[key] = Own(key, fixed(float(value), here.key.place), here.key.place)
        elif isinstance(value, dict):
            form = filled(PriorForm, here)
            prior = prior_in(form, here) if form else None
            if prior is not None:
                found[key] = Own(key, prior, here.key.place)
        else:
            here.bad(
                f"{key} is neither a number nor a distribution",
                "write `4` or `{kind: lognormal, median: 4, sd: 0.2, low: 2, high: 9}`",
            )
    return tuple(found.values())
