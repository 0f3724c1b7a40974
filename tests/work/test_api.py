"""Who asked for long work may watch, stop and resume it over REST; nobody else knows of it."""

from uuid import uuid4

import pytest

from work.actions import stop_job
from work.models import Job, JobLine
from work.runner import Line, Runner

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(owner):
    return Job.objects.create(
        kind="x", subject="1", requested_by=owner, state="running", attempt=1, done=3, total=12
    )


def test_the_requester_sees_progress_and_report(api, owner, job, django_assert_num_queries):
    Runner(job).report(Line(f"line {n}", "warning", "page 1", "/items/0") for n in range(250))
    api.force_authenticate(owner)
    with django_assert_num_queries(2):
        shown = api.get(f"/api/v1/jobs/{job.pk}/").json()
    assert (shown["share"], shown["state"], shown["is_stopping"]) == (0.25, "running", False)
    assert [line["sentence"] for line in shown["lines"]] == [f"line {n}" for n in range(50, 250)]


def test_stop_and_resume(api, owner, job):
    api.force_authenticate(owner)
    stopped = api.post(f"/api/v1/jobs/{job.pk}/stop/")
    assert (stopped.status_code, stopped.json()["is_stopping"]) == (202, True)
    refused = api.post(f"/api/v1/jobs/{job.pk}/resume/")
    assert (refused.status_code, refused.json()["code"]) == (409, "job-not-stopped")
    Job.objects.update(state="stopped")
    resumed = api.post(f"/api/v1/jobs/{job.pk}/resume/")
    assert (resumed.json()["state"], resumed.json()["is_stopping"]) == ("queued", False)


def test_nobody_else_knows_of_it(api, manager, job):
    for person in (None, manager):
        api.force_authenticate(person)
        for pk in (job.pk, uuid4()):
            assert api.get(f"/api/v1/jobs/{pk}/").status_code == 404
            assert api.post(f"/api/v1/jobs/{pk}/stop/").status_code == 404
    job.refresh_from_db()
    assert job.stop_requested_at is None


def test_a_report_may_quote_what_cannot_be_kept(job):
    Runner(job).say("The name “a\x00b\ud800” is odd.", place="p" * 900, pointer="\x00")
    line = JobLine.objects.get()
    assert (line.sentence, len(line.place), line.pointer) == (
        "The name “a\ufffdb\ufffd” is odd.",
        500,
        "\ufffd",
    )


def test_to_start_over_drops_only_ones_own_report(job, owner):
    other = Job.objects.create(kind="x", subject="2", requested_by=owner)
    for each in (job, other):
        Runner(each).say("Something.")
    Runner(job).start_over()
    assert [line.job_id for line in JobLine.objects.all()] == [other.pk]


def test_work_that_waits_stops_at_once(job):
    Job.objects.update(state="queued")
    job.refresh_from_db()
    stop_job(job)
    job.refresh_from_db()
    assert (job.state, job.is_finished, job.is_stopping) == ("stopped", True, False)
