"""The probe of IIIF Authorization Flow 2.0: would this image be shown to who asks?"""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from accounts.api.authentication import SessionAuthentication
from accounts.models import User
from accounts.roles import Person
from annotation.api.negotiation import OpenView
from annotation.passes import NoProof, read_token
from annotation.permissions import get_image_for
from annotation.protection import probe_result
from problems import Problem, Refused, Unauthenticated


class ProbeView(OpenView):
    # The bearer here is a token of `annotation.passes`; an API token opens more and has no business here.
    authentication_classes = [SessionAuthentication]
    media_type = 'application/ld+json;profile="http://iiif.io/api/auth/2/context.json"'

    @extend_schema(operation_id="iiif_auth_probe", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, image_id: UUID) -> HttpResponse:
        """Always 200; `status` in the answer is what the image itself would answer (§5.2)."""
        version = 2 if request.query_params.get("version") == "2" else 3
        refused: Problem | None = None
        admitted: User | None = None
        try:
            admitted = _admitted(request)
            person: Person = admitted or request.user
            get_image_for(person, image_id, "view", request=None if admitted else request._request)
        except (Unauthenticated, Refused) as problem:
            refused = problem
        document = probe_result(image_id, version=version, refused=refused, user=admitted)
        return self.answer(document, Cache_Control="private, no-store")


def _admitted(request: Request) -> User | None:
    """For whom the token speaks, None without one; one that does not hold is a 401 like none at all."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        return read_token(token.strip())
    except NoProof as error:
        raise Unauthenticated(
            "The access token has expired or was not given by us. Sign in again."
        ) from error
