"""What IIIF and W3C clients need from every answer: any Accept header served, any origin allowed to read."""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from drf_spectacular.openapi import AutoSchema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

ANNOTATION_PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
PRESENTATION_PROFILE = 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, If-None-Match, Prefer",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Location",
    "Access-Control-Max-Age": "86400",
}


class OneForm(BaseContentNegotiation):
    """Viewers ask for all kinds of media types; there is one answer, and it is JSON-LD."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type


class NamedByAddress(AutoSchema):
    """One view serves several addresses, of other versions or other scopes; each is an operation of its own."""

    def get_operation_id(self) -> str:
        return "_".join(re.findall(r"[a-z0-9]+", self.path.lower())) + f"_{self.method.lower()}"


class OpenView(APIView):
    """Reads that any web page may make; cookies never cross origins, because `*` forbids to send them."""

    content_negotiation_class = OneForm
    schema = NamedByAddress()
    media_type = PRESENTATION_PROFILE

    def answer(self, document: dict[str, Any] | bytes, *, etag: str = "", **headers: str) -> HttpResponse:
        """The document or its JSON, with an ETag (of its content, unless one is given); 304 to who has it."""
        content = document if isinstance(document, bytes) else orjson.dumps(document)
        response = HttpResponse(content, content_type=self.media_type)
        for name, value in headers.items():
            response[name.replace("_", "-")] = value
        response["ETag"] = etag or f'"{sha256(content).hexdigest()[:32]}"'
        conditional = get_conditional_response(self.request, etag=response["ETag"], response=response)
        return conditional or response

    def unchanged(self, etag: str) -> HttpResponse | None:
        """304 to who has this version already, before anything large is made."""
        response = get_conditional_response(self.request, etag=etag)
        if response is not None:
            response["ETag"] = etag
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in CORS.items():
            response[name] = value
        return response
