"""Priorities from a table: read and matched to tasks, looked at, applied as one action, taken back as one."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from itertools import islice
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.campaigns import configure_campaign
from campaigns.actions.ordering import CHUNK, request_ordering
from campaigns.models import Campaign, LineAside, PriorityTable
from campaigns.permissions import refuse_archived
from campaigns.priority_lines import PriorityLine, read_lines
from problems import Conflict, Invalid, Missing
from work.actions import request_job
from work.runner import Lost, Runner

KIND = "campaigns.priorities"
State = PriorityTable.State
MOST_LINES = 1_000_000
MOST_BYTES = 250_000_000
# What is done while somebody waits; more is done by a worker.
AT_ONCE_BYTES, AT_ONCE = 100_000, 2000
READ_AT_ONCE = 5000

# The first line that names a task counts; a canvas stands for all its tasks in the campaign. `OFFSET 0` has each line
# looked up by its own index and only then asked for the campaign: else a plan made for few lines reads all tasks of
# the campaign for each of them, one made for many reads them for each few thousand.
_MATCH = """
WITH brought AS (
  SELECT * FROM unnest(%(number)s::int[], %(said)s::text[], %(key)s::uuid[], %(priority)s::float8[])
             AS line(number, said, key, priority)
), named AS (
  SELECT b.number, b.priority, b.key AS canvas FROM brought b WHERE b.key IS NOT NULL
   UNION ALL
  SELECT b.number, b.priority, c.id FROM brought b, LATERAL (
    SELECT id FROM annotation_canvas WHERE uri = b.said OFFSET 0) c
   WHERE b.key IS NULL
), found AS (
  SELECT b.number, b.priority, t.id FROM brought b, LATERAL (
    SELECT id, campaign_id FROM campaigns_task WHERE id = b.key OFFSET 0) t
   WHERE t.campaign_id = %(campaign)s
   UNION ALL
  SELECT n.number, n.priority, t.id FROM named n, LATERAL (
    SELECT id, campaign_id FROM campaigns_task WHERE canvas_id = n.canvas OFFSET 0) t
   WHERE t.campaign_id = %(campaign)s
), chosen AS (
  SELECT DISTINCT ON (id) id, number, priority FROM found ORDER BY id, number
), made AS (
  INSERT INTO campaigns_taskpriority (table_id, task_id, line, priority, before, is_applied)
  SELECT %(table)s, id, number, priority, NULL, false FROM chosen
  ON CONFLICT (table_id, task_id) DO NOTHING RETURNING line
)
SELECT line, true FROM made UNION ALL SELECT DISTINCT number, false FROM found
"""

# Locks so many tasks as a submission may have to wait for: some 50 ms, as when they are put in order.
_SET = """
WITH part AS MATERIALIZED (
  SELECT id, task_id, {after} AS fresh FROM campaigns_taskpriority
   WHERE table_id = %(table)s AND id > %(beyond)s AND is_applied = %(was)s ORDER BY id LIMIT %(most)s
), old AS MATERIALIZED (
  SELECT t.id, t.priority FROM campaigns_task t JOIN part ON part.task_id = t.id
   ORDER BY t.id FOR NO KEY UPDATE OF t
), moved AS (
  UPDATE campaigns_task t SET priority = part.fresh FROM part JOIN old ON old.id = part.task_id
   WHERE t.id = part.task_id
)
UPDATE campaigns_taskpriority p SET is_applied = NOT %(was)s, before = {before}
  FROM part JOIN old ON old.id = part.task_id
 WHERE p.id = part.id RETURNING p.id
