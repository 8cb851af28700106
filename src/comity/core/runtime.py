"""How Comity uses the machine: threads, host devices, float64, compile cache, the map over rows.

Imported before JAX; sets it up through its environment variables, so that ``import comity`` stays
quick. One switch decides the shape of the program: on a CPU the rows (future, strategy, parameter
draw) go one by one through ``lax.map``, because a world of 48 to 196 states then stays in the
processor's cache, and ``shard_map`` gives each core its share; on a GPU they go through ``vmap``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from comity.core.errors import RuntimeSetupError


def cores() -> int:
    """Cores this process may use: the affinity mask where there is one (taskset, containers)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cache_folder() -> Path:
    """Folder of the compile cache: ``COMITY_CACHE``, else the user's cache folder."""
    named = os.environ.get("COMITY_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "comity"


def _xla_flags(flags: str) -> str:
    if "xla_force_host_platform_device_count" not in flags:
        flags += f" --xla_force_host_platform_device_count={cores()}"
    if "xla_cpu_multi_thread_eigen" not in flags:
        # Rows are the unit of parallel work; XLA's own threads inside a row would only get in
        # the way, and would let the number of cores touch the order of sums.
        flags += " --xla_cpu_multi_thread_eigen=false"
    return flags.strip()


def _prepare() -> None:
    """Set what must be set before NumPy's BLAS, SciPy and JAX do any work."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ["XLA_FLAGS"] = _xla_flags(os.environ.get("XLA_FLAGS", ""))
    os.environ["JAX_ENABLE_X64"] = "1"
    os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(cache_folder() / "xla"))
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.3")
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "0")
    if "jax" in sys.modules:
        _adopt_imported_jax()


def _adopt_imported_jax() -> None:
    """JAX came first: still fine before its first computation, else say so."""
    import jax
    from jax._src import xla_bridge

    if xla_bridge.backends_are_initialized():
        raise RuntimeSetupError(
            "JAX was already running when comity was imported",
            "threads, host devices and float64 can only be set before its first computation",
            "import comity first, then jax",
        )
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_compilation_cache_dir", os.environ["JAX_COMPILATION_CACHE_DIR"])


_prepare()


def memory_maps() -> tuple[int, int]:
    """Memory maps that this process holds, and how many it may; (0, 0) where nobody counts them."""
    try:
        limit = int(Path("/proc/sys/vm/max_map_count").read_text(encoding="ascii"))
        with Path("/proc/self/maps").open("rb") as stream:
            return sum(1 for _ in stream), limit
    except (OSError, ValueError):
        return 0, 0


def make_room() -> bool:
    """Let compiled programs go where half of the memory maps allowed are taken; whether it did.

    Each program that XLA compiles for a CPU holds maps for as long as JAX remembers it, some
    thousand for a world of its own options; at the limit of Linux (65,530) the process dies without
    a word. A session of many scenarios comes there after some dozens. A program that is asked for
    again is read from the compile cache.
    """
    held, limit = memory_maps()
    if 2 * held <= limit:
        return False
    import jax

    jax.clear_caches()
    return True


def workers() -> int:
    """Devices that share the rows: host devices on a CPU, one accelerator otherwise."""
    import jax

    return jax.local_device_count() if jax.default_backend() == "cpu" else 1


def _sharded(one_row: Callable[[Any, Any], Any], shared: Any, rows: Any) -> Any:
    """Map ``one_row(shared, row)`` over rows; each host device takes a contiguous share."""
    import jax
    from jax.sharding import Mesh, PartitionSpec

    mesh = Mesh(jax.local_devices(), ("row",))
    spec = PartitionSpec("row")

    def part(shared_part: Any, rows_part: Any) -> Any:
        return jax.lax.map(partial(one_row, shared_part), rows_part)

    # Values carried by the scans inside a row start out replicated, which the check refuses.
    return jax.shard_map(
        part, mesh=mesh, in_specs=(PartitionSpec(), spec), out_specs=spec, check_vma=False
    )(shared, rows)


def over_rows(one_row: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Compile the map of ``one_row(shared, row)`` over the leading axis of ``rows``.

    The number of rows must be a multiple of `workers()`; results keep the order of the rows. A
    row's result does not depend on which other rows travel with it.
    """
    import jax

    if jax.default_backend() != "cpu":
        return jax.jit(lambda shared, rows: jax.vmap(partial(one_row, shared))(rows))
    return jax.jit(partial(_sharded, one_row))
