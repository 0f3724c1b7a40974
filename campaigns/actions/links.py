"""Secret links into a campaign: made, revoked, followed."""

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User, digest_of, new_secret
from accounts.roles import Role
from campaigns.actions.locking import lock_campaign
from campaigns.actions.roles import assign_role
from campaigns.models import Campaign, JoinLink, JoinLinkUse
from campaigns.permissions import refuse_archived, verbs_held
from problems import Conflict, Invalid, Missing

MOST_LINKS = 50


def make_link(campaign: Campaign, *, name: str, by: User) -> tuple[JoinLink, str]:
    """A new link and its secret, which can never be read again; the caller runs the campaign."""
    refuse_archived(campaign)
    if not name.strip():
        raise Invalid(
            _("Give the link a name, so that you recognise it later."), pointer="/name", code="blank"
        )
    with transaction.atomic():
        lock_campaign(campaign)
        if campaign.join_links.filter(revoked_at=None).count() >= MOST_LINKS:
            raise Conflict(_("The campaign has too many links. Revoke one first."), code="too-many")
        secret = new_secret()
        link = JoinLink.objects.create(
            campaign=campaign, name=name.strip()[:80], digest=digest_of(secret), created_by=by
        )
    return link, secret


def revoke_link(campaign: Campaign, link_id: UUID) -> None:
    """End a link: who came in by it stays. Harmless to repeat."""
    links = campaign.join_links.filter(pk=link_id)
    if not links.exists():
        raise Missing(_("The campaign has no such link."))
    links.filter(revoked_at=None).update(revoked_at=Now())


def follow_link(link_id: UUID, *, by: User) -> Campaign:
    """Make somebody a contributor by a link; harmless to repeat. A role that allows more stays.

    The row is locked, so that a link that is being revoked lets in nobody afterwards.
    """
    with transaction.atomic():
        row = JoinLink.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=link_id)
        if row.revoked_at is not None:
            raise Missing(_("This link is no longer in force. Ask whoever gave it to you for another."))
        let_in(row.campaign, by, Role.CONTRIBUTOR)
        JoinLinkUse.objects.bulk_create([JoinLinkUse(link=row, user=by)], ignore_conflicts=True)
    return row.campaign


# What somebody must hold already for a role to bring them nothing.
_BROUGHT = {
    Role.OBSERVER: "view",
    Role.TRANSLATOR: "translate",
    Role.CONTRIBUTOR: "contribute",
    Role.REVIEWER: "review",
    Role.MANAGER: "manage",
    Role.OWNER: "own",
}


def let_in(campaign: Campaign, user: User, role: Role) -> None:
    """Give a role to somebody who was asked in, unless the one they have allows it already.

    Within the caller's transaction. The campaign is held: of two roles at once the one that allows more stays.
    """
    refuse_archived(lock_campaign(campaign))
    held = verbs_held(user, campaign)
    if _BROUGHT[role] in held:
        return
    if "translate" in held and role in {Role.CONTRIBUTOR, Role.OBSERVER}:
        raise Conflict(
            _("You write the texts of this campaign. Ask its owner if you would rather contribute."),
            code="other-role",
        )
    if role == Role.TRANSLATOR and {"contribute", "manage"} & held:
        raise Conflict(
            _("You contribute to this campaign. Ask its owner if you would rather write its texts."),
            code="other-role",
        )
    assign_role(campaign, user, role, by=user)
