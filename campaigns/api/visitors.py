"""Remembers anonymous visitors by a secret of their own in a signed cookie; only its SHA-256 is stored."""

import secrets
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "visitor"
SALT = "campaigns.visitor"
YEAR_S = 365 * 24 * 3600


def read_visitor(request: HttpRequest) -> str:
    """SHA-256 (hex) of the visitor's secret; "" without the cookie or with one that we did not sign."""
    secret = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=YEAR_S)
    return _digest(secret) if secret else ""


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def remember_visitor(response: HttpResponse, secret: str) -> None:
    """Give the visitor the cookie: out of reach of scripts, sent to this site only."""
    response.set_signed_cookie(
        COOKIE,
        secret,
        salt=SALT,
        max_age=YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=getattr(settings, "SESSION_COOKIE_SECURE", False),
    )


def forget_visitor(response: HttpResponse) -> None:
    """Take the cookie away: who visits next in this browser begins anew."""
    response.delete_cookie(COOKIE, samesite="Lax")


def visitor_of(secret: str) -> str:
    """What is stored of a secret."""
    return _digest(secret)
