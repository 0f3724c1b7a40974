"""Somebody leaves: what they did in vocabularies stays without their name, their files go."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.personal import roles_on
from accounts.roles import Role, grant
from accounts.signals import STAYS, Fate, Wishes
from taxonomy.models import Proposal, Vocabulary, VocabularyChange, VocabularyImport
from work.actions import stop_job
from work.models import Job


def foresee_leaving(user: User) -> list[Fate]:
    owned = len(_owned(user))
    changes = (
        VocabularyChange.objects.filter(by=user).count() + Proposal.objects.filter(created_by=user).count()
    )
    fates = []
    if owned:
        sentence = ngettext(
            "%(count)d vocabulary of yours stays, since others may use its concepts.",
            "%(count)d vocabularies of yours stay, since others may use their concepts.",
            owned,
        )
        fates.append(Fate(STAYS, sentence % {"count": owned}))
    if changes:
        fates.append(Fate(STAYS, _("Your changes and proposals in vocabularies stay, without your name.")))
    return fates


def leave_vocabularies(user: User, wishes: Wishes) -> None:
    """Files that were sent go with the record of their import; vocabularies go to the heir, if there is one."""
    if wishes.heir is not None:
        for vocabulary in Vocabulary.objects.filter(pk__in=_owned(user)):
            grant(wishes.heir, vocabulary, Role.OWNER)
    imports = VocabularyImport.objects.filter(created_by=user)
    running = Job.objects.filter(Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING))
    for job in running.filter(vocabulary_import__in=imports):
        stop_job(job)


def _owned(user: User) -> list[int]:
    return [pk for pk, role in roles_on(Vocabulary, user) if role == Role.OWNER]
