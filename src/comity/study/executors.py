"""Executors: where the rows of a plan are computed. One protocol, local by default."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Protocol, runtime_checkable

import numpy as np

from comity.core import runtime

OneRow = Callable[[Any, Any], Any]


@runtime_checkable
class Executor(Protocol):
    """Computes chunks of rows and hands back NumPy trees, in the order asked for."""

    def map(self, one_row: OneRow, shared: Any, chunks: Iterator[Any]) -> Iterator[Any]:
        """Yield the result of each chunk; leading axis = rows of that chunk."""
        ...


@lru_cache(maxsize=4)
def _program(one_row: OneRow) -> Callable[[Any, Any], Any]:
    """The map over rows, compiled once for all that ask in this process."""
    return runtime.over_rows(one_row)


class LocalExecutor:
    """This machine: one compiled program, rows split over its cores."""

    def map(self, one_row: OneRow, shared: Any, chunks: Iterator[Any]) -> Iterator[Any]:
        """Yield the result of each chunk. Every chunk must have the same number of rows."""
        import jax

        runtime.make_room()
        program = _program(one_row)
        many = runtime.workers()
        for rows in chunks:
            count = jax.tree.leaves(rows)[0].shape[0]
            extra = -count % many
            padded = jax.tree.map(
                lambda x, extra=extra: np.concatenate([x, np.repeat(x[-1:], extra, 0)]), rows
            )
            result = program(shared, padded)
            yield jax.tree.map(lambda x, count=count: np.asarray(x)[:count], result)
