"""The queue with many people at once, on real threads with real connections."""

import random
from collections import Counter
from collections.abc import Callable
from threading import Event
from uuid import uuid4

import pytest
from django.db import connection, transaction

from campaigns.actions import Submitted, claim, configure_campaign, join_campaign, release, submit
from campaigns.models import Assignment, Campaign, Contribution, Participant, Retirement, Task
from tests.campaigns.conftest import CampaignMaker, in_threads, nothing_here

pytestmark = pytest.mark.django_db(transaction=True)
People = Callable[[Campaign, int], list[Participant]]

MOST_LIVE = """
SELECT coalesce(max(live), 0) FROM (
    SELECT (SELECT count(*) FROM campaigns_assignment a
             WHERE a.task_id = t.id AND a.state = 'live' AND a.expires_at > clock_timestamp())
         + (SELECT count(*) FROM campaigns_contribution c WHERE c.task_id = t.id AND c.counts) AS live
      FROM campaigns_task t) taken
"""


def most_taken() -> int:
    """The most live leases and counted contributions on one task, in one snapshot."""
    with connection.cursor() as cursor:
        cursor.execute(MOST_LIVE)
        most: int = cursor.fetchone()[0]
    return most


def test_24_people_60_tasks_3_each_are_exactly_180(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=60, overlap=3)
    everybody = people(campaign, 24)
    seen: list[int] = []

    def work(number: int) -> str | None:
        person, luck = everybody[number], random.Random(number)
        while True:
            given = claim(campaign, person)
            seen.append(most_taken())
            if given.assignment is None:
                if given.reason == "nothing_left":
                    return given.reason
                continue
            if luck.random() < 0.15:
                release(given.assignment)
            else:
                submit(given.assignment, nothing_here())

    assert set(in_threads(24, work)) == {"nothing_left"}
    assert Contribution.objects.filter(counts=True).count() == 180
    assert Contribution.objects.count() == 180
    assert max(seen) <= 3
    assert Task.objects.exclude(state=Task.State.RETIRED).count() == 0
    pairs = Counter(Contribution.objects.values_list("task", "participant"))
    assert set(pairs.values()) == {1}


def test_one_person_on_two_connections_gets_different_tasks(
    make_campaign: CampaignMaker, people: People
) -> None:
    campaign = make_campaign(pages=80, overlap=2)
    (ann,) = people(campaign, 1)

    def work(number: int) -> list[object]:
        me = Participant.objects.get(pk=ann.pk)
        taken = []
        while (given := claim(campaign, me)).assignment is not None:
            taken.append(given.assignment.task_id)
        return taken

    first, second = in_threads(2, work)
    assert len(first) + len(second) == 80
    assert len({*first, *second}) == 80


