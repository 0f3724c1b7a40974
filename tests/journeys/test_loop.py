"""The whole loop in a real browser, on engraved pages whose truth is known: from images to a released ground truth."""

import hashlib
import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from campaigns.demo.engrave import ScorePage, pages
from tests.journeys import curator, hands
from tests.journeys.conftest import PHONE, Site, check_accessible

CLEFS = {"gClef": "G clef", "fClef": "F clef", "cClef": "C clef"}
DATA = Path(__file__).parents[2] / "campaigns" / "demo" / "data"


@pytest.fixture(scope="module")
def score() -> list[ScorePage]:
    return list(pages(2, seed=7))


def clefs_of(page: ScorePage) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Two clefs of a page are enough to draw by hand."""
    return [(CLEFS[symbol.kind], symbol.box) for symbol in page.symbols if symbol.kind in CLEFS][:2]


def api(site: Site, token: str, path: str) -> bytes:
    request = urllib.request.Request(f"{site.url}{path}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def page_shown(page: Page, score: list[ScorePage]) -> ScorePage:
    """Which of the pages the workbench shows; its credit line names the canvas."""
    text = page.get_by_test_id("credit").inner_text()
    return next(one for index, one in enumerate(score) if f"page-{index}" in text)


@contextmanager
def slow_images(page: Page) -> Iterator[None]:
    """No image answers before the end of the block."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/iiif/image/**", hold)
    yield
    for route in held:
        route.continue_()
    page.unroute("**/iiif/image/**")


def test_from_images_to_a_release(site: Site, open_as, score: list[ScorePage], tmp_path: Path) -> None:
    site.person("camille", "--curator")
    for name in ("vera", "wanda"):
        site.person(name)
    files = []
    for index, one in enumerate(score):
        files.append(tmp_path / f"page-{index}.jpg")
        files[-1].write_bytes(one.jpeg)

    desk = open_as("camille")
    curator.import_images(desk, "Two engraved pages", files)
    curator.import_vocabulary(desk, DATA / "notation.csv", "loop-notation", "Notation of the loop")
    texts = {"title_en": "Clefs of the loop", "prompt_en": "Draw a box around every clef.", "overlap": "2"}
    curator.new_campaign(desk, texts, "Notation of the loop", kind="locate")
    curator.choose_sources(desk, "Two engraved pages")
    slug = "clefs-of-the-loop"
    curator.step(desk, slug, "open")
    check_accessible(desk)

    # A volunteer with a mouse on a desktop; one click from the campaign to the first image.
    vera = open_as("vera")
    vera.goto(f"/campaigns/{slug}/")
    check_accessible(vera)
    with slow_images(vera):
        vera.locator(f"main a[href$='/campaigns/{slug}/work/']").first.click()
        vera.locator(".rw-workbench[data-phase=working]").wait_for()
        hands.draw_across(vera)
        hands.expect_shapes(vera, 0)
    for _page in score:
        hands.wait_for_image(vera)
        shown = page_shown(vera, score)
        for name, box in clefs_of(shown):
            hands.draw_by_mouse(vera, box)
            hands.label(vera, name[:3], name)
        hands.expect_shapes(vera, 2)
        check_accessible(vera)
        hands.submit(vera)
    expect(vera.get_by_test_id("notice")).to_be_visible()
    check_accessible(vera)

    # Another on a phone: one page by finger, one by keyboard; a reload in between loses nothing.
    wanda = open_as("wanda", PHONE)
    wanda.goto(f"/campaigns/{slug}/work/")
    for index, _page in enumerate(score):
        hands.wait_for_image(wanda)
        shown = page_shown(wanda, score)
        for name, box in clefs_of(shown):
            if index:
                hands.draw_by_keyboard(wanda, box)
            else:
                hands.draw_by_finger(wanda, box)
                hands.set_box(wanda, box)
            hands.label(wanda, name[:3], name)
        if index == 0:
            wanda.reload()
            hands.wait_for_image(wanda)
        hands.expect_shapes(wanda, 2)
        check_accessible(wanda)
        hands.submit(wanda)

    # The curator sees agreement, decides by keyboard, and releases.
    desk.goto(f"/campaigns/{slug}/dashboard/")
    expect(desk.get_by_test_id("agreement")).to_contain_text("F1")
    check_accessible(desk)
    review_everything(desk, slug, len(score))
    desk.goto(f"/campaigns/{slug}/releases/")
    check_accessible(desk)
    desk.locator("[name=note]").fill("First release of the loop.")
    desk.locator("main form:has([name=note]) button").first.click()
    desk.wait_for_url("**/releases/*/")
    expect(desk.get_by_role("link", name="clefs-of-the-loop-v1.coco.json")).to_be_visible(
        timeout=curator.JOB_MS
    )
    check_accessible(desk)

    # The same release leaves over REST, with a token made on the page.
    token = curator.new_token(desk)
    release = json.loads(api(site, token, "/api/v1/releases/"))["results"][0]
    assert release["counts"]["boxes"] == 4
    for file in release["files"]:
        content = api(site, token, f"/api/v1/releases/{release['id']}/files/{file['name']}")
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        if file["format"] == "coco":
            check_coco(json.loads(content), score)


def review_everything(page: Page, slug: str, tasks: int) -> None:
    """Wait until every task is merged, then accept what the people said of each."""
    deadline = time.monotonic() + 60
    while page.request.get(f"/api/v1/campaigns/{slug}/review/next/").json()["remaining"] < tasks:
        assert time.monotonic() < deadline, "the answers were not merged"
        time.sleep(0.3)
    page.goto(f"/campaigns/{slug}/review/")
    for left in range(tasks, 0, -1):
        expect(page.get_by_test_id("remaining")).to_contain_text(str(left))
        check_accessible(page)
        accept = page.get_by_test_id("accept-rest")
        if accept.is_visible():
            accept.click()
        page.get_by_test_id("save").click()
    expect(page.get_by_test_id("review-item")).to_have_count(0)


def check_coco(coco: dict, score: list[ScorePage]) -> None:
    """Every released box lies where the engraver put the clef, within a few per cent of its size."""
    names = {category["id"]: category["name"] for category in coco["categories"]}
    truth = sorted((name, box) for page in score for name, box in clefs_of(page))
    assert sorted(names[row["category_id"]] for row in coco["annotations"]) == [name for name, _box in truth]
    for row in coco["annotations"]:
        near = [
            box
            for name, box in truth
            if name == names[row["category_id"]]
            and all(abs(a - b) < 0.1 * max(box[2:]) for a, b in zip(row["bbox"], box, strict=True))
        ]
        assert near, f"{row['bbox']} is no clef"
