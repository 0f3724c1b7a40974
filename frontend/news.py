"""What is new in a campaign, and whether the reader gets it by e-mail: for the page that everybody sees."""

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from campaigns.instructions import render_languages
from campaigns.models import Campaign, Subscription


def news_of(campaign: Campaign, most: int = 5) -> list[dict[str, Any]]:
    """The latest published announcements with their texts as safe HTML; one query."""
    rows = campaign.announcements.filter(published_at__isnull=False).order_by("-published_at")[:most]
    return [{"row": row, "text_html": render_languages(row.text)} for row in rows]


def subscription_of(request: HttpRequest, campaign: Campaign) -> bool | None:
    """Whether the reader gets them by e-mail; None for somebody without an account."""
    if not isinstance(request.user, User):
        return None
    return Subscription.objects.filter(campaign=campaign, user=request.user).exists()
