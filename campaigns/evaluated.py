"""What an evaluation answers beyond its figures: the judgements behind each, with their pictures."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from annotation.geometry import Box, iou
from annotation.queries import crop_url
from campaigns.models import Evaluation, EvaluationPair
from problems import Conflict, Invalid

NONE = "none"
KINDS = {
    "true": Q(true_label=F("label")),
    "false": Q(true_label=None, label__isnull=False),
    "missed": Q(label=None, true_label__isnull=False),
}


def finished(evaluation: Evaluation) -> Evaluation:
    """The evaluation if it has figures. Raises `Conflict` while they are being computed."""
    if evaluation.finished_at is None:
        raise Conflict(
            _("This evaluation is still being computed. Look again in a moment."), code="not-finished"
        )
    return evaluation


def pairs_behind(
    evaluation: Evaluation, *, row: str = "", column: str = "", kind: str = ""
) -> QuerySet[EvaluationPair]:
    """The judgements behind a figure, the surest predictions first.

    With `kind` (true, false, missed) those that precision and recall count, of the class in `row` or `column`.
    Without it those of a cell of the confusion table: `row` is true, `column` was predicted; “none” is the last
    row (not there) and the last column (missed). Empty: any. Raises `Invalid` for an unknown name.
    """
    if kind and kind not in KINDS:
        raise Invalid(_("The kind is one of: true, false, missed."), pointer="/kind", code="unknown-kind")
    places = {one["id"]: place for place, one in enumerate(evaluation.figures["labels"])}
    asked = {"true_label": row, "label": column}
    pairs = EvaluationPair.objects.filter(evaluation=evaluation, by_label=bool(kind)).filter(
        KINDS.get(kind, Q())
    )
    for name, wanted in asked.items():
        if not wanted:
            continue
        if wanted != NONE and wanted not in places:
            raise Invalid(
                _("The evaluation has no class %s.") % wanted[:60],
                pointer="/row" if name == "true_label" else "/column",
                code="unknown-class",
            )
        pairs = pairs.filter(**{name: places.get(wanted)}) if wanted != NONE else pairs.filter(**{name: None})
    return pairs.order_by(F("score").desc(nulls_last=True), "pk")


def with_canvases(pairs: QuerySet[EvaluationPair]) -> QuerySet[EvaluationPair]:
    """The same with what a picture of each needs, in the same query."""
    return pairs.select_related("canvas__manifest").defer(
        "canvas__manifest__document", "canvas__manifest__metadata"
    )


def shown_pair(pair: EvaluationPair, labels: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One judgement for people and programs: both boxes, how far they overlap, and a picture around them."""
    boxes = [Box(*box) for box in (pair.true_box, pair.box) if box]
    around = _around(boxes, pair.canvas.width, pair.canvas.height) if boxes else None
    return {
        "canvas": pair.canvas_id,
        "canvas_uri": pair.canvas.uri,
        "true": None if pair.true_label is None else labels[pair.true_label]["id"],
        "predicted": None if pair.label is None else labels[pair.label]["id"],
        "true_annotation": pair.true_annotation,
        "annotation": pair.annotation,
        "true_box": pair.true_box,
        "box": pair.box,
        "iou": iou(*boxes) if len(boxes) == 2 else None,
        "score": pair.score,
        "region": list(around.xywh) if around else None,
        "crop": crop_url(pair.canvas, around),
    }


def _around(boxes: Sequence[Box], width: float, height: float) -> Box | None:
    """What to show: all boxes and as much again around them, within the canvas; None when nothing lies on it."""
    left, top = min(one.x for one in boxes), min(one.y for one in boxes)
    right, bottom = max(one.x + one.w for one in boxes), max(one.y + one.h for one in boxes)
    margin = 0.35 * max(right - left, bottom - top, 0.02 * min(width, height))
    x, y = max(0.0, left - margin), max(0.0, top - margin)
    w, h = min(width, right + margin) - x, min(height, bottom + margin) - y
    return Box(x, y, w, h) if w > 0 and h > 0 else None
