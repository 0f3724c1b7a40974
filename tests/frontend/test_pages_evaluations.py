"""The pages of an evaluation: asked for from run and release, every figure opens what is behind it, in two languages."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from campaigns.models import Campaign, Evaluation, PredictionRun, Release
from taxonomy.models import Concept
from tests.campaigns.conftest import nothing_here
from tests.campaigns.evaluations import evaluated, pages_of, run_that_said
from tests.campaigns.outcomes import ONE, TWO, answer, decide_everything, located, merge, released
from work.actions import run_job
from work.models import Job

pytestmark = pytest.mark.django_db(transaction=True)  # a release is written in a transaction of its own
THREE = (600.0, 900.0, 40.0, 80.0)


@pytest.fixture
def release(campaign: Campaign, owner: User, clef: Callable[[str], Concept]) -> Release:
    f, g = clef("F"), clef("G")
    answer(
        campaign,
        {
            0: [located([(ONE, f), (TWO, g)]) for _person in range(3)],
            1: [nothing_here() for _person in range(3)],
            2: [located([(ONE, f)]) for _person in range(3)],
        },
    )
    merge(campaign)
    decide_everything(campaign, owner)
    return released(campaign, owner)


@pytest.fixture
def run(campaign: Campaign, owner: User, clef: Callable[[str], Concept]) -> PredictionRun:
    one, two, _three, _four = pages_of(campaign)
    f, c = clef("F"), clef("C")
    run = run_that_said(campaign, owner, [(one, ONE, f, 0.9), (one, TWO, f, 0.8), (two, THREE, c, 0.7)])
    run.job = Job.objects.create(kind="campaigns.predict", subject=str(run.pk), state=Job.State.DONE)
    run.save()
    return run


@pytest.fixture
def olga(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def text_of(response: object) -> str:
    return unescape(re.sub(r"\s+", " ", response.content.decode()))  # type: ignore[attr-defined]


def test_from_the_run_to_the_pictures(
    olga: Client, campaign: Campaign, run: PredictionRun, release: Release
) -> None:
    predictions = text_of(olga.get(reverse("campaign-predictions", args=[campaign.slug])))
    assert "Evaluate against" in predictions
    assert "Evaluate the run" in text_of(olga.get(reverse("release", args=[release.pk])))
    asked = olga.post(reverse("evaluation-new"), {"run": str(run.pk), "release": str(release.pk)})
    evaluation = Evaluation.objects.get()
    assert asked["Location"] == reverse("evaluation", args=[evaluation.pk])
    assert "Comparing the predictions" in text_of(olga.get(asked["Location"]))
    run_job(str(evaluation.job_id))
    page = text_of(olga.get(asked["Location"]))
    assert "Net against release 1" in page
    for heading in (
        "By class",
        "What was taken for what",
        "Does it know how sure it is?",
        "How this was measured",
    ):
        assert heading in page
    assert "greatest F1, chosen on this release" in page
    links = set(re.findall(r'href="(/evaluations/[^"]+/cells/[^"]+)"', page))
    assert len(links) >= 6
    for link in links:
        answered = olga.get(link)
        assert answered.status_code == 200
        assert answered.content.count(b"<image ") >= 1
    for table in set(re.findall(r'href="(/evaluations/[^"]+\.csv)"', page)):
        assert olga.get(table)["Content-Type"].startswith("text/csv")
    assert "F1 0" in text_of(olga.get(reverse("release", args=[release.pk])))
    assert "against release 1" in text_of(olga.get(reverse("campaign-predictions", args=[campaign.slug])))


def test_in_french(olga: Client, run: PredictionRun, release: Release, owner: User) -> None:
    evaluation = evaluated(run, release, owner)
    page = text_of(olga.get(reverse("evaluation", args=[evaluation.pk]), headers={"Accept-Language": "fr"}))
    assert "Ce qui a été pris pour quoi" in page
    assert "clef de fa" in page
    assert not re.search(r'(cx|cy|x1|y1|points)="[^"]*\d,\d+[",][^"]*,', page.split("polyline")[0])


def test_two_runs_beside_each_other(
    olga: Client, campaign: Campaign, run: PredictionRun, release: Release, owner: User,
    clef: Callable[[str], Concept],
) -> None:  # fmt: skip
    first = evaluated(run, release, owner)
    one, _two, three, _four = pages_of(campaign)
    said = [(one, ONE, clef("F"), 0.9), (one, TWO, clef("G"), 0.9), (three, ONE, clef("F"), 0.9)]
    second = evaluated(run_that_said(campaign, owner, said, name="Better"), release, owner)
    page = text_of(olga.get(reverse("evaluation", args=[second.pk]), {"with": str(first.pk)}))
    assert "F1 1.00 here" in page
    assert "by randomisation" in page
    assert olga.get(reverse("evaluation", args=[second.pk]), {"with": "x"}).status_code == 422


def test_what_cannot_be_evaluated(olga: Client, run: PredictionRun, release: Release, stranger: User) -> None:
    refused = olga.post(reverse("evaluation-new"), {"run": "x", "release": str(release.pk)})
    assert refused.status_code == 422
    stan = Client()
    stan.force_login(stranger)
    assert (
        stan.post(reverse("evaluation-new"), {"run": str(run.pk), "release": str(release.pk)}).status_code
        == 403
    )


def test_the_page_costs_the_same_however_many_boxes(
    olga: Client,
    run: PredictionRun,
    release: Release,
    owner: User,
    django_assert_num_queries: Callable[..., object],
) -> None:
    evaluation = evaluated(run, release, owner)
    url = reverse("evaluation", args=[evaluation.pk])
    olga.get(url)
    with django_assert_num_queries(3):  # type: ignore[attr-defined]
        olga.get(url)
    with django_assert_num_queries(4):  # type: ignore[attr-defined]
        olga.get(reverse("evaluation-cells", args=[evaluation.pk]))
