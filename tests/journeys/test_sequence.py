"""Several questions about one image: by mouse and by keys alone, put together by a curator on a plain page."""

import json

from playwright.sync_api import Page, expect

from tests.journeys import hands
from tests.journeys.conftest import PHONE, Site, check_accessible

WORK = "/campaigns/paper/work/"

_MAKE = """
from accounts.models import User
from annotation.models import Manifest
from campaigns.actions import choose_canvases, create_campaign, open_campaign
from campaigns.models import Campaign
by = User.objects.get(username="wanda")
example = Campaign.objects.filter(question_kind="locate").order_by("created_at").first()
def step(name, kind, condition=None, **question):
    prompts = {"watermark": "Is there a clef?", "where": "Draw it.", "words": "What does the line say?"}
    return {"name": name, "kind": kind, "condition": condition, "question": {"prompt": {"en": prompts[name]}, **question}}
steps = [
    step("watermark", "flag"),
    step("where", "locate", {"step": "watermark", "answers": ["yes"]}),
    step("words", "describe", {"step": "where", "something": True}, purpose="supplementing"),
]
for slug in {"paper", "paper-plan", "paper-read"} - set(Campaign.objects.values_list("slug", flat=True)):
    made = create_campaign(
        by=by, slug=slug, title={"en": "Look at the paper"}, vocabulary=example.vocabulary, branch=example.branch,
        question_kind="sequence", question={"prompt": {"en": "Look at this page"}, "steps": steps},
        allows_anonymous=True, is_public=True, overlap=3 if slug == "paper-read" else 30,
    )
    manifests = Manifest.objects.filter(canvases__tasks__campaign=example).distinct()
    choose_canvases(made, manifests=[one.pk for one in manifests], by=by)
    open_campaign(made, by=by)
"""
_SAID = """
import json
from campaigns.models import Contribution
rows = Contribution.objects.filter(task__campaign__slug="paper").order_by("submitted_at")
print(json.dumps([list(row.answer["steps"]) for row in rows]))
"""

_ANSWERED = """
import time
from uuid import uuid4
from accounts.models import User
from campaigns.actions import Submission
from campaigns.actions.agreeing import request_agreement
from campaigns.actions.consensus import request_consensus
from campaigns.models import Campaign
from taxonomy.models import Concept
from tests.campaigns.outcomes import answer
campaign = Campaign.objects.get(slug="paper-read")
by = User.objects.get(username="wanda")
flags = campaign.question["steps"][0]["question"]["answers"]
clef = str(Concept.objects.filter(vocabulary=campaign.vocabulary, labels__text="G clef").first().pk)
def no():
    return Submission(uuid4(), {"steps": {"watermark": {"concepts": [flags["no"]]}}})
def full(x, text):
    shape = {"id": str(uuid4()), "box": [x, 120, 90, 140], "concepts": [clef], "origin": "drawn"}
    words = {"texts": [{"value": text, "language": "la"}]}
    return Submission(uuid4(), {"steps": {"watermark": {"concepts": [flags["yes"]]}, "where": {"shapes": [shape]}, "words": words}})
if not campaign.participants.exists():
    answer(campaign, {
        0: [full(100, "Kyrie eleison"), full(104, "Kyrie eleison"), full(102, "Kyrie eleyson")],
        1: [no(), no(), full(300, "Gloria")],
        2: [full(500, "Credo"), full(505, "Credo in unum"), no()],
    })
    jobs = [request_consensus(campaign), request_agreement(campaign, by=by).job]
    for job in jobs:
        while job.state in ("queued", "running"):
            time.sleep(0.5)
            job.refresh_from_db()
        assert job.state == "done", job.error
"""


def said(site: Site) -> list[list[str]]:
    """The steps that were answered in each contribution, by name: the database keeps no order of them."""
    told: list[list[str]] = json.loads(site.manage("shell", "-v0", "-c", _SAID).strip().splitlines()[-1])
    return [sorted(steps) for steps in told]


def begin(site: Site) -> None:
    """A campaign of three steps on the pages of the demonstration; made once."""
    site.manage("demo", "--pages", "4", "--no-samples")
    site.person("wanda", "--curator")
    site.manage("shell", "-v0", "-c", _MAKE)


def states(page: Page) -> list[str]:
    return page.get_by_test_id("steps").locator("li").evaluate_all("all => all.map(one => one.dataset.state)")


def test_yes_then_where_then_what_and_no_at_once(site: Site, open_as) -> None:
    begin(site)
    before = len(said(site))
    page = open_as(None)
    page.goto(WORK)
    hands.wait_for_image(page)
    check_accessible(page)
    assert states(page) == ["here", "ahead", "ahead"]
    expect(page.get_by_test_id("step-prompt")).to_have_text("Is there a clef?")

    # No: nothing else is asked, and it may be handed in.
    page.keyboard.press("n")
    expect(page.get_by_test_id("submit")).to_have_text("Submit")
    assert states(page) == ["here", "moot", "moot"]
    with page.expect_response("**/contributions/"):
        page.keyboard.press("Enter")
    hands.wait_for_image(page)

    # Yes: by keys alone, through a box and a text; a reload in the middle loses nothing.
    page.keyboard.press("y")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("step-prompt")).to_have_text("Draw it.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("obstacle")).to_be_visible()
    page.get_by_test_id("label-card").get_by_text("G clef").wait_for()
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    hands.expect_shapes(page, 1)
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("submit")).to_have_attribute("aria-disabled", "false")
    page.reload()
    hands.wait_for_image(page)
    assert states(page) == ["done", "here", "open"]
    check_accessible(page)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("text")).to_be_focused()
    page.keyboard.type("Kyrie eleison")
    check_accessible(page)

    # Undo crosses steps, and redo comes back.
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert states(page)[1] == "here"
    page.keyboard.press("Control+y")
    # Back at the text the hand writes: its own undo holds there.
    page.keyboard.press("Escape")
    page.keyboard.press("Control+y")
    expect(page.get_by_test_id("text")).to_have_value("Kyrie eleison")
    page.get_by_test_id("text").focus()
    with page.expect_response("**/contributions/"):
        page.keyboard.press("Enter")
    hands.wait_for_image(page)
    assert said(site)[before:] == [["watermark"], ["watermark", "where", "words"]]


