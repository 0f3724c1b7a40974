"""What IIIF viewers on other sites need of our pages: to know when a window is closed, and to be forgotten."""

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


class StayWithOpener:
    """Lets a viewer see that the window of our access page was closed: it has no other sign (§3).

    Browsers cut the tie between a window and its opener on another site as soon as one page in it forbids
    that, which Django's pages do. So the access page, and the sign-in on the way to it, do not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _goal_of(request).startswith("/iiif/auth/"):
            response["Cross-Origin-Opener-Policy"] = "unsafe-none"
        return response


def _goal_of(request: HttpRequest) -> str:
    """Where the person wants to get: the page itself, or what comes after signing in."""
    if not request.path.startswith("/accounts/"):
        return request.path
    return request.GET.get("next") or request.POST.get("next") or ""
