"""IIIF Image API 3 for uploaded images: info.json and pixels from the pyramid."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from annotation.addresses import image_service_uri
from annotation.api.negotiation import OpenView
from annotation.iiif import ImageRequestError, info, parse_request
from annotation.images import render
from annotation.images.limits import LIMITS
from annotation.images.refusals import FileMissing, NotOffered
from annotation.models import StoredImage
from annotation.permissions import get_manifest_for
from problems import Malformed, Missing, Problem

HOUR, WEEK = "max-age=3600", "max-age=604800, immutable"


def _image_for(request: Request, image_id: UUID) -> StoredImage:
    """The image, through the gate of the manifest whose canvas it is."""
    image = (
        StoredImage.objects.select_related("canvas")
        .filter(pk=image_id, state=StoredImage.State.READY)
        .first()
    )
    if image is None or image.canvas is None:
        raise Missing("There is no image at this address, or you may not see it.")
    image.canvas.manifest = get_manifest_for(request.user, image.canvas.manifest_id, "view")
    return image


def _cache_control(image: StoredImage, lifetime: str) -> str:
    """Nobody but the reader's own browser keeps an image that not everybody may see."""
    public = image.canvas is not None and image.canvas.manifest.is_public
    return f"{'public' if public else 'private'}, {lifetime}"


class ImageInfoView(OpenView):
    media_type = 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'

    @extend_schema(operation_id="iiif_image_info", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, image_id: UUID) -> HttpResponse:
        """What the image is and what may be asked of it."""
        image = _image_for(request, image_id)
        document = info(
            image_service_uri(image),
            width=image.width or 1,
            height=image.height or 1,
            version=3,
            limits=LIMITS,
        )
        return self.answer(document, Cache_Control=_cache_control(image, HOUR))


class ImageBaseView(OpenView):
    @extend_schema(operation_id="iiif_image_base", responses={303: None})
    def get(self, request: Request, image_id: UUID) -> HttpResponse:
        """The base URI leads to info.json (Image API 3.0, section 2)."""
        redirect = HttpResponseRedirect(f"{image_service_uri(_image_for(request, image_id))}/info.json")
        redirect.status_code = 303
        return redirect


class ImagePixelsView(OpenView):
    @extend_schema(operation_id="iiif_image_pixels", responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, image_id: UUID, parameters: str) -> HttpResponse:
        """`{region}/{size}/{rotation}/{quality}.{format}` of the image."""
        image = _image_for(request, image_id)
        try:
            wanted = parse_request(
                parameters, width=image.width or 1, height=image.height or 1, limits=LIMITS
            )
        except ImageRequestError as error:
            raise _refusal(error) from error
        try:
            pixels, media_type = render(Path(settings.DATA) / image.pyramid, wanted)
        except NotOffered as error:
            raise Malformed(str(error), code=error.code) from error
        except FileMissing as error:
            raise Missing(str(error), code=error.code) from error
        response = HttpResponse(pixels, content_type=media_type)
        response["Cache-Control"] = _cache_control(image, WEEK)
        response["Link"] = (
            f'<{image_service_uri(image)}/{wanted.canonical}>;rel="canonical",'
            '<http://iiif.io/api/image/3/level2.json>;rel="profile"'
        )
        return response


def _refusal(error: ImageRequestError) -> Problem:
    if error.status == 400:
        return Malformed(str(error), code="image-request")
    problem = Problem(str(error), code="not-offered")
    problem.status, problem.title = 501, "This is not offered"
    return problem
