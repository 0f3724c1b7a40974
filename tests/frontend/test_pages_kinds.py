"""The pages of campaigns say what each kind of question needs: its words, its settings, its way of working."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from taxonomy.models import Vocabulary
from tests.frontend.curating import GOOD


def own(page: str) -> Iterator[str]:
    """The kinds that the page marks as bringing their own answers."""
    for field in re.findall(r"<input[^>]*name=\"question_kind\"[^>]*>", page):
        if "data-own-answers" in field:
            yield re.search(r"value=\"(\w+)\"", field)[1]  # type: ignore[index]


def test_a_question_with_its_own_answers_needs_no_vocabulary(desk: Client) -> None:
    page = desk.get(reverse("campaign-new")).content.decode()
    assert "flag" in set(own(page))
    assert {"locate", "tag"}.isdisjoint(own(page))
    sent = {**GOOD, "question_kind": "flag", "title_en": "Watermarks", "many": "on"}
    made = desk.post(reverse("campaign-new"), sent)
    assert made["Location"] == reverse("campaign-canvases", args=["watermarks"])
    campaign = Campaign.objects.get()
    assert campaign.vocabulary.title["en"] == "Answers: Watermarks"
    settings = desk.get(reverse("campaign-edit", args=["watermarks"])).content.decode()
    assert reverse("vocabulary", args=["watermarks-answers"]) in settings
    again = desk.post(reverse("campaign-edit", args=["watermarks"]), {**sent, "prompt_en": "Is there one?"})
    assert again.status_code == 302
    campaign.refresh_from_db()
    assert campaign.question["prompt"] == {"en": "Is there one?"}
    assert len(campaign.question["answers"]) == 3
    assert Vocabulary.objects.count() == 1


@pytest.mark.parametrize("kind", ["locate", "tag"])
def test_another_question_needs_one(desk: Client, kind: str) -> None:
    refused = desk.post(reverse("campaign-new"), {**GOOD, "question_kind": kind})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["vocabulary"]
    assert not Campaign.objects.exists()


def test_the_public_page_says_how_it_is_done(desk: Client) -> None:
    desk.post(reverse("campaign-new"), {**GOOD, "question_kind": "flag", "title_en": "Watermarks"})
    page = desk.get(reverse("campaign", args=["watermarks"])).content.decode()
    assert "That one cannot tell is one of them" in page
    assert "Put a box around each one" not in page
    assert "Look and choose" in desk.get(reverse("campaign-list")).content.decode()
