"""Keeps what was said of pairs on its second region when the canvas of that one gets another size."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from annotation.models import Annotation, AnnotationRevision
from annotation.signals import RescaledCanvas
from annotation.webanno.scaling import scaled
from campaigns.models import Task

BATCH = 500
BECAUSE = "The canvas of the other region has another size: scaled by"


def follow_besides(canvases: Sequence[RescaledCanvas]) -> None:
    """Scale the second target of what was said of pairs; what stands on the first is scaled where it stands.

    One statement where no pair is concerned, three for each 500 annotations else.
    """
    apart = Task.objects.filter(beside__canvas__in=[one.id for one in canvases]).exclude(
        canvas=F("beside__canvas")
    )
    concerned = set(apart.order_by().values_list("beside__canvas", flat=True).distinct())
    for canvas in canvases:
        if canvas.id in concerned:
            _follow(canvas)


def _follow(canvas: RescaledCanvas) -> None:
    tasks = Task.objects.filter(beside__canvas=canvas.id).exclude(canvas=canvas.id).order_by().values("pk")
    said = (
        Q(contribution_shape__contribution__task__in=tasks)
        | Q(consensus_item__consensus__task__in=tasks)
        | Q(decided_by__task__in=tasks)
    )
    ids: list[UUID] = list(
        Annotation.objects.filter(said).order_by("pk").values_list("pk", flat=True).distinct()
    )
    for begin in range(0, len(ids), BATCH):
        rows = list(
            Annotation.objects.filter(pk__in=ids[begin : begin + BATCH])
            .order_by("pk")
            .select_for_update(no_key=True)
        )
        reason = f"{BECAUSE} {canvas.sx:g}, {canvas.sy:g}"
        AnnotationRevision.objects.bulk_create(
            AnnotationRevision(annotation=row, revision=row.revision, document=row.document, reason=reason)
            for row in rows
        )
        for row in rows:
            row.document = scaled(row.document, source=canvas.uri, sx=canvas.sx, sy=canvas.sy)
            row.revision, row.modified_at = row.revision + 1, timezone.now()
        Annotation.objects.bulk_update(rows, ["document", "revision", "modified_at"])
