"""Our layers in Tify, a viewer of another family (Vue, not React), and what any page of any origin may read."""

import json
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from scripts.test_tools import TOOLS
from tests.journeys.conftest import DESKTOP, Site
from tests.journeys.foreign import WIDTH, new_place, told

PATIENCE = 60_000
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tify</title>
<link rel="stylesheet" href="tify/tify.css"></head>
<body><div id="viewer" style="position: absolute; inset: 0"></div>
<script type="module">
import Tify from "./tify/tify.js";
window.viewer = new Tify({ container: "#viewer", manifestUrl: MANIFEST, view: "text" });
</script></body></html>"""
BOXES = """
import json
from annotation.actions.documents import create_annotation
from annotation.models import Canvas, Layer
from annotation.webanno import build
from annotation.geometry import Box
from uuid import uuid4
layer, canvas = Layer.objects.get(pk={layer!r}), Canvas.objects.select_related("manifest").get(pk={canvas!r})
Layer.objects.filter(pk=layer.pk).update(is_public=True)
for number, word in enumerate(["F clef", "C clef", "G clef"]):
    said = build(id="urn:x:x", canvas=canvas.uri, manifest=canvas.manifest.uri, comment=word,
                 box=Box(100 + 250 * number, 150, 200, 180), motivation="commenting")
    del said["id"]
    create_annotation(layer, said, by=layer.created_by, id=uuid4())
print(json.dumps([]))
"""
# What a page may do without asking anybody: read, look at the head, and read with a token after asking first.
READ = """async (urls) => {
  const found = {};
  for (const url of urls) {
    const ways = [{}, { method: "HEAD" }, { headers: { Authorization: "Bearer rub_none" }, cache: "no-store" }];
    found[url] = await Promise.all(ways.map((way) => fetch(url, way).then((one) => one.status, String)));
  }
  return found;
}"""
PIXELS = """(url) => new Promise((resolve) => {
  const image = new Image();
  image.crossOrigin = "anonymous";
  image.onerror = () => resolve("refused");
  image.onload = () => {
    const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
    pen.drawImage(image, 0, 0);
    resolve([image.naturalWidth, ...pen.getImageData(0, 0, 1, 1).data]);
  };
  image.src = url;
})"""


def watched(browser: Browser) -> tuple[Page, list[str]]:
    page = browser.new_context(**DESKTOP).new_page()
    page.set_default_timeout(PATIENCE)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    return page, faults


def test_tify_shows_the_layer_and_any_page_may_read(
    site: Site, browser: Browser, open_as, elsewhere: tuple[Path, str], tmp_path: Path
) -> None:
    site.person("tilda", "--curator")
    place = new_place(site, open_as("tilda"), "tilda", tmp_path)
    told(site, BOXES, layer=place.layer, canvas=place.canvas)

    folder, origin = elsewhere
    shutil.copytree(TOOLS / "tify", folder / "tify")
    (folder / "index.html").write_text(PAGE.replace("MANIFEST", json.dumps(place.manifest_url(site))))
    page, faults = watched(browser)
    page.goto(f"{origin}/index.html")
    # The list has the words …
    for word in ("F clef", "C clef", "G clef"):
        expect(page.locator(".tify-text-item").filter(has_text=word)).to_be_visible(timeout=PATIENCE)
    # … and the picture the boxes, each as wide as the canvas says.
    boxes = page.locator(".tify-media-overlay")
    expect(boxes).to_have_count(3, timeout=PATIENCE)
    expect(boxes.nth(2)).to_be_visible(timeout=PATIENCE)
    first, third = boxes.nth(0).bounding_box(), boxes.nth(2).bounding_box()
    assert first
    assert third
    assert abs((third["x"] - first["x"]) / first["width"] - 500 / 200) < 0.05
    page.locator(".tify-text-item").filter(has_text="C clef").get_by_role("button").click()
    expect(page.locator(".tify-media-overlay.-current")).to_have_count(1, timeout=PATIENCE)
    assert faults == []

    manifest = page.evaluate("url => fetch(url).then((one) => one.json())", place.manifest_url(site))
    canvas = manifest["items"][0]
    body = canvas["items"][0]["items"][0]["body"]
    service = (body.get("service") or [{}])[0].get("id")
    addresses = [manifest["id"], canvas["annotations"][0]["id"], f"{service}/info.json"]
    (tmp_path / "from-a-disk.html").write_text("<!doctype html><title>null</title>")
    nowhere, _faults = watched(browser)
    nowhere.goto((tmp_path / "from-a-disk.html").as_uri())
    for reader in (page, nowhere):
        assert reader.evaluate(READ, addresses) == {url: [200, 200, 401] for url in addresses}
        assert reader.evaluate(PIXELS, f"{service}/full/max/0/default.jpg")[0] == WIDTH
    page.context.close()
    nowhere.context.close()
