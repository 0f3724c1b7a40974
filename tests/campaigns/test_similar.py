"""“Find more like this” on one image: asked for once, found by a job, taken over like any prediction, told to nobody else."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from accounts.signals import Wishes
from annotation.models import Annotation, Canvas
from campaigns.actions import claim, configure_campaign, join_campaign, pause_campaign, submit
from campaigns.actions import similar as searching
from campaigns.actions.leaving import leave_campaigns
from campaigns.actions.similar import MOST_A_MINUTE, page_px
from campaigns.models import (
    Assignment,
    Campaign,
    ContributionShape,
    Participant,
    PredictionRun,
    SimilarSearch,
)
from campaigns.questions import AnswerError, locate
from fetch import FetchError
from problems import Conflict
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, in_threads
from tests.campaigns.outcomes import located
from tests.campaigns.test_predictions import http_run
from work.actions import run_job
from work.models import Job

Clef = Callable[[str], Concept]
# Where the same sign stands on the page, in canvas units: the page is as large as its canvas.
PROMPT = {"prompt": {"en": "Draw a box around every clef."}}
PLACES = [(100, 100), (400, 700), (820, 1200)]
SIDE = 40


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A page of 1000 × 1400 with one sign three times; the sizes at which it was asked for."""
    rng = np.random.default_rng(3)
    sheet = rng.integers(225, 240, (1400, 1000), dtype=np.uint8)
    sign = np.where(rng.random((SIDE, SIDE)) < 0.5, 20, 230).astype(np.uint8)
    for x, y in PLACES:
        sheet[y : y + SIDE, x : x + SIDE] = sign
    asked: list[int] = []

    def gray_page(_canvas: Canvas, *, longest: int) -> Any:
        asked.append(longest)
        return sheet

    monkeypatch.setattr(searching, "gray_page", gray_page)
    return asked


@pytest.fixture
def carl(api: APIClient, contributor: User) -> APIClient:
    api.force_authenticate(contributor)
    return api


def lease(client: APIClient) -> dict[str, Any]:
    given = client.post(reverse("api-assignment-claim", args=["clefs"]), {}, format="json").json()
    answer: dict[str, Any] = given["assignment"]
    return answer


def ask(client: APIClient, assignment: str, concept: Concept | None = None, **more: Any) -> Any:
    body = {
        "id": str(uuid4()),
        "box": [*PLACES[0], SIDE, SIDE],
        "concepts": [str(concept.pk)] if concept else [],
        **more,
    }
    return client.post(reverse("api-similar", args=[assignment]), body, format="json")


def work(search: str) -> Job:
    job = SimilarSearch.objects.get(pk=search).job
    assert job is not None
    run_job(str(job.pk))
    job.refresh_from_db()
    return job


def look(client: APIClient, assignment: str, search: str) -> dict[str, Any]:
    response = client.get(reverse("api-similar-search", args=[assignment, search]))
    assert response.status_code == 200, response.content
    body: dict[str, Any] = response.json()
    return body


def test_what_is_like_the_box_is_found_and_taken_over(
    campaign: Campaign, carl: APIClient, clef: Clef, page: list[int]
) -> None:
    given = lease(carl)
    assert given["finds_similar"] is True
    asked = ask(carl, given["id"], clef("F"))
    assert asked.status_code == 202, asked.content
    assert (asked.json()["state"], asked.json()["predictions"]) == ("queued", [])
    pk = asked.json()["id"]
    assert work(pk).state == Job.State.DONE
    told = look(carl, given["id"], pk)
    assert told["state"] == "done"
    assert sorted(one["box"][:2] for one in told["predictions"]) == [list(place) for place in PLACES[1:]]
    first = told["predictions"][0]
    assert [one["id"] for one in first["concepts"]] == [str(clef("F").pk)]
    assert first["crop"]
    kept = Annotation.objects.get(pk=first["id"])
    assert kept.document["rubricator:model"] == "match_template"
    assert kept.document["rubricator:similarTo"] == "xywh=100,100,40,40"
    assert kept.confidence == first["confidence"]

    shape = {"id": str(uuid4()), "concepts": [str(clef("F").pk)]}
    drawn = {**shape, "box": [*PLACES[0], SIDE, SIDE], "origin": "drawn", "prediction": None}
    taken = {
        **shape,
        "id": str(uuid4()),
        "box": first["box"],
        "origin": "accepted",
        "prediction": first["id"],
    }
    body = {
        "id": str(uuid4()), "assignment": given["id"], "shapes": [drawn, taken],
        "rejected_predictions": [told["predictions"][1]["id"]],
    }  # fmt: skip
    handed = carl.post(reverse("api-contribution-submit", args=["clefs"]), body, format="json")
    assert handed.status_code == 201, handed.content
    row = ContributionShape.objects.get(annotation=taken["id"])
    assert (row.origin, str(row.prediction_id), row.prediction_iou) == ("accepted", first["id"], 1.0)
    # That it was used stands beside the contribution for good.
    assert row.contribution.assignment.searches.count() == 1
    assert row.contribution.predictions_shown is None


