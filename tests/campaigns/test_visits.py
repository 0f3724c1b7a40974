"""What a visitor did becomes a user’s when they sign in and ask for it: every case, races, REST."""

from collections.abc import Callable
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import (
    Adopted,
    adopt_visits,
    archive_campaign,
    claim,
    close_campaign,
    configure_campaign,
    join_campaign,
    release,
    skip,
    submit,
)
from campaigns.api.visitors import COOKIE
from campaigns.models import Assignment, Campaign, Contribution, GoldScore, Participant, Retirement, Task
from campaigns.own_figures import record_of
from campaigns.permissions import get_assignment_for, own_contributions
from campaigns.queries import participants_of
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, boxes, in_threads, nothing_here
from tests.campaigns.outcomes import ONE, accept_all, answer, merge, task_at
from tests.campaigns.test_api_volunteer import answer_to
from tests.campaigns.test_api_volunteer import claim as claim_over_rest
from tests.campaigns.test_api_volunteer import submit as submit_over_rest
from work.models import Job

Clef = Callable[[str], Concept]
VISITOR, OTHER = "v" * 64, "o" * 64


def lease(campaign: Campaign, position: int, **who: Any) -> Assignment:
    """A lease on the task at this position; others are given back."""
    person = join_campaign(campaign, **who)
    Participant.objects.filter(pk=person.pk).update(cursor=position)
    person.refresh_from_db()
    given = claim(campaign, person).assignment
    assert given is not None
    assert given.task.position == position
    return given


def do(campaign: Campaign, position: int, **who: Any) -> Contribution:
    """The task at this position, done."""
    done = submit(lease(campaign, position, **who), nothing_here())
    return Contribution.objects.get(pk=done.id)


def whose(contribution: Contribution) -> User | None:
    contribution.refresh_from_db()
    assert contribution.participant_id == contribution.assignment.participant_id
    return contribution.participant.user


def counts(contribution: Contribution) -> bool:
    contribution.refresh_from_db()
    return contribution.counts


# --- where the user took no part ------------------------------------------------------------------


def test_a_visit_becomes_the_users_participation(campaign: Campaign, contributor: User) -> None:
    done = do(campaign, 0, visitor=VISITOR)
    held = lease(campaign, 1, visitor=VISITOR)
    before = Participant.objects.get()
    assert adopt_visits(contributor, VISITOR) == Adopted(campaigns=1, images=1, twice=0)
    after = Participant.objects.get()
    assert (after.pk, after.pseudonym) == (before.pk, before.pseudonym)
    assert (after.user, after.visitor, after.merged_into) == (contributor, "", None)
    assert whose(done) == contributor
    assert counts(done)
    assert submit(get_assignment_for(contributor, held.pk), nothing_here()).counts
    assert record_of(contributor, "en").total.images == 2


def test_the_public_name_is_taken_where_it_is_free(
    make_campaign: CampaignMaker, contributor: User, person: Callable[..., User]
) -> None:
    free, taken = make_campaign("free"), make_campaign("taken")
    join_campaign(taken, user=person("carlo", pseudonym="Carl"))
    do(free, 0, visitor=VISITOR)
    do(taken, 0, visitor=VISITOR)
    adopt_visits(contributor, VISITOR, public_name=True)
    rows = contributor.participations.order_by("campaign__slug").values_list("campaign__slug", "pseudonym")
    assert list(rows) == [("free", "Carl"), ("taken", "Carl 2")]


def test_other_visitors_and_repetition(campaign: Campaign, contributor: User, stranger: User) -> None:
    others = do(campaign, 0, visitor=OTHER)
    mine = do(campaign, 0, visitor=VISITOR)
    assert adopt_visits(contributor, "") == Adopted()
    assert adopt_visits(contributor, VISITOR).images == 1
    assert adopt_visits(contributor, VISITOR) == Adopted()
    assert adopt_visits(stranger, VISITOR) == Adopted()
    assert whose(mine) == contributor
    assert whose(others) is None
    assert others.participant.visitor == OTHER


def test_annotations_keep_their_creator(campaign: Campaign, contributor: User, clef: Clef) -> None:
    done = submit(lease(campaign, 0, visitor=VISITOR), boxes(ONE, concept=clef("G")))
    annotation = Contribution.objects.get(pk=done.id).shapes.get().annotation
    stood = (annotation.document["creator"], annotation.created_by, annotation.modified_at)
    adopt_visits(contributor, VISITOR, public_name=True)
    annotation.refresh_from_db()
    assert (annotation.document["creator"], annotation.created_by, annotation.modified_at) == stood


# --- where the user took part already -------------------------------------------------------------