"""
_APPLY = _SET.format(after="priority", before="old.priority")
_UNDO = _SET.format(after="before", before="NULL")


def bring_priorities(
    campaign: Campaign, content: IO[bytes], *, name: str, pk: UUID, by: User
) -> PriorityTable:
    """Keep a table and match its lines to tasks; nothing of the campaign changes yet. Harmless to repeat.

    Up to 100 kB are read when this returns; more by a job. Raises `Invalid` for an empty file or one too large,
    `Conflict` where the id belongs to another table.
    """
    refuse_archived(campaign)
    digest, size = _digest(content)
    if not size:
        raise Invalid(_("The file is empty."), pointer="/file", code="empty")
    if size > MOST_BYTES:
        raise Invalid(_("A table may have up to 250 MB."), pointer="/file", code="too-large")
    known = PriorityTable.objects.filter(pk=pk).first()
    if known is not None:
        return _same(known, campaign, digest)
    table = PriorityTable(pk=pk, campaign=campaign, name=name[-200:], digest=digest, created_by=by)
    table.content.save(f"{pk}.csv", File(content), save=False)
    try:
        with transaction.atomic():
            table.save(force_insert=True)
            if size > AT_ONCE_BYTES:
                table.job = request_job(KIND, pk, by=by)
                table.save(update_fields=["job"])
    except IntegrityError:
        # The same request came twice at once: the other one keeps it.
        table.content.delete(save=False)
        return _same(PriorityTable.objects.get(pk=pk), campaign, digest)
    return _now(table)


def _now(table: PriorityTable) -> PriorityTable:
    """What no job does is done while the person waits, also where a request before this one was cut off."""
    if table.job_id is None:
        with suppress(Lost):  # the other request does it
            carry_out(str(table.pk))
    table.refresh_from_db()
    return table


def _digest(content: IO[bytes]) -> tuple[str, int]:
    seen, size = hashlib.sha256(), 0
    content.seek(0)
    while part := content.read(1 << 20):
        seen.update(part)
        size += len(part)
    content.seek(0)
    return seen.hexdigest(), size


def _same(known: PriorityTable, campaign: Campaign, digest: str) -> PriorityTable:
    if (known.campaign_id, known.digest) != (campaign.pk, digest):
        raise Conflict(
            _("Another table has this id already. Give each table an id of its own."),
            pointer="/id",
            code="id-used",
        )
    return _now(known)


def apply_priorities(campaign: Campaign, table_id: UUID, *, order: bool = False, by: User) -> PriorityTable:
    """Give the tasks the priorities of a table that was read; with `order` the campaign goes by them from now on.

    Harmless to repeat. Up to 2,000 tasks have theirs when this returns. The queue is put in order anew where the
    campaign goes by priority.
    """
    refuse_archived(campaign)
    with transaction.atomic():
        table = _locked(campaign, table_id)
        if table.state not in (State.APPLYING, State.APPLIED):
            _refuse_unready(table)
            if order:
                configure_campaign(campaign, {"order": Campaign.Order.PRIORITY}, by=by)
            _begin(table, State.APPLYING, by)
    return _now(table)


def _refuse_unready(table: PriorityTable) -> None:
    if table.state not in (State.READY, State.UNDONE):
        raise Conflict(_("The table is not read yet. Wait until it is."), code="not-read")
    if not table.matched:
        raise Conflict(_("No line of the table names a task of this campaign."), code="nothing-matched")
    _refuse_busy(table)


def undo_priorities(campaign: Campaign, table_id: UUID, *, by: User) -> PriorityTable:
    """Give the tasks back the priorities that they had before the table; harmless to repeat.

    What was applied last is taken back first. One that was stopped on the way may be taken back as well.
    """
    refuse_archived(campaign)
    with transaction.atomic():
        table = _locked(campaign, table_id)
        if table.state not in (State.UNDOING, State.UNDONE):
            _refuse_standing(table)
            _begin(table, State.UNDOING, by)
    return _now(table)


def _refuse_standing(table: PriorityTable) -> None:
    stopped = table.state == State.APPLYING and table.job is not None and table.job.is_finished
    if table.state != State.APPLIED and not stopped:
        raise Conflict(_("These priorities have not been applied."), code="not-applied")
    _refuse_busy(table)
    rows = PriorityTable.objects.filter(campaign=table.campaign_id, state=State.APPLIED).exclude(pk=table.pk)
    if table.applied_at and rows.filter(applied_at__gt=table.applied_at).exists():
        raise Conflict(
            _("Another table has been applied since. Take that one back first."), code="applied-since"
        )


def _locked(campaign: Campaign, table_id: UUID) -> PriorityTable:
    """The table, with its campaign's row locked, so that one of them is applied or taken back at a time."""
    Campaign.objects.select_for_update(no_key=True).only("pk").get(pk=campaign.pk)
    rows = PriorityTable.objects.select_for_update(of=("self",)).select_related("job")
    table = rows.filter(campaign=campaign, pk=table_id).first()
    if table is None:
        raise Missing(_("The campaign has no such table."))
    return table


def _refuse_busy(table: PriorityTable) -> None:
    others = PriorityTable.objects.filter(campaign=table.campaign_id).exclude(pk=table.pk)
    if others.filter(state__in=[State.APPLYING, State.UNDOING]).exists():
        raise Conflict(_("Another table is being applied or taken back. Wait until it is done."), code="busy")


def _begin(table: PriorityTable, state: str, by: User) -> None:
    table.state, table.job = state, None
    if table.matched > AT_ONCE:
        table.job = request_job(KIND, table.pk, by=by)
    table.save(update_fields=["state", "job"])


# --- the work itself ------------------------------------------------------------------------------


def carry_out(table_id: str, runner: Runner | None = None) -> PriorityTable:
    """Go on with what a table waits for: to be read, applied or taken back. Begun again it goes on where it was."""
    table = PriorityTable.objects.select_related("campaign", "created_by").get(pk=table_id)
    if table.state == State.READING:
        _read(table, runner)
    elif table.state == State.APPLYING:
        _in_steps(table, _APPLY, runner, state=State.APPLYING, was=False)
        _finish(table, State.APPLIED, was=State.APPLYING, applied_at=Now(), undone_at=None)
    elif table.state == State.UNDOING:
        _in_steps(table, _UNDO, runner, state=State.UNDOING, was=True)
        _finish(table, State.UNDONE, was=State.UNDOING, undone_at=Now())
    table.refresh_from_db()
    return table


