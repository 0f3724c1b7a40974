"""What was said of a pair stays on both its regions when either canvas gets another size."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from accounts.models import User
from annotation.actions.rescaling import rescale_canvases
from annotation.models import Annotation, Canvas, Layer
from campaigns.actions import Submission, claim, join_campaign, submit
from campaigns.models import Campaign, Task
from tests.campaigns.journey import Journey
from tests.campaigns.pairs import initials
from tests.campaigns.test_compare import COMPARE, ids, pair
from tests.races import at_once


def boxes(row: Annotation) -> list[str]:
    """The fragment of each target, the first region's first."""
    return [target["selector"]["value"] for target in row.document["target"]]


@pytest.mark.django_db(transaction=True)
def test_both_regions_move_along(owner: User) -> None:
    journey = Journey(owner, "hands")
    journey.make(**COMPARE, overlap=1)
    layer, (first, second) = initials(owner, each=1)
    pair(journey, layer)
    journey.open()
    journey.answer([[{"concepts": [ids(journey)["same"]]}]])
    journey.merge()
    assert journey.judge({}) == 1
    campaign: Campaign = journey.campaign
    layers = (campaign.contributions_layer, campaign.consensus_layer, campaign.ground_truth_layer)
    task = Task.objects.get()
    assert {task.about_id, task.beside_id} == {first.pk, second.pk}
    said = _said(layers)
    before = boxes(said[0])
    assert all(boxes(row) == before for row in said)
    other: Any = Annotation.objects.get(pk=task.beside_id)
    _double(other.canvas)
    for row in _said(layers):
        assert boxes(row) == [before[0], "xywh=100,120,200,180"], "the second region alone"
        assert row.revision == 2
    _double(task.canvas)
    for row in _said(layers):
        assert boxes(row) == ["xywh=100,120,200,180"] * 2
    task.refresh_from_db()
    assert task.region == (100, 120, 200, 180)


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_is_on_its_way_meanwhile(owner: User) -> None:
    journey = Journey(owner, "hands")
    journey.make(**COMPARE, overlap=2)
    layer, _marks = initials(owner, each=1)
    pair(journey, layer)
    journey.open()
    campaign: Campaign = journey.campaign
    beside: Any = Annotation.objects.get(pk=Task.objects.get().beside_id)

    def answer(visitor: str) -> Any:
        given = claim(campaign, join_campaign(campaign, visitor=visitor)).assignment
        assert given is not None
        said = Submission(uuid4(), {"nothing_here": False, "concepts": [ids(journey)["same"]]})
        return lambda: submit(given, said)

    def grow() -> None:
        with transaction.atomic():
            _double(Canvas.objects.get(pk=beside.canvas_id))

    (failed,) = at_once(answer("first"), grow)
    assert failed is None
    (kept,) = at_once(grow, answer("second"))
    assert kept.is_new
    beside.refresh_from_db()
    rows = Annotation.objects.filter(layer=campaign.contributions_layer)
    assert [boxes(row)[1] for row in rows] == [
        f"xywh={beside.x:g},{beside.y:g},{beside.w:g},{beside.h:g}"
    ] * 2


def _said(layers: tuple[Layer, ...]) -> list[Annotation]:
    found = [Annotation.objects.get(layer=layer) for layer in layers]
    assert len(found) == 3
    return found


def _double(canvas: Canvas) -> None:
    sizes = {canvas.uri: (canvas.width * 2, canvas.height * 2)}
    rescale_canvases(canvas.manifest, sizes)
    Canvas.objects.filter(pk=canvas.pk).update(width=canvas.width * 2, height=canvas.height * 2)
