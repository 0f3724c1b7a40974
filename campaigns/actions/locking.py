"""Rows are held while they are changed, so that changes follow each other; docs/architecture.md says in which order."""

from uuid import UUID

from django.db.models import QuerySet

from campaigns.models import Campaign, Task, TaskConsensus


def lock_campaign(campaign: Campaign) -> Campaign:
    """The campaign's row as it is now, held until the transaction ends: changes follow each other.

    Two statements. One that waits for a row looks at that row again and at nothing else: a campaign that was given
    another vocabulary meanwhile would not be found beside its old one.
    """
    Campaign.objects.select_for_update(no_key=True).only("pk").get(pk=campaign.pk)
    return Campaign.objects.select_related("vocabulary").get(pk=campaign.pk)


def hold_tasks(tasks: QuerySet[Task]) -> list[UUID]:
    """Lock tasks against answers, merges and decisions, in the order of their keys, and wait for each.

    What is asked of them may be true no longer when they are held: whoever goes by more than their keys asks again.
    """
    ordered = tasks.order_by("pk").select_for_update(of=("self",), no_key=True)
    return list(ordered.values_list("pk", flat=True))


def hold_merged(rows: QuerySet[TaskConsensus]) -> list[int]:
    """Lock many merged answers in the order of their keys, before they are changed by one statement."""
    ordered = rows.order_by("pk").select_for_update(of=("self",), no_key=True)
    return list(ordered.values_list("pk", flat=True))
