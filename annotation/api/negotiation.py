"""What IIIF and W3C clients need from every answer: any Accept header served, any origin allowed to read."""

from collections.abc import Sequence
from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

ANNOTATION_PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
PRESENTATION_PROFILE = 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'


class OneForm(BaseContentNegotiation):
    """Viewers ask for all kinds of media types; there is one answer, and it is JSON-LD."""

    def select_parser(self, request: Request, parsers: Sequence[Any]) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class OpenView(APIView):
    """Reads that any web page may make; cookies never cross origins, because `*` forbids to send them."""

    content_negotiation_class = OneForm
    media_type = PRESENTATION_PROFILE

    def answer(self, document: dict[str, Any], **headers: str) -> Response:
        response = Response(document, content_type=self.media_type)
        for name, value in headers.items():
            response[name.replace("_", "-")] = value
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Link, Location"
        return response