def _read(table: PriorityTable, runner: Runner | None) -> None:
    done = table.lines
    if runner is not None:
        runner.expect(_count(table), done=done)
    with closing(_opened(table)) as raw:
        text = io.TextIOWrapper(raw, "utf-8-sig", errors="replace", newline="")
        walk = islice(read_lines(text), done, None)
        while chunk := list(islice(walk, READ_AT_ONCE)):
            _match(table, chunk, done)
            done += len(chunk)
            if runner is not None:
                runner.advance(len(chunk))
    PriorityTable.objects.filter(pk=table.pk, state=State.READING).update(state=State.READY)
    table.content.delete(save=False)
    PriorityTable.objects.filter(pk=table.pk).update(content="")


def _opened(table: PriorityTable) -> IO[bytes]:
    try:
        raw: IO[bytes] = table.content.open("rb")
    except FileNotFoundError:
        if PriorityTable.objects.filter(pk=table.pk, state=State.READING).exists():
            raise Missing(_("The file of this table is gone. Bring it again.")) from None
        raise Lost from None  # another runner has read it
    return raw


def _count(table: PriorityTable) -> int:
    with closing(_opened(table)) as raw:
        count: int = sum(part.count(b"\n") for part in iter(lambda: raw.read(1 << 20), b""))
    if count > MOST_LINES + 1:
        raise Invalid(_("A table may have up to 1,000,000 lines. Bring it in parts."), code="too-many-lines")
    return count


def _match(table: PriorityTable, chunk: Sequence[PriorityLine], done: int) -> None:
    """Find the tasks of some lines, and lay aside those that have none."""
    fine = [line for line in chunk if not line.reason]
    with transaction.atomic():
        row = PriorityTable.objects.select_for_update().get(pk=table.pk)
        if row.state != State.READING or row.lines != done:
            raise Lost  # another runner reads it
        made, found = _tasks_of(table, fine)
        aside = list(_laid_aside(chunk, set(made), found))
        LineAside.objects.bulk_create(
            LineAside(table=table, number=line.number, said=line.said, value=line.value, reason=reason)
            for line, reason in aside
        )
        PriorityTable.objects.filter(pk=table.pk).update(
            lines=F("lines") + len(chunk), matched=F("matched") + len(made), aside=F("aside") + len(aside)
        )


def _tasks_of(table: PriorityTable, lines: Sequence[PriorityLine]) -> tuple[list[int], set[int]]:
    """The line of every task that gets a priority now, and the lines that name any task."""
    columns = {
        name: [getattr(line, name) for line in lines] for name in ("number", "said", "key", "priority")
    }
    with connection.cursor() as cursor:
        cursor.execute(_MATCH, {**columns, "table": table.pk, "campaign": table.campaign_id})
        rows = cursor.fetchall()
    return [line for line, is_new in rows if is_new], {line for line, is_new in rows if not is_new}


def _laid_aside(
    chunk: Sequence[PriorityLine], made: set[int], found: set[int]
) -> Iterator[tuple[PriorityLine, str]]:
    for line in chunk:
        if line.reason:
            yield line, line.reason
        elif line.number not in found:
            yield line, LineAside.Reason.UNKNOWN
        elif line.number not in made:
            yield line, LineAside.Reason.REPEATED


def _in_steps(table: PriorityTable, statement: str, runner: Runner | None, *, state: str, was: bool) -> None:
    """Each step is a transaction of its own: a task that changes is locked against submissions."""
    beyond = 0
    if runner is not None:
        left = table.priorities.filter(is_applied=was).count()
        runner.expect(table.matched, done=table.matched - left)
    while moved := _step(table, statement, state, {"was": was, "most": CHUNK, "beyond": beyond}):
        beyond = max(moved)
        if runner is not None:
            runner.advance(len(moved))


def _step(table: PriorityTable, statement: str, state: str, values: dict[str, Any]) -> list[int]:
    """Move some tasks. Two who do the same take turns, so that no task is moved twice and its `before` is true."""
    with transaction.atomic():
        _hold(table, state)
        with connection.cursor() as cursor:
            cursor.execute(statement, {**values, "table": table.pk})
            return [row[0] for row in cursor.fetchall()]


def _hold(table: PriorityTable, state: str) -> None:
    """Lock the table's row; `Lost` where another runner has brought it further."""
    rows = PriorityTable.objects.select_for_update(no_key=True).only("pk").filter(pk=table.pk, state=state)
    if rows.first() is None:
        raise Lost


def _finish(table: PriorityTable, state: str, *, was: str, **moments: Any) -> None:
    """Write that it is done, and have the queue put in order where the campaign goes by priority."""
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(no_key=True).get(pk=table.campaign_id)
        if not PriorityTable.objects.filter(pk=table.pk, state=was).update(state=state, **moments):
            raise Lost
        if campaign.order == Campaign.Order.PRIORITY and campaign.status != Campaign.Status.ARCHIVED:
            request_ordering(campaign, by=table.created_by)
