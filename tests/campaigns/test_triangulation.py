"""Catalogue, model and people on the same images: who says what, and where they differ most."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role, grant
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.models import Canvas, Layer
from campaigns.documents import ConceptNames, annotation_document
from campaigns.models import Campaign, PredictionRun
from campaigns.triangulation import Difference, differences
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.evaluations import pages_of, run_that_said
from tests.campaigns.outcomes import accept_all, answer, merge, tagged, task_at

Clef = Callable[[str], Concept]


@pytest.fixture
def campaign_with_all(
    make_campaign: CampaignMaker, clef: Clef, owner: User
) -> tuple[Campaign, PredictionRun, list[Canvas]]:
    """Page 0: all say F. 1: the model says G. 2: three different things. 3: nobody has answered, the model says F."""
    campaign = make_campaign(question_kind="tag", slug="hands", question={"prompt": {"en": "?"}}, pages=4)
    f, g = clef("F"), clef("G")
    pages = pages_of(campaign)
    catalogue(owner, [(pages[0], f), (pages[1], f), (pages[2], f)])
    run = run_that_said(
        campaign,
        owner,
        [
            (pages[0], None, f, 0.9),
            (pages[1], None, g, 0.8),
            (pages[2], None, g, 0.7),
            (pages[3], None, f, 0.3),
        ],
    )
    answer(
        campaign,
        {
            0: [tagged(f) for _n in range(3)],
            1: [tagged(f) for _n in range(3)],
            2: [tagged() for _n in range(3)],
        },
    )
    merge(campaign)
    return campaign, run, pages


def catalogue(owner: User, said: list[tuple[Canvas, Concept]]) -> Layer:
    layer = Layer.objects.create(kind=Layer.Kind.IMPORTED, label={"en": "Catalogue"}, created_by=owner)
    grant(owner, layer, Role.OWNER)
    names = ConceptNames.of({concept.pk for _canvas, concept in said})
    add_annotations(
        [
            NewAnnotation(
                id=uuid4(), layer=layer, canvas=canvas, box=None,
                document=annotation_document(canvas, None, [concept.pk], names),
                motivations=("classifying",), concept_ids=(concept.pk,), vocabulary_version=1,
            )
            for canvas, concept in said
        ]
    )  # fmt: skip
    return layer


def words(row: Difference) -> list[Any]:
    return [
        None if said is None else {(word.label[:1], word.shared) for word in said}
        for said in (row.catalogue, row.model, row.crowd)
    ]


def test_most_different_first(
    campaign_with_all: tuple[Campaign, PredictionRun, list[Canvas]], owner: User
) -> None:
    campaign, run, pages = campaign_with_all
    queue = differences(campaign, owner, run=run, language="en")
    assert queue.count == 2
    assert [row.canvas for row in queue.rows] == [pages[2], pages[1]]
    apart, one_apart = queue.rows
    assert apart.difference == 1
    assert words(apart) == [{("F", False)}, {("G", False)}, set()]
    # Catalogue and people agree, the model with neither: two of three pairs are wholly apart.
    assert one_apart.difference == pytest.approx(2 / 3)
    assert words(one_apart) == [{("F", False)}, {("G", False)}, {("F", False)}]


def test_what_is_decided_counts_and_not_what_was_merged(
    campaign_with_all: tuple[Campaign, PredictionRun, list[Canvas]], owner: User
) -> None:
    campaign, run, pages = campaign_with_all
    accept_all(campaign, task_at(campaign, 1), owner)
    rows = {row.canvas: row for row in differences(campaign, owner, run=run, language="en").rows}
    assert words(rows[pages[1]])[2] == {("F", False)}


def test_without_a_model_the_others_remain(
    campaign_with_all: tuple[Campaign, PredictionRun, list[Canvas]], owner: User, stranger: User
) -> None:
    campaign, run, pages = campaign_with_all
    (only,) = differences(campaign, owner, run=None, language="en").rows
    assert (only.canvas, only.model, only.difference) == (pages[2], None, 1)
    # Whoever may not read the catalogue is told nothing of it.
    rows = differences(campaign, stranger, run=run, language="en").rows
    assert {row.canvas for row in rows} == {pages[1], pages[2]}
    assert all(row.catalogue is None for row in rows)


def test_what_a_model_is_unsure_of_does_not_count(
    campaign_with_all: tuple[Campaign, PredictionRun, list[Canvas]], owner: User
) -> None:
    campaign, run, pages = campaign_with_all
    rows = {row.canvas: row for row in differences(campaign, owner, run=run, language="en", least=0.85).rows}
    assert rows[pages[1]].model == ()
    assert pages[3] not in rows


def test_a_fixed_number_of_queries(
    campaign_with_all: tuple[Campaign, PredictionRun, list[Canvas]],
    owner: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    campaign, run, _pages = campaign_with_all
    with django_assert_max_num_queries(8):
        differences(campaign, owner, run=run, language="en")


def test_on_a_page_and_over_rest(
    campaign_with_all: tuple[Campaign, PredictionRun, list[Canvas]], owner: User, client: Client
) -> None:
    campaign, run, _pages = campaign_with_all
    client.force_login(owner)
    told = client.get(reverse("api-triangulation", args=[campaign.slug]), {"run": run.pk}).json()
    assert (told["count"], [row["difference"] for row in told["rows"]]) == (2, [1, pytest.approx(2 / 3)])
    page = client.get(reverse("campaign-triangulation", args=[campaign.slug])).content.decode()
    assert 'data-testid="triangulation"' in page
    assert (
        client.get(reverse("campaign-triangulation", args=[campaign.slug]), {"page": "x"}).status_code == 200
    )
    beyond = client.get(reverse("api-triangulation", args=[campaign.slug]), {"offset": 50}).json()
    assert beyond["rows"] == []
    assert client.get(reverse("api-triangulation", args=[campaign.slug]), {"least": 2}).status_code == 422
