"""Somebody leaves: their answers and decisions stay under names that lead to nobody, what is about them alone goes."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Now
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal import addresses_of
from accounts.signals import BLOCKS, GOES, STAYS, Fate, Wishes
from annotation.models import Annotation, AnnotationRevision, Layer
from campaigns.actions.alike import stop_alike
from campaigns.actions.locking import hold_tasks
from campaigns.actions.participants import TRIES, name_for
from campaigns.actions.personal_exports import forget_exports_of
from campaigns.actions.similar import stop_searches_of
from campaigns.actions.teams import drop_empty_teams
from campaigns.models import (
    Assignment,
    Campaign,
    CampaignUserObjectPermission,
    Comment,
    Contribution,
    ContributionRevision,
    Decision,
    Draft,
    Evaluation,
    Invitation,
    LayerSearch,
    Participant,
    PersonalExport,
    Release,
    Report,
    ReviewDraft,
    Task,
    TeamMember,
)

MOST_NAMED = 10


def solely_owned(user: User) -> QuerySet[Campaign]:
    """The campaigns that nobody but the person owns; they would have no owner without them."""
    owners = CampaignUserObjectPermission.objects.filter(
        content_object=OuterRef("pk"), permission__codename="own_campaign"
    )
    return Campaign.objects.filter(Exists(owners.filter(user=user)), ~Exists(owners.exclude(user=user)))


def participations(user: User) -> QuerySet[Participant]:
    """The person's own, and what is left of the visits that they took over."""
    return Participant.objects.filter(Q(user=user) | Q(merged_into__user=user))


# --- what would become of it ------------------------------------------------------------------------


def foresee_leaving(user: User) -> list[Fate]:
    """A constant number of queries."""
    return [*_in_the_way(user), *_of_answers(user), *_of_decisions(user), *_of_papers(user)]


def _in_the_way(user: User) -> list[Fate]:
    campaigns = list(solely_owned(user)[: MOST_NAMED + 1])
    if not campaigns:
        return []
    names = [_title(campaign) for campaign in campaigns[:MOST_NAMED]]
    named = ", ".join(_("“%(title)s”") % {"title": name} for name in names)
    sentence = _(
        "Nobody but you owns %(campaigns)s. Make somebody else an owner first, on the page of its people."
    )
    more = ", …" if len(campaigns) > MOST_NAMED else ""
    return [Fate(BLOCKS, sentence % {"campaigns": named + more})]


def _title(campaign: Campaign) -> str:
    language = (get_language() or "en").split("-")[0]
    return str(campaign.title.get(language) or next(iter(campaign.title.values()), campaign.slug))


def _of_answers(user: User) -> list[Fate]:
    answers = Contribution.objects.filter(participant__in=participations(user))
    count, with_comments = answers.count(), answers.exclude(comment="").count()
    fates = []
    begun = Draft.objects.filter(assignment__participant__in=participations(user))
    if begun.exists() or ReviewDraft.objects.filter(by=user).exists():
        fates.append(Fate(GOES, _("What you have begun and not handed in goes.")))
    if count:
        sentence = ngettext(
            "%(count)d answer that you handed in stays, under a made-up name that leads to nobody.",
            "%(count)d answers that you handed in stay, under made-up names that lead to nobody.",
            count,
        )
        fates.append(Fate(STAYS, sentence % {"count": count}))
    if with_comments:
        sentence = ngettext(
            "%(count)d comment beside an answer stays or goes, as you choose.",
            "%(count)d comments beside answers stay or go, as you choose.",
            with_comments,
        )
        fates.append(Fate(STAYS, sentence % {"count": with_comments}))
    return fates


def _of_decisions(user: User) -> list[Fate]:
    fates = []
    if Decision.objects.filter(by=user).exists():
        fates.append(
            Fate(STAYS, _("Your decisions as a reviewer and their reasons stay, without your name."))
        )
    decided = Decision.objects.filter(by=user, task__campaign=OuterRef("campaign"))
    releases = (
        Release.objects.filter(finished_at__isnull=False)
        .filter(Q(created_by=user) | Q(Exists(decided)))
        .count()
    )
    if releases:
        sentence = ngettext(
            "%(count)d finished release may name you, as “%(name)s”, as who decided or released. It stays as it"
            " is: others may have cited it.",
            "%(count)d finished releases may name you, as “%(name)s”, as who decided or released. They stay as"
            " they are: others may have cited them.",
            releases,
        )
        fates.append(Fate(STAYS, sentence % {"count": releases, "name": user.public_name}))
    return fates


def _of_papers(user: User) -> list[Fate]:
    fates = []
    if CampaignUserObjectPermission.objects.filter(user=user).exists():
        fates.append(Fate(GOES, _("Your roles in campaigns go.")))
    if _invitations(user).exists():
        fates.append(Fate(GOES, _("Invitations that were sent to your addresses go.")))
    if PersonalExport.objects.filter(user=user).exists():
        fates.append(Fate(GOES, _("The file of your data that was put together goes. Fetch it before.")))
    return fates


