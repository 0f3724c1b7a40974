"""What the secret of a link or of an invitation opens, and going in by it."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User, digest_of
from accounts.roles import Role
from campaigns.actions.invitations import accept
from campaigns.actions.links import follow_link
from campaigns.models import Campaign, Invitation, JoinLink
from problems import Missing


@dataclass(frozen=True, slots=True)
class Door:
    """A way in that is open: to which campaign, with which role, by what."""

    campaign: Campaign
    role: Role
    by: JoinLink | Invitation


def find_door(secret: str) -> Door:
    """The way in that a secret opens; at most two queries. Raises `Missing` for one that opens nothing now."""
    digest = digest_of(secret)
    link = JoinLink.objects.select_related("campaign").filter(digest=digest, revoked_at=None).first()
    if link is not None:
        return Door(link.campaign, Role.CONTRIBUTOR, link)
    invitation = Invitation.objects.select_related("campaign").filter(digest=digest).first()
    if invitation is None or not _is_good(invitation):
        raise Missing(
            _("This way in is no longer open: it was used, withdrawn, or its time is over. Ask for another.")
        )
    return Door(invitation.campaign, Role(invitation.role), invitation)


def _is_good(invitation: Invitation) -> bool:
    if invitation.state == Invitation.State.ACCEPTED:
        return True  # whoever took it up may come back by the same mail; anybody else is told
    return invitation.expires_at is not None and invitation.expires_at > timezone.now()


def go_in(secret: str, *, by: User) -> Campaign:
    """Take up the role that the secret offers; harmless to repeat."""
    door = find_door(secret)
    if isinstance(door.by, JoinLink):
        return follow_link(door.by.pk, by=by)
    return accept(door.by.pk, secret, by=by)
