"""Announcements: on the page for everybody, by e-mail once to those who asked with an address that is theirs."""

import re
from smtplib import SMTPServerDisconnected
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from campaigns.actions.announcing import (
    leaving_token,
    publish_announcement,
    subscribe,
    unsubscribe,
    write_announcement,
)
from campaigns.models import Announcement, AnnouncementMail, Campaign, Subscription
from problems import Conflict, Invalid
from tests.cast import Maker
from work.actions import run_job
from work.models import Job

TITLE = {"en": "Halfway", "fr": "À mi-chemin"}
TEXT = {"en": "Thank **you**.", "fr": "Merci à **vous**."}


@pytest.fixture
def readers(campaign: Campaign, person: Maker) -> list[User]:
    """Three who asked for mail with verified addresses, the second a French reader."""
    made = []
    for name, language in (("ada", "en"), ("bea", "fr"), ("cyd", "")):
        user = person(name, language=language)
        EmailAddress.objects.create(user=user, email=user.email.upper(), verified=True, primary=True)
        subscribe(campaign, by=user)
        made.append(user)
    return made


def draft(campaign: Campaign, owner: User) -> Announcement:
    return write_announcement(campaign, uuid4(), title=TITLE, text=TEXT, by=owner)


def send(campaign: Campaign) -> None:
    run_job(str(Job.objects.get(kind="campaigns.announce").pk))


def test_each_is_mailed_once_in_their_language(campaign: Campaign, owner: User, readers: list[User]) -> None:
    row = draft(campaign, owner)
    assert publish_announcement(campaign, row.pk, mail=True, by=owner) == 3
    assert publish_announcement(campaign, row.pk, mail=True, by=owner) == 0  # a retry
    send(campaign)
    Job.objects.update(state="queued")
    send(campaign)
    by_address = {message.to[0]: message for message in mail.outbox}
    assert len(mail.outbox) == len(by_address) == 3
    assert by_address["bea@example.org"].subject == "À mi-chemin"
    assert "Merci" in str(by_address["bea@example.org"].body)
    assert by_address["cyd@example.org"].subject == "Halfway"
    said = by_address["ada@example.org"].extra_headers
    assert said["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<https?://[^/]+/unsubscribe/[^/]+/>", said["List-Unsubscribe"])
    lines = Job.objects.get().lines.values_list("sentence", flat=True)
    assert "3 of 3 mails were sent." in lines
    assert not any("@" in line for line in lines)


def test_only_a_verified_address_is_written_to(
    campaign: Campaign, owner: User, readers: list[User], contributor: User
) -> None:
    with pytest.raises(Conflict) as refused:
        subscribe(campaign, by=contributor)
    assert refused.value.code == "address-not-verified"
    EmailAddress.objects.filter(user=readers[0]).update(verified=False)
    row = draft(campaign, owner)
    assert publish_announcement(campaign, row.pk, mail=True, by=owner) == 2
    unsubscribe(campaign.pk, readers[1].pk)  # after it was published, before it was sent
    send(campaign)
    assert [message.to for message in mail.outbox] == [["cyd@example.org"]]
    states = AnnouncementMail.objects.order_by("user__username").values_list("state", flat=True)
    assert list(states) == ["dropped", "sent"]


def test_a_mail_that_cannot_leave_is_told_and_the_others_go(
    campaign: Campaign, owner: User, readers: list[User], monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    real = EmailMessage.send

    def refuse(message: EmailMessage, *args: object) -> int:
        if message.to == ["bea@example.org"]:
            raise SMTPServerDisconnected("bea@example.org is unknown")
        return real(message)

    monkeypatch.setattr(EmailMessage, "send", refuse)
    publish_announcement(campaign, draft(campaign, owner).pk, mail=True, by=owner)
    send(campaign)
    assert len(mail.outbox) == 2
    assert AnnouncementMail.objects.get(state="failed").user == readers[1]
    assert "@example.org" not in caplog.text


def test_what_is_published_stands(campaign: Campaign, owner: User) -> None:
    row = draft(campaign, owner)
    write_announcement(campaign, row.pk, title={"en": "Nearly"}, text=TEXT, by=owner)
    publish_announcement(campaign, row.pk, mail=False, by=owner)
    write_announcement(campaign, row.pk, title={"en": "Nearly"}, text=TEXT, by=owner)  # the same again
    with pytest.raises(Conflict):
        write_announcement(campaign, row.pk, title={"en": "Done"}, text=TEXT, by=owner)
    with pytest.raises(Invalid):
        write_announcement(campaign, uuid4(), title={"en": " "}, text=TEXT, by=owner)
    assert not Job.objects.exists()


def test_one_click_ends_it_and_opening_does_not(campaign: Campaign, readers: list[User]) -> None:
    # As a mail program: without cookies, and with the check of Django in force.
    client = Client(enforce_csrf_checks=True)
    address = reverse("unsubscribe", args=[leaving_token(campaign.pk, readers[0].pk)])
    assert client.get(address).status_code == 200
    assert Subscription.objects.count() == 3
    for _twice in range(2):
        assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.filter(user=readers[0]).exists()
    assert Subscription.objects.count() == 2
    assert client.post(reverse("unsubscribe", args=[leaving_token(1, 1) + "x"])).status_code == 404


def test_it_is_written_looked_at_and_published_on_pages(
    campaign: Campaign, client: Client, owner: User, readers: list[User]
) -> None:
    client.force_login(owner)
    texts = {"title_en": "Halfway", "title_fr": "", "text_en": "Thank **you**.", "text_fr": ""}
    seen = client.post(reverse("announcement-list", args=["clefs"]), texts, follow=True)
    page = seen.content.decode()
    assert "<strong>you</strong>" in page
    assert "and send it to 3 people who asked for mail" in page
    row = Announcement.objects.get()
    assert "Halfway" not in client.get("/campaigns/clefs/").content.decode()
    client.post(reverse("announcement", args=["clefs", row.pk]), {"wants": "publish", "mail": "1"})
    assert AnnouncementMail.objects.count() == 3
    client.logout()
    assert "Halfway" in client.get("/campaigns/clefs/").content.decode()
    client.force_login(owner)
    client.post(reverse("announcement", args=["clefs", row.pk]), {"wants": "remove"})
    assert not Announcement.objects.exists()


def test_it_is_asked_for_and_ended_on_the_page(campaign: Campaign, client: Client, contributor: User) -> None:
    client.force_login(contributor)
    address = reverse("campaign-subscription", args=["clefs"])
    assert client.post(address, {"wants": "mail"})["Location"] == reverse("account_email")
    EmailAddress.objects.create(user=contributor, email=contributor.email, verified=True, primary=True)
    client.post(address, {"wants": "mail"})
    assert Subscription.objects.filter(user=contributor, campaign=campaign).exists()
    client.post(address, {"wants": "none"})
    assert not Subscription.objects.exists()
