"""The record hour of a large crowd: 278 submissions a second offered for a minute, whatever the server can do.

Open loop: each submission has its moment, and the clients do not wait for one to be answered before the next is
due. Who is told to come back does so after `Retry-After`, as the workbench does. In the end every id that was
acknowledged is looked for among the rows.
"""

import json
import os
import subprocess
import sys
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import User
from benchmarks.cost import cpu_s
from benchmarks.ground import POSTGRES_PID, ROOT, log, web_server
from benchmarks.queue import _VIOLATIONS, OVERLAP, _campaign, _session
from benchmarks.seed import make_canvases, make_person, make_vocabulary
from campaigns.models import Campaign, Contribution, Participant

RATE_PER_S, SECONDS = 278, int(os.environ.get("BENCHMARK_SECONDS", "60"))
PEOPLE = 64

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
        job = {
            "port": port, "campaign": campaign.slug, "leases": leases, "concept": concept,
            "rate_per_s": RATE_PER_S,
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.crowd"],
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
