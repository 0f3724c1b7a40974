"""What is handed in: kept once, checked, and written down as W3C annotations with where each shape came from."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Annotation, Layer
from campaigns.actions import (
    Submission,
    claim,
    close_campaign,
    configure_campaign,
    join_campaign,
    submit,
)
from campaigns.models import (
    Assignment,
    Campaign,
    Contribution,
    ContributionShape,
    Participant,
    PredictionRun,
    Predictor,
    Task,
)
from campaigns.suggested import predictions_for
from problems import Conflict, Invalid
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, boxes, make_vocabulary, nothing_here

Clef = Callable[[str], Concept]


@pytest.fixture
def carl(campaign: Campaign, contributor: User) -> Participant:
    return join_campaign(campaign, user=contributor)


def take(campaign: Campaign, person: Participant) -> Assignment:
    given = claim(campaign, person).assignment
    assert given is not None
    return Assignment.objects.select_related("task__campaign__vocabulary", "participant__user").get(
        pk=given.pk
    )


def test_boxes_become_annotations(campaign: Campaign, carl: Participant, clef: Clef) -> None:
    answer = boxes((10, 20, 30, 40), (100, 200, 30.5, 40), concept=clef("F"))
    done = submit(take(campaign, carl), answer)
    assert done.is_new
    assert done.counts
    first, second = Annotation.objects.filter(layer=campaign.contributions_layer).order_by("x")
    assert str(first.pk) == answer.answer["shapes"][0]["id"]
    assert second.box == (100, 200, 30.5, 40)
    assert [link.concept for link in first.concept_links.all()] == [clef("F")]
    assert first.created_by == carl.user
    assert first.vocabulary_version == 1
    document = first.document
    assert document["target"]["selector"]["value"] == "xywh=10,20,30,40"
    assert document["target"]["source"]["id"] == Task.objects.get(position=0).canvas.uri
    assert document["body"][0]["source"] == clef("F").uri
    assert "F clef" in str(document["body"])
    assert document["creator"] == {"type": "Person", "nickname": "Carl", "id": f"urn:uuid:{carl.pk}"}
    assert "id" not in document
    assert set(ContributionShape.objects.values_list("origin", "prediction", "prediction_iou")) == {
        ("drawn", None, None)
    }


def test_what_is_needed_to_judge_it_later_is_recorded(
    campaign: Campaign, carl: Participant, owner: User
) -> None:
    campaign = configure_campaign(campaign, {"summary": {"en": "New."}}, by=owner)
    answer = Submission(
        id=uuid4(),
        answer={"nothing_here": True, "comment": " torn "},
        time_spent_s=12.5,
        locale="fr",
        device="phone",
    )
    submit(take(campaign, carl), answer)
    kept = Contribution.objects.get()
    assert kept.campaign_version == 2
    assert kept.vocabulary_version == 1
    assert (kept.time_spent_s, kept.locale, kept.device) == (12.5, "fr", "phone")
    assert (kept.comment, kept.nothing_here, kept.predictions_shown) == ("torn", True, None)
    assert kept.submitted_at <= timezone.now()
    assert Assignment.objects.get().state == Assignment.State.SUBMITTED


def test_a_retry_changes_nothing(campaign: Campaign, carl: Participant, clef: Clef) -> None:
    assignment, answer = take(campaign, carl), boxes((10, 20, 30, 40), concept=clef("G"))
    first = submit(assignment, answer)
    again = submit(assignment, answer)
    assert not again.is_new
    assert (again.id, again.submitted_at, again.counts) == (first.id, first.submitted_at, first.counts)
    assert Annotation.objects.count() == 1


def test_a_retry_is_known_even_when_the_answer_would_not_be_taken_any_more(
    campaign: Campaign, carl: Participant, clef: Clef
) -> None:
    assignment, answer = take(campaign, carl), boxes((10, 20, 30, 40), concept=clef("G"))
    submit(assignment, answer)
    Campaign.objects.update(branch=clef("C"))
    assert not submit(assignment, answer).is_new


def test_the_same_id_with_another_content_is_a_conflict(
    campaign: Campaign, carl: Participant, clef: Clef
) -> None:
    assignment, answer = take(campaign, carl), boxes((10, 20, 30, 40), concept=clef("G"))
    submit(assignment, answer)
    with pytest.raises(Conflict) as refused:
        submit(assignment, nothing_here(answer.id))
    assert refused.value.code == "id-used"
    with pytest.raises(Conflict):
        submit(take(campaign, carl), answer)
    assert Contribution.objects.count() == 1


def test_a_task_handed_in_already_names_what_is_there(campaign: Campaign, carl: Participant) -> None:
    assignment, answer = take(campaign, carl), nothing_here()
    submit(assignment, answer)
    with pytest.raises(Conflict) as refused:
        submit(assignment, nothing_here())
    assert refused.value.as_json()["existing"] == str(answer.id)
    assert refused.value.code == "handed-in"


@pytest.mark.parametrize(
    ("box", "code"),
    [
        ((990, 20, 30, 40), "box-outside-canvas"),
        ((-5, 20, 30, 40), "box-outside-canvas"),
        ((10, 20, 0, 40), "box-without-area"),
        (("10", 20, 30, 40), "not-a-number"),
        ((10, 20, 30), "not-a-box"),
    ],
)
def test_a_box_that_cannot_be_is_refused_with_its_place(
    campaign: Campaign, carl: Participant, clef: Clef, box: tuple[float, ...], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        submit(take(campaign, carl), boxes((1, 1, 5, 5), box, concept=clef("G")))
    assert refused.value.code == code
    assert refused.value.faults[0].pointer.startswith("/shapes/1/box")
    assert Contribution.objects.count() == Annotation.objects.count() == 0
    assert Assignment.objects.get().state == Assignment.State.LIVE


def test_concepts_are_those_of_the_campaign(
    make_campaign: CampaignMaker, contributor: User, clef: Clef
) -> None:
    campaign = make_campaign(branch=clef("top"))
    carl = join_campaign(campaign, user=contributor)
    assignment = take(campaign, carl)
    foreign = make_vocabulary("others").concepts.get(notation="G")
    for wrong in (foreign, clef("top")):
        with pytest.raises(Invalid) as refused:
            submit(assignment, boxes((1, 1, 5, 5), concept=wrong))
        assert refused.value.faults[0].pointer == "/shapes/0/concepts/0"
    Concept.objects.filter(pk=clef("G").pk).update(status=Concept.Status.DEPRECATED)
    assert submit(
        assignment, boxes((1, 1, 5, 5), concept=clef("G"))
    ).counts  # chosen before it was deprecated


def test_a_shape_cannot_take_the_id_of_another_annotation(
    campaign: Campaign, carl: Participant, clef: Clef
) -> None:
    answer = boxes((10, 20, 30, 40), concept=clef("G"))
    submit(take(campaign, carl), answer)
    with pytest.raises(Conflict) as refused:
        submit(take(campaign, carl), Submission(id=uuid4(), answer=answer.answer))
    assert refused.value.faults[0].pointer == "/shapes/0/id"


def test_a_tag_is_an_annotation_of_the_whole_canvas(
    make_campaign: CampaignMaker, contributor: User, clef: Clef
) -> None:
    campaign = make_campaign(question_kind="tag", question={"prompt": {"en": "Which clef?"}})
    carl = join_campaign(campaign, user=contributor)
    answer = Submission(id=uuid4(), answer={"concepts": [str(clef("C").pk)]})
    submit(take(campaign, carl), answer)
    annotation = Annotation.objects.get()
    assert annotation.box is None
    assert "selector" not in annotation.document["target"]
    assert [link.concept for link in annotation.concept_links.all()] == [clef("C")]
    assert Contribution.objects.get().answer["concepts"] == [str(clef("C").pk)]


def test_a_closed_campaign_keeps_without_counting(campaign: Campaign, carl: Participant, owner: User) -> None:
    assignment = take(campaign, carl)
    close_campaign(campaign, by=owner)
    assert not submit(assignment, nothing_here()).counts
    assert Contribution.objects.count() == 1


# --- predictions ----------------------------------------------------------------------------------


@pytest.fixture
def run(campaign: Campaign, owner: User) -> PredictionRun:
    layer = Layer.objects.create(kind=Layer.Kind.PREDICTIONS)
    predictor = Predictor.objects.create(campaign=campaign, kind="http", name="clefs", version="1")
    run = PredictionRun.objects.create(predictor=predictor, layer=layer)
    configure_campaign(campaign, {"shown_run": run}, by=owner)
    campaign.refresh_from_db()
    return run


def predict(run: PredictionRun, task: Task, box: Box, concept: Concept) -> UUID:
    pk = uuid4()
    add_annotations([NewAnnotation(pk, run.layer, task.canvas, {}, (), box, (concept.pk,), confidence=0.75)])
    return pk


def test_the_origin_of_each_shape_is_recorded(
    campaign: Campaign, carl: Participant, clef: Clef, run: PredictionRun
) -> None:
    task = Task.objects.get(position=0)
    accepted = predict(run, task, Box(10, 10, 20, 20), clef("G"))
    edited = predict(run, task, Box(100, 100, 20, 20), clef("G"))
    rejected = predict(run, task, Box(500, 500, 20, 20), clef("C"))
    answer = boxes((10, 10, 20, 20), (110, 100, 20, 20), (300, 300, 9, 9), concept=clef("G"))
    first, second, _third = answer.answer["shapes"]
    first.update(origin="accepted", prediction=str(accepted))
    second.update(origin="edited", prediction=str(edited))
    answer.answer["rejected_predictions"] = [str(rejected)]
    submit(take(campaign, carl), answer)
    found = {shape.origin: shape for shape in ContributionShape.objects.all()}
    assert (found["accepted"].prediction_id, found["accepted"].prediction_iou) == (accepted, 1.0)
    assert found["edited"].prediction_id == edited
    assert found["edited"].prediction_iou == pytest.approx(1 / 3)
    assert found["drawn"].prediction_id is None
    kept = Contribution.objects.get()
    assert kept.predictions_shown == run
    assert kept.answer["rejected_predictions"] == [str(rejected)]


def test_a_prediction_that_was_not_shown_is_refused(
    campaign: Campaign, carl: Participant, clef: Clef, run: PredictionRun
) -> None:
    elsewhere = predict(run, Task.objects.get(position=1), Box(10, 10, 20, 20), clef("G"))
    answer = boxes((10, 10, 20, 20), concept=clef("G"))
    answer.answer["shapes"][0].update(origin="accepted", prediction=str(elsewhere))
    with pytest.raises(Invalid) as refused:
        submit(take(campaign, carl), answer)
    assert (refused.value.code, refused.value.faults[0].pointer) == (
        "unknown-prediction",
        "/shapes/0/prediction",
    )


def test_what_was_shown_is_settled_when_the_task_is_given_out(
    campaign: Campaign, carl: Participant, clef: Clef, run: PredictionRun, owner: User
) -> None:
    shown = predict(run, Task.objects.get(position=0), Box(10, 10, 20, 20), clef("G"))
    assignment = take(campaign, carl)
    configure_campaign(campaign, {"shown_run": None}, by=owner)
    answer = boxes((10, 10, 20, 20), concept=clef("G"))
    answer.answer["shapes"][0].update(origin="accepted", prediction=str(shown))
    submit(assignment, answer)
    assert Contribution.objects.get().predictions_shown == run


def test_predictions_are_shown_in_the_readers_language(
    campaign: Campaign, clef: Clef, run: PredictionRun
) -> None:
    task = Task.objects.get(position=0)
    pk = predict(run, task, Box(10, 10, 20, 20), clef("G"))
    (french,) = predictions_for(run.pk, task, "fr")
    assert french.id == pk
    assert french.box == (10, 10, 20, 20)
    assert french.concepts == ({"id": str(clef("G").pk), "label": "clef de sol"},)
    assert french.confidence == 0.75
    (german,) = predictions_for(run.pk, task, "de")
    assert german.concepts[0]["label"] == "G clef"
    task.region_x, task.region_y, task.region_w, task.region_h = 200, 200, 50, 50
    assert predictions_for(run.pk, task, "fr") == []
    assert predictions_for(None, task, "fr") == []


def test_the_statement_that_judges_is_planned_once(
    make_campaign: CampaignMaker, contributor: User, clef: Clef
) -> None:
    """Or its twenty tables are planned anew for every answer, which costs more than to run it."""
    campaign = make_campaign(pages=12)
    participant = join_campaign(campaign, user=contributor)
    for _number in range(12):
        lease = claim(campaign, participant).assignment
        assert lease is not None
        submit(lease, boxes((10, 20, 30, 40), concept=clef("F")))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE '%canvas.resized_at > a.%'"
        )
        assert [row[0] for row in cursor.fetchall() if row[0] >= 3]
