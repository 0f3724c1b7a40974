"""Who may see which of the curator's pages, and write on them."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from annotation.models import SourceImport
from campaigns.actions import assign_role
from campaigns.models import Campaign, CampaignUserObjectPermission
from taxonomy.models import VocabularyImport
from tests.campaigns.conftest import CampaignMaker, make_manifest
from tests.frontend.curating import FOR_ALL, FOR_CURATORS, OPEN_TO
from tests.frontend.pages import browser, status_of, text

OWNER, MANAGER, REVIEWER, CONTRIBUTOR, OBSERVER, STRANGER, VISITOR = range(7)


@pytest.fixture
def cast(
    campaign: Campaign,
    owner: User,
    manager: User,
    reviewer: User,
    contributor: User,
    observer: User,
    stranger: User,
) -> list[Client]:
    """A browser for each of the cast, in the order of their names above."""
    roles = {
        manager: Role.MANAGER, reviewer: Role.REVIEWER, contributor: Role.CONTRIBUTOR, observer: Role.OBSERVER,
    }  # fmt: skip
    for user, role in roles.items():
        assign_role(campaign, user, role, by=owner)
    people = [owner, manager, reviewer, contributor, observer, stranger]
    return [*(browser(user) for user in people), Client()]


@pytest.mark.parametrize("route", OPEN_TO)
def test_pages_of_a_campaign_open_by_role(cast: list[Client], route: str) -> None:
    address = reverse(route, args=["clefs"])
    assert tuple(status_of(client.get(address)) for client in cast) == OPEN_TO[route]


@pytest.mark.parametrize("route", FOR_CURATORS)
def test_only_curators_bring_things_in(cast: list[Client], route: str) -> None:
    assert [status_of(client.get(reverse(route))) for client in cast] == [200, 200, 403, 403, 403, 403, 401]


@pytest.mark.parametrize("route", FOR_ALL)
def test_what_is_public_everybody_sees(cast: list[Client], route: str) -> None:
    assert [status_of(client.get(reverse(route))) for client in cast] == [200] * 7


def test_a_draft_is_invisible_to_others(make_campaign: CampaignMaker, stranger: User) -> None:
    make_campaign("draft", open_it=False)
    for route in OPEN_TO:
        assert browser(stranger).get(reverse(route, args=["draft"])).status_code == 404


@pytest.mark.parametrize(
    ("route", "data", "statuses"),
    [
        ("campaign-step", {"step": "pause"}, (302, 302, 403, 403, 403, 403, 401)),
        ("campaign-consensus", {}, (302, 302, 403, 403, 403, 403, 401)),
        ("campaign-accept", {}, (302, 302, 302, 403, 403, 403, 401)),
        ("campaign-shown-run", {"run": ""}, (302, 302, 403, 403, 403, 403, 401)),
        ("campaign-people", {"who": "stan", "role": "reviewer"}, (302, 403, 403, 403, 403, 403, 401)),
    ],
)
def test_writing_needs_the_role(
    cast: list[Client], route: str, data: dict[str, str], statuses: tuple[int, ...]
) -> None:
    address = reverse(route, args=["clefs"])
    assert tuple(status_of(client.post(address, data)) for client in cast) == statuses


def test_a_manager_cannot_make_himself_an_owner(
    cast: list[Client], campaign: Campaign, manager: User
) -> None:
    response = cast[MANAGER].post(
        reverse("campaign-people", args=["clefs"]), {"who": "marc", "role": "owner"}
    )
    assert response.status_code == 403
    grants = CampaignUserObjectPermission.objects.filter(content_object=campaign, user=manager)
    assert "own_campaign" not in grants.values_list("permission__codename", flat=True)
    assert "Give the role" not in text(cast[MANAGER].get(reverse("campaign-people", args=["clefs"])))


def test_an_import_is_its_owners_business(desk: Client, manager: User, owner: User) -> None:
    source = SourceImport.objects.create(kind="url", url="https://example.org/m.json", created_by=owner)
    record = VocabularyImport.objects.create(slug="clefs", format="csv", created_by=owner)
    for route, pk in (("source-import-progress", source.pk), ("vocabulary-import-progress", record.pk)):
        address = reverse(route, args=[pk])
        assert desk.get(address).status_code == 200
        assert browser(manager).get(address).status_code == 404
        assert status_of(Client().get(address)) == 401


def test_a_private_source_is_seen_by_its_owner_alone(desk: Client, owner: User, manager: User) -> None:
    manifest = make_manifest(1, owner, is_public=False)
    canvas = manifest.canvases.get()
    assign = {"source": [manifest.pk], "canvas": [manifest.pk, canvas.pk]}
    for route, arguments in assign.items():
        assert browser(manager).get(reverse(route, args=arguments)).status_code == 404
    assert str(manifest.pk) not in browser(manager).get(reverse("source-list")).content.decode()
