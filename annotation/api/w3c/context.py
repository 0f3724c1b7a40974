"""The JSON-LD context of our own terms, at the address that our documents name."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from annotation.api.negotiation import OpenView
from annotation.webanno import OUR_CONTEXT


class ContextView(OpenView):
    media_type = "application/ld+json"

    @extend_schema(operation_id="w3c_context", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> HttpResponse:
        """The JSON-LD context of the properties that we add to annotations."""
        return self.answer({"@context": OUR_CONTEXT})
