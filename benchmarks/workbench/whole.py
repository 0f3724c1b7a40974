"""All parts of the benchmark of the workbench, one after the other."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.ground import log
from benchmarks.workbench import beside, lighthouse, sitting
from benchmarks.workbench.browser import chromium, with_webgl
from benchmarks.workbench.site import site

PARTS = ("beside", "sitting", "lighthouse")


def measure(parts: Sequence[str] = PARTS) -> dict[str, Any]:
    """The figures of each part; `rendering` says what drew them."""
    found: dict[str, Any] = {
        "rendering": "headless Chromium, no graphics card: WebGL by SwiftShader, 2D by Skia"
    }
    with tempfile.TemporaryDirectory(prefix="rubricator-benchmark-workbench-") as name:
        folder = Path(name)
        if "beside" in parts:
            log("boxes on the stage, beside Annotorious")
            with chromium(with_webgl(folder / "chromium")) as browser:
                found["beside"] = beside.measure(browser, folder)
        if {"sitting", "lighthouse"} & set(parts):
            # The rows are written before a browser starts: within its loop Django refuses to.
            with site() as running:
                if "sitting" in parts:
                    log("a sitting")
                    with chromium() as browser:
                        found["sitting"] = sitting.measure(browser, running)
                if "lighthouse" in parts:
                    log("Lighthouse")
                    found["lighthouse"] = lighthouse.measure(folder, running)
    return found
