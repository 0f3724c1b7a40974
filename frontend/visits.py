"""What was done in this browser before whoever is signed in now signed in: asked about, never taken over by itself."""

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from campaigns.api.visitors import read_visitor
from campaigns.figures import visits_of


def visits_here(request: HttpRequest) -> list[dict[str, Any]]:
    """The campaigns in which this browser's visitor handed something in; without cookie or account no query."""
    visitor = read_visitor(request) if isinstance(request.user, User) else ""
    return list(visits_of(visitor)) if visitor else []
