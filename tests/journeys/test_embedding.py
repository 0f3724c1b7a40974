"""The element on a page of another site, under a strict policy: our source and a foreign one, read without a login."""

import functools
import io
import json
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.journeys.conftest import DESKTOP, PHONE, Site, _Quiet, check_accessible
from tests.journeys.foreign import new_place, told
from tests.journeys.test_other_viewer import BOXES, PATIENCE

RECIPE = "iiif-cookbook/0261-non-rectangular-commenting/manifest.json"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A museum</title>
<link rel="stylesheet" href="host.css">
<script type="module" src="{site}/static/workbench/embed.js"></script></head>
<body><main><h1>A museum</h1>
<button id="hosts">A button of the page</button>
<rubricator-workbench id="ours" manifest="{ours}"></rubricator-workbench>
<p>Between the two.</p>
<rubricator-workbench id="theirs" manifest="{theirs}" lang="fr"></rubricator-workbench>
</main></body></html>"""
# Everything that would leak into an element without a shadow.
HOST_CSS = "html { font-size: 62.5%; } button { background: rgb(1, 2, 3); color: white; } h2, p { display: none; } p { color: red }"
STATE_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A link</title>
<script type="module" src="{site}/static/workbench/embed.js"></script></head>
<body><main><h1>A link</h1><rubricator-workbench></rubricator-workbench></main></body></html>"""


