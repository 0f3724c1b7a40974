"""Every page there is, opened in a browser: wide and light, and dark on a screen as narrow as 400 % of zoom makes it."""

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

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


def faults_of(page: Page, path: str, rules: dict[str, Any], *, refused: bool) -> list[str]:
    """What is wrong with a page as it stands."""
    heard: list[str] = []
    hear = lambda line: heard.append(line.text) if is_fault(line) and ELSEWHERE not in line.text else None  # noqa: E731
    page.on("console", hear)
    answer = page.goto(path)
    page.wait_for_load_state("networkidle")
    page.remove_listener("console", hear)
    assert answer is not None
    found = [] if (answer.status < 400) != refused else [f"answers {answer.status}"]
    found += [] if refused else heard
    if (sideways := page.evaluate(SIDEWAYS)) > 0:
        found.append(f"can be moved {sideways} px sideways")
    if unsaid := page.evaluate(UNSAID):
        found.append(f"says {unsaid}")
    if page.locator("h1").count() != 1:
        found.append(f"has {page.locator('h1').count()} headings of the first level")
    for rule in Axe().run(page, options=rules).response["violations"]:
        found.append(f"{rule['id']}: {[node['html'][:160] for node in rule['nodes'][:2]]}")
    return [f"{path} {fault}" for fault in found]


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_whole_and_accessible(
    browser: Browser, site: Site, told: dict[str, Any], look: str
) -> None:
    assert len(told["pages"]["owner"]) > 90
    found = []
    for role, paths in told["pages"].items():
        context = as_(browser, site, told["sessions"][role], LOOKS[look])
        page = context.new_page()
        for path in paths:
            found += faults_of(page, path, RULES[look], refused=role == "stranger")
        context.close()
    assert found == [], "\n".join(found)
