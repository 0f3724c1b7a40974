"""The long work that somebody asked for, as a file to take along."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal import CHUNK, Part, table_part
from work.models import Job

COLUMNS = ("kind", "subject", "state", "created_at", "finished_at", "error")


def work_parts(user: User) -> Iterator[Part]:
    rows = Job.objects.filter(requested_by=user).order_by("created_at").values_list(*COLUMNS)
    yield table_part(
        "jobs.csv", _("The long work that you asked for."), COLUMNS, rows.iterator(chunk_size=CHUNK)
    )
