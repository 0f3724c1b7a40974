"""Releases: numbered without gaps, one moment each, whole or not at all, and never changed again."""

import csv
import hashlib
import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection
from jsonschema import Draft7Validator
from pycocotools.coco import COCO

from accounts.models import User
from annotation.models import Annotation
from campaigns.actions import releases
from campaigns.actions.consensus import compute_consensus
from campaigns.actions.releases import manifest_of, start_release, verify_release, write_release
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.documents import ConceptNames
from campaigns.formats import FORMATS, coco
from campaigns.models import Campaign, Release, ReleaseFile, Task
from campaigns.quality import Rule
from problems import Conflict, Missing
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, in_threads, nothing_here
from tests.campaigns.outcomes import (
    ONE,
    TWO,
    accept_all,
    answer,
    decide_everything,
    located,
    merge,
    released,
    tagged,
    task_at,
)
from work.actions import run_job, stop_job
from work.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
Clef = Callable[[str], Concept]
# Nothing is compared here, so there is no table of pairs.
WRITTEN = set(FORMATS) - {"pairs"}


@pytest.fixture
def decided(campaign: Campaign, owner: User, clef: Clef) -> Campaign:
    """Pages 0 (two boxes), 1 (nothing) and 2 (one box) are decided, 3 is still open."""
    f, g = clef("F"), clef("G")
    answer(
        campaign,
        {
            0: [located([(ONE, f), (TWO, g)]) for _person in range(3)],
            1: [nothing_here() for _person in range(3)],
            2: [located([(ONE, f)]), located([(ONE, f)]), nothing_here()],
        },
    )
    merge(campaign)
    decide_everything(campaign, owner)
    return campaign


def content(release: Release) -> dict[str, bytes]:
    found = {}
    for file in release.files.all():
        with file.content.open("rb") as opened:
            found[file.format] = opened.read()
    return found


def test_what_is_in_it(decided: Campaign, owner: User) -> None:
    release = released(decided, owner, note=" The first half. ", rights=decided.rights or "CC0")
    assert (release.number, release.note) == (1, "The first half.")
    assert {file.format for file in release.files.all()} == WRITTEN
    manifest = manifest_of(release)
    assert manifest["counts"] | {"concepts": []} == {
        "canvases": 3, "canvases_with_nothing": 1, "annotations": 3, "boxes": 3, "tags": 0,
        "status": {"accepted": 3}, "concepts": [],
    }  # fmt: skip
    provenance = manifest["provenance"]
    assert (provenance["participants"], provenance["contributions"]) == (3, 9)
    assert provenance["released_by"] == "Olga"
    for file, described in zip(release.files.order_by("name"), manifest["files"], strict=True):
        with file.content.open("rb") as opened:
            raw = opened.read()
        assert described["sha256"] == file.sha256 == hashlib.sha256(raw).hexdigest()
        assert described["size"] == file.size == len(raw)
    assert verify_release(release) == []


def test_its_numbers_say_who_agreed(decided: Campaign, owner: User) -> None:
    rows = list(csv.DictReader(io.StringIO(content(released(decided, owner))["csv"].decode("utf-8-sig"))))
    assert sorted((row["support"], row["seen"]) for row in rows if row["seen"]) == [
        ("2", "3"),
        ("3", "3"),
        ("3", "3"),
    ]


def test_they_stay_when_the_answers_are_merged_anew(decided: Campaign, owner: User) -> None:
    before = content(released(decided, owner))["csv"]
    for position in range(3):
        rule = Rule(threshold=0.9, class_aware=True)
        compute_consensus(task_at(decided, position), names=ConceptNames.of_campaign(decided), rule=rule)
    assert content(released(decided, owner))["csv"] == before


def test_pycocotools_reads_the_coco_file(decided: Campaign, owner: User, tmp_path: Path) -> None:
    raw = content(released(decided, owner))[coco.NAME]
    path = tmp_path / "coco.json"
    path.write_bytes(raw)
    oracle = COCO(str(path))
    assert len(oracle.getImgIds()) == 3
    assert len(oracle.getAnnIds()) == 3
    named = {row["id"]: row["name"] for row in oracle.loadCats(oracle.getCatIds())}
    first, second, _third = oracle.loadAnns(sorted(oracle.getAnnIds()))
    assert [first["bbox"], second["bbox"]] == [list(ONE), list(TWO)]
    assert (named[first["category_id"]], named[second["category_id"]]) == ("F clef", "G clef")


def test_pages_are_valid_presentation_3(decided: Campaign, owner: User, samples: Path) -> None:
    schemas = sorted((samples / "iiif-prezi3-schema").glob("*.json"))
    schema = json.loads(schemas[0].read_text())
    document = json.loads(content(released(decided, owner))["w3c"])
    *pages, collection = document
    assert (len(pages), collection["total"]) == (3, 3)
    validator = Draft7Validator(schema)
    assert "http://localhost:8000/w3c/context.json" in pages[0]["@context"]
    for page in pages:
        assert [error.message for error in validator.iter_errors(page)] == []


