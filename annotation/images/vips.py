"""The one door to libvips, opened on first use so that a process has none of its threads before it forks."""

import functools
import importlib
import os
from pathlib import Path
from typing import Any, TypeAlias

# pyvips has no stubs and builds its methods at run time.
VipsImage: TypeAlias = Any
# Kept open because the next tile is mostly of the same page. Each may hold two rows of tiles in memory,
# which for the largest images is 15 MB.
OPEN_LEVELS = 16


@functools.cache
def vips() -> Any:
    """The pyvips module, set to one thread per operation, no untrusted loaders and no cache."""
    os.environ.setdefault("VIPS_BLOCK_UNTRUSTED", "1")
    module = importlib.import_module("pyvips")
    module.block_untrusted_set(True)  # noqa: FBT003 a C function: no keywords
    module.concurrency_set(1)
    # libvips remembers files by name and would show the former content of one that was replaced.
    module.cache_set_max(0)
    return module


@functools.cache
def failure() -> type[Exception]:
    """What libvips raises when it fails."""
    error: type[Exception] = vips().Error
    return error


@functools.lru_cache(maxsize=OPEN_LEVELS)
def open_level(path: Path, written_ns: int, level: int) -> VipsImage:
    """One level of the pyramid written at `written_ns`, lazily; 0 is the full size, threads may share it."""
    return vips().Image.tiffload(str(path), page=level)
