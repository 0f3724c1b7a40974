"""Work with suggestions beside work without, on tasks that chance has dealt: what predictions do to answers."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, Q

from campaigns.figures import agreement_of
from campaigns.models import Campaign, Contribution, GoldScore
from campaigns.questions import get_kind


@dataclass(frozen=True, slots=True)
class Arm:
    """One half of the comparison. Shares are None where there is nothing to take a share of.

    `accepted`: of the annotations, those taken over from a prediction by one click; `coincide`: those that say
    what the predictions shown say (boxes at IoU 0.5, labels of whole images), seen or not; `score`: mean on
    known answers.
    """

    name: str
    contributions: int
    tasks: int
    agreement: dict[str, Any]
    annotations: int
    accepted: float | None
    coincide: float | None
    score: float | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


# The name of an arm, and whether its contributions were shown no predictions.
ARMS = (("with", False), ("without", True))

_SHAPES = """
SELECT count(*), count(*) FILTER (WHERE shape.origin = 'accepted'),
       count(*) FILTER (WHERE EXISTS (
            SELECT FROM campaigns_predictionrun run
              JOIN annotation_annotation said ON said.layer_id = run.layer_id
             WHERE run.id = %(run)s AND said.canvas_id = drawn.canvas_id AND said.deleted_at IS NULL
               AND (CASE WHEN %(boxes)s THEN
                        2 * (greatest(0, least(said.x + said.w, drawn.x + drawn.w) - greatest(said.x, drawn.x))
                           * greatest(0, least(said.y + said.h, drawn.y + drawn.h) - greatest(said.y, drawn.y)))
                        >= said.w * said.h + drawn.w * drawn.h
                         - greatest(0, least(said.x + said.w, drawn.x + drawn.w) - greatest(said.x, drawn.x))
                         * greatest(0, least(said.y + said.h, drawn.y + drawn.h) - greatest(said.y, drawn.y))
                    ELSE EXISTS (SELECT FROM annotation_annotationconcept a
                                   JOIN annotation_annotationconcept b USING (concept_id)
                                  WHERE a.annotation_id = said.id AND b.annotation_id = drawn.id) END)))
  FROM campaigns_contributionshape shape
  JOIN campaigns_contribution c ON c.id = shape.contribution_id
  JOIN campaigns_task t ON t.id = c.task_id
  JOIN annotation_annotation drawn ON drawn.id = shape.annotation_id
 WHERE t.campaign_id = %(campaign)s AND c.counts AND c.campaign_version = ANY(%(versions)s)
   AND (c.predictions_shown_id IS NULL) = %(blind)s
"""


def arms_of(campaign: Campaign) -> list[Arm]:
    """Both arms, or nothing where the campaign never showed predictions on some tasks and none on others.

    Only what was handed in under such settings is compared: tasks are dealt by chance then, and nothing else
    tells the arms apart.
    """
    versions = _versions(campaign)
    return [_arm(campaign, versions, name, blind=blind) for name, blind in ARMS] if versions else []


def _versions(campaign: Campaign) -> list[int]:
    rows = campaign.versions.values_list("version", "configuration")
    return [
        number
        for number, settings in rows
        if settings.get("shown_run") and 0 < settings.get("blind_share", 0) < 1
    ]


def _arm(campaign: Campaign, versions: list[int], name: str, *, blind: bool) -> Arm:
    # Points have no extent that could coincide, and models write no texts.
    cannot = campaign.question.get("shapes") == "point" or campaign.traits.says == "texts"
    of_arm = Q(campaign_version__in=versions, predictions_shown__isnull=blind)
    counted = Contribution.objects.filter(of_arm, task__campaign=campaign, counts=True)
    numbers = counted.aggregate(n=Count("pk"), tasks=Count("task", distinct=True))
    seeded = Contribution.objects.filter(of_arm, task__campaign=campaign, task__gold__withdrawn_at=None)
    score = GoldScore.objects.filter(contribution__in=seeded).aggregate(mean=Avg("score"))["mean"]
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "campaign": campaign.pk, "versions": versions, "blind": blind, "run": campaign.shown_run_id,
            "boxes": get_kind(campaign.question_kind).TRAITS.draws,
        }  # fmt: skip
        cursor.execute(_SHAPES, values)
        annotations, accepted, coincide = cursor.fetchone()
    return Arm(
        name=name,
        contributions=numbers["n"],
        tasks=numbers["tasks"],
        agreement=agreement_of(campaign, only=of_arm).as_json(),
        annotations=annotations,
        accepted=None if blind else _share(accepted, annotations),
        coincide=_share(coincide, annotations) if campaign.shown_run_id and not cannot else None,
        score=score,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