def test_a_tag_campaign(make_campaign: CampaignMaker, owner: User, clef: Clef) -> None:
    campaign = make_campaign(pages=1, question_kind="tag", question={"prompt": {"en": "Which?"}})
    answer(campaign, {0: [tagged(clef("F")) for _person in range(3)]})
    merge(campaign)
    decide_everything(campaign, owner)
    release = released(campaign, owner)
    assert release.manifest["counts"]["tags"] == 1
    assert verify_release(release) == []


def test_later_decisions_change_nothing(decided: Campaign, owner: User, clef: Clef) -> None:
    first = released(decided, owner)
    before, hashes = content(first), list(first.files.order_by("name").values_list("name", "sha256"))
    task = task_at(decided)
    judgements = [Judgement("rejected", item=item.pk) for item in task.consensus.items.all()]
    added = Judgement("added", box=(5, 5, 50, 50), concepts=(clef("C").pk,))
    decide(decided, task.pk, [*judgements, added], request=uuid4(), by=owner, supersede=True)
    second = released(decided, owner)
    first = Release.objects.get(pk=first.pk)
    assert content(first) == before
    assert list(first.files.order_by("name").values_list("name", "sha256")) == hashes
    assert content(second) != before
    assert second.manifest["counts"]["status"] == {"accepted": 1, "added": 1}
    again = write_release(first.pk)
    assert (again.finished_at, content(again)) == (first.finished_at, before)


def test_what_was_deleted_from_the_layer_is_not_released(decided: Campaign, owner: User) -> None:
    gone = Annotation.objects.filter(layer=decided.ground_truth_layer).first()
    assert gone is not None
    Annotation.objects.filter(pk=gone.pk).update(deleted_at="2026-01-01T00:00Z")
    assert released(decided, owner).manifest["counts"]["annotations"] == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda release: Release.objects.filter(pk=release.pk).update(note="better"),
        lambda release: Release.objects.filter(pk=release.pk).update(is_public=False),
        lambda release: Release.objects.filter(pk=release.pk).update(finished_at=None),
        lambda release: Release.objects.filter(pk=release.pk)._raw_delete("default"),
        lambda release: ReleaseFile.objects.filter(release=release).update(sha256="0" * 64),
        lambda release: ReleaseFile.objects.filter(release=release).delete(),
        lambda release: ReleaseFile.objects.create(
            release=release, format="x", name="x", media_type="x", size=1, sha256="x"
        ),
    ],
)
def test_the_database_refuses_changes(
    decided: Campaign, owner: User, change: Callable[[Release], Any]
) -> None:
    release = released(decided, owner)
    with pytest.raises(IntegrityError):
        change(release)


def test_who_made_it_may_be_forgotten(decided: Campaign, owner: User, manager: User) -> None:
    release = released(decided, manager)
    assert release.job is not None
    release.job.delete()
    manager.delete()
    release.refresh_from_db()
    assert (release.created_by, release.job) == (None, None)
    assert release.manifest["provenance"]["released_by"] == "Marc"


def test_nothing_decided_nothing_to_release(campaign: Campaign, owner: User) -> None:
    with pytest.raises(Conflict) as refused:
        start_release(campaign, note="", rights="", is_public=True, by=owner)
    assert refused.value.code == "no-ground-truth"
    with pytest.raises(Missing):
        write_release(uuid4())


def test_numbers_have_no_gaps(decided: Campaign, owner: User) -> None:
    def work(_number: int) -> int:
        return start_release(decided, note="", rights="", is_public=True, by=owner).number

    assert sorted(in_threads(8, work)) == list(range(1, 9))
    assert Job.objects.filter(kind="campaigns.release").count() == 8


