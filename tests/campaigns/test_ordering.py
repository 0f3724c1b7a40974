"""The order of the queue by what each order promises, and orderings while people claim, hand in and add."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from annotation.models import Annotation
from campaigns.actions import (
    choose_canvases,
    claim,
    configure_campaign,
    ordering,
    renew,
    start_pilot,
    submit,
)
from campaigns.actions.ordering import KIND, request_ordering
from campaigns.models import Assignment, Campaign, Contribution, Participant, Task
from problems import Conflict
from tests.campaigns.conftest import CampaignMaker, in_threads, make_manifest, nothing_here
from tests.campaigns.evaluations import run_that_said
from work.actions import resume_job, run_job, stop_job
from work.models import Job

People = Callable[[Campaign, int], list[Participant]]


def queue(campaign: Campaign) -> list[UUID]:
    return list(campaign.tasks.order_by("position").values_list("canvas", flat=True))


def put(campaign: Campaign, owner: User, **order: object) -> list[UUID]:
    """The queue after the campaign was given this order and the work was done."""
    configure_campaign(campaign, order, by=owner)
    run_all()
    campaign.refresh_from_db()
    return queue(campaign)


def run_all() -> None:
    for job in Job.objects.filter(kind=KIND, state=Job.State.QUEUED):
        run_job(str(job.pk))
        job.refresh_from_db()
        assert job.state == "done", job.error


@pytest.fixture
def three(make_campaign: CampaignMaker, owner: User) -> Campaign:
    """A draft on three sources of 3, 5 and 8 pages."""
    campaign = make_campaign(pages=0, open_it=False)
    manifests = [make_manifest(pages, owner).pk for pages in (3, 5, 8)]
    choose_canvases(campaign, manifests=manifests, by=owner)
    return campaign


def test_at_random_is_a_permutation_that_can_be_repeated(three: Campaign, owner: User) -> None:
    plain = queue(three)
    first = put(three, owner, order="random", order_seed=7)
    other = put(three, owner, order="random", order_seed=8)
    again = put(three, owner, order="random", order_seed=7)
    assert first == again
    assert len({tuple(plain), tuple(first), tuple(other)}) == 3
    assert set(first) == set(plain)
    assert put(three, owner, order="sequential") == plain


def test_in_turn_no_two_sources_differ_by_more_than_a_page(three: Campaign, owner: User) -> None:
    ordered = put(three, owner, order="stratified")
    sources = dict(three.tasks.values_list("canvas", "canvas__manifest"))
    sizes, seen = Counter(sources.values()), Counter[UUID]()
    for canvas in ordered:
        seen[sources[canvas]] += 1
        for one in sizes:
            assert seen[one] >= min(sizes[one], max(seen.values()) - 1)
    assert seen == sizes


def test_what_a_model_is_least_sure_of_comes_first(three: Campaign, owner: User) -> None:
    run = run_that_said(three, owner, [])
    plain = queue(three)
    confidence = dict(zip(plain[:6], (0.9, 0.2, None, 0.5, 0.7, 0.3), strict=True))
    for canvas, sure in confidence.items():
        Annotation.objects.create(
            layer=run.layer, canvas_id=canvas, document={}, x=1, y=1, w=2, h=2, confidence=sure
        )
    Annotation.objects.create(layer=run.layer, canvas_id=plain[0], document={}, confidence=0.1)
    ordered = put(three, owner, order="uncertain", order_run=run)
    assert [plain.index(canvas) for canvas in ordered[:6]] == [0, 1, 5, 3, 4, 2]
    assert ordered[6:] == plain[6:], "what the model says nothing about comes last, in reading order"


def test_what_is_added_later_finds_its_place(three: Campaign, owner: User) -> None:
    put(three, owner, order="random")
    more = make_manifest(6, owner)
    choose_canvases(three, manifests=[more.pk], by=owner)
    new = set(more.canvases.values_list("pk", flat=True))
    assert set(queue(three)[-6:]) == new
    run_all()
    assert set(queue(three)[-6:]) != new


def test_everybody_begins_at_the_front_again(
    make_campaign: CampaignMaker, owner: User, people: People
) -> None:
    campaign = make_campaign(pages=12)
    ann, bob = people(campaign, 2)
    held = [claim(campaign, ann).assignment for _ in range(3)]
    ordered = put(campaign, owner, order="random", order_seed=3)
    ann.refresh_from_db()
    mine = {lease.task.canvas_id for lease in held if lease}
    first = next(canvas for canvas in ordered if canvas not in mine)
    given = claim(campaign, ann).assignment
    assert given is not None
    assert given.task.canvas_id == first
    assert claim(campaign, bob).assignment.task.canvas_id == ordered[0]  # type: ignore[union-attr]
    for lease in held:
        assert lease is not None
        assert renew(lease) > timezone.now() + timedelta(minutes=1), "no lease is lost"
        assert submit(lease, nothing_here()).counts


def test_a_pilot_keeps_its_images(three: Campaign, owner: User, people: People) -> None:
    configure_campaign(three, {"pilot_size": 4}, by=owner)
    campaign = start_pilot(three, by=owner)
    plain = queue(campaign)
    ordered = put(campaign, owner, order="random", order_seed=5)
    assert ordered[:4] == plain[:4]
    assert ordered != plain
    (ann,) = people(campaign, 1)
    given = []
    while (lease := claim(campaign, ann).assignment) is not None:
        given.append(lease.task.canvas_id)
    assert given == plain[:4]


def test_a_pilot_waits_for_its_order(three: Campaign, owner: User) -> None:
    configure_campaign(three, {"pilot_size": 4, "order": "random"}, by=owner)
    with pytest.raises(Conflict, match="still being put in order"):
        start_pilot(three, by=owner)
    run_all()
    assert start_pilot(three, by=owner).status == "pilot"


def test_stopped_in_the_middle_it_is_whole_and_goes_on(
    three: Campaign, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "CHUNK", 4)
    configure_campaign(three, {"order": "random"}, by=owner)
    job = Job.objects.get(kind=KIND)
    reserve = ordering._reserve

    def stopped(campaign_id: str) -> tuple[Campaign, int, int]:
        stop_job(job)
        return reserve(campaign_id)

    plain = set(queue(three))
    with monkeypatch.context() as patch:
        patch.setattr(ordering, "_reserve", stopped)
        run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == "stopped"
    assert set(queue(three)) == plain
    resume_job(job)
    run_all()
    once = queue(three)
    assert set(once) == plain
    request_ordering(three, by=owner)
    run_all()
    assert queue(three) == once, "the same as if it had never been stopped"


def test_over_rest(three: Campaign, owner: User, api: APIClient) -> None:
    api.force_authenticate(owner)
    answer = api.patch("/api/v1/campaigns/clefs/", {"order": "stratified", "order_seed": 4})
    assert (answer.status_code, answer.json()["order"]) == (200, "stratified")
    assert Job.objects.get(kind=KIND).requested_by == owner
    assert api.patch("/api/v1/campaigns/clefs/", {"order": "uncertain"}).status_code == 422
    first = api.get("/api/v1/campaigns/clefs/preview/").json()["task"]["canvas"]["id"]
    run_all()
    after = api.get("/api/v1/campaigns/clefs/preview/?position=0").json()["task"]["canvas"]["id"]
    assert (first, after) == (str(queue_of_reading(three)[0]), str(queue(three)[0]))


def queue_of_reading(campaign: Campaign) -> list[UUID]:
    rows = campaign.tasks.order_by("canvas__manifest__created_at", "canvas__position")
    return list(rows.values_list("canvas", flat=True))


@pytest.mark.django_db(transaction=True)
def test_people_work_while_the_queue_is_ordered_and_grows(
    make_campaign: CampaignMaker, owner: User, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "CHUNK", 5)
    campaign = make_campaign(pages=60, overlap=2)
    everybody = people(campaign, 6)
    more = iter([make_manifest(4, owner).pk for _ in range(5)])

    def work(number: int) -> None:
        if number == 0:
            for seed in range(6):
                configure_campaign(campaign, {"order": "random", "order_seed": seed + 10}, by=owner)
                run_all()
        elif number == 1:
            for manifest in more:
                choose_canvases(campaign, manifests=[manifest], by=owner)
        else:
            for lease in leases(everybody[number - 2]):
                submit(lease, nothing_here())

    def leases(person: Participant) -> Iterator[Assignment]:
        for _time in range(20):
            lease = claim(Campaign.objects.get(pk=campaign.pk), person).assignment
            if lease is not None:
                yield lease

    in_threads(8, work)
    assert Task.objects.count() == 80
    assert Contribution.objects.filter(counts=True).count() == Contribution.objects.count()
    taken = Counter(Contribution.objects.values_list("task", flat=True))
    assert max(taken.values()) <= 2
    assert len(set(Task.objects.values_list("position", flat=True))) == 80
    everywhere = list(Task.objects.order_by("position").values_list("position", flat=True))
    assert all(a < b for a, b in pairwise(everywhere))
