"""Two browsers at one canvas: what one draws the other sees, both may want the same box, and nothing is lost."""

import json
import re
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Page, expect

from campaigns.demo.engrave import pages
from tests.journeys.conftest import PHONE, Site, check_accessible
from tests.journeys.curator import import_images, import_vocabulary
from tests.journeys.hands import draw_by_mouse, wait_for_image

DATA = Path(__file__).parents[2] / "campaigns" / "demo" / "data"
# As long as somebody would wait for a server that was away.
PATIENCE_MS = 30_000

LAYER = """
import json
from accounts.models import User
from accounts.roles import Role, grant
from annotation.actions.layers import create_layer
from annotation.models import Canvas
from taxonomy.models import Vocabulary
ada = User.objects.get(username="ada")
words = Vocabulary.objects.get(slug="room-notation")
layer = create_layer(by=ada, label={"en": "Signs", "fr": "Signes"}, vocabulary=words)
canvas = Canvas.objects.order_by("-manifest__created_at", "position").first()
for name, role in (("bo", Role.MANAGER), ("cy", Role.OBSERVER)):
    person = User.objects.get(username=name)
    grant(person, layer, role)
    grant(person, canvas.manifest, Role.OBSERVER)
    grant(person, words, Role.OBSERVER)
print(json.dumps([str(layer.pk), str(canvas.pk)]))
"""


def _shell(site: Site, code: str) -> str:
    return site.manage("shell", "-v0", "-c", code).strip().splitlines()[-1]


def _rows(page: Page):
    return page.get_by_test_id("annotation")


def _settled(page: Page) -> None:
    expect(page.get_by_test_id("status")).to_have_text(re.compile("All is sent"), timeout=PATIENCE_MS)


def _enter(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_test_id("scriptorium")).to_have_attribute("data-heard", "true")
    wait_for_image(page)


def _forgive(page: Page) -> None:
    """What the browser says itself of requests that were meant to fail."""
    meant = re.compile(
        r"ERR_(INTERNET_DISCONNECTED|CONNECTION_\w+|EMPTY_RESPONSE)|status of (412|410|404|403|502)"
    )
    page.faults[:] = [fault for fault in page.faults if not meant.search(fault)]  # type: ignore[attr-defined]


def _standing(site: Site, layer: str) -> list[list[object]]:
    """Revision and box of all that stands in the layer."""
    code = (
        "import json; from annotation.models import Annotation; "
        f"rows = Annotation.objects.filter(layer='{UUID(layer)}', deleted_at=None).order_by('created_at'); "
        "print(json.dumps([[row.revision, row.x, row.y, row.w, row.h] for row in rows]))"
    )
    return json.loads(_shell(site, code))


def _several_at_once(page: Page, site: Site, layer: str) -> None:
    """Three are picked together, moved, duplicated and deleted, each as one step that the server has."""
    before = _standing(site, layer)
    page.get_by_test_id("stage").focus()
    page.keyboard.press("Control+a")
    expect(page.get_by_test_id("several-card")).to_contain_text("3 shapes picked")
    expect(page.get_by_test_id("said")).to_have_text(re.compile("3 shapes picked"))
    check_accessible(page)
    page.keyboard.press("Shift+ArrowRight")
    _settled(page)
    moved = _standing(site, layer)
    assert [row[1] for row in moved] == [row[1] + 10 for row in before]
    page.keyboard.press("Control+z")
    _settled(page)
    assert [row[1] for row in _standing(site, layer)] == [row[1] for row in before]
    page.keyboard.press("Control+d")
    expect(_rows(page)).to_have_count(6)
    _settled(page)
    page.keyboard.press("Delete")
    expect(_rows(page)).to_have_count(3)
    _settled(page)
    assert len(_standing(site, layer)) == 3
    # With the list's own switch, where there is no keyboard.
    page.get_by_test_id("gather").click()
    for index in (0, 1):
        _rows(page).nth(index).locator(".rw-shape-pick").click()
    expect(page.get_by_test_id("several-card")).to_contain_text("2 shapes picked")
    page.get_by_test_id("gather").click()
    page.get_by_test_id("several-let").click()
    expect(page.get_by_test_id("several-card")).to_have_count(0)


