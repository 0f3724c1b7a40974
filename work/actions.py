"""Ask for long work, run it, stop it, take it up again."""

import logging
from datetime import timedelta

from celery import current_app
from django.db import DataError, transaction
from django.db import OperationalError as DatabaseUnavailable
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.kept_select import KeptSelect
from accounts.models import User
from problems import Conflict, Problem
from work.models import Job
from work.registry import find
from work.runner import Later, Lost, Runner, Stopped

log = logging.getLogger(__name__)
SILENT_AFTER = timedelta(seconds=120)
FORGOTTEN_AFTER = timedelta(seconds=20)
AGAIN_AFTER = timedelta(seconds=5)
MAX_ATTEMPTS = 5


def request_job(kind: str, subject: object, *, by: User | None, queue: str = "default") -> Job:
    """Write down that the work must happen, and announce it when the transaction has committed."""
    find(kind)
    job = Job.objects.create(kind=kind, subject=str(subject), queue=queue, requested_by=by)
    transaction.on_commit(lambda: announce(job))
    return job


def request_job_once(kind: str, subject: object, *, by: User | None, queue: str = "default") -> Job:
    """The waiting job of this kind about this subject, or a new one.

    A waiting job is locked until the caller's transaction ends, so that its runner sees what the caller
    wrote; a runner that comes in between finds it locked and the sweeper announces it again.
    """
    with transaction.atomic(savepoint=False):
        waiting = _WAITING.first(kind=kind, subject=str(subject))
        return waiting or request_job(kind, subject, by=by, queue=queue)


_WAITING = KeptSelect(
    lambda kind, subject: (
        Job.objects.select_for_update(skip_locked=True)
        .filter(kind=kind, subject=subject, state=Job.State.QUEUED, stop_requested_at=None)
        .order_by("pk")[:1]
    ),
    kind=str,
    subject=str,
)


def announce(job: Job) -> None:
    """Wake a worker. If the broker is away nothing is lost: the sweeper announces it again."""
    # Written first: a worker that is woken at once must not find the row locked by this very note.
    Job.objects.filter(pk=job.pk).update(sent_at=Now())
    try:
        current_app.send_task("work.run", args=[str(job.pk)], queue=job.queue)
    except (OperationalError, OSError) as error:
        log.warning("the broker did not take job %s (%s); the sweeper will", job.pk, error)
        Job.objects.filter(pk=job.pk).update(sent_at=None)


def run_job(job_id: str) -> None:
    """Do the work of one job, if it is free; harmless to call twice or at the same time."""
    job = _claim(job_id)
    if job is None:
        return
    try:
        find(job.kind)(Runner(job))
    except Stopped:
        _finish(job, Job.State.STOPPED)
    except Later as later:
        _rest(job, later.delay_s)
    except Lost:
        log.warning("job %s was taken over by another worker", job.pk)
    except Problem as problem:
        _finish(job, Job.State.FAILED, error=str(problem.detail))
    except DatabaseUnavailable:
        log.warning("job %s and others were in each other's way; it begins again", job.pk, exc_info=True)
        _begin_again(job)
    except DataError:
        log.exception("job %s met a value that cannot be kept", job.pk)
        _finish(job, Job.State.FAILED, error="The source contains a value that cannot be kept.")
    except Exception:
        log.exception("job %s failed unexpectedly", job.pk)
        _finish(
            job,
            Job.State.FAILED,
            error="An unexpected fault stopped the work. It has been recorded; try again.",
        )
    else:
        _finish(job, Job.State.DONE)


def _claim(job_id: str) -> Job | None:
    with transaction.atomic():
        # Waits for whoever holds the row: skipping it would lose this wake-up until the next sweep.
        rested = Q(not_before=None) | Q(not_before__lte=Now())
        job = Job.objects.select_for_update().filter(rested, pk=job_id, state=Job.State.QUEUED).first()
        if job is None:
            return None
        if job.stop_requested_at:
            Job.objects.filter(pk=job.pk).update(state=Job.State.STOPPED, finished_at=Now())
            return None
        job.state, job.attempt, job.error = Job.State.RUNNING, job.attempt + 1, ""
        job.heartbeat_at = timezone.now()
        job.started_at = job.started_at or job.heartbeat_at
        job.save(update_fields=["state", "attempt", "error", "started_at", "heartbeat_at"])
    return job


