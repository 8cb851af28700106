"""Array aliases. N = states or regions in the world, K = frameworks, T = years, G = move groups."""

from __future__ import annotations

from jaxtyping import Array, Bool, Float, Key, UInt32

PerState = Float[Array, " N"]
PerDyad = Float[Array, "N N"]
Membership = Float[Array, "K N"]
Scalar = Float[Array, ""]
Flag = Bool[Array, ""]
Index = UInt32[Array, ""]
StateSlots = UInt32[Array, " N"]
PRNGKey = Key[Array, ""]
