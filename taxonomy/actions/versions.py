"""Freeze a vocabulary as a numbered version that can be cited and never changes."""

from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from problems import Conflict
from taxonomy.documents import vocabulary_value
from taxonomy.models import Vocabulary, VocabularyVersion
from taxonomy.permissions import require_manager
from taxonomy.skos import write_turtle


def freeze_vocabulary(vocabulary: Vocabulary, *, note: str = "", by: User) -> VocabularyVersion:
    """Keep the vocabulary as it stands, in Turtle, under the next number.

    Raises `Conflict` when nothing has changed since the last number, or there is nothing in it.
    """
    require_manager(vocabulary, by)
    with transaction.atomic():
        locked = Vocabulary.objects.select_for_update().get(pk=vocabulary.pk)
        if locked.versions.filter(version=locked.version).exists():
            raise Conflict("Nothing has changed since the last numbered version.", code="unchanged")
        value = vocabulary_value(locked)
        concepts = len(value.concepts)
        if not concepts:
            raise Conflict("The vocabulary has no concept yet.", code="empty")
        content = write_turtle(value)
        last = locked.versions.aggregate(Max("number"))["number__max"] or 0
        version = VocabularyVersion(
            vocabulary=locked,
            number=last + 1,
            version=locked.version,
            note=note.strip(),
            concepts=concepts,
            sha256=sha256(content).hexdigest(),
            created_by=by,
        )
        version.turtle.save(f"{version.pk}.ttl", ContentFile(content), save=False)
        version.save()
    return version
