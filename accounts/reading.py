"""In which languages somebody reads what others have written, whatever languages the site itself speaks.

The wishes of a request are, in this order: the language chosen for reading (a cookie), the language chosen for the
site, and what the browser accepts. A language that the site merely falls back on is no wish.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header

COOKIE, PARAMETER = "rubricator_reading", "read"
A_YEAR_S = 365 * 24 * 3600
LONGEST_TAG = 35
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_RIGHT_TO_LEFT = {
    "ar", "arc", "azb", "ckb", "dv", "fa", "he", "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps", "sd", "syr", "ug", "ur",
    "yi",
}  # fmt: skip
_RIGHT_TO_LEFT_SCRIPTS = {"adlm", "arab", "aran", "hebr", "mand", "nkoo", "samr", "syrc", "thaa"}

# The language of the site and the wishes, while a request is answered.
_wishes: ContextVar[tuple[str, tuple[str, ...]] | None] = ContextVar("wishes", default=None)


def read_tag(value: object) -> str | None:
    """A BCP 47 tag in its usual case (RFC 5646 §2.1.1); None for what is none."""
    if not isinstance(value, str) or len(value) > LONGEST_TAG or not _TAG.fullmatch(value):
        return None
    first, *rest = value.split("-")
    return "-".join([first.lower(), *map(_cased, rest)])


def _cased(part: str) -> str:
    if len(part) == 2 and part.isalpha():
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()


def direction_of(tag: str) -> str:
    """`rtl` or `ltr`: by the script that a tag names, else by its language."""
    first, *rest = tag.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), None)
    return "rtl" if (script in _RIGHT_TO_LEFT_SCRIPTS if script else first in _RIGHT_TO_LEFT) else "ltr"


def wanted_languages() -> tuple[str, ...]:
    """What the reader wishes, the dearest first; where the language was changed since (a mail), that alone."""
    now = get_language() or "en"
    known = _wishes.get()
    return known[1] if known and known[0] == now else (now,)


def best_language(offered: Iterable[str], otherwise: str | None = None) -> str | None:
    """Which of these languages fits the reader best (RFC 4647 §3.4), else `otherwise`, English, or the first.

    A wish for `de-AT` takes `de`, and one for `de` takes `de-CH`. None when nothing is offered.
    """
    tags = {tag.lower(): tag for tag in offered}
    for wish in wanted_languages():
        parts = wish.lower().split("-")
        for length in range(len(parts), 0, -1):
            found = "-".join(parts[:length])
            if found in tags:
                return tags[found]
        near = [tag for tag in tags if tag.startswith(f"{parts[0]}-")]
        if near:
            return tags[min(near)]
    for tag in ((otherwise or "").lower(), "en", "none", "und", *tags):
        if tag in tags:
            return tags[tag]
    return None


def best_text(texts: Mapping[str, Any] | None, otherwise: str | None = None) -> tuple[str, str]:
    """(language, text) of a language map, ours or IIIF's, as it fits the reader best; empty where there is none."""
    said = {tag: text for tag, text in (texts or {}).items() if text}
    tag = best_language(said, otherwise)
    if tag is None:
        return "", ""
    text = said[tag]
    return tag, text if isinstance(text, str) else " ".join(str(part) for part in text)


class ReadingLanguages:
    """Learns the wishes of each request; `?read=de` chooses a language, and it is kept for a year."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = read_tag(request.GET.get(PARAMETER))
        token = _wishes.set((get_language() or "en", _wishes_of(request, chosen)))
        try:
            response = self.get_response(request)
        finally:
            _wishes.reset(token)
        if chosen:
            response.set_cookie(
                COOKIE, chosen, max_age=A_YEAR_S, samesite="Lax", httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        if chosen or COOKIE in request.COOKIES:
            patch_vary_headers(response, ["Cookie"])
        return response


def _wishes_of(request: HttpRequest, chosen: str | None) -> tuple[str, ...]:
    site = get_language() or "en"
    header = request.headers.get("Accept-Language", "")
    accepted = [tag for tag, _quality in parse_accept_lang_header(header) if tag != "*"]
    # What is spoken without having been accepted was chosen: by cookie, or in the account.
    is_chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES or (
        request.user.is_authenticated and request.user.language == site
        if settings.SESSION_COOKIE_NAME in request.COOKIES
        else False
    )
    kept = chosen or read_tag(request.COOKIES.get(COOKIE))
    wishes = [*([kept] if kept else []), *([site] if is_chosen else []), *accepted]
    return tuple(dict.fromkeys(wishes))
