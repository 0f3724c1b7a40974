"""The piece of a page that follows a job: polled by htmx, with its stop and resume buttons."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from work.actions import resume_job, stop_job
from work.models import Job, JobLine
from work.permissions import get_job_for


def _respond(request: HttpRequest, job: Job) -> HttpResponse:
    if request.headers.get("HX-Request") != "true":
        back = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        return redirect(back if safe else reverse("home"))
    response = render(request, "jobs/_progress.html", {"job": job, "lines": last_lines(job)})
    if job.is_finished:
        response["HX-Refresh"] = "true"
    return response


def last_lines(job: Job) -> list[JobLine]:
    """The last twenty sentences that the work left behind, oldest first."""
    return list(reversed(job.lines.order_by("-id")[:20]))


@require_GET
def job_progress(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """State, progress and the last lines; the page is loaded anew once the job has finished."""
    return _respond(request, get_job_for(request.user, job_id))


@require_POST
def job_stop(request: HttpRequest, job_id: UUID) -> HttpResponse:
    job = get_job_for(request.user, job_id)
    stop_job(job)
    job.refresh_from_db()
    return _respond(request, job)


@require_POST
def job_resume(request: HttpRequest, job_id: UUID) -> HttpResponse:
    job = get_job_for(request.user, job_id)
    resume_job(job)
    job.refresh_from_db()
    return _respond(request, job)