def test_the_same_request_again_changes_nothing(
    campaign: Campaign, carl: APIClient, clef: Clef, page: list[int]
) -> None:
    given, pk = lease(carl)["id"], str(uuid4())
    for _time in range(3):
        assert ask(carl, given, id=pk).status_code == 202
    assert SimilarSearch.objects.count() == Job.objects.filter(kind=searching.KIND).count() == 1
    other = ask(carl, given, id=pk, box=[1, 1, 50, 50])
    assert (other.status_code, other.json()["code"]) == (409, "id-used")
    run_job(str(SimilarSearch.objects.get().job_id))
    again = Job.objects.create(kind=searching.KIND, subject=pk)
    run_job(str(again.pk))
    assert len(look(carl, given, pk)["predictions"]) == 2
    assert Annotation.objects.count() == 2


def test_it_asks_for_as_many_statements_however_much_is_found(
    campaign: Campaign, carl: APIClient, clef: Clef, page: list[int]
) -> None:
    given = lease(carl)["id"]
    with CaptureQueriesContext(
        connection,
    ) as asking:
        pk = ask(carl, given, clef("F")).json()["id"]
    assert len(asking) <= 12
    work(pk)
    with CaptureQueriesContext(connection) as looking:
        assert len(look(carl, given, pk)["predictions"]) == 2
    assert len(looking) == 5


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"box": None}, "/box", "not-a-box"),
        ({"box": [0, 0, 0, 5]}, "/box", "box-without-area"),
        ({"box": [990, 0, 40, 40]}, "/box", "box-outside"),
        ({"box": [1e308, 1e308, 1e308, 1e308]}, "/box", "box-outside"),
        ({"box": [0, 0, "x", 5]}, "/box/2", "not-a-number"),
        ({"concepts": "F"}, "/concepts", "not-a-list"),
        ({"concepts": ["F"]}, "/concepts/0", "not-an-id"),
        ({"concepts": [str(uuid4())]}, "/concepts/0", "unknown-concept"),
        ({"id": "one"}, "/id", "invalid"),
    ],
)
def test_what_is_asked_badly_is_refused(
    campaign: Campaign, carl: APIClient, more: dict[str, Any], pointer: str, code: str
) -> None:
    refused = ask(carl, lease(carl)["id"], **more)
    assert refused.status_code == 422, refused.content
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer, code)
    assert not SimilarSearch.objects.exists()


def test_a_person_asks_ten_times_a_minute_at_most(
    campaign: Campaign, carl: APIClient, stranger: User, page: list[int]
) -> None:
    given = lease(carl)["id"]
    for _time in range(MOST_A_MINUTE):
        assert ask(carl, given).status_code == 202
    refused = ask(carl, given)
    assert (refused.status_code, refused.json()["code"]) == (503, "too-often")
    assert refused["Retry-After"] == "20"
    # The next search takes the place of the one before.
    states = Job.objects.filter(kind=searching.KIND).order_by("created_at").values_list("state", flat=True)
    assert list(states) == ["stopped"] * (MOST_A_MINUTE - 1) + ["queued"]
    other = APIClient()
    other.force_authenticate(stranger)
    assert ask(other, lease(other)["id"]).status_code == 202


