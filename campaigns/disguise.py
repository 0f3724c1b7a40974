"""A known answer must look like any other task, afterwards too: who gave it is not told what had been decided."""

from django.db.models import Q

from campaigns.models import Assignment, Campaign, Contribution, Task

# While it is in use and feedback is off, of contributions; once the campaign is closed everything may be told.
DISGUISED = Q(assignment__seeded=True, task__campaign__gold_feedback=False) & ~Q(
    task__campaign__status__in=(Campaign.Status.CLOSED, Campaign.Status.ARCHIVED)
)


def state_told(assignment: Assignment, campaign: Campaign, state: str) -> str:
    """The state of a task as the person may know it: one whose answer is known waits like any other."""
    open_about_it = campaign.gold_feedback or campaign.has_ended
    return Task.State.OPEN if assignment.seeded and not open_about_it else state


def state_of(contribution: Contribution) -> str:
    """The same of a contribution with its assignment, task and campaign."""
    return state_told(contribution.assignment, contribution.task.campaign, contribution.task.state)
