"""What the viewer is told of layers: kinds, pseudonyms, how many agree, and never more for who may see less."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from annotation.models import Layer
from campaigns.models import Campaign
from frontend.shown_layers import shapes_of
from taxonomy.models import Concept
from tests.campaigns.outcomes import ONE, TWO, accept_all, answer, located, merge, moved, task_at

pytestmark = pytest.mark.django_db
Clef = Callable[[str], Concept]


@pytest.fixture
def decided(campaign: Campaign, clef: Clef, owner: User) -> Campaign:
    """Two of three people see a second clef."""
    first = (ONE, clef("F"))
    answers = [[first, (TWO, clef("C"))], [(moved(ONE, 2), clef("F"))], [first, (moved(TWO, 2), clef("C"))]]
    answer(campaign, {0: [located(shapes) for shapes in answers]})
    merge(campaign)
    accept_all(campaign, task_at(campaign), owner)
    return campaign


def told(layer: Layer, campaign: Campaign, *beside: Layer) -> list[dict[str, Any]]:
    found, *_others = shapes_of([layer, *beside], task_at(campaign).canvas, "en")
    assert found["kind"] == layer.kind
    shapes = found["shapes"]
    assert isinstance(shapes, list)
    return shapes


def test_contributions_name_their_people_by_pseudonym(decided: Campaign) -> None:
    shapes = told(decided.contributions_layer, decided)
    assert {shape["person"] for shape in shapes} == set(
        decided.participants.values_list("pseudonym", flat=True)
    )
    assert {shape["agreement"] for shape in shapes} == {None}


@pytest.mark.parametrize("name", ["consensus_layer", "ground_truth_layer"])
def test_consensus_and_ground_truth_say_how_many_agreed(decided: Campaign, name: str) -> None:
    shapes = told(getattr(decided, name), decided, decided.consensus_layer)
    assert sorted((one["agreement"]["support"], one["agreement"]["seen"]) for one in shapes) == [
        (2, 3),
        (3, 3),
    ]
    assert {shape["person"] for shape in shapes} == {None}


def test_ground_truth_alone_does_not_tell_what_the_consensus_would(decided: Campaign) -> None:
    assert {shape["agreement"] for shape in told(decided.ground_truth_layer, decided)} == {None}


def test_the_page_shows_a_stranger_public_layers_only(decided: Campaign) -> None:
    canvas = task_at(decided).canvas
    page = reverse("canvas", args=[canvas.manifest_id, canvas.pk])
    for public, kinds in (([], []), ([decided.consensus_layer_id], ["consensus"])):
        Layer.objects.update(is_public=False)
        Layer.objects.filter(pk__in=public).update(is_public=True)
        assert [layer["kind"] for layer in Client().get(page).context["data"]["layers"]] == kinds
    pseudonym = decided.participants.values_list("pseudonym", flat=True)[0]
    assert pseudonym not in Client().get(page).content.decode()


def test_queries_do_not_grow_with_shapes_or_layers(decided: Campaign) -> None:
    canvas = task_at(decided).canvas
    every = [decided.contributions_layer, decided.consensus_layer, decided.ground_truth_layer]
    counts = []
    for layers in (every[:1], every):
        with CaptureQueriesContext(connection) as queries:
            shapes_of(layers, canvas, "en")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
