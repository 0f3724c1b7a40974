"""The ground truth of a campaign as the formats want it: frozen values, streamed from the database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FloatField, Func, IntegerField, Min, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from annotation.addresses import context_uri
from annotation.geometry import Box
from annotation.models import Annotation, AnnotationConcept, Canvas
from annotation.queries import as_document
from annotation.webanno.terms import PREFIX
from campaigns.agreement_report import named_report, unnamed_report, without_names
from campaigns.agreement_stored import unchanged_report
from campaigns.documents import points_of
from campaigns.formats import (
    Again,
    GroundTruth,
    ReleasedBeside,
    ReleasedCanvas,
    ReleasedConcept,
    ReleasedItem,
)
from campaigns.models import Campaign, Contribution, Decision, Participant, Release, Task, TaskConsensus
from campaigns.strands import steps_of, strands_of
from campaigns.written import step_on, text_on
from taxonomy.grouping import class_of
from taxonomy.models import Concept, Grouping
from taxonomy.queries import concepts_of, label_maps, tree_of

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
        concepts=_concepts(campaign, release.grouping.get("classes", ())),
        canvases=Again(lambda: _canvases(canvases)),
        items=Again(lambda: _items(campaign, canvases)),
        provenance=_provenance(campaign, release),
        grouping=_grouping(release),
        agreement=_agreement(release),
        pairs=campaign.traits.pairs,
        writes=any(strand.traits.says == "texts" for strand in strands_of(campaign)),
        steps=tuple(step["name"] for step in steps_of(campaign)),
    )


def _grouping(release: Release) -> dict[str, Any] | None:
    """The grouping chosen for the release, with the class of every concept as the vocabulary stands now."""
    if not release.grouping:
        return None
    vocabulary = release.campaign.vocabulary
    classes = [UUID(one) for one in release.grouping["classes"]]
    homes = class_of(tree_of(vocabulary), classes)
    members = {str(concept): str(home) for concept, home in homes.items() if home}
    return {**release.grouping, "vocabulary_version": vocabulary.version, "members": members}


def _agreement(release: Release) -> dict[str, Any]:
    """How well people agreed, under the grouping of the release while it is there; as told last, if that stands."""
    grouping = Grouping.objects.filter(pk=release.grouping.get("id")).first() if release.grouping else None
    body = unchanged_report(release.campaign, grouping) or unnamed_report(release.campaign, grouping)
    return without_names(named_report(release.campaign, body, "en"))


def _decided_canvases(campaign: Campaign) -> list[UUID]:
    """The canvases with at least one decided task, in the campaign's order."""
    rows = Task.objects.filter(campaign=campaign, state=Task.State.DECIDED).order_by().values("canvas")
    return [row["canvas"] for row in rows.annotate(first=Min("position")).order_by("first")]


