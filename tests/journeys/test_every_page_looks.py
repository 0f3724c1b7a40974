"""Every page there is, opened in a browser: wide and light, and dark on a screen as narrow as 400 % of zoom makes it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.journeys.conftest import DESKTOP, Site, is_fault

# 1280 CSS pixels at 400 % are 320: WCAG 1.4.10 asks that nothing then moves sideways.
LOOKS: dict[str, dict[str, Any]] = {
    "wide and light": {**DESKTOP, "color_scheme": "light"},
    "narrow and dark": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark", "locale": "fr-FR"},
}
RULES: dict[str, dict[str, Any]] = {
    "wide and light": {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    # What the markup says has been looked at; these depend on how it is shown.
    "narrow and dark": {
        "runOnly": {
            "type": "rule",
            "values": ["color-contrast", "target-size", "scrollable-region-focusable"],
        }
    },
}
ELSEWHERE = "attempting to load TileSource: https://example.org/"  # the images of the specimen are nowhere
# How far the page can be moved sideways, in CSS pixels.
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What stands there as words for programs: a name that nobody chose, or one that a template left open.
UNSAID = "() => document.body.innerText.match(/\\{\\{|\\{%|\\bundefined\\b|\\bNaN\\b/)?.[0] ?? ''"


@pytest.fixture(scope="module")
def told(site: Site) -> dict[str, Any]:
    words = "from tests.journeys.every_page import tell; tell()"
    answer: dict[str, Any] = json.loads(site.manage("shell", "--no-imports", "-c", words).splitlines()[-1])
    return answer


def as_(browser: Browser, site: Site, session: str, look: dict[str, Any]) -> BrowserContext:
    context = browser.new_context(base_url=site.url, reduced_motion="reduce", **look)
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
    return context


@dataclass
class Opened:
    """A page that comes in while another one is looked at."""

    page: Page
    path: str
    heard: list[str] = field(default_factory=list)
    status: int = 0

    def __post_init__(self) -> None:
        self.page.on("console", self.hear)
        answer = self.page.goto(self.path, wait_until="commit")
        assert answer is not None
        self.status = answer.status

    def hear(self, line: ConsoleMessage) -> None:
        if is_fault(line) and ELSEWHERE not in line.text:
            self.heard.append(line.text)

    def faults(self, rules: dict[str, Any], *, refused: bool) -> list[str]:
        """What is wrong with it, once it stands."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_load_state("networkidle")
        self.page.remove_listener("console", self.hear)
        found = [] if (self.status < 400) != refused else [f"answers {self.status}"]
        found += [] if refused else self.heard
        if (sideways := self.page.evaluate(SIDEWAYS)) > 0:
            found.append(f"can be moved {sideways} px sideways")
        if unsaid := self.page.evaluate(UNSAID):
            found.append(f"says {unsaid}")
        if (headings := self.page.locator("h1").count()) != 1:
            found.append(f"has {headings} headings of the first level")
        for rule in Axe().run(self.page, options=rules).response["violations"]:
            found.append(f"{rule['id']}: {[node['html'][:160] for node in rule['nodes'][:2]]}")
        return [f"{self.path} {fault}" for fault in found]


def opened(context: BrowserContext, paths: list[str]) -> Iterator[Opened]:
    """One after the other in two tabs, of which one loads while the other is looked at."""
    tabs = (context.new_page(), context.new_page())
    before = None
    for number, path in enumerate(paths):
        coming = Opened(tabs[number % 2], path)
        if before:
            yield before
        before = coming
    if before:
        yield before


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_whole_and_accessible(
    browser: Browser, site: Site, told: dict[str, Any], look: str
) -> None:
    assert len(told["pages"]["owner"]) > 90
    found = []
    for role, paths in told["pages"].items():
        context = as_(browser, site, told["sessions"][role], LOOKS[look])
        for page in opened(context, paths):
            found += page.faults(RULES[look], refused=role == "stranger")
        context.close()
    assert found == [], "\n".join(found)
