"""A release of 30,000 decided boxes on 3,000 canvases, beside `json.dump` of the finished COCO document."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb

from accounts.models import User
from annotation.geometry import Box
from annotation.models import Canvas
from benchmarks.cost import counting, cpu_s
from benchmarks.ground import POSTGRES_PID, call, log
from benchmarks.seed import make_canvases, make_person, make_vocabulary
from campaigns.actions import choose_canvases, create_campaign, open_campaign
from campaigns.actions.releases import release_uri, start_release
from campaigns.documents import MOTIVATIONS, ConceptNames, annotation_document, person, software
from campaigns.formats import coco as coco_format
from campaigns.models import Campaign, Release, Task
from campaigns.snapshot import ground_truth_of
from work.actions import run_job

CANVASES, BOXES_EACH = 3_000, 10
PEOPLE = 3


def measure() -> dict[str, Any]:
    """The whole release as a job, COCO by itself, and the plain dump of the same document."""
    log(f"seeding {CANVASES * BOXES_EACH} decided boxes")
    seed()
    postgres = int(os.environ[POSTGRES_PID])
    log("the release, every format")
    before = cpu_s(postgres)
    whole = call("benchmarks.release:perform")
    postgres_s = cpu_s(postgres) - before
    log("COCO by itself")
    coco = call("benchmarks.release:write_coco")
    log("json.dump of the same document")
    plain = call("benchmarks.release:dump_coco").result
    return {
        "canvases": CANVASES,
        "boxes": CANVASES * BOXES_EACH,
        "release": {
            **whole.result,
            "postgres_cpu_s": round(postgres_s, 2),
            "rss_before_mb": whole.rss_before_mb,
            "rss_peak_mb": whole.rss_peak_mb,
        },
        "coco": {**coco.result, "rss_before_mb": coco.rss_before_mb, "rss_peak_mb": coco.rss_peak_mb},
        "json_dump": plain,
        "coco_times_json_dump": round(coco.result["seconds"] / plain["seconds"], 2),
    }


# --- what is measured, each in a process of its own -----------------------------------------------


def perform() -> dict[str, Any]:
    """Order the release and do its job."""
    campaign, owner = Campaign.objects.get(), User.objects.get(username="owner")
    with counting() as statements:
        began, cpu = time.perf_counter(), time.process_time()
        release = start_release(campaign, note="", rights=campaign.rights, is_public=True, by=owner)
        assert release.job is not None
        run_job(str(release.job.pk))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    release.refresh_from_db()
    assert release.finished_at is not None, "the release was not written"
    assert release.manifest["counts"]["boxes"] == CANVASES * BOXES_EACH, release.manifest["counts"]
    files = {file.format: round(file.size / 2**20, 2) for file in release.files.all()}
    return {
        "seconds": round(seconds, 2),
        "python_cpu_s": round(cpu, 2),
        "statements": statements.count,
        "files_mb": files,
        "whole_mb": round(sum(files.values()), 2),
    }


def write_coco() -> dict[str, Any]:
    """The same snapshot written as COCO only, to a file."""
    release = Release.objects.select_related("campaign__vocabulary", "created_by").get()
    target = Path(settings.DATA) / "coco.json"
    with counting() as statements, target.open("wb") as file:
        began = time.perf_counter()
        truth = ground_truth_of(release, uri=release_uri(release.pk), created_at=timezone.now())
        for piece in coco_format.write(truth):
            file.write(piece)
        seconds = time.perf_counter() - began
    size = target.stat().st_size
    return {"seconds": round(seconds, 2), "mb": round(size / 2**20, 2), "statements": statements.count}


def dump_coco() -> dict[str, Any]:
    """`json.dump` of the finished document to a file: no database, no geometry, nothing to decide."""
    path = Path(settings.DATA) / "coco.json"
    document = json.loads(path.read_bytes())
    assert len(document["annotations"]) == CANVASES * BOXES_EACH
    began = time.perf_counter()
    with path.with_suffix(".plain").open("w") as file:
        json.dump(document, file)
    return {"seconds": round(time.perf_counter() - began, 2)}


# --- seeding --------------------------------------------------------------------------------------

_ANNOTATIONS = """
COPY annotation_annotation
     (id, layer_id, canvas_id, document, motivations, x, y, w, h, vocabulary_version, created_at, modified_at,
      revision)
FROM STDIN
"""
_LINKS = "COPY annotation_annotationconcept (annotation_id, concept_id, position) FROM STDIN"
_DECISIONS = """
COPY campaigns_decision (id, request, task_id, judged_id, verdict, result_id, reason, by_id, at) FROM STDIN
"""


def seed() -> None:
    """A campaign in which everything is decided: a merged annotation and a true one for each box."""
    owner, vocabulary = make_person("owner", is_curator=True), make_vocabulary()
    campaign = create_campaign(
        by=owner, slug="decided", title={"en": "Every sign"}, vocabulary=vocabulary, question_kind="locate",
        question={"prompt": {"en": "Draw every sign."}}, rights="https://creativecommons.org/publicdomain/zero/1.0/",
    )  # fmt: skip
    choose_canvases(campaign, manifests=[make_canvases(CANVASES, owner).pk], by=owner)
    open_campaign(campaign, by=owner)
    campaign.tasks.update(state=Task.State.DECIDED, decided_at=timezone.now())
    rows = list(_decided(campaign, owner))
    _copy(_ANNOTATIONS, (row for pair, _link, _decision in rows for row in pair))
    _copy(_LINKS, (link for _pair, links, _decision in rows for link in links))
    _copy(_DECISIONS, (decision for _pair, _links, decision in rows))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


Rows = list[Sequence[Any]]


def _decided(campaign: Campaign, owner: User) -> Iterator[tuple[Rows, Rows, Sequence[Any]]]:
    """For each box: its two annotations, their links, and the decision."""
    names = ConceptNames.of_campaign(campaign)
    concepts = list(campaign.vocabulary.concepts.values_list("pk", flat=True))
    now = timezone.now()
    for task in campaign.tasks.select_related("canvas__manifest").order_by("position"):
        for number in range(BOXES_EACH):
            box = Box(100.5 + 200 * number, 300.25 + task.position % 97, 80 + number, 120.75)
            concept = concepts[(task.position + number) % len(concepts)]
            merged, true = uuid4(), uuid4()
            documents = _documents(task.canvas, box, concept, names, owner)
            layers = (campaign.consensus_layer_id, campaign.ground_truth_layer_id)
            annotations = [
                (pk, layer, task.canvas_id, Jsonb(document), list(MOTIVATIONS), *box.xywh, 1, now, now, 1)
                for pk, layer, document in zip((merged, true), layers, documents, strict=True)
            ]
            links = [(pk, concept, 0) for pk in (merged, true)]
            yield annotations, links, (uuid4(), uuid4(), task.pk, merged, "accepted", true, "", owner.pk, now)


def _documents(canvas: Canvas, box: Box, concept: UUID, names: ConceptNames, owner: User) -> tuple[Any, Any]:
    merge = {
        "method": "boxes", "parameters": {"iou": 0.5}, "support": 1.0,
        "derivedFrom": [f"urn:uuid:{uuid4()}" for _person in range(PEOPLE)],
    }  # fmt: skip
    merged = annotation_document(canvas, box, [concept], names, generator=software("boxes"), extension=merge)
    true = annotation_document(canvas, box, [concept], names, creator=person(owner.public_name))
    return merged, true


def _copy(statement: str, rows: Iterator[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
