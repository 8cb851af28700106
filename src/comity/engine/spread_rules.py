"""What each elementary operation hands on of a change, and what it makes of given arrays.

Operations of `jax.lax` by name. One that stands in no list mixes everything that goes in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from string import ascii_letters
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Bool

Mask = Bool[np.ndarray, "..."]
Shape = tuple[int, ...]

# Each element by itself.
EACH = frozenset(
    "abs acos add and asin atan atan2 cbrt ceil clamp convert_element_type copy cos cosh div eq "
    "erf erf_inv erfc exp exp2 expm1 floor ge gt integer_pow is_finite le lgamma log log1p "
    "logistic lt max min mul ne neg nextafter not or pow reduce_precision rem round rsqrt "
    "select_n sign sin sinh sqrt square stop_gradient sub tan tanh xor".split()
)
# Over the axes named, and along an axis up to each element.
REDUCE = frozenset(
    "reduce_and reduce_max reduce_min reduce_or reduce_prod reduce_sum reduce_xor argmax "
    "argmin".split()
)
ALONG = frozenset("cumsum cumprod cummax cummin cumlogsumexp".split())
SCATTER = frozenset(
    ("scatter", "scatter-add", "scatter-mul", "scatter-max", "scatter-min", "scatter_add")
)

# One of several programs: which one comes first, then what each gives. Written by `spread`.
EITHER = "either"

VALUE: Mapping[str, Callable[..., Any]] = {
    "abs": np.abs,
    "add": np.add,
    "and": np.logical_and,
    "eq": np.equal,
    "ge": np.greater_equal,
    "gt": np.greater,
    "le": np.less_equal,
    "lt": np.less,
    "max": np.maximum,
    "min": np.minimum,
    "mul": np.multiply,
    "ne": np.not_equal,
    "neg": np.negative,
    "not": np.logical_not,
    "or": np.logical_or,
    "sub": np.subtract,
}


def handed_on(
    name: str,
    masks: Sequence[Mask],
    given: Sequence[np.ndarray | None],
    becomes: Sequence[Shape],
    params: Mapping[str, Any],
) -> list[Mask]:
    """Which elements of what comes out can move.

    Parameters
    ----------
    name, params
        The operation.
    masks
        Elements of what goes in that can move, by operand, each in the operand's shape.
    given
        Values of the operands that are given, else None.
    becomes
        Shapes of what comes out.
    """
    if name in EACH:
        return [np.broadcast_to(_each(name, masks, given), becomes[0])]
    if name == "optimization_barrier":
        return list(masks)
    if name == "dot_general":
        return [_product(masks, given, params)]
    if name in REDUCE:
        return [np.asarray(masks[0].any(axis=tuple(params["axes"])))]
    if name in ALONG:
        axis, back = params["axis"], params.get("reverse", False)
        turned = np.flip(masks[0], axis) if back else masks[0]
        summed = np.logical_or.accumulate(turned, axis=axis)
        return [np.flip(summed, axis) if back else summed]
    if name == "sort":
        axis = params["dimension"]
        any_of = np.logical_or.reduce(list(masks)).any(axis=axis, keepdims=True)
        return [np.broadcast_to(any_of, shape) for shape in becomes]
    if name in SCATTER and given[1] is not None:
        return [_scattered(masks, np.asarray(given[1]), params)]
    if name in ("gather", "dynamic_slice") and all(one is not None for one in given[1:]):
        return [_taken(name, masks[0], given, params)]
    if name == EITHER and not masks[0].any():
        return [np.broadcast_to(np.logical_or.reduce(list(masks[1:])), becomes[0])]
    placed = _placed(name, masks, becomes, params)
    if placed is not None:
        return placed
    return [np.ones(shape, bool) for shape in becomes]


def _each(name: str, masks: Sequence[Mask], given: Sequence[np.ndarray | None]) -> Mask:
    if name == "mul":
        # Of what is multiplied by a given nil nothing is left.
        left, right = (True if one is None else one != 0 for one in given)
        return np.asarray((masks[0] & right) | (masks[1] & left))
    if name == "and" and all(mask.dtype == bool for mask in masks):
        left, right = (True if one is None else one.astype(bool) for one in given)
        return np.asarray((masks[0] & right) | (masks[1] & left))
    if name == "select_n" and given[0] is not None:
        cases = np.broadcast_arrays(*masks[1:])
        return np.asarray(np.choose(given[0].astype(int), cases))
    found = masks[0]
    for mask in masks[1:]:
        found = found | mask
    return np.asarray(found)


def _product(
    masks: Sequence[Mask], given: Sequence[np.ndarray | None], params: Mapping[str, Any]
) -> Mask:
    """Sums of products: an element moves with those of its sum, unless the other factor is nil."""
    (over_a, over_b), (with_a, with_b) = params["dimension_numbers"]
    letters = iter(ascii_letters)
    a = [next(letters) for _ in range(masks[0].ndim)]
    b = [next(letters) for _ in range(masks[1].ndim)]
    for i, j in (*zip(over_a, over_b, strict=True), *zip(with_a, with_b, strict=True)):
        b[j] = a[i]
    batch = [a[i] for i in with_a]
    own = [x for i, x in enumerate(a) if i not in (*over_a, *with_a)]
    other = [x for j, x in enumerate(b) if j not in (*over_b, *with_b)]
    rule = f"{''.join(a)},{''.join(b)}->{''.join(batch + own + other)}"
    felt = [
        np.ones(mask.shape) if one is None else (one != 0).astype(float)
        for mask, one in zip(masks, given, strict=True)
    ]
    first = np.einsum(rule, masks[0].astype(float), felt[1])
    return np.asarray(first + np.einsum(rule, felt[0], masks[1].astype(float)) > 0)


def _taken(
    name: str, mask: Mask, given: Sequence[np.ndarray | None], params: Mapping[str, Any]
) -> Mask:
    """Elements taken out of an array at given places."""
    where = np.arange(mask.size, dtype=np.int64).reshape(mask.shape)
    if name == "dynamic_slice":
        sizes = params["slice_sizes"]
        bounds = zip(given[1:], mask.shape, sizes, strict=True)
        starts = [int(np.clip(int(np.asarray(s)), 0, all_ - some)) for s, all_, some in bounds]
        return mask[tuple(slice(s, s + n) for s, n in zip(starts, sizes, strict=True))]
    kept = {k: params[k] for k in ("dimension_numbers", "slice_sizes", "mode")}
    found = np.asarray(lax.gather(jnp.asarray(where), jnp.asarray(given[1]), fill_value=-1, **kept))
    return np.where(found < 0, False, mask.reshape(-1)[found])


def _scattered(masks: Sequence[Mask], places: np.ndarray, params: Mapping[str, Any]) -> Mask:
    """Elements put into an array at given places: what was there may move, and what came."""
    put = lax.scatter_add(
        jnp.zeros(masks[0].shape),
        jnp.asarray(places),
        jnp.asarray(masks[2], float),
        params["dimension_numbers"],
        mode=params["mode"],
    )
    return masks[0] | (np.asarray(put) > 0)


def _placed(
    name: str, masks: Sequence[Mask], becomes: Sequence[Shape], params: Mapping[str, Any]
) -> list[Mask] | None:
    """Operations that only place elements elsewhere; None for others."""
    first = masks[0] if masks else np.zeros(())
    if name == "stack":
        return [np.stack(masks, axis=params["axis"])]
    if name == "unstack":
        parts = np.moveaxis(first, params["axis"], 0)
        return list(parts)
    moved = moved_array(name, masks, becomes[0], params)
    return None if moved is None else [moved]


def moved_array(
    name: str, arrays: Sequence[np.ndarray], shape: Shape, params: Mapping[str, Any]
) -> np.ndarray | None:
    """One array whose elements stand elsewhere; None for an operation that does more than that."""
    first = arrays[0] if arrays else np.zeros(())
    if name == "broadcast_in_dim":
        axes = params["broadcast_dimensions"]
        sizes = [1] * len(shape)
        for axis, size in zip(axes, first.shape, strict=True):
            sizes[axis] = size
        return np.broadcast_to(first.reshape(sizes), shape)
    if name in ("reshape", "squeeze", "expand_dims"):
        return first.reshape(shape)
    if name == "transpose":
        return first.transpose(params["permutation"])
    if name == "rev":
        return np.flip(first, tuple(params["dimensions"]))
    if name == "slice":
        steps = params["strides"] or (1,) * first.ndim
        bounds = zip(params["start_indices"], params["limit_indices"], steps, strict=True)
        return first[tuple(slice(*one) for one in bounds)]
    if name == "concatenate":
        return np.concatenate(list(arrays), axis=params["dimension"])
    return None


def worth(
    name: str, values: Sequence[np.ndarray], aval: Any, params: Mapping[str, Any]
) -> np.ndarray | None:
    """What an operation makes of given arrays; None where that is not looked into."""
    shape, dtype = tuple(aval.shape), aval.dtype
    with np.errstate(all="ignore"):
        if name in ("and", "or", "not") and not np.issubdtype(dtype, np.bool_):
            return None
        if name in VALUE:
            return np.broadcast_to(VALUE[name](*values), shape).astype(dtype)
        if name == "convert_element_type":
            return values[0].astype(dtype)
        if name == "iota":
            along = [1] * len(shape)
            along[params["dimension"]] = -1
            counted = np.arange(shape[params["dimension"]]).reshape(along)
            return np.broadcast_to(counted, shape).astype(dtype)
        if name == "select_n":
            cases = np.broadcast_arrays(*values[1:])
            return np.asarray(np.choose(values[0].astype(int), cases), dtype)
        if name == "reduce_or":
            return np.asarray(values[0].any(axis=tuple(params["axes"])))
        if name == "reduce_and":
            return np.asarray(values[0].all(axis=tuple(params["axes"])))
        if name == "stack":
            return np.stack(list(values), axis=params["axis"])
        if name == "gather":
            kept = {
                k: params[k] for k in ("dimension_numbers", "slice_sizes", "mode", "fill_value")
            }
            taken = lax.gather(jnp.asarray(values[0]), jnp.asarray(values[1]), **kept)
            return np.asarray(taken)
        return moved_array(name, values, shape, params)
