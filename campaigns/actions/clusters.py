"""What a reviewer makes of whole clusters: two become one, or one becomes several, by the answers that went in."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _

from annotation.geometry import Box as GeometryBox
from annotation.geometry import iou
from annotation.models import Annotation
from campaigns.models import ConsensusItem, ConsensusMember
from campaigns.quality.edges import median_box
from problems import Conflict, Invalid

Box = tuple[float, float, float, float]
Members = Mapping[UUID, Annotation]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a cluster is split into: the answers that say it, and what is true of it.

    Without a box it has the median of its members', without concepts the label that more than half of them give.
    """

    members: tuple[UUID, ...]
    box: Box | None = None
    concepts: tuple[UUID, ...] = ()


def members_of(items: Mapping[UUID, ConsensusItem]) -> Mapping[UUID, Members]:
    """The answers that went into each merged item and still stand, with their concepts; two queries."""
    rows = ConsensusMember.objects.filter(
        item__in=items, annotation__contribution_shape__isnull=False
    ).select_related("annotation")
    found: dict[UUID, dict[UUID, Annotation]] = {pk: {} for pk in items}
    for row in rows.prefetch_related("annotation__concept_links").order_by("annotation_id"):
        found[row.item_id][row.annotation_id] = row.annotation
    return found


def check_merge(item: UUID, merges: Sequence[UUID], items: Mapping[UUID, ConsensusItem], where: str) -> None:
    """That the clusters to be merged are there, are others, and are named once."""
    if not merges:
        raise Invalid(_("Name the items that become one with this."), pointer=where, code="nothing-to-merge")
    if item in merges or len(set(merges)) < len(merges):
        raise Invalid(_("An item is judged twice."), pointer=where, code="repeated")
    if any(pk not in items for pk in merges):
        raise Conflict(
            _("The merged answer has changed since you opened it. Load the task again."),
            pointer=where,
            code="stale-item",
        )


def check_split(parts: Sequence[Part], members: Members, where: str) -> None:
    """That every answer of the cluster goes into exactly one of at least two parts."""
    if len(parts) < 2 or not all(part.members for part in parts):
        raise Invalid(
            _("Split it into at least two, each with at least one of the answers."),
            pointer=where,
            code="too-few-parts",
        )
    named = [pk for part in parts for pk in part.members]
    if len(set(named)) < len(named):
        raise Invalid(_("An answer goes into one part only."), pointer=where, code="repeated-member")
    if set(named) != set(members):
        raise Conflict(
            _("The answers that it was made from have changed, or some are missing. Load the task again."),
            pointer=where,
            code="stale-members",
        )


def median_of(rows: Sequence[Annotation]) -> Box | None:
    """The median of the boxes of these answers; None where none has one."""
    boxes = [row.box for row in rows if row.box]
    if not boxes:
        return None
    x, y, w, h = median_box(np.array(boxes, dtype=np.float64)).tolist()
    return (x, y, w, h)


def box_of_both(clusters: Sequence[Annotation], rows: Sequence[Annotation]) -> Box | None:
    """Of clusters that overlap the first the median of all answers; of pieces that do not, what holds them all."""
    boxes = [GeometryBox(*row.box) for row in clusters if row.box]
    if len(boxes) < 2 or all(iou(boxes[0], box) > 0 for box in boxes):
        return median_of(rows)
    left, top = min(box.xyxy[0] for box in boxes), min(box.xyxy[1] for box in boxes)
    right, bottom = max(box.xyxy[2] for box in boxes), max(box.xyxy[3] for box in boxes)
    return (left, top, right - left, bottom - top)


def label_of(rows: Sequence[Annotation]) -> tuple[UUID, ...]:
    """The concept that more than half of these answers give; none where there is no such."""
    given = Counter(link.concept_id for row in rows for link in row.concept_links.all())
    return tuple(pk for pk, count in given.most_common(1) if 2 * count > len(rows))
