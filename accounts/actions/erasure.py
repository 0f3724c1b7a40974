"""Erase an account: every room takes its traces of the person away, then the account itself goes."""

from collections.abc import Sequence
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import PeopleGroup, User
from accounts.personal import CHUNK, names_of
from accounts.signals import BLOCKS, GOES, STAYS, Fate, Wishes, erasing, foreseeing_erasure, holding
from problems import Conflict, Invalid


def foresee_erasure(user: User) -> list[Fate]:
    """What becomes of everything of the person's when their account is erased; changes nothing."""
    answers: Sequence[tuple[Any, Any]] = foreseeing_erasure.send(sender=User, user=user)
    return [*_own_fates(user), *(fate for _receiver, fates in answers for fate in fates)]


def confirm_by_password(user: User, password: str, *, request: HttpRequest | None) -> None:
    """Refuse what cannot be undone unless the password is right; wrong ones count as failed sign-ins.

    Somebody without a password says their user name instead.
    """
    if not user.has_usable_password():
        if password.strip() == user.username:
            return
        raise Invalid(_("Write your user name to confirm."), pointer="/password", code="not-confirmed")
    if authenticate(request, username=user.username, password=password) != user:
        raise Invalid(_("The password is not right."), pointer="/password", code="not-confirmed")


def erase_account(user: User, wishes: Wishes) -> None:
    """Take the person out of every table and end the account, all at once; who calls has had it confirmed.

    Raises `Conflict` naming what only they can settle first, `Invalid` for an heir who cannot be one.
    """
    if wishes.heir is not None and (wishes.heir.pk == user.pk or not wishes.heir.is_active):
        raise Invalid(_("Name somebody else with an open account."), pointer="/heir", code="unknown-person")
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
        holding.send(sender=User, user=user)
        # Nobody names the person from here on, and what was written until now is seen.
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        in_the_way = " ".join(fate.sentence for fate in foresee_erasure(user) if fate.kind == BLOCKS)
        if in_the_way:
            raise Conflict(in_the_way, code="sole-owner")
        erasing.send(sender=User, user=user, wishes=wishes)
        if wishes.heir is not None:
            PeopleGroup.objects.filter(created_by=user).update(created_by=wishes.heir)
        _forget_sign_ins(names_of(user))
        _end_sessions(user)
        User.objects.get(pk=user.pk).delete()


def _own_fates(user: User) -> Sequence[Fate]:
    tokens = user.api_tokens.filter(revoked_at=None).count()
    fates = [
        Fate(
            GOES,
            _(
                "Your account, its e-mail addresses and settings, and the records of when you signed in go."
                " You are signed out everywhere."
            ),
        )
    ]
    if tokens:
        sentence = ngettext(
            "%(count)d token goes: programs that use it are refused.",
            "%(count)d tokens go: programs that use them are refused.",
            tokens,
        )
        fates.append(Fate(GOES, sentence % {"count": tokens}))
    if user.people_groups.exists():
        fates.append(Fate(STAYS, _("The groups of people that you look after stay, with what they may do.")))
    return fates


def _forget_sign_ins(names: Sequence[str]) -> None:
    for model in (AccessLog, AccessAttempt, AccessFailureLog):
        model.objects.filter(username__in=names).delete()


def _end_sessions(user: User) -> None:
    """Sessions say whose they are only inside, so each is looked into."""
    own = str(user.pk)
    gone = [
        session.pk
        for session in Session.objects.iterator(chunk_size=CHUNK)
        if str(session.get_decoded().get("_auth_user_id")) == own
    ]
    Session.objects.filter(pk__in=gone).delete()
