"""Initials of two manuscripts are compared: made into pairs, answered by keys and by thumb, reviewed, released, grouped."""

import csv
import io
import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys import curator
from tests.journeys.conftest import PHONE, Site, check_accessible
from tests.journeys.test_loop import api

SLUG = "one-hand-or-two"
# Which pair is shown: people need not be given them in the same order.
TELL_TASK = "addEventListener('rubricator-task-shown', ({ detail }) => { window.shownTask = detail.task; })"
# Each initial, an enlarged letter at the head of a text, as the pages' own description has it.
_LAYER = """
import json, sys
from uuid import uuid4
from accounts.models import User
from accounts.roles import Role, grant
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Canvas, Layer
from annotation.webanno import build
owner = User.objects.get(username="paula")
layer = Layer.objects.create(label={"en": "Initials"}, kind="imported", created_by=owner)
grant(owner, layer, Role.OWNER)
new = []
for name, box in json.loads(%r):
    canvas = next(one for one in Canvas.objects.select_related("manifest") if name in json.dumps(one.label))
    document = build(id="", canvas=canvas.uri, manifest=canvas.manifest.uri, box=Box(*box))
    del document["id"]
    new.append(NewAnnotation(id=uuid4(), layer=layer, canvas=canvas, document=document, motivations=("tagging",),
                             box=Box(*box)))
add_annotations(new)
"""


def initials(samples: Path) -> tuple[dict[str, list[Path]], list[tuple[str, list[float]]]]:
    """The pages of two manuscripts that have initials, and where these are: two of each."""
    folder = samples / "images-htromance-latin" / "small"
    coco = json.loads((folder / "coco.json").read_text())
    (kind,) = (row["id"] for row in coco["categories"] if row["name"] == "DropCapitalZone")
    images = {image["id"]: image for image in coco["images"]}
    pages: dict[str, list[Path]] = {"bnf-lat-8001": [], "bnf-nal-775": []}
    boxes: list[tuple[str, list[float]]] = []
    taken = dict.fromkeys(pages, 0)
    for row in coco["annotations"]:
        image = images[row["image_id"]]
        of = image["manuscript"]
        if row["category_id"] != kind or of not in pages or taken[of] == 2:
            continue
        taken[of] += 1
        file = folder / "images" / image["file_name"]
        if file not in pages[of]:
            pages[of].append(file)
        boxes.append((file.stem, row["bbox"]))
    return pages, boxes


def wait_for_pair(page: Page) -> None:
    page.locator(".rw-workbench[data-phase=working]").wait_for()
    page.wait_for_function(
        "() => document.querySelectorAll('[data-testid=stage][aria-busy=false]').length === 2"
    )


def next_pair(page: Page, before: str) -> str:
    """The task that is shown once it is another than `before`, with both its pictures."""
    page.wait_for_function("before => window.shownTask && window.shownTask !== before", arg=before)
    wait_for_pair(page)
    return page.evaluate("() => window.shownTask")


def hand_in(page: Page, press) -> dict:
    """What was sent."""
    with page.expect_response("**/contributions/") as sent:
        press()
    return sent.value.request.post_data_json


def views(page: Page) -> list[dict[str, list[float]]]:
    return page.evaluate("() => [...document.querySelectorAll('rubricator-stage')].map(one => one.view())")