def test_whoever_leaves_waits_for_nothing(campaign: Campaign, carl: APIClient, page: list[int]) -> None:
    given = lease(carl)["id"]
    pk = ask(carl, given).json()["id"]
    for _time in range(2):
        assert carl.delete(reverse("api-similar-search", args=[given, pk])).status_code == 204
    assert look(carl, given, pk)["state"] == "stopped"
    assert work(pk).state == Job.State.STOPPED
    assert page == []


def test_others_see_nothing_of_it(
    campaign: Campaign, carl: APIClient, owner: User, stranger: User, clef: Clef, page: list[int]
) -> None:
    given = lease(carl)["id"]
    pk = ask(carl, given, clef("F")).json()["id"]
    work(pk)
    for somebody in (owner, stranger):
        client = APIClient()
        client.force_authenticate(somebody)
        assert client.get(reverse("api-similar-search", args=[given, pk])).status_code == 404
        assert ask(client, given).status_code == 404
        assert lease(client)["predictions"] == []
    run = PredictionRun.objects.get()
    assert run.predictor.assists
    assert not PredictionRun.objects.of(campaign).exists()
    client = APIClient()
    client.force_authenticate(owner)
    address = reverse("api-campaign-detail", args=["clefs"])
    refused = client.patch(address, {"shown_run": str(run.pk)}, format="json")
    assert refused.status_code == 422, refused.content


def test_where_both_are_compared_there_is_none_without_suggestions(
    campaign: Campaign, owner: User, clef: Clef, carl: APIClient
) -> None:
    run = http_run(campaign, owner, F=str(clef("F").pk))
    configure_campaign(campaign, {"shown_run": run, "blind_share": 1.0}, by=owner)
    given = lease(carl)
    assert given["finds_similar"] is False
    refused = ask(carl, given["id"])
    assert (refused.status_code, refused.json()["code"]) == (403, "without-suggestions")
    configure_campaign(campaign, {"blind_share": 0.0}, by=owner)
    assert ask(carl, given["id"]).status_code == 202


def test_a_known_answer_is_like_any_other_task(campaign: Campaign, carl: APIClient, page: list[int]) -> None:
    given = lease(carl)
    Assignment.objects.filter(pk=given["id"]).update(seeded=True)
    assert ask(carl, given["id"]).status_code == 202


@pytest.mark.parametrize(
    "settings",
    [
        {"question": {**PROMPT, "find_similar": False}},
        {"question": {**PROMPT, "shapes": "polygon"}},
        {"question_kind": "tag", "question": PROMPT},
    ],
)
def test_it_is_offered_for_boxes_and_where_the_campaign_wants_it(
    make_campaign: CampaignMaker, carl: APIClient, settings: dict[str, Any]
) -> None:
    make_campaign(**settings)
    given = lease(carl)
    assert given["finds_similar"] is False
    assert ask(carl, given["id"]).json()["code"] == "not-offered"


def test_nothing_is_looked_for_while_the_campaign_rests(
    campaign: Campaign, carl: APIClient, owner: User
) -> None:
    first, second = lease(carl)["id"], lease(carl)["id"]
    carl.post(reverse("api-assignment-skip", args=[first]))
    assert ask(carl, first).json()["code"] == "lease-over"
    pause_campaign(campaign, by=owner)
    refused = ask(carl, second).json()
    assert (refused["code"], refused["detail"]) == (
        "campaign-not-open",
        "This campaign is paused. Come back later.",
    )