def test_work_moves_to_the_users_own_participation(campaign: Campaign, contributor: User) -> None:
    own = do(campaign, 0, user=contributor)
    done = do(campaign, 1, visitor=VISITOR)
    held = lease(campaign, 2, visitor=VISITOR)
    visit = Participant.objects.get(visitor=VISITOR)
    visit.qualified_at = timezone.now()
    visit.save()
    assert adopt_visits(contributor, VISITOR) == Adopted(campaigns=1, images=1, twice=0)
    assert whose(done) == whose(own) == contributor
    held.refresh_from_db()
    assert held.participant == own.participant
    visit.refresh_from_db()
    assert (visit.user, visit.visitor, visit.merged_into) == (None, "", own.participant)
    own.participant.refresh_from_db()
    assert own.participant.qualified_at == visit.qualified_at
    (row,) = participants_of(campaign)
    assert (row["pseudonym"], row["handed_in"], row["counted"]) == ("Carl", 2, 2)


@pytest.mark.parametrize("visitor_first", [True, False], ids=["visitor-first", "user-first"])
def test_a_task_once_a_person(campaign: Campaign, contributor: User, *, visitor_first: bool) -> None:
    who: list[dict[str, Any]] = [{"visitor": VISITOR}, {"user": contributor}]
    first, second = (do(campaign, 0, **one) for one in (who if visitor_first else reversed(who)))
    assert adopt_visits(contributor, VISITOR) == Adopted(campaigns=1, images=1, twice=1)
    assert (whose(first), counts(first)) == (contributor, True)
    assert (whose(second), counts(second)) == (None, False)
    assert second.participant.merged_into == first.participant
    assert list(own_contributions(contributor)) == [first]
    assert Participant.objects.count() == 2, "what waited aside is gone"
    assert Contribution.objects.count() == 2


def test_an_answer_that_counts_is_never_given_up_for_one_that_came_too_late(
    campaign: Campaign, contributor: User
) -> None:
    too_late = do(campaign, 0, user=contributor)
    Contribution.objects.filter(pk=too_late.pk).update(counts=False)
    done = do(campaign, 0, visitor=VISITOR)
    adopt_visits(contributor, VISITOR)
    assert (whose(done), counts(done)) == (contributor, True)
    assert (whose(too_late), counts(too_late)) == (None, False)


@pytest.mark.parametrize("done_by", ["user", "visitor"])
def test_a_lease_beside_an_answer_ends_and_what_is_handed_in_is_kept(
    campaign: Campaign, contributor: User, done_by: str
) -> None:
    who: dict[str, dict[str, Any]] = {"user": {"user": contributor}, "visitor": {"visitor": VISITOR}}
    done = do(campaign, 0, **who.pop(done_by))
    held = lease(campaign, 0, **next(iter(who.values())))
    adopt_visits(contributor, VISITOR)
    held.refresh_from_db()
    assert held.state == Assignment.State.RELEASED
    assert (whose(done), counts(done)) == (contributor, True)
    late = submit(get_assignment_for(contributor, held.pk), nothing_here())
    assert not late.counts
    assert Contribution.objects.filter(counts=True).count() == 1


@pytest.mark.parametrize("skipped_by", ["user", "visitor"])
def test_a_task_that_was_skipped_stays_so(campaign: Campaign, contributor: User, skipped_by: str) -> None:
    who: dict[str, dict[str, Any]] = {"user": {"user": contributor}, "visitor": {"visitor": VISITOR}}
    skip(lease(campaign, 0, **who.pop(skipped_by)))
    release(lease(campaign, 0, **next(iter(who.values()))))
    adopt_visits(contributor, VISITOR)
    kept = Assignment.objects.get(participant__user=contributor)
    assert kept.state == Assignment.State.SKIPPED


def test_scores_on_known_answers_follow(campaign: Campaign, contributor: User) -> None:
    do(campaign, 0, user=contributor)
    done = do(campaign, 1, visitor=VISITOR)
    GoldScore.objects.create(contribution=done, score=0.5)
    adopt_visits(contributor, VISITOR)
    assert GoldScore.objects.get(contribution__participant__user=contributor).score == 0.5


# --- what the second answer had brought about -----------------------------------------------------


def twice(campaign: Campaign, contributor: User) -> Contribution:
    """The first task, done by the user and then as the visitor; the second one."""
    do(campaign, 0, user=contributor)
    return do(campaign, 0, visitor=VISITOR)


