"""A concept was split: people are asked which part was meant, and what they decide moves the annotations."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from annotation.models import Annotation, AnnotationConcept, Layer
from annotation.permissions import visible_layers, visible_manifests
from campaigns.actions.campaigns import create_campaign
from campaigns.actions.tasks import choose_annotated
from campaigns.actions.vocabularies import compute_again
from campaigns.models import Campaign, ConsensusMember, Decision, Task
from problems import Conflict
from taxonomy.heirs import heirs_of, hold_vocabulary, stands
from taxonomy.models import Concept, VocabularyChange
from taxonomy.permissions import require_manager
from taxonomy.queries import label_maps, tree_of
from taxonomy.signals import Touched
from work.actions import request_job_once

# What people said themselves, or a curator decided, or a file brought; what is merged from answers only while nobody
# has decided on it. Answers go along with what they were merged into; predictions can be made anew.
ASKED_KINDS = (Layer.Kind.GROUND_TRUTH, Layer.Kind.IMPORTED, Layer.Kind.PERSONAL)
TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "What was called “{concept}”: {parts}?",
        "summary": "“{concept}” has been divided. Say for each picture which of its parts it shows.",
        "prompt": "This was called “{concept}”. Is it {parts}?",
        "or": " or ",
    },
    "fr": {
        "title": "Ce qui s’appelait «\u202f{concept}\u202f»\u00a0: {parts}\u202f?",
        "summary": "«\u202f{concept}\u202f» a été divisé. Dites pour chaque image laquelle de ses parties elle montre.",
        "prompt": "Ceci s’appelait «\u202f{concept}\u202f». Est-ce {parts}\u202f?",
        "or": " ou ",
    },
}


def ask_about_split(change: VocabularyChange, *, by: User) -> Campaign:
    """A draft campaign that shows what was annotated with a split concept and asks which part it is.

    Its maker must look after the vocabulary and be a curator. People choose below what the parts have in common;
    its regions are those that its maker may see. Raises `Conflict` where there is nothing to ask, or it is asked.
    """
    require_manager(change.vocabulary, by)
    with transaction.atomic():
        hold_vocabulary(change.vocabulary_id)
        concept, parts = _split_by(change)
        VocabularyChange.objects.select_for_update(no_key=True).get(pk=change.pk)
        earlier = change.campaigns.first()
        if earlier is not None:
            raise Conflict(
                _("This is asked already, in the campaign “%s”.") % earlier.slug,
                code="asked-already",
                extra={"campaign": earlier.slug},
            )
        said = annotations_to_ask(concept, by)
        if not said.exists():
            raise Conflict(
                _("Nothing that you may see was annotated with this concept, so there is nothing to ask."),
                code="nothing-to-ask",
            )
        texts = _texts(concept, parts)
        campaign = create_campaign(
            by=by,
            slug=_free_slug(change),
            title=texts["title"],
            vocabulary=change.vocabulary,
            summary=texts["summary"],
            question_kind="tag",
            question={"prompt": texts["prompt"]},
            branch=_in_common(change, parts),
        )
        Campaign.objects.filter(pk=campaign.pk).update(asks_about=change)
        campaign.asks_about = change
        choose_annotated(campaign, by=by, annotations=said)
    return campaign


def _split_by(change: VocabularyChange) -> tuple[Concept, list[Concept]]:
    if change.operation != "split" or not stands(change):
        raise Conflict(_("Only a split that stands can be asked about."), code="no-split")
    uris = [change.detail["concept"], *change.detail["parts"]]
    found = {row.uri: row for row in Concept.objects.filter(vocabulary=change.vocabulary, uri__in=uris)}
    return found[uris[0]], [found[uri] for uri in uris[1:]]


def annotations_to_ask(concept: Concept, by: User) -> QuerySet[Annotation]:
    """What counts as the concept, stands on a canvas that the person may see, and nobody has to decide elsewhere."""
    links = AnnotationConcept.objects.filter(concept=concept)
    kept = Q(layer__kind__in=ASKED_KINDS, layer__in=visible_layers(by).order_by().values("pk"))
    merged = Q(consensus_item__consensus__task__state=Task.State.RETIRED) & Q(
        layer__in=visible_layers(by).order_by().values("pk")
    )
    manifests = visible_manifests(by).order_by().values("pk")
    rows = Annotation.objects.filter(kept | merged, pk__in=links.values("annotation"), deleted_at=None)
    return rows.filter(canvas__manifest__in=manifests)


def _texts(concept: Concept, parts: Sequence[Concept]) -> dict[str, dict[str, str]]:
    """Title, summary and prompt, each in English and French."""
    labels = label_maps([concept.pk, *(part.pk for part in parts)])
    texts: dict[str, dict[str, str]] = {"title": {}, "summary": {}, "prompt": {}}
    for language, words in TEXTS.items():
        called = {row.pk: _called(row, labels.get(row.pk, {}), language) for row in (concept, *parts)}
        names = [called[part.pk] for part in parts]
        listed = ", ".join(names[:-1]) + words["or"] + names[-1]
        for name in texts:
            texts[name][language] = words[name].format(concept=called[concept.pk], parts=listed)
    return texts


def _called(concept: Concept, labels: Mapping[str, str], language: str) -> str:
    first = labels.get(language) or labels.get("en") or next(iter(labels.values()), "")
    return first or concept.notation or concept.uri


def _free_slug(change: VocabularyChange) -> str:
    return f"{change.vocabulary.slug[:40]}-split-{change.version}"


def _in_common(change: VocabularyChange, parts: Sequence[Concept]) -> Concept | None:
    """The deepest concept above all the parts; None for the whole vocabulary."""
    tree = tree_of(change.vocabulary)
    above = [tree.ancestors(part.pk) for part in parts]
    common = next((pk for pk in above[0] if all(pk in other for other in above)), None)
    return Concept.objects.get(pk=common) if common else None


def relink_split(campaign: Campaign) -> int:
    """Let what was annotated with the split concept count as what has been decided about it; returns how many.

    The documents stay as they were said, the links remember the concept; harmless to repeat. Answers that went
    into a merged annotation go with it.
    """
    change = campaign.asks_about
    if change is None:
        return 0
    moved = 0
    with transaction.atomic():
        hold_vocabulary(campaign.vocabulary_id)
        if not stands(change):
            return 0
        concept, parts = _split_by(change)
        chosen = {part.pk for part in parts}
        heirs = heirs_of(chosen)
        for task, part in _decided(campaign):
            if part in chosen:
                moved += _relink(_at(task, concept), concept, heirs.get(part, part))
    return moved


def _decided(campaign: Campaign) -> list[tuple[Task, UUID]]:
    """The decided tasks with the concept that the decision in force gives them; two queries."""
    rows = Decision.objects.filter(task__campaign=campaign, superseded_at=None, result__deleted_at=None)
    pairs = rows.filter(result__isnull=False).order_by("task__position", "pk").values_list("task", "result")
    links = AnnotationConcept.objects.filter(annotation__in=[result for _task, result in pairs])
    given = {link.annotation_id: link.concept_id for link in links.order_by("-position")}
    tasks = Task.objects.in_bulk([task for task, _result in pairs])
    return [(tasks[task], given[result]) for task, result in pairs if result in given]


def _at(task: Task, concept: Concept) -> set[UUID]:
    """The annotations with the concept at exactly this place, and the answers and merges that they came from."""
    x, y, w, h = task.region or (None,) * 4
    place = Q(x=x, y=y, w=w, h=h) if task.region else Q(x=None)
    links = AnnotationConcept.objects.filter(concept=concept).values("annotation")
    here = Annotation.objects.filter(place, canvas=task.canvas_id, pk__in=links, deleted_at=None)
    found = set(here.values_list("pk", flat=True))
    judged = Decision.objects.filter(result__in=found, judged__isnull=False).values_list("judged", flat=True)
    found |= set(judged)
    members = ConsensusMember.objects.filter(item__annotation__in=found)
    return found | set(members.values_list("annotation", flat=True))


def _relink(annotations: set[UUID], concept: Concept, part: UUID) -> int:
    links = AnnotationConcept.objects.filter(annotation__in=annotations, concept=concept)
    there = AnnotationConcept.objects.filter(annotation__in=annotations, concept=part).values("annotation")
    # What was said with a concept that had been merged into this one remembers that one.
    said = Coalesce(F("said"), Value(concept.pk))
    return links.exclude(annotation__in=there).update(concept=part, said=said)


ENDED = gettext_noop("The campaign that asked which part was meant is closed; its answers are kept.")


def follow_unsplit(change: VocabularyChange, *, by: User) -> list[Touched]:
    """End the campaign that asks about a split which is taken back, and compute merged answers again.

    Its answers and its ground truth stay as they were said. A draft stays one; none is opened again while the
    split does not stand.
    """
    running = Campaign.objects.filter(
        asks_about=change, status__in=[Campaign.Status.OPEN, Campaign.Status.PILOT, Campaign.Status.PAUSED]
    )
    ended = running.update(status=Campaign.Status.CLOSED, closed_at=Now(), modified_at=Now())
    compute_again(change.vocabulary, by=by)
    return [Touched("campaigns", ended, ENDED)] if ended else []


def follow_split_again(change: VocabularyChange, *, by: User) -> None:
    """The split stands again: what was decided about it moves the annotations once more."""
    for campaign in change.campaigns.order_by("pk"):
        request_job_once("campaigns.relink", campaign.pk, by=by, queue="compute")
