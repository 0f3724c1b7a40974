"""Who is calling the API: a session, or a bearer token with scopes."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.models import ApiToken, Scope, User, digest_of

if TYPE_CHECKING:
    from rest_framework.views import APIView


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session, with the CSRF check; a refusal is a 401 that names the scheme."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        found = super().authenticate(request)
        # The person themselves and not the promise of them, through which every later look would have to go.
        return None if found is None else (getattr(found[0], "_wrapped", found[0]), None)

    def authenticate_header(self, request: Request) -> str:
        return "Session"


def live_token(secret: str, *, bound_to: str) -> tuple[User, ApiToken] | None:
    """Whose token this is, if it is in force and good for just this; its use is noted every five minutes."""
    now = timezone.now()
    tokens = ApiToken.objects.select_related("user").filter(digest=digest_of(secret), bound_to=bound_to)
    token = tokens.first()
    if token is None or not token.is_live(now) or not token.user.is_active:
        return None
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=5):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user, token


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer rub_…`; only the SHA-256 of the token is looked up."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = live_token(secret.strip(), bound_to="")
        if found is None:
            raise exceptions.AuthenticationFailed(
                "This token is unknown, expired or revoked. Make a new one on your page."
            )
        return found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ScopeAllows(BasePermission):
    """A token reads with `read` and changes with `write`; a session may do both."""

    message = "This token does not have the scope that the request needs."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        needed = Scope.READ if request.method in SAFE_METHODS else Scope.WRITE
        return needed in request.auth.scopes


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.api.authentication.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
