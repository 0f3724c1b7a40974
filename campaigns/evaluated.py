"""What an evaluation answers beyond its figures: the judgements behind each, with their pictures."""

from collections.abc import Mapping, Sequence
from math import dist, hypot, isfinite, nan
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Sqrt
from django.utils.translation import gettext as _

from annotation.geometry import Box, iou
from annotation.queries import crop_url
from campaigns.models import Evaluation, EvaluationPair
from campaigns.quality.overlay import overlay
from campaigns.questions.places import around, corners_of, reach_on
from problems import Conflict, Invalid

NONE = "none"
KINDS = {
    "true": Q(true_label=F("label")),
    "false": Q(true_label=None, label__isnull=False),
    "missed": Q(label=None, true_label__isnull=False),
    "wanted": Q(true_label__isnull=False),  # found or missed
    "said": Q(label__isnull=False),  # right or false
    "below": Q(counts=False),  # too unsure to count
    "scored": Q(label__isnull=False),  # said, whether it counts or not
    "counted": Q(),  # right, false or missed: behind F1
    "whole": Q(),  # the same and what is too unsure: behind average precision
    "elsewhere": Q(aside="elsewhere"),  # on images outside the release
    "other_shape": Q(aside="other_shape"),  # of a kind that is not measured
    "unscored": Q(aside="unscored"),  # without confidence
}
ASIDE = ("elsewhere", "other_shape", "unscored")
# A class is on either side of them.
COMPOSITE = ("counted", "whole")
# What counts is behind every other.
WITH_UNCOUNTED = ("below", "scored", "whole", *ASIDE)
BOUNDS = {
    "side_from": "side__gte", "side_to": "side__lt", "score_above": "score__gt", "score_to": "score__lte",
}  # fmt: skip


def finished(evaluation: Evaluation) -> Evaluation:
    """The evaluation if it has figures. Raises `Conflict` while they are being computed."""
    if evaluation.finished_at is None:
        raise Conflict(
            _("This evaluation is still being computed. Look again in a moment."), code="not-finished"
        )
    return evaluation


def pairs_behind(
    evaluation: Evaluation, *, row: str = "", column: str = "", kind: str = "", **bounds: str
) -> QuerySet[EvaluationPair]:
    """The judgements behind a figure, the surest predictions first.

    With `kind` those that precision and recall count, of the class in `row` or `column`: true, false, missed; wanted
    (true or missed), said (true or false); below (too unsure to count) and scored (said or below); counted (true,
    false and missed) and whole (counted and below), with the class in `row` on either side; elsewhere, other_shape,
    unscored: what was set aside. Without it those of a cell of the confusion table: `row` is true, `column` was
    predicted; “none” is the last row (not there) and the last column (missed). Empty: any. `bounds`: `side_from`,
    `side_to` of the true thing, `score_above`, `score_to` of the prediction, numbers as text; `side_from` and
    `score_to` lie within. Raises `Invalid` for an unknown name, and for what is no number.
    """
    if kind and kind not in KINDS:
        raise Invalid(
            _("The kind is one of: %s.") % ", ".join(KINDS),
            pointer="/kind",
            code="unknown-kind",
        )
    places = {one["id"]: place for place, one in enumerate(evaluation.figures["labels"])}
    asked = {"true_label": row, "label": column}
    pairs = EvaluationPair.objects.filter(
        evaluation=evaluation, by_label=bool(kind) and kind not in ASIDE
    ).filter(KINDS.get(kind, Q()))
    if kind not in WITH_UNCOUNTED:
        pairs = pairs.filter(counts=True)
    for name, wanted in asked.items():
        if not wanted:
            continue
        if wanted != NONE and wanted not in places:
            raise Invalid(
                _("The evaluation has no class %s.") % wanted[:60],
                pointer="/row" if name == "true_label" else "/column",
                code="unknown-class",
            )
        if kind in COMPOSITE and wanted != NONE:
            pairs = pairs.filter(Q(true_label=places[wanted]) | Q(label=places[wanted]))
            continue
        pairs = pairs.filter(**{name: places.get(wanted)}) if wanted != NONE else pairs.filter(**{name: None})
    within = {BOUNDS[name]: _number(name, text) for name, text in bounds.items() if text}
    if kind in COMPOSITE and any(name.startswith("side") for name in within):
        # What is false has the size that was said.
        pairs = pairs.alias(extent=Coalesce(F("side"), Sqrt(F("box__2") * F("box__3"))))
        within = {name.replace("side", "extent"): value for name, value in within.items()}
    pairs = pairs.filter(**within)
    return pairs.order_by(F("score").desc(nulls_last=True), "pk")


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = nan
    if not isfinite(value):
        raise Invalid(_("A bound is a number."), pointer=f"/{name}", code="not-a-number")
    return value