def test_on_a_phone_with_a_way_back_to_what_was_said(site: Site, open_as) -> None:
    begin(site)
    phone = open_as(None, PHONE)
    phone.goto(WORK)
    hands.wait_for_image(phone)
    check_accessible(phone)
    phone.get_by_role("button", name="Yes").first.tap()
    phone.get_by_test_id("submit").tap()
    expect(phone.get_by_test_id("step-prompt")).to_have_text("Draw it.")
    phone.get_by_test_id("nothing-here").tap()
    assert states(phone) == ["done", "here", "moot"]
    phone.get_by_role("button", name="Back to step 1").tap()
    expect(phone.get_by_test_id("step-prompt")).to_have_text("Is there a clef?")
    with phone.expect_response("**/contributions/"):
        phone.get_by_test_id("submit").tap()


def test_a_curator_puts_the_steps_together(site: Site, open_as) -> None:
    begin(site)
    page = open_as("wanda")
    page.goto("/campaigns/paper-plan/steps/")
    rows = page.get_by_test_id("step-rows").locator("li")
    expect(rows).to_have_count(3)
    check_accessible(page)

    # Another one, after a certain answer; then up, and out again.
    page.locator("#id_name").fill("why-not")
    page.locator("#id_prompt_en").fill("Why is there none?")
    page.get_by_label("Write a short text").check()
    page.locator("#id_condition").select_option("watermark:answers:no")
    page.locator("[data-step-form] .button--primary").click()
    expect(rows).to_have_count(4)
    expect(rows.nth(3)).to_contain_text("answered by no")
    rows.nth(3).get_by_role("button", name="Up").click()
    expect(rows.nth(2)).to_contain_text("Why is there none?")
    rows.nth(0).get_by_role("button", name="Down").click()
    expect(page.locator("body")).to_contain_text("comes before")
    rows.nth(2).get_by_role("button", name="Take out").click()
    expect(rows).to_have_count(3)

    # One that waits for a label, which is found as one types; Enter in there sends nothing.
    page.locator("#id_name").fill("which")
    page.locator("#id_prompt_en").fill("Is it ornate?")
    expect(page.locator("[data-step-when=concepts]")).to_be_hidden()
    page.locator("#id_condition").select_option("where:concepts")
    finding = page.locator("#id_condition_concepts_q")
    finding.fill("g cl")
    expect(page.locator("#condition_concepts-found")).to_contain_text("begins with “g cl”")
    finding.press("Enter")
    finding.press("ArrowDown")
    page.keyboard.press("Space")
    check_accessible(page)
    finding.fill("f cl")
    expect(page.locator("#condition_concepts-found")).to_contain_text("F clef")
    expect(page.locator("#condition_concepts-found :checked")).to_have_count(1)
    page.locator("[data-step-form] .button--primary").click()
    expect(rows.nth(3)).to_contain_text("was answered with “G clef”, or with something below it")
    rows.nth(3).get_by_role("button", name="Take out").click()
    expect(rows).to_have_count(3)


def test_a_reviewer_takes_labels_by_the_step_and_adds_to_one(site: Site, open_as) -> None:
    begin(site)
    site.manage("shell", "-v0", "-c", _ANSWERED)
    page = open_as("wanda")
    page.goto("/campaigns/paper-read/agreement/")
    expect(page.get_by_test_id("step-report")).to_have_count(3)
    check_accessible(page)
    page.goto("/campaigns/paper-read/dashboard/")
    expect(page.get_by_test_id("strands").locator("tbody tr")).to_have_count(3)
    check_accessible(page)

    page.goto("/campaigns/paper-read/review/")
    page.get_by_test_id("item").first.wait_for()
    check_accessible(page)
    card, adding = page.get_by_test_id("review-item"), page.get_by_test_id("adding")
    # The answers of a step are looked for among its own.
    page.get_by_test_id("items").get_by_role("button").first.click()
    expect(card).to_contain_text("Is there a clef?")
    expect(card).to_contain_text("Cannot tell")
    # What people said is called an answer, and only what they drew was drawn.
    expect(card).to_contain_text("said so")
    expect(page.get_by_test_id("item").first).to_contain_text("said so")
    expect(page.get_by_test_id("status")).to_contain_text("answers are still undecided")
    before = page.get_by_test_id("item").count()
    adding.get_by_role("button", name="Draw it.").click()
    hands.draw_by_mouse(page, (700, 300, 120, 160))
    expect(page.get_by_test_id("item")).to_have_count(before + 1)
    expect(card).to_contain_text("Draw it.")
    expect(card).to_contain_text("G clef")
    expect(card).not_to_contain_text("Cannot tell")
