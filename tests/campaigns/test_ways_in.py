"""Ways into a campaign: links, invitations, groups, translators; and what happens at the same moment."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import add_members, dissolve_group, make_group, remove_member
from accounts.models import User
from accounts.roles import Role, role_of, verbs_of
from campaigns.actions import assign_group_role, assign_role, invitations
from campaigns.actions.invitations import accept, invite, send_again, withdraw
from campaigns.actions.links import follow_link, make_link, revoke_link
from campaigns.actions.texts import texts_of, write_texts
from campaigns.joining import find_door, go_in
from campaigns.models import Campaign, Invitation, JoinLinkUse, Release
from campaigns.permissions import get_campaign_for, visible_campaigns, visible_releases
from campaigns.reading_addresses import read_addresses
from problems import Conflict, Invalid, Missing, Problem, Refused
from tests.campaigns.conftest import CampaignMaker, in_threads
from work.actions import run_job
from work.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(make_campaign: CampaignMaker) -> Campaign:
    """Open for work, and for nobody without a role."""
    return make_campaign("closed", is_public=False)


def secret_in(message: mail.EmailMessage) -> str:
    found = re.search(r"/join/(rub_[\w-]+)/", str(message.body))
    assert found
    return found[1]


def send_all() -> None:
    for job in Job.objects.filter(kind="campaigns.invite", state=Job.State.QUEUED):
        run_job(str(job.pk))
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.error


# --- by link --------------------------------------------------------------------------------------


def test_a_link_makes_contributors_and_counts_each_once(
    closed: Campaign, owner: User, stranger: User
) -> None:
    link, secret = make_link(closed, name="A class", by=owner)
    assert secret not in str(link.__dict__)
    with pytest.raises(Missing):
        get_campaign_for(stranger, "closed", "view")
    for _again in range(2):
        assert go_in(secret, by=stranger) == closed
    assert role_of(stranger, closed) == Role.CONTRIBUTOR
    assert get_campaign_for(stranger, "closed", "contribute") == closed
    assert link.uses.count() == 1


def test_a_link_takes_no_role_away(closed: Campaign, owner: User, reviewer: User, stranger: User) -> None:
    _link, secret = make_link(closed, name="A class", by=owner)
    assign_role(closed, reviewer, Role.REVIEWER, by=owner)
    go_in(secret, by=reviewer)
    assert role_of(reviewer, closed) == Role.REVIEWER
    assign_role(closed, stranger, Role.TRANSLATOR, by=owner)
    with pytest.raises(Conflict) as refused:
        go_in(secret, by=stranger)
    assert refused.value.code == "other-role"
    assert role_of(stranger, closed) == Role.TRANSLATOR


def test_a_revoked_link_lets_in_nobody_even_who_had_the_page_open(
    closed: Campaign, owner: User, stranger: User
) -> None:
    link, secret = make_link(closed, name="A class", by=owner)
    door = find_door(secret)
    revoke_link(closed, link.pk)
    revoke_link(closed, link.pk)
    with pytest.raises(Missing):
        find_door(secret)
    with pytest.raises(Missing):
        follow_link(door.by.pk, by=stranger)
    assert role_of(stranger, closed) is None


@pytest.mark.django_db(transaction=True)
def test_of_a_visit_and_a_revocation_at_once_one_comes_first(
    closed: Campaign, owner: User, stranger: User
) -> None:
    link, secret = make_link(closed, name="A class", by=owner)

    def work(number: int) -> bool:
        if number == 0:
            revoke_link(closed, link.pk)
            return False
        try:
            go_in(secret, by=stranger)
        except Missing:
            return False
        return True

    came_in = any(in_threads(4, work))
    assert JoinLinkUse.objects.count() == int(came_in)
    assert (role_of(stranger, closed) == Role.CONTRIBUTOR) == came_in


# --- by invitation --------------------------------------------------------------------------------


def test_addresses_are_read_and_bad_lines_named() -> None:
    found = read_addresses(
        "\ufeffname;e-mail\r\nAda;ada@example.org\n\nnobody\nBo,bo@,x\nADA@example.org\ncy@example.org"
    )
    assert found.good == ("ada@example.org", "cy@example.org")
    assert [fault.pointer for fault in found.faults] == ["/emails/4", "/emails/5", "/emails/6"]
    assert "Line 4" in found.faults[0].detail


def test_an_invitation_is_mailed_in_the_readers_language_and_accepted_once(
    closed: Campaign, owner: User, stranger: User, observer: User
) -> None:
    observer.language = "fr"
    observer.save()
    asked = ["new@example.org", observer.email.upper()]
    assert invite(closed, asked, role=Role.REVIEWER, language="en", by=owner) == 2
    assert invite(closed, ["NEW@example.org"], role=Role.OBSERVER, language="en", by=owner) == 0
    send_all()
    by_address = {message.to[0].lower(): message for message in mail.outbox}
    assert "An invitation" in by_address["new@example.org"].subject
    assert "Invitation à" in by_address[observer.email].subject
    assert "Dessinez chaque clef" in str(by_address[observer.email].body)
    secret = secret_in(by_address["new@example.org"])
    assert secret not in str(list(Invitation.objects.values()))
    for _again in range(2):
        go_in(secret, by=stranger)
    assert role_of(stranger, closed) == Role.REVIEWER
    with pytest.raises(Conflict):
        go_in(secret, by=observer)
    assert role_of(observer, closed) is None


def test_an_invitation_ends_and_is_sent_again(closed: Campaign, owner: User, stranger: User) -> None:
    invite(closed, ["new@example.org"], role=Role.OBSERVER, language="en", by=owner)
    send_all()
    row = Invitation.objects.get()
    first = secret_in(mail.outbox[0])
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        with pytest.raises(Missing):
            go_in(first, by=stranger)
        send_again(closed, row.pk, by=owner)
        send_all()
        second = secret_in(mail.outbox[1])
        with pytest.raises(Missing):
            accept(row.pk, first, by=stranger)
        go_in(second, by=stranger)
    assert role_of(stranger, closed) == Role.OBSERVER
    with pytest.raises(Conflict):
        send_again(closed, row.pk, by=owner)
    with pytest.raises(Conflict):
        withdraw(closed, row.pk)


def test_what_is_withdrawn_is_not_sent_and_opens_nothing(
    closed: Campaign, owner: User, stranger: User
) -> None:
    invite(closed, ["a@example.org", "b@example.org"], role=Role.OBSERVER, language="fr", by=owner)
    withdraw(closed, Invitation.objects.get(email="a@example.org").pk)
    send_all()
    assert [message.to for message in mail.outbox] == [["b@example.org"]]
    withdraw(closed, Invitation.objects.get(email="b@example.org").pk)
    with pytest.raises(Missing):
        go_in(secret_in(mail.outbox[0]), by=stranger)


def test_a_mail_that_cannot_leave_is_told_and_the_others_go(
    closed: Campaign, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = invitations.send_mail

    def refuse(subject: str, body: str, sender: None, to: list[str]) -> int:
        if to == ["a@example.org"]:
            raise OSError("refused")
        return real(subject, body, sender, to)

    monkeypatch.setattr(invitations, "send_mail", refuse)
    invite(closed, ["a@example.org", "b@example.org"], role=Role.OBSERVER, language="en", by=owner)
    send_all()
    assert dict(Invitation.objects.values_list("email", "state")) == {
        "a@example.org": "failed",
        "b@example.org": "sent",
    }


def test_a_late_failure_takes_nothing_from_what_was_sent_again(
    closed: Campaign, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = invitations.send_mail

    def fail_late(*_mail: object) -> int:
        monkeypatch.setattr(invitations, "send_mail", real)
        send_again(closed, Invitation.objects.get().pk, by=owner)
        send_all()
        raise OSError("timed out")

    monkeypatch.setattr(invitations, "send_mail", fail_late)
    invite(closed, ["a@example.org"], role=Role.OBSERVER, language="en", by=owner)
    send_all()
    assert Invitation.objects.get().state == "sent"
    assert Invitation.objects.get().digest


@pytest.mark.django_db(transaction=True)
def test_an_invitation_is_taken_up_by_one_of_two(
    closed: Campaign, owner: User, stranger: User, observer: User
) -> None:
    invite(closed, ["new@example.org"], role=Role.CONTRIBUTOR, language="en", by=owner)
    send_all()
    secret = secret_in(mail.outbox[0])
    both = [stranger, observer]

    def work(number: int) -> bool:
        try:
            go_in(secret, by=both[number])
        except Problem:
            return False
        return True

    assert sorted(in_threads(2, work)) == [False, True]
    assert [role_of(person, closed) for person in both].count(Role.CONTRIBUTOR) == 1


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OWNER])
def test_only_owners_invite_managers(closed: Campaign, owner: User, manager: User, role: Role) -> None:
    assign_role(closed, manager, Role.MANAGER, by=owner)
    with pytest.raises(Refused):
        invite(closed, ["new@example.org"], role=role, language="en", by=manager)
    assert invite(closed, ["new@example.org"], role=Role.REVIEWER, language="en", by=manager) == 1
    assert invite(closed, ["other@example.org"], role=role, language="en", by=owner) == 1


# --- by group -------------------------------------------------------------------------------------


def test_a_role_of_a_group_is_that_of_its_members_while_they_are_in_it(
    closed: Campaign, owner: User, stranger: User
) -> None:
    group = make_group(by=owner, title="A class")
    assign_group_role(closed, group, Role.REVIEWER, by=owner)
    release = Release.objects.create(
        campaign=closed, number=1, is_public=False, created_by=owner, manifest={}
    )
    assert add_members(group, ["STAN", "nobody"]) == ["nobody"]
    assert get_campaign_for(stranger, "closed", "review") == closed
    assert closed in visible_campaigns(stranger)
    assert release in visible_releases(stranger)
    assert verbs_of(stranger, closed.contributions_layer) == {"view"}
    remove_member(group, "stan")
    with pytest.raises(Missing):
        get_campaign_for(stranger, "closed", "view")
    assert verbs_of(stranger, closed.contributions_layer) == set()
    add_members(group, [stranger.email])
    assert get_campaign_for(stranger, "closed", "review") == closed
    dissolve_group(group)
    assert closed not in visible_campaigns(stranger)


def test_the_gate_is_one_query_with_groups_as_without(
    closed: Campaign, owner: User, stranger: User, django_assert_num_queries: object
) -> None:
    group = make_group(by=owner, title="A class")
    add_members(group, ["stan"])
    assign_group_role(closed, group, Role.CONTRIBUTOR, by=owner)
    with django_assert_num_queries(1):  # type: ignore[operator]
        get_campaign_for(stranger, "closed", "contribute")


def test_a_group_owns_no_campaign_and_is_made_by_curators(
    closed: Campaign, owner: User, stranger: User
) -> None:
    with pytest.raises(Invalid):
        assign_group_role(closed, make_group(by=owner, title="A class"), Role.OWNER, by=owner)
    with pytest.raises(Refused):
        make_group(by=stranger, title="Mine")


# --- translators ----------------------------------------------------------------------------------


def test_a_translator_writes_texts_and_nothing_else(closed: Campaign, owner: User, stranger: User) -> None:
    assign_role(closed, stranger, Role.TRANSLATOR, by=owner)
    assert role_of(stranger, closed) == Role.TRANSLATOR
    assert role_of(stranger, closed.ground_truth_layer) == Role.OBSERVER
    for verb in ("contribute", "review", "manage", "own"):
        with pytest.raises(Refused):
            get_campaign_for(stranger, "closed", verb)
    campaign = get_campaign_for(stranger, "closed", "translate")
    written = {
        "prompt": {"fr": " Encadrez chaque clef. "},
        "summary": {"fr": "Une phrase."},
        "title": {"fr": ""},
    }
    changed = write_texts(campaign, written, by=stranger)
    assert texts_of(changed) == {
        "title": {"en": "Draw every clef"},
        "summary": {"fr": "Une phrase."},
        "instructions": {},
        "prompt": {"en": "Draw a box around every clef.", "fr": "Encadrez chaque clef."},
    }
    assert changed.versions.get(version=changed.config_version).by == stranger
    with pytest.raises(Invalid):
        write_texts(campaign, {"slug": {"en": "other"}}, by=stranger)
    with pytest.raises(Invalid):
        write_texts(campaign, {"title": {"en": ""}}, by=stranger)


# --- pages ----------------------------------------------------------------------------------------


def test_the_pages_from_a_link_to_the_campaign(closed: Campaign, owner: User, stranger: User) -> None:
    runs, comes = Client(), Client()
    runs.force_login(owner)
    page = runs.post(reverse("campaign-ways-in", args=["closed"]), {"way": "link", "link-name": "A class"})
    found = re.search(r"/join/rub_[\w-]+/", page.content.decode())
    assert found
    visitor = comes.get(found[0]).content.decode()
    assert f"?next={found[0]}" in visitor
    comes.force_login(stranger)
    assert comes.post(found[0]).url == reverse("campaign", args=["closed"])
    assert found[0] not in runs.get(reverse("campaign-ways-in", args=["closed"])).content.decode()


def test_the_page_invites_the_good_lines_and_tells_the_bad_ones(closed: Campaign, owner: User) -> None:
    client = Client()
    client.force_login(owner)
    sent = {
        "way": "invitations", "mail-emails": "a@example.org\nnonsense", "mail-role": "observer", "mail-language": "fr"
    }  # fmt: skip
    page = client.post(reverse("campaign-ways-in", args=["closed"]), sent)
    assert page.status_code == 200
    assert "Line 2" in page.content.decode()
    assert Invitation.objects.get().email == "a@example.org"


def test_a_group_is_given_a_role_on_the_page_by_who_looks_after_it(
    closed: Campaign, owner: User, manager: User
) -> None:
    group = make_group(by=manager, title="Of Marc")
    client = Client()
    client.force_login(owner)
    sent = {"way": "group", "group-group": str(group.pk), "group-role": "contributor"}
    address = reverse("campaign-ways-in", args=["closed"])
    assert client.post(address, sent).status_code == 422
    mine = make_group(by=owner, title="Of Olga")
    assert client.post(address, {**sent, "group-group": str(mine.pk)}).status_code == 302
    assert "Of Olga" in client.get(address).content.decode()
    assert client.post(reverse("group-role-remove", args=["closed", mine.pk])).status_code == 302
    assert client.post(reverse("group-role-remove", args=["closed", uuid4()])).status_code == 404
