"""IIIF Image API 3.0 and 2.1, level 2, for uploaded images: info.json and pixels from the pyramid."""

from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, HttpResponseRedirect
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from accounts.roles import Person
from annotation.addresses import image_service_uri
from annotation.api.negotiation import OpenView
from annotation.iiif import ImageRequestError, info, parse_request
from annotation.images import render
from annotation.images.limits import LIMITS
from annotation.images.refusals import FileMissing, NotOffered
from annotation.models import StoredImage
from annotation.passes import NoProof, read_pass
from annotation.permissions import get_image_for
from annotation.protection import auth_of
from problems import Malformed, Missing, Problem

Version = Literal[2, 3]
HOUR, WEEK = "max-age=3600", "max-age=604800, immutable"
JSON_LD = "application/ld+json"


class ImageView(OpenView):
    """What the three addresses of an image service share: whose image it is, and who may see it."""

    def image(self, request: Request, image_id: UUID, verb: str, admitted: str) -> StoredImage:
        """Through the gate, for who asks or for whom the pass in the address speaks."""
        person: Person = request.user
        if admitted:
            try:
                person = read_pass(admitted, image_id)
            except NoProof:
                # Without a pass that holds there is nobody: the address must not borrow the session.
                person = AnonymousUser()
            return get_image_for(person, image_id, verb)
        return get_image_for(person, image_id, verb, request=request._request)

    def cache_control(self, image: StoredImage, lifetime: str) -> str:
        """Nobody but the reader's own browser keeps an image that not everybody may see."""
        public = image.canvas is not None and image.canvas.manifest.is_public
        return f"{'public' if public else 'private'}, {lifetime if public else HOUR}"


class ImageInfoView(ImageView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, image_id: UUID, version: Version, admitted: str = "") -> HttpResponse:
        """What the image is, what may be asked of it, and how one gets to see it if it is protected."""
        image = self.image(request, image_id, "describe", admitted)
        document = info(
            image_service_uri(image.pk, version=version, admitted=admitted),
            width=image.width or 1,
            height=image.height or 1,
            version=version,
            limits=LIMITS,
            auth=None if admitted else auth_of(image, version=version),
        )
        self.media_type = _media_type(request.headers.get("Accept", ""), version)
        return self.answer(
            document, Cache_Control=self.cache_control(image, HOUR), Vary="Accept", **_context_link(version)
        )


def _media_type(accept: str, version: Version) -> str:
    """Image API 3.0 §5.1: JSON-LD unless plain JSON is preferred; 2.1 §5.1: plain unless JSON-LD is asked."""
    if version == 2:
        return JSON_LD if JSON_LD in accept else "application/json"
    if "application/json" in accept and JSON_LD not in accept:
        return "application/json"
    return f'{JSON_LD};profile="http://iiif.io/api/image/3/context.json"'


def _context_link(version: Version) -> dict[str, Any]:
    """What makes plain JSON of version 2 readable as JSON-LD (JSON-LD 1.0 §6.8)."""
    if version == 3:
        return {}
    context = "http://iiif.io/api/image/2/context.json"
    return {"Link": f'<{context}>;rel="http://www.w3.org/ns/json-ld#context";type="{JSON_LD}"'}


class ImageBaseView(ImageView):
    @extend_schema(responses={303: None})
    def get(self, request: Request, image_id: UUID, version: Version, admitted: str = "") -> HttpResponse:
        """The base URI leads to info.json (Image API 3.0 and 2.1, section 2)."""
        image = self.image(request, image_id, "describe", admitted)
        base = image_service_uri(image.pk, version=version, admitted=admitted)
        redirect = HttpResponseRedirect(f"{base}/info.json")
        redirect.status_code = 303
        return redirect


class ImagePixelsView(ImageView):
    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(
        self, request: Request, image_id: UUID, parameters: str, version: Version, admitted: str = ""
    ) -> HttpResponse:
        """`{region}/{size}/{rotation}/{quality}.{format}` of the image."""
        image = self.image(request, image_id, "view", admitted)
        width, height = image.width or 1, image.height or 1
        try:
            wanted = parse_request(parameters, width=width, height=height, version=version, limits=LIMITS)
        except ImageRequestError as error:
            raise _refusal(error) from error
        try:
            pixels, media_type = render(Path(settings.DATA) / image.pyramid, wanted)
        except NotOffered as error:
            raise Malformed(str(error), code=error.code) from error
        except FileMissing as error:
            raise Missing(str(error), code=error.code) from error
        response = HttpResponse(pixels, content_type=media_type)
        response["Cache-Control"] = self.cache_control(image, WEEK)
        response["Link"] = (
            f'<{image_service_uri(image.pk, version=version)}/{wanted.canonical}>;rel="canonical",'
            f'<http://iiif.io/api/image/{version}/level2.json>;rel="profile"'
        )
        return response


def _refusal(error: ImageRequestError) -> Problem:
    if error.status == 400:
        return Malformed(str(error), code="image-request")
    problem = Problem(str(error), code="not-offered")
    problem.status, problem.title = 501, "This is not offered"
    return problem
