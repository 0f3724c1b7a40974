"""Writes about people: make and revoke API tokens."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from accounts.models import ApiToken, Scope, User, digest_of, new_secret
from accounts.orcid import read_orcid
from problems import Invalid, Missing


def create_token(
    *,
    by: User,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
    bound_to: str = "",
) -> tuple[ApiToken, str]:
    """A new token for oneself, and its secret, which can never be read again.

    One that is `bound_to` something opens nothing else, and no door of the API.
    """
    unknown = set(scopes) - set(Scope.values)
    if unknown or not scopes:
        raise Invalid(
            f"Choose scopes from {', '.join(Scope.values)}.", pointer="/scopes", code="unknown-scope"
        )
    if not name.strip():
        raise Invalid("Give the token a name, so that you recognise it later.", pointer="/name", code="blank")
    if expires_at is not None and expires_at <= timezone.now():
        raise Invalid("The token would already have expired.", pointer="/expires_at", code="in-the-past")
    secret = new_secret()
    token = ApiToken.objects.create(
        user=by,
        name=name.strip()[:80],
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
        bound_to=bound_to,
    )
    return token, secret


def revoke_token(token_id: int, *, by: User) -> None:
    """End one of one's own tokens; harmless to repeat."""
    tokens = ApiToken.objects.filter(pk=token_id, user=by)
    if not tokens.exists():
        raise Missing("You have no such token.")
    tokens.filter(revoked_at=None).update(revoked_at=timezone.now())


def revoke_bound_token(token_id: int, *, bound_to: str, of: User | None) -> None:
    """End a token that is good for one thing; `of` whom, or anybody's for who manages the thing."""
    tokens = ApiToken.objects.filter(pk=token_id, bound_to=bound_to)
    if of is not None:
        tokens = tokens.filter(user=of)
    if not tokens.exists():
        raise Missing("There is no such key here.")
    tokens.filter(revoked_at=None).update(revoked_at=timezone.now())


def change_settings(
    *, by: User, pseudonym: str, language: str, orcid: str = "", is_credited: bool = False
) -> None:
    """Change one's own public name, language ("" for the browser's) and ORCID iD ("" for none).

    Who `is_credited` is named with the iD in the credits of releases; without one nobody is.
    """
    if language and language not in dict(settings.LANGUAGES):
        raise Invalid("The site does not speak this language.", pointer="/language", code="unknown-language")
    try:
        by.orcid = read_orcid(orcid)
    except ValueError as error:
        raise Invalid(
            "This is no ORCID iD: it has sixteen digits, the last of which fits the others. Look it up on orcid.org.",
            pointer="/orcid",
            code="not-an-orcid",
        ) from error
    by.pseudonym, by.language = pseudonym.strip()[:60], language
    by.is_credited = is_credited and bool(by.orcid)
    by.save(update_fields=["pseudonym", "language", "orcid", "is_credited"])
