"""The ground truth of a campaign as the formats want it: frozen values, streamed from the database."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Min, Prefetch

from annotation.addresses import context_uri
from annotation.geometry import Box
from annotation.models import Annotation, AnnotationConcept, Canvas
from annotation.queries import as_document
from annotation.webanno.terms import PREFIX
from campaigns.formats import Again, GroundTruth, ReleasedCanvas, ReleasedConcept, ReleasedItem
from campaigns.models import Campaign, Contribution, Decision, Participant, Release, Task, TaskConsensus
from taxonomy.models import Concept
from taxonomy.queries import concepts_of, label_maps

CANVASES_AT_ONCE = 500


def ground_truth_of(release: Release, *, uri: str, created_at: datetime) -> GroundTruth:
    """Everything that has been decided in the campaign; read again from the database each time it is walked.

    Memory holds the ids of the canvases and one batch of annotations; the number of queries grows with
    the number of batches, not of annotations.
    """
    campaign = release.campaign
    canvases = _decided_canvases(campaign)
    return GroundTruth(
        campaign=campaign.slug,
        title=campaign.title,
        number=release.number,
        uri=uri,
        rights=release.rights,
        created_at=created_at,
        note=release.note,
        contexts=(context_uri(),),
        concepts=_concepts(campaign),
        canvases=Again(lambda: _canvases(canvases)),
        items=Again(lambda: _items(campaign, canvases)),
        provenance=_provenance(campaign, release),
    )


def _decided_canvases(campaign: Campaign) -> list[UUID]:
    """The canvases with at least one decided task, in the campaign's order."""
    rows = Task.objects.filter(campaign=campaign, state=Task.State.DECIDED).order_by().values("canvas")
    return [row["canvas"] for row in rows.annotate(first=Min("position")).order_by("first")]


def _batches(ids: list[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(ids), CANVASES_AT_ONCE):
        yield ids[start : start + CANVASES_AT_ONCE]


def _canvases(ids: list[UUID]) -> Iterator[ReleasedCanvas]:
    for batch in _batches(ids):
        rows = Canvas.objects.filter(pk__in=batch).select_related("manifest")
        rows = rows.defer("extra", "manifest__document", "manifest__metadata")
        found = {canvas.pk: canvas for canvas in rows}
        for pk in batch:
            canvas = found[pk]
            yield ReleasedCanvas(
                id=str(pk),
                uri=canvas.uri,
                manifest=canvas.manifest.uri,
                label=canvas.label,
                width=canvas.width,
                height=canvas.height,
                image_url=canvas.image_url,
                image_service=canvas.image_service,
                image_service_version=canvas.image_service_version,
                image_width=canvas.image_width,
                image_height=canvas.image_height,
            )


def _items(campaign: Campaign, ids: list[UUID]) -> Iterator[ReleasedItem]:
    links = Prefetch("result__concept_links", queryset=AnnotationConcept.objects.order_by("position"))
    for batch in _batches(ids):
        decisions = (
            Decision.objects.filter(
                task__campaign=campaign,
                task__canvas__in=batch,
                superseded_at=None,
                result__deleted_at=None,
                result__isnull=False,
            )
            .select_related("task", "result", "judged", "by")
            .prefetch_related(links)
            .order_by("task__position", "result__y", "result__x", "result_id")
        )
        here: dict[UUID, list[Decision]] = defaultdict(list)
        for decision in decisions:
            here[decision.task.canvas_id].append(decision)
        for pk in batch:
            yield from (_item(decision) for decision in here[pk])


def _item(decision: Decision) -> ReleasedItem:
    annotation = decision.result
    assert annotation is not None
    support, seen = _voices(decision.judged)
    return ReleasedItem(
        annotation=str(annotation.pk),
        canvas=str(annotation.canvas_id),
        box=Box(*annotation.box) if annotation.box else None,
        concepts=tuple(str(link.concept_id) for link in annotation.concept_links.all()),
        support=support,
        seen=seen,
        decided_by=decision.by.public_name if decision.by else "",
        status=decision.verdict,
        document=as_document(annotation),
    )


def _voices(judged: Annotation | None) -> tuple[int, int]:
    """How many people gave what was judged, and how many saw the task; (0, 0) for what a curator added.

    Read from the merged annotation's own document, which stays when the merge is made anew.
    """
    if judged is None:
        return 0, 0
    share = float(judged.document.get(f"{PREFIX}:support", 0))
    given = len(judged.document.get(f"{PREFIX}:derivedFrom", ()))
    return (given, round(given / share)) if given and share else (0, 0)


def _concepts(campaign: Campaign) -> list[ReleasedConcept]:
    """The concepts that the campaign offers, and any other that stands in its ground truth."""
    offered = {concept.pk: concept for concept in concepts_of(campaign.vocabulary, campaign.branch)}
    used = AnnotationConcept.objects.filter(
        annotation__layer=campaign.ground_truth_layer_id, annotation__deleted_at=None
    ).values("concept")
    for concept in Concept.objects.filter(pk__in=used).exclude(pk__in=offered):
        offered[concept.pk] = concept
    labels = label_maps(offered)
    return [
        ReleasedConcept(
            id=str(concept.pk),
            uri=concept.uri,
            labels=labels.get(concept.pk, {}),
            notation=concept.notation,
            parent=str(concept.parent_id) if concept.parent_id in offered else None,
        )
        for concept in sorted(offered.values(), key=lambda concept: concept.preorder)
    ]


def _provenance(campaign: Campaign, release: Release) -> dict[str, Any]:
    """Who and what the ground truth came from, without naming anybody."""
    merged = TaskConsensus.objects.filter(campaign=campaign).values_list("method", flat=True).distinct()
    people = Participant.objects.filter(campaign=campaign, contributions__isnull=False).distinct()
    run = campaign.shown_run
    return {
        "software": f"Rubricator {settings.VERSION}",
        "campaign_version": campaign.config_version,
        "question": {"kind": campaign.question_kind, **campaign.question},
        "vocabulary": {
            "uri": campaign.vocabulary.uri,
            "version": campaign.vocabulary.version,
            "branch": campaign.branch.uri if campaign.branch else None,
            "licence": campaign.vocabulary.licence,
        },
        "overlap": campaign.overlap,
        "participants": people.count(),
        "simulated_participants": people.filter(is_simulated=True).count(),
        "contributions": Contribution.objects.filter(task__campaign=campaign, counts=True).count(),
        "consensus_methods": sorted(set(merged)),
        "predictions_shown": run and {"predictor": run.predictor.name, "version": run.predictor.version},
        "released_by": release.created_by.public_name if release.created_by else None,
    }
