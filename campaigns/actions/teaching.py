"""What a campaign teaches: its tutorial and its questions with answers are written; who has seen the tutorial."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.campaigns import configure_campaign
from campaigns.actions.locking import lock_campaign
from campaigns.known import gold_in_force
from campaigns.models import Campaign, Participant, Task
from campaigns.teaching import Entry, read_questions, read_steps
from campaigns.tutorial import close_up
from problems import Conflict, Invalid, Missing
from taxonomy.models import Concept

Steps = Sequence[Mapping[str, Any]]


def write_tutorial(campaign: Campaign, steps: Steps, *, by: User) -> Campaign:
    """Put these steps in the place of those there are; a real change is a new version of the configuration.

    Images are those of the campaign's tasks, concepts those of its vocabulary. Raises `Conflict` for an image whose
    answer is known and given out: everybody would be told.
    """
    return _write(campaign, "tutorial", lambda _before: [dict(step) for step in steps], by=by)


def write_questions(campaign: Campaign, entries: Steps, *, by: User) -> Campaign:
    """Put these questions with their answers in the place of those there are."""
    return _write(campaign, "faq", lambda _before: [dict(entry) for entry in entries], by=by)


def keep_entry(campaign: Campaign, name: str, entry: Entry, *, by: User) -> Campaign:
    """Write one entry of `tutorial` or `faq`, after the others if it is new: of two people at work neither undoes
    what the other has just kept."""

    def changed(before: list[Entry]) -> list[Entry]:
        if any(one["id"] == entry["id"] for one in before):
            return [{**one, **entry} if one["id"] == entry["id"] else one for one in before]
        return [*before, entry]

    return _write(campaign, name, changed, by=by)


def set_picture(campaign: Campaign, step_id: UUID, task: Task, example: Any, *, by: User) -> Campaign:
    """Give a step the image of a task (with its canvas) and an answer to show on it, close up where there are boxes."""

    def changed(before: list[Entry]) -> list[Entry]:
        at = _place(before, step_id)
        region = list(task.region) if task.region else None
        (step,) = read_steps(
            [{**before[at], "canvas": str(task.canvas_id), "region": region, "example": example}]
        )
        if example and region is None:
            step["region"] = close_up(task.canvas, [shape["box"] for shape in step["example"]["shapes"]])
        return [*before[:at], step, *before[at + 1 :]]

    return _write(campaign, "tutorial", changed, by=by)


def move_entry(campaign: Campaign, name: str, entry_id: UUID, step: int, *, by: User) -> Campaign:
    """Move an entry up (-1) or down (1) among the others; at the end it stays where it is."""

    def changed(before: list[Entry]) -> list[Entry]:
        at = _place(before, entry_id)
        rows = [*before]
        rows.insert(min(max(at + step, 0), len(before) - 1), rows.pop(at))
        return rows

    return _write(campaign, name, changed, by=by)


def drop_entry(campaign: Campaign, name: str, entry_id: UUID, *, by: User) -> Campaign:
    """Take an entry out; harmless to repeat."""
    return _write(campaign, name, lambda before: [one for one in before if one["id"] != str(entry_id)], by=by)


def mark_tutorial_seen(participant: Participant) -> None:
    """Remember that somebody has gone through the tutorial, or passed over it; harmless to repeat."""
    unseen = Participant.objects.filter(pk=participant.pk, tutorial_seen_at=None)
    unseen.update(tutorial_seen_at=Now())


def _place(entries: Sequence[Entry], entry_id: UUID) -> int:
    for at, one in enumerate(entries):
        if one["id"] == str(entry_id):
            return at
    raise Missing(_("This entry is not there any more."))


def _write(
    campaign: Campaign, name: str, change: Callable[[list[Entry]], list[Entry]], *, by: User
) -> Campaign:
    with transaction.atomic():
        row = lock_campaign(campaign)
        before = getattr(row, name)
        after = change(before)
        after = read_steps(after) if name == "tutorial" else read_questions(after)
        if name == "tutorial":
            _check_images(row, after, before)
            _check_concepts(row, after)
        return configure_campaign(row, {name: after}, by=by)


def _check_images(campaign: Campaign, steps: Sequence[Entry], before: Sequence[Entry]) -> None:
    """Refuse images of other campaigns, and new examples that would tell a known answer; two queries at most."""
    wanted = {step["canvas"]: at for at, step in enumerate(steps) if step["canvas"]}
    if not wanted:
        return
    tasks = Task.objects.filter(campaign=campaign, canvas__in=wanted)
    here = {str(pk) for pk in tasks.values_list("canvas", flat=True)}
    for canvas, at in wanted.items():
        if canvas not in here:
            raise Invalid(
                _("This image is not among those of the campaign."),
                pointer=f"/tutorial/{at}/canvas",
                code="foreign-canvas",
            )
    known = gold_in_force(campaign).filter(task__canvas__in=wanted).values_list("task__canvas", flat=True)
    old = {step["canvas"] for step in before}
    for pk in known:
        if str(pk) not in old:
            raise Conflict(
                _("The answer to this image is known and given out unseen. Choose another image."),
                pointer=f"/tutorial/{wanted[str(pk)]}/canvas",
                code="known-answer",
            )


def _check_concepts(campaign: Campaign, steps: Sequence[Entry]) -> None:
    """Refuse concepts of other vocabularies; one query at most."""
    named = {pk: at for at, step in enumerate(steps) for pk in _concepts_in(step["example"])}
    if not named:
        return
    rows = Concept.objects.filter(vocabulary=campaign.vocabulary_id, pk__in=named)
    here = {str(pk) for pk in rows.values_list("pk", flat=True)}
    for pk, at in named.items():
        if pk not in here:
            raise Invalid(
                _("The vocabulary has no concept %s.") % pk,
                pointer=f"/tutorial/{at}/example",
                code="foreign-concept",
            )


def _concepts_in(example: Entry | None) -> list[str]:
    """Every concept that an example names."""
    if example is None:
        return []
    return [*example["concepts"], *(pk for shape in example["shapes"] for pk in shape["concepts"])]
