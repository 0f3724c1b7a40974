"""What every answer of the protocol has in common: negotiation, ETags, links, and access from any origin."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework.request import Request

from annotation.api.negotiation import ANNOTATION_PROFILE, OpenView
from annotation.api.w3c.representations import Representation
from annotation.models import Layer
from problems import Invalid, Stale, Unsupported
from problems.api import JSONLDParser

READ_FROM = ("application/ld+json", "application/json")
ACCEPT_POST = f"{ANNOTATION_PROFILE}, application/json"
# Any origin may read what is public, and write with a token: cookies are never sent to us from elsewhere,
# because `*` forbids it, and a session is believed only with its CSRF token.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match, If-None-Match, Prefer, Slug",
    "Access-Control-Expose-Headers": (
        "Accept-Post, Allow, Content-Location, ETag, Last-Modified, Link, Location, Preference-Applied, Vary, "
        "WWW-Authenticate"
    ),
    "Access-Control-Max-Age": "86400",
}
# What the representation depends on, and by what one may see it at all.
VARY = ("Accept", "Prefer", "Authorization", "Cookie")


class ProtocolView(OpenView):
    """A resource of the protocol; `links` are its types and constraints."""

    parser_classes = [JSONLDParser]
    links: ClassVar[tuple[str, ...]] = ()

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """What may be done here, also before one has signed in: a browser asks first, and without a name."""
        return HttpResponse(status=200)

    def represent(
        self,
        document: Mapping[str, Any],
        form: Representation,
        *,
        version: str = "",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HttpResponse:
        """The document in the form, with an ETag by its version or else its content; 304 to who has it."""
        content = form.write(document)
        response = HttpResponse(content, content_type=form.media_type, status=status)
        response["ETag"] = form.etag(version or sha256(content).hexdigest()[:32])
        for name, value in (headers or {}).items():
            response[name] = value
        if self.request.method not in ("GET", "HEAD"):
            return response
        conditional = get_conditional_response(self.request, etag=response["ETag"], response=response)
        if conditional is not None and conditional.status_code == Stale.status:
            raise Stale("It is no longer the version that If-Match names.")
        return conditional or response

    def sent(self, request: Request) -> dict[str, Any]:
        """The JSON object that was sent. Raises `Unsupported`, and `Invalid` for any other JSON."""
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        if kind not in READ_FROM:
            raise Unsupported(
                "Send the annotation as JSON-LD: `Content-Type: application/ld+json`, or application/json.",
                headers={"Accept-Post": ACCEPT_POST},
            )
        if not isinstance(request.data, dict):
            raise Invalid("An annotation is one JSON object.", pointer="", code="not-w3c")
        return request.data

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in CORS.items():
            response[name] = value
        response["Access-Control-Allow-Methods"] = response["Allow"]
        if self.links:
            response["Link"] = ", ".join(self.links)
        patch_vary_headers(response, VARY)
        return response


def caching(layer: Layer) -> str:
    """Whoever keeps a copy asks whether it still holds; what is private is kept by browsers only."""
    return "no-cache" if layer.is_public else "private, no-cache"
