"""The page of the steps: plain forms that add, change, move and take out, and refuse in a sentence."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from campaigns.models import Campaign
from tests.campaigns.journey import Journey

PAGE = "/campaigns/paper/steps/"


@pytest.fixture
def client_of(owner: User) -> Client:
    journey = Journey(owner, "paper")
    journey.make(question_kind="sequence", question={"prompt": {"en": "Look"}, "steps": []})
    client = Client()
    client.force_login(owner)
    return client


def keep(client: Client, **fields: Any) -> Any:
    return client.post(PAGE, {"wants": "keep", "required_label": "on", **fields})


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Campaign.objects.get(slug="paper").question["steps"]
    return found


@pytest.mark.django_db
def test_steps_are_added_changed_moved_and_taken_out(client_of: Client) -> None:
    assert b"No step yet" in client_of.get(PAGE).content
    assert keep(client_of, name="seal", kind="flag", prompt_en="Is there a seal?").status_code == 302
    described = {
        "name": "legend",
        "kind": "describe",
        "prompt_en": "What does it say?",
        "purpose": "supplementing",
    }
    chosen = {"condition": "seal:answers:yes,unsure", "languages": "la fr", "max_length": "200"}
    assert keep(client_of, **described, **chosen).status_code == 302
    first, second = steps()
    assert set(first["question"]["answers"]) == {"yes", "no", "unsure"}
    assert second["condition"] == {"step": "seal", "answers": ["yes", "unsure"]}
    assert (second["question"]["languages"], second["question"]["max_length"]) == (["la", "fr"], 200)

    answers = first["question"]["answers"]
    reworded = {"of": "seal", "name": "seal", "kind": "flag", "prompt_en": "Do you see a seal?"}
    assert keep(client_of, **reworded).status_code == 302
    assert steps()[0]["question"]["answers"] == answers, "its answers stay"
    page = client_of.get(f"{PAGE}?step=legend").content.decode()
    assert 'value="la fr"' in page
    assert "unless “Do you see a seal?” was answered by no" in page

    moved = client_of.post(PAGE, {"wants": "down", "of": "seal"}, follow=True)
    assert "comes before" in moved.content.decode()
    assert [one["name"] for one in steps()] == ["seal", "legend"]
    client_of.post(PAGE, {"wants": "drop", "of": "legend"})
    assert [one["name"] for one in steps()] == ["seal"]


@pytest.mark.django_db
def test_what_makes_no_sense_is_said_beside_its_field(client_of: Client) -> None:
    for fields, words in (
        ({"name": "A seal", "kind": "flag", "prompt_en": "?"}, "id_name_error"),
        ({"name": "seal", "kind": "sequence", "prompt_en": "?"}, "Select a valid choice"),
        ({"name": "seal", "kind": "flag", "prompt_en": ""}, "id_prompt_en_error"),
        (
            {"name": "seal", "kind": "tag", "prompt_en": "?", "condition": "moon:something"},
            "Select a valid choice",
        ),
    ):
        refused = keep(client_of, **fields)
        assert refused.status_code == 422
        assert words in refused.content.decode()
    assert steps() == []
    assert keep(client_of, name="seal", kind="flag", prompt_en="?").status_code == 302
    assert (
        "Two steps have the name" in keep(client_of, name="seal", kind="tag", prompt_en="?").content.decode()
    )
    assert client_of.post(PAGE, {"wants": "burn", "of": "seal"}).status_code == 400
    assert client_of.get(f"{PAGE}?step=moon").status_code == 404


@pytest.mark.django_db
def test_a_campaign_of_one_question_has_no_such_page(owner: User) -> None:
    Journey(owner, "lines").make(question_kind="describe", question={"prompt": {"en": "What?"}})
    client = Client()
    client.force_login(owner)
    assert client.get("/campaigns/lines/steps/").status_code == 404
