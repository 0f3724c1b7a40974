"""Lighthouse's scores of the pages that people meet first, as on a phone and at a desk."""

import json
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.ground import log
from benchmarks.workbench.browser import executable, install, surroundings
from benchmarks.workbench.site import SLUG, Site
from config.embedded.house import WEB_WORKERS

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = {
    "campaigns": "/campaigns/",
    "campaign": f"/campaigns/{SLUG}/",
    "workbench": f"/campaigns/{SLUG}/work/",
}
TIMES = {
    "first_words": "first-contentful-paint",
    "largest": "largest-contentful-paint",
    "blocked": "total-blocking-time",
    "shifted": "cumulative-layout-shift",
}
WORST = 6
# The one in the middle is told: what else the machine does shakes the time that scripts take.
RUNS = 3


def measure(folder: Path, site: Site) -> dict[str, Any]:
    """Scores from 0 to 100 by page and device, with what lowers them."""
    where = folder / "lighthouse"
    if refused := install(where, ["lighthouse"]):
        return {"not_measured": refused}
    _warm(site)
    with _signed_in(folder / "profile", site) as port:
        return {
            name: {
                device: _score(where, port, f"{site.url}{path}", device) for device in ("mobile", "desktop")
            }
            for name, path in PAGES.items()
        }


def _warm(site: Site) -> None:
    """Every worker has been asked for every page: the first answer of a new process takes seconds."""
    cookie = "sessionid=" + site.sessions["clara"]
    for path in PAGES.values():
        for _time in range(4 * WEB_WORKERS):
            request = urllib.request.Request(f"{site.url}{path}", headers={"Cookie": cookie})
            urllib.request.urlopen(request, timeout=60).close()


@contextmanager
def _signed_in(profile: Path, site: Site) -> Iterator[int]:
    """A browser with somebody's cookies, which Lighthouse leaves alone; the port it is steered by."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=executable(), env=surroundings(),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--remote-debugging-port={port}"],
        )  # fmt: skip
        try:
            context.add_cookies([site.cookie("clara")])  # type: ignore[list-item]
            yield port
        finally:
            context.close()


def _score(where: Path, port: int, url: str, device: str) -> dict[str, Any]:
    """The middle one of some runs, with the performance of all of them."""
    runs = []
    for number in range(RUNS):
        log(f"{url} ({device}, {number + 1} of {RUNS})")
        said = _run(where, port, url, device)
        if isinstance(said, str):
            return {"not_measured": said}
        runs.append({name: round(100 * (said["categories"][name]["score"] or 0)) for name in CATEGORIES})
        runs[-1] |= {name: said["audits"][audit]["displayValue"] for name, audit in TIMES.items()}
        runs[-1]["lowered_by"] = _lowering(said)
    runs.sort(key=lambda run: run["performance"])
    return {**runs[RUNS // 2], "performance_of_all": [run["performance"] for run in runs]}


def _run(where: Path, port: int, url: str, device: str) -> dict[str, Any] | str:
    """Lighthouse's report, or why there is none."""
    report = where / "report.json"
    command = [
        str(where / "node_modules" / ".bin" / "lighthouse"), url, f"--port={port}", "--quiet",
        "--throttling-method=simulate", "--output=json", f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}", *(["--preset=desktop"] if device == "desktop" else []),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    if done.returncode:
        return done.stderr.strip()[-300:]
    said: dict[str, Any] = json.loads(report.read_text())
    return said


def _lowering(said: dict[str, Any]) -> list[str]:
    """The audits that cost something, the dearest first."""
    audits = said["audits"]
    costs = [
        (ref["weight"] * (1 - audits[ref["id"]]["score"]), ref["id"])
        for category in said["categories"].values()
        for ref in category["auditRefs"]
        if ref["weight"] and audits[ref["id"]]["score"] not in (None, 1)
    ]
    worst = sorted(costs, reverse=True)[:WORST]
    return [f"{name}: {audits[name].get('displayValue') or audits[name]['title']}" for _cost, name in worst]
