"""Lighthouse's scores of the pages that people meet first, as on a phone and at a desk."""

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.ground import log
from benchmarks.workbench.browser import executable, install, surroundings
from benchmarks.workbench.site import SLUG, Site

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = {
    "campaigns": "/campaigns/",
    "campaign": f"/campaigns/{SLUG}/",
    "workbench": f"/campaigns/{SLUG}/work/",
}
WORST = 6


def measure(folder: Path, site: Site) -> dict[str, Any]:
    """Scores from 0 to 100 by page and device, with what lowers them."""
    where = folder / "lighthouse"
    if refused := install(where, ["lighthouse"]):
        return {"not_measured": refused}
    with _signed_in(folder / "profile", site) as port:
        return {
            name: {
                device: _score(where, port, f"{site.url}{path}", device) for device in ("mobile", "desktop")
            }
            for name, path in PAGES.items()
        }


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
    log(f"{url} ({device})")
    report = where / "report.json"
    command = [
        str(where / "node_modules" / ".bin" / "lighthouse"), url, f"--port={port}", "--quiet",
        "--output=json", f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}", *(["--preset=desktop"] if device == "desktop" else []),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    if done.returncode:
        return {"not_measured": done.stderr.strip()[-300:]}
    said = json.loads(report.read_text())
    return {
        **{name: round(100 * (said["categories"][name]["score"] or 0)) for name in CATEGORIES},
        "lowered_by": _lowering(said),
    }


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
