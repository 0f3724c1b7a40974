"""The tasks of the report of agreement: the least agreed on first, all of them as CSV, each with its way to the review."""

import csv
import io
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from campaigns import agreement_units
from campaigns.actions.agreeing import request_agreement
from campaigns.agreement_report import agreement_report
from campaigns.agreement_units import apart, named_units, together
from campaigns.models import AgreementReport, Campaign
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, TWO, answer, located, moved, tagged, task_at
from work.actions import run_job

Clef = Callable[[str], Concept]


@pytest.fixture
def boxes(campaign: Campaign, clef: Clef) -> Campaign:
    f, g = clef("F"), clef("G")
    answer(
        campaign,
        {
            0: [located([(moved(ONE, 2 * n), f), (TWO, g)]) for n in range(3)],
            1: [located([(ONE, f)]), located([(ONE, g), (TWO, g)]), located([])],
            2: [located([]) for _person in range(3)],
        },
    )
    return campaign


def made(campaign: Campaign, by: User) -> AgreementReport:
    row = request_agreement(campaign, by=by)
    assert row.job is not None
    run_job(str(row.job.pk))
    row.refresh_from_db()
    return row


def table(client: Client, campaign: Campaign) -> list[dict[str, str]]:
    response = client.get(reverse("api-agreement-table", args=[campaign.slug, "units"]))
    assert response.status_code == 200, response.content
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_drawings_have_their_pages_the_worst_first(boxes: Campaign, owner: User, client: Client) -> None:
    client.force_login(owner)
    made(boxes, owner)
    rows = client.get(reverse("api-agreement", args=[boxes.slug])).json()["units"]
    # Page 1: of one, two and no boxes one pair is alike: two of the three boxes of two people, and nothing of the rest.
    assert [row["unit"] for row in rows] == [str(task_at(boxes, position).pk) for position in (1, 0, 2)]
    assert [row["f1"] for row in rows] == pytest.approx([2 / (3 + 2 + 3), 1, 1])
    assert [(row["shapes"], row["people"]) for row in rows] == [(3, 3), (6, 3), (0, 3)]
    assert rows[0]["mean_iou"] == pytest.approx(1)
    assert 0.8 < rows[1]["mean_iou"] < 1
    assert rows[2]["mean_iou"] is None
    assert all(row["page"] and row["canvas"] for row in rows)
    assert [row["unit"] for row in table(client, boxes)] == [row["unit"] for row in rows]
    assert list(table(client, boxes)[0]) == ["unit", "canvas", "page", "f1", "mean_iou", "shapes", "people"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_row_leads_to_its_review(boxes: Campaign, owner: User, client: Client, language: str) -> None:
    client.force_login(owner)
    made(boxes, owner)
    with translation.override(language):
        response = client.get(
            reverse("campaign-agreement", args=[boxes.slug]), headers={"accept-language": language}
        )
    page = response.content.decode()
    for position in range(3):
        way = f"{reverse('campaign-review', args=[boxes.slug])}?task={task_at(boxes, position).pk}"
        assert f'href="{way}"' in page
        assert client.get(way).status_code == 200
    assert ("IoU moyen" in page) == (language == "fr")


def test_the_report_has_the_worst_and_the_table_all(
    make_campaign: CampaignMaker, clef: Clef, owner: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement_units, "MOST_UNITS", 2)
    monkeypatch.setattr(agreement_units, "FEW", 1)
    campaign = make_campaign(question_kind="tag", slug="hands", question={"prompt": {"en": "Which?"}})
    f, g = clef("F"), clef("G")
    answer(campaign, {page: [tagged(f), tagged(f if page else g), tagged(f)] for page in range(4)})
    client.force_login(owner)
    made(campaign, owner)
    whole = client.get(reverse("api-agreement", args=[campaign.slug])).json()
    assert (len(whole["units"]), whole["unit_count"]) == (2, 4)
    rows = table(client, campaign)
    assert (len(rows), rows[0]["unit"]) == (4, str(task_at(campaign, 0).pk))
    assert list(rows[0]) == ["unit", "canvas", "page", "percent", "people"]


def test_a_report_from_before_has_its_table_still(boxes: Campaign, owner: User, client: Client) -> None:
    client.force_login(owner)
    row = made(boxes, owner)
    # It numbered things instead of naming tasks, and kept nothing beside it.
    old = {**row.report, "units": [{"unit": 0, "percent": 0.3, "people": 3}]}
    AgreementReport.objects.filter(pk=row.pk).update(report=old, units={})
    assert client.get(reverse("campaign-agreement", args=[boxes.slug])).status_code == 200
    assert client.get(reverse("api-agreement", args=[boxes.slug])).json()["units"] == []
    missing = client.get(reverse("api-agreement-table", args=[boxes.slug, "units"]))
    assert missing.status_code == 404


def test_one_query_names_them_all(boxes: Campaign, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rows = agreement_report(boxes, "en")["units"]
    with django_assert_num_queries(1):
        named_units(boxes, rows)
    gone = {**rows[0], "unit": str(uuid4())}
    assert [row["unit"] for row in named_units(boxes, [gone, *rows[1:]])] == [row["unit"] for row in rows[1:]]


def test_apart_and_together_again() -> None:
    report = {"steps": [{"step": "a", "units": [1] * 60}, {"step": "b", "units": [2]}]}
    short, units = apart(report)
    assert [one["unit_count"] for one in short["steps"]] == [60, 1]
    assert len(short["steps"][0]["units"]) == 50
    assert [one["units"] for one in together(short, units)["steps"]] == [[1] * 60, [2]]
    assert apart({"counts": {}}) == ({"counts": {}, "units": [], "unit_count": 0}, {"": []})
