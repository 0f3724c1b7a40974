"""How exactly each participant draws the edges of boxes: read from their answers, learnt, and kept for the merging."""

import numpy as np
from django.db.models import QuerySet

from campaigns.models import Campaign, ContributionShape, ReliabilityModel
from campaigns.quality import Rule
from campaigns.quality.edge_spread import EdgeSpread, edge_spread
from campaigns.quality.matching import group_boxes
from campaigns.questions.merging import rule_of

# Who takes over a prediction draws nothing: two who do so are not exact, they have one source.
OWN = (ContributionShape.Origin.DRAWN, ContributionShape.Origin.EDITED)


def listens_to_the_exact(campaign: Campaign) -> bool:
    """Whether its boxes are merged by a mean in which not everybody counts alike."""
    alike = campaign.weighing == Campaign.Weighing.ALIKE
    return not alike and rule_of(campaign.question).geometry == "mean"


def learn_edges(campaign: Campaign) -> EdgeSpread | None:
    """From all counted boxes that people drew themselves, matched as the merging matches them; one query."""
    rows = list(_drawn(campaign).values_list(*_PLACE, "contribution__task", "contribution__participant"))
    if not rows:
        return None
    task, person = (np.array([str(row[column]) for row in rows]) for column in (4, 5))
    boxes = np.array([row[:4] for row in rows], dtype=np.float64)
    group = group_boxes(boxes, person, canvas=task, threshold=Rule().threshold)
    return edge_spread(boxes, person, group)


_PLACE = ("annotation__x", "annotation__y", "annotation__w", "annotation__h")


def _drawn(campaign: Campaign) -> QuerySet[ContributionShape]:
    rows = ContributionShape.objects.filter(
        contribution__task__campaign=campaign, contribution__counts=True, origin__in=OWN,
        annotation__deleted_at=None, annotation__w__gt=0, annotation__h__gt=0,
    )  # fmt: skip
    return rows.order_by("annotation")


def edges_for(campaign: Campaign) -> EdgeSpread | None:
    """What has been learnt by the model in use; one query, none where it would not be listened to."""
    if not listens_to_the_exact(campaign):
        return None
    row = ReliabilityModel.objects.filter(campaign=campaign, method=campaign.weighing).first()
    return EdgeSpread.from_json(row.edges) if row and row.edges else None
