"""All crops of one label on a wall: chosen by lasso and key, relabelled, taken back, rejected, and released as they stand."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Site, check_accessible

REVIEWER = """
from accounts.models import User
from accounts.roles import Role
from campaigns.actions import assign_role
from campaigns.models import Campaign
at = Campaign.objects.get(slug="clefs")
assign_role(at, User.objects.get(username="rosa"), Role.REVIEWER, by=at.created_by)
"""
STANDS = """
import json
from annotation.models import Annotation
from campaigns.models import Campaign
from campaigns.actions.releases import start_release, write_release
at = Campaign.objects.get(slug="clefs")
rows = Annotation.objects.filter(layer=at.ground_truth_layer, deleted_at=None).count()
release = write_release(start_release(at, note="", rights="", is_public=True, by=at.created_by).pk)
print(json.dumps([rows, release.manifest['counts']], default=str))
"""
RULED = """
import json
from campaigns.models import Decision, KeptRuling
decided = Decision.objects.filter(superseded_at=None, by__username="rosa")
kept = KeptRuling.objects.filter(by__username="rosa")
print(json.dumps([row for rows in (decided, kept) for row in rows.values_list("verdict", "reason")]))
"""


def told(site: Site, script: str) -> list:
    """What a script on the site prints."""
    found: list = json.loads(site.manage("shell", "-v0", "-c", script).strip().splitlines()[-1])
    return found


def lasso(page: Page, first: int, last: int) -> None:
    """Drag a frame from one crop over another."""
    start, end = (page.get_by_test_id("tile").nth(index).bounding_box() for index in (first, last))
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] - 8, end["y"] + 40, steps=6)
    page.mouse.up()


@pytest.fixture(scope="module")
def wall(site: Site) -> Site:
    """A site on which Rosa reviews the clefs of a few pages."""
    site.manage("demo", "--pages", "6", "--no-samples")
    site.person("rosa")
    site.manage("shell", "-v0", "-c", REVIEWER)
    return site


def test_a_wall_of_crops(wall: Site, open_as: Callable[..., Page]) -> None:
    site, page = wall, open_as("rosa")
    page.goto("/campaigns/clefs/review/")
    page.get_by_role("link", name="All crops of a label").click()
    tiles = page.get_by_test_id("tile")
    expect(tiles.first).to_be_visible()
    check_accessible(page)
    total = tiles.count()
    assert total >= 8

    # Six outliers by a frame, a label by its key; what stands beside others is announced, then kept.
    page.get_by_test_id("tile").first.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_test_id("selected")).to_contain_text("2 selected of")
    page.keyboard.press("Escape")
    lasso(page, 0, 5)
    expect(page.get_by_test_id("selected")).to_contain_text("6 selected of")
    expect(page.get_by_test_id("told")).to_contain_text("6 selected of")
    page.keyboard.press("2")
    expect(page.get_by_test_id("sortask")).to_be_visible()
    check_accessible(page)
    with page.expect_response("**/crops/rulings/") as ruled:
        page.get_by_test_id("ask-go").click()
    states = [one["state"] for one in ruled.value.json()["results"]]
    assert set(states) <= {"kept", "decided"}
    assert len(states) == 6
    expect(page.get_by_test_id("said")).to_be_visible()

    # Taken back as one.
    with page.expect_response("**/decisions/bulk/**"):
        page.keyboard.press("u")
    expect(page.get_by_test_id("said")).to_contain_text("Taken back")
    expect(tiles).to_have_count(total)
    assert page.locator(".rw-tile[data-verdict]").count() == 0

    # Rejected with a reason; then everything is accepted after all, that one too, and so decided.
    tiles.first.click()
    page.keyboard.press("Delete")
    page.get_by_test_id("ask-go").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_test_id("reason").first.click()
    page.get_by_test_id("ask-go").click()
    expect(page.get_by_test_id("said")).to_be_visible()
    assert ["rejected", "Not what the label says"] in told(site, RULED)
    _accept_every_pile(page)
    rows, counts = told(site, STANDS)
    assert rows > 0
    assert counts["annotations"] == rows
    page.get_by_test_id("state-decided").click()
    check_accessible(page)


def _accept_every_pile(page: Page) -> None:
    """Whatever has a label is accepted; a question about many is answered."""
    for index in range(page.get_by_test_id("pile").count()):
        with page.expect_response("**/crops/?*"):
            page.get_by_test_id("pile").nth(index).click()
        if page.get_by_test_id("pile").nth(index).get_attribute("data-empty") is not None:
            continue
        page.get_by_test_id("tile").first.focus()
        page.keyboard.press("Control+a")
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        if page.get_by_test_id("sortask").is_visible():
            page.get_by_test_id("ask-go").click()
        expect(page.get_by_test_id("said")).to_be_visible()


@pytest.mark.usefixtures("wall")
def test_on_a_phone_a_finger_that_rests_chooses(open_as: Callable[..., Page]) -> None:
    phone = open_as("rosa", PHONE)
    phone.goto("/campaigns/clefs/review/crops/")
    tiles = phone.get_by_test_id("tile")
    phone.locator(".rw-sorting[aria-busy=false]").wait_for()
    if not tiles.count():
        phone.get_by_test_id("state-decided").click()
    expect(tiles.first).to_be_visible()
    places = [tiles.nth(index).bounding_box() for index in range(4)]
    assert len({round(place["y"]) for place in places[:3]}) == 1
    assert places[3]["y"] > places[0]["y"]
    check_accessible(phone)
    touch = phone.context.new_cdp_session(phone)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touch.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )

    first, third = places[0], places[2]
    send("touchStart", (first["x"] + 20, first["y"] + 20))
    phone.wait_for_timeout(600)
    for step in range(1, 6):
        send(
            "touchMove", (first["x"] + 20 + (third["x"] - first["x"]) * step / 5, first["y"] + 20 + 4 * step)
        )
    send("touchEnd")
    expect(phone.get_by_test_id("selected")).to_contain_text("3 selected")
    check_accessible(phone)
    phone.get_by_test_id("piles-open").tap()
    tall = phone.get_by_test_id("accept").bounding_box()
    assert tall["height"] >= 44
