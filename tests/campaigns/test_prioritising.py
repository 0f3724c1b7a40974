"""Priorities from a table: what is matched, what is laid aside, what the queue does, and all of it taken back."""

import io
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import choose_canvases, prioritising
from campaigns.actions.prioritising import KIND, apply_priorities, bring_priorities, undo_priorities
from campaigns.models import Campaign, PriorityTable, Task
from problems import Conflict, Invalid
from tests.campaigns.conftest import in_threads, make_manifest
from tests.campaigns.test_ordering import run_all
from work.actions import resume_job, run_job, stop_job
from work.models import Job

API = "/api/v1/campaigns/clefs/priorities/"


def bring(campaign: Campaign, owner: User, *lines: str, pk: UUID | None = None) -> PriorityTable:
    content = io.BytesIO("\n".join(lines).encode())
    return bring_priorities(campaign, content, name="order.csv", pk=pk or uuid4(), by=owner)


def tasks(campaign: Campaign) -> list[Task]:
    return list(campaign.tasks.select_related("canvas").order_by("position"))


def priorities(campaign: Campaign) -> dict[UUID, float | None]:
    return dict(campaign.tasks.values_list("pk", "priority"))


def aside(table: PriorityTable) -> list[tuple[int, str]]:
    return list(table.lines_aside.order_by("number").values_list("number", "reason"))


@pytest.mark.django_db
def test_ids_and_addresses_are_matched_and_the_rest_is_told(campaign: Campaign, owner: User) -> None:
    first, second, third, fourth = tasks(campaign)
    table = bring(
        campaign, owner, "image,priority", f"{first.pk},1", f"{second.canvas_id},2", f"{third.canvas.uri},3",
        f"{third.canvas.uri},9", f"{uuid4()},4", "https://example.org/moon,5", f"{fourth.pk},high", ",6",
    )  # fmt: skip
    assert (table.state, table.lines, table.matched, table.aside) == ("ready", 8, 3, 5)
    assert aside(table) == [(5, "repeated"), (6, "unknown"), (7, "unknown"), (8, "no-number"), (9, "no-key")]
    assert set(priorities(campaign).values()) == {None}, "nothing changes before it is applied"
    assert not table.content, "what was read is not kept twice"

    apply_priorities(campaign, table.pk, order=True, by=owner)
    assert priorities(campaign) == {first.pk: 1, second.pk: 2, third.pk: 3, fourth.pk: None}
    campaign.refresh_from_db()
    assert campaign.order == "priority"
    run_all()
    assert [task.pk for task in tasks(campaign)] == [third.pk, second.pk, first.pk, fourth.pk]

    undo_priorities(campaign, table.pk, by=owner)
    run_all()
    assert set(priorities(campaign).values()) == {None}
    assert [task.pk for task in tasks(campaign)] == [first.pk, second.pk, third.pk, fourth.pk]


@pytest.mark.django_db
def test_an_image_stands_for_all_its_tasks_and_only_for_those_here(
    campaign: Campaign, make_campaign: Any, owner: User
) -> None:
    task = tasks(campaign)[0]
    region = Task.objects.create(
        campaign=campaign, canvas=task.canvas, position=99, region_x=1, region_y=1, region_w=5, region_h=5
    )
    other = make_campaign("others", pages=0, open_it=False)
    elsewhere = Task.objects.create(campaign=other, canvas=task.canvas, position=0)
    table = bring(campaign, owner, f"{region.pk},7", f"{task.canvas_id},3", f"{elsewhere.pk},1")
    assert (table.matched, aside(table)) == (2, [(3, "unknown")])
    apply_priorities(campaign, table.pk, by=owner)
    assert (priorities(campaign)[region.pk], priorities(campaign)[task.pk]) == (7, 3), "the first line counts"
    assert priorities(other) == {elsewhere.pk: None}


