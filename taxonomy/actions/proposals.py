"""Propose a concept that a vocabulary lacks; whoever looks after it accepts, points to another, or declines."""

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from problems import Conflict, Invalid, Missing
from taxonomy.actions.editing import add_concept
from taxonomy.models import Concept, Proposal, Vocabulary
from taxonomy.permissions import require_manager
from taxonomy.skos import ConceptValue, LabelValue
from taxonomy.skos.triples import language_tag

MOST_WAITING = 200


def propose_concept(
    vocabulary: Vocabulary, *, id: UUID, label: str, language: str, by: User,  # noqa: A002
    parent: UUID | None = None, reason: str = "", example: str = "",
) -> Proposal:  # fmt: skip
    """Put a proposal into the queue; the same id again is a retry. Whoever may see the vocabulary may propose.

    Raises `Invalid`, `Missing` (an unknown parent), `Conflict` (the same label waits already, or too many do).
    """
    label, language = label.strip(), language_tag(language)
    if not 0 < len(label) <= 500:
        raise Invalid("Give the concept a name of up to 500 characters.", pointer="/label", code="bad-label")
    above = Concept.objects.filter(vocabulary=vocabulary, pk=parent).first() if parent else None
    if parent and above is None:
        raise Missing("The vocabulary has no such concept.")
    with transaction.atomic():
        # One at a time for a vocabulary: of the same proposal, sent twice or by two people, the second sees the first.
        Vocabulary.objects.select_for_update(no_key=True).only("pk").get(pk=vocabulary.pk)
        earlier = Proposal.objects.filter(pk=id).first()
        if earlier:
            if (earlier.vocabulary_id, earlier.created_by_id, earlier.label) != (vocabulary.pk, by.pk, label):
                raise Conflict("This id already stands for another proposal.", code="id-taken")
            return earlier
        waiting = Proposal.objects.filter(vocabulary=vocabulary, state=Proposal.State.WAITING)
        if waiting.filter(label__iexact=label, language=language).exists():
            raise Conflict(
                "This concept has been proposed already and waits for an answer.", code="proposed-already"
            )
        if waiting.filter(created_by=by).count() >= MOST_WAITING:
            raise Conflict(
                "You have too many proposals waiting. Come back when they are answered.", code="too-many"
            )
        return Proposal.objects.create(
            pk=id, vocabulary=vocabulary, label=label, language=language, parent=above,
            reason=reason.strip()[:4000], example=example.strip()[:2000], created_by=by,
        )  # fmt: skip


def accept_proposal(
    proposal: Proposal, *, by: User, concept: Concept | None = None, answer: str = ""
) -> Proposal:
    """Make the concept that is proposed, or point to the one that was meant."""
    with transaction.atomic():
        waiting = _waiting(proposal, by)
        if concept is not None and concept.vocabulary_id != waiting.vocabulary_id:
            raise Missing("The vocabulary has no such concept.")
        if concept is None:
            value = ConceptValue("", labels=(LabelValue("pref", waiting.language, waiting.label),))
            concept = add_concept(waiting.vocabulary, value, parent=waiting.parent_id, by=by)
        return _decide(waiting, Proposal.State.ACCEPTED, concept=concept, answer=answer, by=by)


def decline_proposal(proposal: Proposal, *, answer: str, by: User) -> Proposal:
    """Say no, with the reason that the proposer is told."""
    if not answer.strip():
        raise Invalid("Say why, so that the proposer understands.", pointer="/answer", code="blank")
    with transaction.atomic():
        return _decide(_waiting(proposal, by), Proposal.State.DECLINED, concept=None, answer=answer, by=by)


def _waiting(proposal: Proposal, by: User) -> Proposal:
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("vocabulary").get(pk=proposal.pk)
    require_manager(locked.vocabulary, by)
    if locked.state != Proposal.State.WAITING:
        raise Conflict("This proposal has been answered already.", code="answered")
    return locked


def _decide(
    proposal: Proposal, state: Proposal.State, *, concept: Concept | None, answer: str, by: User
) -> Proposal:
    Proposal.objects.filter(pk=proposal.pk).update(
        state=state, concept=concept, answer=answer.strip(), decided_by=by, decided_at=Now()
    )
    proposal.refresh_from_db()
    return proposal
