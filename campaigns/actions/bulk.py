"""Many tasks decided by one action, in the background, and taken back as one."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.consensus import request_consensus
from campaigns.actions.locking import hold_tasks
from campaigns.actions.second import withdraw_opinions
from campaigns.actions.sweeping import Sweep, chunks, decide_alike, lock_tasks
from campaigns.actions.undoing import reopen
from campaigns.actions.unsorting import unsort
from campaigns.models import BulkReview, Campaign, ConsensusItem, Decision, Gold, Opinion, Participant, Task
from campaigns.permissions import refuse_archived, verbs_held
from campaigns.sifting import Sieve, meant_tasks, mixed_tasks, sample_of
from problems import Conflict, Invalid, Missing, Refused
from taxonomy.models import Concept
from taxonomy.queries import concepts_of
from work.actions import request_job
from work.runner import Runner

Verdict = Decision.Verdict
VERDICTS = (Verdict.ACCEPTED, Verdict.REJECTED, Verdict.CORRECTED)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a bulk action would be about: `tasks` with `items`; `mixed` have such items beside others and are left."""

    tasks: int
    items: int
    mixed: int
    sample: list[ConsensusItem]


def foresee(campaign: Campaign, sieve: Sieve, verdict: str, *, by: User) -> Foreseen:
    """What the action would decide now; nothing is changed. A constant number of queries."""
    _check(campaign, sieve)
    labelled = verdict == Verdict.ACCEPTED
    tasks = meant_tasks(campaign, sieve, by=by, labelled=labelled)
    ids = tasks.order_by().values("pk")
    return Foreseen(
        tasks=tasks.count(),
        items=ConsensusItem.objects.filter(consensus__task__in=ids).count(),
        mixed=mixed_tasks(campaign, sieve, by=by, labelled=labelled).count(),
        sample=sample_of(tasks),
    )


def start_bulk(
    campaign: Campaign,
    sieve: Sieve,
    *,
    request: UUID,
    verdict: str,
    concept: UUID | None,
    reason: str,
    by: User,
) -> BulkReview:
    """Decide all that the sieve lets through, in the background; the same id again changes nothing.

    Raises `Invalid` without a reason, for a verdict that needs a label and has none, or when nothing is meant;
    `Conflict` for an id that stands for something else.
    """
    refuse_archived(campaign)
    known = BulkReview.objects.filter(pk=request).select_related("job", "concept").first()
    if known is not None:
        return _repeated(known, campaign, sieve, verdict, concept, reason)
    label = label_of_bulk(campaign, verdict, concept)
    if not reason.strip():
        raise Invalid(
            _("Say why: the reason stands with every one of them."), pointer="/reason", code="no-reason"
        )
    _check(campaign, sieve)
    count = meant_tasks(campaign, sieve, by=by, labelled=verdict == Verdict.ACCEPTED).count()
    if not count:
        raise Invalid(_("No image is meant by this."), pointer="/wanted", code="nothing-meant")
    try:
        with transaction.atomic():
            bulk = BulkReview.objects.create(
                id=request, campaign=campaign, verdict=verdict, concept=label, wanted=sieve.as_json(), reason=reason,
                foreseen=count, by=by,
            )  # fmt: skip
            bulk.job = request_job("campaigns.bulk", bulk.pk, by=by, queue="compute")
            bulk.save(update_fields=["job"])
    except IntegrityError:  # the same request came twice at once: the other one is carried out
        bulk = BulkReview.objects.select_related("job", "concept").get(pk=request)
        return _repeated(bulk, campaign, sieve, verdict, concept, reason)
    return bulk


def _repeated(
    known: BulkReview, campaign: Campaign, sieve: Sieve, verdict: str, concept: UUID | None, reason: str
) -> BulkReview:
    same = (known.campaign_id, known.wanted, known.verdict, known.concept_id, known.reason)
    if same == (campaign.pk, sieve.as_json(), verdict, concept, reason):
        return known
    raise Conflict(
        _("Another decision with this id is here already. Give each decision an id of its own."),
        pointer="/id",
        code="id-used",
    )


def label_of_bulk(campaign: Campaign, verdict: str, concept: UUID | None) -> Concept | None:
    """The label that is given, of those that the campaign offers; None where none is. Raises `Invalid`."""
    if verdict not in VERDICTS:
        raise Invalid(
            _("Many at once are accepted, rejected, or given another label."),
            pointer="/verdict",
            code="unknown-verdict",
        )
    if verdict != Verdict.CORRECTED:
        return None
    found = concepts_of(campaign.vocabulary, campaign.branch).filter(pk=concept).first() if concept else None
    if found is None:
        raise Invalid(_("Choose a label."), pointer="/concept", code="label-missing")
    return found


def _check(campaign: Campaign, sieve: Sieve) -> None:
    for name in ("support", "disagreement"):
        share = getattr(sieve, name)
        if share is not None and not 0 <= share <= 1:
            raise Invalid(
                _("This is a share from 0 to %(most)s.") % {"most": "1"},
                pointer=f"/wanted/{name}",
                code="out-of-range",
            )
    who = sieve.participant
    if who is not None and not Participant.objects.filter(campaign=campaign, pk=who).exists():
        raise Invalid(
            _("Nobody in this campaign is meant by this."),
            pointer="/wanted/participant",
            code="unknown-person",
        )