@pytest.mark.django_db
def test_later_tables_are_taken_back_first_and_each_gives_back_what_was_there(
    campaign: Campaign, owner: User
) -> None:
    task = tasks(campaign)[0]
    one, two = bring(campaign, owner, f"{task.pk},1"), bring(campaign, owner, f"{task.pk},2")
    for table in (one, two):
        for _again in range(2):
            assert apply_priorities(campaign, table.pk, by=owner).state == "applied"
    assert priorities(campaign)[task.pk] == 2
    with pytest.raises(Conflict) as refused:
        undo_priorities(campaign, one.pk, by=owner)
    assert refused.value.code == "applied-since"
    for table, left in ((two, 1.0), (one, None)):
        for _again in range(2):
            assert undo_priorities(campaign, table.pk, by=owner).state == "undone"
        assert priorities(campaign)[task.pk] == left
    with pytest.raises(Conflict):
        undo_priorities(campaign, bring(campaign, owner, f"{task.pk},1").pk, by=owner)
    apply_priorities(campaign, one.pk, by=owner)
    assert priorities(campaign)[task.pk] == 1, "what was taken back may be applied again"


@pytest.mark.django_db
def test_sent_again_it_is_the_same_and_another_table_is_refused(campaign: Campaign, owner: User) -> None:
    pk, task = uuid4(), tasks(campaign)[0]
    bring(campaign, owner, f"{task.pk},1", pk=pk)
    assert bring(campaign, owner, f"{task.pk},1", pk=pk).matched == 1
    with pytest.raises(Conflict) as refused:
        bring(campaign, owner, f"{task.pk},2", pk=pk)
    assert refused.value.code == "id-used"
    with pytest.raises(Invalid):
        bring_priorities(campaign, io.BytesIO(b""), name="x", pk=uuid4(), by=owner)
    nothing = bring(campaign, owner, "moon,1")
    with pytest.raises(Conflict) as refused:
        apply_priorities(campaign, nothing.pk, by=owner)
    assert refused.value.code == "nothing-matched"


