"""Turns an uploaded file into a pyramid that serves a tile in milliseconds, by a limited child process."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

from annotation.images.facts import MAX_PIXELS, ImageFacts
from annotation.images.refusals import BY_CODE, FileMissing, ImageRefused, TooDemanding

TIMEOUT_S = 180.0
ROOT = Path(__file__).resolve().parents[2]


def convert(
    source: Path, target: Path, *, max_pixels: int = MAX_PIXELS, timeout_s: float = TIMEOUT_S
) -> ImageFacts:
    """Write `target`, a pyramidal tiled TIFF in 8-bit sRGB or grey, from JPEG, PNG, WebP, TIFF or JPEG 2000.

    EXIF orientation and colour profile are applied, transparency becomes white, only the first page is read.
    `target` appears whole or not at all; its folder must exist. Raises `ImageRefused`.
    """
    if not source.is_file():
        raise FileMissing
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    try:
        said = _in_child(source, part, max_pixels, timeout_s)
        if "code" in said:
            facts = said["facts"]
            raise BY_CODE.get(str(said["code"]), ImageRefused)(**(facts if isinstance(facts, dict) else {}))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return ImageFacts(
        width=int(str(said["width"])),
        height=int(str(said["height"])),
        format=str(said["format"]),
        sha256=str(said["sha256"]),
    )


def _in_child(source: Path, part: Path, max_pixels: int, timeout_s: float) -> dict[str, object]:
    """What the child printed; a child that was stopped, by us or by its limits, makes `TooDemanding`."""
    command = [sys.executable, "-m", "annotation.images.child", str(source), str(part), str(max_pixels)]
    environment = {
        **{name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ},
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "VIPS_BLOCK_UNTRUSTED": "1",
        "VIPS_CONCURRENCY": "1",
        "OPENBLAS_NUM_THREADS": "1",  # numpy reserves address space per thread, which is limited
        "TMPDIR": str(part.parent),
    }
    try:
        done = subprocess.run(  # noqa: S603 our own module, arguments as a list
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
        said = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise TooDemanding from error
    return dict(said)
