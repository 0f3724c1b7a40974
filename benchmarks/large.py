"""A million tasks: made in the background while people claim, and what the next claim costs in a queue of that size.

The tasks are made by the job of a choice, in a process of its own as a worker would. Meanwhile people claim tasks of
the same campaign, by the action itself, and what they wait is set beside what they wait when nothing is being made.
Then claims are timed in campaigns of three sizes, where 99 of 100 tasks are retired, and by somebody who has done
10,000 of them, with and without the place that their search has reached.
"""

import os
import statistics
import threading
import time
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import User
from annotation.models import Manifest
from benchmarks.cost import counting
from benchmarks.ground import call, log
from benchmarks.seed import make_canvases, make_person, make_tasks, make_vocabulary
from campaigns.actions import choose_tasks, claim, create_campaign, join_campaign, open_campaign
from campaigns.models import Campaign, Participant
from taxonomy.models import Vocabulary
from work.actions import run_job
from work.models import Job

MANY = int(os.environ.get("BENCHMARK_TASKS", "1000000"))
SIZES = (1_000, 100_000, MANY)
DONE = 10_000
CLAIMS = 200
PEOPLE = 3  # and the one who asks: as many as there are connections
OVERLAP = 3


def measure() -> dict[str, Any]:
    """Making them, claims beside it, and the cost of a claim by size and state."""
    log(f"seeding {MANY} canvases")
    owner, vocabulary = make_person("owner", is_curator=True), make_vocabulary()
    books = {size: make_canvases(size, owner) for size in SIZES}
    made = _making(_campaign("large", owner, vocabulary, books[SIZES[0]]), owner, books[MANY])
    costs = {}
    for size in SIZES:
        campaign = _campaign(f"size-{size}", owner, vocabulary, books[size])
        costs[str(size)] = _cost(campaign, f"newcomer-{size}")
    large = Campaign.objects.get(slug=f"size-{MANY}")
    log(f"somebody who has done {DONE}")
    person = _veteran(large)
    costs[f"{MANY}, {DONE} done by oneself"] = _cost(large, person)
    Participant.objects.filter(pk=person.pk).update(cursor=0)
    person.cursor = 0
    costs[f"{MANY}, {DONE} done by oneself, place lost: the first claim"] = _cost(large, person, claims=1)
    log("99 of 100 retired")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE campaigns_task SET state = 'retired' WHERE campaign_id = %s AND position %% 100 <> 99",
            [large.pk],
        )
        costs[f"{MANY}, 99 % just retired"] = _cost(large, "late", claims=50)
        cursor.execute("VACUUM ANALYZE campaigns_task")
    costs[f"{MANY}, 99 % retired"] = _cost(large, "later", claims=50)
    return {"making": made, "claim": costs}


def _campaign(slug: str, owner: User, vocabulary: Vocabulary, manifest: Manifest) -> Campaign:
    campaign = create_campaign(
        by=owner, slug=slug, title={"en": slug}, vocabulary=vocabulary, question_kind="locate",
        question={"prompt": {"en": "Draw every sign."}}, overlap=OVERLAP,
    )  # fmt: skip
    make_tasks(campaign, manifest)
    return open_campaign(campaign, by=owner)


# --- making them ----------------------------------------------------------------------------------


def _making(campaign: Campaign, owner: User, manifest: Manifest) -> dict[str, Any]:
    log("making them while people claim")
    choice = choose_tasks(campaign, {"of": "canvases", "manifests": [str(manifest.pk)]}, by=owner)
    assert choice.job_id is not None
    alone = _Claiming(campaign)
    time.sleep(5)
    alone.stop()
    beside = _Claiming(campaign)
    began = time.perf_counter()
    worker = call("benchmarks.large:work", job=str(choice.job_id))
    seconds = time.perf_counter() - began
    beside.stop()
    choice.refresh_from_db()
    assert choice.added == MANY, choice.added
    return {
        "tasks": choice.added,
        "seconds": round(seconds, 1),
        "tasks_per_s": round(choice.added / seconds),
        "worker_rss_peak_mb": worker.rss_peak_mb,
        "worker_rss_before_mb": worker.rss_before_mb,
        "claims_alone": alone.said(),
        "claims_meanwhile": beside.said(),
    }


def work(job: str) -> str:
    """What a worker does."""
    run_job(job)
    state: str = Job.objects.get(pk=job).state
    assert state == "done", state
    return state


class _Claiming:
    """A few people who claim one task after the other until they are stopped."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign, self._over = campaign, threading.Event()
        self._took: list[float] = []
        self._none = 0
        self._people = [threading.Thread(target=self._work, args=(number,)) for number in range(PEOPLE)]
        for person in self._people:
            person.start()

    def _work(self, number: int) -> None:
        try:
            person = join_campaign(self._campaign, visitor=f"{id(self)}-{number}"[:64])
            while not self._over.is_set():
                began = time.perf_counter()
                given = claim(self._campaign, person)
                self._took.append(time.perf_counter() - began)
                self._none += given.assignment is None
                time.sleep(0.05)
        finally:
            connection.close()

    def stop(self) -> None:
        self._over.set()
        for person in self._people:
            person.join()

    def said(self) -> dict[str, Any]:
        return {**_in_ms(self._took), "most_ms": round(max(self._took) * 1000, 1), "without_task": self._none}


# --- what a claim costs ---------------------------------------------------------------------------


def _cost(campaign: Campaign, who: str | Participant, *, claims: int = CLAIMS) -> dict[str, Any]:
    """The median of some claims, after one that warms up unless only one is wanted."""
    person = join_campaign(campaign, visitor=who) if isinstance(who, str) else who
    if claims > 1:
        claim(campaign, person)
    took = []
    with counting() as statements:
        for _claim in range(claims):
            began = time.perf_counter()
            given = claim(campaign, person)
            took.append(time.perf_counter() - began)
            assert given.assignment is not None, given.reason
    return {**_in_ms(took), "statements": round(statements.count / claims, 2)}


def _in_ms(took: list[float]) -> dict[str, Any]:
    ordered = sorted(took)
    return {
        "claims": len(took),
        "median_ms": round(statistics.median(ordered) * 1000, 2),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000, 2),
    }


_VETERAN = """
WITH handed_in AS (
    INSERT INTO campaigns_assignment (id, task_id, participant_id, state, created_at, expires_at, seeded)
    SELECT gen_random_uuid(), id, %(person)s, 'submitted', now(), now(), false
      FROM campaigns_task WHERE campaign_id = %(campaign)s ORDER BY position LIMIT %(done)s
    RETURNING id, task_id
)
INSERT INTO campaigns_contribution
       (id, assignment_id, task_id, participant_id, answer, digest, nothing_here, counts, comment,
        campaign_version, vocabulary_version, locale, device, submitted_at)
SELECT gen_random_uuid(), id, task_id, %(person)s, '{}', '', true, true, '', 1, 1, '', '', now() FROM handed_in
"""


def _veteran(campaign: Campaign) -> Participant:
    person = join_campaign(campaign, visitor="veteran")
    values: dict[str, int | UUID] = {"person": person.pk, "campaign": campaign.pk, "done": DONE}
    with connection.cursor() as cursor:
        cursor.execute(_VETERAN, values)
        cursor.execute("ANALYZE campaigns_assignment")
    Participant.objects.filter(pk=person.pk).update(cursor=DONE)
    person.cursor = DONE
    return person
