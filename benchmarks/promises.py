"""The queue's promises at full size, each held against the rows at the end: the run fails where one is broken.

50 people do 1,000 tasks that 3 people each shall see: 3,000 answers, never more than 3 at a time, nobody twice. 200
answers are sent by 16 senders each: 200 rows. 500 leases are abandoned: at their end they can be had again, and no
worker is running. All by the actions themselves, without HTTP.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import uuid4

from django.db import close_old_connections, connection
from django.db.models import Count

from accounts.models import User
from benchmarks.ground import log
from benchmarks.queue import _VIOLATIONS, _campaign
from benchmarks.seed import make_canvases, make_person, make_vocabulary
from campaigns.actions import Submission, claim, join_campaign, submit
from campaigns.models import Assignment, Campaign, Contribution, Participant, Task
from taxonomy.models import Vocabulary

PEOPLE, TASKS, OVERLAP = 50, 1000, 3
KEYS, SENDERS = 200, 16
ABANDONED = 500
T = TypeVar("T")


def measure() -> dict[str, Any]:
    owner, vocabulary = make_person("owner", is_curator=True), make_vocabulary()
    return {
        "people": _crowd(owner, vocabulary),
        "keys": _keys(owner, vocabulary),
        "abandoned": _abandoned(owner, vocabulary),
    }


def on_its_own(act: Callable[[], T]) -> T:
    """On a connection that goes back to the pool: there are more people than connections."""
    try:
        return act()
    finally:
        connection.close()


def nothing_here() -> Submission:
    return Submission(uuid4(), {"nothing_here": True, "shapes": []})


def _crowd(owner: User, vocabulary: Vocabulary) -> dict[str, Any]:
    log(f"{PEOPLE} people, {TASKS} tasks, {OVERLAP} each")
    campaign = _campaign("crowd", owner, vocabulary, make_canvases(TASKS, owner))
    people = [join_campaign(campaign, visitor=f"crowd-{number}") for number in range(PEOPLE)]
    over, seen = threading.Event(), _Watch(campaign)
    watch = threading.Thread(target=seen.until, args=(over,))
    watch.start()
    began = time.perf_counter()
    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(lambda person: _work_off(campaign, person), people))
    seconds = time.perf_counter() - began
    over.set()
    watch.join()
    rows = Contribution.objects.filter(task__campaign=campaign)
    per_task = set(
        rows.filter(counts=True).values_list("task").annotate(n=Count("pk")).values_list("n", flat=True)
    )
    twice = rows.values("task", "participant").annotate(n=Count("pk")).filter(n__gt=1).count()
    assert rows.count() == rows.filter(counts=True).count() == TASKS * OVERLAP, rows.count()
    assert per_task == {OVERLAP}, per_task
    assert twice == 0, twice
    assert seen.violations == 0, seen.violations
    assert not Task.objects.filter(campaign=campaign).exclude(state="retired").exists()
    return {
        "answers": rows.count(), "twice": twice, "above_overlap": seen.violations, "looked": seen.looked,
        "cycles_per_s": round(TASKS * OVERLAP / seconds, 1),
    }  # fmt: skip


class _Watch:
    """Counts, over and over, the tasks on which there are more people than wanted."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign, self.violations, self.looked = campaign, 0, 0

    def until(self, over: threading.Event) -> None:
        while not over.wait(0.2):
            self.violations += on_its_own(self._look)
            self.looked += 1

    def _look(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(_VIOLATIONS, [self.campaign.pk, OVERLAP])
            (count,) = cursor.fetchone()
        return int(count)


def _work_off(campaign: Campaign, person: Participant) -> None:
    while True:
        given = on_its_own(lambda: claim(campaign, person))
        if given.assignment is None:
            if given.reason == "nothing_left":
                return
            time.sleep(0.05)
            continue
        lease = given.assignment
        on_its_own(lambda: submit(lease, nothing_here()))  # noqa: B023 - called at once


def _keys(owner: User, vocabulary: Vocabulary) -> dict[str, Any]:
    log(f"{KEYS} answers by {SENDERS} senders each")
    campaign = _campaign("keys", owner, vocabulary, make_canvases(KEYS, owner))
    person = join_campaign(campaign, visitor="keys")
    leases = [claim(campaign, person).assignment for _ in range(KEYS)]
    answers = [nothing_here() for _ in range(KEYS)]

    def send_all(_sender: int) -> int:
        new = 0
        for lease, answer in zip(leases, answers, strict=True):
            assert lease is not None
            done = on_its_own(lambda: submit(lease, answer))  # noqa: B023 - called at once
            assert done.id == answer.id
            new += done.is_new
        return new

    began = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as pool:
        new = sum(pool.map(send_all, range(SENDERS)))
    rows = Contribution.objects.filter(task__campaign=campaign).count()
    assert rows == new == KEYS, (rows, new)
    return {"sent": KEYS * SENDERS, "rows": rows, "seconds": round(time.perf_counter() - began, 1)}


def _abandoned(owner: User, vocabulary: Vocabulary) -> dict[str, Any]:
    log(f"{ABANDONED} abandoned leases")
    close_old_connections()
    campaign = _campaign("abandoned", owner, vocabulary, make_canvases(ABANDONED, owner))
    Campaign.objects.filter(pk=campaign.pk).update(overlap=1)
    campaign.refresh_from_db()
    first, second = (join_campaign(campaign, visitor=name) for name in ("first", "second"))
    given = [claim(campaign, first).assignment for _ in range(ABANDONED)]
    assert all(given)
    assert claim(campaign, second).reason == "all_leased"
    with connection.cursor() as cursor:  # their time passes
        cursor.execute(
            "UPDATE campaigns_assignment SET expires_at = clock_timestamp() WHERE participant_id = %s",
            [first.pk],
        )
    again = [claim(campaign, second).assignment for _ in range(ABANDONED)]
    assert all(again)
    assert Assignment.objects.filter(participant=second, state="live").count() == ABANDONED
    return {"abandoned": ABANDONED, "had_again": len(again)}