def test_a_task_that_retired_by_a_second_answer_is_open_again(
    make_campaign: CampaignMaker, contributor: User, stranger: User
) -> None:
    campaign = make_campaign(overlap=2)
    twice(campaign, contributor)
    merge(campaign)
    assert task_at(campaign).state == Task.State.RETIRED
    adopt_visits(contributor, VISITOR)
    task = task_at(campaign)
    assert (task.state, task.retired_at) == (Task.State.OPEN, None)
    assert task.consensus.outdated_at is not None
    assert Retirement.objects.get().superseded_at is not None
    assert counts(do(campaign, 0, user=stranger))
    merge(campaign)
    task = task_at(campaign)
    assert (task.state, task.consensus.outdated_at, task.consensus.seen) == (Task.State.RETIRED, None, 2)


def test_a_task_with_enough_other_people_stays_retired_and_is_merged_anew(
    make_campaign: CampaignMaker, contributor: User, owner: User
) -> None:
    campaign = make_campaign(overlap=3)
    twice(campaign, contributor)
    answer(campaign, {0: [nothing_here()]})
    merge(campaign)
    configure_campaign(campaign, {"overlap": 2}, by=owner)
    adopt_visits(contributor, VISITOR)
    task = task_at(campaign)
    assert task.state == Task.State.RETIRED
    assert task.consensus.outdated_at is not None
    assert Job.objects.filter(kind="campaigns.consensus", state=Job.State.QUEUED).exists()
    merge(campaign)
    assert task_at(campaign).consensus.seen == 2


def test_what_is_decided_stays(
    make_campaign: CampaignMaker, contributor: User, owner: User, clef: Clef
) -> None:
    campaign = make_campaign(overlap=2)
    for who in ({"user": contributor}, {"visitor": VISITOR}):
        submit(lease(campaign, 0, **who), boxes(ONE, concept=clef("G")))
    merge(campaign)
    accept_all(campaign, task_at(campaign), owner)
    before = Task.objects.filter(campaign=campaign, position=0).values().get()
    truth = list(campaign.ground_truth_layer.annotations.values())
    consensus = list(task_at(campaign).consensus.items.values())
    assert truth
    adopt_visits(contributor, VISITOR)
    assert Task.objects.filter(campaign=campaign, position=0).values().get() == before
    assert list(campaign.ground_truth_layer.annotations.values()) == truth
    assert list(task_at(campaign).consensus.items.values()) == consensus
    assert task_at(campaign).consensus.outdated_at is None
    assert Contribution.objects.filter(counts=True).count() == 1


def test_what_is_put_away_stays(make_campaign: CampaignMaker, contributor: User, owner: User) -> None:
    campaign = make_campaign(overlap=2)
    twice(campaign, contributor)
    close_campaign(campaign, by=owner)
    archive_campaign(Campaign.objects.get(), by=owner)
    assert adopt_visits(contributor, VISITOR).twice == 1
    assert task_at(campaign).state == Task.State.RETIRED
    assert Contribution.objects.filter(counts=True).count() == 1


def test_statements_do_not_grow_with_the_work(make_campaign: CampaignMaker, contributor: User) -> None:
    def spent(slug: str, pages: int, visitor: str) -> int:
        campaign = make_campaign(slug, pages=pages, overlap=2)
        for position in range(pages):
            first: dict[str, Any] = {"user": contributor} if position % 2 else {"visitor": visitor}
            second: dict[str, Any] = {"visitor": visitor} if position % 2 else {"user": contributor}
            do(campaign, position, **first)
            do(campaign, position, **second)
        with CaptureQueriesContext(connection) as queries:
            assert adopt_visits(contributor, visitor).twice == pages
        return len(queries)

    few, many = spent("few", 2, VISITOR), spent("many", 12, OTHER)
    assert many == few <= 39
    assert Task.objects.exclude(state=Task.State.OPEN).count() == 0


# --- over REST ------------------------------------------------------------------------------------


@pytest.fixture
def public(campaign: Campaign, owner: User) -> Campaign:
    return configure_campaign(campaign, {"allows_anonymous": True}, by=owner)