def test_decisions_arriving_meanwhile_are_not_half_in(
    decided: Campaign, owner: User, clef: Clef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two files another connection replaces a decision: all files still describe one moment."""
    task = task_at(decided)
    judgements = [Judgement("rejected", item=item.pk) for item in task.consensus.items.all()]
    write, decided_meanwhile = releases._write, []

    def between(*args: Any) -> ReleaseFile:
        row = write(*args)
        if not decided_meanwhile:
            in_threads(
                1,
                lambda _n: decided_meanwhile.append(
                    decide(decided, task.pk, judgements, request=uuid4(), by=owner, supersede=True)
                ),
            )
        return row

    monkeypatch.setattr(releases, "_write", between)
    release = released(decided, owner)
    assert decided_meanwhile
    found = content(release)
    assert len(json.loads(found[coco.NAME])["annotations"]) == 3
    assert json.loads(found["w3c"])[-1]["total"] == 3
    assert release.manifest["counts"]["annotations"] == 3
    assert released(decided, owner).manifest["counts"]["annotations"] == 1


class Killed(BaseException):
    """As a worker that is killed: nothing catches it."""


def test_a_killed_worker_leaves_nothing_behind(
    decided: Campaign, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = start_release(decided, note="", rights="", is_public=True, by=owner)
    write, calls = releases._write, []

    def dying(*args: Any) -> ReleaseFile:
        calls.append(args)
        if len(calls) == 3:
            raise Killed
        return write(*args)

    monkeypatch.setattr(releases, "_write", dying)
    with pytest.raises(Killed):
        write_release(release.pk)
    release.refresh_from_db()
    assert (release.finished_at, release.files.count()) == (None, 0)
    assert len(default_storage.listdir(f"releases/{release.pk}")[1]) == 2
    with pytest.raises(Conflict):
        manifest_of(release)
    default_storage.save(f"releases/{release.pk}/half.json", ContentFile(b"{"))
    finished = write_release(release.pk)
    names = {file.name for file in finished.files.all()}
    assert set(default_storage.listdir(f"releases/{release.pk}")[1]) == names
    assert verify_release(finished) == []


def test_two_workers_write_it_once(decided: Campaign, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    release = start_release(decided, note="", rights="", is_public=True, by=owner)
    write, inside, go_on = releases._write, threading.Event(), threading.Event()

    def slow(*args: Any) -> ReleaseFile:
        inside.set()
        assert go_on.wait(60)
        return write(*args)

    monkeypatch.setattr(releases, "_write", slow)

    def first() -> None:
        try:
            write_release(release.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(60)
    with pytest.raises(Conflict) as refused:
        write_release(release.pk)
    assert refused.value.code == "being-written"
    go_on.set()
    thread.join()
    assert verify_release(write_release(release.pk)) == []
    assert len(default_storage.listdir(f"releases/{release.pk}")[1]) == len(WRITTEN)


def test_the_job_writes_it_and_says_so(decided: Campaign, owner: User) -> None:
    release = start_release(decided, note="", rights="", is_public=True, by=owner)
    assert release.job is not None
    run_job(str(release.job.pk))
    job = Job.objects.get(pk=release.job.pk)
    assert (job.state, job.done, job.total) == (Job.State.DONE, len(FORMATS) + 1, len(FORMATS) + 1)
    assert job.lines.get().sentence == "3 annotations on 3 canvases were released."


def test_writing_beats_and_can_be_stopped(
    decided: Campaign, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The heart beats on a connection of its own; a stop asked for meanwhile ends the writing."""
    monkeypatch.setattr(releases, "BEAT_S", 0.02)
    release = start_release(decided, note="", rights="", is_public=True, by=owner)
    job, stopped = release.job, threading.Event()
    assert job is not None
    real = FORMATS["csv"].write

    def endless(truth: Any) -> Iterator[bytes]:
        yield from real(truth)
        in_threads(1, lambda _number: stop_job(job))
        while not stopped.wait(0.01):
            yield b" "

    monkeypatch.setattr(FORMATS["csv"], "write", endless)
    timer = threading.Timer(20, stopped.set)
    timer.start()
    run_job(str(job.pk))
    timer.cancel()
    job.refresh_from_db()
    assert job.state == Job.State.STOPPED
    assert not ReleaseFile.objects.exists()
    monkeypatch.setattr(FORMATS["csv"], "write", real)
    assert verify_release(write_release(release.pk)) == []


def test_a_changed_file_is_noticed(decided: Campaign, owner: User) -> None:
    release = released(decided, owner)
    file = release.files.order_by("name").first()
    assert file is not None
    Path(file.content.path).write_bytes(b"something else")
    assert verify_release(release) == [file.name]
    Path(file.content.path).unlink()
    assert verify_release(release) == [file.name]


def test_a_disk_that_lies_is_noticed(decided: Campaign, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "_hash_of", lambda _file: "0" * 64)
    release = start_release(decided, note="", rights="", is_public=True, by=owner)
    assert release.job is not None
    run_job(str(release.job.pk))
    job = Job.objects.get(pk=release.job.pk)
    assert (job.state, "disk" in job.error) == (Job.State.FAILED, True)


def test_queries_grow_with_batches_only(
    make_campaign: CampaignMaker, owner: User, clef: Clef, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    campaign = make_campaign(pages=12, overlap=1)
    f = clef("F")
    answer(campaign, {position: [located([(ONE, f), (TWO, f)])] for position in range(12)})
    merge(campaign)
    for position in (0, *range(2, 12)):
        accept_all(campaign, task_at(campaign, position), owner)
    release = start_release(campaign, note="", rights="", is_public=True, by=owner)
    with django_assert_max_num_queries(50):
        write_release(release.pk)
    assert Task.objects.filter(state=Task.State.DECIDED).count() == 11
