"""What states can bring to bear: the composite index of national capability, and its reach.

A state's index is its share of the world's total in each of six components (military spending,
military personnel, iron and steel, energy, population, urban population), averaged over them:

    cinc_i = mean over c of  x_ic / sum_j x_jc

As published (singer1972capability, singer1987reconstructing): a component that is not known for
a state is left out of that state's mean, the world's total is the sum of the known figures, and
a component nobody has in a year is left out for all.  The indices of a year need therefore not
sum to one (they sum to 1.002-1.007 of late).
Reach: strength falls with distance (boulding1962conflict), by the exponent of Bueno de Mesquita
(buenodemesquita1981war).  Do not trust the index to foretell the outcome of a war: it is
bulk, not quality, and a missing component lifts or sinks a state without a word.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from comity.core import require

COMPONENTS = ("milex", "milper", "irst", "pec", "tpop", "upop")
KM_PER_MILE = 1.609344


class Capability(eqx.Module):
    """Composite index ``index`` (0-1) and whether any component was ``known``."""

    index: Float[Array, "*years N"]
    known: Bool[Array, "*years N"]


def component_shares(
    components: Float[Array, "*years N C"], known: Bool[Array, "*years N C"]
) -> tuple[Float[Array, "*years N C"], Bool[Array, "*years N C"]]:
    """Return each state's share of the world's total by component, and which are defined.

    Parameters
    ----------
    components
        Non-negative figures in any unit that is the same for all states; filled with anything
        finite where not known.
    known
        False where a figure is missing or the state does not exist.

    Returns
    -------
    tuple
        Shares (0 where undefined) and whether each is defined: known, and the world's total
        positive.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.not_negative("a component", jnp.where(known, components, 0.0))
    figures = jnp.where(known, components, 0.0)
    world = figures.sum(axis=-2, keepdims=True)
    defined = known & (world > 0)
    return jnp.where(defined, figures / jnp.where(world > 0, world, 1.0), 0.0), defined


def cinc(components: Float[Array, "*years N C"], known: Bool[Array, "*years N C"]) -> Capability:
    """Return the composite index of national capability of each state.

    Parameters
    ----------
    components
        The six ``COMPONENTS`` of each state (N, 6), or of each year and state; finite.
    known
        False where a figure is missing.
    """
    shares, defined = component_shares(components, known)
    count = defined.astype(shares.dtype).sum(axis=-1)
    return Capability(shares.sum(axis=-1) / jnp.maximum(count, 1.0), count > 0)


def projected(
    index: Float[Array, " N"],
    distance: Float[Array, "N M"],
    km_per_day: float | Float[Array, ""],
) -> Float[Array, "N M"]:
    """Return a state's index as it arrives at a distance: the loss-of-strength gradient.

    index^e with e = log10(distance / km_per_day + 10 - exp(1)), held at 1 near home: nobody is
    stronger abroad than at home (the published form exceeds the index within e = 2.7 days).

    Parameters
    ----------
    index
        Composite index at home, 0 to 1.
    distance
        From each state to each place (km).
    km_per_day
        Distance forces cover in a day; ``miles_per_day`` gives the published ones in miles.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.chances("an index", index, missing=True)
    require.not_negative("a distance", jnp.nan_to_num(distance))
    require.positive("the way of a day", km_per_day)
    days = distance / km_per_day
    exponent = jnp.maximum(jnp.log10(days + 10.0 - jnp.e), 1.0)
    return index[:, None] ** exponent


def miles_per_day(year: int) -> float:
    """Return how far forces moved in a day: 250 miles to 1918, 375 to 1945, 500 since.

    Judged: buenodemesquita1981war as commonly cited; the page was not seen.

    Raises
    ------
    BadInput
        When the year has not four digits.
    """
    require.years("the year", year)
    return 250.0 if year <= 1918 else 375.0 if year <= 1945 else 500.0