def _image_as_one_likes(page: Page) -> None:
    """Light, turning, loupe, measuring and overview are those of the workbench, under the same keys."""
    stage = page.get_by_test_id("stage")
    stage.focus()
    page.keyboard.press("r")
    expect(page.get_by_test_id("image-said")).to_have_text("The image is turned by 90 degrees to the right.")
    page.keyboard.press("o")
    for name in ("brightness", "contrast", "grey", "invert", "minimap", "loupe", "measure"):
        expect(page.get_by_test_id(f"image-{name}")).to_be_visible()
    page.get_by_test_id("image-grey").click()
    expect(page.get_by_test_id("tool-image")).to_have_attribute("aria-label", "Image settings: changed")
    check_accessible(page)
    page.get_by_test_id("image-reset").click()
    expect(page.get_by_test_id("tool-image")).to_have_attribute("aria-label", "Image settings")
    page.keyboard.press("Escape")
    stage.focus()
    page.keyboard.press("k")
    expect(page.get_by_test_id("measuring")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("measuring")).to_have_count(0)


def test_two_people_annotate_one_canvas(site: Site, open_as, tmp_path) -> None:
    site.person("ada", "--curator")
    site.person("bo")
    site.person("cy")
    ada, bo = open_as("ada"), open_as("bo")
    leaf = tmp_path / "leaf.jpg"
    leaf.write_bytes(next(iter(pages(1, seed=17))).jpeg)
    import_images(ada, "A leaf for two", [leaf])
    import_vocabulary(ada, DATA / "notation.csv", "room-notation", "Notation of the room")
    layer, canvas = json.loads(_shell(site, LAYER))
    path = f"/layers/{layer}/canvases/{canvas}/"

    # --- the way in, and who is there
    ada.goto("/sources/")
    ada.get_by_role("link", name="A leaf for two").first.click()
    ada.locator(f"a[href$='{canvas}/']").first.click()
    ada.get_by_test_id("together").get_by_role("link", name="Signs").click()
    expect(ada).to_have_url(re.compile(re.escape(path)))
    _enter(ada, path)
    _enter(bo, path)
    for page, other in ((ada, "Bo"), (bo, "Ada")):
        expect(page.get_by_test_id("present")).to_contain_text(other, timeout=PATIENCE_MS)
        check_accessible(page)

    # --- one draws, the other sees it with the next two polls at most
    polls: list[str] = []
    bo.on("response", lambda answer: polls.append(answer.url) if "/changes/" in answer.url else None)
    draw_by_mouse(ada, (200, 200, 160, 120))
    expect(_rows(ada)).to_have_attribute("data-waits", "false")
    polls.clear()
    expect(_rows(bo)).to_have_count(1, timeout=PATIENCE_MS)
    assert len(polls) <= 2, "the second poll at the latest tells it"
    expect(_rows(bo)).to_contain_text("by Ada")
    ada.get_by_test_id("choice-1").click()
    ada.get_by_test_id("words").fill("An initial with a hare")
    ada.get_by_test_id("words").blur()
    label = ada.get_by_test_id("choice-1").locator("span").inner_text()
    expect(_rows(bo)).to_contain_text(label, timeout=PATIENCE_MS)
    _rows(bo).locator(".rw-shape-pick").click()
    expect(bo.get_by_test_id("words")).to_have_value("An initial with a hare")
    bo.keyboard.press("Escape")
    expect(bo.get_by_test_id("holder")).to_have_text("Ada has it picked", timeout=PATIENCE_MS)

    # --- both want the same box: the other's version is not lost, and one's own is not either
    bo.context.set_offline(True)
    _rows(bo).locator(".rw-shape-pick").click()
    bo.get_by_test_id("stage").focus()
    bo.keyboard.press("Shift+ArrowRight")
    bo.keyboard.press("Shift+ArrowRight")
    expect(bo.get_by_test_id("status")).to_contain_text("No connection")
    ada.get_by_test_id("stage").focus()
    ada.keyboard.press("Shift+ArrowDown")
    _settled(ada)
    (before,) = _standing(site, layer)
    bo.context.set_offline(False)
    clash = bo.get_by_test_id("clash")
    expect(clash).to_contain_text("Ada has changed this too", timeout=PATIENCE_MS)
    check_accessible(bo)
    clash.get_by_test_id("take-mine").click()
    expect(bo.get_by_test_id("clash")).to_have_count(0)
    _settled(bo)
    (now,) = _standing(site, layer)
    assert (now[1], now[2]) != (before[1], before[2])
    # Ada holds it still: she is asked, and it is not pulled from under her hand.
    expect(ada.get_by_test_id("clash")).to_contain_text(
        "Bo has just changed what you have picked", timeout=PATIENCE_MS
    )
    ada.get_by_test_id("take-theirs").click()
    expect(ada.get_by_test_id("clash")).to_have_count(0)

    # --- what is drawn without a connection arrives once
    bo.context.set_offline(True)
    bo.keyboard.press("Escape")
    draw_by_mouse(bo, (900, 200, 120, 90))
    bo.keyboard.press("ArrowLeft")
    bo.keyboard.press("Escape")
    draw_by_mouse(bo, (900, 600, 120, 90))
    expect(_rows(bo)).to_have_count(3)
    expect(_rows(ada)).to_have_count(1)
    bo.context.set_offline(False)
    expect(_rows(ada)).to_have_count(3, timeout=PATIENCE_MS)
    _settled(bo)
    made = _standing(site, layer)[1:]
    # What was tried before the browser knew that it was offline may have arrived, so its change goes by itself.
    assert len(made) == 2
    assert all(row[0] <= 2 for row in made), "each step was sent once"

    # --- the layers of the canvas: the one that one writes in is among them, and not twice
    _enter(bo, path)
    expect(_rows(bo)).to_have_count(3, timeout=PATIENCE_MS)
    own = bo.locator(".rw-layer-item")
    expect(own.get_by_test_id("layer-count")).to_have_text("3")
    own.get_by_test_id("layer-opacity").press("ArrowLeft")
    expect(own.get_by_test_id("layer-opacity")).to_have_attribute("aria-valuetext", "95\u202f%")
    bo.get_by_test_id("stage").focus()
    bo.keyboard.press("h")
    expect(bo.get_by_test_id("layers-status")).to_have_text("All layers are hidden.")
    bo.keyboard.press("h")
    expect(bo.get_by_test_id("layers-status")).to_have_text("3 of 3 annotations shown.")

    _several_at_once(bo, site, layer)
    _image_as_one_likes(bo)

    # --- the server goes away and comes back
    command = site.stop("web")
    draw_by_mouse(ada, (300, 900, 110, 80))
    expect(ada.get_by_test_id("status")).to_contain_text("kept here")
    site.start("web", command)
    site.wait()
    expect(_rows(bo)).to_have_count(4, timeout=PATIENCE_MS)
    _settled(ada)
    assert len(_standing(site, layer)) == 4
    ada.keyboard.press("Control+z")
    expect(_rows(bo)).to_have_count(3, timeout=PATIENCE_MS)

    # --- who may only read looks on, on a phone too; who loses the role is told, and keeps what was not sent
    cy = open_as("cy", PHONE)
    _enter(cy, path)
    expect(_rows(cy)).to_have_count(3, timeout=PATIENCE_MS)
    expect(cy.get_by_test_id("reading")).to_be_visible()
    expect(cy.get_by_test_id("tool-draw")).to_have_count(0)
    check_accessible(cy)
    bo.context.set_offline(True)
    draw_by_mouse(bo, (600, 1000, 90, 60))
    _shell(
        site,
        "from accounts.models import User; from accounts.roles import revoke; from annotation.models import Layer; "
        f"revoke(User.objects.get(username='bo'), Layer.objects.get(pk='{layer}')); print('done')",
    )
    bo.context.set_offline(False)
    expect(bo.get_by_test_id("shut")).to_contain_text(
        "You cannot see this layer any more", timeout=PATIENCE_MS
    )
    expect(bo.get_by_test_id("refused")).to_contain_text("kept here")
    expect(_rows(bo)).to_have_count(4)
    check_accessible(bo)
    expect(ada.get_by_test_id("present").filter(has_text="Bo")).to_have_count(0, timeout=PATIENCE_MS)
    for page in (ada, bo):
        _forgive(page)


