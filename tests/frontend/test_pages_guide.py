"""The field guide: concepts with notes and decided examples, searched; known answers are not among them."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from campaigns.actions.gold import mark_clearest
from campaigns.models import Campaign
from taxonomy.models import Concept, Note
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, answer, decide_everything, located, merge

Clef = Callable[[str], Concept]
GUIDE = "/campaigns/clefs/guide/"


@pytest.fixture
def decided(make_campaign: CampaignMaker, clef: Clef, owner: User) -> Campaign:
    """Six pages with an F at ONE, all decided."""
    campaign = make_campaign(pages=6, overlap=1)
    answer(campaign, {at: [located([(ONE, clef("F"))])] for at in range(6)})
    merge(campaign)
    assert decide_everything(campaign, owner) == 6
    return campaign


def examples(client: Client) -> dict[str, list[str]]:
    context = client.get(GUIDE).context
    return {entry.concept.label: [one.crop for one in entry.examples] for entry in context["entries"]}


def test_each_concept_has_its_note_its_names_and_examples(
    decided: Campaign, client: Client, clef: Clef
) -> None:
    Note.objects.create(
        concept=clef("F"), kind=Note.Kind.SCOPE, language="en", text="Two dots around a line."
    )
    page = client.get(GUIDE).content.decode()
    assert "Two dots around a line." in page
    assert "clef de fa" in page
    found = examples(client)
    assert {label: len(crops) for label, crops in found.items()} == {
        "clef": 0, "C clef": 0, "F clef": 4, "G clef": 0,
    }  # fmt: skip
    assert all("/full/" not in crop.split("/image/")[1].split("/", 2)[1] for crop in found["F clef"])


def test_known_answers_are_never_among_the_examples(decided: Campaign, client: Client, owner: User) -> None:
    before = set(examples(client)["F clef"])
    known = {gold.task.canvas.image_service for gold in mark_clearest(decided, 4, by=owner)}
    after = set(examples(client)["F clef"])
    assert before
    assert len(after) == 2
    assert not any(crop.startswith(f"{service}/") for crop in after for service in known)


def test_it_is_searched_in_every_language(decided: Campaign, client: Client) -> None:
    found = client.get(GUIDE, {"q": "clef de fa"}).context["entries"]
    assert [entry.concept.label for entry in found] == ["F clef"]
    nothing = client.get(GUIDE, {"q": "zzz"})
    assert "Nothing is called so" in nothing.content.decode()


def test_it_takes_as_many_statements_for_few_as_for_many(
    decided: Campaign, client: Client, clef: Clef
) -> None:
    counts = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(GUIDE).status_code == 200
        counts.append(len(queries))
        answerless = [clef("G"), clef("C")]
        Concept.objects.filter(pk__in=[one.pk for one in answerless]).update(status="deprecated")
    assert counts[0] == counts[1]


def test_it_is_offered_in_the_workbench(decided: Campaign, client: Client, owner: User) -> None:
    client.force_login(owner)
    assert f'guide-url="{GUIDE}"' in client.get(reverse("campaign-work", args=["clefs"])).content.decode()
