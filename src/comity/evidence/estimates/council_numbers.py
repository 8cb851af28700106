"""Numbers of the mechanism ``council``, estimated on all conflicts of 1990-2019.

The form is that of ``hindcasts.council`` cut down to what a simulated world knows: kind of
conflict, members taking part, obligations of defence, distance in ideal points (less the member's
mean).  Only a member's constant is its own; what ties do is common to all.  Uncertainty is a
bootstrap of whole states.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.evidence.backtest import Past
from comity.evidence.estimates import Figures
from comity.evidence.hindcasts import council
from comity.evidence.panels import council_data
from comity.models.institutions import council as model

LAST = 2019
STRENGTH = 1.0  # ridge on what is common; members' constants are held to one another by OWN
APART = 1e6  # ridge that leaves members no ties of their own
OFTEN = 5  # years of the last ten in conflict that make it recurring
KINDS = ("interstate", "internationalised")
TIES = ("party", "defence", "distance")
NAMES = (
    "resolution",
    *(f"resolution_{kind}" for kind in KINDS),
    *(f"veto_{member.lower()}" for member in council.MEMBERS),
    *(f"veto_{tie}" for tie in TIES),
)


def panel() -> tuple[pd.DataFrame, Float[ndarray, "N 7"]]:
    """Return state-years in conflict with ties, and what the Council did."""
    tables = council.tables()
    past = Past(LAST, tables)
    rows = past.table("conflicts")
    rows = rows[rows.year <= LAST].reset_index(drop=True)
    full = council.traits(past, rows)
    for member in council.MEMBERS:
        # So that a constant and the slope on distance can be drawn apart.
        full[f"distance_{member}"] -= full[f"distance_{member}"].mean()
    return full, council.outcomes(rows, past.table("record"))


def fitted(rows: pd.DataFrame, came: Float[ndarray, "N 7"]) -> Float[ndarray, " P"]:
    """Return the numbers in the order of ``NAMES``."""
    one = np.ones(len(rows))
    resolution = np.column_stack([one, *(rows[kind] for kind in KINDS)])
    veto = np.stack(
        [np.column_stack([one, *(rows[f"{t}_{m}"] for t in TIES)]) for m in council.MEMBERS],
        axis=1,
    )
    own = np.concatenate([[STRENGTH * council.OWN / 10.0], np.full(len(TIES), APART)])
    common = [0.01, *[0.3] * len(KINDS), 0.01, *[STRENGTH] * len(TIES)]
    penalty = np.concatenate([common, np.tile(own, len(council.MEMBERS))])
    weights = model.fit(model.design_of(resolution, veto), came, penalty).weights
    first, width = resolution.shape[1], len(TIES) + 1
    constants = weights[first] + weights[first + width :: width]
    return np.concatenate([weights[:first], constants, weights[first + 1 : first + width]])


def errors(draws: int = 200, seed: int = 0) -> Float[ndarray, " P"]:
    """Return standard errors of the numbers: a bootstrap of states, two minutes."""
    rows, came = panel()
    states, place = np.unique(rows.state, return_inverse=True)
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        count = np.bincount(rng.integers(len(states), size=len(states)), minlength=len(states))
        at = np.repeat(np.arange(len(rows)), count[place])
        found.append(fitted(rows.iloc[at].reset_index(drop=True), came[at]))
    return np.std(found, axis=0, ddof=1)


def values() -> Figures:
    """Return the numbers of what the Council does, without their errors."""
    return {f"council.{name}": {"value": float(value)} for name, value in _named(fitted(*panel()))}


def outcomes() -> Figures:
    """Return the numbers with their errors, save of the two members that never cast a veto.

    The bootstrap sees no spread in a member without a veto: there the book's is a judgement.
    """
    made = values()
    for name, error in _named(errors()):
        if name not in ("veto_gbr", "veto_fra"):
            made[f"council.{name}"]["sd"] = float(error)
    return made


def _named(numbers: Float[ndarray, " P"]) -> zip[tuple[str, float]]:
    return zip(NAMES, numbers, strict=True)


def recurring() -> pd.DataFrame:
    """Return states in conflict in at least ``OFTEN`` of the ten years to 2019, by ISO code.

    ``topic``: the kind the state's conflicts were most often; ``party``: members that took part in
    the last three years, joined by a space.
    """
    from comity.registry.states import convert

    rows = council_data.frame()
    rows = rows[rows.year > LAST - 10]
    rows = rows[rows.groupby("state").state.transform("size") >= OFTEN]
    kind = np.where(rows.internationalised == 1, "internationalised", "civil")
    rows = rows.assign(topic=np.where(rows.interstate == 1, "interstate", kind))
    out = {}
    for state, part in rows.groupby("state"):
        late = part[part.year > LAST - 3]
        took = [m for m in council.MEMBERS if late[f"party_{m}"].max() > 0]
        code = str(convert([int(state)], "gw", "id", LAST).iloc[0])
        out[code] = {"topic": part.topic.value_counts().idxmax(), "party": " ".join(took)}
    return pd.DataFrame.from_dict(out, orient="index").sort_index()


def vetoes() -> Figures:
    """Return the chances that another permanent member joins a veto, with the error of a share.

    Where none was joined, as if the next would be: the upper end of an even range from nil.
    """
    led, with_others = _cast()
    made = {}
    for member in ("USA", "RUS", "CHN"):
        number, share = led[member], with_others[member] / led[member]
        if share > 0:
            error = float(np.sqrt(share * (1 - share) / number))
            figures = {"value": float(share), "sd": error}
        else:
            high = 1.0 / (1.0 + float(number))
            figures = {"value": high / 2, "high": high}
        made[f"council.joined_{member.lower()}"] = figures
    return made


def joined() -> pd.Series:
    """Return by member the share of its vetoes since 1990, led alone or with others, not alone.

    NaN for a member without any.
    """
    led, with_others = _cast()
    return with_others / led


def _cast() -> tuple[pd.Series, pd.Series]:
    """Vetoes since 1990 by member, and those cast with others; a veto of two is half of each."""
    rows = council_data.vetoes()
    cast = rows[(rows.year >= council_data.FIRST) & (rows.year <= LAST + 3)][list(council.MEMBERS)]
    number = cast.sum(axis=1)
    led = cast.div(number, axis=0)
    return led.sum(), led[number > 1].sum()
