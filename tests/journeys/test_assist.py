"""Help for the hand, in a real browser on engraved pages: a label from the tree, a box drawn to its ink, more like it found."""

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from annotation.geometry import Box, iou
from campaigns.demo.engrave import ScorePage, pages
from tests.journeys import curator, hands
from tests.journeys.conftest import PHONE, Site, check_accessible

DATA = Path(__file__).parents[2] / "campaigns" / "demo" / "data"
SLUG = "clefs-with-help"


def shapes_of(page: Page) -> list[dict]:
    return page.evaluate(
        "() => document.querySelector('rubricator-workbench').session.history.present.shapes"
    )


def clefs(page: ScorePage, kind: str) -> list[Box]:
    return [Box(*symbol.box) for symbol in page.symbols if symbol.kind == kind]


def test_one_is_drawn_and_the_others_are_found(site: Site, open_as, tmp_path: Path) -> None:
    first, second = pages(2, seed=7)
    site.person("cosima", "--curator")
    site.person("victor")
    desk = open_as("cosima")
    _begin(site, desk, tmp_path, [first, second])

    # The first page has been decided, so that the tree has examples; the second one is worked on.
    hand = open_as("victor")
    hand.goto(f"/campaigns/{SLUG}/work/")
    hands.wait_for_image(hand)
    truth = clefs(second, "gClef")[0]
    # Loose, and not as far as the line at the head of the staff.
    loose = (truth.x - 4, truth.y - 14, truth.w + 18, truth.h + 24)
    hands.draw_by_mouse(hand, loose)
    hand.keyboard.press("g")
    tree = hand.get_by_test_id("branches")
    expect(tree.get_by_test_id("branch")).to_have_count(1)
    check_accessible(hand)
    for _key in range(4):  # opens the notation, goes to the clefs, opens them, goes to the first
        hand.keyboard.press("ArrowRight")
        hand.wait_for_timeout(300)
    expect(tree.get_by_role("heading", name="G clef")).to_be_visible()
    hand.keyboard.press("c")
    expect(tree.get_by_role("heading", name="C clef")).to_be_visible()
    expect(tree.locator(".rw-branch-examples img").first).to_be_visible()
    hand.keyboard.press("g")
    hand.keyboard.press("Enter")
    expect(tree).not_to_be_visible()
    assert [one["label"] for one in shapes_of(hand)[0]["concepts"]] == ["G clef"]

    # As specific as one is sure: a step up, and down again by undo.
    hand.keyboard.press("u")
    expect(hand.get_by_test_id("assist-said")).to_contain_text("Clef")
    assert [one["label"] for one in shapes_of(hand)[0]["concepts"]] == ["Clef"]
    hand.keyboard.press("Control+z")

    hand.keyboard.press("s")
    expect(hand.get_by_test_id("assist-said")).to_contain_text("Drawn to the ink")
    tight = Box(*shapes_of(hand)[0]["box"])
    assert iou(tight, truth) > max(0.85, iou(Box(*loose), truth))
    hand.keyboard.press("Control+z")
    assert iou(Box(*shapes_of(hand)[0]["box"]), Box(*loose)) > 0.95, "one undo brings the loose box back"
    hand.keyboard.press("Control+y")
    hand.get_by_test_id("certainty-likely").click()

    hand.get_by_test_id("stage").focus()
    hand.keyboard.press("m")
    suggestions = hand.get_by_test_id("suggestion")
    suggestions.first.wait_for(timeout=60_000)
    found = suggestions.count()
    assert found >= 8, "most of the clefs are the same sign"
    check_accessible(hand)

    # One by one: what is said of one brings the next.
    suggestions.first.locator("button").first.click()
    hand.get_by_test_id("stage").focus()
    hand.keyboard.press("Enter")
    hands.expect_shapes(hand, 2)
    hand.keyboard.press("Delete")
    expect(suggestions).to_have_count(found - 2)
    # The others together, after a look at each.
    hand.get_by_test_id("look-at").click()
    cards = hand.get_by_test_id("look-card")
    expect(cards).to_have_count(found - 2)
    check_accessible(hand)
    hand.keyboard.press("Delete")
    for index in range(cards.count()):
        cards.nth(index).scroll_into_view_if_needed()
    expect(hand.get_by_test_id("look-take")).to_have_attribute("aria-disabled", "false")
    hand.get_by_test_id("look-take").click()
    hands.expect_shapes(hand, found - 1)
    hand.get_by_test_id("tool-undo").click()
    hands.expect_shapes(hand, 2)
    hand.get_by_test_id("tool-redo").click()
    hands.expect_shapes(hand, found - 1)
    hands.submit(hand)

    kept = json.loads(site.manage("shell", "-v0", "-c", _KEPT).splitlines()[-1])
    assert kept["origins"] == {"drawn": 1, "accepted": found - 2}
    assert kept["certainties"] == ["likely"]
    assert (kept["searches"], kept["rejected"], kept["shown"]) == (1, 2, None)
    assert set(kept["models"]) == {"match_template"}
    assert all(re.match("xywh=", place) for place in kept["similar"])

    # On a phone, in French, with boxes that tighten themselves; the image before was another person's.
    phone = open_as("cosima", PHONE, locale="fr-FR")
    phone.goto(f"/campaigns/{SLUG}/work/")
    hands.wait_for_image(phone)
    phone.get_by_test_id("tighten-each").check()
    check_accessible(phone)
    truth = clefs(second, "gClef")[1]
    hands.draw_by_finger(phone, (truth.x - 4, truth.y - 10, truth.w + 14, truth.h + 20))
    expect(phone.get_by_test_id("assist-said")).to_contain_text("Amené")
    phone.get_by_test_id("browse").click()
    expect(phone.get_by_test_id("branches")).to_be_visible()
    check_accessible(phone)


