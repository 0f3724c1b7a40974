"""What somebody did in vocabularies, as files to take along."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal import CHUNK, Part, json_part, roles_on, table_part
from taxonomy.models import Proposal, Vocabulary, VocabularyChange, VocabularyImport

CHANGES = ("vocabulary__slug", "version", "operation", "at")
IMPORTS = ("slug", "format", "url", "state", "created_at")
PROPOSED = ("vocabulary__slug", "label", "language", "reason", "example", "state", "answer", "created_at")


def vocabulary_parts(user: User) -> Iterator[Part]:
    roles = roles_on(Vocabulary, user)
    slugs = Vocabulary.objects.in_bulk([pk for pk, _role in roles])
    yield json_part(
        "vocabularies.json",
        _("Your roles in vocabularies, and the concepts that you proposed."),
        {
            "roles": [
                {"vocabulary": slugs[pk].slug, "role": role} for pk, role in roles_on(Vocabulary, user)
            ],
            "proposals": list(
                Proposal.objects.filter(created_by=user).order_by("created_at").values(*PROPOSED)
            ),
            "imports": list(
                VocabularyImport.objects.filter(created_by=user).order_by("created_at").values(*IMPORTS)
            ),
        },
    )
    rows = VocabularyChange.objects.filter(by=user).order_by("at").values_list(*CHANGES)
    yield table_part(
        "vocabulary-changes.csv",
        _("Your changes of vocabularies."),
        ("vocabulary", "version", "operation", "at"),
        rows.iterator(chunk_size=CHUNK),
    )
