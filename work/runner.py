"""What a piece of running work holds in its hand: progress, log lines, and the question whether to stop."""

import time

from django.db.models.functions import Now

from work.models import Job, JobLine

BEAT_S = 1.0


class Stopped(Exception):
    """Somebody pressed stop; what is done so far is kept."""


class Lost(Exception):
    """Another runner has taken the work over; this one must not write any more."""


class Runner:
    """One attempt at a job. Every `advance` is a heartbeat, written at most once a second."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._attempt = job.attempt
        self._written_at = 0.0

    @property
    def subject(self) -> str:
        return self.job.subject

    def expect(self, total: int, *, done: int = 0) -> None:
        """Say how many steps there are (and how many an earlier attempt has done)."""
        self.job.total, self.job.done = total, done
        self._write()

    def advance(self, steps: int = 1) -> None:
        """Count steps done; raises `Stopped` or `Lost` when it is time to leave."""
        self.job.done += steps
        if time.monotonic() - self._written_at >= BEAT_S:
            self._write()

    def check(self) -> None:
        """Write a heartbeat now and raise `Stopped` or `Lost` when it is time to leave."""
        self._write()

    def say(self, sentence: str, *, severity: str = "info", place: str = "", pointer: str = "") -> None:
        """Leave a sentence in the job's log."""
        JobLine.objects.create(
            job=self.job, sentence=sentence, severity=severity, place=place[:500], pointer=pointer[:500]
        )

    def _write(self) -> None:
        mine = Job.objects.filter(pk=self.job.pk, attempt=self._attempt, state=Job.State.RUNNING)
        if not mine.update(done=self.job.done, total=self.job.total, heartbeat_at=Now()):
            raise Lost
        self._written_at = time.monotonic()
        if mine.filter(stop_requested_at__isnull=False).exists():
            raise Stopped
