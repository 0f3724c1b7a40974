"""A volunteer changes her mind: right after handing in, and later on without a connection."""

from pathlib import Path

from playwright.sync_api import Page, expect

from campaigns.demo.engrave import pages
from tests.journeys import curator, hands
from tests.journeys.conftest import PHONE, Site, check_accessible

DATA = Path(__file__).parents[2] / "campaigns" / "demo" / "data"
SLUG = "clefs-to-think-about"


def said(page: Page) -> list[tuple[int, list[str]]]:
    """(revision, labels) of one's answers as the server has them, the latest first."""
    mine = page.request.get(f"/api/v1/campaigns/{SLUG}/contributions/mine/").json()["results"]
    return [
        (
            row["revision"],
            [concept["label"] for shape in row["answer"]["shapes"] for concept in shape["concepts"]],
        )
        for row in mine
    ]


def relabel(page: Page, typed: str, name: str) -> None:
    """Pick the one box and give it another label."""
    page.get_by_test_id("shape").first.locator("button").first.click()
    hands.label(page, typed, name)


def test_an_answer_is_undone_changed_and_seen_changed(site: Site, open_as, tmp_path: Path) -> None:
    site.person("clara", "--curator")
    site.person("vincent")
    files = []
    for index, one in enumerate(pages(3, seed=11)):
        files.append(tmp_path / f"page-{index}.jpg")
        files[-1].write_bytes(one.jpeg)
    desk = open_as("clara")
    curator.import_images(desk, "Three pages to think about", files)
    curator.import_vocabulary(desk, DATA / "notation.csv", "amend-notation", "Notation to think about")
    texts = {"title_en": "Clefs to think about", "prompt_en": "Draw a box around a clef.", "overlap": "2"}
    curator.new_campaign(desk, texts, "Notation to think about", kind="locate")
    curator.choose_sources(desk, "Three pages to think about")
    curator.step(desk, SLUG, "open")

    # Handed in, undone, changed, and on to where one was.
    page = open_as("vincent", PHONE)
    page.goto(f"/campaigns/{SLUG}/work/")
    hands.wait_for_image(page)
    hands.draw_by_keyboard(page, (200, 200, 120, 160))
    hands.label(page, "G c", "G clef")
    hands.submit(page)
    page.get_by_test_id("undo-hand-in").click()
    expect(page.get_by_test_id("again")).to_contain_text("You handed this in")
    hands.wait_for_image(page)
    hands.expect_shapes(page, 1)
    check_accessible(page)
    expect(page.get_by_test_id("submit")).to_be_disabled()
    relabel(page, "F c", "F clef")
    page.get_by_test_id("submit").click()
    expect(page.get_by_test_id("handed")).to_contain_text("Change saved.")
    expect(page.get_by_test_id("again")).to_have_count(0)
    hands.expect_shapes(page, 0)
    page.wait_for_function(
        "() => document.querySelector('rubricator-status').innerText.includes('Handed in')"
    )
    assert said(page) == [(2, ["F clef"])]

    # Without a connection: handed in, gone back to, changed; all of it arrives, once.
    hands.draw_by_keyboard(page, (200, 200, 120, 160))
    hands.label(page, "G c", "G clef")
    page.context.set_offline(True)
    page.get_by_test_id("submit").click()
    page.get_by_test_id("undo-hand-in").click()
    expect(page.get_by_test_id("again")).to_be_visible()
    relabel(page, "C c", "C clef")
    page.get_by_test_id("submit").click()
    expect(page.get_by_test_id("handed")).to_contain_text("Kept on this device.")
    assert [revision for revision, _labels in said(page)] == [2]
    page.context.set_offline(False)
    expect(page.get_by_test_id("handed")).to_contain_text("Change saved.", timeout=20_000)
    assert said(page) == [(2, ["C clef"]), (2, ["F clef"])]

    # Seen in My work, and changed once more from there.
    page.goto("/me/work/")
    check_accessible(page)
    first = page.get_by_test_id("work-card").first
    expect(first.locator("h3")).to_have_text("C clef")
    expect(first).to_contain_text("changed on")
    first.get_by_role("link", name="Change it").click()
    hands.wait_for_image(page)
    expect(page.get_by_test_id("again")).to_be_visible()
    relabel(page, "G c", "G clef")
    page.get_by_test_id("submit").click()
    expect(page.get_by_test_id("handed")).to_be_visible()
    hands.wait_for_image(page)
    page.goto("/me/work/")
    expect(page.get_by_test_id("work-card").first.locator("h3")).to_have_text("G clef")
    # What the browser said while it had no connection is not a fault of the page.
    page.faults[:] = [fault for fault in page.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
