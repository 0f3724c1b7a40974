"""Pages of people against a release, and of the images behind figures: every link opens what it counts."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from campaigns.models import Assignment, Campaign, Evaluation, Participant, Release
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.evaluations import evaluated, pages_of, run_that_said
from tests.campaigns.outcomes import ONE, TWO, answer, decide_everything, located, merge, released, tagged
from work.actions import run_job

Clef = Callable[[str], Concept]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def olga(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def drawn(campaign: Campaign, owner: User, clef: Clef) -> tuple[list[Participant], Release]:
    f, g = clef("F"), clef("G")
    people = answer(
        campaign,
        {
            0: [located([(ONE, f), (TWO, g)]), located([(ONE, f), (TWO, g)]), located([(ONE, g)])],
            1: [nothing_here() for _person in range(3)],
            2: [located([(ONE, f)]) for _person in range(3)],
        },
    )
    merge(campaign)
    decide_everything(campaign, owner)
    return people, released(campaign, owner)


def text_of(response: object) -> str:
    return unescape(re.sub(r"\s+", " ", response.content.decode()))  # type: ignore[attr-defined]


def opened(client: Client, page: str) -> int:
    """Follow every link into the evaluations; how many there were."""
    links = set(re.findall(r'href="(/evaluations/[^"]+/(?:cells|images|differences)/[^"]*)"', page))
    for link in links:
        answered = client.get(link)
        assert answered.status_code == 200, link
        assert b"Nothing is behind this figure" not in answered.content, link
    return len(links)


def test_from_everybody_to_the_pictures(olga: Client, drawn: tuple[list[Participant], Release]) -> None:
    people, release = drawn
    address = reverse("release-people", args=[release.pk])
    assert address in text_of(olga.get(reverse("release", args=[release.pk])))
    assert "Nobody has been measured in this way yet" in text_of(olga.get(address))
    assert olga.post(address, {"basis": "all"}).status_code == 302
    assert "3 are being computed" in text_of(olga.get(address))
    for evaluation in Evaluation.objects.all():
        run_job(str(evaluation.job_id))
    page = text_of(olga.get(address))
    assert all(person.pseudonym in page for person in people)
    assert "everybody’s own vote is part of it" in page
    third = Evaluation.objects.get(participant=people[2])
    whole = text_of(olga.get(reverse("evaluation", args=[third.pk])))
    assert f"{people[2].pseudonym} against release 1" in whole
    assert "own vote is part of what was released on 3 of 3 images" in whole
    for absent in ("Does it know how sure it is?", "Average precision", "Predictions counted from"):
        assert absent not in whole
    assert opened(olga, whole) >= 8
    # Only where the own vote changes nothing: asked for from the page, with the same classes.
    asked = {"participant": str(people[2].pk), "release": str(release.pk), "classes": "", "basis": "others"}
    other = olga.post(reverse("evaluation-new"), asked)
    fresh = Evaluation.objects.exclude(pk__in=[third.pk]).get(parameters__basis="others")
    assert other["Location"] == reverse("evaluation", args=[fresh.pk])
    run_job(str(fresh.job_id))
    assert "this person’s vote changes nothing" in text_of(olga.get(other["Location"]))
    mine = text_of(olga.get(reverse("campaign-person", args=[release.campaign.slug, people[2].pk])))
    assert reverse("evaluation", args=[third.pk]) in mine
    assert "Measure against" in mine
    # Models stand on the page of the release by themselves.
    assert people[2].pseudonym not in text_of(olga.get(reverse("release", args=[release.pk])))
    assert olga.post(address, {"basis": "x"}).status_code == 422
    french = text_of(olga.get(address, headers={"Accept-Language": "fr"}))
    assert "Personnes par rapport à l’édition 1" in french


def test_somebody_beside_a_model(
    olga: Client, drawn: tuple[list[Participant], Release], campaign: Campaign, owner: User, clef: Clef
) -> None:
    people, release = drawn
    pages = pages_of(campaign)
    run = run_that_said(campaign, owner, [(pages[0], ONE, clef("F"), 0.9), (pages[2], TWO, clef("F"), 0.8)])
    model = evaluated(run, release, owner)
    olga.post(reverse("evaluation-new"), {"participant": str(people[2].pk), "release": str(release.pk)})
    person = Evaluation.objects.get(participant=people[2])
    run_job(str(person.job_id))
    for first, second in ((person, model), (model, person)):
        page = text_of(olga.get(reverse("evaluation", args=[first.pk]), {"with": str(second.pk)}))
        assert "Look at the images where they differ" in page
        assert "Compare average precision too" not in page
        assert opened(olga, page) >= 8
    apart = olga.get(reverse("evaluation-differences", args=[person.pk]), {"with": str(model.pk)})
    assert apart.content.count(b'data-side="second"') >= 2
    assert apart.content.count(b"<image ") == 2
    address = reverse("evaluation-differences", args=[person.pk])
    assert olga.get(address, {"with": "x"}).status_code == 400
    assert olga.get(address, {"with": str(model.pk), "better": "x"}).status_code == 422
    assert olga.get(address, {"with": str(model.pk), "page": "999"}).status_code == 200


def test_nothing_in_common_is_said_on_the_page(
    olga: Client, drawn: tuple[list[Participant], Release], campaign: Campaign, owner: User, clef: Clef
) -> None:
    people, _release = drawn
    Assignment.objects.filter(task__campaign=campaign, task__position=3).delete()
    late = answer(campaign, {3: [located([(ONE, clef("F"))]) for _person in range(3)]})
    merge(campaign)
    decide_everything(campaign, owner)
    release = released(campaign, owner)
    for person in (people[0], late[0]):
        olga.post(reverse("evaluation-new"), {"participant": str(person.pk), "release": str(release.pk)})
    first, second = (Evaluation.objects.get(participant=one) for one in (people[0], late[0]))
    for one in (first, second):
        run_job(str(one.job_id))
    page = olga.get(reverse("evaluation", args=[first.pk]), {"with": str(second.pk)})
    assert page.status_code == 200
    assert "no image in common" in text_of(page)
    apart = olga.get(reverse("evaluation-differences", args=[first.pk]), {"with": str(second.pk)})
    assert "They say the same of every such image." in text_of(apart)


def test_labels_on_the_tree(
    olga: Client, make_campaign: CampaignMaker, owner: User, clef: Clef,
    django_assert_num_queries: Callable[..., object],
) -> None:  # fmt: skip
    campaign = make_campaign("kind", pages=3, question_kind="tag", question={"prompt": {"en": "Which?"}})
    f, g = clef("F"), clef("G")
    answer(campaign, {page: [tagged(f) for _person in range(3)] for page in range(3)})
    merge(campaign)
    decide_everything(campaign, owner)
    one, two, _three = pages_of(campaign)
    run = run_that_said(campaign, owner, [(one, None, f, 0.9), (two, None, g, 0.9)])
    evaluation = evaluated(run, released(campaign, owner), owner)
    page = text_of(olga.get(reverse("evaluation", args=[evaluation.pk])))
    assert "Links on the tree between what is true" in page
    for kind in ("kind=links&links=0", "kind=tree", "kind=without", "kind=right", "kind=all"):
        assert kind in page
    assert opened(olga, page) >= 12
    address = reverse("evaluation-images", args=[evaluation.pk])
    olga.get(address)
    with django_assert_num_queries(7):  # type: ignore[attr-defined]
        olga.get(address)
    for wrong in ({"kind": "x"}, {"kind": "links", "links": "-1"}, {"kind": "silent", "row": "x"}):
        assert olga.get(address, wrong).status_code == 422
