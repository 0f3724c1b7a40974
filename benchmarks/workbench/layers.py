"""How fluid many shapes are: milliseconds from frame to frame while a stage is moved and zoomed, in Chromium.

    python -m benchmarks.workbench.layers [--shapes 500 5000 20000]

Compare figures of one run with each other: they depend on the machine, and on what else it does.
"""

import argparse
import functools
import json
import os
import shutil
import subprocess
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from scripts.test_tools import BROWSERS, TOOLS

HERE = Path(__file__).resolve().parent
WORKBENCH = HERE.parent.parent / "frontend" / "workbench"
PAGE = """<!doctype html><meta charset="utf-8"><title>Layers</title>
<style>body > div > * { position: absolute; inset: 0; inline-size: 100%; block-size: 100% }</style>
<script type="module" src="layers.js"></script>"""
CONFIG = """
export default {{ build: {{ outDir: {out}, emptyOutDir: false, lib: {{ entry: {entry}, formats: ["es"],
fileName: () => "layers.js" }} }} }};
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """The figures are all that is to be read."""


def build(folder: Path) -> None:
    """The page with the viewer's own code, and a picture to show."""
    config = folder / "vite.config.mjs"
    config.write_text(CONFIG.format(out=json.dumps(str(folder)), entry=json.dumps(str(HERE / "layers.ts"))))
    vite = [
        str(WORKBENCH / "node_modules" / ".bin" / "vite"),
        "build",
        "--config",
        str(config),
        "--logLevel=warn",
    ]
    subprocess.run(vite, cwd=WORKBENCH, check=True)
    (folder / "index.html").write_text(PAGE)
    Image.new("RGB", (600, 800), "#e9dfc8").save(folder / "leaf.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shapes", type=int, nargs="+", default=[500, 5000, 20_000])
    counts = parser.parse_args().shapes
    chromium = os.environ.get("RUBRICATOR_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        build(folder)
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=name))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=chromium or str(TOOLS / "chromium"),
            env={**os.environ, "LD_LIBRARY_PATH": str(TOOLS / "lib")},
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
        page.wait_for_function("window.measure")
        for count in counts:
            figures = page.evaluate("([count, image]) => measure(count, image)", [count, "/leaf.png"])
            print(", ".join(f"{what} {value:.1f}" for what, value in figures.items()), flush=True)
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
