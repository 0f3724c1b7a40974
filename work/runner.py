"""What a piece of running work holds in its hand: progress, log lines, and the question whether to stop."""

import re
import time
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models.functions import Now

from work.models import Job, JobLine

BEAT_S = 1.0
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class Stopped(Exception):
    """Somebody pressed stop; what is done so far is kept."""


class Lost(Exception):
    """Another runner has taken the work over; this one must not write any more."""


class Later(Exception):
    """The work has done a slice and lets others have the worker; it goes on after `delay_s` seconds.

    Progress, log and stop button stay those of the one job. Work that raises it must know by its own rows where
    to go on.
    """

    def __init__(self, delay_s: float = 0.0) -> None:
        super().__init__(delay_s)
        self.delay_s = delay_s


class Line(NamedTuple):
    """A sentence for the log: how serious, what it is about, and where in the input it lies."""

    sentence: str
    severity: str = "info"
    place: str = ""
    pointer: str = ""


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

    def pause(self, seconds: float) -> None:
        """Wait, with a heartbeat a second; raises `Stopped` or `Lost` as `check` does."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.check()
            time.sleep(min(left, BEAT_S))
        self.check()

    def start_over(self) -> None:
        """Drop what an earlier attempt reported, for work that begins at its beginning again."""
        self.job.lines.all().delete()

    def say(self, sentence: str, *, severity: str = "info", place: str = "", pointer: str = "") -> None:
        """Leave a sentence in the job's log."""
        self.report([Line(sentence, severity, place, pointer)])

    def report(self, lines: Iterable[Line]) -> None:
        """Leave many sentences in the job's log at once."""
        JobLine.objects.bulk_create(
            (
                JobLine(
                    job=self.job,
                    sentence=_keepable(line.sentence),
                    severity=line.severity,
                    place=_keepable(line.place)[:500],
                    pointer=_keepable(line.pointer)[:500],
                )
                for line in lines
            ),
            batch_size=1000,
        )

    def _write(self) -> None:
        mine = Job.objects.filter(pk=self.job.pk, attempt=self._attempt, state=Job.State.RUNNING)
        if not mine.update(done=self.job.done, total=self.job.total, heartbeat_at=Now()):
            raise Lost
        self._written_at = time.monotonic()
        if mine.filter(stop_requested_at__isnull=False).exists():
            raise Stopped


def _keepable(text: str) -> str:
    """The text without what PostgreSQL refuses: a report on a broken file quotes broken text."""
    return _UNKEEPABLE.sub("\ufffd", text)
