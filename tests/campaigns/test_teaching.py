"""The tutorial and the questions of a campaign: written, versioned, seen, taken along; known answers stay secret."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from annotation.signals import RescaledCanvas
from campaigns.actions import assign_role, find_participant
from campaigns.actions.definitions import copy_campaign
from campaigns.actions.gold import mark_clearest
from campaigns.actions.rescaling import follow_canvases
from campaigns.actions.teaching import drop_entry, keep_entry, move_entry, set_picture, write_tutorial
from campaigns.models import Campaign, CampaignVersion, Contribution
from campaigns.tutorial import tutorial_of
from problems import Conflict, Invalid, Missing
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, answer, decide_everything, located, merge, task_at

Clef = Callable[[str], Concept]
BOX = [100.0, 200.0, 50.0, 80.0]
ADDRESS = "/api/v1/campaigns/clefs/tutorial/"


def step(
    campaign: Campaign, *, at: int | None = None, concept: Concept | None = None, **more: Any
) -> dict[str, Any]:
    canvas = None if at is None else str(task_at(campaign, at).canvas_id)
    concepts = [str(concept.pk)] if concept else []
    example = None if at is None else {"shapes": [{"box": BOX, "concepts": concepts}]}
    text = {"en": "Look for **clefs**.", "fr": "Cherchez les clefs."}
    return {"id": str(uuid4()), "text": text, "canvas": canvas, "example": example, **more}


@pytest.fixture
def olga(api: APIClient, owner: User) -> APIClient:
    api.force_authenticate(owner)
    return api


def test_a_tutorial_is_written_versioned_and_read(
    campaign: Campaign, olga: APIClient, clef: Clef, owner: User
) -> None:
    steps = [step(campaign), step(campaign, at=1, concept=clef("G"), region=[50, 150, 200, 300])]
    written = olga.put("/api/v1/campaigns/clefs/tutorial/", {"steps": steps}, format="json")
    assert written.status_code == 200, written.content
    again = olga.put("/api/v1/campaigns/clefs/tutorial/", {"steps": written.json()["steps"]}, format="json")
    assert again.json()["config_version"] == written.json()["config_version"]  # nothing changed
    kept = CampaignVersion.objects.get(campaign=campaign, version=written.json()["config_version"])
    assert [one["text"]["fr"] for one in kept.configuration["tutorial"]] == ["Cherchez les clefs."] * 2
    with CaptureQueriesContext(connection) as queries:
        read = olga.get("/api/v1/campaigns/clefs/tutorial/", headers={"Accept-Language": "fr"}).json()
    assert len(queries) == 5
    first, second = read["steps"]
    assert "<strong>clefs</strong>" in first["text_html"]["en"]
    assert first["picture"] is None
    assert second["picture"]["box"] == [50, 150, 200, 300]
    assert "/full/" not in second["picture"]["crop"].split("/image/")[1]
    assert second["marks"] == [{"box": BOX, "points": [], "label": "clef de sol"}]
    detail = olga.get("/api/v1/campaigns/clefs/").json()
    assert detail["tutorial"] == {"steps": 2, "seen": False}


def test_who_has_seen_it_is_remembered_also_of_a_visitor(
    make_campaign: CampaignMaker, api: APIClient, contributor: User
) -> None:
    campaign = make_campaign(allows_anonymous=True)
    for _twice in range(2):
        assert api.post("/api/v1/campaigns/clefs/tutorial/seen/").status_code == 204
    assert api.get("/api/v1/campaigns/clefs/tutorial/").json()["seen"] is True
    api.force_authenticate(contributor)
    assert api.get("/api/v1/campaigns/clefs/tutorial/").json()["seen"] is False
    api.post("/api/v1/campaigns/clefs/tutorial/seen/")
    mine = find_participant(campaign, user=contributor)
    assert mine is not None
    seen_at = mine.tutorial_seen_at
    api.post("/api/v1/campaigns/clefs/tutorial/seen/")
    mine.refresh_from_db()
    assert mine.tutorial_seen_at == seen_at is not None


@pytest.mark.parametrize(
    ("fault", "pointer", "code"),
    [
        ({"text": {}}, "/tutorial/0/text", "no-text"),
        ({"text": {"en": "x" * 5001}}, "/tutorial/0/text/en", "too-long"),
        ({"canvas": str(uuid4())}, "/tutorial/0/canvas", "foreign-canvas"),
        ({"region": [0, 0, 0, 10]}, "/tutorial/0/region", "bad-box"),
        ({"region": "all"}, "/tutorial/0/region", "bad-box"),
        ({"region": [0, 0, float("inf"), 1]}, "/tutorial/0/region", "bad-box"),
        ({"example": {"shapes": [{"box": [1, 2]}]}}, "/tutorial/0/example/shapes/0/box", "bad-box"),
        ({"example": {"concepts": [str(uuid4())]}}, "/tutorial/0/example", "foreign-concept"),
        ({"example": {"concepts": "G"}}, "/tutorial/0/example/concepts", "not-a-list"),
        ({"example": []}, "/tutorial/0/example", "bad-example"),
        (
            {"example": {"shapes": [{"box": BOX, "points": [[1, "x"]]}]}},
            "/tutorial/0/example/shapes/0/points",
            "bad-points",
        ),
        ({"canvas": None}, "/tutorial/0/canvas", "no-canvas"),
        ({"id": "first"}, "/tutorial/0/id", "bad-id"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_place(
    campaign: Campaign, owner: User, fault: dict[str, Any], pointer: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        write_tutorial(campaign, [step(campaign, at=0, **fault)], by=owner)
    assert (refused.value.pointer, refused.value.code) == (pointer, code)


@pytest.mark.parametrize("body", [{}, {"steps": 3}, {"steps": [3]}, {"steps": [{"text": 1}]}, []])
def test_no_body_is_a_fault_of_ours(campaign: Campaign, olga: APIClient, body: Any) -> None:
    assert olga.put("/api/v1/campaigns/clefs/tutorial/", body, format="json").status_code in (400, 422)
    assert olga.put("/api/v1/campaigns/clefs/faq/", body, format="json").status_code in (400, 422)


def test_steps_are_moved_and_taken_out(campaign: Campaign, owner: User) -> None:
    ids = []
    for _number in range(3):
        entry = step(campaign)
        ids.append(entry["id"])
        campaign = keep_entry(campaign, "tutorial", entry, by=owner)

    def now() -> list[str]:
        campaign.refresh_from_db()
        return [one["id"] for one in campaign.tutorial]

    assert now() == ids
    move_entry(campaign, "tutorial", ids[2], -1, by=owner)
    assert now() == [ids[0], ids[2], ids[1]]
    move_entry(campaign, "tutorial", ids[0], -1, by=owner)  # at the end already
    drop_entry(campaign, "tutorial", ids[2], by=owner)
    drop_entry(campaign, "tutorial", ids[2], by=owner)
    assert now() == [ids[0], ids[1]]
    with pytest.raises(Missing):
        move_entry(campaign, "tutorial", ids[2], 1, by=owner)


def test_a_drawn_example_is_shown_close_up(campaign: Campaign, owner: User, clef: Clef) -> None:
    entry = step(campaign)
    campaign = keep_entry(campaign, "tutorial", entry, by=owner)
    drawn = {"shapes": [{"box": BOX, "concepts": [str(clef("F").pk)]}]}
    campaign = set_picture(campaign, entry["id"], task_at(campaign, 2), drawn, by=owner)
    (shown,) = tutorial_of(campaign, "en")
    assert shown.picture is not None
    assert list(shown.picture.box) == [68, 168, 114, 144]  # 40 % of the longer side around it
    assert shown.said == ["F clef"]


def test_outlines_and_points_keep_their_form(
    campaign: Campaign, olga: APIClient, client: Client, owner: User, clef: Clef
) -> None:
    corners = [[100, 200], [150, 200], [100, 280]]
    concepts = [str(clef("F").pk)]
    shapes = [
        {"box": BOX, "points": corners, "concepts": concepts},
        {"box": [90, 90, 20, 20], "points": [[100, 100]], "concepts": []},
    ]
    one = step(campaign, at=0) | {"example": {"shapes": shapes}}
    assert olga.put(ADDRESS, {"steps": [one]}, format="json").status_code == 200
    (shown,) = olga.get(ADDRESS).json()["steps"]
    assert [mark["points"] for mark in shown["marks"]] == [corners, [[100, 100]]]
    client.force_login(owner)
    page = client.get("/campaigns/clefs/tutorial/").content.decode()
    assert '<polygon points="100.0,200.0 150.0,200.0 100.0,280.0" />' in page
    assert '<circle cx="100.0" cy="100.0" r="5.0" />' in page
    campaign.refresh_from_db()
    follow_canvases(None, [RescaledCanvas(task_at(campaign, 0).canvas_id, "", 2.0, 3.0)])
    campaign.refresh_from_db()
    assert campaign.tutorial[0]["example"]["shapes"][0]["points"][1] == [300, 600]


def test_a_known_answer_is_never_told(make_campaign: CampaignMaker, clef: Clef, owner: User) -> None:
    campaign = make_campaign(pages=3, overlap=2)
    answer(campaign, {0: [located([(ONE, clef("F"))]) for _person in range(2)]})
    merge(campaign)
    decide_everything(campaign, owner)
    campaign = write_tutorial(campaign, [step(campaign, at=0, concept=clef("F"))], by=owner)
    assert tutorial_of(campaign, "en")[0].marks
    mark_clearest(campaign, 1, by=owner)
    (shown,) = tutorial_of(campaign, "en")
    assert (shown.marks, shown.said) == ([], [])
    write_tutorial(campaign, [], by=owner)
    with pytest.raises(Conflict) as refused:
        write_tutorial(campaign, [step(campaign, at=0, concept=clef("F"))], by=owner)
    assert refused.value.code == "known-answer"


def test_it_keeps_its_place_when_its_canvas_is_scaled(campaign: Campaign, owner: User, clef: Clef) -> None:
    campaign = write_tutorial(campaign, [step(campaign, at=0, region=[10, 20, 30, 40])], by=owner)
    canvas = task_at(campaign, 0).canvas
    follow_canvases(None, [RescaledCanvas(canvas.pk, "", 2.0, 3.0)])
    campaign.refresh_from_db()
    (scaled,) = campaign.tutorial
    assert scaled["region"] == [20, 60, 60, 120]
    assert scaled["example"]["shapes"][0]["box"] == [200, 600, 100, 240]


def test_it_goes_along_with_copies_and_definitions(
    campaign: Campaign, olga: APIClient, owner: User, clef: Clef
) -> None:
    campaign = write_tutorial(campaign, [step(campaign, at=1, concept=clef("G"))], by=owner)
    entry = {"id": str(uuid4()), "question": {"en": "Why?"}, "answer": {"en": "So."}}
    olga.put("/api/v1/campaigns/clefs/faq/", {"entries": [entry]}, format="json")
    campaign.refresh_from_db()
    copy = copy_campaign(campaign, slug="copy", by=owner)
    assert (copy.tutorial, copy.faq) == (campaign.tutorial, campaign.faq)
    told = olga.get("/api/v1/campaigns/clefs/definition/").json()
    assert told["tutorial"][0]["canvas"] == task_at(campaign, 1).canvas.uri
    made = olga.put("/api/v1/campaigns/elsewhere/definition/", told, format="json")
    assert made.status_code == 201, made.content
    (there,) = Campaign.objects.get(slug="elsewhere").tutorial
    assert there["canvas"] == campaign.tutorial[0]["canvas"]
    assert there["example"] == campaign.tutorial[0]["example"]
    nowhere = {**told, "sources": [], "tutorial": [{**told["tutorial"][0], "canvas": "https://x.example/c"}]}
    assert olga.put("/api/v1/campaigns/bare/definition/", nowhere, format="json").status_code == 201
    assert Campaign.objects.get(slug="bare").tutorial[0]["canvas"] is None
    for bad in ([{"example": 3}], [{"canvas": 1}], [{"canvas": ["x"], "text": {"en": "x"}}]):
        refused = olga.put("/api/v1/campaigns/bad/definition/", {**told, "tutorial": bad}, format="json")
        assert refused.status_code == 422, refused.content


def test_questions_are_written_by_translators_too(
    campaign: Campaign, api: APIClient, owner: User, contributor: User, stranger: User
) -> None:
    assign_role(campaign, stranger, Role.TRANSLATOR, by=owner)
    entry = {"id": str(uuid4()), "question": {"fr": "Pourquoi ?"}, "answer": {"fr": "Voici *pourquoi*."}}
    api.force_authenticate(stranger)
    done = api.put("/api/v1/campaigns/clefs/faq/", {"entries": [entry]}, format="json")
    assert done.status_code == 200, done.content
    api.force_authenticate(None)
    (read,) = api.get("/api/v1/campaigns/clefs/faq/").json()["entries"]
    assert read["answer_html"]["fr"] == "<p>Voici <em>pourquoi</em>.</p>\n"
    api.force_authenticate(contributor)
    refused = api.put("/api/v1/campaigns/clefs/faq/", {"entries": []}, format="json")
    assert refused.status_code == 403


def test_an_answer_names_the_version_of_the_tutorial(
    make_campaign: CampaignMaker, owner: User, clef: Clef
) -> None:
    campaign = make_campaign(pages=2)
    campaign = write_tutorial(campaign, [step(campaign)], by=owner)
    answer(campaign, {0: [located([(ONE, clef("F"))])]})
    assert Contribution.objects.get().campaign_version == campaign.config_version