def run_bulk(bulk_id: str, runner: Runner) -> BulkReview:
    """Decide what is meant, a hundred at a time; stopped in the middle, what is decided stays, and it can go on.

    Only what had been merged when it was asked for: what comes later was in nobody's preview.
    """
    bulk = BulkReview.objects.select_related("campaign__vocabulary", "campaign__branch", "by").get(pk=bulk_id)
    if bulk.undone_at is not None or bulk.by is None:
        return bulk
    still = meant_tasks(
        bulk.campaign, Sieve.read(bulk.wanted), by=bulk.by, labelled=bulk.verdict == Verdict.ACCEPTED
    ).filter(consensus__computed_at__lte=bulk.at)
    waiting = list(still.values_list("pk", flat=True))
    sweep = Sweep(
        bulk.campaign, still, bulk.by, bulk.verdict, (bulk.concept_id,) if bulk.concept_id else (), bulk.reason, bulk
    )  # fmt: skip
    runner.expect(len(waiting) + bulk.decided, done=bulk.decided)
    for chunk in chunks(waiting):
        with transaction.atomic():
            # Held: whoever takes the action back waits for this hundred, and then finds them.
            held = BulkReview.objects.select_for_update().filter(pk=bulk.pk, undone_at=None).exists()
            if not held:
                break
            count = decide_alike(sweep, chunk)
            BulkReview.objects.filter(pk=bulk.pk).update(decided=F("decided") + count)
        runner.advance(len(chunk))
    bulk.refresh_from_db()
    return bulk


# --- taken back -----------------------------------------------------------------------------------


def bulk_of(campaign: Campaign, bulk_id: UUID) -> BulkReview:
    """A bulk action of the campaign, with its jobs and its label."""
    rows = BulkReview.objects.filter(campaign=campaign, pk=bulk_id)
    found = rows.select_related("job", "undo_job", "concept", "by").first()
    if found is None:
        raise Missing(_("Nothing was decided under this id."))
    return found


def undo_bulk(campaign: Campaign, bulk_id: UUID, *, by: User) -> BulkReview:
    """Take the whole action back, in the background (of items ruled on one by one: at once); harmless to repeat.

    One's own, or anybody's for those who run the campaign. What somebody has decided anew since stays.
    """
    refuse_archived(campaign)
    bulk = bulk_of(campaign, bulk_id)
    if bulk.by_id != by.pk and "manage" not in verbs_held(by, campaign):
        raise Refused(_("Somebody else decided this. They, or whoever runs the campaign, can take it back."))
    with transaction.atomic():
        # Whoever marks it first asks for the job; the action itself stops where it is.
        if BulkReview.objects.filter(pk=bulk.pk, undone_at=None).update(undone_at=Now()):
            if bulk.told:
                unsort(bulk, by=by)
                return bulk_of(campaign, bulk_id)
            job = request_job("campaigns.bulk-undo", bulk.pk, by=by, queue="compute")
            BulkReview.objects.filter(pk=bulk.pk).update(undo_job=job)
    return bulk_of(campaign, bulk_id)


def run_undo(bulk_id: str, runner: Runner) -> BulkReview:
    """Let the tasks wait again, a hundred at a time, but for those decided anew and those whose answer is known."""
    bulk = BulkReview.objects.select_related("campaign").get(pk=bulk_id)
    waiting = list(_standing(bulk).values_list("pk", flat=True))
    runner.expect(len(waiting) + bulk.taken_back, done=bulk.taken_back)
    for chunk in chunks(waiting):
        with transaction.atomic():
            hold_tasks(_standing(bulk).filter(pk__in=chunk))
            # Asked again: while one was waited for it may have been decided anew, or become a known answer.
            tasks = lock_tasks(_standing(bulk).filter(pk__in=chunk))
            reopen(bulk.campaign, tasks)
            withdraw_opinions(Opinion.objects.filter(bulk=bulk, task__in=tasks))
            BulkReview.objects.filter(pk=bulk.pk).update(taken_back=F("taken_back") + len(tasks))
        runner.advance(len(chunk))
    # What waits for a second reviewer only loses the first one's word.
    alone = Opinion.objects.filter(bulk=bulk, task__state=Task.State.RETIRED)
    count = withdraw_opinions(alone)
    BulkReview.objects.filter(pk=bulk.pk).update(taken_back=F("taken_back") + count)
    BulkReview.objects.filter(pk=bulk.pk).update(kept=F("decided") - F("taken_back"))
    request_consensus(bulk.campaign)
    bulk.refresh_from_db()
    return bulk


def _standing(bulk: BulkReview) -> QuerySet[Task]:
    """The tasks on which the action's decisions are in force and nobody's known answer."""
    decided = Decision.objects.filter(bulk=bulk, superseded_at=None, task=OuterRef("pk"))
    known = Gold.objects.filter(task=OuterRef("pk"), withdrawn_at=None)
    return Task.objects.filter(
        Exists(decided), ~Exists(known), campaign=bulk.campaign, state=Task.State.DECIDED
    ).order_by("position")
