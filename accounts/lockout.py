"""What happens to somebody who guesses passwords: one count for a person, however they are named."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from problems import Problem
from problems.middleware import respond


def name_of(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The username that a login means, in lower case; the login itself when nobody has it."""
    given = credentials or {}
    login = str(given.get("username") or given.get("email") or request.POST.get("login", "")).strip()
    login = login.replace("\x00", "").lower()[:254]
    known = User.objects.filter(Q(username__iexact=login) | Q(email__iexact=login)) if login else None
    user = known.first() if known is not None else None
    return user.username.lower() if user else login


def refuse(
    request: HttpRequest, original: HttpResponse | None = None, credentials: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The page for somebody who is locked out for a while."""
    wait_s = int(settings.AXES_COOLOFF_TIME * 3600)
    problem = Problem(
        _("There were too many wrong passwords. Wait %(minutes)d minutes, or ask for a new password.")
        % {"minutes": max(1, wait_s // 60)},
        code="locked-out",
        headers={"Retry-After": str(wait_s)},
    )
    problem.status, problem.title = HTTPStatus.TOO_MANY_REQUESTS, _("Too many attempts")
    return respond(request, problem)
