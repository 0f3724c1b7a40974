"""Campaigns over REST for those who run them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from campaigns.actions import assign_role, claim, join_campaign, submit
from campaigns.models import Campaign, CampaignVersion, Task
from taxonomy.models import Concept, Vocabulary
from tests.campaigns.conftest import CampaignMaker, make_manifest, make_vocabulary, nothing_here


@pytest.fixture
def olga(api: APIClient, owner: User) -> APIClient:
    api.force_authenticate(owner)
    return api


REQUEST: dict[str, Any] = {
    "slug": "hands",
    "title": {"en": "Which hand?", "fr": "Quelle main ?"},
    "question_kind": "tag",
    "question": {"prompt": {"en": "Which hand wrote this page?"}, "many": True},
    "vocabulary": "clefs",
}


def test_a_campaign_from_nothing_to_open(
    olga: APIClient, owner: User, vocabulary: Vocabulary, contributor: User
) -> None:
    made = olga.post(reverse("api-campaign-list"), {**REQUEST, "overlap": 2, "instructions": {"en": "Look."}})
    assert made.status_code == 201, made.content
    assert (made.json()["status"], made.json()["config_version"]) == ("draft", 1)
    opened = olga.post(reverse("api-campaign-open", args=["hands"]))
    assert (opened.status_code, opened.json()["errors"][0]["pointer"]) == (409, "/canvases")
    manifest = make_manifest(3, owner)
    address = reverse("api-campaign-canvases", args=["hands"])
    assert olga.post(address, {"manifests": [str(manifest.pk)]}).json() == {"added": 3, "tasks": 3}
    canvas = make_manifest(2, owner).canvases.order_by("position").first()
    assert canvas is not None
    assert olga.post(address, {"canvases": [str(canvas.pk)]}).json() == {"added": 1, "tasks": 4}
    preview = olga.get(reverse("api-campaign-preview", args=["hands"]), {"position": 3}).json()
    assert preview["task"]["canvas"]["id"] == str(canvas.pk)
    assert (preview["predictions"], preview["obstacles"]) == ([], [])
    assert olga.get(reverse("api-campaign-preview", args=["hands"]), {"position": 9}).json()["task"] is None
    for step, status in (
        ("open", "open"),
        ("pause", "paused"),
        ("open", "open"),
        ("close", "closed"),
        ("open", "open"),
    ):
        response = olga.post(reverse(f"api-campaign-{step}", args=["hands"]))
        assert (response.status_code, response.json()["status"]) == (200, status)


def test_settings_are_changed_by_patch(
    olga: APIClient, campaign: Campaign, clef: Callable[[str], Concept]
) -> None:
    address = reverse("api-campaign-detail", args=["clefs"])
    response = olga.patch(address, {"overlap": 5, "branch": str(clef("top").pk), "allows_anonymous": True})
    assert response.status_code == 200, response.content
    body = response.json()
    assert (body["overlap"], body["branch"], body["config_version"]) == (5, str(clef("top").pk), 2)
    assert olga.patch(address, {"branch": None}).json()["branch"] is None
    assert CampaignVersion.objects.count() == 3
    for wrong in (
        {"overlap": 0}, {"overlap": "x"}, {"question": {"kind": 1}}, {"question": []}, {"branch": str(uuid4())},
        {"title": {"en": ["x"]}}, {"title": "x"}, {"shown_run": str(uuid4())}, {"overlap": 10**12},
    ):  # fmt: skip
        response = olga.patch(address, wrong)
        assert response.status_code == 422, (wrong, response.content)
        assert response.json()["errors"][0]["pointer"].startswith(f"/{next(iter(wrong))}")
    assert olga.patch(address, {"vocabulary": "nowhere"}).status_code == 404
    assert CampaignVersion.objects.count() == 3


def test_a_hidden_vocabulary_cannot_be_used(olga: APIClient, vocabulary: Vocabulary) -> None:
    hidden = make_vocabulary("hidden")
    Vocabulary.objects.filter(pk=hidden.pk).update(is_public=False)
    assert olga.post(reverse("api-campaign-list"), {**REQUEST, "vocabulary": "hidden"}).status_code == 404
    foreign = {**REQUEST, "branch": str(hidden.concepts.get(notation="G").pk)}
    assert olga.post(reverse("api-campaign-list"), foreign).status_code == 422


def test_unknown_sources_are_pointed_at(olga: APIClient, campaign: Campaign) -> None:
    address = reverse("api-campaign-canvases", args=["clefs"])
    for body in (
        {"manifests": [str(uuid4())]},
        {"canvases": [str(uuid4())]},
        {"canvases": ["x"]},
        {},
        {"canvases": 7},
    ):
        assert olga.post(address, body).status_code == 422
    assert Task.objects.count() == 4


def test_the_list_shows_what_one_may_see(
    make_campaign: CampaignMaker,
    olga: APIClient,
    stranger: User,
    contributor: User,
    owner: User,
    django_assert_max_num_queries: Callable[[int], CaptureQueriesContext],
) -> None:
    make_campaign("public")
    make_campaign("draft", open_it=False)
    hidden = make_campaign("hidden", is_public=False)
    assign_role(hidden, contributor, Role.CONTRIBUTOR, by=owner)

    def slugs(client: APIClient) -> list[str]:
        with django_assert_max_num_queries(4):
            body = client.get(reverse("api-campaign-list")).json()
        assert body["count"] == len(body["results"])
        return [row["slug"] for row in body["results"]]

    assert slugs(APIClient()) == ["public"]
    assert slugs(olga) == ["hidden", "draft", "public"]
    for user, expected in ((stranger, ["public"]), (contributor, ["hidden", "public"])):
        client = APIClient()
        client.force_authenticate(user)
        assert slugs(client) == expected
    row = APIClient().get(reverse("api-campaign-list"), {"page_size": 1}).json()["results"][0]
    assert row["progress"] == {"tasks": 4, "retired": 0, "contributions": 0}
    assert set(row) >= {"slug", "title", "summary", "status", "question_kind", "overlap"}


def test_participants_are_pseudonyms(
    campaign: Campaign, olga: APIClient, contributor: User, stranger: User
) -> None:
    carl = join_campaign(campaign, user=contributor)
    join_campaign(campaign, visitor="v" * 64)
    for _ in range(2):
        lease = claim(campaign, carl).assignment
        assert lease is not None
        submit(lease, nothing_here())
    body = olga.get(reverse("api-campaign-participants", args=["clefs"])).json()
    assert body["count"] == 2
    first, second = body["results"]
    assert (first["pseudonym"], first["contributions"], first["counted"], first["signed_in"]) == (
        "Carl",
        2,
        2,
        True,
    )
    assert (second["contributions"], second["signed_in"], second["first_at"]) == (0, False, None)
    assert contributor.email not in str(body)


ROUTES = [
    ("patch", "api-campaign-detail"),
    ("post", "api-campaign-open"),
    ("post", "api-campaign-pause"),
    ("post", "api-campaign-close"),
    ("post", "api-campaign-canvases"),
    ("get", "api-campaign-preview"),
    ("get", "api-campaign-participants"),
]


@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_running_a_campaign_is_for_those_who_run_it(
    campaign: Campaign,
    owner: User,
    manager: User,
    reviewer: User,
    contributor: User,
    observer: User,
    stranger: User,
    method: str,
    route: str,
) -> None:
    roles = (
        (manager, Role.MANAGER),
        (reviewer, Role.REVIEWER),
        (contributor, Role.CONTRIBUTOR),
        (observer, Role.OBSERVER),
    )
    for user, role in roles:
        assign_role(campaign, user, role, by=owner)
    statuses = []
    for user in (owner, manager, reviewer, contributor, observer, stranger, None):
        client = APIClient()
        client.force_authenticate(user)
        statuses.append(
            getattr(client, method)(
                reverse(route, args=["clefs"]), {} if method != "get" else None
            ).status_code
        )
    assert set(statuses[:2]) <= {200, 422}
    assert statuses[2:] == [403, 403, 403, 403, 401]


def test_making_one_is_for_curators(stranger: User, vocabulary: Vocabulary) -> None:
    client = APIClient()
    assert client.post(reverse("api-campaign-list"), REQUEST).status_code == 401
    client.force_authenticate(stranger)
    assert client.post(reverse("api-campaign-list"), REQUEST).status_code == 403
