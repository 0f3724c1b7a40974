"""What this room does when a room below it asks or tells something; `apps.py` loads it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from accounts.models import User
from accounts.signals import Fate, Wishes, erasing, foreseeing_erasure, holding
from annotation.permissions import also_show_images
from annotation.signals import canvas_rescaled
from campaigns.actions.leaving import foresee_leaving, hold_before_leaving, leave_campaigns
from campaigns.actions.rescaling import follow_canvases
from campaigns.actions.splits import follow_split_again, follow_unsplit
from campaigns.actions.vocabularies import follow_merge, follow_unmerge, foresee
from campaigns.showing import images_of_campaigns
from taxonomy import signals
from taxonomy.models import Vocabulary, VocabularyChange
from taxonomy.signals import Touched

# The images of a source that is not public, for the people of the campaigns that ask about it.
also_show_images(images_of_campaigns)

# When the space of a canvas is scaled: tasks, answers and figures have places in it.
canvas_rescaled.connect(follow_canvases, dispatch_uid="campaigns")


@receiver(signals.foreseeing, dispatch_uid="campaigns")
def foresee_in_campaigns(
    sender: object, *, vocabulary: Vocabulary, operation: str, concepts: Sequence[UUID], **said: Any
) -> list[Touched]:
    return foresee(vocabulary, operation, concepts)


@receiver(signals.merged, dispatch_uid="campaigns")
def follow_a_merge(
    sender: object, *, vocabulary: Vocabulary, sources: Sequence[UUID], target: UUID, by: User, **said: Any
) -> None:
    follow_merge(vocabulary, sources, target, by=by)


@receiver(signals.unmerged, dispatch_uid="campaigns")
def follow_an_unmerge(
    sender: object, *, vocabulary: Vocabulary, sources: Sequence[UUID], target: UUID, by: User, **said: Any
) -> None:
    follow_unmerge(vocabulary, sources, target, by=by)


@receiver(signals.was_split, dispatch_uid="campaigns")
def follow_a_split(sender: object, *, change: VocabularyChange | None, by: User, **said: Any) -> None:
    if change is not None:
        follow_split_again(change, by=by)


@receiver(signals.unsplit, dispatch_uid="campaigns")
def follow_an_unsplit(sender: object, *, change: VocabularyChange, by: User, **said: Any) -> list[Touched]:
    return follow_unsplit(change, by=by)


@receiver(foreseeing_erasure, dispatch_uid="campaigns")
def foresee_erasure(sender: object, *, user: User, **said: Any) -> list[Fate]:
    return foresee_leaving(user)


@receiver(holding, dispatch_uid="campaigns")
def hold_before_erasure(sender: object, *, user: User, **said: Any) -> None:
    hold_before_leaving(user)


@receiver(erasing, dispatch_uid="campaigns")
def erase_person(sender: object, *, user: User, wishes: Wishes, **said: Any) -> None:
    leave_campaigns(user, wishes)