def _invitations(user: User) -> QuerySet[Invitation]:
    invited = Q(accepted_by=user)
    for address in addresses_of(user):
        invited |= Q(email__iexact=address)
    return Invitation.objects.filter(invited)


# --- what becomes of it -----------------------------------------------------------------------------


def hold_before_leaving(user: User) -> None:
    """Lock what the person owns, so that of two last owners one stays, and the tasks that they were ever given.

    In the order that everybody keeps: an answer on its way holds its task while it waits for the person's row.
    """
    owned = CampaignUserObjectPermission.objects.filter(user=user, permission__codename="own_campaign")
    campaigns = Campaign.objects.filter(pk__in=owned.values("content_object")).order_by("pk")
    list(campaigns.select_for_update(no_key=True).values_list("pk", flat=True))
    given = Assignment.objects.filter(participant__in=participations(user))
    hold_tasks(Task.objects.filter(pk__in=given.values("task")))


def leave_campaigns(user: User, wishes: Wishes) -> None:
    """Within the transaction in which the account goes."""
    people = list(
        participations(user).select_for_update(of=("self",)).select_related("campaign").order_by("pk")
    )
    for person in people:
        _rename(person)
    _leave(people, keep_comments=wishes.keep_comments)
    stop_alike(user)
    LayerSearch.objects.filter(by=user).delete()
    _unname_decisions(user)
    ReviewDraft.objects.filter(by=user).delete()
    _invitations(user).delete()
    forget_exports_of(user)


def erase_visitor(visitor: str, *, keep_comments: bool) -> int:
    """Cut what a visitor (SHA-256 of the cookie's secret) did from their cookie; in how many campaigns that was.

    The answers stay under the made-up names that they have. Harmless to repeat; the caller takes the cookie away.
    """
    if not visitor:
        return 0
    with transaction.atomic():
        given = Assignment.objects.filter(participant__visitor=visitor)
        hold_tasks(Task.objects.filter(pk__in=given.values("task")))
        people = list(Participant.objects.select_for_update().filter(visitor=visitor).order_by("pk"))
        _leave(people, keep_comments=keep_comments)
    return len(people)


def _leave(people: list[Participant], *, keep_comments: bool) -> None:
    """Give back what is being worked on, forget comments, and let nobody come back as these participants."""
    ids = [person.pk for person in people]
    Assignment.objects.filter(participant__in=ids, state=Assignment.State.LIVE).update(
        state=Assignment.State.RELEASED
    )
    Draft.objects.filter(assignment__participant__in=ids).delete()
    stop_searches_of(ids)
    if not keep_comments:
        silent = _set("answer", "{comment}", "")
        answers = Contribution.objects.filter(participant__in=ids)
        ContributionRevision.objects.filter(contribution__in=answers).update(answer=silent)
        answers.exclude(comment="").update(comment="", answer=silent)
        Comment.objects.filter(participant__in=ids).exclude(text="").update(text="", deleted_at=Now())
        Report.objects.filter(participant__in=ids).update(text="")
    Evaluation.objects.filter(
        participant__in=ids
    ).delete()  # of how well they work only they were the subject
    TeamMember.objects.filter(participant__in=ids).delete()
    drop_empty_teams([person.campaign_id for person in people])
    Participant.objects.filter(pk__in=ids).update(user=None, visitor="")


def _rename(person: Participant) -> None:
    """A made-up name in place of theirs, also on every annotation that they drew, now and before."""
    for attempt in range(TRIES):
        name = name_for(None, attempt)
        try:
            with transaction.atomic():
                Participant.objects.filter(pk=person.pk).update(pseudonym=name)
        except IntegrityError:
            continue
        _rename_annotations(person.campaign.contributions_layer_id, person.pk, name)
        return
    raise RuntimeError("no free pseudonym was found")


def _rename_annotations(layer_id: UUID, participant_id: UUID, name: str) -> None:
    drawn = {"document__creator__id": f"urn:uuid:{participant_id}"}
    renamed = _set("document", "{creator,nickname}", name)
    AnnotationRevision.objects.filter(annotation__layer=layer_id, **drawn).update(document=renamed)
    Annotation.objects.filter(layer=layer_id, **drawn).update(
        document=renamed, revision=F("revision") + 1, modified_at=Now()
    )


def _unname_decisions(user: User) -> None:
    """Ground truth and decisions say who decided by their public name of that day."""
    kinds = (Layer.Kind.GROUND_TRUTH, Layer.Kind.DECISIONS)
    made = Annotation.objects.filter(created_by=user, layer__kind__in=kinds)
    unnamed = _set("document", "{creator,nickname}", name_for(None, TRIES))
    AnnotationRevision.objects.filter(
        annotation__in=made.values("pk"), document__creator__has_key="nickname"
    ).update(document=unnamed)
    made.filter(document__creator__has_key="nickname").update(
        document=unnamed, revision=F("revision") + 1, modified_at=Now()
    )


def _set(column: str, path: str, text: str) -> Func:
    """The JSON of a column with this text at a place that it has."""
    return Func(
        F(column),
        Value(path),
        Value(text, output_field=JSONField()),
        function="jsonb_set",
        output_field=JSONField(),
    )
