"""Sequences about what is there already: something shown is checked and explained, two regions are compared and named."""

import json

from playwright.sync_api import Page, expect

from tests.journeys import hands
from tests.journeys.conftest import Site, check_accessible

_MAKE = """
from uuid import uuid4
from accounts.models import User
from accounts.roles import Role, grant
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Canvas, Layer
from annotation.webanno import build
from campaigns.actions import choose_layers, create_campaign, open_campaign
from campaigns.actions.pairing import choose_pairs
from campaigns.models import Campaign
by = User.objects.get(username="wanda")
example = Campaign.objects.filter(question_kind="locate").order_by("created_at").first()
layer = Layer.objects.create(label={"en": "Clefs found"}, kind="imported", created_by=by)
grant(by, layer, Role.OWNER)
canvas = Canvas.objects.filter(tasks__campaign=example).order_by("manifest", "position").first()
concept = example.vocabulary.concepts.filter(labels__text="G clef").first()
new = []
for x in (100, 300, 500):
    box = Box(x, 120, 90, 140)
    document = build(id="", canvas=canvas.uri, manifest=canvas.manifest.uri, box=box)
    del document["id"]
    new.append(NewAnnotation(id=uuid4(), layer=layer, canvas=canvas, document=document, motivations=("tagging",),
                             box=box, concept_ids=(concept.pk,)))
add_annotations(new)
def step(name, kind, prompt, condition=None, **question):
    return {"name": name, "kind": kind, "condition": condition, "question": {"prompt": {"en": prompt}, **question}}
SEQUENCES = {
    "checked": [
        step("right", "verify", "Is this a G clef?"),
        step("why", "describe", "What is it instead?", {"step": "right", "something": False}),
        step("which", "identify", "Which clef precisely?", {"step": "right", "something": True}),
    ],
    "paired": [
        step("hand", "compare", "Same hand?"),
        step("which", "tag", "Which clef do both show?", {"step": "hand", "answers": ["same", "likely"]}),
        step("words", "describe", "By what do you tell?", {"step": "hand", "answers": ["different"]}),
    ],
}
for slug, steps in SEQUENCES.items():
    made = create_campaign(
        by=by, slug=slug, title={"en": "Look twice"}, vocabulary=example.vocabulary, branch=example.branch,
        question_kind="sequence", question={"prompt": {"en": "Look twice"}, "steps": steps},
        allows_anonymous=True, is_public=True, overlap=30,
    )
    if slug == "paired":
        choose_pairs(made, {"by": "chance", "most": 3, "layers": [layer.pk]}, by=by)
    else:
        choose_layers(made, by=by, layers=[layer.pk])
    open_campaign(made, by=by)
"""
_SAID = """
import json
from campaigns.models import Contribution
rows = Contribution.objects.filter(task__campaign__slug="%s").order_by("submitted_at")
print(json.dumps([[sorted(row.answer["steps"]), row.answer["rejected_predictions"], row.answer.get("left")] for row in rows]))
"""


def said(site: Site, slug: str) -> list[list]:
    told: list[list] = json.loads(site.manage("shell", "-v0", "-c", _SAID % slug).strip().splitlines()[-1])
    return told


def states(page: Page) -> list[str]:
    return page.get_by_test_id("steps").locator("li").evaluate_all("all => all.map(one => one.dataset.state)")


def test_what_is_shown_and_what_stands_beside_it(site: Site, open_as) -> None:
    site.manage("demo", "--pages", "4", "--no-samples")
    site.person("wanda", "--curator")
    site.manage("shell", "-v0", "-c", _MAKE)

    # Wrong: why? The letter goes on by itself, and nothing is suggested to the text.
    page = open_as(None)
    page.goto("/campaigns/checked/work/")
    hands.wait_for_image(page)
    assert states(page) == ["here", "ahead", "ahead"]
    check_accessible(page)
    page.keyboard.press("r")
    expect(page.get_by_test_id("step-prompt")).to_have_text("What is it instead?")
    assert states(page) == ["done", "here", "moot"]
    check_accessible(page)
    page.get_by_role("textbox").first.fill("An ornament")
    page.get_by_test_id("submit").click()
    expect(page.get_by_test_id("step-prompt")).to_have_text("Is this a G clef?")

    # Wrong, and on second thoughts right: which one? A reload in the middle loses nothing.
    hands.wait_for_image(page)
    page.keyboard.press("r")
    page.get_by_test_id("steps").get_by_role("button").first.click()
    page.wait_for_timeout(400)  # the second half of a double press is left out
    with page.expect_response(lambda kept: kept.url.endswith("/draft/") and kept.request.method == "PUT"):
        page.keyboard.press("a")
        expect(page.get_by_test_id("step-prompt")).to_have_text("Which clef precisely?")
    page.reload()
    hands.wait_for_image(page)
    assert states(page) == ["done", "moot", "here"]
    page.keyboard.press("1")
    with page.expect_response("**/contributions/") as handed:
        page.get_by_test_id("submit").click()
    assert handed.value.status == 201
    (first, second) = said(site, "checked")
    assert (first[0], len(first[1])) == (["right", "why"], 1)
    assert (second[0], second[1]) == (["right", "which"], [])

    # Two pictures stay beside each other through all steps; what was put on the left is handed in.
    page.goto("/campaigns/paired/work/")
    page.locator(".rw-workbench[data-phase=working]").wait_for()
    check_accessible(page)
    page.keyboard.press("1")
    page.get_by_test_id("submit").click()
    expect(page.get_by_test_id("step-prompt")).to_have_text("Which clef do both show?")
    expect(page.get_by_test_id("stage")).to_have_count(2)
    check_accessible(page)
    page.get_by_test_id("steps").get_by_role("button").first.click()
    page.keyboard.press("3")
    page.get_by_test_id("submit").click()
    expect(page.get_by_test_id("step-prompt")).to_have_text("By what do you tell?")
    page.get_by_role("textbox").first.fill("The flag of the stem")
    with page.expect_response("**/contributions/") as handed:
        page.get_by_test_id("submit").click()
    assert handed.value.status == 201
    ((steps, rejected, left),) = said(site, "paired")
    assert (steps, rejected) == (["hand", "words"], [])
    assert left
