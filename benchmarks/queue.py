"""Claim and submit over real HTTP with 1, 8 and 32 volunteers, beside the same rows written in bare SQL.

A cycle is one claim and one submission of two boxes. Volunteers never pause, so these are loads far above
those of as many people. The ceiling runs the claim's own search and the inserts of a submission by psycopg on
as many connections as the web processes have: no HTTP, no session, no validation, no documents to build.
"""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test import Client
from psycopg.types.json import Jsonb

from accounts.models import User
from accounts.sessions import SessionStore
from annotation.models import Manifest
from benchmarks.cost import counting, cpu_s
from benchmarks.ground import POSTGRES_PID, ROOT, call, log, web_server
from benchmarks.seed import make_canvases, make_person, make_tasks, make_vocabulary
from campaigns.actions import create_campaign, join_campaign, open_campaign
from campaigns.actions.assignments import _LEASE
from campaigns.actions.keeping import KEEP, KEEP_AND_RETIRE
from campaigns.documents import MOTIVATIONS, ConceptNames, annotation_document, person
from campaigns.models import Campaign
from campaigns.queries import NO_LIMIT, SEARCH_SKIPPING
from config.embedded.house import WEB_WORKERS
from taxonomy.models import Vocabulary

LEVELS = (1, 8, 32)
SMALL, LARGE = 1_000, 100_000
SECONDS, WARM_S = 4.0, 1.5
OVERLAP = 3
CONNECTIONS = 8

# Live leases and counted answers together may never exceed the overlap; at most one contribution a person.
_VIOLATIONS = """
SELECT count(*) FROM campaigns_task t
 WHERE t.campaign_id = %s
   AND (SELECT count(*) FROM campaigns_assignment a
         WHERE a.task_id = t.id AND a.state = 'live' AND a.expires_at > clock_timestamp())
     + (SELECT count(*) FROM campaigns_contribution c WHERE c.task_id = t.id AND c.counts) > %s
"""


def measure() -> dict[str, Any]:
    """All levels, the ceiling beside them, and the ratios."""
    log("seeding")
    owner, vocabulary = make_person("owner", is_curator=True), make_vocabulary()
    small, large = make_canvases(SMALL, owner), make_canvases(LARGE, owner)
    sessions = [_session(make_person(f"volunteer{number}")) for number in range(max(LEVELS))]
    concept = str(vocabulary.concepts.first().pk)  # type: ignore[union-attr]
    warm, counted = (_campaign(name, owner, vocabulary, small) for name in ("warm", "counted"))
    levels = {count: _campaign(f"with-{count}", owner, vocabulary, small) for count in LEVELS}
    vast = _campaign("vast", owner, vocabulary, large)
    bare, bare_vast = (
        _campaign("bare", owner, vocabulary, small),
        _campaign("bare-vast", owner, vocabulary, large),
    )
    statements = _statements(counted, sessions[0], concept)
    ceiling = _ceiling(bare, SMALL)
    with web_server() as (port, web):
        _volunteers(port, warm, sessions[:CONNECTIONS], concept, WARM_S)
        runs = [_level(port, web, levels[count], SMALL, sessions[:count], concept) for count in LEVELS]
        runs.append(_level(port, web, vast, LARGE, sessions[:8], concept))
    ceilings = [ceiling, _ceiling(bare_vast, LARGE)]
    reached = {run["tasks"]: run["cycles_per_s"] for run in runs if run["volunteers"] == CONNECTIONS}
    return {
        "statements": statements,
        "http": runs,
        "bare_sql": ceilings,
        "share_of_bare_sql": {
            str(one["tasks"]): round(reached[one["tasks"]] / one["cycles_per_s"], 3) for one in ceilings
        },
        "errors": sum(run["errors"] for run in runs),
        "overlap_violations": sum(run["overlap_violations"] for run in runs),
        "web": f"{WEB_WORKERS} workers, {settings.PLACES_AT_WORK} at work and {settings.PLACES_IN_LINE} in line each",
    }


# --- seeding --------------------------------------------------------------------------------------


def _campaign(slug: str, owner: User, vocabulary: Vocabulary, manifest: Manifest) -> Campaign:
    campaign = create_campaign(
        by=owner, slug=slug, title={"en": slug}, vocabulary=vocabulary, question_kind="locate",
        question={"prompt": {"en": "Draw every sign."}}, overlap=OVERLAP,
    )  # fmt: skip
    make_tasks(campaign, manifest)
    return open_campaign(campaign, by=owner)


