"""Who is asking, and in which language they are answered."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.sessions import SessionStore

BACKEND = "accounts.backends.AccountBackend"


class Authentication(AuthenticationMiddleware):
    """Django's, which is asked where the session did not bring its owner along, or anything else is not plain."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(partial(_who, request))  # type: ignore[assignment]


def _who(request: HttpRequest) -> User | AnonymousUser:
    session: Any = request.session
    plain = isinstance(session, SessionStore) and session.get(SESSION_KEY) is not None
    owner: User | None = session.owner if plain and session.get(BACKEND_SESSION_KEY) == BACKEND else None
    if owner is not None and owner.is_active:
        said = session.get(HASH_SESSION_KEY) or ""
        if session[SESSION_KEY] == str(owner.pk) and constant_time_compare(
            said, owner.get_session_auth_hash()
        ):
            return owner
    return get_user(request)


class PreferredLanguage:
    """Shows a signed-in person the language of their account when the browser asks for none by cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        # Looking at the user costs a query, so anonymous visitors (no session cookie) are not asked.
        if not chosen and settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            language = request.user.language
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = language
        return self.get_response(request)
