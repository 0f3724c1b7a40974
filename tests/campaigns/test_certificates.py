"""Certificates and credits: from what stands here, checked by anybody, and theirs whom they are about."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.actions import change_settings, erase_account
from accounts.models import User
from accounts.signals import Wishes
from campaigns.actions import claim, join_campaign, submit
from campaigns.actions.contributions import Submission
from campaigns.certificates import MOST, make_certificate
from campaigns.credits import credited_for
from campaigns.models import Campaign, Certificate, Contribution
from problems import Conflict, Invalid
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import ONE, accept_all, decide_everything, located, merge, released, task_at
from tests.campaigns.test_gold import answer_known, make_seeded

Clef = Callable[[str], Concept]
ORCID = "0000-0002-1825-0097"


def hand_in(campaign: Campaign, user: User, submission: Submission | None = None) -> None:
    given = claim(campaign, join_campaign(campaign, user=user)).assignment
    assert given is not None
    submit(given, submission or nothing_here())


def test_a_certificate_holds_what_stands_here(
    make_campaign: CampaignMaker, clef: Clef, owner: User, contributor: User
) -> None:
    campaign = make_campaign(pages=2, overlap=1)
    hand_in(campaign, contributor, located([(ONE, clef("F"))]))
    hand_in(campaign, contributor)
    Contribution.objects.filter(nothing_here=True).update(submitted_at="2026-01-05T12:00:00Z")
    merge(campaign)
    accept_all(campaign, task_at(campaign), owner)
    other = make_campaign("others", pages=1)
    hand_in(other, contributor)
    one = make_certificate(contributor, slug="clefs", name=" Carl Clef ", with_orcid=True)
    assert (one.name, one.orcid, one.campaign) == ("Carl Clef", "", campaign)
    figures = one.figures
    assert (figures["images"], figures["days"], figures["judged"], figures["agreement"]) == (2, 2, 1, 1.0)
    assert figures["first_on"] == "2026-01-05"
    assert figures["campaigns"] == [campaign.title]
    whole = make_certificate(contributor, slug="", name="", with_orcid=False)
    assert (whole.name, whole.campaign, whole.figures["images"]) == ("Carl", None, 3)


def test_it_tells_nothing_of_known_answers(
    make_campaign: CampaignMaker, clef: Clef, owner: User, contributor: User
) -> None:
    campaign = make_seeded(make_campaign, clef, owner)
    answer_known(campaign, join_campaign(campaign, user=contributor), nothing_here)
    figures = make_certificate(contributor, slug="", name="", with_orcid=False).figures
    assert (figures["decided"], figures["judged"], figures["agreement"]) == (0, 0, None)


def test_who_has_done_nothing_there_gets_none(campaign: Campaign, contributor: User, stranger: User) -> None:
    hand_in(campaign, contributor)
    for user, slug in ((stranger, ""), (stranger, "clefs"), (contributor, "elsewhere")):
        with pytest.raises(Invalid) as refused:
            make_certificate(user, slug=slug, name="", with_orcid=False)
        assert refused.value.pointer == "/campaign"


def test_there_is_an_end_to_it(campaign: Campaign, contributor: User) -> None:
    hand_in(campaign, contributor)
    Certificate.objects.bulk_create(
        Certificate(user=contributor, name="x", figures={}) for _number in range(MOST)
    )
    with pytest.raises(Conflict) as refused:
        make_certificate(contributor, slug="", name="", with_orcid=False)
    assert refused.value.code == "too-many"


def test_anybody_checks_it_by_its_address_in_their_language(campaign: Campaign, contributor: User) -> None:
    hand_in(campaign, contributor)
    mine, anybody = Client(), Client()
    mine.force_login(contributor)
    made = mine.post(reverse("certificate-list"), {"campaign": "clefs", "name": "Carl <b>Clef</b>"})
    address = made["Location"]
    shown = anybody.get(address)
    assert shown["X-Robots-Tag"] == "noindex"
    html = shown.content.decode()
    assert "Carl &lt;b&gt;Clef&lt;/b&gt;" in html
    assert "Draw every clef" in html
    assert address in html
    assert "Dessinez chaque clef" in anybody.get(address, headers={"Accept-Language": "fr"}).content.decode()
    assert anybody.get(reverse("certificate", args=["guessed"])).status_code == 404
    certificate = Certificate.objects.get()
    assert anybody.post(reverse("certificate-withdraw", args=[certificate.pk])).status_code == 302
    assert anybody.get(address).status_code == 200
    mine.post(reverse("certificate-withdraw", args=[certificate.pk]))
    assert anybody.get(address).status_code == 410
    erase_account(contributor, Wishes())
    assert anybody.get(address).status_code == 404


def test_over_rest(api: APIClient, campaign: Campaign, contributor: User, stranger: User) -> None:
    hand_in(campaign, contributor)
    change_settings(by=contributor, pseudonym="Carl", language="", orcid=ORCID)
    api.force_authenticate(contributor)
    made = api.post(reverse("api-certificates"), {"campaign": "clefs", "with_orcid": True}).json()
    assert (made["campaign"], made["orcid"], made["figures"]["images"]) == ("clefs", ORCID, 1)
    code = made["address"].rstrip("/").rsplit("/", 1)[1]
    own = reverse("api-own-certificate", args=[made["id"]])
    api.force_authenticate(stranger)
    assert api.delete(own).status_code == 404
    assert api.get(reverse("api-certificate", args=[code])).json()["name"] == "Carl"
    api.force_authenticate(contributor)
    assert api.delete(own).status_code == 204
    assert api.get(reverse("api-certificate", args=[code])).status_code == 410
    assert [row["withdrawn_at"] is None for row in api.get(reverse("api-certificates")).json()] == [False]


@pytest.mark.django_db(transaction=True)
def test_credits_name_who_wishes_it_as_long_as_they_do(
    make_campaign: CampaignMaker, clef: Clef, owner: User, contributor: User, stranger: User, client: Client
) -> None:
    campaign = make_campaign(pages=2, overlap=1)
    for user in (contributor, stranger):
        hand_in(campaign, user, located([(ONE, clef("F"))]))
    merge(campaign)
    decide_everything(campaign, owner)
    release = released(campaign, owner)
    page = reverse("release", args=[release.pk])
    assert list(credited_for(release)) == []
    assert "Credits" not in client.get(page).content.decode()
    change_settings(by=contributor, pseudonym="Carl", language="", orcid=ORCID, is_credited=True)
    change_settings(by=stranger, pseudonym="Stan", language="", orcid="0000-0001-5109-3700")
    assert f"https://orcid.org/{ORCID}" in client.get(page).content.decode()
    (creator,) = client.get(reverse("api-release-credits", args=[release.pk])).json()["creator"]
    assert (creator["name"], creator["identifier"]["value"]) == ("Carl", ORCID)
    erase_account(contributor, Wishes())
    assert client.get(reverse("api-release-credits", args=[release.pk])).json()["creator"] == []
