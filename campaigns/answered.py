"""What a person said about the images of a release, in the form in which a model's predictions are measured.

Only images that the person answered count: nobody misses what they were not shown. Of tasks about a part of an image
only what lies in that part is true. A person's own vote may stand in what was released; `basis` says what then:

    all     everything as released, the own vote included
    others  only images that the others decide alone (`quality.evaluation.unaided`), and those on which this person's
            answer did not count, as known answers and late ones do not
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import hypot
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from annotation.geometry import Box, iou
from annotation.models import Annotation
from campaigns.ceilings import concepts_said, shapes_drawn
from campaigns.classes import ClassOf
from campaigns.models import Contribution, Participant, Release, Task
from campaigns.predicted import PredictedThings, things_in
from campaigns.quality.evaluation.shape_ceiling import (
    Merge,
    merging_boxes,
    merging_outlines,
    merging_points,
)
from campaigns.quality.evaluation.unaided import settled_by_choice, settled_by_sets, settled_by_shapes
from campaigns.questions import get_kind
from campaigns.released import ReleasedTruth, TrueThing

ALL, OTHERS = "all", "others"
BASES = (ALL, OTHERS)
AS_REGION = 0.5  # from this overlap on a true thing is the one that was asked about


@dataclass(frozen=True, slots=True)
class Look:
    """One answer of the person: about which part of an image (None: all of it), and whether it had a voice."""

    task: UUID
    canvas: str
    region: tuple[float, float, float, float] | None
    about: bool
    voice: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """`answered` images of the release, `voiced` of them with an answer that counted towards it; `settled` of these
    would say the same whatever this person had said; `late`: answered after the release was made."""

    truth: ReleasedTruth
    said: PredictedThings
    answered: int
    voiced: int
    settled: int
    late: int


def answers_state(participant: Participant) -> dict[str, Any]:
    """The answers as they stand now: count, newest revision, moment of the last change; one query."""
    rows = Contribution.objects.filter(participant=participant)
    found = rows.aggregate(
        count=Count("pk"), revision=Max("revision"), sent=Max("submitted_at"), amended=Max("amended_at")
    )
    moments: list[datetime] = [one for one in (found["sent"], found["amended"]) if one]
    changed = max(moments).isoformat() if moments else None
    return {"count": found["count"], "revision": found["revision"] or 0, "changed_at": changed}


def answered(
    participant: Participant,
    release: Release,
    truth: ReleasedTruth,
    parameters: Mapping[str, Any],
    class_of: ClassOf,
    *,
    many: bool,
) -> Answered:
    """The release as far as the person answered it, and what they said there; `truth` in the classes of `class_of`."""
    state = answers_state(participant)
    looks = _looks(participant, release, truth)
    canvases = {look.canvas for look in looks}
    voiced = {look.canvas for look in looks if look.voice}
    settled = _settled(looks, participant, release, parameters, class_of, many=many)
    kept = canvases
    if parameters.get("basis", ALL) == OTHERS:
        kept = canvases - (voiced - settled)
    mine = _within(truth, [look for look in looks if look.canvas in kept])
    drawn = Annotation.objects.filter(
        contribution_shape__contribution__participant=participant, deleted_at=None
    )
    said = things_in(drawn, mine.canvases, outlines=parameters.get("shape") == "polygon")
    # What was said on other images is no prediction elsewhere, and people say not how sure they are.
    said = replace(
        said,
        elsewhere=0,
        unscored=0,
        elsewhere_things=(),
        unscored_things=(),
        state=state,
        things=tuple(replace(one, score=1.0) for one in said.things),
    )
    late = {look.canvas for look in looks if look.late}
    return Answered(mine, said, len(canvases), len(voiced), len(settled), len(late))


def _looks(participant: Participant, release: Release, truth: ReleasedTruth) -> list[Look]:
    known = set(truth.canvases)
    rows = Contribution.objects.filter(participant=participant).order_by("submitted_at", "pk")
    columns = (
        "task_id", "task__canvas_id", "task__region_x", "task__region_y", "task__region_w", "task__region_h",
        "task__about_id", "task__campaign_id", "counts", "submitted_at",
    )  # fmt: skip
    looks = []
    for task, canvas, x, y, w, h, about, campaign, counts, at in rows.values_list(*columns):
        if str(canvas) not in known:
            continue
        late = release.finished_at is not None and at > release.finished_at
        voice = counts and not late and campaign == release.campaign_id
        region = None if x is None else (x, y, w, h)
        looks.append(Look(task, str(canvas), region, about is not None, voice, late))
    return looks


def _within(truth: ReleasedTruth, looks: Sequence[Look]) -> ReleasedTruth:
    """The canvases that were answered, in their order, with what lies in the parts that were asked about."""
    seen: dict[str, list[Look]] = defaultdict(list)
    for look in looks:
        seen[look.canvas].append(look)
    places = [place for place, canvas in enumerate(truth.canvases) if canvas in seen]
    new = {place: number for number, place in enumerate(places)}
    things = [
        replace(one, canvas=new[one.canvas])
        for one in truth.boxes
        if one.canvas in new and any(_asked(one, look) for look in seen[truth.canvases[one.canvas]])
    ]
    return replace(
        truth,
        canvases=tuple(truth.canvases[place] for place in places),
        boxes=tuple(things),
        tags=tuple(truth.tags[place] for place in places),
        diagonals=tuple(truth.diagonals[place] for place in places),
    )


def _asked(thing: TrueThing, look: Look) -> bool:
    """Whether the thing lies in the part that was asked about, by its middle; of a thing asked about, is that thing."""
    if look.region is None:
        return True
    region, box = Box(*look.region), Box(*thing.box)
    if look.about and box.w > 0 and box.h > 0:
        return iou(region, box) >= AS_REGION
    x, y = box.x + box.w / 2, box.y + box.h / 2
    return region.x <= x <= region.x + region.w and region.y <= y <= region.y + region.h


def _settled(
    looks: Sequence[Look],
    participant: Participant,
    release: Release,
    parameters: Mapping[str, Any],
    class_of: ClassOf,
    *,
    many: bool,
) -> set[str]:
    """The canvases with a voice of the person on which no task would have gone another way; four queries at most."""
    voiced = [look for look in looks if look.voice]
    if not voiced:
        return set()
    rest = Contribution.objects.filter(
        task__in=[look.task for look in voiced], counts=True, submitted_at__lte=release.finished_at
    ).exclude(participant=participant)
    rows = list(rest.values_list("pk", "task_id"))
    if get_kind(release.campaign.question_kind).TRAITS.released_as == "boxes":
        stands = _of_places(rows, voiced, parameters, class_of)
    else:
        stands = _of_labels(rows, class_of, many=many)
    open_ones = {look.canvas for look in voiced if str(look.task) not in stands}
    return {look.canvas for look in voiced} - open_ones


Rows = Sequence[tuple[UUID, UUID]]  # contribution, task


def _of_labels(rows: Rows, class_of: ClassOf, *, many: bool) -> set[str]:
    said: dict[UUID, set[str]] = {pk: set() for pk, _task in rows}
    for pk, concept in concepts_said(list(said)):
        said[pk].add(class_of(str(concept)))
    by_task: dict[str, list[set[str]]] = defaultdict(list)
    for pk, task in rows:
        by_task[str(task)].append(said[pk])
    holds = settled_by_sets if many else settled_by_choice
    return {task for task, sets in by_task.items() if holds(sets)}


def _of_places(
    rows: Rows, voiced: Sequence[Look], parameters: Mapping[str, Any], class_of: ClassOf
) -> set[str]:
    shape = parameters.get("shape", "box")
    drawn = defaultdict(list)
    for one in shapes_drawn([pk for pk, _task in rows], shape, class_of):
        drawn[one.canvas].append(one)
    others: dict[str, int] = defaultdict(int)
    for _pk, task in rows:
        others[str(task)] += 1
    merge = _merging(shape, parameters, voiced)
    return {task for task, count in others.items() if settled_by_shapes(drawn[task], count, task, merge)}


def _merging(shape: str, parameters: Mapping[str, Any], voiced: Sequence[Look]) -> Merge:
    if shape == "box":
        return merging_boxes(parameters["iou"])
    if shape == "polygon":
        return merging_outlines(parameters["iou"])
    tasks = Task.objects.filter(pk__in={look.task for look in voiced})
    far = {
        str(pk): parameters["reach"] * hypot(width, height)
        for pk, width, height in tasks.values_list("pk", "canvas__width", "canvas__height")
    }
    return merging_points(far.__getitem__)
