"""The report of agreement: the same figures as other libraries give, under any name, and kept with a release."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import krippendorff
import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from campaigns.actions.agreeing import request_agreement
from campaigns.agreement_report import agreement_report, without_names
from campaigns.figures import agreement_of
from campaigns.models import AgreementReport, Campaign, Contribution, Release
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import (
    ONE,
    TWO,
    accept_all,
    answer,
    located,
    merge,
    moved,
    released,
    tagged,
    task_at,
)
from work.actions import run_job

Clef = Callable[[str], Concept]


@pytest.fixture
def tags(make_campaign: CampaignMaker, clef: Clef) -> Campaign:
    campaign = make_campaign(question_kind="tag", slug="hands", question={"prompt": {"en": "Which?"}})
    f, g = clef("F"), clef("G")
    answer(
        campaign,
        {
            0: [tagged(f), tagged(f), tagged(f)],
            1: [tagged(f), tagged(g), tagged(g)],
            2: [tagged(g), tagged(g), tagged(f)],
            3: [tagged(), tagged(), tagged(g)],
        },
    )
    return campaign


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
    merge(campaign)
    return campaign


def test_labels_agree_as_another_library_says(tags: Campaign) -> None:
    report = agreement_report(tags, "en")
    # Who answers a task in which order is random, but α knows no order.
    table = np.array([[1, 1, 2, 0], [1, 2, 2, 0], [1, 2, 1, 2]], dtype=float)
    alpha = krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")
    assert report["overall"]["alpha"] == pytest.approx(alpha, abs=1e-12)
    assert report["overall"]["alpha"] == agreement_of(tags).value
    assert report["overall"]["percent"] == pytest.approx((1 + 1 / 3 * 3) / 4)
    named = {row["label"]: row for row in report["concepts"]}
    for label, code in (("F", 1), ("G", 2)):
        one = krippendorff.alpha(
            reliability_data=(table == code).astype(float), level_of_measurement="nominal"
        )
        found = next(row for name, row in named.items() if name and label in name)
        assert found["alpha"] == pytest.approx(one, abs=1e-12)
    assert [row["answers"] for row in report["concepts"]] == sorted(
        (row["answers"] for row in report["concepts"]), reverse=True
    )
    assert report["counts"] | {"first": None, "last": None} == {
        "tasks": 4, "answered": 4, "canvases": 4, "people": 3, "answers": 12, "uncounted": 0, "known": 0,
        "first": None, "last": None,
    }  # fmt: skip
    assert [row["percent"] for row in report["units"]][:3] == pytest.approx([1 / 3] * 3)
    assert len(report["periods"]) == 1
    assert report["periods"][0]["alpha"] == report["overall"]["alpha"]


def test_several_labels_an_image_are_each_a_yes_or_no(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(question_kind="tag", slug="many", question={"prompt": {"en": "?"}, "many": True})
    f, g = clef("F"), clef("G")
    answer(campaign, {0: [tagged(f, g), tagged(f), tagged(f)], 1: [tagged(g), tagged(g), tagged()]})
    report = agreement_report(campaign, "en")
    assert report["method"]["difference"] == "masi"
    rows = {row["concept"]: row for row in report["concepts"]}
    yes_no = np.array([[1, 0], [1, 0], [1, 0]], dtype=float)
    assert rows[str(f.pk)]["alpha"] == pytest.approx(
        krippendorff.alpha(reliability_data=yes_no, level_of_measurement="nominal")
    )
    assert rows[str(g.pk)]["answers"] == 3
    assert report["overall"]["alpha"] == agreement_of(campaign).value


def test_boxes_have_their_curve_and_what_was_found_its_alpha(boxes: Campaign) -> None:
    report = agreement_report(boxes, "en")
    assert report["boxes"]["f1"] == agreement_of(boxes).value
    curve = [row["f1"] for row in report["curve"]]
    assert curve[0] == report["boxes"]["f1"]
    assert curve == sorted(curve, reverse=True)
    # Five things: two on page 0 seen by all alike; on page 1 one box as F, as G and not at all, one by one of three.
    assert report["overall"]["units"] == 4
    assert report["overall"]["answers"] == 12
    assert {row["person"] if "person" in row else row["id"] for row in report["people"]} == {
        str(pk) for pk in boxes.participants.values_list("pk", flat=True)
    }
    assert sum(row["canvases"] for row in report["box_pairs"]) == 9


def made(campaign: Campaign, by: User) -> None:
    """The report is computed, as the worker would."""
    row = request_agreement(campaign, by=by)
    assert row.job is not None
    run_job(str(row.job.pk))
    row.job.refresh_from_db()
    assert row.job.state == "done", row.job.error


def test_nobody_has_answered(campaign: Campaign, owner: User, client: Client) -> None:
    report = agreement_report(campaign, "en")
    assert report["counts"]["answers"] == 0
    assert "overall" not in report
    client.force_login(owner)
    assert client.get(reverse("campaign-agreement", args=[campaign.slug])).status_code == 200


def test_only_one_has_answered(campaign: Campaign, owner: User, client: Client, clef: Clef) -> None:
    answer(campaign, {0: [located([(ONE, clef("F"))])]})
    client.force_login(owner)
    assert client.get(reverse("campaign-agreement", args=[campaign.slug])).status_code == 200


def test_a_fixed_number_of_queries(
    boxes: Campaign, tags: Campaign, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for campaign in (boxes, tags):
        with django_assert_max_num_queries(20):
            agreement_report(campaign, "en")


@pytest.mark.django_db(transaction=True)
def test_a_release_keeps_it_without_names(boxes: Campaign, owner: User, client: Client) -> None:
    for position in (0, 2):
        accept_all(boxes, task_at(boxes, position), owner)
    release = released(boxes, owner)
    report = kept(release)
    assert report["boxes"]["f1"] == agreement_of(boxes).value
    assert sorted(row["id"] for row in report["people"]) == ["P1", "P2", "P3"]
    text = json.dumps(report)
    for person in boxes.participants.all():
        assert person.pseudonym not in text
        assert str(person.pk) not in text
    assert {row["a"] for row in report["pairs"]} <= {"P1", "P2", "P3"}
    page = client.get(reverse("release-agreement", args=[release.pk]))
    assert page.status_code == 200
    assert "P1" in page.content.decode()


def kept(release: Release) -> dict[str, Any]:
    file = release.files.get(format="agreement")
    with file.content.open("rb") as content:
        return dict(json.loads(content.read()))


def test_names_are_gone_everywhere(tags: Campaign) -> None:
    named = agreement_report(tags, "en")
    assert without_names({**named, "people": []})["pairs"][0]["a"] == "?"
    assert json.dumps(without_names(named)).count("P1") > 1


def test_tables_leave_as_csv(tags: Campaign, owner: User, client: Client) -> None:
    client.force_login(owner)
    made(tags, owner)
    response = client.get(reverse("api-agreement-table", args=[tags.slug, "concepts"]))
    assert response.status_code == 200
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    whole = client.get(reverse("api-agreement", args=[tags.slug])).json()
    assert [float(row["alpha"]) for row in rows] == [row["alpha"] for row in whole["concepts"]]
    assert {"low", "high"} <= rows[0].keys()
    missing = client.get(reverse("api-agreement-table", args=[tags.slug, "curve"]))
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")


def test_the_page_says_how(boxes: Campaign, tags: Campaign, owner: User, client: Client) -> None:
    client.force_login(owner)
    for campaign in (boxes, tags):
        made(campaign, owner)
        page = client.get(reverse("campaign-agreement", args=[campaign.slug])).content.decode()
        assert "Krippendorff (2011)" in page
        assert "20260101" in page


def test_it_is_made_once_and_read_as_it_was(
    tags: Campaign,
    owner: User,
    client: Client,
    clef: Clef,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(owner)
    address = reverse("api-agreement", args=[tags.slug])
    missing = client.get(address)
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")
    page = client.get(reverse("campaign-agreement", args=[tags.slug])).content.decode()
    assert "Make the report" in page
    asked = client.post(address)
    assert (asked.status_code, asked.json()["state"]) == (202, "queued")
    assert client.post(address).json()["id"] == asked.json()["id"]  # pressed twice
    run_job(asked.json()["id"])
    before = client.get(address).json()
    assert before["since"] == {"answers": 0, "at_least": False, "settings": False}
    assert before["overall"]["alpha"] == agreement_report(tags, "en")["overall"]["alpha"]
    assert {row["pseudonym"] for row in before["people"]} == set(
        tags.participants.values_list("pseudonym", flat=True)
    )
    # An answer changes nothing until the report is made again; it is told.
    one = Contribution.objects.filter(task__campaign=tags).first()
    assert one is not None
    Contribution.objects.filter(pk=one.pk).update(submitted_at=timezone.now())
    after = client.get(address).json()
    assert after["overall"] == before["overall"]
    assert (after["since"]["answers"], after["as_of"]) == (1, before["as_of"])
    page = client.get(reverse("campaign-agreement", args=[tags.slug])).content.decode()
    assert "1 answer has come in or changed since." in page
    with django_assert_max_num_queries(40):
        client.get(reverse("campaign-agreement", args=[tags.slug]))
    again = client.post(reverse("campaign-agreement-new", args=[tags.slug]))
    assert again.status_code == 302
    row = AgreementReport.objects.get(campaign=tags)
    assert row.job is not None
    assert str(row.job.pk) != asked.json()["id"]
    run_job(str(row.job.pk))
    assert client.get(address).json()["since"]["answers"] == 0


def test_what_is_kept_names_nobody(tags: Campaign, owner: User) -> None:
    made(tags, owner)
    kept_text = json.dumps(AgreementReport.objects.get(campaign=tags).report)
    for person in tags.participants.all():
        assert person.pseudonym not in kept_text
