"""What counts as one class when a model is measured: a concept, a class of a grouping of concepts, or anything."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from campaigns.grouped import OUTSIDE, homes_in
from campaigns.models import Release
from campaigns.predicted import PredictedThing, PredictedThings
from campaigns.released import UNLABELLED, ReleasedTruth, TrueThing

ANYTHING = "anything"  # the one class when labels are left out of account
UNNAMED = frozenset({UNLABELLED, OUTSIDE, ANYTHING})  # classes that are no concepts
ClassOf = Callable[[str], str]
Thing = TypeVar("Thing", TrueThing, PredictedThing)


def class_of(parameters: Mapping[str, Any], release: Release) -> ClassOf:
    """Concept (its id as text, or `UNLABELLED`) → class, for these parameters of an evaluation.

    A release whose categories are the classes of a grouping is measured in them, unless another was asked for:
    what the model says is regrouped as the truth was. A few queries for a grouping, none without.
    """
    if not parameters["class_aware"]:
        return lambda _concept: ANYTHING
    grouping = parameters.get("grouping") or release.grouping
    if not grouping:
        return lambda concept: concept
    homes = homes_in(release.campaign.vocabulary, [UUID(one) for one in grouping["classes"]])
    known = {str(concept): str(home) for concept, home in homes.items() if home}
    return lambda concept: concept if concept in UNNAMED else known.get(concept, OUTSIDE)


def truth_in(truth: ReleasedTruth, to: ClassOf) -> ReleasedTruth:
    """The same truth with classes for concepts; an annotation whose concepts are one class is one thing."""
    tags = tuple(frozenset(map(to, one)) for one in truth.tags)
    return replace(truth, boxes=_once(truth.boxes, to), tags=tags)


def said_in(said: PredictedThings, to: ClassOf) -> PredictedThings:
    """Predictions in the same way; one that names nothing on a whole image goes on naming nothing."""
    return replace(said, things=_once(said.things, to))


def _once(things: Iterable[Thing], to: ClassOf) -> tuple[Thing, ...]:
    found: dict[tuple[str, str], Thing] = {}
    for one in things:
        said = one.concept or (UNLABELLED if one.box or one.points else "")
        name = to(said) if said else ""
        found.setdefault((one.annotation, name), replace(one, concept=name))
    return tuple(found.values())
