"""Static files as WhiteNoise serves them; one that a new build has taken away meanwhile is not there, and no fault."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

if TYPE_CHECKING:
    from whitenoise.responders import StaticFile


class StaticFiles(WhiteNoiseMiddleware):
    """The list of files is made once; a page of yesterday, or a build under a running server, asks for others."""

    def serve(self, static_file: "StaticFile", request: HttpRequest) -> HttpResponseBase:
        try:
            return super().serve(static_file, request)
        except FileNotFoundError:
            return self.get_response(request)