def with_canvases(pairs: QuerySet[EvaluationPair]) -> QuerySet[EvaluationPair]:
    """The same with what a picture of each needs, in the same query."""
    return pairs.select_related("canvas__manifest").defer(
        "canvas__manifest__document", "canvas__manifest__metadata"
    )


def shown_pair(pair: EvaluationPair, labels: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One judgement for people and programs: both boxes, how far they overlap, and a picture around them."""
    boxes = [place for place in (_place(pair, pair.true_box), _place(pair, pair.box)) if place]
    around = region_around(boxes, pair.canvas.width, pair.canvas.height) if boxes else None
    return {
        "canvas": pair.canvas_id,
        "canvas_uri": pair.canvas.uri,
        "true": None if pair.true_label is None else labels[pair.true_label]["id"],
        "predicted": None if pair.label is None else labels[pair.label]["id"],
        "true_annotation": pair.true_annotation,
        "annotation": pair.annotation,
        "true_box": pair.true_box,
        "box": pair.box,
        "true_points": _corners(pair.true_points),
        "points": _corners(pair.points),
        "iou": _overlap(pair, boxes),
        "distance": _distance(pair),
        "score": pair.score,
        "region": list(around.xywh) if around else None,
        "crop": crop_url(pair.canvas, around),
    }


def _place(pair: EvaluationPair, box: Sequence[float] | None) -> Box | None:
    """Where to look: the box, or around a point as far as points reach."""
    if not box:
        return None
    if box[2] > 0 and box[3] > 0:
        return Box(*box)
    return Box(*around(box[:2], reach_on((pair.canvas.width, pair.canvas.height))))


def _corners(flat: Sequence[float] | None) -> list[list[float]] | None:
    return [[x, y] for x, y in zip(flat[::2], flat[1::2], strict=True)] if flat else None


def _overlap(pair: EvaluationPair, boxes: Sequence[Box]) -> float | None:
    """How far both overlap, as they were measured: by their outlines where either is one; None for points."""
    corners = [_corners(pair.true_points), _corners(pair.points)]
    if len(boxes) < 2 or any(one is not None and len(one) == 1 for one in corners):
        return None
    if not any(corners):
        return iou(*boxes)
    both = [one or corners_of(box) for one, box in zip(corners, boxes, strict=True)]
    return float(overlay(both).iou()[0, 1])


def _distance(pair: EvaluationPair) -> float | None:
    """How far two points are apart, as a share of the diagonal."""
    if not pair.true_points or not pair.points or len(pair.true_points) > 2 or len(pair.points) > 2:
        return None
    far = dist(pair.true_points, pair.points)
    return far / hypot(pair.canvas.width, pair.canvas.height)


def region_around(boxes: Sequence[Box], width: float, height: float) -> Box | None:
    """What to show: all boxes and as much again around them, within the canvas; None when nothing lies on it."""
    left, top = min(one.x for one in boxes), min(one.y for one in boxes)
    right, bottom = max(one.x + one.w for one in boxes), max(one.y + one.h for one in boxes)
    margin = 0.35 * max(right - left, bottom - top, 0.02 * min(width, height))
    x, y = max(0.0, left - margin), max(0.0, top - margin)
    w, h = min(width, right + margin) - x, min(height, bottom + margin) - y
    return Box(x, y, w, h) if w > 0 and h > 0 else None