def test_from_initials_to_a_table_of_pairs(site: Site, open_as, samples: Path) -> None:
    site.person("paula", "--curator")
    for name in ("quentin", "rosalie"):
        site.person(name)
    pages, boxes = initials(samples)
    desk = open_as("paula")
    for title, files in pages.items():
        curator.import_images(desk, title, files)
    site.manage("shell", "-v0", "-c", _LAYER % json.dumps(boxes))

    desk.goto("/campaigns/new/")
    desk.locator("[name=question_kind][value=compare]").check()
    expect(desk.locator("[name=asks]").first).to_be_visible()
    check_accessible(desk)
    for name, value in {
        "title_en": "One hand or two", "title_fr": "Une main ou deux", "prompt_en": "Did the same hand make both?",
        "prompt_fr": "La même main a-t-elle fait les deux ?", "overlap": "2",
    }.items():  # fmt: skip
        desk.locator(f"[name={name}]").fill(value)
    desk.locator("main form:has([name=question_kind]) button[type=submit]").first.click()
    desk.wait_for_url("**/pairs/")
    check_accessible(desk)
    desk.get_by_label("Initials").check()
    desk.locator("[name=by][value=chance]").check()
    desk.locator("main form:has([name=layers]) button[type=submit]").click()
    desk.wait_for_url("**/pairs/")
    expect(desk.get_by_text("6 pairs ·")).to_be_visible()
    check_accessible(desk)
    desk.locator("[name=table]").fill("nothing,here\nnothing,there")
    desk.locator("main form:has([name=table]) button[type=submit]").click()
    expect(desk.get_by_test_id("faults")).to_contain_text("Row 2")
    curator.step(desk, SLUG, "open")

    # By keys: both move together, change places, lie over each other.
    page = open_as("quentin")
    page.add_init_script(TELL_TASK)
    page.goto(f"/campaigns/{SLUG}/work/")
    wait_for_pair(page)
    check_accessible(page)
    before = views(page)
    page.keyboard.press("+")
    page.wait_for_function(
        "before => [...document.querySelectorAll('rubricator-stage')]"
        ".every((one, place) => one.view().right[0] > 1.2 * before[place].right[0])",
        arg=before,
    )
    page.keyboard.press("k")
    expect(page.get_by_test_id("beside-link")).to_have_attribute("aria-pressed", "false")
    linked = views(page)
    page.keyboard.press("+")
    page.wait_for_function(
        "was => document.querySelector('rubricator-stage').view().right[0] > 1.2 * was[0].right[0]",
        arg=linked,
    )
    assert views(page)[1]["right"] == linked[1]["right"], "the other one stays where it is"
    names = [one.get_attribute("aria-label") for one in page.get_by_test_id("stage").all()]
    page.keyboard.press("x")
    expect(page.get_by_test_id("beside-said")).to_contain_text("changed places")
    wait_for_pair(page)
    turned = [one.get_attribute("aria-label") for one in page.get_by_test_id("stage").all()]
    assert [name.split(": ", 1)[1] for name in turned] == [name.split(": ", 1)[1] for name in reversed(names)]
    page.keyboard.press("o")
    expect(page.get_by_test_id("beside-opacity")).to_be_visible()
    check_accessible(page)
    page.keyboard.press("o")
    # Both in the same light.
    page.keyboard.press("i")
    page.get_by_test_id("image-grey").click()
    for place in (0, 1):
        expect(page.locator(".rw-beside-one .rw-picture").nth(place)).to_have_css("filter", "saturate(0)")
    check_accessible(page)
    page.get_by_test_id("image-reset").click()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("image-panel")).to_have_count(0)
    said: dict[str, str] = {}
    task = ""
    for key in "121314":
        task = next_pair(page, task)
        said[task] = key
        page.keyboard.press(key)
        assert hand_in(page, lambda: page.keyboard.press("Control+Enter"))["left"]
    page.get_by_test_id("notice").wait_for()

    # By thumb, the pictures above each other.
    phone = open_as("rosalie", PHONE, locale="fr-FR")
    phone.add_init_script(TELL_TASK)
    phone.goto(f"/campaigns/{SLUG}/work/")
    task = ""
    for place in range(6):
        task = next_pair(phone, task)
        stages = [one.bounding_box() for one in phone.get_by_test_id("stage").all()]
        assert stages[0]["x"] == stages[1]["x"]
        assert stages[0]["y"] < stages[1]["y"]
        if place == 0:
            check_accessible(phone)
        choice = phone.locator("[data-testid^=choice-]").nth(int(said[task]) - 1)
        choice.scroll_into_view_if_needed()
        target = choice.bounding_box()
        assert min(target["width"], target["height"]) >= 44
        choice.tap()
        assert hand_in(phone, lambda: phone.get_by_test_id("submit").tap())["left"]
    phone.get_by_test_id("notice").wait_for()

    # Two pictures in the review; then the release and the groups.
    desk.goto(f"/campaigns/{SLUG}/review/")
    expect(desk.get_by_test_id("remaining")).to_contain_text("6", timeout=curator.JOB_MS)
    wait_for_pair(desk)
    check_accessible(desk)
    for left in range(6, 0, -1):
        expect(desk.get_by_test_id("remaining")).to_contain_text(str(left))
        wait_for_pair(desk)
        desk.get_by_test_id("accept-rest").click()
        desk.get_by_test_id("save").click()
    expect(desk.get_by_test_id("review-item")).to_have_count(0)
    desk.goto(f"/campaigns/{SLUG}/pairs/groups/")
    expect(desk.get_by_test_id("group").first).to_be_visible()
    check_accessible(desk)
    desk.goto(f"/campaigns/{SLUG}/releases/")
    desk.locator("main form:has([name=note]) button").first.click()
    desk.wait_for_url("**/releases/*/")
    expect(desk.get_by_role("link", name=f"{SLUG}-v1.pairs.csv")).to_be_visible(timeout=curator.JOB_MS)
    check_accessible(desk)
    token = curator.new_token(desk)
    release = next(
        row for row in json.loads(api(site, token, "/api/v1/releases/"))["results"] if row["campaign"] == SLUG
    )
    table = api(site, token, f"/api/v1/releases/{release['id']}/files/{SLUG}-v1.pairs.csv")
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert len(rows) == 6
    assert {row["notation"] for row in rows} == {"same", "likely", "different", "unsure"}
    assert all(row["agreement"] == "1.0" and row["a_width"] and row["b_iiif"] for row in rows)
