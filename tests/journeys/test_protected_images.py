"""An image that is not public, in viewers that have to ask for it: one of another site, and our own."""

import functools
import json
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import DESKTOP, PASSWORD, PHONE, Site, check_accessible

# As small as a viewer can be that follows Authorization Flow 2.0 §7: window, frame, probe, image.
VIEWER = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Viewer</title></head>
<body><button>Sign in</button><p id="state">asking</p><img alt="">
<script type="module">
const state = document.querySelector("#state");
const info = await (await fetch("INFO")).json();
const [probe] = info.service; const [access] = probe.service;
const token = access.service.find(({ type }) => type === "AuthAccessTokenService2");
const asked = async (headers) => (await fetch(probe.id, { headers })).json();
state.textContent = "status " + (await asked({})).status;
document.querySelector("button").onclick = () => {
  const opened = window.open(access.id + "?origin=" + location.origin);
  const looking = setInterval(() => {
    if (!opened.closed) return;
    clearInterval(looking);
    state.textContent = "closed";
    addEventListener("message", async ({ data }) => {
      if (data.messageId !== "m1") return;
      if (!data.accessToken) { state.textContent = "error " + data.profile; return; }
      const result = await asked({ Authorization: "Bearer " + data.accessToken });
      const image = document.querySelector("img");
      image.onload = () => { state.textContent = "shown " + image.naturalWidth; };
      image.src = result.location.id + "/full/300,/0/default.jpg";
    });
    const frame = document.createElement("iframe");
    frame.hidden = true;
    frame.src = token.id + "?messageId=m1&origin=" + location.origin;
    document.body.append(frame);
  }, 100);
};
</script></body></html>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing: the output belongs to the tests."""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Another web site: a folder and its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def bring_in(page: Page, path: Path, what: str, title: str = "") -> None:
    """Upload images or a manifest on the page for it, and wait until it is done."""
    page.goto("/sources/import/")
    form = page.get_by_role("form", name=what)
    form.locator("input[type=file]").set_input_files(path)
    if title:
        form.locator("input[name=title]").fill(title)
    form.locator("button[type=submit]").click()
    page.get_by_role("link", name="See the images").click(timeout=60_000)


@pytest.fixture
def manifest(site: Site, open_as, tmp_path: Path) -> dict:
    """Clara's own image, made not public on the page of its source; its manifest, which only she may read."""
    site.person("clara", "--curator")
    page = open_as("clara")
    Image.effect_mandelbrot((900, 600), (-2, -1.2, 1, 1.2), 60).save(tmp_path / "secret.png")
    bring_in(page, tmp_path / "secret.png", "Your own images", "A secret")
    page.get_by_role("button", name="Make it not public").click()
    expect(page.get_by_role("button", name="Make it public")).to_be_visible()
    expect(page.get_by_text("Only you, and the people of the campaigns")).to_be_visible()
    check_accessible(page)
    published = f"/iiif/presentation/{re.search(r'sources/([0-9a-f-]+)/', page.url)[1]}/manifest"  # type: ignore[index]
    document = page.request.get(published).json()
    page.context.close()
    return document


def sign_in_and_let_in(window: Page) -> None:
    """What somebody does in the window that a viewer has opened."""
    window.locator("input[name=login]").fill("clara")
    window.locator("input[name=password]").fill(PASSWORD)
    window.locator("main form [type=submit]").first.click()
    expect(window.get_by_role("heading", name="Let a viewer in")).to_be_visible()
    check_accessible(window)
    with window.expect_event("close"):
        window.get_by_role("button", name="Let it in").click()


def test_a_viewer_of_another_site_shows_the_image(
    manifest: dict, browser: Browser, elsewhere: tuple[Path, str]
) -> None:
    folder, address = elsewhere
    service = manifest["items"][0]["items"][0]["items"][0]["body"]["service"][0]["id"]
    (folder / "viewer.html").write_text(VIEWER.replace("INFO", f"{service}/info.json"))
    context = browser.new_context(**DESKTOP)
    viewer = context.new_page()
    viewer.goto(f"{address}/viewer.html")
    expect(viewer.locator("#state")).to_have_text("status 401")
    with viewer.expect_popup() as opened:
        viewer.get_by_role("button").click()
    sign_in_and_let_in(opened.value)
    expect(viewer.locator("#state")).to_have_text("shown 300", timeout=20_000)
    context.close()


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_our_own_viewer_leads_to_the_sign_in(manifest: dict, open_as, tmp_path: Path, device: dict) -> None:
    """The same image in a manifest of “somebody else”: our viewer meets it as that of an institution."""
    manifest["id"] = f"https://library.example/{tmp_path.name}/manifest"
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    page = open_as("clara", device)
    bring_in(page, tmp_path / "manifest.json", "From a manifest file")
    expect(page.get_by_test_id("logins")).to_contain_text("1 image is shown by 127.0.0.1")
    page.get_by_test_id("contact-sheet").get_by_role("link").first.click()
    access = page.get_by_test_id("access")
    expect(access.get_by_role("heading", name="This image is not public")).to_be_visible()
    page.screenshot(path=str(tmp_path / "access.png"))
    check_accessible(page)
    with page.expect_popup() as opened:
        access.get_by_role("button", name="Sign in").click()
    with (
        page.expect_response(
            lambda response: "/with/" in response.url and response.url.endswith(".jpg")
        ) as tile,
        opened.value.expect_event("close"),
    ):
        opened.value.get_by_role("button", name="Let it in").click()
    assert tile.value.status == 200
    expect(access).to_be_hidden()
