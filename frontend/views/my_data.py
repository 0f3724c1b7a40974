"""My data: what we keep about me, to take along."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import require_user
from campaigns.actions.personal_exports import KEPT_FOR, request_export
from campaigns.api.personal import archive_response
from campaigns.models import PersonalExport
from campaigns.permissions import get_export_for
from frontend.views.jobs import last_lines


@require_http_methods(["GET", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """What I can have and what becomes of it; by POST it is put together."""
    user = require_user(request.user)
    if request.method == "POST":
        request_export(user)
        return redirect("my-data")
    export = PersonalExport.objects.filter(user=user).select_related("job").first()
    job = export.job if export and not export.finished_at else None
    context = {
        "export": export,
        "is_there": export is not None
        and export.expires_at is not None
        and export.expires_at > timezone.now(),
        "job": job,
        "lines": last_lines(job) if job else [],
        "days": KEPT_FOR.days,
    }
    return render(request, "me/data.html", context)


@require_GET
def my_data_file(request: HttpRequest, export_id: UUID) -> FileResponse:
    require_user(request.user)
    return archive_response(get_export_for(request.user, export_id))
