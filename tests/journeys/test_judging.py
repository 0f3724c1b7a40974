"""What a model found is judged: twenty at a glance by keys, mouse and thumb, and one by one."""

import json

from playwright.sync_api import Page, expect

from tests.journeys import hands
from tests.journeys.conftest import PHONE, Site, check_accessible

WORK = "/campaigns/right/work/"


def standings(page: Page) -> list[str]:
    return page.get_by_test_id("crop").evaluate_all("all => all.map(one => one.dataset.standing)")


def wait_for_grid(page: Page) -> int:
    """A grid lies there with its pictures; how many."""
    page.locator(".rw-grid[data-phase=working]").wait_for()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.rw-crop img')].every(one => one.complete && one.naturalWidth > 0)"
    )
    return page.get_by_test_id("crop").count()


def side_by_side(page: Page) -> tuple[int, int]:
    """Two neighbours in one row, past the first two: each label has rows of its own."""
    crops = page.get_by_test_id("crop")
    places = [crops.nth(index).bounding_box() for index in range(crops.count())]
    rows = [place["y"] for place in places]
    first = next(index for index in range(2, len(rows) - 1) if rows[index] == rows[index + 1])
    crops.nth(first).scroll_into_view_if_needed()
    return first, first + 1


def said(site: Site) -> list[list[object]]:
    """(origin or “rejected”, IoU) of every answer, in the order of coming in."""
    told: list[list[object]] = json.loads(site.manage("shell", "-v0", "-c", _SAID).strip().splitlines()[-1])
    return told


def put_to_people(site: Site) -> None:
    """More than a grid of what the model found, asked of so many that neither journey leaves nothing to the other."""
    site.manage("demo", "--pages", "6", "--no-samples")
    ask = "from campaigns.models import Campaign; Campaign.objects.filter(slug='right').update(overlap=6)"
    site.manage("shell", "-v0", "-c", ask)


def test_one_by_one_by_keys_and_by_thumb(site: Site, open_as) -> None:
    put_to_people(site)
    before = len(said(site))
    page = open_as(None)
    page.goto(f"{WORK}?single")
    hands.wait_for_image(page)
    check_accessible(page)
    expect(page.get_by_test_id("shown")).to_contain_text("clef")
    for key in ("a", "r"):
        hands.hand_in(page, key)
    page.keyboard.press("e")
    page.keyboard.press("ArrowRight")
    check_accessible(page)
    hands.hand_in(page, "Enter")
    assert [kind for kind, _iou in said(site)[before:]] == ["accepted", "rejected", "edited"]

    # The last one is gone back to, and is right after all.
    page.keyboard.press("b")
    expect(page.get_by_test_id("again")).to_be_visible()
    page.get_by_test_id("judge-accepted").click()
    _wait_until(
        page, lambda: [kind for kind, _iou in said(site)[before:]] == ["accepted", "rejected", "accepted"]
    )

    phone = open_as(None, PHONE)
    phone.goto(f"{WORK}?single")
    hands.wait_for_image(phone)
    check_accessible(phone)
    for verdict in ("accepted", "edited", "rejected"):
        place = phone.get_by_test_id(f"judge-{verdict}").bounding_box()
        assert min(place["width"], place["height"]) >= 44
    with phone.expect_response("**/contributions/"):
        phone.get_by_test_id("judge-rejected").tap()
    hands.wait_for_image(phone)


def test_a_grid_is_judged_by_keys_mouse_and_thumb(site: Site, open_as) -> None:
    put_to_people(site)
    before = len(said(site))

    # By keys: the first is wrong, the second is looked at more closely, the others are right.
    page = open_as(None)
    page.goto(WORK)
    count = wait_for_grid(page)
    assert count == 20
    check_accessible(page)
    expect(page.get_by_test_id("others-right")).to_contain_text("20")
    page.get_by_test_id("crop").first.focus()
    page.keyboard.press("r")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("s")
    page.keyboard.press("Control+z")
    assert standings(page)[:2] == ["rejected", "open"]
    page.keyboard.press("e")
    hands.wait_for_image(page)
    check_accessible(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_test_id("closeup-done").click()
    assert standings(page)[1] == "edited"

    # A frame dragged over pictures chooses them; a reload loses nothing of it.
    first, second = side_by_side(page)
    boxes = [page.get_by_test_id("crop").nth(index).bounding_box() for index in (first, second)]
    page.mouse.move(boxes[0]["x"] + 10, boxes[0]["y"] + 10)
    page.mouse.down()
    page.mouse.move(boxes[1]["x"] + 40, boxes[1]["y"] + 40, steps=5)
    page.mouse.up()
    expect(page.get_by_test_id("chosen")).to_contain_text("2")
    page.get_by_test_id("picked-rejected").click()
    said_so = {0: "rejected", 1: "edited", first: "rejected", second: "rejected"}
    assert standings(page) == [said_so.get(index, "open") for index in range(20)]
    expect(page.get_by_test_id("status")).to_contain_text("Draft saved")
    page.reload()
    assert wait_for_grid(page) == 20
    assert standings(page) == [said_so.get(index, "open") for index in range(20)]
    page.get_by_test_id("crop").nth(first).click()  # taken back
    assert standings(page)[first] == "open"

    # Nothing is handed in before all has been looked at; then everything in one go.
    page.get_by_test_id("crop").first.focus()
    page.keyboard.press("Enter")
    assert "open" not in standings(page)
    with page.expect_response("**/contributions/batch/") as sent:
        page.keyboard.press("Enter")
    assert [one["status"] for one in sent.value.json()["results"]] == [201] * 20
    wait_for_grid(page)
    assert set(standings(page)) == {"open"}
    kinds = [kind for kind, _iou in said(site)[before:]]
    assert (kinds.count("rejected"), kinds.count("edited"), kinds.count("accepted")) == (2, 1, 17)
    assert all(0 < iou < 1 for kind, iou in said(site) if kind == "edited")

    # By thumb, offline: kept here, sent once the line is back.
    phone = open_as(None, PHONE)
    phone.goto(WORK)
    count = wait_for_grid(phone)
    check_accessible(phone)
    places = [phone.get_by_test_id("crop").nth(index).bounding_box() for index in range(4)]
    assert len({place["y"] for place in places[:3]}) == 1 != len({place["y"] for place in places})
    phone.get_by_test_id("crop").nth(1).tap()
    phone.get_by_test_id("several").tap()
    phone.get_by_test_id("crop").nth(2).tap()
    phone.get_by_test_id("crop").nth(3).tap()
    phone.get_by_test_id("picked-passed").tap()
    phone.get_by_test_id("several").tap()
    assert standings(phone)[:4] == ["open", "rejected", "passed", "passed"]
    phone.context.set_offline(True)
    phone.get_by_test_id("others-right").tap()
    phone.get_by_test_id("hand-in").tap()
    expect(phone.get_by_test_id("status")).to_contain_text(str(count - 2))
    phone.context.set_offline(False)
    phone.evaluate("() => dispatchEvent(new Event('online'))")
    _wait_until(phone, lambda: len(said(site)) == before + 20 + count - 2)
    phone.faults = [fault for fault in phone.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def _wait_until(page: Page, holds) -> None:
    for _try in range(60):
        if holds():
            return
        page.wait_for_timeout(500)
    raise AssertionError("it did not come to that")


_SAID = """
import json
from campaigns.models import Contribution
rows = Contribution.objects.filter(task__campaign__slug="right").order_by("submitted_at", "pk")
print(json.dumps([[shape.origin, shape.prediction_iou] if (shape := row.shapes.first()) else ["rejected", None] for row in rows]))
"""