def _rest(job: Job, delay_s: float) -> None:
    """Put a job that has done a slice back into its queue; one that was stopped meanwhile is stopped."""
    not_before = timezone.now() + timedelta(seconds=delay_s) if delay_s > 0 else None
    mine = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.State.RUNNING)
    if mine.filter(stop_requested_at__isnull=False).exists():
        _finish(job, Job.State.STOPPED)
    elif mine.update(
        state=Job.State.QUEUED, done=job.done, total=job.total, interruptions=0, not_before=not_before,
        heartbeat_at=Now(),
    ) and not_before is None:  # fmt: skip
        announce(job)


def _begin_again(job: Job) -> None:
    """Put a job back that the database has thrown out; what happens so again and again fails."""
    mine = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.State.RUNNING)
    if mine.filter(interruptions__gte=MAX_ATTEMPTS - 1).exists():
        _finish(job, Job.State.FAILED, error=f"The work was interrupted {MAX_ATTEMPTS} times.")
    else:
        mine.update(
            state=Job.State.QUEUED, interruptions=F("interruptions") + 1, sent_at=None, heartbeat_at=Now(),
            not_before=timezone.now() + AGAIN_AFTER,
        )  # fmt: skip


def _finish(job: Job, state: str, *, error: str = "") -> None:
    Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.State.RUNNING).update(
        state=state, error=error, done=job.done, total=job.total, finished_at=Now(), heartbeat_at=Now()
    )


def stop_job(job: Job) -> None:
    """Ask the work to stop at its next step; waiting work stops at once."""
    waits = Q(state=Job.State.QUEUED)
    # In one statement: work that goes back into its queue at this moment is not missed by both halves of it.
    Job.objects.filter(waits | Q(state=Job.State.RUNNING), pk=job.pk).update(
        stop_requested_at=Now(),
        finished_at=Case(When(waits, then=Now()), default=F("finished_at")),
        state=Case(When(waits, then=Value(Job.State.STOPPED)), default=F("state")),
    )


def resume_job(job: Job) -> None:
    """Queue stopped or failed work again; it goes on from what is already done."""
    resumed = Job.objects.filter(pk=job.pk, state__in=[Job.State.STOPPED, Job.State.FAILED]).update(
        state=Job.State.QUEUED, stop_requested_at=None, started_at=None, finished_at=None, error="",
        interruptions=0, not_before=None, created_at=Now(),
    )  # fmt: skip
    if not resumed:
        raise Conflict("Only work that has stopped or failed can be taken up again.", code="job-not-stopped")
    transaction.on_commit(lambda: announce(job))


def sweep() -> int:
    """Find work that a lost message or a dead worker forgot, and announce it again; returns how many."""
    now = timezone.now()
    silent = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=now - SILENT_AFTER)
    silent.filter(stop_requested_at__isnull=False).update(state=Job.State.STOPPED, finished_at=Now())
    silent.filter(interruptions__gte=MAX_ATTEMPTS - 1).update(
        state=Job.State.FAILED, finished_at=Now(), error=f"The work was interrupted {MAX_ATTEMPTS} times."
    )
    silent.update(state=Job.State.QUEUED, interruptions=F("interruptions") + 1)
    rested = Q(not_before=None) | Q(not_before__lte=now)
    forgotten = Job.objects.filter(rested, state=Job.State.QUEUED).filter(
        Q(sent_at=None) | Q(sent_at__lt=now - FORGOTTEN_AFTER), created_at__lt=now - timedelta(seconds=5)
    )
    jobs = list(forgotten[:200])
    for job in jobs:
        announce(job)
    return len(jobs)
