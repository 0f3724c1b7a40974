"""A layer that other people's viewers are to show and to write into, made as a curator makes it."""

import json
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.journeys import curator
from tests.journeys.conftest import Site, check_accessible

WIDTH, HEIGHT = 900, 600

NEW_LAYER = """
import json
from accounts.models import User
from accounts.roles import Role, grant
from annotation.models import Layer, Manifest
by = User.objects.get(username={name!r})
manifest = Manifest.objects.get(created_by=by)
layer = Layer.objects.create(label={{"en": "Notes from elsewhere"}}, kind="personal", created_by=by)
grant(by, layer, Role.OWNER)
canvas = manifest.canvases.get()
print(json.dumps([str(layer.pk), str(manifest.pk), str(canvas.pk), canvas.uri]))
"""

IN_THE_LAYER = """
import json
from annotation.models import Annotation
rows = Annotation.objects.filter(layer={layer!r}).select_related("canvas", "created_by").order_by("created_at")
print(json.dumps([
    dict(canvas=row.canvas.uri, box=row.box, words=row.words, by=row.created_by.username,
         revision=row.revision, gone=row.deleted_at is not None, history=row.revisions.count()) for row in rows
]))
"""


@dataclass(frozen=True)
class Place:
    """Where a viewer writes: ids of the layer, its manifest and canvas, and the canvas's URI."""

    layer: str
    manifest: str
    canvas: str
    canvas_uri: str

    def manifest_url(self, site: Site) -> str:
        return f"{site.url}/iiif/presentation/{self.manifest}/manifest"


def told(site: Site, code: str, **names: str) -> list:
    """What a few lines of Python, run inside the site, print as JSON."""
    return json.loads(site.manage("shell", "-v0", "-c", code.format(**names)).strip().splitlines()[-1])


def new_place(site: Site, desk: Page, name: str, folder: Path) -> Place:
    """One picture, imported by the curator who is signed in at the desk, and a private layer of hers."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#fbf8f1")
    pen = ImageDraw.Draw(picture)
    for line in range(7):
        pen.line([(80, 90 + 70 * line), (820, 90 + 70 * line)], fill="#211c17", width=3)
    picture.save(folder / "leaf.png")
    desk.goto("/sources/import/")
    form = desk.locator("main form:has([name=images])")
    form.locator("[name=title]").fill("One leaf")
    form.locator("[name=images]").set_input_files(str(folder / "leaf.png"))
    form.locator("button[type=submit], button:not([type])").first.click()
    expect(desk.locator("[data-job-state=done]").first).to_be_attached(timeout=curator.JOB_MS)
    return Place(*told(site, NEW_LAYER, name=name))


def new_address(desk: Page, place: Place) -> str:
    """An address with a key, from the layer's page."""
    desk.goto(f"/layers/{place.layer}/keys/")
    check_accessible(desk)
    desk.locator("[name=name]").fill("Mirador of the reading room")
    desk.locator("main form:has([name=days]) button").first.click()
    address = desk.get_by_test_id("address").inner_text().strip()
    check_accessible(desk)
    return address
