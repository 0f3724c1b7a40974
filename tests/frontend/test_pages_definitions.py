"""A campaign from a file or a template: looked at before anything is made, every fault in a sentence with its place."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from campaigns.actions import assign_role
from campaigns.actions.definitions import definition_of, offer_as_template
from campaigns.blueprints import BLUEPRINTS
from campaigns.models import Campaign, Gold
from campaigns.questions import get_kind
from taxonomy.models import Vocabulary
from tests.campaigns.conftest import CampaignMaker
from tests.frontend.pages import page

ADDRESS = reverse("campaign-from-file")


@pytest.fixture
def olga(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def send(client: Client, content: object) -> Any:
    text = content if isinstance(content, bytes) else json.dumps(content, default=str).encode()
    return client.post(ADDRESS, {"file": SimpleUploadedFile("clefs.json", text, "application/json")})


def test_a_file_is_looked_at_and_then_made(olga: Client, campaign: Campaign) -> None:
    told = {
        **definition_of(campaign),
        "sources": [*definition_of(campaign)["sources"], "https://example.org/none"],
    }
    shown = send(olga, told)
    html = shown.content.decode()
    assert shown.status_code == 200
    assert "Draw a box around every clef." in html
    assert "4 images" in html
    assert "1 source is not here" in html
    assert Campaign.objects.count() == 1, "nothing is made by looking"
    taken = olga.post(ADDRESS, {"definition": json.dumps(told, default=str), "slug": "clefs"})
    assert taken.status_code == 422
    assert "exists already" in taken.content.decode()
    made = olga.post(ADDRESS, {"definition": json.dumps(told, default=str), "slug": "again"})
    assert made["Location"] == reverse("campaign-edit", args=["again"])
    again = Campaign.objects.get(slug="again")
    assert (again.status, again.tasks.count(), again.title) == ("draft", 4, campaign.title)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"overlap": "many"}, "/overlap: A valid integer is required."),
        ({"question": {"prompt": "which"}}, "/question/prompt"),
        ({"branch": "https://example.org/none"}, "The vocabulary has no concept"),
        ({"vocabulary": {"uri": "https://example.org/none"}}, "Bring in the vocabulary"),
        ({"version": 9}, "This is no definition of a campaign of version 1."),
        ({"gold_share": 0.9}, "/gold_share"),
    ],
)
def test_faults_are_told_with_their_places(
    olga: Client, campaign: Campaign, change: dict[str, Any], sentence: str
) -> None:
    shown = send(olga, {**definition_of(campaign), **change})
    assert sentence in shown.content.decode()
    assert "Make the draft" not in shown.content.decode()
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"type": "CampaignDefinition"}']
)
def test_what_is_no_definition_is_refused(olga: Client, campaign: Campaign, content: bytes) -> None:
    assert send(olga, content).status_code == 422
    assert olga.post(ADDRESS, {"definition": content, "slug": "x"}).status_code == 422
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_a_built_in_template_fills_the_form_and_can_be_kept(
    olga: Client, vocabulary: Vocabulary, name: str
) -> None:
    blueprint = BLUEPRINTS[name]
    get_kind(blueprint.question_kind).validate_config(blueprint.settings()["question"])
    shown = olga.get(reverse("campaign-new"), {"template": name})
    form = shown.context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() not in (None, False, "")}
    sent.setdefault("rights", form.fields["rights"].choices[0][0])  # as a browser does, which sends the first
    assert sent["title_en"] == blueprint.title["en"]
    assert sent["prompt_fr"] == blueprint.question["prompt"]["fr"]
    kept = olga.post(reverse("campaign-new"), {**sent, "vocabulary": vocabulary.pk, "slug": "kept"})
    assert kept.status_code == 302, kept.context["form"].errors
    campaign = Campaign.objects.get(slug="kept")
    assert (campaign.overlap, campaign.question_kind) == (blueprint.overlap, blueprint.question_kind)
    assert [one["rule"] for one in campaign.retirement] == ["agreement"]


def test_an_owner_offers_a_campaign_as_a_template(
    olga: Client, make_campaign: CampaignMaker, manager: User, owner: User
) -> None:
    campaign = make_campaign(overlap=7, is_public=False)
    assign_role(campaign, manager, Role.MANAGER, by=owner)
    edit = reverse("campaign-edit", args=["clefs"])
    offer = reverse("campaign-template", args=["clefs"])
    assert "Offer it as a template" in page(olga, edit).words
    assert olga.post(offer, {"offered": "1"}).status_code == 302
    marc, other = Client(), Client()
    marc.force_login(manager)
    assert "Offer it as a template" not in page(marc, edit).words
    shown = marc.get(reverse("campaign-new"), {"template": "campaign:clefs"})
    assert shown.context["form"]["overlap"].value() == 7
    assert str(shown.context["form"]["vocabulary"].value()) == str(campaign.vocabulary_id)
    manager.is_curator = True
    other.force_login(User.objects.create_user("cora", password="x", is_curator=True))
    hidden = other.get(reverse("campaign-new"), {"template": "campaign:clefs"})
    assert hidden.context["form"]["overlap"].value() != 7, "who may not see the campaign gets nothing of it"
    olga.post(offer, {})
    assert (
        olga.get(reverse("campaign-new"), {"template": "campaign:clefs"}).context["form"]["overlap"].value()
        != 7
    )


def test_a_template_passes_on_how_people_are_checked(
    olga: Client, make_campaign: CampaignMaker, owner: User
) -> None:
    checks = {
        "gold_share": 0.2, "gold_feedback": True, "qualify_count": 2, "qualify_share": 0.8, "requalify": True,
    }  # fmt: skip
    campaign = make_campaign(pages=0, open_it=False, **checks)
    offer_as_template(campaign, offered=True)
    address = reverse("campaign-new") + "?template=campaign:clefs"
    form = olga.get(address).context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() not in (None, "", False)}
    sent.setdefault("rights", form.fields["rights"].choices[0][0])  # as a browser does, which sends the first
    made = olga.post(address, {**sent, "title_en": "Begun from it", "slug": "begun"})
    assert made.status_code == 302, made.context["form"].errors
    row = Campaign.objects.get(slug="begun")
    assert {name: getattr(row, name) for name in checks} == checks
    assert not Gold.objects.filter(task__campaign=row).exists(), "its known answers are its own"
    listed = {one["name"]: one for one in olga.get(reverse("api-template-list")).json()}
    assert checks.items() <= listed["campaign:clefs"]["settings"].items()


def test_templates_over_rest(api: APIClient, campaign: Campaign, owner: User, vocabulary: Vocabulary) -> None:
    offer_as_template(campaign, offered=True)
    listed = {one["name"]: one for one in api.get(reverse("api-template-list")).json()}
    assert set(listed) == {*BLUEPRINTS, "campaign:clefs"}
    api.force_authenticate(owner)
    for number, one in enumerate(listed.values()):
        body = {**one["settings"], "slug": f"new-{number}", "vocabulary": vocabulary.slug}
        made = api.post(reverse("api-campaign-list"), body, format="json")
        assert made.status_code == 201, made.content
    assert api.delete(reverse("api-campaign-template", args=["clefs"])).status_code == 204
    assert not Campaign.objects.filter(is_template=True).exists()
