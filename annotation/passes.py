"""Signed, expiring proofs for IIIF viewers on other sites: who may read images, and nothing else.

Three of them, each under a salt of its own, so that none passes for another: the *cookie* that our access page
sets, the *token* that a viewer gets for it and may show to the probe, and the *pass* that stands in the address
of an image.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpResponse

from accounts.models import User

COOKIE = "iiif_access"
COOKIE_S = 8 * 3600
TOKEN_S = 300
PASS_S = 3600
# The longest list of viewers that one browser lets in; the oldest makes room.
MOST_ORIGINS = 8


class NoProof(Exception):
    """There is no proof, or it does not hold; `profile` is the word of Authorization Flow 2.0 §4.5."""

    def __init__(self, profile: str) -> None:
        super().__init__(profile)
        self.profile = profile


@dataclass(frozen=True, slots=True)
class Admission:
    """Who the browser belongs to, and the viewers that this person has let in (origins, oldest first)."""

    user: User
    origins: tuple[str, ...]


def sign_admission(user: User, origins: tuple[str, ...]) -> str:
    return _sign(user, "cookie", origins=list(origins[-MOST_ORIGINS:]))


def read_admission(cookie: str) -> Admission:
    """What `sign_admission` signed; raises `NoProof`."""
    if not cookie:
        raise NoProof("missingAspect")
    data, user = _read(cookie, "cookie", COOKIE_S)
    return Admission(user, tuple(data["origins"]))


def remember_viewers(response: HttpResponse, user: User, origins: tuple[str, ...]) -> None:
    """Give the browser the cookie that only the token service reads."""
    admission = sign_admission(user, origins)
    response.set_cookie(COOKIE, admission, max_age=COOKIE_S, httponly=True, **_cookie_scope())


def forget_viewers(response: HttpResponse) -> None:
    """Take the cookie back: with the scope it was set with, or browsers ignore it."""
    response.set_cookie(COOKIE, "", max_age=0, httponly=True, **_cookie_scope())


def _cookie_scope() -> dict[str, Any]:
    # A frame on another site gets `SameSite=None` cookies only, and browsers take those over TLS only.
    secure = settings.SITE_URL.startswith("https://")
    return {"path": "/", "secure": secure, "samesite": "None" if secure else "Lax"}


def sign_token(user: User) -> str:
    return _sign(user, "token")


def read_token(token: str) -> User:
    """Who the token speaks for; raises `NoProof`."""
    return _read(token, "token", TOKEN_S)[1]


def sign_pass(user: User, image_id: UUID) -> str:
    """A pass for one image; what the person may see is asked again at every use."""
    return _sign(user, "pass", image=str(image_id))


def read_pass(text: str, image_id: UUID) -> User:
    """Who the pass speaks for; raises `NoProof`, also when it is that of another image."""
    data, user = _read(text, "pass", PASS_S)
    if data["image"] != str(image_id):
        raise NoProof("invalidAspect")
    return user


def _sign(user: User, kind: str, **more: object) -> str:
    return signing.dumps({"user": user.pk, "since": _since(user), **more}, salt=f"iiif.{kind}")


def _read(text: str, kind: str, lifetime_s: int) -> tuple[Mapping[str, Any], User]:
    try:
        data = signing.loads(text, salt=f"iiif.{kind}", max_age=lifetime_s)
    except signing.SignatureExpired as error:
        raise NoProof("expiredAspect") from error
    except signing.BadSignature as error:
        raise NoProof("invalidAspect") from error
    user = User.objects.filter(pk=data["user"], is_active=True).first()
    if user is None or data["since"] != _since(user):
        raise NoProof("invalidAspect")
    return data, user


def _since(user: User) -> str:
    """Changes with the password, so that a new one ends every proof given under the old."""
    return user.get_session_auth_hash()[:16]
