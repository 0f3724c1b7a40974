"""What the queue promises, at the size at which it is promised: fifty people, thousands of answers, hundreds of leases."""

import random
from collections import Counter
from collections.abc import Callable
from threading import Event

import pytest
from django.db.models import Count
from django.db.models.expressions import RawSQL

from campaigns.actions import claim, submit
from campaigns.models import Assignment, Campaign, Contribution, Participant, Task
from tests.campaigns.conftest import CampaignMaker, in_threads, nothing_here
from tests.campaigns.test_queue_races import most_taken

pytestmark = pytest.mark.django_db(transaction=True)
People = Callable[[Campaign, int], list[Participant]]


def test_50_people_1000_tasks_3_each_are_exactly_3000(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=1000, overlap=3)
    everybody, over = people(campaign, 50), Event()

    def watch() -> int:
        most, looked = 0, 0
        while not over.is_set() or not looked:
            most, looked = max(most, most_taken()), looked + 1
            over.wait(0.2)
        return most

    def work(number: int) -> int:
        while True:
            given = claim(campaign, everybody[number])
            if given.assignment is not None:
                submit(given.assignment, nothing_here())
            elif given.reason == "nothing_left":
                return 0
            else:
                over.wait(0.02)  # everything left is in somebody's hands

    left = Counter(range(50))

    def one(number: int) -> int:
        if number == 50:
            return watch()
        try:
            return work(number)
        finally:
            del left[number]
            if not left:
                over.set()

    *_workers, most = in_threads(51, one)
    assert most == 3
    assert Contribution.objects.count() == 3000
    answers = Contribution.objects.filter(counts=True).values_list("task").annotate(n=Count("pk"))
    assert Counter(answers.values_list("n", flat=True)) == {3: 1000}
    pairs = Counter(Contribution.objects.values_list("task", "participant"))
    assert set(pairs.values()) == {1}
    assert set(Task.objects.values_list("state", flat=True)) == {Task.State.RETIRED}


def test_200_answers_by_16_senders_each_are_200_rows(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=200, overlap=3)
    (ann,) = people(campaign, 1)
    leases = [claim(campaign, ann).assignment for _ in range(200)]
    answers = [nothing_here() for _ in range(200)]

    def send_all(number: int) -> Counter[object]:
        new: Counter[object] = Counter()
        order = list(range(200))
        random.Random(number // 4).shuffle(order)  # four each send the same at the same moment
        for place in order:
            lease = leases[place]
            assert lease is not None
            said = submit(lease, answers[place])
            assert said.id == answers[place].id
            new[said.id] += said.is_new
        return new

    new = sum(in_threads(16, send_all), Counter[object]())
    assert new == Counter({answer.id: 1 for answer in answers})
    assert Contribution.objects.count() == 200


def test_500_abandoned_leases_can_be_had_again_when_they_end_though_no_worker_runs(
    make_campaign: CampaignMaker, people: People
) -> None:
    campaign = make_campaign(pages=500, overlap=1)
    first, *others = people(campaign, 5)
    left_behind = {claim(campaign, first).assignment for _ in range(500)}
    assert len(left_behind - {None}) == 500
    assert claim(campaign, others[0]).reason == "all_leased"
    Assignment.objects.update(expires_at=RawSQL("clock_timestamp()", []))  # their time is over

    def take(number: int) -> set[object]:
        taken = set[object]()
        while (given := claim(campaign, others[number]).assignment) is not None:
            taken.add(given.task_id)
        return taken

    taken = in_threads(4, take)
    assert sum(map(len, taken)) == len(set[object]().union(*taken)) == 500
    assert most_taken() == 1
