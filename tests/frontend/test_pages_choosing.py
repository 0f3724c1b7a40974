"""The page that chooses tasks by a question: look, then add; what is many is added while one goes on."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from campaigns.actions import choosing
from campaigns.models import Campaign, TaskChoice
from tests.campaigns.conftest import CampaignMaker, make_manifest
from tests.frontend.pages import text

FORM = {"of": "canvases", "text": "", "says": "", "concept": "", "priority_by": ""}


@pytest.fixture
def desk(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def draft(make_campaign: CampaignMaker) -> Campaign:
    return make_campaign("draft", pages=0, open_it=False)


@pytest.fixture
def address(draft: Campaign) -> str:
    return reverse("campaign-choices", args=[draft.slug])


def test_one_looks_first_and_then_adds(desk: Client, draft: Campaign, address: str, owner: User) -> None:
    make_manifest(3, owner)
    assert "What are you looking for?" in text(desk.get(address))
    found = desk.post(address, {**FORM, "look": ""})
    assert found.status_code == 200
    assert "3 places" in text(found)
    assert found.content.count(b'class="plate"') == 3
    assert not TaskChoice.objects.exists()
    added = desk.post(address, {**FORM, "choose": "", "priority": "2"}, follow=True)
    assert "3 tasks were added." in text(added)
    assert set(draft.tasks.values_list("priority", flat=True)) == {2.0}


def test_what_is_missing_is_said_beside_its_field(desk: Client, draft: Campaign, address: str) -> None:
    for sent, sentence in (
        ({"of": "regions"}, "Choose the layer whose boxes become tasks."),
        ({"of": "predictions"}, "Choose the run whose predictions become tasks."),
        ({"says": "has"}, "Choose the layer that says it."),
        ({"concept": "nothing like it"}, "The vocabulary of the campaign has no such concept."),
        ({"least_confidence": "200"}, "100"),
    ):
        refused = desk.post(address, {**FORM, **sent, "choose": ""})
        assert refused.status_code == 422
        assert sentence in text(refused)
    assert not draft.tasks.exists()


def test_regions_by_concept(desk: Client, draft: Campaign, address: str) -> None:
    layer = draft.ground_truth_layer
    sent = {**FORM, "of": "regions", "layer": str(layer.pk), "concept": "f clef", "choose": ""}
    assert desk.post(address, sent).status_code == 302
    concept = draft.vocabulary.concepts.get(notation="F")
    assert TaskChoice.objects.get().query == {
        "of": "regions", "layers": [str(layer.pk)], "concepts": [str(concept.pk)],
    }  # fmt: skip


def test_many_are_added_in_the_background_and_shown_on_the_way(
    desk: Client, draft: Campaign, address: str, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "AT_ONCE", 2)
    manifest = make_manifest(3, owner)
    page = desk.post(address, {**FORM, "choose": ""}, follow=True)
    assert "They are being added." in text(page)
    assert "Adding tasks" in page.content.decode()
    whole = desk.post(reverse("campaign-canvases", args=["draft"]), {"manifests": [str(manifest.pk)]})
    assert whole["Location"] == address
    assert TaskChoice.objects.count() == 2
    assert not draft.tasks.exists()
