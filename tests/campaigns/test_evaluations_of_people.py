"""People against a release, as a model's run: only what they answered, with or without their own voice, side by side."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from annotation.geometry import Box as GeometryBox
from annotation.models import Annotation, Layer
from campaigns.actions import open_campaign
from campaigns.actions.comparing import compare_runs
from campaigns.actions.evaluating_people import evaluate_participant, evaluate_people
from campaigns.actions.leaving import erase_visitor
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement, is_undecided
from campaigns.actions.tasks import choose_annotated
from campaigns.compared import compare
from campaigns.models import Assignment, Campaign, Evaluation, Participant, Release
from campaigns.people_measured import people_measured, row_of
from campaigns.reviewing import review_queue
from problems import Conflict, Invalid, Problem
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, make_manifest, nothing_here
from tests.campaigns.evaluations import evaluated, pages_of, run_that_said
from tests.campaigns.outcomes import (
    ONE,
    TWO,
    answer,
    decide_everything,
    located,
    merge,
    moved,
    released,
    tagged,
)
from tests.campaigns.test_evaluations_of_shapes import BAR, DOT, campaign_of
from tests.campaigns.test_evaluations_of_shapes import drawn as traced
from work.actions import run_job

Clef = Callable[[str], Concept]
pytestmark = pytest.mark.django_db(transaction=True)
PROMPT = {"prompt": {"en": "Which?"}}
FAR = (600.0, 900.0, 40.0, 80.0)


def measured(person: Participant, release: Release, by: User, **asked: object) -> Evaluation:
    evaluation = evaluate_participant(person, release, by=by, **asked)  # type: ignore[arg-type]
    assert evaluation.job is not None
    run_job(str(evaluation.job.pk))
    done = Evaluation.objects.select_related("participant", "release__campaign", "job").get(pk=evaluation.pk)
    assert done.job is not None
    assert done.job.state == "done", done.job.error
    return done


@pytest.fixture
def drawn(campaign: Campaign, owner: User, clef: Clef) -> tuple[list[Participant], Release]:
    """Page 0: all three draw F, two of them G too; page 1: all see nothing; page 2: two draw F, the third G far away."""
    f, g = clef("F"), clef("G")
    people = answer(
        campaign,
        {
            0: [located([(ONE, f), (TWO, g)]), located([(ONE, f), (TWO, g)]), located([(ONE, f)])],
            1: [nothing_here() for _person in range(3)],
            2: [located([(ONE, f)]), located([(moved(ONE, 2), f)]), located([(FAR, g)])],
        },
    )
    merge(campaign)
    decide_everything(campaign, owner)
    return people, released(campaign, owner)


def test_a_person_is_counted_as_a_model_is(drawn: tuple[list[Participant], Release], owner: User) -> None:
    people, release = drawn
    first, third = measured(people[0], release, owner), measured(people[2], release, owner)
    assert first.participant == people[0]
    assert first.run is None
    assert first.canvas_count == 3
    truths = first.truth_count
    assert first.figures["overall"]["f1"]["value"] is not None
    assert first.figures["overall"]["fp"] + first.figures["overall"]["tp"] == first.prediction_count == 3
    overall = third.figures["overall"]
    assert (overall["tp"], overall["tp"] + overall["fp"], overall["tp"] + overall["fn"]) == (2, 2, truths)
    # People give no scores: what goes along these is not told.
    for name in ("coco", "points", "sizes", "calibration", "voc"):
        assert third.figures[name] is None
    assert all(row["ap"] is None and row["voc"] is None for row in third.figures["classes"])
    assert third.figures["score"] == {"value": None, "chosen": "all", "below": 0}
    assert third.figures["confusion"]["overall"] is not None
    assert third.figures["ceiling"]["people"]


def test_only_what_was_answered_is_asked_of_somebody(
    drawn: tuple[list[Participant], Release], campaign: Campaign, owner: User, clef: Clef
) -> None:
    people, _release = drawn
    # A fourth page is answered by other people.
    Assignment.objects.filter(task__campaign=campaign, task__position=3).delete()
    late = answer(campaign, {3: [located([(ONE, clef("F"))]) for _person in range(3)]})
    merge(campaign)
    decide_everything(campaign, owner)
    release = released(campaign, owner)
    assert measured(people[0], release, owner).canvas_count == 3
    mine = measured(late[0], release, owner)
    assert mine.canvas_count == 1
    assert mine.figures["overall"]["f1"]["value"] == 1.0


def test_without_the_own_voice(drawn: tuple[list[Participant], Release], owner: User) -> None:
    """Page 0: of the third person the two others agree on all, whatever they say; of the first they do not."""
    people, release = drawn
    third = measured(people[2], release, owner, basis="others")
    assert third.figures["person"] == {
        "basis": "others", "answered": 3, "voiced": 3, "settled": 3, "late": 0,
    }  # fmt: skip
    first = measured(people[0], release, owner, basis="others")
    # G on page 0 was drawn by one of the two others, F and G on page 2 too: the first one's vote decides there.
    assert first.figures["person"]["settled"] == 1
    assert first.canvas_count == 1
    whole = measured(people[0], release, owner)
    assert whole.pk != first.pk
    assert (whole.figures["person"]["voiced"], whole.canvas_count) == (3, 3)


def test_labels_of_one_and_of_several(make_campaign: CampaignMaker, owner: User, clef: Clef) -> None:
    f, g = clef("F"), clef("G")
    for slug, many in (("one", False), ("many", True)):
        campaign = make_campaign(
            slug, pages=3, question_kind="tag", question={**PROMPT, "many": many}, overlap=4
        )
        people = answer(
            campaign,
            {0: [tagged(f) for _p in range(4)], 1: [tagged(f), tagged(f), tagged(f), tagged(g)],
             2: [tagged(g), tagged(g), tagged(g), tagged(f)]},
        )  # fmt: skip
        merge(campaign)
        for task in list(review_queue(campaign)):
            judged = [
                Judgement("rejected" if is_undecided(item) else "accepted", item=item.pk)
                for item in task.consensus.items.all()
            ]
            decide(campaign, task.pk, judged, request=uuid4(), by=owner)
        release = released(campaign, owner)
        last = measured(people[3], release, owner)
        assert last.figures["overall"]["accuracy"] == pytest.approx(1 / 3)
        assert last.figures["ranking"] is None
        assert last.figures["calibration"] is None
        assert measured(people[3], release, owner, basis="others").canvas_count == 3
        # Of the first the others differ on two pages.
        assert measured(people[0], release, owner, basis="others").canvas_count == 1


def test_everybody_side_by_side(
    drawn: tuple[list[Participant], Release], owner: User, client: Client,
    django_assert_num_queries: Callable[..., object],
) -> None:  # fmt: skip
    people, release = drawn
    asked = evaluate_people(release, by=owner)
    assert {one.participant_id for one in asked} == {person.pk for person in people}
    for one in asked:
        run_job(str(one.job_id))
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        rows = [row_of(one) for one in people_measured(release)]
    assert rows[-1]["pseudonym"] == people[2].pseudonym
    assert rows[0]["f1"] >= rows[1]["f1"] > rows[2]["f1"]
    assert all(row["voiced"] == row["images"] == 3 for row in rows)
    # Asked again, nothing is to be done.
    again = evaluate_people(release, by=owner)
    assert {one.job_id for one in again} == {one.job_id for one in asked}
    client.force_login(owner)
    told = client.get(f"/api/v1/releases/{release.pk}/people/").json()
    assert [row["pseudonym"] for row in told] == [row["pseudonym"] for row in rows]
    posted = client.post(
        f"/api/v1/releases/{release.pk}/people/", {"basis": "x"}, content_type="application/json"
    )
    assert posted.status_code == 422
    posted = client.post(
        f"/api/v1/releases/{release.pk}/people/", {"basis": "others"}, content_type="application/json"
    )
    assert posted.status_code == 202
    assert len(posted.json()) == 3


def test_over_rest(drawn: tuple[list[Participant], Release], owner: User, client: Client) -> None:
    people, release = drawn
    client.force_login(owner)
    address = f"/api/v1/releases/{release.pk}/evaluations/"

    def ask(**body: object) -> tuple[int, dict[str, object]]:
        answered = client.post(address, body, content_type="application/json")
        return answered.status_code, answered.json()

    status, body = ask(participant=str(people[0].pk))
    assert status == 202
    assert (body["run"], body["model"], body["pseudonym"]) == (None, None, people[0].pseudonym)
    assert ask(participant=str(people[0].pk), score=0.5)[1]["code"] == "people-have-no-score"
    assert ask(participant=str(uuid4()))[1]["code"] == "unknown-participant"
    assert ask(participant=str(people[0].pk), run=str(uuid4()))[1]["code"] == "run-or-participant"
    assert ask()[1]["code"] == "run-or-participant"
    listed = client.get(address).json()["results"]
    assert [one["participant"] for one in listed] == [str(people[0].pk)]
    run_job(str(Evaluation.objects.get().job_id))
    whole = client.get(f"/api/v1/evaluations/{body['id']}/").json()
    assert whole["figures"]["person"]["voiced"] == 3
    for table in ("overall", "classes", "confusion", "ceiling"):
        assert client.get(f"/api/v1/evaluations/{body['id']}/tables/{table}.csv").status_code == 200
    cells = client.get(f"/api/v1/evaluations/{body['id']}/cells/", {"kind": "said"}).json()
    assert cells["count"] == 3


def test_who_may(
    drawn: tuple[list[Participant], Release], owner: User, stranger: User, client: Client
) -> None:
    people, release = drawn
    evaluation = measured(people[0], release, owner)
    with pytest.raises(Problem):
        evaluate_participant(people[0], release, by=stranger)
    client.force_login(stranger)
    assert client.get(f"/api/v1/evaluations/{evaluation.pk}/").status_code == 404
    assert client.get(f"/api/v1/releases/{release.pk}/people/").status_code in {403, 404}
    with pytest.raises(Invalid):
        evaluate_participant(people[0], release, by=owner, basis="mine")


def test_beside_a_model_on_the_images_of_the_person(
    drawn: tuple[list[Participant], Release], campaign: Campaign, owner: User, clef: Clef
) -> None:
    people, release = drawn
    pages = pages_of(campaign)
    run = run_that_said(
        campaign,
        owner,
        [(pages[0], ONE, clef("F"), 0.9), (pages[0], TWO, clef("G"), 0.9), (pages[2], ONE, clef("F"), 0.8)],
    )
    model, person = evaluated(run, release, owner), measured(people[2], release, owner)
    found = compare(person, model)
    assert found["canvases"] == 3
    assert found["f1"]["first"] < found["f1"]["second"]
    with pytest.raises(Conflict, match="average precision"):
        compare_runs(person, model, by=owner)


def test_changed_answers_are_measured_anew(drawn: tuple[list[Participant], Release], owner: User) -> None:
    people, release = drawn
    evaluation = measured(people[0], release, owner)
    assert evaluate_participant(people[0], release, by=owner).job_id == evaluation.job_id
    people[0].contributions.update(revision=2)
    assert evaluate_participant(people[0], release, by=owner).job_id != evaluation.job_id


def test_who_leaves_is_no_longer_measured(drawn: tuple[list[Participant], Release], owner: User) -> None:
    people, release = drawn
    measured(people[0], release, owner)
    erase_visitor(people[0].visitor, keep_comments=True)
    assert not Evaluation.objects.filter(participant=people[0]).exists()


@pytest.mark.parametrize(("shapes", "points"), [("polygon", BAR), ("point", DOT)])
def test_outlines_and_points(
    make_campaign: CampaignMaker, owner: User, clef: Clef, shapes: str, points: list[list[float]]
) -> None:
    """All trace the same on page 0; on page 1 the last one traces it alone, and so do the curators."""
    campaign = campaign_of(make_campaign, shapes)
    one = (points, clef("F"))
    people = answer(
        campaign, {0: [traced(one) for _person in range(3)], 1: [traced(), traced(), traced(one)]}
    )
    merge(campaign)
    decide_everything(campaign, owner)
    release = released(campaign, owner)
    first, last = (measured(person, release, owner) for person in (people[0], people[2]))
    assert (first.figures["overall"]["tp"], first.figures["overall"]["fn"]) == (1, 1)
    assert last.figures["overall"]["f1"]["value"] == 1.0
    assert first.figures["measure"] in {"outline-iou", "distance"}
    assert first.figures["points"] is None
    # Of the last one the others agree on both pages; of the first they do not on page 1.
    assert measured(people[2], release, owner, basis="others").canvas_count == 2
    assert measured(people[0], release, owner, basis="others").canvas_count == 1


def test_of_a_part_of_an_image_only_that_part_is_asked(
    make_campaign: CampaignMaker, owner: User, clef: Clef
) -> None:
    """Two regions of one page are asked about, each of other people."""
    regions = ((10.0, 10.0, 100.0, 100.0), (200.0, 10.0, 100.0, 100.0))
    canvas = make_manifest(1, owner).canvases.get()
    layer = Layer.objects.create(kind=Layer.Kind.PERSONAL, label={"en": "Beasts"}, created_by=owner)
    for x, y, w, h in regions:
        selector = {"type": "FragmentSelector", "value": GeometryBox(x, y, w, h).fragment()}
        Annotation.objects.create(
            layer=layer, canvas=canvas, x=x, y=y, w=w, h=h,
            document={"type": "Annotation", "target": {"source": canvas.uri, "selector": selector}},
        )  # fmt: skip
    campaign = make_campaign(
        "names", pages=0, open_it=False, question_kind="identify", question=PROMPT, overlap=2
    )
    choose_annotated(campaign, by=owner, annotations=Annotation.objects.filter(layer=layer))
    campaign = open_campaign(campaign, by=owner)
    early = answer(campaign, {0: [tagged(clef("F")), tagged(clef("F"))]})
    Assignment.objects.filter(task__campaign=campaign, task__position=1).delete()
    answer(campaign, {1: [tagged(clef("G")), tagged(clef("G"))]})
    merge(campaign)
    assert decide_everything(campaign, owner) == 2
    evaluation = measured(early[0], released(campaign, owner), owner)
    assert (evaluation.canvas_count, evaluation.truth_count, evaluation.prediction_count) == (1, 1, 1)
    assert evaluation.figures["overall"]["f1"]["value"] == 1.0
