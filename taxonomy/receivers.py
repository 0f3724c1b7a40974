"""What this room does when the room of people tells it something, or rows of its own go; `apps.py` loads it."""

from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import Fate, Wishes, erasing, foreseeing_erasure
from taxonomy.actions.leaving import foresee_leaving, leave_vocabularies
from taxonomy.models import VocabularyImport


@receiver(foreseeing_erasure, dispatch_uid="taxonomy")
def foresee_erasure(sender: object, *, user: User, **said: Any) -> list[Fate]:
    return foresee_leaving(user)


@receiver(erasing, dispatch_uid="taxonomy")
def erase_person(sender: object, *, user: User, wishes: Wishes, **said: Any) -> None:
    leave_vocabularies(user, wishes)


@receiver(post_delete, sender=VocabularyImport)
def drop_file_of_import(sender: object, *, instance: VocabularyImport, **said: Any) -> None:
    """What was sent goes with its row, once that is certain."""
    if instance.file.name:
        transaction.on_commit(partial(default_storage.delete, str(instance.file.name)))