def _begin(site: Site, desk: Page, folder: Path, score: list[ScorePage]) -> None:
    """A campaign on two pages, of which the first one has been decided."""
    files = []
    for index, one in enumerate(score):
        files.append(folder / f"help-{index}.jpg")
        files[-1].write_bytes(one.jpeg)
    curator.import_images(desk, "Two pages with help", files)
    curator.import_vocabulary(desk, DATA / "notation.csv", "help-notation", "Notation with help")
    texts = {"title_en": "Clefs with help", "prompt_en": "Draw a box around every clef.", "overlap": "2"}
    curator.new_campaign(desk, texts, "Notation with help", kind="locate")
    curator.choose_sources(desk, "Two pages with help")
    desk.goto(f"/campaigns/{SLUG}/edit/")
    desk.locator("[name=certainty]").check()
    check_accessible(desk)
    desk.locator("[data-testid=campaign-form] [type=submit]").first.click()
    desk.wait_for_url("**/dashboard/")
    curator.step(desk, SLUG, "open")
    place = list(clefs(score[0], "cClef")[0].xywh)
    site.manage("shell", "-c", _DECIDE.replace("PLACE", json.dumps(place)))


_DECIDE = f"""
from uuid import uuid4
from accounts.models import User
from campaigns.actions import claim, join_campaign, submit
from campaigns.actions.consensus import request_consensus
from campaigns.demo.seed import finish
from campaigns.models import Campaign
from tests.campaigns.outcomes import accept_all, located, task_at
campaign = Campaign.objects.select_related("vocabulary").get(slug="{SLUG}")
sign = campaign.vocabulary.concepts.get(notation="cClef")
for _person in range(2):
    submit(claim(campaign, join_campaign(campaign, visitor=uuid4().hex)).assignment, located([(PLACE, sign)]))
finish(request_consensus(campaign))
accept_all(campaign, task_at(campaign, 0), User.objects.get(username="cosima"))
"""
_KEPT = f"""
import json
from collections import Counter
from campaigns.models import Contribution
one = Contribution.objects.get(task__campaign__slug="{SLUG}", participant__user__username="victor")
rows = list(one.shapes.select_related("prediction"))
print(json.dumps({{
    "origins": Counter(row.origin for row in rows),
    "certainties": [row.certainty for row in rows if row.certainty],
    "searches": one.assignment.searches.count(),
    "rejected": len(one.answer["rejected_predictions"]),
    "shown": one.predictions_shown_id,
    "models": [row.prediction.document["rubricator:model"] for row in rows if row.prediction],
    "similar": [row.prediction.document["rubricator:similarTo"] for row in rows if row.prediction],
}}))
"""