def test_the_last_place_is_given_to_one_person_only(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    everybody = people(campaign, 12)
    given = in_threads(12, lambda number: claim(campaign, everybody[number]))
    assert sum(one.assignment is not None for one in given) == 1
    assert {one.reason for one in given if one.assignment is None} == {"all_leased"}
    assert Assignment.objects.count() == 1


def test_everybody_is_served_at_once_while_there_is_room(
    make_campaign: CampaignMaker, people: People
) -> None:
    """A row that somebody’s request has locked does not look like “nothing left”."""
    campaign = make_campaign(pages=2, overlap=8)
    everybody = people(campaign, 16)
    given = in_threads(16, lambda number: claim(campaign, everybody[number]))
    assert [one.reason for one in given] == [None] * 16
    assert most_taken() == 8


def test_a_row_held_by_a_slow_request_is_waited_for(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    (ann,) = people(campaign, 1)
    held, done = Event(), Event()

    def work(number: int) -> bool:
        if number:
            held.wait(60)
            try:
                return claim(campaign, ann).assignment is not None
            finally:
                done.set()
        with transaction.atomic():
            Task.objects.select_for_update().get()
            held.set()
            return done.wait(0.5)  # the claim cannot be answered while the row is held

    assert in_threads(2, work) == [False, True]


def test_20_senders_of_one_contribution_make_one_row(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=1, overlap=3)
    (ann,) = people(campaign, 1)
    assignment = claim(campaign, ann).assignment
    assert assignment is not None
    answer = nothing_here()

    def send(number: int) -> Submitted:
        return submit(
            Assignment.objects.select_related("task__campaign__vocabulary").get(pk=assignment.pk), answer
        )

    answers = in_threads(20, send)
    assert sum(one.is_new for one in answers) == 1
    assert len({(one.id, one.submitted_at, one.counts) for one in answers}) == 1
    assert Contribution.objects.count() == 1


def test_late_senders_never_exceed_the_overlap(make_campaign: CampaignMaker, people: People) -> None:
    """Ten people took one task after another while its leases ran out; all hand in at the same moment."""
    campaign = make_campaign(pages=1, overlap=3)
    leases = []
    for person in people(campaign, 10):
        lease = claim(campaign, person).assignment
        assert lease is not None
        leases.append(lease)
        Assignment.objects.update(expires_at="2020-01-01T00:00Z")
    counted = in_threads(10, lambda number: submit(leases[number], nothing_here()).counts)
    assert sum(counted) == 3
    assert Contribution.objects.count() == 10
    assert Task.objects.get().state == Task.State.RETIRED


def test_a_changed_overlap_settles_with_submissions_under_way(
    make_campaign: CampaignMaker, people: People
) -> None:
    campaign = make_campaign(pages=12, overlap=4)
    leases = []
    for person in people(campaign, 2):
        for _ in range(12):
            lease = claim(campaign, person).assignment
            assert lease is not None
            leases.append(lease)

    def work(number: int) -> None:
        if number == 12:
            configure_campaign(campaign, {"overlap": 2}, by=campaign.created_by)
        else:
            submit(leases[number], nothing_here())
            submit(leases[number + 12], nothing_here())

    in_threads(13, work)
    assert Task.objects.filter(state=Task.State.RETIRED).count() == 12


def test_two_who_agree_end_a_task_once_however_many_hand_in_at_once(
    make_campaign: CampaignMaker, people: People
) -> None:
    """Five hold each of eight tasks and say the same at the same moment: two count, three are kept, one reason."""
    rule = [{"rule": "agreement", "people": 2}]
    campaign = make_campaign(pages=8, overlap=5, retirement=rule)
    leases = []
    for person in people(campaign, 5):
        while (lease := claim(campaign, person).assignment) is not None:
            leases.append(lease)
    random.Random(5).shuffle(leases)
    done = in_threads(10, lambda number: submit(leases[number], nothing_here()), range(40))
    assert sum(one.counts for one in done) == 16
    assert Contribution.objects.count() == 40
    reasons = list(Retirement.objects.values_list("rule", "contributions", "superseded_at"))
    assert [(name, len(ids), superseded) for name, ids, superseded in reasons] == [("agreement", 2, None)] * 8
    counted = Contribution.objects.filter(counts=True).values_list("pk", flat=True)
    assert sorted(pk for _name, ids, _superseded in reasons for pk in ids) == sorted(map(str, counted))
    assert set(Task.objects.values_list("state", flat=True)) == {Task.State.RETIRED}


def test_a_rule_changed_while_answers_come_in_leaves_no_task_unsettled(
    make_campaign: CampaignMaker, people: People
) -> None:
    campaign = make_campaign(pages=12, overlap=4)
    leases = []
    for person in people(campaign, 2):
        while (lease := claim(campaign, person).assignment) is not None:
            leases.append(lease)

    def work(number: int) -> None:
        if number == 6:
            rule = [{"rule": "agreement", "people": 2}]
            configure_campaign(campaign, {"retirement": rule}, by=campaign.created_by)
        else:
            submit(leases[number], nothing_here())
            submit(leases[number + 13], nothing_here())

    leases.insert(6, leases[0])  # number 6 hands nothing in
    leases.insert(19, leases[0])
    in_threads(13, work)
    assert Contribution.objects.filter(counts=True).count() == 24
    assert set(Task.objects.values_list("state", flat=True)) == {Task.State.RETIRED}
    assert Retirement.objects.filter(superseded_at=None).count() == 12


def test_people_who_join_twice_at_once_are_one_participant(make_campaign: CampaignMaker) -> None:
    campaign = make_campaign(pages=1)
    visitor = uuid4().hex
    joined = in_threads(8, lambda number: join_campaign(campaign, visitor=visitor).pk)
    assert len(set(joined)) == 1


def test_two_hundred_strangers_have_two_hundred_names(make_campaign: CampaignMaker) -> None:
    campaign = make_campaign(pages=1)
    in_threads(8, lambda number: [join_campaign(campaign, visitor=f"{number}-{each}") for each in range(25)])
    assert Participant.objects.values("pseudonym").distinct().count() == 200
