"""The pictures of a region of a canvas, as addresses."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api.serializers import CropsSerializer
from annotation.cropping import content_state_of, crops_of, offers_as_json, region_from
from annotation.iiif.crops import Crops
from annotation.permissions import get_seen_canvas_for
from problems import Missing
from problems.api import whole_number

LARGEST = 100_000


class CropView(APIView):
    @extend_schema(
        operation_id="canvas_crop",
        parameters=[
            OpenApiParameter("xywh", str, description="x,y,width,height in canvas units, or percent:…"),
            OpenApiParameter("size", int, description="The longest side in pixels: leads to the picture."),
        ],
        responses={200: CropsSerializer, 303: OpenApiResponse(description="The picture of this size.")},
    )
    def get(self, request: Request, canvas_id: UUID) -> HttpResponse:
        """The addresses of a region at every size that its image service gives, and what was clipped.

        With `size`, the nearest that it gives, by redirection: an address to put into a page.
        """
        canvas = get_seen_canvas_for(request.user, canvas_id)
        box = region_from(request.query_params.get("xywh", ""), canvas)
        if request.query_params.get("size"):
            size = whole_number(request.query_params, "size", default=400, least=1, most=LARGEST)
            return _picture(crops_of(canvas, box, {"wanted": size}), size)
        found = crops_of(canvas, box)
        state = content_state_of(canvas, found.box)
        answer = {"canvas": canvas.pk, **offers_as_json(found), "content_state": state}
        return Response(CropsSerializer(answer).data)


def _picture(found: Crops, size: int) -> HttpResponse:
    """The largest picture that is not larger than what was asked for, else the smallest there is."""
    fitting = [offer for offer in found.offers if max(offer.width or 0, offer.height or 0) <= size]
    offers = fitting[-1:] or list(found.offers[:1])
    if not offers or not offers[0].url:
        raise Missing("The canvas has no image.", code="no-image")
    answer = HttpResponseRedirect(offers[0].url)
    answer.status_code = 303
    return answer
