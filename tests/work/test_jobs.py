"""A job is done once, can be stopped and resumed, and is never forgotten."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from problems import Conflict, Problem
from tests.races import at_once
from work import registry
from work.actions import MAX_ATTEMPTS, request_job, resume_job, run_job, stop_job, sweep
from work.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def steps(monkeypatch):
    """A kind of work that counts to three and remembers where it was."""
    seen: list[str] = []

    def count(runner):
        runner.expect(3, done=len(seen))
        for step in ("one", "two", "three")[len(seen) :]:
            seen.append(step)
            runner.advance()
            runner.check()

    monkeypatch.setitem(registry._KINDS, "test.count", count)
    return seen


def state(job):
    job.refresh_from_db()
    return job.state


def test_runs_once(steps):
    job = request_job("test.count", "x", by=None)
    run_job(str(job.pk))
    run_job(str(job.pk))
    assert steps == ["one", "two", "three"]
    assert (state(job), job.done, job.total, job.share, job.attempt) == ("done", 3, 3, 1.0, 1)


def test_an_unknown_kind_is_refused_at_once():
    with pytest.raises(KeyError):
        request_job("test.unknown", "x", by=None)
    assert not Job.objects.exists()


def test_stop_and_resume_go_on_where_it_was(monkeypatch, steps):
    job = request_job("test.count", "x", by=None)
    original = registry.find("test.count")

    def stop_after_first(runner):
        stop_job(runner.job)
        original(runner)

    monkeypatch.setitem(registry._KINDS, "test.count", stop_after_first)
    run_job(str(job.pk))
    assert state(job) == "stopped"
    assert len(steps) < 3
    monkeypatch.setitem(registry._KINDS, "test.count", original)
    resume_job(job)
    run_job(str(job.pk))
    assert state(job) == "done"
    assert steps == ["one", "two", "three"]


def test_waiting_work_stops_at_once_and_running_work_cannot_be_resumed(steps):
    job = request_job("test.count", "x", by=None)
    stop_job(job)
    assert state(job) == "stopped"
    run_job(str(job.pk))
    assert steps == []
    resume_job(job)
    with pytest.raises(Conflict):
        resume_job(job)


def test_failures_leave_a_sentence(monkeypatch):
    def refuse(runner):
        raise Problem("The file holds no canvas.")

    def crash(runner):
        raise ZeroDivisionError

    for kind, work, expected in [
        ("test.refuse", refuse, "no canvas"),
        ("test.crash", crash, "unexpected fault"),
    ]:
        monkeypatch.setitem(registry._KINDS, kind, work)
        job = request_job(kind, "x", by=None)
        run_job(str(job.pk))
        assert state(job) == "failed"
        assert expected in job.error


def test_a_runner_that_lost_its_work_writes_nothing_more(monkeypatch):
    def lose(runner):
        Job.objects.filter(pk=runner.job.pk).update(attempt=99)
        runner.check()

    monkeypatch.setitem(registry._KINDS, "test.lose", lose)
    job = request_job("test.lose", "x", by=None)
    run_job(str(job.pk))
    assert (state(job), job.attempt) == ("running", 99)


def test_the_sweeper_finds_silent_and_forgotten_work(monkeypatch, steps):
    sent = []
    monkeypatch.setattr("work.actions.current_app.send_task", lambda name, args, queue: sent.append(args[0]))
    old = timezone.now() - timedelta(minutes=10)
    forgotten = request_job("test.count", "1", by=None)
    silent = request_job("test.count", "2", by=None)
    alive = request_job("test.count", "3", by=None)
    Job.objects.filter(pk=forgotten.pk).update(created_at=old)
    Job.objects.filter(pk=silent.pk).update(created_at=old, state="running", heartbeat_at=old, attempt=1)
    Job.objects.filter(pk=alive.pk).update(
        created_at=old, state="running", heartbeat_at=timezone.now(), attempt=1
    )
    assert sweep() == 2
    assert set(sent) == {str(forgotten.pk), str(silent.pk)}
    assert state(alive) == "running"
    assert sweep() == 0, "announced a moment ago: not again"


def test_work_that_dies_again_and_again_fails(steps):
    job = request_job("test.count", "x", by=None)
    old = timezone.now() - timedelta(minutes=10)
    Job.objects.filter(pk=job.pk).update(state="running", heartbeat_at=old, interruptions=4)
    sweep()
    assert state(job) == "failed"


def test_an_absent_broker_loses_nothing(monkeypatch, steps, django_capture_on_commit_callbacks):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("work.actions.current_app.send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        job = request_job("test.count", "x", by=None)
    assert (state(job), job.sent_at) == ("queued", None)


@pytest.mark.django_db(transaction=True)
def test_work_that_goes_back_into_its_queue_while_it_is_stopped(steps):
    job = request_job("test.count", "x", by=None)
    Job.objects.update(state=Job.State.RUNNING)
    at_once(lambda: Job.objects.update(state=Job.State.QUEUED), lambda: stop_job(job))
    assert state(job) == "stopped"
    assert job.finished_at is not None


def test_what_the_database_throws_out_begins_again(monkeypatch):
    def clash(runner):
        raise OperationalError("deadlock detected")

    monkeypatch.setitem(registry._KINDS, "test.clash", clash)
    job = request_job("test.clash", "x", by=None)
    for times in range(1, MAX_ATTEMPTS):
        run_job(str(job.pk))
        assert (state(job), job.interruptions) == ("queued", times)
        assert job.not_before > timezone.now()
        Job.objects.update(not_before=None)
    run_job(str(job.pk))
    assert (state(job), job.error) == ("failed", "The work was interrupted 5 times.")
