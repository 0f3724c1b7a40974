"""How far reviewers agree who looked at the same task, and what they said, for those who have spoken."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from campaigns.actions.second import categories, opinions_in_force
from campaigns.models import Campaign, Opinion, Task
from campaigns.quality.second import BetweenReviewers, between_reviewers


@dataclass(frozen=True, slots=True)
class Standing:
    """Of the `wanted` reviewers `given` have spoken; `differ`: the two who have do not say the same."""

    wanted: int
    given: int
    differ: bool


def standing_of(campaign: Campaign, task: Task) -> Standing:
    """How far the review of a waiting task is, without what anybody said; one query, none where one is enough."""
    if campaign.reviews < 2:
        return Standing(campaign.reviews, 0, differ=False)
    given = opinions_in_force([task]).count()
    return Standing(campaign.reviews, given, differ=given > 1)


def said_before(campaign: Campaign, task: Task, *, by: User) -> list[dict[str, Any]]:
    """What the others said, for somebody who has spoken themselves; nothing before that."""
    if campaign.reviews < 2:
        return []
    opinions = list(opinions_in_force([task]))
    mine = next((opinion for opinion in opinions if opinion.by_id == by.pk), None)
    if mine is None:
        return []
    own = categories(mine)
    return [
        {
            "by": opinion.by.public_name if opinion.by else "",
            "items": len(theirs := categories(opinion)),
            "alike": sum(own.get(item) == label for item, label in theirs.items()),
        }
        for opinion in opinions
        if opinion is not mine
    ]


def between_reviewers_of(campaign: Campaign) -> BetweenReviewers:
    """Agreement of the first two looks at each task that had two; one query."""
    by_task: dict[Any, list[Opinion]] = {}
    for opinion in _counted(campaign).order_by("task", "at").iterator(chunk_size=2000):
        by_task.setdefault(opinion.task_id, []).append(opinion)
    pairs = [(categories(looks[0]), categories(looks[1])) for looks in by_task.values() if len(looks) > 1]
    return between_reviewers(pairs)


def _counted(campaign: Campaign) -> QuerySet[Opinion]:
    return Opinion.objects.filter(task__campaign=campaign, superseded_at=None)
