"""What this room does when a room below tells it something, or rows of its own go; `apps.py` loads it."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import Fate, Wishes, erasing, foreseeing_erasure
from annotation.actions.concepts import GATHERED, carry_over, gather, take_back, touched
from annotation.actions.leaving import foresee_leaving, leave_layers_and_sources
from annotation.import_folder import ImportFolder
from annotation.models import SourceImport, StoredImage
from taxonomy import signals
from taxonomy.signals import Touched


@receiver(signals.foreseeing)
def foresee_annotations(
    sender: object, *, operation: str, concepts: Sequence[UUID], **said: Any
) -> list[Touched]:
    return touched(concepts, operation)


@receiver(signals.merged)
def carry_annotations_over(sender: object, *, sources: Sequence[UUID], target: UUID, **said: Any) -> None:
    carry_over(sources, target)


@receiver(signals.unmerged)
def take_annotations_back(sender: object, *, sources: Sequence[UUID], target: UUID, **said: Any) -> None:
    take_back(sources, target)


@receiver(signals.unsplit)
def gather_annotations(sender: object, *, concept: UUID, parts: Sequence[UUID], **said: Any) -> list[Touched]:
    count = gather(concept, parts)
    return [Touched("annotations", count, GATHERED)] if count else []


@receiver(foreseeing_erasure, dispatch_uid="annotation")
def foresee_erasure(sender: object, *, user: User, **said: Any) -> list[Fate]:
    return foresee_leaving(user)


@receiver(erasing, dispatch_uid="annotation")
def erase_person(sender: object, *, user: User, wishes: Wishes, **said: Any) -> None:
    leave_layers_and_sources(user, wishes)


@receiver(post_delete, sender=SourceImport)
def drop_files_of_import(sender: object, *, instance: SourceImport, **said: Any) -> None:
    """What was sent and fetched goes with its row, also when that goes with a person: it names people."""
    _drop_once_gone(str(instance.file.name or ""))
    transaction.on_commit(ImportFolder(instance).drop)


@receiver(post_delete, sender=StoredImage)
def drop_files_of_image(sender: object, *, instance: StoredImage, **said: Any) -> None:
    _drop_once_gone(str(instance.original.name or ""))
    _drop_once_gone(instance.pyramid)


def _drop_once_gone(name: str) -> None:
    """Not before the deletion is certain."""
    if name:
        transaction.on_commit(partial(default_storage.delete, name))