def test_a_search_that_fails_says_why(
    campaign: Campaign, carl: APIClient, page: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = lease(carl)["id"]
    blank = ask(carl, given, box=[600, 300, 60, 60]).json()["id"]
    monkeypatch.setattr(searching, "cut", lambda *_args: np.full((60, 60), 230, dtype=np.uint8))
    assert work(blank).state == Job.State.FAILED
    assert look(carl, given, blank)["detail"] == "There is too little in this box to find more like it."

    def away(_canvas: Canvas, *, longest: int) -> Any:
        raise FetchError

    monkeypatch.setattr(searching, "gray_page", away)
    pk = ask(carl, given).json()["id"]
    assert work(pk).state == Job.State.FAILED
    assert "The address could not be read." in look(carl, given, pk)["detail"]


def test_of_a_region_only_what_reaches_into_it(campaign: Campaign, carl: APIClient, page: list[int]) -> None:
    given = lease(carl)
    campaign.tasks.filter(pk=given["task"]["id"]).update(region_x=0, region_y=0, region_w=1000, region_h=900)
    pk = ask(carl, given["id"]).json()["id"]
    work(pk)
    assert [one["box"][:2] for one in look(carl, given["id"], pk)["predictions"]] == [[400, 700]]


def test_the_page_is_as_large_as_the_box_needs() -> None:
    canvas = Canvas(width=6000, height=4000)
    sizes = [page_px(canvas, searching.Box(0, 0, side, side)) for side in (10, 60, 1000)]
    assert sizes == [3000, 2400, 1600]


def test_a_shape_may_be_copied_from_the_image_before(campaign: Campaign, clef: Clef) -> None:
    given = claim(campaign, join_campaign(campaign, visitor=uuid4().hex)).assignment
    assert given is not None
    submission = located([((10, 10, 30, 30), clef("F"))])
    shape = submission.answer["shapes"][0]
    shape["origin"] = "copied"
    submit(given, submission)
    assert ContributionShape.objects.get().origin == "copied"
    with pytest.raises(AnswerError) as refused:
        locate.validate_answer(
            {"shapes": [{**shape, "prediction": str(uuid4())}]},
            config={}, canvas_size=(1000, 1400), allowed_concepts=shape["concepts"],
        )  # fmt: skip
    assert refused.value.code == "prediction-without-origin"


def test_how_sure_somebody_is_stands_on_the_mark(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(question={**PROMPT, "certainty": True})
    given = claim(campaign, join_campaign(campaign, visitor=uuid4().hex)).assignment
    assert given is not None
    submission = located([((10, 10, 30, 30), clef("F")), ((90, 10, 30, 30), clef("F"))])
    submission.answer["shapes"][0]["certainty"] = "unsure"
    submit(given, submission)
    first, second = ContributionShape.objects.order_by("annotation__x")
    assert (first.certainty, second.certainty) == ("unsure", "")
    assert first.annotation.document["rubricator:certainty"] == "unsure"
    assert "rubricator:certainty" not in second.annotation.document
    assert "certainty" not in first.contribution.answer["shapes"][1]


@pytest.mark.django_db(transaction=True)
def test_the_same_id_of_two_people_at_once_is_one_search(
    campaign: Campaign, people: Callable[[Campaign, int], list[Participant]], monkeypatch: pytest.MonkeyPatch
) -> None:
    both, pk = threading.Barrier(2), uuid4()
    leases = [_lease_of(campaign, person) for person in people(campaign, 2)]
    # Neither knows the id when both go on.
    monkeypatch.setattr(searching, "_refuse_flood", lambda _participant: both.wait(timeout=60))

    def ask_as(number: int) -> str:
        try:
            searching.ask_for_similar(leases[number], pk=pk, box=[*PLACES[0], SIDE, SIDE], concepts=[])
        except Conflict as conflict:
            return conflict.code
        return "asked"

    assert sorted(in_threads(2, ask_as, inputs=range(2))) == ["asked", "id-used"]
    search = SimilarSearch.objects.get()
    assert search.job is not None
    assert Job.objects.filter(kind=searching.KIND).count() == 1


def _lease_of(campaign: Campaign, person: Participant) -> Assignment:
    given = claim(campaign, person).assignment
    assert given is not None
    return given


def test_who_leaves_waits_for_no_search(
    campaign: Campaign, carl: APIClient, contributor: User, clef: Clef, page: list[int]
) -> None:
    given = lease(carl)
    waiting = SimilarSearch.objects.get(pk=ask(carl, given["id"], clef("F")).json()["id"]).job
    running = SimilarSearch.objects.get(pk=ask(carl, given["id"], clef("F")).json()["id"]).job
    assert waiting is not None
    assert running is not None
    Job.objects.filter(pk=waiting.pk).update(state=Job.State.QUEUED, stop_requested_at=None)
    Job.objects.filter(pk=running.pk).update(state=Job.State.RUNNING)
    leave_campaigns(contributor, Wishes())
    waiting.refresh_from_db()
    running.refresh_from_db()
    assert waiting.state == Job.State.STOPPED
    assert running.stop_requested_at is not None
