"""A campaign in more languages than the site speaks: named by its owner, carried by REST and definition, shown to fit."""

import re

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import configure_campaign
from campaigns.actions.definitions import definition_of
from campaigns.languages import languages_of, written_in
from campaigns.models import Campaign
from problems import Invalid
from tests.frontend.pages import browser
from tests.frontend.test_pages_rules import settings_of

TITLE = {"en": "Clefs", "de": "Schlüssel", "ar": "مفاتيح", "la": "Claves"}


@pytest.fixture
def manifold(campaign: Campaign, owner: User) -> Campaign:
    texts = {"de": "Welcher Schlüssel?", "ar": "أي مفتاح؟"}
    question = {**campaign.question, "prompt": {**campaign.question["prompt"], **texts}}
    changes = {"languages": ["de", "en", "ar", "es"], "title": TITLE, "question": question}
    return configure_campaign(campaign, changes, by=owner)


def title(client: Client, **headers: str) -> tuple[str, str]:
    html = client.get("/campaigns/clefs/", headers=headers).content.decode()
    found = re.search(r"<h1 ([^>]*)>([^<]*)</h1>", html)
    assert found
    return found[1].strip(), found[2]


def test_the_first_is_for_who_reads_none_of_them(manifold: Campaign) -> None:
    assert languages_of(manifold) == ["de", "en", "ar", "es", "la"]
    assert written_in(manifold) == ["de", "en", "ar", "la"]
    reader = Client()
    assert title(reader, accept_language="ja") == ('lang="de" dir="ltr"', "Schlüssel")
    assert title(reader, accept_language="ar-EG, en;q=0.5") == ('lang="ar" dir="rtl"', "مفاتيح")
    assert title(reader, accept_language="en") == ("", "Clefs")


def test_a_reader_chooses_and_the_choice_stays(manifold: Campaign) -> None:
    reader = Client(headers={"accept-language": "en"})
    html = reader.get("/campaigns/clefs/").content.decode()
    assert re.findall(r'href="\?read=(\w+)" hreflang', html) == ["de", "en", "ar", "la"]
    assert re.search(r'<a href="\?read=ar"[^>]*lang="ar" dir="rtl" *>', html)
    assert re.search(r'<a href="\?read=en"[^>]*aria-current="true"', html)
    reader.get("/campaigns/clefs/?read=ar")
    assert title(reader) == ('lang="ar" dir="rtl"', "مفاتيح")
    work = reader.get("/campaigns/clefs/work/", follow=True).content.decode()
    assert 'data-reading="ar"' in work or "accounts/login" in work


def test_the_api_says_which(manifold: Campaign) -> None:
    client = APIClient()
    said = client.get("/api/v1/campaigns/clefs/", headers={"accept-language": "es, la;q=0.3"}).json()
    assert (said["languages"], said["language"]) == (["de", "en", "ar", "la"], "la")


def test_a_definition_carries_them(manifold: Campaign, owner: User) -> None:
    assert definition_of(manifold)["languages"] == ["de", "en", "ar", "es"]


def test_no_tag_is_no_language(campaign: Campaign, owner: User) -> None:
    for wrong in (["no tag"], "de", [7], ["de"] * 41):
        with pytest.raises(Invalid):
            configure_campaign(campaign, {"languages": wrong}, by=owner)
    assert configure_campaign(campaign, {"languages": ["DE", "de", "pt-br"]}, by=owner).languages == [
        "de",
        "pt-BR",
    ]


def test_every_page_of_texts_has_them_all(manifold: Campaign, owner: User) -> None:
    desk = browser(owner)
    for page, field in (
        ("edit", "title_ar"), ("texts", "summary_la"), ("faq/edit", "question_es"), ("tutorial/edit", "text_de"),
        ("announcements", "title_ar"),
    ):  # fmt: skip
        html = desk.get(f"/campaigns/clefs/{page}/").content.decode()
        box = re.search(rf'<(?:input|textarea)[^>]*name="{field}"[^>]*>', html)
        assert box, page
        assert ('dir="rtl"' in box[0]) == field.endswith("ar")


def test_settings_lose_no_language(manifold: Campaign, owner: User) -> None:
    desk = browser(owner)
    sent = settings_of(manifold, overlap=2)
    assert sent["written_languages"] == "de, en, ar, es, la"
    assert desk.post("/campaigns/clefs/edit/", sent).status_code == 302
    manifold.refresh_from_db()
    assert (manifold.title, manifold.languages) == (TITLE, ["de", "en", "ar", "es"])
    sent = settings_of(manifold, written_languages="de; no_tag")
    assert desk.post("/campaigns/clefs/edit/", sent).status_code == 422
