"""What this room does when a room below tells it something; `apps.py` loads it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from annotation.actions.concepts import carry_over, take_back, touched
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