@pytest.fixture
def museum(site: Site, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A web site with a strict policy; only what docs/embedding.md names is allowed."""
    policy = (
        f"default-src 'none'; script-src {site.url}; style-src 'self'; "
        f"connect-src 'self' {site.url}; img-src {site.url} https://iiif.io"
    )

    class Strict(_Quiet):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

    folder = tmp_path / "museum"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Strict, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator:
    """Somebody without a login; what the browser complains about fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []
    picture = io.BytesIO()
    Image.new("RGB", (1200, 900), "#e9dfc8").save(picture, "JPEG")

    def image(route: Route) -> None:
        if route.request.url.endswith("info.json"):
            body = json.dumps({"@context": "http://iiif.io/api/image/3/context.json", "width": 1200, "height": 900,
                               "id": route.request.url.removesuffix("/info.json"), "type": "ImageService3",
                               "protocol": "http://iiif.io/api/image", "profile": "level1"})  # fmt: skip
            route.fulfill(content_type="application/json", body=body)
        else:
            route.fulfill(content_type="image/jpeg", body=picture.getvalue())

    def visit(address: str, device: dict) -> Page:
        context = browser.new_context(**device, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
        page.on("console", lambda line: faults.append(line.text) if _is_bad(line.text, line.type) else None)
        page.route("https://iiif.io/**", image)
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        assert context.cookies() == []
        context.close()
    assert faults == []


def _is_bad(text: str, kind: str) -> bool:
    # The policy keeps the viewer from asking for the info.json of the foreign image: a plain image is shown instead.
    expected = ("favicon", "iiif.io")
    return kind == "error" and not any(word in text for word in expected)


def test_two_elements_on_a_strict_page_of_another_site(
    site: Site, open_as, museum: tuple[Path, str], visitor, samples: Path, tmp_path: Path
) -> None:
    site.person("emilia", "--curator")
    desk = open_as("emilia")
    place = new_place(site, desk, "emilia", tmp_path)
    told(site, BOXES, layer=place.layer, canvas=place.canvas)
    folder, origin = museum
    (folder / "host.css").write_text(HOST_CSS)
    (folder / "manifest.json").write_text((samples / RECIPE).read_text())
    said = {"site": site.url, "ours": place.manifest_url(site), "theirs": f"{origin}/manifest.json"}
    (folder / "index.html").write_text(PAGE.format(**said))
    (folder / "state.html").write_text(STATE_PAGE.format(**said))

    page = visitor(f"{origin}/index.html", DESKTOP)
    ours, theirs = page.locator("#ours"), page.locator("#theirs")
    # The annotations of a public layer, live, and those that stand in a foreign manifest.
    expect(ours.locator(".rw-shape-label")).to_have_text(["F clef", "C clef", "G clef"])
    expect(theirs.locator(".rw-shape-label")).to_have_text(["Gänseliesel-Brunnen"])
    for element in (ours, theirs):
        expect(element.locator(".rw-stage")).to_have_attribute("aria-busy", "false")
    # Neither page dresses the other.
    expect(ours.locator("h2").first).to_be_visible()
    expect(ours.get_by_test_id("layers-hide")).not_to_have_css("background-color", "rgb(1, 2, 3)")
    assert ours.get_by_test_id("layers-hide").evaluate("node => getComputedStyle(node).fontSize") == "14.4px"
    expect(page.locator("#hosts")).to_have_css("background-color", "rgb(1, 2, 3)")
    check_accessible(page)

    # A layer is hidden by keyboard, in this element only; the page keeps its own keys.
    switch = ours.get_by_test_id("layer-shown")
    switch.focus()
    page.keyboard.press("Space")
    expect(ours.get_by_test_id("layer-count")).to_have_text("0 of 3")
    expect(ours.get_by_test_id("none-shown")).to_be_visible()
    expect(theirs.get_by_test_id("layer-count")).to_have_text("1")
    page.keyboard.press("Space")
    page.locator("#hosts").focus()
    page.keyboard.press("h")
    expect(ours.get_by_test_id("layer-count")).to_have_text("3")
    ours.locator(".rw-stage").focus()
    page.keyboard.press("h")
    expect(ours.get_by_test_id("layers-hide")).to_have_attribute("aria-pressed", "true")

    # How the image is shown is set in each element, and remembered nowhere.
    page.keyboard.press("r")
    expect(ours.get_by_test_id("image-said")).to_have_text("The image is turned by 90 degrees to the right.")
    ours.get_by_test_id("tool-image").click()
    ours.get_by_test_id("image-grey").click()
    expect(ours.get_by_test_id("tool-image")).to_have_attribute("data-changed", "")
    expect(theirs.get_by_test_id("tool-image")).not_to_have_attribute("data-changed", "")
    check_accessible(page)

    # Taken away and put back it begins anew.
    page.evaluate("() => { const one = document.querySelector('#ours'); const at = one.nextSibling;"
                  " one.remove(); at.before(one); }")  # fmt: skip
    expect(ours.locator(".rw-stage")).to_have_attribute("aria-busy", "false")
    expect(ours.locator(".rw-shape-label")).to_have_count(3, timeout=30_000)

    # Nothing is left in the page but the names of our elements.
    assert page.evaluate("() => [window.OpenSeadragon, window.Lit, localStorage.length]") == [None, None, 0]

    # A link with a content state opens its region.
    desk.goto(f"/sources/{place.manifest}/canvases/{place.canvas}/?xywh=350,150,200,180")
    state = desk.locator("#share-state").inner_text().strip()
    opened = visitor(f"{origin}/state.html?iiif-content={state}", PHONE)
    element = opened.locator("rubricator-workbench")
    expect(element.locator(".rw-shape-label")).to_have_count(3)
    expect(element.locator(".rw-frame")).to_have_attribute("data-kind", "locked")
    check_accessible(opened)


def test_images_to_choose_from_and_images_on_their_places(
    site: Site, museum: tuple[Path, str], visitor, samples: Path
) -> None:
    folder, origin = museum
    said = {"site": site.url}
    for name, recipe in (("ours", "0033-choice"), ("theirs", "0036-composition-from-multiple-images")):
        (folder / f"{name}.json").write_text(
            (samples / "iiif-cookbook" / recipe / "manifest.json").read_text()
        )
        said[name] = f"{origin}/{name}.json"
    (folder / "host.css").write_text("")
    (folder / "index.html").write_text(PAGE.format(**said))
    page = visitor(f"{origin}/index.html", DESKTOP)
    choice, composed = page.locator("#ours"), page.locator("#theirs")
    for element in (choice, composed):
        expect(element.locator(".rw-stage")).to_have_attribute("aria-busy", "false")
    choice.locator(".rw-stage").focus()
    page.keyboard.press(">")
    expect(choice.get_by_test_id("image-said")).to_have_text("Shown: X-Ray")
    choice.get_by_test_id("tool-image").click()
    expect(choice.get_by_test_id("image-choice-0-1")).to_be_checked()
    check_accessible(page)
    composed.get_by_test_id("tool-image").click()
    expect(composed.get_by_test_id("image-opacity-1")).to_be_visible()


def test_the_page_that_offers_the_code_shows_it_live(site: Site, open_as, tmp_path: Path) -> None:
    site.person("emanuel", "--curator")
    desk = open_as("emanuel")
    place = new_place(site, desk, "emanuel", tmp_path)
    told(site, BOXES, layer=place.layer, canvas=place.canvas)
    desk.goto(f"/sources/{place.manifest}/canvases/{place.canvas}/")
    expect(desk.locator("#share-embed")).to_contain_text(f'manifest="{place.manifest_url(site)}"')
    desk.get_by_role("link", name="See how it looks").click()
    live = desk.get_by_test_id("live")
    expect(live.locator(".rw-shape-label")).to_have_count(3, timeout=PATIENCE)
    expect(desk.get_by_test_id("snippet")).to_contain_text(f'src="{site.url}/static/workbench/embed.js"')
    check_accessible(desk)
