"""What a change of a campaign's course will do to the work that is going on, in sentences, before it is done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Assignment, Campaign, Task
from campaigns.queries import offered_below

RUNNING = (Campaign.Status.OPEN, Campaign.Status.PILOT, Campaign.Status.PAUSED)


def foresee(campaign: Campaign, changes: Mapping[str, Any]) -> list[str]:
    """Sentences about pilot, end and order; none for a campaign that is not running or a change that touches none."""
    if campaign.status not in RUNNING:
        return []
    changed = {name: value for name, value in changes.items() if getattr(campaign, name) != value}
    found = []
    if "pilot_size" in changed and campaign.status == Campaign.Status.PILOT:
        found.append(_pilot(campaign, changed["pilot_size"]))
    if "closes_at" in changed:
        found.append(_end(campaign, changed["closes_at"]))
    if any(name in changed for name in ("order", "order_seed", "order_run")):
        found.append(_order(campaign))
    return found


def _pilot(campaign: Campaign, size: int | None) -> str:
    tasks = Task.objects.filter(campaign=campaign)
    now = tasks.filter(position__lt=offered_below(campaign)).count()
    then = min(size or 0, tasks.count())
    if then >= now:
        return ngettext(
            "%(count)d more image is offered at once.",
            "%(count)d more images are offered at once.",
            then - now,
        ) % {"count": then - now}
    return ngettext(
        "%(count)d image is no longer offered; the answers to it stay.",
        "%(count)d images are no longer offered; the answers to them stay.",
        now - then,
    ) % {"count": now - then}


def _end(campaign: Campaign, closes_at: datetime | None) -> str:
    if closes_at is None:
        return _("The campaign no longer closes by itself.")
    if closes_at <= timezone.now():
        live = Assignment.objects.filter(
            task__campaign=campaign, state=Assignment.State.LIVE, expires_at__gt=timezone.now()
        )
        count = live.values("participant").distinct().count()
        if not count:
            return _("This moment has passed: the campaign closes at once.")
        return ngettext(
            "This moment has passed: the campaign closes at once, while %(count)d person is at work.",
            "This moment has passed: the campaign closes at once, while %(count)d people are at work.",
            count,
        ) % {"count": count}
    when = date_format(timezone.localtime(closes_at), "DATETIME_FORMAT")
    return _("Nothing is given out after %s; what comes in later is kept without counting.") % when


def _order(campaign: Campaign) -> str:
    tasks = Task.objects.filter(campaign=campaign, state=Task.State.OPEN)
    if campaign.status == Campaign.Status.PILOT:
        tasks = tasks.filter(position__gte=offered_below(campaign))
    count = tasks.count()
    return ngettext(
        "%(count)d open image finds another place in the queue; nobody loses what is in hand.",
        "%(count)d open images find other places in the queue; nobody loses what is in hand.",
        count,
    ) % {"count": count}
