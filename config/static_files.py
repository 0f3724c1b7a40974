"""Static files as WhiteNoise serves them; one that a new build has taken away meanwhile is not there, and no fault."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """The list of files is made once; a page of yesterday, or a build under a running server, asks for others."""

    def serve(self, static_file: Any, request: HttpRequest) -> HttpResponseBase:
        try:
            answer: HttpResponseBase = super().serve(static_file, request)
        except FileNotFoundError:
            answer = self.get_response(request)
        return answer
