"""Who signs out of the site also leaves the IIIF viewers on other sites that were let in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from annotation.passes import forget_viewers


class ForgetViewers:
    """Takes the cookie of the access page back when somebody signs out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if request.method == "POST" and match and match.url_name == "account_logout":
            forget_viewers(response)
        return response
