"""The public addresses of vocabularies and concepts; those that we mint for new concepts lead to their pages."""

from uuid import UUID

from django.conf import settings


def vocabulary_uri(slug: str) -> str:
    return f"{settings.SITE_URL}/vocab/{slug}/"


def concept_uri(slug: str, pk: UUID) -> str:
    return f"{vocabulary_uri(slug)}{pk}"


def minted_id(slug: str, uri: str) -> UUID | None:
    """The id in a URI that `concept_uri` made; None in any other."""
    head, _, tail = uri.rpartition("/")
    try:
        return UUID(tail) if f"{head}/" == vocabulary_uri(slug) else None
    except ValueError:
        return None


def version_uri(slug: str, number: int) -> str:
    """The address of a frozen version, for citing: a page for people, Turtle for programs."""
    return f"{vocabulary_uri(slug)}versions/{number}/"