def _session(user: User) -> str:
    """The key of a signed-in session, as the login page would leave it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


# --- over HTTP ------------------------------------------------------------------------------------


def _level(
    port: int, web: int, campaign: Campaign, tasks: int, sessions: list[str], concept: str
) -> dict[str, Any]:
    """One number of volunteers for a few seconds, and what it cost the servers."""
    log(f"{len(sessions)} volunteers, {tasks} tasks")
    postgres = int(os.environ[POSTGRES_PID])
    before = cpu_s(web), cpu_s(postgres)
    said = _volunteers(port, campaign, sessions, concept, SECONDS)
    web_s, postgres_s = cpu_s(web) - before[0], cpu_s(postgres) - before[1]
    with connection.cursor() as cursor:
        cursor.execute(_VIOLATIONS, [campaign.pk, OVERLAP])
        (violations,) = cursor.fetchone()
    cycles = max(said["cycles"], 1)
    return {
        "volunteers": len(sessions),
        "tasks": tasks,
        "cycles_per_s": round(said["cycles"] / said["seconds"], 1),
        "cpu_ms_per_cycle": round((web_s + postgres_s) * 1000 / cycles, 2),
        "web_cpu_ms_per_cycle": round(web_s * 1000 / cycles, 2),
        "postgres_cpu_ms_per_cycle": round(postgres_s * 1000 / cycles, 2),
        **{
            name: said[name]
            for name in ("claim_ms", "submit_ms", "cycles", "counted", "waits", "refused", "client_cpu_s")
        },
        "errors": said["errors"],
        "first_errors": said["first_errors"],
        "overlap_violations": violations,
    }


def _volunteers(
    port: int, campaign: Campaign, sessions: list[str], concept: str, seconds: float
) -> dict[str, Any]:
    job = {
        "port": port,
        "campaign": campaign.slug,
        "sessions": sessions,
        "concept": concept,
        "seconds": seconds,
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.volunteers"],
        cwd=ROOT, input=json.dumps(job).encode(), stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _statements(campaign: Campaign, session: str, concept: str) -> dict[str, int]:
    """Statements of the third claim and submission of somebody; the first ones also join the campaign."""
    client = Client()
    client.cookies["sessionid"] = session
    address = f"/api/v1/campaigns/{campaign.slug}"
    counts = {}
    for _time in range(3):
        with counting() as claimed:
            given = client.post(f"{address}/assignments/", {}, content_type="application/json")
        shape = {"box": [10, 20, 30, 40], "concepts": [concept], "origin": "drawn", "prediction": None}
        answer = {
            "id": str(uuid4()), "assignment": given.json()["assignment"]["id"], "nothing_here": False,
            "shapes": [{"id": str(uuid4()), **shape}],
        }  # fmt: skip
        with counting() as submitted:
            kept = client.post(f"{address}/contributions/", answer, content_type="application/json")
        assert kept.status_code == 201, kept.content
        counts = {"claim": claimed.count, "submit": submitted.count}
    return counts


# --- the ceiling ----------------------------------------------------------------------------------


def _ceiling(campaign: Campaign, tasks: int) -> dict[str, Any]:
    log(f"bare SQL, {tasks} tasks")
    postgres = int(os.environ[POSTGRES_PID])
    before = cpu_s(postgres)
    said = call("benchmarks.queue:ceiling", slug=campaign.slug).result
    cycles = max(said["cycles"], 1)
    return {
        "connections": CONNECTIONS,
        "tasks": tasks,
        "cycles": said["cycles"],
        "cycles_per_s": round(said["cycles"] / said["seconds"], 1),
        "postgres_cpu_ms_per_cycle": round((cpu_s(postgres) - before) * 1000 / cycles, 2),
    }


def ceiling(slug: str) -> dict[str, Any]:
    """Cycles by threads with a psycopg connection each."""
    campaign = Campaign.objects.select_related("vocabulary").get(slug=slug)
    people = [join_campaign(campaign, visitor=f"{number:064d}").pk for number in range(CONNECTIONS)]
    writer = _Bare(campaign)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        began = time.perf_counter()
        cycles = sum(pool.map(writer.work, people))
        seconds = time.perf_counter() - began
    return {"cycles": cycles, "seconds": seconds}


class _Bare:
    """The rows of claims and submissions, with a document that was built once."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        concept = campaign.vocabulary.concepts.first()
        task = campaign.tasks.select_related("canvas__manifest").first()
        assert concept is not None
        assert task is not None
        self.concept = concept.pk
        names = ConceptNames.of_campaign(campaign)
        document = annotation_document(task.canvas, None, [concept.pk], names, creator=person("Nobody"))
        self.document = Jsonb(document)

    def work(self, participant: UUID) -> int:
        """One person's cycles until time is up or the tasks are."""
        cycles, cursor_position, deadline = 0, 0, time.perf_counter() + SECONDS
        with psycopg.connect(settings.DATABASE_URL) as link:
            while time.perf_counter() < deadline:
                claimed = self.claim(link, participant, cursor_position)
                if claimed is None:
                    break
                task, canvas, position, assignment = claimed
                self.submit(link, participant, task, canvas, assignment)
                cursor_position = position + 1
                cycles += 1
        return cycles

    def claim(
        self, link: "psycopg.Connection[Any]", participant: UUID, position: int
    ) -> tuple[UUID, UUID, int, UUID] | None:
        side = [self.campaign.pk, position, NO_LIMIT, OVERLAP, participant]
        for _try in range(50):
            with link.transaction():
                found: Any = link.execute(
                    f"SELECT id, canvas_id, position FROM campaigns_task WHERE id = {SEARCH_SKIPPING}",
                    [*side, *side],
                ).fetchone()
                if found is None:
                    return None
                values = {"task": found[0], "participant": participant, "position": found[2]}
                lease = link.execute(_LEASE, values).fetchone()
            if lease is not None:
                return (*found, lease[0])
        return None

    def submit(
        self, link: "psycopg.Connection[Any]", participant: UUID, task: UUID, canvas: UUID, assignment: UUID
    ) -> None:
        contribution, shapes = uuid4(), [uuid4(), uuid4()]
        with link.transaction():
            counted: Any = link.execute(
                "SELECT (SELECT count(*) FROM campaigns_contribution c WHERE c.task_id = t.id AND c.counts)"
                "  FROM campaigns_task t WHERE t.id = %s FOR NO KEY UPDATE",
                [task],
            ).fetchone()
            keep = KEEP_AND_RETIRE if counted[0] + 1 >= OVERLAP else KEEP
            link.execute(keep, self.contribution(contribution, participant, task, assignment, counted[0]))
            layer = self.campaign.contributions_layer_id
            link.execute(
                "INSERT INTO annotation_annotation (id, layer_id, canvas_id, document, motivations, x, y, w,"
                " h, vocabulary_version, created_at, modified_at, revision, words)"
                " SELECT unnest(%s::uuid[]), %s, %s, %s, %s, 1, 2, 3, 4, 1, now(), now(), 1, ''",
                [shapes, layer, canvas, self.document, list(MOTIVATIONS)],
            )
            link.execute(
                "INSERT INTO annotation_annotationconcept (annotation_id, concept_id, position)"
                " SELECT unnest(%s::uuid[]), %s, 0",
                [shapes, self.concept],
            )
            link.execute(
                "INSERT INTO campaigns_contributionshape (contribution_id, annotation_id, origin)"
                " SELECT %s, unnest(%s::uuid[]), 'drawn'",
                [contribution, shapes],
            )

    def contribution(
        self, pk: UUID, participant: UUID, task: UUID, assignment: UUID, counted: int
    ) -> dict[str, Any]:
        return {
            "id": pk, "assignment": assignment, "task": task, "participant": participant, "answer": "{}",
            "digest": "0" * 64, "nothing_here": False, "counts": counted < OVERLAP,
            "comment": "", "campaign_version": 1, "vocabulary_version": 1,
            "predictions_shown": None, "time_spent_s": 12.5, "locale": "en", "device": "desktop",
            "rule": "fixed", "parameters": '{"people": 3}', "decided_by": "[]", "figures": "{}",
            "campaign": self.campaign.pk, "slug": self.campaign.slug,
        }  # fmt: skip
