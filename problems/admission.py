"""As many API requests at a time as there are database connections, a few more in line, a clear answer to the rest.

Without it a flood waits in the server's queue until its clients have given up, and everybody is served too late.
Pages and pictures are let through: browsers ask for many pictures at once and do not ask again.
"""

from collections.abc import Callable
from threading import BoundedSemaphore

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from problems.middleware import respond
from problems.problem import TryLater

WAIT_S = 10.0
RETRY_AFTER_S = 2
PROGRAMS = "/api/"


class Places:
    """So many at work, so many waiting; who finds both taken, or waits too long, is turned away."""

    def __init__(self, at_work: int, in_line: int) -> None:
        self._at_work, self._in_line = BoundedSemaphore(at_work), BoundedSemaphore(in_line)

    def take(self) -> bool:
        if self._at_work.acquire(blocking=False):
            return True
        if not self._in_line.acquire(blocking=False):
            return False
        try:
            return self._at_work.acquire(timeout=WAIT_S)
        finally:
            self._in_line.release()

    def leave(self) -> None:
        self._at_work.release()


class Admission:
    """Turns API requests away that would wait in a line that is too long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.places = Places(settings.PLACES_AT_WORK, settings.PLACES_IN_LINE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PROGRAMS):
            return self.get_response(request)
        if not self.places.take():
            return _turned_away(request)
        try:
            return self.get_response(request)
        finally:
            self.places.leave()


def _turned_away(request: HttpRequest) -> HttpResponse:
    problem = TryLater(
        "The server is too busy just now, or starts anew. Send this again in a moment; nothing is done twice.",
        code="too-busy",
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )
    response = respond(request, problem)
    vars(response)["_has_been_logged"] = (
        True  # a flood is no fault, and a line for each of it would be another flood
    )
    return response
