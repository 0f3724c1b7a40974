"""The drawing hand: several shapes at once, copies, edges, unfinished outlines; by mouse, by finger, by keys alone."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys import blanks, hands
from tests.journeys.conftest import PHONE, Site, check_accessible

SLUG = "hand-at-work"
WORK = f"/campaigns/{SLUG}/work/"
SIZE = (1200, 1600)
OUTLINES = """
from campaigns.models import Campaign
campaign = Campaign.objects.get(slug="outlines-half-drawn")
campaign.question["shapes"] = "polygon"
campaign.save()
"""


def boxes(page: Page) -> list[list[float]]:
    found: list[list[float]] = page.evaluate(
        "() => document.querySelector('rubricator-workbench').session.history.present.shapes.map(({ box }) => box)"
    )
    return found


def session(page: Page) -> Any:
    return page.evaluate(
        "() => { const { there, keeping, besides, hand, other } = document.querySelector('rubricator-workbench').session;"
        " return { there, keeping, besides, hand, other }; }"
    )


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """A place of the canvas on the screen."""
    return hands._corners(page, (x, y, 1, 1))[:2]


def wait_until_saved(page: Page) -> None:
    page.wait_for_function("() => document.querySelector('rubricator-workbench').session.there === 'saved'")


def by_mouse(page: Page) -> None:
    for index in range(3):
        hands.draw_by_mouse(page, (100 + 350 * index, 200, 200, 150))
        page.keyboard.press("3")
    # A frame with Shift picks what it touches; all of that goes together, and back in one step.
    page.keyboard.press("Escape")
    page.keyboard.down("Shift")
    page.mouse.move(*at(page, 60, 160))
    page.mouse.down()
    page.mouse.move(*at(page, 500, 300), steps=5)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(page.get_by_test_id("several-card")).to_contain_text("2 shapes picked")
    expect(page.get_by_test_id("said")).to_contain_text("2 shapes picked")
    before = boxes(page)
    page.mouse.move(*at(page, 150, 250))
    page.mouse.down()
    page.keyboard.down("Alt")
    page.mouse.move(*at(page, 150, 500), steps=5)
    page.keyboard.up("Alt")
    page.mouse.up()
    assert [box[1] > 400 for box in boxes(page)] == [True, True, False]
    page.keyboard.press("Control+z")
    assert boxes(page) == before
    # Shift and a click picks one more; a label is given to all.
    page.keyboard.down("Shift")
    page.mouse.click(*at(page, 900, 300))
    page.keyboard.up("Shift")
    expect(page.get_by_test_id("several-card")).to_contain_text("3 shapes picked")
    page.keyboard.press("4")
    expect(page.locator(".rw-shape-label", has_text="F clef")).to_have_count(3)
    check_accessible(page)
    # Alt at the beginning of a drag copies; the label comes along.
    page.keyboard.press("Escape")
    page.mouse.click(*at(page, 200, 220))
    page.keyboard.down("Alt")
    page.mouse.move(*at(page, 200, 275))
    page.mouse.down()
    page.mouse.move(*at(page, 300, 900), steps=5)
    page.mouse.up()
    page.keyboard.up("Alt")
    hands.expect_shapes(page, 4)
    expect(page.locator(".rw-shape-label", has_text="F clef")).to_have_count(4)
    # A stroke that begins in a box that is not picked draws in it.
    page.keyboard.press("Escape")
    hands.draw_by_mouse(page, (500, 250, 60, 60))
    hands.expect_shapes(page, 5)
    # An edge that comes near another lies on it, and on that of the canvas.
    page.keyboard.press("Escape")
    page.mouse.move(*at(page, 700, 1300))
    page.mouse.down()
    left, top = at(page, 1198, 1598)
    page.mouse.move(left, top, steps=5)
    page.mouse.up()
    x, y, w, h = boxes(page)[-1]
    assert (x + w, y + h) == SIZE
    assert all(round(number, 2) == number for box in boxes(page) for number in box)


def across_the_edge(page: Page) -> None:
    """Near the edge of the stage a stroke takes the view along."""
    page.keyboard.press("Escape")
    for _ in range(4):
        page.keyboard.press("+")
    page.wait_for_timeout(600)
    stage = page.get_by_test_id("stage").bounding_box()
    assert stage is not None
    before = len(boxes(page))
    page.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    page.mouse.down()
    page.mouse.move(stage["x"] + stage["width"] - 4, stage["y"] + stage["height"] / 2 + 60, steps=6)
    view = "() => document.querySelector('rubricator-stage').view().origin[0]"
    start = page.evaluate(view)
    page.wait_for_function(f"start => ({view})() < start - 150", arg=start)
    page.mouse.up()
    assert len(boxes(page)) == before + 1
    page.keyboard.press("0")


def test_by_mouse_and_in_other_tabs_and_browsers(site: Site, open_as, tmp_path: Path) -> None:
    site.person("cora", "--curator")
    site.person("hanna")
    desk = open_as("cora")
    blanks.make_campaign(desk, SLUG, blanks.pictures(tmp_path, 5, SIZE), overlap=2)
    page = open_as("hanna")
    page.goto(WORK)
    hands.wait_for_image(page)
    by_mouse(page)
    across_the_edge(page)
    page.keyboard.press("Control+a")
    count = len(boxes(page))
    wait_until_saved(page)
    page.wait_for_timeout(300)
    # Every step and what was picked are there after a reload.
    page.reload()
    hands.wait_for_image(page)
    expect(page.get_by_test_id("several-card")).to_contain_text(f"{count} shapes picked")
    page.get_by_test_id("stage").focus()
    for _ in range(3):
        page.keyboard.press("Control+z")
    assert len(boxes(page)) < count
    for _ in range(3):
        page.keyboard.press("Control+y")
    assert len(boxes(page)) == count
    # Another tab shows the same, and both know.
    tab = page.context.new_page()
    tab.goto(WORK)
    hands.wait_for_image(tab)
    expect(tab.get_by_test_id("besides")).to_be_visible()
    expect(page.get_by_test_id("besides")).to_be_visible()
    tab.get_by_test_id("shape-delete").first.click()
    hands.expect_shapes(page, count - 1)
    wait_until_saved(tab)
    tab.goto("about:blank")
    tab.close()
    expect(page.get_by_test_id("besides")).to_have_count(0)
    # Another browser goes on from here; this one is told, and loses nothing.
    phone = open_as("hanna", PHONE)
    phone.goto(WORK)
    hands.wait_for_image(phone)
    hands.expect_shapes(phone, count - 1)
    wait_until_saved(phone)
    phone.get_by_test_id("shape-delete").first.click()
    wait_until_saved(phone)
    hands.draw_by_mouse(page, (80, 1200, 100, 90))
    expect(page.get_by_test_id("other-draft")).to_be_visible(timeout=10_000)
    check_accessible(page)
    hands.expect_shapes(page, count)
    page.get_by_test_id("draft-take").click()
    hands.expect_shapes(page, count - 2)
    page.get_by_test_id("draft-take").click()
    hands.expect_shapes(page, count)
    page.get_by_test_id("draft-leave").click()
    expect(page.get_by_test_id("other-draft")).to_have_count(0)
    wait_until_saved(page)
    page.faults[:] = [fault for fault in page.faults if "409" not in fault]
    # What is copied here can be pasted on the next image.
    page.keyboard.press("Escape")
    page.get_by_test_id("stage").focus()
    page.keyboard.press("]")
    page.keyboard.press("Control+c")
    expect(page.get_by_test_id("said")).to_contain_text("1 shape copied")
    copied = boxes(page)[0]
    bare = page.locator(".rw-shape-label[data-missing]")
    while bare.count():
        bare.first.click()
        page.keyboard.press("3")
        page.wait_for_timeout(100)
    hands.submit(page)
    hands.wait_for_image(page)
    page.get_by_test_id("stage").focus()
    page.keyboard.press("Control+v")
    assert boxes(page) == [copied]
    wait_until_saved(page)
    page.close()
    by_finger(open_as)
    by_keys_alone(open_as)


def by_finger(open_as: Any) -> None:
    """Several picked by taps, carried and copied; two fingers in the middle of a stroke; over the edge."""
    page = open_as("hanna", PHONE)
    page.goto(WORK)
    hands.wait_for_image(page)
    hands.expect_shapes(page, 1)
    while page.get_by_test_id("shape").count():
        page.get_by_test_id("shape-delete").first.tap()
    hands.draw_by_finger(page, (100, 200, 300, 300))
    page.locator("[data-testid^=choice-]").nth(2).tap()
    hands.draw_by_finger(page, (600, 200, 300, 300))
    hands.expect_shapes(page, 2)
    page.get_by_test_id("gather").tap()
    page.get_by_test_id("shape").nth(0).locator("button").first.tap()
    expect(page.get_by_test_id("several-card")).to_contain_text("2 shapes picked")
    check_accessible(page)
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    before = boxes(page)
    (x, y), (far_x, far_y) = at(page, 250, 350), at(page, 300, 600)
    send("touchStart", (x, y))
    for step in range(1, 6):
        send("touchMove", (x + (far_x - x) * step / 5, y + (far_y - y) * step / 5))
    send("touchEnd")
    assert all(now[1] > was[1] + 100 for now, was in zip(boxes(page), before, strict=True))
    page.get_by_test_id("several-duplicate").tap()
    hands.expect_shapes(page, 4)
    page.get_by_test_id("several-delete").tap()
    hands.expect_shapes(page, 2)
    page.get_by_test_id("gather").tap()

    # One finger draws, a second moves and zooms below the stroke, and the stroke goes on.
    (x, y), (far_x, far_y) = at(page, 300, 1000), at(page, 600, 1200)
    send("touchStart", (x, y))
    for step in range(1, 5):
        send("touchMove", (x + (far_x - x) * step / 4, y + (far_y - y) * step / 4))
    second = (far_x + 80, far_y - 60)
    send("touchStart", (far_x, far_y), second)
    scale = "() => document.querySelector('rubricator-stage').view().right[0]"
    was = page.evaluate(scale)
    send("touchMove", (far_x, far_y), (second[0] + 30, second[1] - 30))
    page.wait_for_function(f"was => ({scale})() > was", arg=was)
    # A point that is missing is a finger that was lifted.
    send("touchMove", (far_x, far_y))
    send("touchMove", (far_x + 10, far_y + 10))
    send("touchEnd")
    hands.expect_shapes(page, 3)
    drawn = boxes(page)[-1]
    assert abs(drawn[0] - 300) < 4
    assert abs(drawn[1] - 1000) < 4

    # To the edge, where the view goes along.
    page.evaluate("document.querySelector('rubricator-stage').zoom(3)")
    page.wait_for_timeout(600)
    stage = page.get_by_test_id("stage").bounding_box()
    assert stage is not None
    middle = (stage["x"] + stage["width"] / 2, stage["y"] + 40)
    origin = "() => document.querySelector('rubricator-stage').view().origin[0]"
    start = page.evaluate(origin)
    send("touchStart", middle)
    send("touchMove", (middle[0] + 60, middle[1] + 30))
    send("touchMove", (stage["x"] + stage["width"] - 3, middle[1] + 60))
    page.wait_for_function(f"start => ({origin})() < start - 60", arg=start)
    send("touchEnd")
    hands.expect_shapes(page, 4)
    wait_until_saved(page)


def by_keys_alone(open_as: Any) -> None:
    """Drawn, picked, labelled, carried, copied, deleted and handed in without a pointer."""
    page = open_as("hanna")
    page.goto(WORK)
    hands.wait_for_image(page)
    hands.expect_shapes(page, 4)
    page.get_by_test_id("stage").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    hands.expect_shapes(page, 0)
    expect(page.get_by_test_id("said")).to_contain_text("deleted")
    for _ in range(2):
        page.keyboard.press("n")
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Enter")
        page.keyboard.press("3")
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("]")
    page.keyboard.press("}")
    expect(page.get_by_test_id("several-card")).to_contain_text("2 shapes picked")
    before = boxes(page)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowUp")
    assert boxes(page) == [[x - 1, y - 10, w, h] for x, y, w, h in before]
    expect(page.get_by_test_id("said")).to_contain_text("Left ")
    page.keyboard.press("Control+d")
    hands.expect_shapes(page, 4)
    page.keyboard.press("4")
    expect(page.locator(".rw-shape-label", has_text="F clef")).to_have_count(2)
    page.keyboard.press("Delete")
    hands.expect_shapes(page, 2)
    page.keyboard.press("Control+z")
    hands.expect_shapes(page, 4)
    # In the list as in any list.
    rows = page.get_by_test_id("shape").locator(".rw-shape-pick")
    rows.nth(0).focus()
    page.keyboard.press("Enter")
    rows.nth(2).focus()
    page.keyboard.press("Shift+Space")
    expect(page.get_by_test_id("several-card")).to_contain_text("3 shapes picked")
    rows.nth(1).focus()
    page.keyboard.press("Control+Space")
    expect(page.get_by_test_id("several-card")).to_contain_text("2 shapes picked")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("handed")).to_be_visible()


def test_an_outline_half_drawn_survives_a_reload(site: Site, open_as, tmp_path: Path) -> None:
    site.person("odile", "--curator")
    site.person("oscar")
    desk = open_as("odile")
    blanks.make_campaign(desk, "outlines-half-drawn", blanks.pictures(tmp_path, 1, SIZE))
    site.manage("shell", "-c", OUTLINES)
    page = open_as("oscar")
    page.goto("/campaigns/outlines-half-drawn/work/")
    hands.wait_for_image(page)
    for x, y in ((200, 200), (600, 200), (600, 600)):
        page.mouse.click(*at(page, x, y))
        page.wait_for_timeout(350)
    expect(page.get_by_test_id("sketch")).to_contain_text("3 corners set")
    page.wait_for_function(
        "() => document.querySelector('rubricator-workbench').session.hand.sketch.length === 3"
    )
    wait_until_saved(page)
    page.reload()
    hands.wait_for_image(page)
    expect(page.get_by_test_id("sketch")).to_contain_text("3 corners set")
    page.get_by_test_id("sketch-close").click()
    hands.expect_shapes(page, 1)
    assert session(page)["hand"]["sketch"] == []
