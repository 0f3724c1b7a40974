"""Reads of what a model has learnt of the people of a campaign."""

import math
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from campaigns.models import Campaign, Participant, ReliabilityModel
from campaigns.quality.edge_spread import EdgeSpread
from campaigns.quality.labels.fitted import Fitted


@dataclass(frozen=True, slots=True)
class WeighedPerson:
    """`weight`: log(p (K − 1) / (1 − p)), the best weight of a vote among K labels; nobody weighs less than nothing.

    `edges`: σ of the left, top, right and bottom edge of a box as shares of its sides, from `boxes`; None where the
    places are not merged by a mean, or too little was drawn to know.
    """

    id: UUID
    pseudonym: str
    accuracy: float
    weight: float
    edges: tuple[float, ...] | None = None
    boxes: int = 0


@dataclass(frozen=True, slots=True)
class Weighed:
    """The model in use; without people and time while votes count alike or nothing has been learnt."""

    weighing: str
    learnt_at: datetime | None
    contributions: int
    people: tuple[WeighedPerson, ...]


def weighed(campaign: Campaign) -> Weighed:
    """What has been learnt by the model that the campaign asks for, the most reliable first; two queries."""
    row = ReliabilityModel.objects.filter(campaign=campaign, method=campaign.weighing).first()
    if row is None:
        return Weighed(campaign.weighing, None, 0, ())
    fitted = Fitted.from_json(row.state)
    others = max(len(fitted.marginals), 2) - 1
    spread = EdgeSpread.from_json(row.edges) if row.edges else None
    drawn, boxes = (spread.people, spread.boxes) if spread else ({}, {})
    names = Participant.objects.filter(campaign=campaign).values_list("pk", "pseudonym")
    people = [
        WeighedPerson(
            pk,
            name,
            accuracy,
            _weight(accuracy, others),
            edges=drawn.get(str(pk)),
            boxes=boxes.get(str(pk), 0),
        )
        for pk, name in names
        if (accuracy := fitted.accuracy.get(str(pk))) is not None
    ]
    people.sort(key=lambda one: (-one.accuracy, one.pseudonym))
    return Weighed(campaign.weighing, row.fitted_at, row.contributions, tuple(people))


def _weight(accuracy: float, others: int) -> float:
    sure = min(max(accuracy, 1e-9), 1 - 1e-9)
    return max(0.0, math.log(sure * others / (1 - sure)))
