"""All that people handed in as a file: how sure they were, nothing left out, nothing that a spreadsheet runs."""

import csv
import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import Submission
from campaigns.contribution_rows import COLUMNS
from campaigns.models import Campaign
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import answer

FILE = "/api/v1/campaigns/clefs/contributions"


@pytest.fixture
def api(owner: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(owner)
    return client


def rows(api: APIClient) -> list[dict[str, str]]:
    answered = api.get(f"{FILE}.csv", headers={"Accept": "text/csv"})
    assert answered.status_code == 200
    text = b"".join(answered.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def lines(api: APIClient) -> list[dict[str, Any]]:
    answered = api.get(f"{FILE}.jsonl")
    return [orjson.loads(line) for line in b"".join(answered.streaming_content).splitlines()]  # type: ignore[attr-defined]


def drawn(*shapes: tuple[list[float], Concept, str], comment: str = "") -> Submission:
    said = [
        {"id": str(uuid4()), "box": box, "concepts": [str(concept.pk)], "origin": "drawn", "prediction": None}
        | ({"certainty": certainty} if certainty else {})
        for box, concept, certainty in shapes
    ]
    return Submission(id=uuid4(), answer={"shapes": said, "comment": comment})


@pytest.mark.django_db
def test_each_thing_said_is_a_row_with_how_sure_it_is(
    make_campaign: CampaignMaker, clef: Callable[[str], Concept], api: APIClient
) -> None:
    question = {"prompt": {"en": "Draw every clef."}, "certainty": True, "required_label": False}
    campaign = make_campaign(question=question)
    first = drawn(([10, 20.5, 30, 40], clef("G"), "sure"), ([50, 60, 70, 80], clef("F"), ""), comment="=1+1")
    answer(campaign, {0: [first, drawn(([10, 20, 30, 40], clef("G"), "unsure"))], 1: [nothing_here()]})
    found = rows(api)
    assert tuple(found[0]) == COLUMNS
    assert len(found) == 4
    said = {(row["notation"], row["certainty"], row["nothing_here"]) for row in found}
    assert said == {("G", "sure", "false"), ("F", "", "false"), ("G", "unsure", "false"), ("", "", "true")}
    sure = next(row for row in found if row["certainty"] == "sure")
    assert [sure[name] for name in ("x", "y", "width", "height")] == ["10", "20.5", "30", "40"]
    assert (sure["label"], sure["comment"], sure["counted"], sure["step"]) == ("G clef", "'=1+1", "true", "")
    told = lines(api)
    assert [row["contribution"] for row in told] == [row["contribution"] for row in found]
    assert {row["certainty"] for row in told} == {"sure", "unsure", None}
    assert next(row for row in told if row["comment"])["comment"] == "=1+1", "for programs as it was written"


@pytest.mark.django_db
def test_texts_and_an_empty_campaign(make_campaign: CampaignMaker, api: APIClient) -> None:
    campaign = make_campaign(
        question_kind="describe", question={"prompt": {"en": "What does it say?"}}, vocabulary=None
    )
    assert (rows(api), lines(api)) == ([], [])
    answer(campaign, {0: [Submission(uuid4(), {"texts": [{"value": "Kyrie", "language": "la"}]})]})
    (row,) = rows(api)
    assert (row["text"], row["language"], row["concept"]) == ("Kyrie", "la", "")


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow(campaign: Campaign, api: APIClient) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            rows(api)
        return len(seen)

    before = queries()
    answer(campaign, {number: [nothing_here(), nothing_here()] for number in range(4)})
    assert queries() == before
    assert len(rows(api)) == 8
