"""Make tasks from annotations that are there: each is shown once a campaign, to be accepted, corrected or rejected."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from annotation.permissions import visible_layers
from campaigns.actions.ordering import settle_added
from campaigns.actions.tasks import (
    cover_with_first,
    lock_unclosed,
    next_position,
    refuse_unseen,
    sources_of,
    tell_planner,
)
from campaigns.models import Campaign
from problems import Conflict, Invalid
from taxonomy.queries import concepts_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which annotations of a layer: with one of these concepts or below it, and as confident as that.

    Without concepts any; `least`, `most`: confidence from 0 to 1, which an annotation without one does not meet.
    """

    concepts: tuple[UUID, ...] = ()
    least: float | None = None
    most: float | None = None


# A count in a subquery of its own is answered by the index over what tasks are about; a list of all that are there
# would be hashed only while it is short. What protrudes from its canvas is shown as far as it lies on it. An answer can
# accept labels of the campaign's vocabulary only, and several only where it takes several.
_APPEND = """
INSERT INTO campaigns_task
       (id, campaign_id, canvas_id, position, state, region_x, region_y, region_w, region_h, about_id)
SELECT gen_random_uuid(), %(campaign)s, fresh.canvas_id,
       %(start)s + row_number() OVER (ORDER BY fresh.manifest_id, fresh.place, fresh.y, fresh.x, fresh.id) - 1, 'open',
       fresh.x, fresh.y, fresh.w, fresh.h, fresh.id
  FROM (SELECT said.id, said.canvas_id, canvas.manifest_id, canvas.position AS place, seen.x, seen.y, seen.w, seen.h
          FROM annotation_annotation said
          JOIN annotation_canvas canvas ON canvas.id = said.canvas_id
          LEFT JOIN LATERAL (
               SELECT greatest(said.x, 0) AS x, greatest(said.y, 0) AS y,
                      least(said.x + said.w, canvas.width) - greatest(said.x, 0) AS w,
                      least(said.y + said.h, canvas.height) - greatest(said.y, 0) AS h) seen ON said.x IS NOT NULL
         CROSS JOIN LATERAL (
               SELECT count(*) AS labels,
                      count(*) FILTER (WHERE concept.vocabulary_id <> %(vocabulary)s) AS foreign_ones,
                      coalesce(bool_or(concept.id = ANY(%(concepts)s::uuid[])
                                       OR concept.ancestors && %(concepts)s::uuid[]), false) AS is_named
                 FROM annotation_annotationconcept link
                 JOIN taxonomy_concept concept ON concept.id = link.concept_id
                WHERE link.annotation_id = said.id) named
         WHERE said.layer_id = ANY(%(layers)s::uuid[]) AND said.deleted_at IS NULL
           AND canvas.manifest_id = ANY(%(manifests)s::uuid[])
           AND (said.x IS NULL OR (seen.w > 0 AND seen.h > 0))
           AND named.foreign_ones = 0 AND (%(many)s OR named.labels <= 1)
           AND (named.is_named OR cardinality(%(concepts)s::uuid[]) = 0)
           AND (%(least)s::float IS NULL OR said.confidence >= %(least)s)
           AND (%(most)s::float IS NULL OR said.confidence <= %(most)s)) fresh
 WHERE (SELECT count(*) FROM campaigns_task t
         WHERE t.about_id = fresh.id AND t.campaign_id = %(campaign)s) = 0
"""


def choose_shown(
    campaign: Campaign, *, by: User, layers: Sequence[UUID], wanted: Wanted | None = None
) -> int:
    """Append a task for each wanted annotation of these layers; returns how many are new.

    The layer of a prediction run is one like any other. An annotation of a whole canvas is asked about on the whole
    canvas. Left out are annotations that the campaign has already, on canvases that the person may not see, with
    labels of another vocabulary, or with several labels where an answer takes one. Raises `Invalid` naming a layer or
    concept that does not exist or may not be seen. A constant number of statements.
    """
    wanted = wanted or Wanted()
    check_shown(campaign, by=by, layers=layers, wanted=wanted)
    manifests = list(sources_of(layers, by=by))
    with transaction.atomic():
        row = lock_unclosed(campaign)
        added = append_shown(row, layers, manifests, wanted)
        settle_added(row, by=by)
        if added:
            cover_with_first(row)
    tell_planner(added)
    return added


def check_shown(campaign: Campaign, *, by: User, layers: Sequence[UUID], wanted: Wanted) -> None:
    """Raise `Conflict` where the campaign judges nothing, `Invalid` for what may not be seen or makes no sense."""
    if not campaign.traits.judges:
        raise Conflict(
            _("This campaign does not ask whether something is right: choose images or regions."),
            code="not-judging",
        )
    if not layers:
        raise Invalid(
            _("Choose the layer whose annotations are shown."), pointer="/layers", code="nothing-chosen"
        )
    _refuse_unmeant(campaign, wanted)
    seen = visible_layers(by).filter(pk__in=layers)
    refuse_unseen("layers", layers, set(seen.values_list("pk", flat=True)))


def append_shown(row: Campaign, layers: Sequence[UUID], manifests: Sequence[UUID], wanted: Wanted) -> int:
    """Tasks for what layers say on these manifests, in a campaign that is locked; returns how many are new."""
    values: dict[str, Any] = {
        "campaign": row.pk, "start": next_position(row), "layers": list(layers), "manifests": list(manifests),
        "vocabulary": row.vocabulary_id, "many": bool(row.question.get("many")),
        "concepts": list(wanted.concepts), "least": wanted.least, "most": wanted.most,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, values)
        added: int = cursor.rowcount
    return added


def _refuse_unmeant(campaign: Campaign, wanted: Wanted) -> None:
    known = concepts_of(campaign.vocabulary).filter(pk__in=wanted.concepts)
    refuse_unseen("concepts", wanted.concepts, set(known.values_list("pk", flat=True)))
    for name, value in (("min_confidence", wanted.least), ("max_confidence", wanted.most)):
        if value is not None and not 0 <= value <= 1:
            raise Invalid(_("Confidence is a share from 0 to 1."), pointer=f"/{name}", code="out-of-range")
    if wanted.least is not None and wanted.most is not None and wanted.least > wanted.most:
        raise Invalid(
            _("The least confidence is above the most."), pointer="/min_confidence", code="out-of-range"
        )