def all_held_up(campaign: Campaign, work: Callable[[int], object]) -> None:
    """Two do the work at once: each has begun before the tasks are let go that both wait for."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            list(Task.objects.order_by().select_for_update().filter(campaign=campaign))
            both = pool.submit(in_threads, 2, work)
            blocked, until = 0, time.monotonic() + 20
            while blocked < 2 and not both.done():
                assert time.monotonic() < until, "nobody waits"
                cursor.execute("SELECT pg_stat_clear_snapshot()")
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%priorit%' "
                    "AND datname = current_database()"
                )
                [blocked] = cursor.fetchone()
        both.result()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_bring_one_table_and_apply_it_once(campaign: Campaign, owner: User) -> None:
    pk, wanted = uuid4(), [f"{task.pk},{number}" for number, task in enumerate(tasks(campaign))]
    in_threads(4, lambda _number: bring(campaign, owner, *wanted, pk=pk))
    table = PriorityTable.objects.get()
    assert (table.matched, table.aside, table.lines) == (4, 0, 4)
    all_held_up(campaign, lambda _number: apply_priorities(campaign, pk, by=owner))
    assert sorted(filter(None, priorities(campaign).values())) == [1, 2, 3]
    assert not table.priorities.exclude(before=None).exists(), "none is applied over itself"
    all_held_up(campaign, lambda _number: undo_priorities(campaign, pk, by=owner))
    assert set(priorities(campaign).values()) == {None}, "what was there before is given back"


@pytest.mark.django_db
def test_large_tables_are_read_applied_and_taken_back_in_steps_by_a_worker(
    campaign: Campaign, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_canvases(campaign, manifests=[make_manifest(60, owner).pk], by=owner)
    for name, value in {"AT_ONCE": 5, "AT_ONCE_BYTES": 10, "READ_AT_ONCE": 7, "CHUNK": 9}.items():
        monkeypatch.setattr(prioritising, name, value)
    wanted = tasks(campaign)
    lines = [f"{task.pk},{number}" for number, task in enumerate(wanted)]
    table = bring(campaign, owner, *lines, f"{wanted[0].pk},3", "moon,1")
    assert table.state == "reading"
    with pytest.raises(Conflict) as refused:
        apply_priorities(campaign, table.pk, by=owner)
    assert refused.value.code == "not-read"
    assert _run(table) == "ready"
    assert (table.matched, aside(table)) == (64, [(65, "repeated"), (66, "unknown")])

    assert apply_priorities(campaign, table.pk, by=owner).state == "applying"
    other = bring(campaign, owner, f"{wanted[0].pk},1")
    _run(other)
    with pytest.raises(Conflict) as refused:
        apply_priorities(campaign, other.pk, by=owner)
    assert refused.value.code == "busy"
    # Stopped before it began and taken up again; what a worker has done before is not done anew.
    table.refresh_from_db()
    assert table.job is not None
    stop_job(table.job)
    resume_job(Job.objects.get(pk=table.job.pk))
    assert _run(table) == "applied"
    assert [task.priority for task in tasks(campaign)] == list(range(64))
    assert undo_priorities(campaign, table.pk, by=owner).state == "undoing"
    assert _run(table) == "undone"
    assert set(priorities(campaign).values()) == {None}


def _run(table: PriorityTable) -> str:
    table.refresh_from_db()
    assert table.job is not None
    assert table.job.kind == KIND
    run_job(str(table.job.pk))
    table.refresh_from_db()
    assert table.job is not None
    assert table.job.state == "done", table.job.error
    return str(table.state)


@pytest.mark.django_db
def test_a_table_may_be_too_long(campaign: Campaign, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prioritising, "MOST_LINES", 3)
    monkeypatch.setattr(prioritising, "AT_ONCE_BYTES", 1)
    table = bring(campaign, owner, *(["moon,1"] * 6))
    assert table.job is not None
    run_job(str(table.job.pk))
    table.job.refresh_from_db()
    assert (table.job.state, "in parts" in table.job.error) == ("failed", True)


@pytest.mark.django_db
def test_over_rest_as_json_and_as_csv(campaign: Campaign, owner: User, contributor: User) -> None:
    api = APIClient()
    api.force_authenticate(owner)
    first, second = tasks(campaign)[:2]
    rows = [{"id": str(first.pk), "priority": 0.5}, {"id": "moon", "priority": 1}]
    made = api.post(API, {"id": str(uuid4()), "rows": rows}, format="json")
    assert made.status_code == 201, made.content
    table = made.json()
    assert (table["matched"], table["aside"], table["state"]) == (1, 1, "ready")
    (told,) = api.get(f"{API}{table['id']}/aside/").json()["results"]
    assert (told["number"], told["said"], told["reason"]) == (3, "moon", "unknown")
    assert told["sentence"].startswith("No task of this campaign")

    file = SimpleUploadedFile("order.csv", f"{second.canvas.uri};2,5\n=1+1;3".encode(), "text/csv")
    brought = api.post(API, {"file": file}, format="multipart").json()
    assert (brought["name"], brought["matched"], brought["aside"]) == ("order.csv", 1, 1)
    taken = _text(api.get(f"{API}{brought['id']}/aside.csv"))
    assert taken.splitlines()[1].startswith("'=1+1,3,2,No task of this campaign")
    for one in (table, brought):
        applied = api.post(f"{API}{one['id']}/apply/", {}, format="json")
        assert (applied.status_code, applied.json()["state"]) == (200, "applied")
    assert [one["name"] for one in api.get(API).json()] == ["order.csv", "REST"]

    # What is taken along may be brought back as it is.
    whole = _text(api.get("/api/v1/campaigns/clefs/priorities.csv"))
    assert f"{second.pk},{second.canvas_id},{second.canvas.uri},2.5" in whole
    again = SimpleUploadedFile("again.csv", whole.encode("utf-8-sig"))
    said = api.post(API, {"file": again}, format="multipart").json()
    assert (said["lines"], said["matched"], said["aside"]) == (4, 2, 2)

    undone = api.post(f"{API}{brought['id']}/undo/", format="json").json()
    assert undone["state"] == "undone"
    for body in ({}, {"rows": [{"id": "x", "priority": "much"}]}, {"rows": [{"priority": 1}]}, {"rows": 3}):
        assert api.post(API, body, format="json").status_code == 422
    assert api.get(f"{API}{uuid4()}/").status_code == 404
    assert api.post(f"{API}{uuid4()}/apply/", {}, format="json").status_code == 404


def _text(answer: Any) -> str:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode("utf-8-sig")
