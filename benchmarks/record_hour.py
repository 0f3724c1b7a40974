"""The record hour of a large crowd: 278 submissions a second offered for a minute, whatever the server can do.

Open loop: each submission has its moment, and the clients do not wait for one to be answered before the next is
due. Who is told to come back does so after `Retry-After`, as the workbench does. In the end every id that was
acknowledged is looked for among the rows.
"""

import heapq
import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
from typing import Any
from uuid import UUID, uuid4, uuid5

import orjson
from django.db import connection

from accounts.models import User
from benchmarks.cost import cpu_s
from benchmarks.ground import POSTGRES_PID, ROOT, log, web_server
from benchmarks.queue import _VIOLATIONS, OVERLAP, _campaign, _session
from benchmarks.seed import make_canvases, make_person, make_vocabulary
from campaigns.models import Campaign, Contribution, Participant

RATE_PER_S, SECONDS = 278, int(os.environ.get("BENCHMARK_SECONDS", "60"))
PEOPLE, SENDERS = 64, 64
PATIENCE_S = 60  # after the last one was due

_LEASES = """
INSERT INTO campaigns_assignment (id, task_id, participant_id, state, created_at, expires_at, seeded)
SELECT gen_random_uuid(), t.id, p.id, 'live', clock_timestamp(), clock_timestamp() + interval '1 day', false
  FROM (SELECT id, row_number() OVER (ORDER BY position) AS n FROM campaigns_task WHERE campaign_id = %(campaign)s) t
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM campaigns_participant WHERE campaign_id = %(campaign)s) p
    ON p.n = 1 + t.n %% %(people)s
RETURNING id, participant_id
"""


def measure() -> dict[str, Any]:
    """What was offered, acknowledged, refused and lost; and how long it took."""
    total = RATE_PER_S * SECONDS
    log(f"seeding {total} leases")
    owner, vocabulary = make_person("owner", is_curator=True), make_vocabulary()
    campaign = _campaign("record", owner, vocabulary, make_canvases(total, owner))
    people = [make_person(f"volunteer{number}") for number in range(PEOPLE)]
    leases = _leases(campaign, people)
    concept = str(vocabulary.concepts.first().pk)  # type: ignore[union-attr]
    with web_server() as (port, web):
        log(f"{RATE_PER_S} submissions/s for {SECONDS} s")
        postgres = int(os.environ[POSTGRES_PID])
        before = cpu_s(web) + cpu_s(postgres)
        job = {"port": port, "campaign": campaign.slug, "leases": leases, "concept": concept}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.record_hour"],
            cwd=ROOT, input=json.dumps(job).encode(), stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        spent = cpu_s(web) + cpu_s(postgres) - before
    said: dict[str, Any] = json.loads(done.stdout)
    acknowledged = {UUID(pk) for pk in said.pop("acknowledged")}
    kept = set(Contribution.objects.filter(task__campaign=campaign).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_VIOLATIONS, [campaign.pk, OVERLAP])
        (violations,) = cursor.fetchone()
    lost = len(acknowledged - kept)
    assert lost == 0, f"{lost} acknowledged submissions are not there"
    return {
        "offered": total,
        "acknowledged": len(acknowledged),
        "kept": len(kept),
        "acknowledged_but_lost": lost,
        "kept_but_not_acknowledged": len(kept - acknowledged),
        "cpu_ms_per_kept": round(spent * 1000 / max(len(kept), 1), 2),
        "overlap_violations": violations,
        **said,
    }


def _leases(campaign: Campaign, people: list[User]) -> list[tuple[str, str]]:
    """A lease for each submission: its id and the session of whose it is."""
    parts = Participant.objects.bulk_create(
        Participant(campaign=campaign, user=user, pseudonym=user.username) for user in people
    )
    sessions = {part.pk: _session(user) for part, user in zip(parts, people, strict=True)}
    with connection.cursor() as cursor:
        cursor.execute(_LEASES, {"campaign": campaign.pk, "people": len(people)})
        rows = cursor.fetchall()
        cursor.execute("ANALYZE campaigns_assignment")
    return [(str(pk), sessions[person]) for pk, person in rows]


# --- the clients, in a process of their own ---------------------------------------------------------


class Crowd:
    """Submissions by the moment at which each is due; senders take the next one, wait for its moment, and send it."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job, self.lock = job, threading.Lock()
        self.began = time.perf_counter() + 0.5
        self.due: list[tuple[float, int, int]] = [
            (number / RATE_PER_S, 0, number) for number in range(len(job["leases"]))
        ]
        self.end = SECONDS + PATIENCE_S
        self.ids = [str(uuid4()) for _ in job["leases"]]
        self.acknowledged: list[str] = []
        self.took: list[float] = []
        self.counts: dict[str, int] = {}
        self.without_retry_after = 0

    def send(self) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.job["port"], timeout=30)
        while (task := self._take()) is not None:
            moment, tries, number = task
            time.sleep(max(0.0, self.began + moment - time.perf_counter()))
            status, wait_s = self._post(link, number)
            self._note(moment, tries, number, status, wait_s)

    def _take(self) -> tuple[float, int, int] | None:
        with self.lock:
            return heapq.heappop(self.due) if self.due else None

    def _note(self, moment: float, tries: int, number: int, status: int, wait_s: float | None) -> None:
        now = time.perf_counter() - self.began
        with self.lock:
            self.counts[str(status)] = self.counts.get(str(status), 0) + 1
            if status in {200, 201}:
                self.acknowledged.append(self.ids[number])
                self.took.append(now - number / RATE_PER_S)
                return
            if status in {429, 503} and wait_s is None:
                self.without_retry_after += 1
            # Not all at the same moment again; a connection that broke is tried like one that was refused.
            again = now + (wait_s or 2) * random.uniform(1, 2)
            if status in {0, 429, 503} and again < self.end:
                heapq.heappush(self.due, (again, tries + 1, number))

    def _post(self, link: http.client.HTTPConnection, number: int) -> tuple[int, float | None]:
        lease, session = self.job["leases"][number]
        shape = {"concepts": [self.job["concept"]], "origin": "drawn", "prediction": None}
        body = {
            "id": self.ids[number], "assignment": lease, "nothing_here": False, "rejected_predictions": [],
            "shapes": [{"id": str(uuid5(UUID(self.ids[number]), "shape")), "box": [120, 340, 60.5, 90.25], **shape}],
        }  # fmt: skip
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={'c' * 32}", "X-CSRFToken": "c" * 32,
            "Content-Type": "application/json", "Accept": "application/json",
        }  # fmt: skip
        try:
            path = f"/api/v1/campaigns/{self.job['campaign']}/contributions/"
            link.request("POST", path, orjson.dumps(body), headers)
            answer = link.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            link.close()
            return 0, None
        wait = answer.getheader("Retry-After")
        return answer.status, float(wait) if wait else None


def main() -> None:
    crowd = Crowd(json.load(sys.stdin))
    senders = [threading.Thread(target=crowd.send) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    took = sorted(crowd.took) or [0.0]
    result = {
        "acknowledged": crowd.acknowledged,
        "answers_by_status": crowd.counts,
        "refused_without_retry_after": crowd.without_retry_after,
        "seconds": round(time.perf_counter() - crowd.began, 1),
        "from_due_to_acknowledged_s": {
            "median": round(took[len(took) // 2], 2), "p95": round(took[int(len(took) * 0.95)], 2),
        },
    }  # fmt: skip
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
