"""Begin a vocabulary with nothing in it, to be filled by hand."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import User
from accounts.permissions import require_curator
from accounts.roles import Role, grant
from problems import Conflict, Invalid
from taxonomy.addresses import vocabulary_uri
from taxonomy.models import Vocabulary
from taxonomy.skos.values import LONGEST_LICENCE

LONGEST_TITLE = 200


def create_vocabulary(
    *, slug: str, title: Mapping[str, str], by: User, licence: str = "",
    description: Mapping[str, str] | None = None, is_public: bool = True,
) -> Vocabulary:  # fmt: skip
    """Make an empty vocabulary, which its maker owns; without a slug one is made from the title.

    Raises `Refused` (no curator), `Invalid` (no title, nothing to make an address of, a text too long),
    `Conflict` (the short name is taken).
    """
    require_curator(by)
    said = {language: text.strip() for language, text in title.items() if text.strip()}
    if not said or any(len(text) > LONGEST_TITLE for text in said.values()):
        raise Invalid(
            "Give the vocabulary a title of up to 200 characters.",
            pointer="/title",
            code="bad-title",
        )
    if len(licence.strip()) > LONGEST_LICENCE:
        raise Invalid("A licence may have up to 300 characters.", pointer="/licence", code="too-long")
    slug = slugify(slug or next(iter(said.values())))[:60].strip("-")
    if not slug:
        raise Invalid("Give the vocabulary a short name for its address.", pointer="/slug", code="blank")
    try:
        with transaction.atomic():
            vocabulary = Vocabulary.objects.create(
                slug=slug, uri=vocabulary_uri(slug), title=said, licence=licence.strip(),
                description={language: text.strip() for language, text in (description or {}).items() if text.strip()},
                is_public=is_public, created_by=by,
            )  # fmt: skip
            grant(by, vocabulary, Role.OWNER)
    except IntegrityError as clash:
        raise Conflict(
            "A vocabulary of this name is here already. Choose another short name.",
            pointer="/slug",
            code="slug-taken",
        ) from clash
    return vocabulary
