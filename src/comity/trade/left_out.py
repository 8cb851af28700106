"""What the draws that could not be solved have in common, as notes under the result."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool

from comity.core.parameters import Parameter
from comity.core.words import Text, both, words
from comity.study.ensemble import draws


def notes(
    numbers: Sequence[Parameter], seed: int, solved: Bool[np.ndarray, " draws"]
) -> tuple[Text, ...]:
    """Means of every drawn number where no equilibrium was found and where one was.

    Parameters
    ----------
    numbers
        What was drawn; a draw depends on its seed, name and place alone and is made again here.
    seed
        Seed of the draws.
    solved
        Which draws were solved. Nothing is said where all were, or none.
    """
    if solved.all() or not solved.any():
        return ()
    drawn = draws(numbers, (), seed, solved.size)
    said = words("comity.trade")["note.apart"]
    return tuple(
        both(
            said,
            name=words(f"comity.mechanisms.{number.key.split('.')[0]}")[f"number.{number.key}"],
            left_out=f"{drawn[number.key][~solved].mean():.3g}",
            kept=f"{drawn[number.key][solved].mean():.3g}",
        )
        for number in numbers
    )
