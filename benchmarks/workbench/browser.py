"""The browser that measures, and what npm brings for it: both outside the project."""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from scripts.test_tools import BROWSERS, CHROMIUM, SAFELY, TOOLS, fetch, inflate

DESKTOP = {"width": 1440, "height": 900}
# WebGL is computed by the processor too: nobody in a comparison has a graphics card. A 2D canvas and the page are drawn
# by Skia on the processor, as Chromium does without a card: it would take SwiftShader for one otherwise, and draw them
# through it some twenty times as slowly.
ARGUMENTS = (
    "--no-sandbox", "--enable-unsafe-swiftshader", "--use-angle=swiftshader",
    "--disable-accelerated-2d-canvas", "--disable-gpu-rasterization", "--enable-precise-memory-info",
    "--js-flags=--expose-gc", "--disable-background-networking", "--disable-component-update", "--no-first-run",
)  # fmt: skip


def executable() -> str:
    """The machine's own Chromium, or the one that scripts/test_tools.py has fetched."""
    found = os.environ.get("RUBRICATOR_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or str(TOOLS / "chromium")


def surroundings() -> dict[str, str]:
    """The environment in which that Chromium finds its libraries."""
    return {**os.environ, "LD_LIBRARY_PATH": str(TOOLS / "lib")}


def with_webgl(folder: Path) -> str:
    """A Chromium that has WebGL: that of scripts/test_tools.py comes without, and is given what its package brings."""
    path = executable()
    if Path(path).parent != TOOLS:
        return path
    folder.mkdir()
    package = fetch(CHROMIUM, folder)
    inflate(package / "bin" / "swiftshader.tar.br", folder / "swiftshader.tar")
    with tarfile.open(folder / "swiftshader.tar") as files:
        files.extractall(folder, **SAFELY)
    # Found beside the program, wherever links to it lie.
    return str(shutil.copy(path, folder / "chromium"))


@contextmanager
def chromium(path: str = "") -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path or executable(), env=surroundings(), args=list(ARGUMENTS)
        )
        try:
            yield browser
        finally:
            browser.close()


def install(folder: Path, packages: Sequence[str]) -> str | None:
    """Put npm packages into a folder of their own; where that fails, the sentence that says so."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--no-save", "--no-audit", "--no-fund", f"--prefix={folder}", *packages]
    names = " and ".join(packages)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{names} could not be installed: {error}"
    if done.returncode:
        return f"{names} could not be installed: {done.stderr.strip()[-300:]}"
    return None


def run(command: Sequence[str | Path], **options: Any) -> None:
    """A tool whose words go where progress goes: standard output is for figures."""
    subprocess.run([str(word) for word in command], check=True, stdout=sys.stderr, **options)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, the value that a twentieth exceeds, and the worst."""
    middle, slow = np.percentile(values, [50, 95])
    return {
        "median": round(float(middle), 1),
        "p95": round(float(slow), 1),
        "worst": round(max(values), 1),
    }
