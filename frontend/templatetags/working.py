"""What templates need that show long work: its log in the reader's language, how far it is and how long it takes."""

from datetime import timedelta

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from frontend.logged import logged
from work.models import Job

register = template.Library()

A_MINUTE = timedelta(minutes=1)


@register.simple_tag(name="logged")
def show_logged(sentence: str) -> str:
    """A sentence of a log in the reader's language; one that cannot be told in it says that it is English."""
    text, language = logged(sentence)
    if language == (get_language() or "en"):
        return conditional_escape(text)
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def job_note(job: Job) -> str:
    """What stands beside its bar: how much is done, and how long the rest takes; "" where neither is known."""
    done = _("%(value)s of %(total)s") % {"value": job.done, "total": job.total} if job.total else ""
    return " · ".join(filter(None, [done, _left(job)]))


def _left(job: Job) -> str:
    left = job.eta
    if left is None or job.is_stopping:
        return ""
    if left < A_MINUTE:
        return _("less than a minute left")
    now = timezone.now()
    return _("about %(time)s left") % {"time": timesince(now - left, now, depth=1)}