def test_over_rest_by_the_cookie_alone(public: Campaign, api: APIClient, contributor: User) -> None:
    body = answer_to(claim_over_rest(api))
    assert submit_over_rest(api, body).status_code == 201
    assert api.get(reverse("api-visits")).status_code == 401
    other = APIClient()
    other.force_authenticate(contributor)
    assert other.get(reverse("api-visits")).json() == []
    assert other.post(reverse("api-visits-adopt")).json() == {"campaigns": 0, "images": 0, "twice": 0}
    api.force_authenticate(contributor)
    (row,) = api.get(reverse("api-visits")).json()
    assert (row["campaign"], row["images"]) == ("clefs", 1)
    assert row["pseudonym"] == Participant.objects.get().pseudonym
    wrong = api.post(reverse("api-visits-adopt"), {"public_name": "perhaps"}, format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/public_name")
    response = api.post(reverse("api-visits-adopt"), {"public_name": True}, format="json")
    assert response.json() == {"campaigns": 1, "images": 1, "twice": 0}
    assert response.cookies[COOKIE].value == ""
    assert Participant.objects.get().pseudonym == "Carl"
    assert api.get(reverse("api-visits")).json() == []
    assert submit_over_rest(api, body).status_code == 200, "a retry of what was sent before is one still"


def test_who_visits_next_in_this_browser_begins_anew(
    public: Campaign, api: APIClient, contributor: User
) -> None:
    submit_over_rest(api, answer_to(claim_over_rest(api)))
    api.force_authenticate(contributor)
    api.post(reverse("api-visits-adopt"))
    api.force_authenticate(None)  # which forgets the cookies, as the browser does with the one that ended
    claim_over_rest(api)
    assert Participant.objects.filter(user=None).exclude(visitor="").count() == 1


# --- races ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_button_in_several_tabs(campaign: Campaign, contributor: User, stranger: User) -> None:
    do(campaign, 0, user=contributor)
    for position in range(3):
        do(campaign, position, visitor=VISITOR)
    told = in_threads(6, lambda number: adopt_visits(stranger if number % 2 else contributor, VISITOR))
    assert sorted(one.campaigns for one in told) == [0, 0, 0, 0, 0, 1]
    assert Contribution.objects.count() == 4
    pairs = Contribution.objects.filter(counts=True).values("task", "participant__user")
    assert pairs.annotate(times=Count("pk")).filter(times__gt=1).count() == 0
    assert not Participant.objects.filter(visitor=VISITOR).exists()


@pytest.mark.django_db(transaction=True)
def test_joining_in_another_tab_meanwhile(campaign: Campaign, contributor: User) -> None:
    done = do(campaign, 0, visitor=VISITOR)

    def work(number: int) -> object:
        if number:
            return adopt_visits(contributor, VISITOR)
        return join_campaign(campaign, user=contributor)

    in_threads(2, work)
    assert Participant.objects.filter(user=contributor).count() == 1
    assert whose(done) == contributor


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("took_part", [False, True], ids=["new", "took-part"])
def test_an_answer_on_its_way_finds_whose_it_is(
    campaign: Campaign, contributor: User, *, took_part: bool
) -> None:
    """It has been through its gate as the visitor’s when the task is locked by the taking over."""
    if took_part:
        do(campaign, 1, user=contributor)
    held = lease(campaign, 0, visitor=VISITOR)
    sent = get_assignment_for(None, held.pk, visitor=VISITOR)
    adopt_visits(contributor, VISITOR)
    done = submit(sent, nothing_here())
    assert done.counts
    assert whose(Contribution.objects.get(pk=done.id)) == contributor


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_came_first_is_waited_for(campaign: Campaign, contributor: User) -> None:
    do(campaign, 1, user=contributor)
    held = lease(campaign, 0, visitor=VISITOR)
    locked, asked = Event(), Event()

    def work(number: int) -> Any:
        if number:
            locked.wait(60)
            asked.set()
            return adopt_visits(contributor, VISITOR).images
        with transaction.atomic():
            Task.objects.select_for_update(no_key=True).get(pk=held.task_id)
            locked.set()
            asked.wait(60)
            return submit(held, nothing_here()).counts

    assert in_threads(2, work) == [True, 1]
    assert Contribution.objects.filter(participant__user=contributor, counts=True).count() == 2


@pytest.mark.django_db(transaction=True)
def test_answers_and_taking_over_at_once(make_campaign: CampaignMaker, contributor: User) -> None:
    """Whatever the order: every answer is kept, and each task counts once a person."""
    campaign = make_campaign(pages=12, overlap=2)
    join_campaign(campaign, user=contributor)
    visit = join_campaign(campaign, visitor=VISITOR)
    leases = [claim(campaign, visit).assignment for _ in range(12)]
    own = join_campaign(campaign, user=contributor)
    leases += [claim(campaign, own).assignment for _ in range(12)]

    def work(number: int) -> Any:
        if number == 12:
            return adopt_visits(contributor, VISITOR)
        given = leases[number]
        assert given is not None
        return submit(given, nothing_here(uuid4()))

    in_threads(8, work, [0, 12, *range(1, 12), *range(13, 24), 12])
    adopt_visits(contributor, VISITOR)
    mine = Contribution.objects.filter(participant__user=contributor, counts=True)
    assert mine.values("task").distinct().count() == mine.count()
    counted = Contribution.objects.filter(counts=True).values("task").annotate(times=Count("pk"))
    assert set(counted.values_list("times", flat=True)) == {1}
    assert Task.objects.exclude(state=Task.State.OPEN).count() == 0
