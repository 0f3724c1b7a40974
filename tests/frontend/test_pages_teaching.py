"""Pages of the tutorial and of the questions: written, arranged, drawn on, read."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from campaigns.actions import assign_role
from campaigns.models import Campaign
from taxonomy.models import Concept
from tests.campaigns.outcomes import task_at


@pytest.fixture
def olga(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def test_a_step_is_written_drawn_on_and_read(
    campaign: Campaign, olga: Client, clef: Callable[[str], Concept]
) -> None:
    edit = reverse("tutorial-edit", args=["clefs"])
    said = {"wants": "picture", "text_en": "Look for *clefs*.", "text_fr": "Cherchez les clefs."}
    chosen = olga.post(edit, said, follow=True)
    address = chosen.redirect_chain[-1][0]
    assert address == reverse("tutorial-picture", args=["clefs", _first(campaign)["id"]])
    assert f"?task={task_at(campaign, 1).pk}" in chosen.content.decode()
    drawing = olga.get(address, {"task": str(task_at(campaign, 1).pk)})
    assert drawing.context["sample"]["task"]["id"] == task_at(campaign, 1).pk
    shape = {"box": [100, 200, 50, 80], "concepts": [str(clef("G").pk)]}
    there = f"{address}?task={task_at(campaign, 1).pk}"
    kept = olga.post(there, {"example": json.dumps({"shapes": [shape]})}, follow=True)
    assert "The picture is kept." in kept.content.decode()
    page = olga.get(reverse("campaign-tutorial", args=["clefs"])).content.decode()
    assert "<em>clefs</em>" in page
    assert '<rect x="100.0" y="200.0" width="50.0" height="80.0" />' in page
    assert "G clef" in page
    assert _first(campaign)["region"] == [68.0, 168.0, 114.0, 144.0]
    step = _first(campaign)["id"]
    olga.post(edit, {"wants": "keep", "id": step, "text_en": "Look.", "text_fr": "", "shown": "whole"})
    assert (_first(campaign)["text"], _first(campaign)["region"]) == ({"en": "Look."}, None)
    olga.post(edit, {"wants": "drop", "id": step})
    campaign.refresh_from_db()
    assert campaign.tutorial == []


def _first(campaign: Campaign) -> dict[str, object]:
    campaign.refresh_from_db()
    first: dict[str, object] = campaign.tutorial[0]
    return first


@pytest.mark.parametrize("example", ["{", "3", '{"shapes": [1]}', "[" * 5000])
def test_a_broken_drawing_is_refused(campaign: Campaign, olga: Client, example: str) -> None:
    olga.post(reverse("tutorial-edit", args=["clefs"]), {"wants": "keep", "text_en": "x"})
    address = reverse("tutorial-picture", args=["clefs", _first(campaign)["id"]])
    answer = olga.post(f"{address}?task={task_at(campaign, 0).pk}", {"example": example})
    assert answer.status_code in (400, 422)
    assert olga.get(address, {"task": "x"}).status_code == 404


def test_a_text_is_wanted_in_some_language(campaign: Campaign, olga: Client) -> None:
    answer = olga.post(reverse("tutorial-edit", args=["clefs"]), {"wants": "keep", "text_en": " "})
    assert answer.status_code == 422
    assert "Write a text in at least one language." in answer.content.decode()
    gone = olga.post(reverse("tutorial-edit", args=["clefs"]), {"wants": "up", "id": campaign.vocabulary.uri})
    assert gone.status_code == 400


def test_questions_stand_on_the_page_in_their_order(
    campaign: Campaign, client: Client, owner: User, stranger: User
) -> None:
    assign_role(campaign, stranger, Role.TRANSLATOR, by=owner)
    client.force_login(stranger)
    edit = reverse("faq-edit", args=["clefs"])
    for number in (1, 2):
        said = {"wants": "keep", "question_fr": f"Pourquoi {number} ?", "answer_fr": "*Parce que.*"}
        assert client.post(edit, said).status_code == 302
    campaign.refresh_from_db()
    client.post(edit, {"wants": "down", "id": campaign.faq[0]["id"]})
    client.logout()
    page = client.get(reverse("campaign", args=["clefs"]), headers={"Accept-Language": "fr"}).content.decode()
    assert page.index("Pourquoi 2 ?") < page.index("Pourquoi 1 ?")
    assert "<em>Parce que.</em>" in page


def test_a_translator_finds_the_questions(
    campaign: Campaign, client: Client, owner: User, stranger: User
) -> None:
    assign_role(campaign, stranger, Role.TRANSLATOR, by=owner)
    client.force_login(stranger)
    page = client.get(reverse("campaign", args=["clefs"])).content.decode()
    assert reverse("faq-edit", args=["clefs"]) in page
    assert client.get(reverse("tutorial-edit", args=["clefs"])).status_code == 403
    tabs = reverse("campaign-gold", args=["clefs"])
    for name in ("faq-edit", "campaign-texts"):
        address = reverse(name, args=["clefs"])
        client.force_login(stranger)
        assert tabs not in client.get(address).content.decode()
        client.force_login(owner)
        assert tabs in client.get(address).content.decode()


def test_the_workbench_knows_of_the_tutorial(campaign: Campaign, olga: Client) -> None:
    assert reverse("campaign-tutorial", args=["clefs"]) not in olga.get("/campaigns/clefs/").content.decode()
    olga.post(reverse("tutorial-edit", args=["clefs"]), {"wants": "keep", "text_en": "x"})
    assert reverse("campaign-tutorial", args=["clefs"]) in olga.get("/campaigns/clefs/").content.decode()
