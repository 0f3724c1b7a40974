"""Measure what people said against a release, one of them or all of a campaign, as a model's run is measured."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.evaluations import (
    asked_for,
    grouping_allowed,
    place_parameters,
    require_measurable,
)
from campaigns.answered import ALL, BASES
from campaigns.measured import shape_of
from campaigns.models import Evaluation, Participant, Release
from campaigns.people_measured import people_of
from campaigns.permissions import get_campaign_for
from problems import Invalid
from taxonomy.models import Grouping


def evaluate_participant(
    participant: Participant,
    release: Release,
    *,
    by: User,
    iou: float | None = None,
    reach: float | None = None,
    class_aware: bool = True,
    grouping: Grouping | None = None,
    basis: str = ALL,
) -> Evaluation:
    """The evaluation with these parameters; queued when it is new, has failed, or the answers have changed since.

    Parameters as `evaluate_run`; people give no scores. `basis`: all images that the person answered, or only those
    that the others decide alone (`campaigns.answered`). Raises `Refused` to who does not run the person's campaign,
    `Invalid` with a pointer for parameters out of range, `Conflict` for a release that cannot be measured.
    """
    get_campaign_for(by, participant.campaign.slug, "manage")
    parameters = _parameters(release, iou, reach, grouping, basis, class_aware=class_aware)
    return asked_for(release, parameters, by=by, participant=participant)


def evaluate_people(
    release: Release,
    *,
    by: User,
    class_aware: bool = True,
    grouping: Grouping | None = None,
    basis: str = ALL,
) -> list[Evaluation]:
    """Of everybody in the campaign of the release who answered most, as `people_of` counts them; see above."""
    get_campaign_for(by, release.campaign.slug, "manage")
    parameters = _parameters(release, None, None, grouping, basis, class_aware=class_aware)
    return [asked_for(release, parameters, by=by, participant=person) for person in people_of(release)]


def _parameters(
    release: Release,
    iou: float | None,
    reach: float | None,
    grouping: Grouping | None,
    basis: str,
    *,
    class_aware: bool,
) -> dict[str, Any]:
    if basis not in BASES:
        raise Invalid(
            _("The images are “all”, or “others” for those that the others decide alone."),
            pointer="/basis",
            code="unknown-basis",
        )
    parameters = {
        **place_parameters(shape_of(release), iou, reach),
        "class_aware": class_aware,
        "score": None,
        "basis": basis,
    }
    if grouping is not None:
        parameters["grouping"] = grouping_allowed(grouping, release)
    require_measurable(release)
    return parameters
