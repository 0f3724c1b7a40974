"""Certificates: made by people about themselves from what stands here, read by anybody, withdrawn by them."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Min
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Campaign, Certificate
from campaigns.own_figures import Figures, record_of
from campaigns.permissions import own_contributions
from problems import Conflict, Gone, Invalid, Missing

MOST = 50


def make_certificate(user: User, *, slug: str, name: str, with_orcid: bool) -> Certificate:
    """Write down what the person did in a campaign ("" for all) as it stands now.

    Raises `Invalid` where nothing was handed in, and `Conflict` when too many certificates are in force.
    """
    record = record_of(user, "en")
    rows = [(campaign, figures) for campaign, figures in record.campaigns if slug in ("", campaign.slug)]
    if not rows:
        raise Invalid(_("You have handed in nothing there."), pointer="/campaign", code="nothing-done")
    figures = record.total if slug == "" else rows[0][1]
    called = name.strip()[:120] or user.public_name
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
        if Certificate.objects.filter(user=user, withdrawn_at=None).count() >= MOST:
            raise Conflict(
                _("You have %(most)d certificates in force. Withdraw one that nobody needs.")
                % {"most": MOST},
                code="too-many",
            )
        return Certificate.objects.create(
            user=user,
            campaign=rows[0][0] if slug else None,
            name=called,
            orcid=user.orcid if with_orcid else "",
            figures=_as_json(user, slug, figures, [campaign for campaign, _figures in rows]),
        )


def _as_json(user: User, slug: str, figures: Figures, campaigns: list[Campaign]) -> dict[str, Any]:
    mine = own_contributions(user).order_by()
    if slug:
        mine = mine.filter(task__campaign__slug=slug)
    days = mine.aggregate(
        days=Count(TruncDate("submitted_at"), distinct=True),
        first=Min("submitted_at"),
        last=Max("submitted_at"),
    )
    return {
        "images": figures.images,
        "seconds": round(figures.seconds),
        "days": days["days"],
        "decided": figures.decided,
        "judged": figures.judged,
        "agreement": figures.agreement,
        "first_on": days["first"].date().isoformat(),
        "last_on": days["last"].date().isoformat(),
        "campaigns": [campaign.title for campaign in campaigns],
    }


def withdraw_certificate(user: User, certificate_id: UUID) -> None:
    """From now on its address says that it was withdrawn; harmless to repeat."""
    mine = Certificate.objects.filter(pk=certificate_id, user=user)
    if not mine.exists():
        raise Missing(_("You have no such certificate."))
    mine.filter(withdrawn_at=None).update(withdrawn_at=Now())


def get_certificate(code: str) -> Certificate:
    """The one gate to a certificate: whoever has its address. Raises `Missing`, and `Gone` once it is withdrawn."""
    certificate = Certificate.objects.filter(code=code.replace("\x00", "")).first()
    if certificate is None:
        raise Missing(_("There is no certificate at this address. Whoever had it may have left."))
    if certificate.withdrawn_at is not None:
        raise Gone(_("This certificate was withdrawn by the person whom it is about."))
    return certificate