BOOK = """
import json
from accounts.models import User
from annotation.actions.layers import create_layer
from annotation.models import Canvas
from taxonomy.models import Vocabulary
ida = User.objects.get(username="ida")
words = Vocabulary.objects.get(slug="book-notation")
layer = create_layer(by=ida, label={"en": "Clefs of the book"}, vocabulary=words)
book = Canvas.objects.order_by("-manifest__created_at").first().manifest
print(json.dumps([str(layer.pk), *(str(page.pk) for page in book.canvases.order_by("position"))]))
"""


def _to_g_clef(page: Page) -> None:
    """Down the tree by its key, which opens a branch first and goes into it then; each is fetched."""
    name = page.get_by_test_id("branches").get_by_role("heading", name="G clef")
    for _key in range(20):
        if name.is_visible():
            return
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(400)
    expect(name).to_be_visible()


def test_the_hand_is_helped_on_a_shared_canvas(site: Site, open_as, tmp_path) -> None:
    site.person("ida", "--curator")
    ida = open_as("ida")
    # The second one has many G clefs.
    score = [*pages(2, seed=7)][::-1]
    leaves = [tmp_path / f"book-{index}.jpg" for index in range(2)]
    for leaf, one in zip(leaves, score, strict=True):
        leaf.write_bytes(one.jpeg)
    import_images(ida, "A book for one", leaves)
    import_vocabulary(ida, DATA / "notation.csv", "book-notation", "Notation of the book")
    layer, first, second = json.loads(_shell(site, BOOK))
    _enter(ida, f"/layers/{layer}/canvases/{first}/")
    ida.get_by_test_id("assist-copy").click()
    expect(ida.get_by_test_id("assist-said")).to_contain_text("no page before")

    # --- a label from the tree, a box drawn to its ink
    truth = next(one for one in score[0].symbols if one.kind == "gClef").box
    draw_by_mouse(ida, (truth[0] - 4, truth[1] - 14, truth[2] + 18, truth[3] + 24))
    ida.keyboard.press("g")
    tree = ida.get_by_test_id("branches")
    _to_g_clef(ida)
    check_accessible(ida)
    ida.keyboard.press("Enter")
    expect(tree).not_to_be_visible()
    expect(_rows(ida).first).to_contain_text("G clef")
    ida.keyboard.press("s")
    expect(ida.get_by_test_id("assist-said")).to_contain_text("Drawn to the ink")
    _settled(ida)

    # --- more like it: candidates are one's own until they are drawn
    ida.keyboard.press("m")
    found = ida.get_by_test_id("suggestion")
    found.first.wait_for(timeout=60_000)
    count = found.count()
    assert count >= 4
    check_accessible(ida)
    assert len(_standing(site, layer)) == 1
    found.first.locator("button").first.click()
    ida.get_by_test_id("stage").focus()
    ida.keyboard.press("Enter")
    expect(found).to_have_count(count - 1)
    ida.keyboard.press("Delete")
    expect(found).to_have_count(count - 2)
    expect(_rows(ida)).to_have_count(2)
    ida.get_by_test_id("look-at").click()
    cards = ida.get_by_test_id("look-card")
    for index in range(cards.count()):
        cards.nth(index).scroll_into_view_if_needed()
    expect(ida.get_by_test_id("look-take")).to_have_attribute("aria-disabled", "false")
    ida.get_by_test_id("look-take").click()
    expect(_rows(ida)).to_have_count(count)
    expect(found).to_have_count(0)
    ida.keyboard.press("Control+z")
    expect(_rows(ida)).to_have_count(2)
    expect(found).to_have_count(count - 2)
    ida.keyboard.press("Control+y")
    _settled(ida)
    assert len(_standing(site, layer)) == count

    # --- the tree shows what the layer has so far; the next page begins with what stands on this one
    _enter(ida, f"/layers/{layer}/canvases/{second}/")
    ida.get_by_test_id("stage").focus()
    ida.keyboard.press("c")
    expect(ida.get_by_test_id("assist-said")).to_contain_text("copied")
    expect(_rows(ida)).to_have_count(count)
    _settled(ida)
    ida.keyboard.press("Control+z")
    expect(_rows(ida)).to_have_count(0)
    ida.keyboard.press("g")
    expect(tree).to_be_visible()
    _to_g_clef(ida)
    expect(tree.locator(".rw-branch-examples img").first).to_be_visible()
    check_accessible(ida)
    ida.keyboard.press("Escape")
    # --- who may only look on has none of it
    site.person("ivo")
    _shell(
        site,
        "from accounts.models import User; from accounts.roles import Role, grant; "
        "from annotation.models import Canvas, Layer; ivo = User.objects.get(username='ivo'); "
        f"grant(ivo, Layer.objects.get(pk='{layer}'), Role.OBSERVER); "
        f"grant(ivo, Canvas.objects.get(pk='{first}').manifest, Role.OBSERVER); print('done')",
    )
    ivo = open_as("ivo", PHONE)
    _enter(ivo, f"/layers/{layer}/canvases/{first}/")
    expect(_rows(ivo)).to_have_count(count, timeout=PATIENCE_MS)
    expect(ivo.get_by_test_id("assist")).to_have_count(0)
