"""How the REST framework speaks: JSON in, JSON out, and every error as problem+json."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response

from problems.problem import (
    MEDIA_TYPE,
    Conflict,
    Fault,
    Invalid,
    Malformed,
    Missing,
    Problem,
    Refused,
    TooLarge,
    TryLater,
    Unauthenticated,
)

log = logging.getLogger(__name__)
MAX_DEPTH = 100


class JSONRenderer(BaseRenderer):
    """JSON by orjson; a problem keeps its own media type."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=str)


class Negotiation(DefaultContentNegotiation):
    """The framework's, which is not asked where there is one form to give, and the client takes it by name."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        if len(renderers) == 1 and not format_suffix and not request.GET:
            accepted = renderers[0].media_type
            if request.META.get("HTTP_ACCEPT", "*/*") in {"*/*", accepted}:
                return renderers[0], accepted
        return super().select_renderer(request, renderers, format_suffix)


class JSONParser(BaseParser):
    """JSON by orjson; what PostgreSQL could not keep (NUL, lone surrogates, depth) is refused here."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return parse_json(_read_limited(stream))


class JSONLDParser(JSONParser):
    media_type = "application/ld+json"


def _read_limited(stream: Any) -> bytes:
    """The body, up to the limit that Django keeps for forms; the framework itself reads without one."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    raw = bytes(stream.read(most + 1))
    if len(raw) > most:
        raise TooLarge(f"The body is larger than {most:,} bytes. Send it in smaller parts.")
    return raw


def parse_json(raw: bytes) -> Any:
    """A JSON document from outside; raises `Malformed` for what cannot be read or kept."""
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if "depth limit" in str(error) or "recursion" in str(error).lower():
            raise Malformed("The JSON is nested too deeply.", code="too-deep") from error
        raise Malformed(f"The body is not valid JSON: {error}.", code="not-json") from error
    _refuse_unkeepable(document)
    return document


def _refuse_unkeepable(document: Any) -> None:
    """Walk without recursion: `\\u0000` cannot be stored in jsonb, and depth is capped."""
    stack = [(document, 0)]
    while stack:
        value, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise Malformed(f"The JSON is nested more than {MAX_DEPTH} levels deep.", code="too-deep")
        if isinstance(value, str):
            if "\x00" in value:
                raise Malformed(
                    "A text contains the character U+0000, which cannot be kept.", code="nul-character"
                )
        elif isinstance(value, dict):
            stack.extend((item, depth + 1) for pair in value.items() for item in pair)
        elif isinstance(value, list):
            stack.extend((item, depth + 1) for item in value)


def whole_number(given: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    """A whole number from the query string; `Malformed` when it is none or out of its range."""
    raw = given.get(name, str(default))
    if raw.isascii() and raw.isdigit() and len(raw) <= 18 and least <= int(raw) <= most:
        return int(raw)
    raise Malformed(
        f"`{name}` must be a whole number from {least} to {most}.", pointer=f"/{name}", code=f"bad-{name}"
    )


class Pages(PageNumberPagination):
    """Numbered pages with `count`, `next`, `previous` and `results`; at most 500 items a page."""

    page_size_query_param = "page_size"
    max_page_size = 500


def problem_from(error: Exception) -> Problem | None:
    """The problem that says what an exception means to the caller; None when it is our own fault."""
    match error:
        case Problem():
            return error
        case Http404():
            return Missing("There is nothing at this address, or you may not see it.")
        case RequestDataTooBig():
            return TooLarge("The request is larger than this server accepts. Send it in smaller parts.")
        case PermissionDenied():
            return Refused(str(error) or "Your role does not allow this.")
        case SuspiciousOperation():
            return Malformed("The request cannot be read.")
        case OperationalError():  # no connection is free, the database starts anew, two writes were in each other's way
            log.warning("the database could not answer: %s", error)
            return TryLater(
                "The server is too busy just now, or starts anew. Send this again in a moment; nothing is done twice.",
                headers={"Retry-After": "5"},
            )
        case IntegrityError():  # what nobody foresaw: somebody took a name, or deleted what this is about, meanwhile
            log.error("two writes were in each other's way", exc_info=error)
            return Conflict(
                "Something that this is about was changed or removed at this moment. Nothing was kept; send it again.",
                code="changed-meanwhile",
            )
        case exceptions.ValidationError():
            return Invalid("Some fields cannot be accepted.", faults=tuple(_faults(error.detail, "")))
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Unauthenticated(str(error.detail), headers={"WWW-Authenticate": "Bearer"})
        case exceptions.PermissionDenied():
            return Refused(str(error.detail))
        case exceptions.APIException():
            return _from_api_exception(error)
    return None


# The framework's own sentence for this one is a pattern to be filled in.
_TITLES: dict[type[Exception], str] = {exceptions.MethodNotAllowed: "This cannot be done here"}


def _from_api_exception(error: exceptions.APIException) -> Problem:
    problem = Problem(str(error.detail), code=str(error.default_code).replace("_", "-"))
    problem.status = error.status_code
    problem.title = _TITLES.get(type(error)) or str(error.default_detail)
    wait = getattr(error, "wait", None)
    if wait is not None:
        problem.headers = {"Retry-After": str(int(wait) + 1)}
    return problem


def _faults(detail: Any, pointer: str) -> Iterator[Fault]:
    """Flatten the framework's nested messages into one fault each, with its JSON pointer."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            yield from _faults(value, pointer if key == "non_field_errors" else f"{pointer}/{key}")
    elif isinstance(detail, list | tuple):
        for index, value in enumerate(detail):
            nested = isinstance(value, Mapping | list | tuple)
            yield from _faults(value, f"{pointer}/{index}" if nested else pointer)
    else:
        yield Fault(pointer, str(detail), str(getattr(detail, "code", "invalid")))


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The REST framework's hook; unknown errors go on to the middleware, which logs them."""
    problem = problem_from(error)
    if problem is None:
        return None
    return Response(
        problem.as_json(), status=problem.status, headers=dict(problem.headers), content_type=MEDIA_TYPE
    )
