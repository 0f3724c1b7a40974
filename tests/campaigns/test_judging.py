"""Campaigns that judge what is there: from a model's run or a layer to a release, over REST and by actions."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.roles import Role, grant
from annotation.models import Annotation
from campaigns.actions import (
    Submission,
    Wanted,
    amend,
    choose_canvases,
    choose_regions,
    choose_shown,
    claim,
    configure_campaign,
    create_campaign,
    join_campaign,
    open_campaign,
    submit,
)
from campaigns.actions.amending import Amendment
from campaigns.actions.definitions import campaign_from, copy_campaign, definition_of
from campaigns.actions.gold import mark_gold
from campaigns.api import shown
from campaigns.models import Contribution, ContributionShape, GoldScore, Task
from campaigns.questions import KINDS, ConfigError
from problems import Conflict, Invalid
from tests.annotation.conftest import annotate, make_layer
from tests.campaigns.conftest import SETTINGS, make_vocabulary
from tests.campaigns.evaluations import run_that_said
from tests.campaigns.outcomes import accept_all, merge, released, task_at

pytestmark = pytest.mark.django_db
BOXES = ((10.0, 20.0, 30.0, 40.0), (50.0, 160.0, 30.0, 40.0), (900.0, 20.0, 200.0, 40.0))
PLACE = "/api/v1/campaigns/judging"


@pytest.fixture
def run(make_campaign, clef, owner):
    """A model that found three clefs on the first page and a whole page of F clefs: the third leaves its page."""
    campaign = make_campaign("drawing", pages=2)
    first, second = (task.canvas for task in campaign.tasks.order_by("position"))
    said: list[Any] = [
        (first, BOXES[0], clef("G"), 0.9),
        (first, BOXES[1], clef("F"), 0.4),
        (first, BOXES[2], clef("G"), 0.2),
        (second, None, clef("F"), None),
    ]
    found = run_that_said(campaign, owner, said)
    grant(owner, found.layer, Role.OWNER)
    return found


@pytest.fixture
def judging(run, owner, vocabulary):
    """A campaign that asks one person each whether that is right."""
    settings = {**SETTINGS, "question_kind": "verify", "question": {"prompt": {"en": "Is this right?"}}}
    campaign = create_campaign(by=owner, slug="judging", vocabulary=vocabulary, overlap=1, **settings)
    choose_shown(campaign, by=owner, layers=[run.layer_id])
    return open_campaign(campaign, by=owner)


def told(lease) -> dict[str, Any]:
    """What is shown to be judged."""
    (only,) = shown.assignment(lease)["predictions"]
    return only


def accepting(said: dict[str, Any], **changes: Any) -> dict[str, Any]:
    shape = {
        "id": str(uuid4()), "box": list(said["box"]), "concepts": [one["id"] for one in said["concepts"]],
        "origin": "accepted", "prediction": str(said["id"]), **changes,
    }  # fmt: skip
    return {"nothing_here": False, "shapes": [shape]}


def rejecting(said: dict[str, Any]) -> dict[str, Any]:
    return {"nothing_here": True, "rejected_predictions": [str(said["id"])]}


def hand_in(lease, answer: dict[str, Any]):
    return submit(lease, Submission(uuid4(), answer))


def test_each_annotation_becomes_a_task_once_on_its_place(judging, run, owner):
    assert choose_shown(judging, by=owner, layers=[run.layer_id]) == 0
    tasks = list(judging.tasks.order_by("position"))
    assert [task.region for task in tasks] == [BOXES[0], (900, 20, 100, 40), BOXES[1], None]
    assert len({task.about_id for task in tasks}) == 4
    assert judging.cover_id is None or judging.cover_id == tasks[0].canvas_id


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"least": 0.3}, 2), ({"most": 0.4}, 2), ({"least": 0.3, "most": 0.5}, 1), ({"concepts": "F"}, 2),
        ({"concepts": "top"}, 4), ({"concepts": "F", "least": 0.1}, 1), ({"concepts": "C"}, 0),
    ],
)  # fmt: skip
def test_only_what_is_wanted(wanted, found, run, owner, vocabulary, clef):
    settings = {**SETTINGS, "question_kind": "verify"}
    campaign = create_campaign(by=owner, slug="some", vocabulary=vocabulary, **settings)
    concepts = (clef(wanted.pop("concepts")).pk,) if "concepts" in wanted else ()
    assert choose_shown(campaign, by=owner, layers=[run.layer_id], wanted=Wanted(concepts, **wanted)) == found


def test_what_no_answer_could_accept_is_left_out(run, owner, vocabulary, clef):
    foreign = make_vocabulary("other").concepts.get(notation="G")
    canvas = Task.objects.filter(campaign__slug="drawing").first().canvas
    layer = run.layer
    strange, double = annotate(layer, canvas, 2)
    strange.concept_links.create(concept=foreign, position=0)
    for place, notation in enumerate("GF"):
        double.concept_links.create(concept=clef(notation), position=place)
    settings = {**SETTINGS, "question_kind": "verify"}
    one = create_campaign(by=owner, slug="one-label", vocabulary=vocabulary, **settings)
    assert choose_shown(one, by=owner, layers=[layer.pk]) == 4
    settings["question"] = {**settings["question"], "many": True}
    many = create_campaign(by=owner, slug="many-labels", vocabulary=vocabulary, **settings)
    assert choose_shown(many, by=owner, layers=[layer.pk]) == 5


def test_choices_that_make_no_sense_are_refused(judging, run, owner, manager, make_campaign):
    for wanted in (Wanted(least=2), Wanted(least=0.6, most=0.5), Wanted(concepts=(uuid4(),))):
        with pytest.raises(Invalid):
            choose_shown(judging, by=owner, layers=[run.layer_id], wanted=wanted)
    with pytest.raises(Invalid):
        choose_shown(judging, by=owner, layers=[])
    with pytest.raises(Invalid):
        choose_shown(judging, by=manager, layers=[run.layer_id])
    drawing = make_campaign("other", pages=1)
    with pytest.raises(Conflict):
        choose_shown(drawing, by=owner, layers=[run.layer_id])
    with pytest.raises(Conflict):
        choose_regions(judging, by=owner, layers=[run.layer_id])
    with pytest.raises(Conflict):
        choose_canvases(judging, by=owner, canvases=[drawing.tasks.get().canvas_id])
    with pytest.raises(Invalid) as caught:
        configure_campaign(judging, {"blind_share": 0.2}, by=owner)
    assert caught.value.code == "no-blind-arm"


def test_what_is_shown_is_one_thing_with_its_labels(judging, people, clef, run):
    (person,) = people(judging, 1)
    lease = claim(judging, person).assignment
    said = told(lease)
    assert said["box"] == BOXES[0]
    assert [one["label"] for one in said["concepts"]] == ["G clef"]
    assert (said["confidence"], lease.predictions_shown_id) == (0.9, run.pk)
    assert said["crop"] == shown.assignment(lease)["task"]["crop"]


def test_origins_are_recorded(judging, people):
    (person,) = people(judging, 1)
    answers = []
    for number in range(4):
        lease = claim(judging, person).assignment
        said = told(lease)
        change = {"origin": "edited", "box": [said["box"][0] - 50, *said["box"][1:]]} if number == 1 else {}
        answers.append(hand_in(lease, rejecting(said) if number == 2 else accepting(said, **change)))
    rows = ContributionShape.objects.order_by("contribution__submitted_at")
    assert [(row.origin, row.prediction_iou) for row in rows] == [
        ("accepted", 1.0), ("edited", pytest.approx(1 / 3)), ("accepted", 1.0),
    ]  # fmt: skip
    assert {row.prediction_id for row in rows} < set(judging.tasks.values_list("about", flat=True))
    assert [Contribution.objects.get(pk=done.id).nothing_here for done in answers] == [
        False,
        False,
        True,
        False,
    ]
    assert judging.tasks.filter(state="retired").count() == 4


def test_an_answer_about_something_else_is_refused(judging, people):
    (person,) = people(judging, 1)
    lease = claim(judging, person).assignment
    said = told(lease)
    other = judging.tasks.exclude(pk=lease.task_id).filter(canvas=lease.task.canvas_id).first()
    for answer, pointer in (
        ({"nothing_here": True}, "/rejected_predictions"),
        (accepting(said, box=[11, 20, 30, 40]), "/shapes/0"),
        (accepting(said, prediction=str(other.about_id)), "/shapes/0/prediction"),
        (accepting(said, prediction=str(uuid4())), "/shapes/0/prediction"),
    ):
        with pytest.raises(Invalid) as caught:
            hand_in(lease, answer)
        assert caught.value.pointer == pointer
    assert hand_in(lease, accepting(said)).counts


def test_one_may_change_ones_mind(judging, people):
    (person,) = people(judging, 1)
    lease = claim(judging, person).assignment
    said = told(lease)
    done = hand_in(lease, rejecting(said))
    contribution = Contribution.objects.select_related(
        "assignment__task__campaign__vocabulary", "assignment__task__canvas__manifest", "participant"
    ).get(pk=done.id)
    amended = amend(contribution, Amendment(Submission(uuid4(), accepting(said)), 1)).contribution
    assert (amended.nothing_here, amended.shapes.get().origin) == (False, "accepted")
    with pytest.raises(Invalid):
        amend(amended, Amendment(Submission(uuid4(), {"nothing_here": True}), 2))


def test_known_answers_may_be_right_or_wrong(judging, owner, people):
    (person,) = people(judging, 1)
    for number in range(4):
        lease = claim(judging, person).assignment
        hand_in(lease, rejecting(told(lease)) if number == 0 else accepting(told(lease)))
    merge(judging)
    tasks = [task_at(judging, place) for place in (0, 1)]
    for task in tasks:
        accept_all(judging, task, owner)
    golds = mark_gold(judging, [task.pk for task in tasks], by=owner)
    assert sorted(gold.answer["nothing_here"] for gold in golds) == [False, True]
    campaign = configure_campaign(judging, {"gold_share": 0.5, "qualify_count": 2, "overlap": 2}, by=owner)
    new = join_campaign(campaign, visitor="somebody new")
    for _round in range(2):
        lease = claim(campaign, new).assignment
        assert lease.seeded
        hand_in(lease, accepting(told(lease)))
    assert sorted(GoldScore.objects.values_list("score", flat=True)) == [0, 1]


def test_a_copy_judges_the_same_and_a_definition_starts_empty(judging, owner):
    copy = copy_campaign(judging, slug="again", by=owner)
    pairs = [list(one.tasks.order_by("position").values_list("about", "region_x")) for one in (judging, copy)]
    assert pairs[0] == pairs[1]
    definition = {**definition_of(judging), "sources": ["https://example.org/nowhere"]}
    started, _missing = campaign_from(definition, slug="elsewhere", by=owner)
    assert (started.question_kind, started.tasks.count()) == ("verify", 0)


def test_statements_do_not_grow_with_what_is_judged(judging, people, django_assert_num_queries):
    (person,) = people(judging, 1)
    lease = claim(judging, person).assignment
    with django_assert_num_queries(1):
        shown.assignment(lease, judging)


def test_a_layer_of_one_s_own_is_judged_and_then_cannot_be_deleted(judging, owner, api):
    layer = make_layer(owner)
    annotate(layer, judging.tasks.first().canvas, 2)
    assert choose_shown(judging, by=owner, layers=[layer.pk]) == 2
    api.force_authenticate(owner)
    response = api.delete(f"/api/v1/layers/{layer.pk}/")
    assert response.status_code == 409, response.content
    assert Annotation.objects.filter(layer=layer).count() == 2


@pytest.mark.django_db(transaction=True)
def test_over_rest_from_a_run_to_a_release(run, owner, contributor, vocabulary, api):
    api.force_authenticate(owner)
    body = {
        "slug": "judging", "title": {"en": "Right?"}, "question_kind": "verify", "vocabulary": vocabulary.slug,
        "question": {"prompt": {"en": "Is this right?"}, "show": "grid", "grid": 12}, "overlap": 1,
    }  # fmt: skip
    assert api.post("/api/v1/campaigns/", body).status_code == 201
    assert api.post(f"{PLACE}/canvases/", {}).status_code == 422
    added = api.post(f"{PLACE}/canvases/", {"layers": [str(run.layer_id)], "min_confidence": 0.1})
    assert added.json() == {"added": 3, "tasks": 3}
    assert api.post(f"{PLACE}/open/").status_code == 200
    preview = api.get(f"{PLACE}/preview/").json()
    assert len(preview["predictions"]) == 1
    api.force_authenticate(contributor)
    question = api.get(f"{PLACE}/").json()["question"]
    assert (question["judges"], question["show"], question["grid"]) == (True, "grid", 12)
    for number in range(3):
        lease = api.post(f"{PLACE}/assignments/", {}).json()["assignment"]
        (said,) = lease["predictions"]
        answer = rejecting(said) if number == 2 else accepting(said)
        sent = {"id": str(uuid4()), "assignment": lease["id"], **answer}
        assert api.post(f"{PLACE}/contributions/", sent).status_code == 201
        assert api.post(f"{PLACE}/contributions/", sent).status_code == 200
    mine = api.get(f"{PLACE}/contributions/mine/").json()["results"]
    assert [one["answer"]["nothing_here"] for one in mine] == [True, False, False]
    api.force_authenticate(owner)
    campaign = Task.objects.filter(campaign__slug="judging").first().campaign
    merge(campaign)
    while (waiting := api.get(f"{PLACE}/review/next/").json())["task"]:
        items = [{"id": item["id"], "verdict": "accepted"} for item in waiting["items"]]
        decision = {"id": str(uuid4()), "task": waiting["task"]["id"], "items": items}
        assert api.post(f"{PLACE}/decisions/", decision).status_code in (200, 201)
    release = released(campaign, owner)
    assert release.manifest["counts"]["annotations"] == 2


@pytest.mark.parametrize("config", [None, [], "x", 5])
def test_settings_that_are_none_are_refused(config: object) -> None:
    with pytest.raises(ConfigError):
        KINDS["verify"].validate_config(config)  # type: ignore[arg-type]
