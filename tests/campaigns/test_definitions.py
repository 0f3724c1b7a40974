"""Definitions: taken along and started from elsewhere, copied here; nothing is left out without a word."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from annotation.models import Manifest
from campaigns.actions import assign_role, claim, join_campaign, submit
from campaigns.models import Campaign, Contribution, Task
from taxonomy.models import Concept
from tests.annotation.conftest import annotate, make_layer
from tests.campaigns.conftest import CampaignMaker, make_manifest, nothing_here

Clef = Callable[[str], Concept]


@pytest.fixture
def olga(api: APIClient, owner: User) -> APIClient:
    api.force_authenticate(owner)
    return api


@pytest.fixture
def campaign(make_campaign: CampaignMaker, clef: Clef) -> Campaign:
    return make_campaign(
        branch=clef("top"), overlap=5, lease_minutes=12, rights="http://example.org/rights", gold_share=0.125,
        gold_feedback=True, qualify_count=7, qualify_share=0.8, requalify=True, blind_share=0.3,
    )  # fmt: skip


def definition(client: APIClient, slug: str = "clefs") -> dict[str, Any]:
    answer = client.get(f"/api/v1/campaigns/{slug}/definition/")
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def test_a_definition_makes_the_same_campaign_elsewhere(olga: APIClient, campaign: Campaign) -> None:
    told = definition(olga)
    ids = [str(pk) for pk in (campaign.pk, campaign.branch_id, campaign.vocabulary_id)]
    assert not any(f'"{pk}"' in json.dumps(told) for pk in ids), "nothing in it is an id of this site"
    made = olga.put("/api/v1/campaigns/clefs-again/definition/", told, format="json")
    assert (made.status_code, made.json()["missing"], made.json()["status"]) == (201, [], "draft")
    again = Campaign.objects.get(slug="clefs-again")
    assert [task.canvas_id for task in again.tasks.order_by("position")] == [
        task.canvas_id for task in campaign.tasks.order_by("position")
    ]
    assert {**definition(olga, "clefs-again"), "slug": "clefs"} == told
    assert (again.gold_share, again.gold_feedback, again.qualify_count) == (0.125, True, 7)
    assert (again.qualify_share, again.requalify, again.blind_share) == (0.8, True, 0.3)


def test_what_is_not_here_is_named(olga: APIClient, campaign: Campaign) -> None:
    told = {**definition(olga), "sources": ["https://elsewhere.example/manifest"]}
    made = olga.put("/api/v1/campaigns/again/definition/", told, format="json")
    assert made.json()["missing"] == ["https://elsewhere.example/manifest"]
    assert Campaign.objects.get(slug="again").tasks.count() == 0


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"vocabulary": {"uri": "https://elsewhere.example/v"}}, 422, "/vocabulary"),
        ({"branch": "https://elsewhere.example/b"}, 422, "/branch"),
        ({"type": "Something"}, 422, "/type"),
        ({"version": 2}, 422, "/type"),
        ({"question_kind": "guess"}, 422, "/question_kind"),
        ({"overlap": "many"}, 422, "/overlap"),
        ({"title": {}}, 422, "/title"),
        ({"sources": "all"}, 422, "/sources"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(
    olga: APIClient, campaign: Campaign, change: dict[str, Any], status: int, pointer: str
) -> None:
    answer = olga.put("/api/v1/campaigns/again/definition/", {**definition(olga), **change}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer), answer.content
    assert not Campaign.objects.filter(slug="again").exists()


def test_a_taken_address_is_a_conflict(olga: APIClient, campaign: Campaign) -> None:
    assert olga.put("/api/v1/campaigns/clefs/definition/", definition(olga), format="json").status_code == 409


def test_a_source_that_one_may_not_see_counts_as_missing(
    olga: APIClient, campaign: Campaign, stranger: User
) -> None:
    hidden = make_manifest(2, stranger, is_public=False)
    told = {**definition(olga), "sources": [hidden.uri]}
    assert olga.put("/api/v1/campaigns/again/definition/", told, format="json").json()["missing"] == [
        hidden.uri
    ]


def test_a_copy_has_all_tasks_and_no_answers(olga: APIClient, campaign: Campaign) -> None:
    person = join_campaign(campaign, visitor="v" * 32)
    claimed = claim(campaign, person)
    assert claimed.assignment
    submit(claimed.assignment, nothing_here())
    Task.objects.filter(campaign=campaign, position=2).update(
        region_x=1, region_y=2, region_w=30, region_h=40
    )
    made = olga.post("/api/v1/campaigns/clefs/copy/", {"slug": "clefs-2"}, format="json")
    assert (made.status_code, made.json()["title"]["en"]) == (201, "Draw every clef (copy)"), made.content
    assert made.json()["title"]["fr"].endswith("(copie)")
    copy = Campaign.objects.get(slug="clefs-2")
    shape = ("canvas_id", "region_x", "region_h", "position")
    assert list(copy.tasks.order_by("position").values_list(*shape)) == list(
        campaign.tasks.order_by("position").values_list(*shape)
    )
    assert set(copy.tasks.values_list("state", flat=True)) == {"open"}
    assert not Contribution.objects.filter(task__campaign=copy).exists()
    assert copy.contributions_layer_id != campaign.contributions_layer_id
    assert (copy.overlap, copy.branch_id, copy.cover_id) == (5, campaign.branch_id, campaign.cover_id)


def test_a_copy_opens_no_door_to_hidden_images(olga: APIClient, campaign: Campaign, stranger: User) -> None:
    Manifest.objects.update(is_public=False, created_by=stranger)
    answer = olga.post("/api/v1/campaigns/clefs/copy/", {"slug": "clefs-2"}, format="json")
    assert answer.status_code == 403, answer.content
    assert not Campaign.objects.filter(slug="clefs-2").exists()


def test_nor_to_the_hidden_other_half_of_a_pair(
    olga: APIClient, campaign: Campaign, owner: User, stranger: User
) -> None:
    layer, hidden = make_layer(owner), make_manifest(1, stranger, is_public=False)
    task = Task.objects.filter(campaign=campaign).select_related("canvas").order_by("position")[0]
    about, beside = (annotate(layer, canvas)[0] for canvas in (task.canvas, hidden.canvases.get()))
    Task.objects.filter(pk=task.pk).update(about=about, beside=beside)
    answer = olga.post("/api/v1/campaigns/clefs/copy/", {"slug": "clefs-2"}, format="json")
    assert answer.status_code == 403, answer.content
    assert not Campaign.objects.filter(slug="clefs-2").exists()


def test_who_runs_a_campaign_without_being_a_curator(
    campaign: Campaign, owner: User, contributor: User, api: APIClient
) -> None:
    assign_role(campaign, contributor, Role.MANAGER, by=owner)
    api.force_authenticate(contributor)
    assert definition(api)["title"]["en"] == "Draw every clef"
    assert api.post("/api/v1/campaigns/clefs/copy/", {"slug": "mine"}, format="json").status_code == 403


def test_on_the_page_of_settings(campaign: Campaign, owner: User, client: Client) -> None:
    client.force_login(owner)
    page = client.get("/campaigns/clefs/edit/").content.decode()
    assert "/api/v1/campaigns/clefs/definition/" in page
    sent = client.post("/campaigns/clefs/copy/", {"copy_slug": "clefs-2"})
    assert sent.headers["Location"] == "/campaigns/clefs-2/edit/"
    again = client.post("/campaigns/clefs/copy/", {"copy_slug": "clefs-2"}, follow=True)
    assert "exists already" in again.content.decode()