def _batches(ids: list[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(ids), CANVASES_AT_ONCE):
        yield ids[start : start + CANVASES_AT_ONCE]


def _canvases(ids: list[UUID]) -> Iterator[ReleasedCanvas]:
    for batch in _batches(ids):
        found = _by_id(batch)
        yield from (found[pk] for pk in batch)


def _by_id(ids: Iterable[UUID]) -> dict[UUID, ReleasedCanvas]:
    rows = Canvas.objects.filter(pk__in=ids).select_related("manifest")
    return {
        canvas.pk: ReleasedCanvas(
            id=str(canvas.pk),
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
        for canvas in rows.defer("extra", "manifest__document", "manifest__metadata")
    }


# Counted in the merged annotation's own document, which stays when the merge is made anew.
GIVEN = Func(
    KeyTransform(f"{PREFIX}:derivedFrom", "judged__document"),
    function="jsonb_array_length",
    output_field=IntegerField(),
)
SHARE = Cast(KeyTextTransform(f"{PREFIX}:support", "judged__document"), FloatField())


def _items(campaign: Campaign, ids: list[UUID]) -> Iterator[ReleasedItem]:
    """One query for each batch of canvases; plain columns, since a release may have a million rows."""
    concepts = AnnotationConcept.objects.filter(annotation=OuterRef("result")).order_by("position")
    rows = (
        Decision.objects.filter(task__campaign=campaign, superseded_at=None)
        .filter(result__isnull=False, result__deleted_at=None)
        .annotate(given=GIVEN, share=SHARE, concepts=ArraySubquery(concepts.values("concept_id")))
        .order_by("task__position", "result__y", "result__x", "result_id")
    )
    pairs = campaign.traits.pairs
    columns = (*COLUMNS, *OF_PAIRS) if pairs else COLUMNS
    for batch in _batches(ids):
        here: dict[UUID, list[ReleasedItem]] = defaultdict(list)
        found = rows.filter(task__canvas__in=batch).values(*columns)
        others = _by_id(set(found.values_list("task__beside__canvas", flat=True))) if pairs else {}
        for row in found.iterator(chunk_size=2000):
            item = _item(row)
            here[row["result__canvas_id"]].append(_paired(item, row, others) if pairs else item)
        for pk in batch:
            yield from here.get(pk, ())


COLUMNS = (
    "result_id", "result__layer_id", "result__canvas_id", "result__x", "result__y", "result__w", "result__h",
    "result__document", "concepts", "given", "share", "details", "verdict", "by__pseudonym", "by__username",
)  # fmt: skip


OF_PAIRS = (
    "task__about_id", "task__beside_id", "task__beside__canvas_id", "task__beside__x", "task__beside__y",
    "task__beside__w", "task__beside__h", "task__consensus__agreement",
)  # fmt: skip


def _paired(item: ReleasedItem, row: dict[str, Any], canvases: Mapping[UUID, ReleasedCanvas]) -> ReleasedItem:
    """The item with both regions that it is about."""
    if row["task__beside_id"] is None:
        return item
    place = [row[f"task__beside__{name}"] for name in "xywh"]
    return replace(
        item,
        about=str(row["task__about_id"]),
        beside=ReleasedBeside(
            annotation=str(row["task__beside_id"]),
            canvas=canvases[row["task__beside__canvas_id"]],
            box=Box(*place) if place[0] is not None else None,
        ),
        agreement=row["task__consensus__agreement"],
    )


def _item(row: dict[str, Any]) -> ReleasedItem:
    annotation = Annotation(
        id=row["result_id"], layer_id=row["result__layer_id"], document=row["result__document"]
    )
    given, share = row["given"] or 0, row["share"] or 0.0
    x, y, w, h = (row[f"result__{name}"] for name in "xywh")
    annotation.x, annotation.y, annotation.w, annotation.h = x, y, w, h
    return ReleasedItem(
        annotation=str(annotation.pk),
        canvas=str(row["result__canvas_id"]),
        box=Box(*annotation.box) if annotation.box else None,
        points=points_of(annotation),
        concepts=tuple(map(str, row["concepts"])),
        support=len(row["details"].get("members", ())) or (given if share else 0),
        seen=round(given / share) if share else 0,
        decided_by=row["by__pseudonym"] or row["by__username"] or "",
        status=row["verdict"],
        document=as_document(annotation),
        text=text_on(annotation),
        step=step_on(annotation),
    )


def _concepts(campaign: Campaign, classes: Iterable[str] = ()) -> list[ReleasedConcept]:
    """The concepts that the campaign offers, any other that stands in its ground truth, and the classes."""
    offered = {concept.pk: concept for concept in concepts_of(campaign.vocabulary, campaign.branch)}
    used = AnnotationConcept.objects.filter(
        annotation__layer=campaign.ground_truth_layer_id, annotation__deleted_at=None
    ).values("concept")
    for concept in Concept.objects.filter(Q(pk__in=used) | Q(pk__in=list(classes))).exclude(pk__in=offered):
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
    people = Participant.objects.filter(
        campaign=campaign, merged_into=None, contributions__assignment__seeded=False
    ).distinct()
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
        "retirement": campaign.retirement,
        "participants": people.count(),
        "simulated_participants": people.filter(is_simulated=True).count(),
        "contributions": Contribution.objects.filter(task__campaign=campaign, counts=True).count(),
        "consensus_methods": sorted(set(merged)),
        "predictions_shown": run and {"predictor": run.predictor.name, "version": run.predictor.version},
        "released_by": release.created_by.public_name if release.created_by else None,
    }
