"""Pages of IIIF Authorization Flow 2.0: where a viewer of another site sends people, and its hidden frame."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from annotation.passes import COOKIE, NoProof, forget_viewers, read_admission, remember_viewers
from annotation.protection import token_error, token_message
from problems import Malformed


@never_cache
@require_http_methods(["GET", "POST"])
def access(request: HttpRequest) -> HttpResponse:
    """The access service: sign in, let the viewer in by a click of one's own, close the window (§3).

    The click is what keeps any page of the web from fetching, with somebody's cookie, what only they may see.
    """
    origin = _origin_of(request)
    if not isinstance(request.user, User):
        back = f"{reverse('iiif-auth-access')}?{urlencode({'origin': origin})}"
        return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
    if request.method == "GET":
        return render(request, "iiif/access.html", {"origin": origin, "host": urlsplit(origin).netloc})
    response = render(request, "iiif/closing.html", {"host": urlsplit(origin).netloc})
    others = tuple(known for known in _let_in(request, request.user) if known != origin)
    remember_viewers(response, request.user, (*others, origin))
    return response


@never_cache
@xframe_options_exempt
@require_GET
def token(request: HttpRequest) -> HttpResponse:
    """The token service, in a frame of the viewer: posts a token, or why there is none (§4)."""
    origin = _origin_of(request)
    message_id = request.GET.get("messageId", "")
    try:
        message = token_message(_admitted(request, origin, message_id), message_id)
    except NoProof as reason:
        message = token_error(reason, message_id)
    response = render(request, "iiif/token.html", {"said": {"message": message, "origin": origin}})
    # Only the viewer that gets the message may frame the page.
    response["Content-Security-Policy"] = f"default-src 'self'; frame-ancestors {origin}"
    return response


@never_cache
@require_GET
def logout(request: HttpRequest) -> HttpResponse:
    """The logout service: every viewer is put out at once; the site itself is left by a button (§6)."""
    response = render(request, "iiif/logout.html")
    forget_viewers(response)
    return response


def _origin_of(request: HttpRequest) -> str:
    """The origin that the viewer names, as browsers write it; nothing else may reach a header or a script."""
    said = request.GET.get("origin", "")
    try:
        parts = urlsplit(said)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    origin = f"{parts.scheme}://{parts.hostname or ''}{port}"
    plain = (parts.hostname or "").replace("-", "").replace(".", "").replace(":", "")
    if parts.scheme not in {"http", "https"} or origin != said or not (plain.isascii() and plain.isalnum()):
        raise Malformed(
            _("The viewer did not say where it runs: `origin` must be like https://viewer.example."),
            code="not-an-origin",
        )
    return origin


def _admitted(request: HttpRequest, origin: str, message_id: str) -> User:
    """Who may have a token; raises `NoProof`."""
    if not message_id:
        raise NoProof("invalidRequest")
    if origin == settings.SITE_URL and isinstance(request.user, User):
        return request.user
    admission = read_admission(request.COOKIES.get(COOKIE, ""))
    if origin not in admission.origins:
        raise NoProof("invalidOrigin")
    return admission.user


def _let_in(request: HttpRequest, user: User) -> tuple[str, ...]:
    """The viewers that this person has let in so far, in this browser."""
    try:
        admission = read_admission(request.COOKIES.get(COOKIE, ""))
    except NoProof:
        return ()
    return admission.origins if admission.user == user else ()
