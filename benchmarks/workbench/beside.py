"""The stage beside Annotorious in one run: the same image, the same boxes, the same hand; each twice, in turn."""

import functools
import json
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import mean
from typing import Any

from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as TooLate

from benchmarks.ground import log
from benchmarks.workbench.browser import install, run
from benchmarks.workbench.leaf import leaf

HERE = Path(__file__).resolve().parent
WORKBENCH = HERE.parent.parent / "frontend" / "workbench"
PACKAGES = ("@annotorious/openseadragon", "openseadragon")
COUNTS = (500, 5_000, 20_000)
ROUNDS = 2
# A stint that takes longer is given up, and said to be.
LIMIT_MS = 240_000
NOT_DONE = f"not done in {LIMIT_MS // 1000} s"
# Small: without a graphics card the processor computes every pixel of WebGL.
STAGE = {"width": 800, "height": 600}
PAGE = """<!doctype html><meta charset="utf-8"><title>{name}</title>
<link rel="stylesheet" href="annotorious.css">
<style>html, body {{ margin: 0; block-size: 100% }}
.rw-picture, .rw-paper, .rw-frame {{ position: absolute; inset: 0; inline-size: 100%; block-size: 100% }}
.rw-paper, .rw-frame {{ pointer-events: none }}</style>
<body><script type="module" src="{name}.js"></script>"""
CONFIG = """
export default {{ publicDir: false, define: {{ "process.env.NODE_ENV": JSON.stringify("production") }},
resolve: {{ alias: {alias} }}, build: {{ outDir: {out}, emptyOutDir: false,
lib: {{ entry: {entry}, formats: ["es"], fileName: () => "{name}.js", cssFileName: "none" }} }} }};
"""
# What the graphics are computed by, and whether the page has a canvas that WebGL draws on.
GRAPHICS = """() => {
  const gl = document.createElement("canvas").getContext("webgl2");
  const more = gl?.getExtension("WEBGL_debug_renderer_info");
  const drawn = [...document.querySelectorAll("canvas")].some((one) => one.getContext("webgl2"));
  return { renderer: gl ? gl.getParameter(more?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER) : "no WebGL", drawn };
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """The figures are all that is to be read."""


def measure(browser: Browser, folder: Path) -> dict[str, Any]:
    """Figures of both for each count, and how many times as long as ours Annotorious takes."""
    packages, pages = folder / "annotorious", folder / "pages"
    pages.mkdir()
    leaf().save(pages / "leaf.jpg", quality=88)
    _build(pages, "ours", {})
    refused = install(packages, PACKAGES)
    names = ["ours"]
    found: dict[str, Any] = {"boxes": {}}
    if refused:
        found["annotorious"] = f"not measured: {refused}"
    else:
        modules = packages / "node_modules"
        _build(pages, "annotorious", {name: str(modules / name) for name in PACKAGES})
        styles = modules / PACKAGES[0] / "dist" / "annotorious-openseadragon.css"
        shutil.copy(styles, pages / "annotorious.css")
        found["annotorious"] = {name: _version(modules / name) for name in PACKAGES}
        names.append("annotorious")
    with _served(pages) as url:
        for count in COUNTS:
            rounds: dict[str, list[dict[str, Any] | None]] = {name: [] for name in names}
            for number in range(ROUNDS):
                # Whoever goes first would always have the quieter machine.
                for name in names if number % 2 == 0 else reversed(names):
                    log(f"{count} boxes, {name}")
                    rounds[name].append(_in_time(browser, f"{url}/{name}.html", count))
            found["boxes"][str(count)] = _together(rounds)
    return found


def _build(folder: Path, name: str, alias: dict[str, str]) -> None:
    config = folder / f"{name}.config.mjs"
    config.write_text(
        CONFIG.format(
            alias=json.dumps(alias),
            out=json.dumps(str(folder)),
            entry=json.dumps(str(HERE / f"{name}.ts")),
            name=name,
        )
    )
    vite = WORKBENCH / "node_modules" / ".bin" / "vite"
    run([vite, "build", "--config", config, "--logLevel=error"], cwd=WORKBENCH)
    (folder / f"{name}.html").write_text(PAGE.format(name=name))


def _version(package: Path) -> str:
    return str(json.loads((package / "package.json").read_text())["version"])


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _in_time(browser: Browser, url: str, count: int) -> dict[str, Any] | None:
    """The figures of a stint; None where it is not done in time."""
    try:
        return _stint(browser, url, count)
    except TooLate:
        log(f"  not done in {LIMIT_MS // 1000} s")
        return None


def _stint(browser: Browser, url: str, count: int) -> dict[str, Any]:
    with browser.new_context(viewport=STAGE, reduced_motion="reduce") as context:  # type: ignore[arg-type]
        return _worked(context.new_page(), url, count)


def _worked(page: Page, url: str, count: int) -> dict[str, Any]:
    page.goto(url)
    page.wait_for_function("window.isReady")
    page.evaluate("count => { stint(count).then((figures) => { window.figures = figures }) }", count)
    page.wait_for_function("window.figures", timeout=LIMIT_MS)
    figures: dict[str, Any] = page.evaluate("window.figures")
    x, y = STAGE["width"] / 2, STAGE["height"] / 2
    page.mouse.move(x - 40, y - 40)
    page.mouse.down()
    page.mouse.move(x + 40, y + 40, steps=8)
    page.mouse.up()
    page.wait_for_function("window.drawn !== null", timeout=LIMIT_MS)
    drawn = page.evaluate("window.drawn")
    graphics = page.evaluate(GRAPHICS)
    return {**figures, "drawn": None if drawn < 0 else drawn, "graphics": graphics}


def _together(rounds: dict[str, list[dict[str, Any] | None]]) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: _figures(done) if len(done := [one for one in stints if one]) == ROUNDS else NOT_DONE
        for name, stints in rounds.items()
    }
    theirs, ours = found.get("annotorious"), found["ours"]
    if isinstance(theirs, dict) and isinstance(ours, dict):
        found["annotorious_to_ours"] = {
            "add": _ratio(theirs["add_ms"], ours["add_ms"]),
            "draw_one_more": _ratio(theirs["draw_one_more_ms"], ours["draw_one_more_ms"]),
            **{move: _ratio(theirs[move]["mean_ms"], ours[move]["mean_ms"]) for move in ("pan", "zoom")},
            "heap": _ratio(theirs["heap_mb"], ours["heap_mb"]),
        }
    return found


def _figures(stints: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The mean of the rounds, and frames of all of them."""
    drawn = [one["drawn"] for one in stints if one["drawn"] is not None]
    return {
        "add_ms": round(mean(one["add"] for one in stints), 1),
        "draw_one_more_ms": round(mean(drawn), 1) if drawn else None,
        "pan": _moved([took for one in stints for took in one["pan"]]),
        "zoom": _moved([took for one in stints for took in one["zoom"]]),
        "long_tasks_adding_ms": [took for one in stints for took in one["longAdding"]],
        "long_tasks_moving": _long([took for one in stints for took in one["longMoving"]]),
        "heap_mb": round(mean(one["heap"] for one in stints), 1),
        "graphics": stints[0]["graphics"],
    }


def _moved(frames: Sequence[float]) -> dict[str, float]:
    """The mean counts: script may run some frames ahead of what is drawn, so that most look quick and one long."""
    each = mean(frames)
    return {
        "frames_per_second": round(1000 / each, 1),
        "mean_ms": round(each, 1),
        "worst_ms": round(max(frames), 1),
        "frames": len(frames),
    }


def _long(tasks: Sequence[float]) -> dict[str, float]:
    return {"count": len(tasks), "worst_ms": max(tasks, default=0)}


def _ratio(theirs: float | None, ours: float | None) -> float | None:
    return round(theirs / ours, 2) if theirs and ours else None
