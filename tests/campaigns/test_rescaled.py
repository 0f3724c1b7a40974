"""Campaigns keep their places when a canvas gets another size: tasks, answers, figures, and work still in hands."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from annotation.actions.rescaling import rescale_canvases
from annotation.models import Annotation, Canvas
from campaigns.actions import choose_regions, claim, open_campaign, submit
from campaigns.models import ConsensusItem, Contribution, SimilarSearch, Task
from problems import Conflict, Invalid
from tests.annotation.conftest import annotate, make_layer
from tests.campaigns.conftest import boxes
from tests.campaigns.outcomes import accept_all, answer, located, merge, released, task_at

pytestmark = pytest.mark.django_db
BOX = (100.0, 200.0, 40.0, 80.0)


def double(campaign) -> None:
    """Every canvas of the campaign comes back at twice its size (and the manifest is written)."""
    canvases = Canvas.objects.filter(tasks__campaign=campaign).distinct()
    manifest = canvases.first().manifest
    rescale_canvases(manifest, {c.uri: (c.width * 2, c.height * 2) for c in canvases})
    for canvas in canvases:
        Canvas.objects.filter(pk=canvas.pk).update(width=canvas.width * 2, height=canvas.height * 2)


def test_regions_of_tasks_move_along(make_campaign, clef, owner):
    campaign = make_campaign(pages=0, open_it=False, question_kind="tag")
    other = make_campaign("other", pages=1)
    layer = make_layer(owner)
    annotate(layer, task_at(other).canvas)
    choose_regions(campaign, by=owner, layers=[layer.pk])
    before = Task.objects.get(campaign=campaign)
    double(campaign)
    after = Task.objects.get(pk=before.pk)
    assert after.region == tuple(2 * value for value in before.region)
    assert task_at(other).region is None
    assert open_campaign(campaign, by=owner).status == "open"


@pytest.mark.django_db(transaction=True)
def test_answers_consensus_and_truth_move_along_and_releases_do_not(make_campaign, clef, owner):
    campaign = make_campaign(pages=1, overlap=2)
    near = (102.0, 200.0, 40.0, 80.0)
    answer(campaign, {0: [located([(BOX, clef("G"))]), located([(near, clef("G"))])]})
    merge(campaign)
    accept_all(campaign, task_at(campaign), owner)
    done = released(campaign, owner)
    files = {row.name: row.sha256 for row in done.files.all()}
    before = {row.pk: row.box for row in Annotation.objects.all()}
    spread = ConsensusItem.objects.get().spread
    double(campaign)
    assert {row.pk: row.box for row in Annotation.objects.all()} == {
        pk: tuple(2 * value for value in box) for pk, box in before.items()
    }
    assert ConsensusItem.objects.get().spread == pytest.approx([2 * value for value in spread])
    drawn = [row.answer["shapes"][0]["box"] for row in Contribution.objects.order_by("submitted_at")]
    assert drawn == [[2 * v for v in BOX], [2 * v for v in near]]
    done.refresh_from_db()
    assert {row.name: row.sha256 for row in done.files.all()} == files
    assert {row.revision for row in Annotation.objects.all()} == {2}


def test_what_more_is_looked_for_of_moves_along(campaign, people):
    given = claim(campaign, people(campaign, 1)[0]).assignment
    search = SimilarSearch.objects.create(id=uuid4(), assignment=given, box=list(BOX))
    double(campaign)
    search.refresh_from_db()
    assert search.box == [2 * v for v in BOX]


def test_consensus_after_it_mixes_old_and_new_answers_rightly(make_campaign, clef, people):
    campaign = make_campaign(pages=1, overlap=2)
    one, two = people(campaign, 2)
    submit(claim(campaign, one).assignment, boxes(BOX, concept=clef("G")))
    double(campaign)
    submit(claim(campaign, two).assignment, boxes([2 * v for v in BOX], concept=clef("G")))
    merge(campaign)
    item = ConsensusItem.objects.select_related("annotation").get()
    assert (item.support, item.annotation.box) == (2, tuple(2 * v for v in BOX))


@pytest.fixture
def late(campaign, people, clef):
    """Somebody who took a task before its canvas was resized and hands in after."""
    given = claim(campaign, people(campaign, 1)[0]).assignment
    double(campaign)
    return given, boxes(BOX, concept=clef("G"))


def test_late_work_that_says_its_space_is_moved_along(late):
    given, drawn = late
    submit(given, replace(drawn, canvas_size=(1000, 1400)))
    assert Annotation.objects.get().box == tuple(2 * v for v in BOX)
    assert Contribution.objects.get().answer["shapes"][0]["box"] == [2 * v for v in BOX]


def test_late_work_drawn_on_the_new_size_stays(late):
    given, drawn = late
    submit(given, replace(drawn, canvas_size=(2000, 2800)))
    assert Annotation.objects.get().box == BOX


@pytest.mark.parametrize("size", [None, (1400, 1000)])
def test_late_work_whose_space_is_unknown_is_refused_and_never_misplaced(late, size):
    given, drawn = late
    with pytest.raises(Conflict) as refusal:
        submit(given, replace(drawn, canvas_size=size))
    assert refusal.value.code == "canvas-resized"
    assert refusal.value.extra == {"canvas_size": [2000, 2800]}
    assert not Annotation.objects.exists()


def test_work_that_places_nothing_needs_no_space(late):
    given, drawn = late
    assert submit(given, replace(drawn, answer={"nothing_here": True})).is_new


def test_work_taken_after_it_needs_not_say_its_space(campaign, people, clef):
    double(campaign)
    Canvas.objects.update(resized_at=timezone.now() - timedelta(seconds=1))
    given = claim(campaign, people(campaign, 1)[0]).assignment
    submit(given, boxes(BOX, concept=clef("G")))
    assert Annotation.objects.get().box == BOX


def test_a_retry_of_late_work_is_still_a_retry(late):
    given, drawn = late
    told = replace(drawn, canvas_size=(1000, 1400))
    assert submit(given, told).is_new
    assert not submit(given, told).is_new


def test_a_broken_box_is_still_refused_where_it_is(late):
    given, drawn = late
    drawn.answer["shapes"][0]["box"] = [1, 2, "x", 4]
    with pytest.raises(Invalid) as refusal:
        submit(given, replace(drawn, canvas_size=(1000, 1400)))
    assert refusal.value.faults[0].pointer == "/shapes/0/box/2"


def test_over_rest(late, clef, api, owner, campaign):
    api.force_authenticate(owner)
    claimed = api.post(f"/api/v1/campaigns/{campaign.slug}/assignments/", {}).json()["assignment"]
    body = {
        "id": str(uuid4()), "assignment": claimed["id"], "nothing_here": False, "canvas_size": [1000, 1400],
        "shapes": [{"id": str(uuid4()), "box": list(BOX), "concepts": [str(clef("G").pk)], "origin": "drawn",
                    "prediction": None}],
    }  # fmt: skip
    address = f"/api/v1/campaigns/{campaign.slug}/contributions/"
    for wrong in ([1000], [0, 5], "x", [1, 2, 3]):
        assert api.post(address, {**body, "canvas_size": wrong}).status_code == 422
    assert api.post(address, body).status_code == 201
    assert Annotation.objects.get().box == tuple(2 * v for v in BOX)
