"""Who may watch, stop and resume a job: the person who asked for it."""

from uuid import UUID

from accounts.models import User
from accounts.roles import Decision, Person, allow
from problems import Missing
from work.models import Job


def get_job_for(person: Person, job_id: UUID | str) -> Job:
    """The one gate to jobs: the requester and superusers; 404 for everybody else."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise Missing("There is no such job, or you may not see it.")
    mine = isinstance(person, User) and (person.is_superuser or job.requested_by_id == person.pk)
    return allow(person, job, "view", visible=mine, decision=Decision(allowed=mine))
