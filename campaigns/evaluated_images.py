"""The images that an evaluation counts, and those on which two evaluations differ, with all that was said there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from annotation.models import Canvas
from annotation.queries import crop_url
from campaigns.compared import require_comparable
from campaigns.evaluated import finished
from campaigns.models import Evaluation, EvaluationImage, EvaluationPair, EvaluationVoice
from problems import Conflict, Invalid

KINDS = {
    "all": Q(),
    "right": Q(fp=0, fn=0),
    "wrong": Q(fp__gt=0) | Q(fn__gt=0),
    "without": Q(),  # the class is not there
    "silent": Q(),  # … and was not said either
    "tree": Q(likeness__isnull=False),  # labels on the tree, the farthest first
    "links": Q(links__isnull=False),
    "examples": Q(), "shown": Q(), "unasked": Q(),  # canvases under `leakage`
    "unknown": Q(),  # all but the examples
    "people": Q(),  # on which people stand beside others, or one of them
}  # fmt: skip
OF_CLASS = ("without", "silent")
LEAKS = ("examples", "shown", "unasked")
BETTER = ("any", "first", "second", "only-first", "only-second")
FIRST_WITH_IMAGES = 4  # version of the figures
FIRST_WITH_VOICES = 5  # also what was set aside


def images_behind(
    evaluation: Evaluation, *, kind: str = "all", row: str = "", links: str = "", person: str = ""
) -> QuerySet[EvaluationImage] | QuerySet[EvaluationVoice]:
    """The images that a figure counts, those with most mistakes first.

    `kind`: all that were measured; right or wrong as a whole; without the class in `row`; silent: without it, and it
    was not said either; tree: with labels on the tree, the least alike first; links: so many links apart, all of them
    when `links` is empty; people: those on which people stand beside others, or the one at the place `person` in the
    list of the ceiling; examples, shown, unasked: as under `leakage`; unknown: all but the examples. Raises `Invalid`
    for an unknown name and for what is no number, `Conflict` for figures from before images were kept.
    """
    if kind not in KINDS:
        raise Invalid(_("The kind is one of: %s.") % ", ".join(KINDS), pointer="/kind", code="unknown-kind")
    figures = evaluation.figures
    if figures["version"] < FIRST_WITH_IMAGES:
        raise Conflict(
            _("This evaluation was made before its images were kept. Evaluate again to look at them."),
            code="no-images-kept",
        )
    if kind == "people":
        return _of_people(evaluation, person)
    images = EvaluationImage.objects.filter(KINDS[kind], evaluation=evaluation)
    if kind in OF_CLASS:
        place = _class_place(evaluation, row)
        there = Q(true_label=place) if kind == "without" else Q(true_label=place) | Q(label=place)
        pairs = EvaluationPair.objects.filter(there, evaluation=evaluation, by_label=True, counts=True)
        images = images.exclude(canvas__in=pairs.order_by().values("canvas"))
    if kind in LEAKS:
        images = images.filter(canvas__in=figures["leakage"][kind])
    if kind == "unknown":
        images = images.exclude(canvas__in=figures["leakage"]["examples"])
    if kind == "links" and links:
        images = images.filter(links=_whole(links))
    if kind == "tree":
        return images.order_by("likeness", "pk")
    if kind == "links":
        return images.order_by("-links", "pk")
    return images.order_by((F("fp") + F("fn")).desc(), "pk")


def _of_people(evaluation: Evaluation, person: str) -> QuerySet[EvaluationVoice]:
    if evaluation.figures["version"] < FIRST_WITH_VOICES:
        raise Conflict(
            _("This evaluation was made before its images were kept. Evaluate again to look at them."),
            code="no-images-kept",
        )
    voices = EvaluationVoice.objects.filter(evaluation=evaluation)
    if person:
        return voices.filter(person=_whole(person, "/person")).order_by("pk")
    return voices.order_by("canvas_id", "pk").distinct("canvas_id")


def _class_place(evaluation: Evaluation, row: str) -> int:
    places = {one["id"]: place for place, one in enumerate(evaluation.figures["labels"])}
    if row not in places:
        raise Invalid(_("The evaluation has no class %s.") % row[:60], pointer="/row", code="unknown-class")
    return places[row]


def _whole(text: str, pointer: str = "/links") -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise Invalid(
            _("Links, and places in a list, are counted: 0, 1, 2, …"), pointer=pointer, code="not-a-number"
        )
    return int(text)


@dataclass(frozen=True, slots=True)
class Said:
    """What one evaluation says of an image: right, false and missed things, with their classes by id."""

    tp: int
    fp: int
    fn: int
    links: float | None
    pairs: tuple[EvaluationPair, ...]
    true: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownImage:
    """An image, with what each of the evaluations says of it."""

    canvas: Canvas
    sides: tuple[Said, ...]


def shown_images(canvases: Sequence[UUID], evaluations: Sequence[Evaluation]) -> list[ShownImage]:
    """The images in this order; three queries, however many there are."""
    rows = Canvas.objects.select_related("manifest").defer("manifest__document", "manifest__metadata")
    found = rows.in_bulk(canvases)
    pairs: dict[tuple[UUID, UUID], list[EvaluationPair]] = defaultdict(list)
    behind = EvaluationPair.objects.filter(
        evaluation__in=evaluations, canvas__in=canvases, by_label=True, counts=True
    )
    for pair in behind.order_by("pk"):
        pairs[pair.evaluation_id, pair.canvas_id].append(pair)
    images = EvaluationImage.objects.filter(evaluation__in=evaluations, canvas__in=canvases)
    counted = {(one.evaluation_id, one.canvas_id): one for one in images}
    return [
        ShownImage(
            found[pk],
            tuple(_said(one, counted.get((one.pk, pk)), pairs[one.pk, pk]) for one in evaluations),
        )
        for pk in canvases
    ]


def _said(evaluation: Evaluation, image: EvaluationImage | None, pairs: Sequence[EvaluationPair]) -> Said:
    ids = [one["id"] for one in evaluation.figures["labels"]]
    return Said(
        tp=image.tp if image else 0,
        fp=image.fp if image else 0,
        fn=image.fn if image else 0,
        links=image.links if image else None,
        pairs=tuple(pairs),
        true=tuple(ids[pair.true_label] for pair in pairs if pair.true_label is not None),
        said=tuple(ids[pair.label] for pair in pairs if pair.label is not None),
    )


def image_as_json(image: ShownImage, names: Sequence[str]) -> dict[str, Any]:
    """The same for programs; `names` of the sides: nothing for one evaluation, first and second for two."""
    whole = {
        "canvas": image.canvas.pk,
        "canvas_uri": image.canvas.uri,
        "picture": crop_url(image.canvas, None),
        "true": sorted(image.sides[0].true),
    }
    sides: list[Mapping[str, Any]] = [
        {"said": sorted(one.said), "tp": one.tp, "fp": one.fp, "fn": one.fn, "links": one.links}
        for one in image.sides
    ]
    return {**whole, **(dict(zip(names, sides, strict=True)) if names else sides[0])}


# --- where two differ -----------------------------------------------------------------------------------

# Judgements are the same when they say the same class of the same true thing, found or missed, or falsely say the
# same class; classes are named, since each evaluation numbers its own. Images that only one
# of them measured are left out, as are those of which a person was asked about a part.
_DIFFERENT = """
WITH met AS (
    SELECT a.canvas_id, a.id AS place, a.fp + a.fn AS one, b.fp + b.fn AS other
      FROM campaigns_evaluationimage a
      JOIN campaigns_evaluationimage b ON b.canvas_id = a.canvas_id AND b.evaluation_id = %(second)s
       AND b.tp + b.fn = a.tp + a.fn
     WHERE a.evaluation_id = %(first)s
), here AS MATERIALIZED (
    SELECT canvas_id, true_annotation, (%(first_labels)s::text[])[true_label + 1] AS true_class,
           (%(first_labels)s::text[])[label + 1] AS said
      FROM campaigns_evaluationpair WHERE evaluation_id = %(first)s AND by_label AND counts
), there AS MATERIALIZED (
    SELECT canvas_id, true_annotation, (%(second_labels)s::text[])[true_label + 1] AS true_class,
           (%(second_labels)s::text[])[label + 1] AS said
      FROM campaigns_evaluationpair WHERE evaluation_id = %(second)s AND by_label AND counts
), apart AS (
    (SELECT * FROM here EXCEPT ALL SELECT * FROM there)
     UNION ALL (SELECT * FROM there EXCEPT ALL SELECT * FROM here)
), images AS (
    SELECT DISTINCT canvas_id FROM apart
     WHERE %(label)s = '' OR true_class = %(label)s OR said = %(label)s
), rated AS (
    SELECT met.canvas_id, met.place, one, other FROM met JOIN images ON images.canvas_id = met.canvas_id
)
"""
_WHICH = {
    "any": "true",
    "first": "one < other",
    "second": "other < one",
    "only-first": "one = 0 AND other > 0",
    "only-second": "other = 0 AND one > 0",
}


@dataclass(frozen=True, slots=True)
class Different:
    """A page of the images on which two evaluations differ; how many there are of each kind in `BETTER`."""

    counts: Mapping[str, int]
    canvases: tuple[UUID, ...]


def differing(
    first: Evaluation,
    second: Evaluation,
    *,
    better: str = "any",
    row: str = "",
    offset: int = 0,
    limit: int = 24,
) -> Different:
    """Images that both measured and judge differently, the greatest difference in mistakes first; two queries.

    `better`: any; where the first, or the second, makes fewer mistakes; only-first, only-second: where it alone makes
    none. `row`: only what is, or was called, this class (its id). Raises `Conflict` where the two cannot be compared or
    one was made before images were kept, `Invalid` for unknown names.
    """
    for one in (first, second):
        if finished(one).figures["version"] < FIRST_WITH_IMAGES:
            raise Conflict(
                _("This evaluation was made before its images were kept. Evaluate again to look at them."),
                code="no-images-kept",
            )
    require_comparable(first, second)
    if better not in BETTER:
        raise Invalid(
            _("The kind is one of: %s.") % ", ".join(BETTER), pointer="/better", code="unknown-kind"
        )
    labels = [[label["id"] for label in one.figures["labels"]] for one in (first, second)]
    if row and row not in labels[0] and row not in labels[1]:
        raise Invalid(_("The evaluation has no class %s.") % row[:60], pointer="/row", code="unknown-class")
    values: dict[str, Any] = {
        "first": first.pk, "second": second.pk, "first_labels": labels[0], "second_labels": labels[1],
        "label": row, "limit": limit, "offset": offset,
    }  # fmt: skip
    sums = ", ".join(f"count(*) FILTER (WHERE {_WHICH[name]})" for name in BETTER)
    with connection.cursor() as cursor:
        cursor.execute(f"{_DIFFERENT} SELECT {sums} FROM rated", values)  # noqa: S608 - no word of a reader's
        counts = dict(zip(BETTER, cursor.fetchone() or (), strict=True))
        cursor.execute(
            f"{_DIFFERENT} SELECT canvas_id FROM rated WHERE {_WHICH[better]}"  # noqa: S608 - nor here
            " ORDER BY abs(one - other) DESC, one + other DESC, place LIMIT %(limit)s OFFSET %(offset)s",
            values,
        )
        return Different(counts, tuple(pk for (pk,) in cursor.fetchall()))
