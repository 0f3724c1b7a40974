"""When a campaign will be done: read from its tasks and answers, reckoned in `quality.forecast`, beside its target."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from campaigns.models import Campaign, Contribution, Task
from campaigns.quality.forecast import WINDOW_DAYS, Outlook, forecast

SEED = 20_260_101  # the same answers give the same forecast
# From so many finished tasks on, their mean tells how many answers a task takes where fewer may be enough.
ENOUGH_FINISHED = 20


class Standing(StrEnum):
    """Where the target lies: after the interval, within it, or before it."""

    AHEAD = "ahead"
    CLOSE = "close"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class CampaignForecast:
    """The days are None where none can be told; `left` answers are needed, `each` is what a task takes."""

    outlook: Outlook
    on: date | None
    earliest: date | None
    latest: date | None
    level: float
    left: int
    each: float
    pace: float
    days: int
    target_on: date | None

    @property
    def standing(self) -> Standing | None:
        """How the interval stands to the target; None where one of them is missing."""
        if self.target_on is None or self.earliest is None:
            return None
        if self.latest is not None and self.latest <= self.target_on:
            return Standing.AHEAD
        return Standing.BEHIND if self.earliest > self.target_on else Standing.CLOSE


# Whether a task is open, how many answers that count it has, and how many such tasks there are.
Tally = tuple[bool, int, int]


def forecast_of(campaign: Campaign) -> CampaignForecast:
    """At the pace of the whole days behind us; in a pilot the images beyond it are left, too. Two queries."""
    today = timezone.localdate()
    tallies = _tallies(campaign)
    each = _each(campaign, tallies)
    left = ceil(_left(tallies, each))
    counts = _counts(campaign, today)
    told = forecast(counts, left, seed=SEED)
    return CampaignForecast(
        outlook=told.outlook,
        on=_day(today, told.median),
        earliest=_day(today, told.low),
        latest=_day(today, told.high),
        level=told.level,
        left=left,
        each=each,
        pace=told.pace,
        days=len(counts),
        target_on=campaign.target_on,
    )


def _day(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def _tallies(campaign: Campaign) -> list[Tally]:
    counting = Contribution.objects.filter(task=OuterRef("pk"), counts=True).order_by()
    counted = Coalesce(Subquery(counting.values("task").annotate(n=Count("pk")).values("n")), 0)
    # What was set aside tells nothing about how many answers a task takes.
    rows = (
        Task.objects.filter(campaign=campaign)
        .exclude(state=Task.State.ASIDE)
        .annotate(counted=counted)
        .order_by()
    )
    grouped = rows.values_list("state", "counted").annotate(Count("pk"))
    return [(state == Task.State.OPEN, counted, tasks) for state, counted, tasks in grouped]


def _each(campaign: Campaign, tallies: Iterable[Tally]) -> float:
    """How many answers a task takes: its overlap, or where fewer may be enough the mean of those that are done."""
    done = [(counted, tasks) for is_open, counted, tasks in tallies if not is_open and counted]
    finished = sum(tasks for _counted, tasks in done)
    if not campaign.retirement or finished < ENOUGH_FINISHED:
        return float(campaign.overlap)
    return sum(counted * tasks for counted, tasks in done) / finished


def _left(tallies: Iterable[Tally], each: float) -> float:
    """A task that is open needs one more answer at least."""
    return sum(max(1.0, each - counted) * tasks for is_open, counted, tasks in tallies if is_open)


def _counts(campaign: Campaign, today: date) -> Sequence[int]:
    """Answers that count on each whole day since the first one, at most the window; days without are zeros."""
    rows = Contribution.objects.filter(task__campaign=campaign, counts=True)
    by_day = rows.annotate(day=TruncDate("submitted_at")).values_list("day").annotate(Count("pk"))
    counts = dict(by_day.order_by())
    past = min((today - min(counts, default=today)).days, WINDOW_DAYS)
    return [counts.get(today - timedelta(days=ago), 0) for ago in range(past, 0, -1)]
