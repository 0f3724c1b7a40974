"""The one door to libvips: opened on first use, so that a process has none of its threads before it forks."""

import functools
import importlib
import os
from pathlib import Path
from typing import Any, TypeAlias

# pyvips has no stubs and builds its methods at run time.
VipsImage: TypeAlias = Any


@functools.cache
def vips() -> Any:
    """The pyvips module, set to one thread per operation, no untrusted loaders and a small cache."""
    os.environ.setdefault("VIPS_BLOCK_UNTRUSTED", "1")
    module = importlib.import_module("pyvips")
    module.block_untrusted_set(True)  # noqa: FBT003 a C function: no keywords
    module.concurrency_set(1)
    # Open pyramids stay in the cache, which is what makes the next tile of the same page cheap.
    module.cache_set_max(200)
    module.cache_set_max_files(64)
    module.cache_set_max_mem(64 * 2**20)
    return module


@functools.cache
def failure() -> type[Exception]:
    """What libvips raises when it fails."""
    error: type[Exception] = vips().Error
    return error


def open_level(path: Path, level: int) -> VipsImage:
    """One level of a pyramid, lazily: 0 is the full size."""
    return vips().Image.tiffload(str(path), page=level)
