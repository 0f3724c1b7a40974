"""Ways into a campaign over REST do what its pages do: links, invitations, roles, groups."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.actions import make_group
from accounts.models import User
from accounts.roles import Role, role_of
from campaigns.actions import assign_role
from campaigns.joining import go_in
from campaigns.models import Campaign, Invitation
from tests.campaigns.conftest import CampaignMaker


@pytest.fixture
def closed(make_campaign: CampaignMaker, owner: User, manager: User) -> Campaign:
    campaign = make_campaign("closed", is_public=False)
    assign_role(campaign, manager, Role.MANAGER, by=owner)
    return campaign


@pytest.fixture
def marc(api: APIClient, manager: User) -> APIClient:
    api.force_authenticate(manager)
    return api


def at(name: str, *more: object) -> str:
    return reverse(name, args=["closed", *more])


def test_a_link_is_made_used_and_revoked(marc: APIClient, closed: Campaign, stranger: User) -> None:
    made = marc.post(at("api-links"), {"name": "A class"})
    assert made.status_code == 201
    secret = made.json()["address"].rstrip("/").rsplit("/", 1)[1]
    go_in(secret, by=stranger)
    assert role_of(stranger, closed) == Role.CONTRIBUTOR
    (listed,) = marc.get(at("api-links")).json()
    assert (listed["name"], listed["used"], "address" in listed) == ("A class", 1, False)
    for _again in range(2):
        assert marc.delete(at("api-link", listed["id"])).status_code == 204
    assert marc.get(at("api-links")).json()[0]["revoked_at"] is not None


def test_invitations_from_a_table_name_the_bad_lines(marc: APIClient, closed: Campaign) -> None:
    table = "name;email\nAnn;ann@example.org\nBob;bob@\nCy;cy@example.org\n"
    sent = {"addresses": table, "role": "observer", "language": "fr"}
    told = marc.post(at("api-invitations"), sent).json()
    assert (told["new"], told["known"], len(told["faults"])) == (2, 0, 1)
    again = marc.post(at("api-invitations"), sent).json()
    assert (again["new"], again["known"]) == (0, 2)
    rows = marc.get(at("api-invitations")).json()["results"]
    assert {(row["email"], row["role"], row["language"]) for row in rows} == {
        ("ann@example.org", "observer", "fr"),
        ("cy@example.org", "observer", "fr"),
    }
    assert all("digest" not in row for row in rows)
    one = rows[0]["id"]
    assert marc.delete(at("api-invitation", one)).status_code == 204
    assert Invitation.objects.get(pk=one).state == "revoked"
    assert marc.post(at("api-invitation-send", one)).json()["state"] == "waiting"


def test_only_owners_make_managers(marc: APIClient, closed: Campaign, manager: User, owner: User) -> None:
    body = {"addresses": "ann@example.org", "role": "manager"}
    assert marc.post(at("api-invitations"), body).status_code == 403
    group = make_group(by=manager, title="A class")
    assert marc.put(at("api-group-role", group.pk), {"role": "manager"}).status_code == 403
    assert marc.put(at("api-role", "marc"), {"role": "owner"}).status_code == 403
    marc.force_authenticate(owner)
    assert marc.post(at("api-invitations"), body).status_code == 202


def test_an_owner_gives_and_takes_roles(
    api: APIClient, closed: Campaign, owner: User, reviewer: User
) -> None:
    api.force_authenticate(owner)
    assert api.put(at("api-role", "ROSA"), {"role": "reviewer"}).json() == {
        "username": "rosa",
        "role": "reviewer",
    }
    assert api.get(at("api-roles")).json() == [
        {"username": "marc", "role": "manager"},
        {"username": "olga", "role": "owner"},
        {"username": "rosa", "role": "reviewer"},
    ]
    for _again in range(2):
        assert api.delete(at("api-role", "rosa")).status_code == 204
    assert role_of(reviewer, closed) is None
    last = api.delete(at("api-role", "olga"))
    assert (last.status_code, last.json()["code"]) == (409, "last-owner")
    assert api.put(at("api-role", "nobody"), {"role": "reviewer"}).status_code == 404
    assert api.put(at("api-role", "rosa"), {"role": "king"}).status_code == 422


def test_groups_are_kept_and_given_roles(
    marc: APIClient, closed: Campaign, stranger: User, owner: User
) -> None:
    group = marc.post(reverse("api-group-list"), {"title": "A class"}).json()["id"]
    members = reverse("api-group-members", args=[group])
    assert marc.post(members, {"members": ["stan", "nobody"]}).json() == {"unknown": ["nobody"]}
    assert marc.get(reverse("api-group", args=[group])).json()["members"] == ["stan"]
    assert marc.put(at("api-group-role", group), {"role": "reviewer"}).status_code == 204
    assert role_of(stranger, closed) == Role.REVIEWER
    (listed,) = marc.get(at("api-group-roles")).json()
    assert (listed["title"], listed["members"], listed["role"]) == ("A class", 1, "reviewer")
    marc.force_authenticate(owner)
    assert marc.get(reverse("api-group", args=[group])).status_code == 404, "another looks after it"
    assert marc.delete(at("api-group-role", group)).status_code == 204, (
        "but who owns the campaign takes its role"
    )
    assert role_of(stranger, closed) is None


def test_a_manager_does_not_take_what_owners_gave_to_a_group(
    api: APIClient, closed: Campaign, owner: User, manager: User
) -> None:
    group = make_group(by=owner, title="Managers")
    api.force_authenticate(owner)
    assert api.put(at("api-group-role", group.pk), {"role": "manager"}).status_code == 204
    api.force_authenticate(manager)
    assert api.delete(at("api-group-role", group.pk)).status_code == 403


def test_a_group_is_emptied_and_dissolved(marc: APIClient, closed: Campaign, stranger: User) -> None:
    group = marc.post(reverse("api-group-list"), {"title": "A class"}).json()["id"]
    marc.post(reverse("api-group-members", args=[group]), {"members": ["stan"]})
    for _again in range(2):
        assert marc.delete(reverse("api-group-member", args=[group, "stan"])).status_code == 204
    assert marc.get(reverse("api-group-list")).json()[0]["size"] == 0
    assert marc.delete(reverse("api-group", args=[group])).status_code == 204
    assert marc.get(reverse("api-group-list")).json() == []


def test_lists_take_as_many_queries_whatever_they_hold(marc: APIClient, closed: Campaign) -> None:
    counts = []
    for number in range(2):
        for more in range(1 + 4 * number):
            marc.post(at("api-links"), {"name": f"link {number} {more}"})
            marc.post(at("api-invitations"), {"addresses": f"p{number}{more}@example.org"})
        taken = []
        for name in ("api-links", "api-invitations", "api-roles", "api-group-roles"):
            with CaptureQueriesContext(connection) as queries:
                assert marc.get(at(name)).status_code == 200
            taken.append(len(queries))
        counts.append(taken)
    assert counts[0] == counts[1]
