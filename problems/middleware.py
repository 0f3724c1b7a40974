"""Turns what a view could not handle into the one error shape, for programs or for people."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

import orjson
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from problems.api import problem_from
from problems.problem import MEDIA_TYPE, Malformed, Missing, NotAllowed, Problem, Unauthenticated

log = logging.getLogger(__name__)
PROGRAMS = ("/api/", "/w3c/", "/iiif/", "/sas/", "/vocab/")


def wants_page(request: HttpRequest) -> bool:
    """Whether the error is read by a person (a page) or by a program (problem+json)."""
    if request.path.startswith(PROGRAMS):
        return request.path.startswith("/vocab/") and "text/html" in request.headers.get("Accept", "")
    return True


def respond(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The response for a problem: a page for people (or the way to sign in), problem+json for programs."""
    if wants_page(request) and isinstance(problem, Unauthenticated):
        return redirect_to_login(request.get_full_path())
    if wants_page(request):
        response = render(request, "error.html", {"problem": problem}, status=problem.status)
    else:
        response = HttpResponse(
            orjson.dumps(problem.as_json(), default=str), status=problem.status, content_type=MEDIA_TYPE
        )
    for name, value in problem.headers.items():
        response[name] = value
    return response


class ContentPolicy(CSPMiddleware):
    """Writes the policy of what a page may load, for programs the same text every time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self._kept: tuple[object, str] | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/v1/"):
            return cast(HttpResponse, super().__call__(request))
        response = cast(HttpResponse, self.get_response(request))
        policy = settings.CONTENT_SECURITY_POLICY
        if self._kept is None or self._kept[0] is not policy:
            self.process_response(request, response)
            self._kept = (policy, response[HEADER])
        response.headers.setdefault(HEADER, self._kept[1])
        return response


class ProblemMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django's own answer has no content: somebody who opens the address of a form would see an empty page.
        if isinstance(response, HttpResponseNotAllowed) and wants_page(request):
            sentence = "This address only takes what a form sends. Go back to the page with the form and send it again."
            return respond(request, NotAllowed(sentence, headers={"Allow": response["Allow"]}))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        return respond(request, _translate(request, error))


def _translate(request: HttpRequest, error: Exception) -> Problem:
    problem = problem_from(error)
    if problem is not None:
        return problem
    if isinstance(error, DataError | UnicodeError):
        log.warning("unkeepable input at %s: %s", request.path, error)
        return Malformed("The request contains a value that cannot be kept.", code="unkeepable-value")
    log.error("unexpected error at %s", request.path, exc_info=error)
    return Problem(
        "The fault is on our side and has been recorded. Nothing you sent before is lost; try again later."
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return respond(request, Malformed("The request cannot be read."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return respond(request, Missing("There is nothing at this address, or you may not see it."))


def server_error(request: HttpRequest) -> HttpResponse:
    return respond(request, Problem("The fault is on our side and has been recorded. Try again later."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    problem = Problem(
        "The page had been open too long, or cookies are off. Load it again and repeat.", code="csrf"
    )
    problem.status, problem.title = HTTPStatus.FORBIDDEN, "The form could not be trusted"
    return respond(request, problem)
