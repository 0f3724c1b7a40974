"""Content negotiation at the addresses of vocabularies and concepts: a page for people, SKOS for programs."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from taxonomy.formats import Format
from taxonomy.models import Vocabulary
from taxonomy.published import BY_MEDIA_TYPE

PAGE = "text/html"
TURTLE = "text/turtle"


def wanted(request: HttpRequest) -> Format | None:
    """The format that the `Accept` header prefers; None for a page, and for whoever takes anything."""
    preferred = request.get_preferred_type([PAGE, *BY_MEDIA_TYPE])
    return BY_MEDIA_TYPE.get(preferred or PAGE)


def prefers_turtle(request: HttpRequest) -> bool:
    """Whether Turtle is preferred to a page: where nothing but Turtle is kept."""
    return request.get_preferred_type([PAGE, TURTLE]) == TURTLE


def answer(
    request: HttpRequest,
    vocabulary: Vocabulary,
    to: Format,
    parts: Iterator[bytes],
    *,
    name: str,
    variant: str = "",
) -> HttpResponseBase:
    """The file, streamed, readable from any origin; 304 to who has this version of the vocabulary already."""
    response: HttpResponseBase = StreamingHttpResponse(parts, content_type=f"{to.media_type}; charset=utf-8")
    etag = f'"{vocabulary.pk}-{vocabulary.version}-{name}-{to.name}-{variant}"'
    response["ETag"] = etag
    response["Content-Disposition"] = f'inline; filename="{name}.{to.suffix}"'
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=60" if vocabulary.is_public else "private, no-cache"
    patch_vary_headers(response, ["Accept"])
    unchanged = get_conditional_response(request, etag=etag, response=HttpResponse())
    return unchanged if unchanged is not None and unchanged.status_code == 304 else response
