"""A model is set up for a campaign, with examples if it is to find more like them, and a run of it is planned."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, grant
from annotation.models import Annotation, Layer
from annotation.queries import with_concepts
from campaigns.documents import ConceptNames
from campaigns.layer_names import prediction_layer_name
from campaigns.models import (
    Campaign,
    CampaignGroupObjectPermission,
    CampaignUserObjectPermission,
    PredictionBatch,
    PredictionRun,
    Predictor,
)
from campaigns.permissions import refuse_archived
from campaigns.predictors import KINDS, PredictorError, match_template
from problems import Conflict, Invalid
from work.actions import request_job

MOST_EXAMPLES = 200


def create_predictor(
    campaign: Campaign, *, kind: str, name: str, version: str = "", configuration: Mapping[str, Any], by: User
) -> Predictor:
    """Set a model up for a campaign.

    The configuration is what the kind of predictor defines; that of *match_template* also names `examples`
    (ids of annotations). Raises `Invalid` with a pointer.
    """
    refuse_archived(campaign)
    if campaign.traits.pairs:
        raise Conflict(
            _("A model is asked what is on an image; this campaign asks how two regions belong together."),
            code="pairs-not-predicted",
        )
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise Invalid(_("A predictor is one of: %s.") % known, pointer="/kind", code="unknown-kind")
    if not name.strip():
        raise Invalid(_("Give the model a name."), pointer="/name", code="blank")
    settings = dict(configuration)
    examples = settings.pop("examples", None) if kind == match_template.KIND else None
    try:
        settings = dict(KINDS[kind].validate_config(settings))
    except PredictorError as error:
        raise Invalid(str(error), pointer="/configuration", code="bad-configuration") from error
    if kind == match_template.KIND:
        settings["examples"] = _checked_examples(campaign, examples)
    return Predictor.objects.create(
        campaign=campaign,
        kind=kind,
        name=name.strip()[:120],
        version=version.strip()[:60],
        configuration=settings,
        created_by=by,
    )


def _checked_examples(campaign: Campaign, examples: Any) -> list[str]:
    """The ids of labelled boxes of this campaign, whoever made them."""
    where = "/configuration/examples"
    if not isinstance(examples, list) or not 1 <= len(examples) <= MOST_EXAMPLES:
        raise Invalid(
            _("Name between 1 and %d examples: labelled boxes of this campaign.") % MOST_EXAMPLES,
            pointer=where,
            code="no-examples",
        )
    ids = [_as_uuid(value, f"{where}/{index}") for index, value in enumerate(examples)]
    usable = set(
        Annotation.objects.filter(
            Q(layer__in=_layers(campaign)) | Q(layer__prediction_run__predictor__campaign=campaign),
            pk__in=ids,
            w__gt=0,
            deleted_at=None,
            concept_links__isnull=False,
        ).values_list("pk", flat=True)
    )
    for index, pk in enumerate(ids):
        if pk not in usable:
            raise Invalid(
                _("This is not a labelled box of this campaign."),
                pointer=f"{where}/{index}",
                code="unknown-example",
            )
    return [str(pk) for pk in dict.fromkeys(ids)]


def _as_uuid(value: Any, where: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise Invalid(
            _("An example is named by the id of its annotation."), pointer=where, code="not-an-id"
        ) from error


def _layers(campaign: Campaign) -> list[UUID]:
    return [campaign.contributions_layer_id, campaign.consensus_layer_id, campaign.ground_truth_layer_id]


def best_examples(campaign: Campaign, *, per_concept: int) -> list[UUID]:
    """For each concept the boxes that people agree on most: decided ones first, then the best supported.

    At most one box of a concept from a canvas while other canvases have some: those differ more.
    """
    layers = [campaign.ground_truth_layer_id, campaign.consensus_layer_id]
    boxes = with_concepts(
        Annotation.objects.filter(layer__in=layers, w__gt=0, deleted_at=None)
        .select_related("consensus_item")
        .defer("document")
    )
    found: dict[UUID, list[Annotation]] = {}
    for box in boxes:
        for link in box.concept_links.all():
            found.setdefault(link.concept_id, []).append(box)
    chosen: dict[UUID, None] = {}
    # One concept after the other by their ids: the same examples in the same order, however the rows come.
    for _concept, rows in sorted(found.items()):
        chosen.update(
            dict.fromkeys(_spread(sorted(rows, key=lambda row: _worth(row, campaign)), per_concept))
        )
    return list(chosen)


def _spread(rows: Sequence[Annotation], count: int) -> list[UUID]:
    """The first `count` rows (best first), those on canvases that are not yet among them before others."""
    seen: set[UUID | None] = set()
    fresh: list[UUID] = []
    more: list[UUID] = []
    for row in rows:
        (more if row.canvas_id in seen else fresh).append(row.pk)
        seen.add(row.canvas_id)
    return [*fresh, *more][:count]


def _worth(row: Annotation, campaign: Campaign) -> tuple[object, ...]:
    item = getattr(row, "consensus_item", None)
    decided = row.layer_id == campaign.ground_truth_layer_id
    return (not decided, item.disagreement if item else 0.0, -(item.support if item else 0), str(row.pk))


def start_run(predictor: Predictor, *, label_map: Mapping[str, str] | None = None, by: User) -> PredictionRun:
    """Plan a run over the campaign's canvases and queue it; `label_map`: the model's class → concept id."""
    campaign = predictor.campaign
    refuse_archived(campaign)
    names = ConceptNames.of_campaign(campaign)
    for label, concept in (label_map or {}).items():
        if concept not in names:
            raise Invalid(
                _("The campaign has no concept %s.") % concept,
                pointer=f"/label_map/{label.replace('~', '~0').replace('/', '~1')}",
                code="unknown-concept",
            )
    if not campaign.tasks.exists():
        raise Conflict(_("Choose canvases first: there is nothing to look at yet."), code="no-canvases")
    with transaction.atomic():
        named = prediction_layer_name(predictor)
        layer = Layer.objects.create(kind=Layer.Kind.PREDICTIONS, label=named, created_by=by)
        _share(campaign, layer)
        run = PredictionRun.objects.create(
            predictor=predictor,
            layer=layer,
            configuration=predictor.configuration,
            label_map=dict(label_map or {}),
            created_by=by,
        )
        canvases = (
            campaign.tasks.order_by().values("canvas").annotate(first=Min("position")).order_by("first")
        )
        PredictionBatch.objects.bulk_create(
            (PredictionBatch(run=run, canvas_id=row["canvas"]) for row in canvases.iterator()),
            batch_size=2000,
        )
        run.job = request_job("campaigns.predict", run.pk, by=by, queue="predict")
        run.save(update_fields=["job"])
    return run


def _share(campaign: Campaign, layer: Layer) -> None:
    """Who runs the campaign looks after its predictions; reviewers may read them."""
    people = CampaignUserObjectPermission.objects.filter(content_object=campaign).select_related("user")
    groups = CampaignGroupObjectPermission.objects.filter(content_object=campaign).select_related("group")
    for codename, role in (("review_campaign", Role.OBSERVER), ("manage_campaign", Role.MANAGER)):
        for row in people.filter(permission__codename=codename):
            grant(row.user, layer, role)
        for of_group in groups.filter(permission__codename=codename):
            grant(of_group.group, layer, role)
