"""How people handle the workbench: by mouse, by finger, by keyboard; boxes are given in canvas units."""

import math
import re
from collections.abc import Sequence

from playwright.sync_api import Page, expect

Box = Sequence[float]


def wait_for_image(page: Page) -> None:
    """A task is open and its picture is there to be drawn on."""
    page.locator(".rw-workbench[data-phase=working]").wait_for()
    page.locator("[data-testid=stage][aria-busy=false]").wait_for()


def hand_in(page: Page, key: str) -> None:
    """Press what hands in, and wait until it has arrived and the next image is there: until then keys count for neither."""
    shown = "() => document.querySelector('rubricator-workbench').session?.assignment?.id"
    before = page.evaluate(shown)
    with page.expect_response("**/contributions/"):
        page.keyboard.press(key)
    page.wait_for_function(f"before => ![undefined, before].includes(({shown})())", arg=before)
    wait_for_image(page)


def _corners(page: Page, box: Box) -> tuple[float, float, float, float]:
    """The box on the screen, in CSS pixels: left, top, right, bottom."""
    view = page.evaluate("() => document.querySelector('rubricator-stage').view()")
    (ox, oy), (rx, ry), (dx, dy) = (view[key] for key in ("origin", "right", "down"))
    stage = page.get_by_test_id("stage").bounding_box()
    assert stage is not None
    ox, oy = ox + stage["x"], oy + stage["y"]

    def at(x: float, y: float) -> tuple[float, float]:
        return ox + x * rx + y * dx, oy + x * ry + y * dy

    x, y, w, h = box
    return (*at(x, y), *at(x + w, y + h))


def draw_by_mouse(page: Page, box: Box) -> None:
    left, top, right, bottom = _corners(page, box)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, (top + bottom) / 2, steps=4)
    page.mouse.move(right, bottom, steps=4)
    page.mouse.up()


def draw_across(page: Page) -> None:
    """A stroke through the middle of the stage, whatever it shows."""
    stage = page.get_by_test_id("stage").bounding_box()
    assert stage is not None
    x, y = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    page.mouse.move(x - 80, y - 80)
    page.mouse.down()
    page.mouse.move(x + 80, y + 80, steps=4)
    page.mouse.up()


def two_fingers(page: Page, *, radius: tuple[float, float], degrees: tuple[float, float]) -> None:
    """Two fingers about the middle of the stage: from one distance and angle to another, clockwise."""
    stage = page.get_by_test_id("stage").bounding_box()
    assert stage
    middle = (stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 3)
    touch = page.context.new_cdp_session(page)

    def send(kind: str, share: float | None = None) -> None:
        points = []
        if share is not None:
            away = radius[0] + (radius[1] - radius[0]) * share
            angle = math.radians(degrees[0] + (degrees[1] - degrees[0]) * share)
            across, down = away * math.cos(angle), away * math.sin(angle)
            points = [(middle[0] + sign * across, middle[1] + sign * down) for sign in (1, -1)]
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(points)]},
        )

    send("touchStart", 0)
    for step in range(1, 13):
        send("touchMove", step / 12)
    send("touchEnd")
    touch.detach()


def draw_by_finger(page: Page, box: Box) -> None:
    left, top, right, bottom = _corners(page, box)
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touch.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )

    send("touchStart", (left, top))
    for step in range(1, 6):
        send("touchMove", (left + (right - left) * step / 5, top + (bottom - top) * step / 5))
    send("touchEnd")
    touch.detach()


def draw_by_keyboard(page: Page, box: Box) -> None:
    """A new box with N, its place and size typed into its four fields."""
    page.get_by_test_id("stage").focus()
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    set_box(page, box)


def set_box(page: Page, box: Box) -> None:
    """Open the numbers of the selected box and type others."""
    if not page.get_by_test_id("box-x").is_visible():
        page.locator(".rw-position > summary").click()
    for name, value in zip("xywh", box, strict=True):
        field = page.get_by_test_id(f"box-{name}")
        field.fill(f"{value:g}")
        field.press("Enter")


def label(page: Page, typed: str, name: str) -> None:
    """Choose the concept of this name: a small vocabulary shows buttons, a larger one is typed into."""
    choice = page.locator("[data-testid^=choice-]").filter(has_text=re.compile(name))
    page.locator("[data-testid^=choice-], [data-testid=concept-field]").first.wait_for()
    if choice.count():
        choice.first.click()
        return
    page.get_by_test_id("concept-field").first.fill(typed)
    page.get_by_test_id("concept-option").filter(has_text=re.compile(name)).first.click()


def submit(page: Page) -> None:
    """Hand in and wait until the next image, or the end, is shown."""
    before = page.get_by_test_id("progress").inner_text()
    page.get_by_test_id("submit").click()
    page.wait_for_function(
        "before => { const shown = document.querySelector('[data-testid=progress]');"
        " return !shown || shown.innerText !== before || document.querySelector('[data-testid=notice]'); }",
        arg=before,
    )


def expect_shapes(page: Page, count: int) -> None:
    expect(page.get_by_test_id("shape")).to_have_count(count)


def look_and_take(page: Page) -> None:
    """Look at every suggestion, scrolling where they do not fit, and take over what was not called wrong."""
    page.get_by_test_id("look-at").click()
    cards = page.get_by_test_id("look-card")
    for index in range(cards.count()):
        cards.nth(index).scroll_into_view_if_needed()
    expect(page.get_by_test_id("look-take")).to_have_attribute("aria-disabled", "false")
    page.get_by_test_id("look-take").click()
