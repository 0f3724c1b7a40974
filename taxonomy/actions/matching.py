"""Ask an authority about a whole vocabulary, and answer what it proposes."""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from problems import Conflict
from taxonomy.actions.lookups import language_said, match_concept
from taxonomy.authorities import Authority
from taxonomy.lookups import authority_named
from taxonomy.models import Concept, MatchCandidate, MatchRun, Relation, Vocabulary
from taxonomy.permissions import require_manager
from taxonomy.skos import MATCH_KINDS
from work.actions import request_job
from work.models import Job

KIND = "taxonomy.match"
State = MatchCandidate.State


def match_vocabulary(vocabulary: Vocabulary, authority: str, *, language: str, by: User) -> MatchRun:
    """Queue the work that proposes candidates for every concept without a match to the authority.

    Raises `Refused`, `Invalid` (an unknown authority) and `Conflict` while such work is under way.
    """
    require_manager(vocabulary, by)
    asked, said = authority_named(authority), language_said(language)
    with transaction.atomic():
        Vocabulary.objects.select_for_update().get(pk=vocabulary.pk)
        under_way = Q(job__state__in=[Job.State.QUEUED, Job.State.RUNNING])
        if MatchRun.objects.filter(under_way, vocabulary=vocabulary, authority=asked.name).exists():
            raise Conflict(
                "This authority is being asked already. Wait until it is done, or stop it.", code="under-way"
            )
        run = MatchRun.objects.create(
            vocabulary=vocabulary, authority=asked.name, language=said, created_by=by
        )
        run.job = request_job(KIND, run.pk, by=by, queue="fetch")
        run.save(update_fields=["job"])
    return run


def unmatched(vocabulary: Vocabulary, authority: Authority) -> QuerySet[Concept]:
    """Usable concepts without a match to the authority and without a candidate of it that waits, by id."""
    own = Q()
    for space in authority.spaces:
        own |= Q(target_uri__startswith=space)
    matches = Relation.objects.filter(concept=OuterRef("pk"), kind__in=MATCH_KINDS)
    candidates = MatchCandidate.objects.filter(concept=OuterRef("pk"), authority=authority.name)
    # A match that was taken back by an undo may be proposed anew.
    still = Exists(Relation.objects.filter(concept=OuterRef("concept_id"), target_uri=OuterRef("uri")))
    concepts = Concept.objects.filter(vocabulary=vocabulary, status=Concept.Status.ACCEPTED)
    concepts = concepts.exclude(Exists(candidates.filter(state=State.WAITING)))
    concepts = concepts.exclude(Exists(candidates.filter(still, state=State.ACCEPTED)))
    if authority.spaces:
        concepts = concepts.exclude(Exists(matches.filter(own)))
    return concepts.order_by("pk")


def accept_candidate(candidate: MatchCandidate, *, kind: str, by: User) -> MatchCandidate:
    """Match the concept to the candidate: a change of the vocabulary, which can be taken back."""
    with transaction.atomic():
        waiting = _waiting(candidate, by)
        match_concept(waiting.concept, uri=waiting.uri, kind=kind, by=by)
    candidate.refresh_from_db()
    return candidate


def decline_candidate(candidate: MatchCandidate, *, by: User) -> MatchCandidate:
    """Say that it is another thing; it is not proposed again."""
    with transaction.atomic():
        _decline(MatchCandidate.objects.filter(pk=_waiting(candidate, by).pk), by)
    candidate.refresh_from_db()
    return candidate


def decline_all(vocabulary: Vocabulary, concept_id: UUID, *, authority: str, by: User) -> int:
    """Say that none of an authority's waiting candidates is the concept; returns how many there were."""
    require_manager(vocabulary, by)
    waiting = vocabulary.match_candidates.filter(concept=concept_id, authority=authority, state=State.WAITING)
    return _decline(waiting, by)


def _decline(candidates: QuerySet[MatchCandidate], by: User) -> int:
    return candidates.update(state=State.DECLINED, decided_by=by, decided_at=Now())


def _waiting(candidate: MatchCandidate, by: User) -> MatchCandidate:
    require_manager(candidate.vocabulary, by)
    # The vocabulary first, as every edit does: two answers at once wait for each other instead of for ever.
    Vocabulary.objects.select_for_update().get(pk=candidate.vocabulary_id)
    rows = MatchCandidate.objects.select_for_update(of=("self",))
    locked = rows.select_related("concept__vocabulary", "vocabulary").get(pk=candidate.pk)
    if locked.state != State.WAITING:
        raise Conflict("This candidate has been answered already.", code="answered")
    return locked
