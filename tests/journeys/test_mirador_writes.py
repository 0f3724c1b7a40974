"""Mirador 3 with its annotations plug-in, on another origin, writes into a layer of ours through a key."""

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from scripts.test_tools import TOOLS
from tests.journeys.conftest import DESKTOP, Site
from tests.journeys.foreign import IN_THE_LAYER, new_address, new_place, told

PATIENCE = 60_000
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mirador</title></head>
<body><div id="viewer" style="position: absolute; inset: 0"></div><script src="mirador-annotations.js"></script>
<script>
// mirador-annotations 0.5.0 forgets to say on which canvas an annotation stands (docs/standards say more).
class OnItsCanvas extends SimpleAnnotationServerV2Adapter {
  create(annotation) { return super.create(this.placed(annotation)); }
  update(annotation) { return super.update(this.placed(annotation)); }
  placed(annotation) {
    const source = { id: this.canvasId, type: "Canvas" };
    return { ...annotation, target: { ...Object(annotation.target), source } };
  }
}
window.viewer = Mirador.viewer({
  id: "viewer",
  annotation: { adapter: (canvasId) => new OnItsCanvas(canvasId, ADDRESS) },
  windows: [{ manifestId: MANIFEST }],
  window: { sideBarOpen: true, defaultSideBarPanel: "annotations", highlightAllAnnotations: true },
}, annotationPlugins);
</script></body></html>"""


SEEN = """() => {
  const id = Object.keys(viewer.store.getState().windows)[0];
  const osd = OSDReferences.get(id)?.current;
  if (!osd?.world.getItemCount() || !osd.world.getItemAt(0).getFullyLoaded()) return null;
  const { x, y, width, height } = osd.viewport.getBounds(false);
  const place = osd.element.getBoundingClientRect();
  return { x, y, width, height, left: place.left, top: place.top, scale: place.width / width };
}"""
BOX = (200, 150, 300, 120)


def open_mirador(browser: Browser, elsewhere: tuple[Path, str], manifest: str, address: str) -> Page:
    folder, origin = elsewhere
    html = PAGE.replace("MANIFEST", json.dumps(manifest)).replace("ADDRESS", json.dumps(address))
    (folder / "index.html").write_text(html)
    page = browser.new_context(**DESKTOP).new_page()
    page.set_default_timeout(PATIENCE)
    page.faults = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.faults.append(f"page error: {error}"))
    page.on("console", lambda line: page.faults.append(line.text) if line.type == "error" else None)
    page.goto(f"{origin}/index.html")
    expect(page.get_by_label("Create new annotation")).to_be_visible(timeout=PATIENCE)
    return page


def draw(page: Page, box: tuple[float, float, float, float]) -> None:
    """By mouse, with the plug-in's tool for rectangles; the box is in canvas units."""
    page.get_by_label("add a rectangle").click()
    seen = page.wait_for_function(SEEN).json_value()

    def at(x: float, y: float) -> tuple[float, float]:
        return seen["left"] + (x - seen["x"]) * seen["scale"], seen["top"] + (y - seen["y"]) * seen["scale"]

    x, y, w, h = box
    page.mouse.move(*at(x, y))
    page.mouse.down()
    page.mouse.move(*at(x + w / 2, y + h / 2), steps=4)
    page.mouse.move(*at(x + w, y + h), steps=4)
    page.mouse.up()


def write(page: Page, text: str) -> None:
    editor = page.locator("[contenteditable=true]")
    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    expect(editor).to_have_text(text, timeout=PATIENCE)


def save(page: Page, answer: str) -> int:
    """Press the button; the status of the request of that name."""
    with page.expect_response(lambda response: f"/annotation/{answer}" in response.url) as sent:
        page.get_by_role("button", name="Save").click()
    return sent.value.status


def listed(page: Page, text: str) -> Locator:
    return page.locator("aside li").filter(has_text=text)


def test_mirador_draws_edits_and_deletes(
    site: Site, browser: Browser, open_as, elsewhere: tuple[Path, str], tmp_path: Path
) -> None:
    site.person("mira", "--curator")
    desk = open_as("mira")
    place = new_place(site, desk, "mira", tmp_path)
    address = new_address(desk, place)
    shutil.copy(TOOLS / "mirador-annotations.js", elsewhere[0])
    page = open_mirador(browser, elsewhere, place.manifest_url(site), address)

    page.get_by_label("Create new annotation").click()
    draw(page, BOX)
    write(page, "Une tache d’encre")
    assert save(page, "create") == 201
    expect(listed(page, "Une tache d’encre").first).to_be_visible(timeout=PATIENCE)
    (row,) = told(site, IN_THE_LAYER, layer=place.layer)
    assert (row["canvas"], row["by"], row["revision"]) == (place.canvas_uri, "mira", 1)
    assert row["box"] == pytest.approx(BOX, abs=4)

    # In our own viewer, under the layer's name, as one box.
    desk.goto(f"/sources/{place.manifest}/canvases/{place.canvas}/")
    expect(desk.get_by_test_id("layers")).to_contain_text("Notes from elsewhere", timeout=PATIENCE)
    boxes = desk.locator("rubricator-marks").get_by_role("listitem")
    expect(boxes).to_have_count(1, timeout=PATIENCE)

    listed(page, "Une tache d’encre").first.hover()
    page.get_by_label("Edit", exact=True).click()
    write(page, "Une goutte de cire")
    assert save(page, "update") == 200
    expect(listed(page, "Une goutte de cire").first).to_be_visible(timeout=PATIENCE)
    expect(listed(page, "Une tache d’encre")).to_have_count(0, timeout=PATIENCE)

    listed(page, "Une goutte de cire").first.hover()
    with page.expect_response(lambda response: "/annotation/destroy" in response.url) as gone:
        page.get_by_label("Delete", exact=True).click()
    assert gone.value.status == 204
    expect(listed(page, "Une goutte de cire")).to_have_count(0, timeout=PATIENCE)
    (row,) = told(site, IN_THE_LAYER, layer=place.layer)
    assert (row["gone"], row["history"]) == (True, 2)
    assert page.faults == []  # type: ignore[attr-defined]
    page.context.close()

    # An address that is closed: nothing is written, nothing is listed, and the page is told why.
    desk.goto(f"/layers/{place.layer}/keys/")
    desk.get_by_role("button", name="Revoke Mirador of the reading room").click()
    desk.wait_for_url("**/keys/")
    page = open_mirador(browser, elsewhere, place.manifest_url(site), address)
    page.get_by_label("Create new annotation").click()
    draw(page, BOX)
    write(page, "Par un inconnu")
    assert save(page, "create") == 401
    expect(listed(page, "Par un inconnu")).to_have_count(0, timeout=PATIENCE)
    refusal = page.evaluate("address => fetch(`${address}/search?uri=x`).then((one) => one.json())", address)
    assert "revoked" in refusal["detail"]
    assert len(told(site, IN_THE_LAYER, layer=place.layer)) == 1
    page.context.close()
