"""Reads a tutorial as people see it: texts as safe HTML, pictures with the example drawn on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from annotation.geometry import Box
from annotation.models import Canvas
from annotation.queries import crop_url
from campaigns.instructions import render_languages
from campaigns.known import gold_in_force
from campaigns.models import Campaign, Task
from taxonomy.queries import labels_in

LONGEST_PX = 1000


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape of the example in canvas space, with its labels as one text.

    `box`: `(x, y, w, h)`; `points`: the corners of an outline within it, or the one point in its middle.
    """

    box: tuple[float, float, float, float]
    label: str
    points: tuple[tuple[float, float], ...] = ()

    @property
    def corners(self) -> str:
        """The corners as SVG writes them; empty for a box or a point."""
        return " ".join(f"{x},{y}" for x, y in self.points) if len(self.points) > 1 else ""

    @property
    def ring(self) -> float:
        """The radius of the ring that is drawn around a point."""
        return self.box[2] / 4


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a step: its address, and the part of the canvas that it shows, in canvas space."""

    canvas: Canvas
    crop: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `text_html`: language → safe HTML; `labels`: of the whole image."""

    id: UUID
    text: Mapping[str, str]
    text_html: Mapping[str, str]
    picture: Picture | None
    marks: Sequence[Mark]
    labels: Sequence[str]
    nothing_here: bool

    @property
    def said(self) -> list[str]:
        """What the example says: the labels of the image, else those of its boxes, each once."""
        return list(self.labels or dict.fromkeys(mark.label for mark in self.marks if mark.label))


def tutorial_of(campaign: Campaign, language: str) -> list[Step]:
    """The steps of a campaign in their order; at most four queries.

    A picture is left out when its image is no longer among those of the campaign, and an example when the answer to
    its image has become a known one that people are given.
    """
    canvases = _canvases(campaign, {UUID(step["canvas"]) for step in campaign.tutorial if step["canvas"]})
    known = _known(campaign, canvases)
    labels = labels_in({UUID(pk) for step in campaign.tutorial for pk in _named(step["example"])}, language)
    return [_step(step, canvases, known, labels) for step in campaign.tutorial]


def _canvases(campaign: Campaign, wanted: set[UUID]) -> dict[str, Canvas]:
    if not wanted:
        return {}
    tasks = Task.objects.filter(campaign=campaign, canvas__in=wanted).values("canvas")
    return {str(row.pk): row for row in Canvas.objects.filter(pk__in=tasks)}


def _known(campaign: Campaign, canvases: Mapping[str, Canvas]) -> set[str]:
    if not canvases:
        return set()
    gold = gold_in_force(campaign).filter(task__canvas__in=[row.pk for row in canvases.values()])
    return {str(pk) for pk in gold.values_list("task__canvas", flat=True)}


def _named(example: Mapping[str, Any] | None) -> list[str]:
    if example is None:
        return []
    return [*example["concepts"], *(pk for shape in example["shapes"] for pk in shape["concepts"])]


def _step(
    step: Mapping[str, Any], canvases: Mapping[str, Canvas], known: set[str], labels: Mapping[UUID, str]
) -> Step:
    def said(concepts: Iterable[str]) -> list[str]:
        return [labels.get(UUID(pk), "?") for pk in concepts]

    canvas = canvases.get(step["canvas"] or "")
    example = step["example"] if canvas and step["canvas"] not in known else None
    return Step(
        id=UUID(step["id"]),
        text=step["text"],
        text_html=render_languages(step["text"]),
        picture=_picture(canvas, step["region"]) if canvas else None,
        marks=[
            Mark(
                box=tuple(shape["box"]),
                label=", ".join(said(shape["concepts"])),
                points=tuple((x, y) for x, y in shape.get("points", ())),
            )
            for shape in (example["shapes"] if example else ())
        ],
        labels=[*said(example["concepts"]), *_written(example)] if example else [],
        nothing_here=bool(example and example["nothing_here"]),
    )


def _written(example: Mapping[str, Any]) -> list[str]:
    return [f"“{text['value']}”" for text in example.get("texts", ())]


def _picture(canvas: Canvas, region: Sequence[float] | None) -> Picture | None:
    """None where the institution shows its images after a login only: a picture would break."""
    if canvas.extra.get("auth"):
        return None
    whole = (0.0, 0.0, canvas.width, canvas.height)
    # Without a service that cuts there is the whole image only, and places are told within the whole.
    cuts = bool(canvas.image_service) and "level0" not in (canvas.extra.get("profile") or "")
    box = _within(tuple(region), canvas) if region and cuts else whole
    crop = crop_url(canvas, Box(*box) if box != whole else None, longest=LONGEST_PX)
    return Picture(canvas, crop, box) if crop else None


def _within(box: tuple[float, ...], canvas: Canvas) -> tuple[float, float, float, float]:
    """The part of a region that lies on the canvas; the whole canvas when none does."""
    left, top = max(box[0], 0.0), max(box[1], 0.0)
    right, bottom = min(box[0] + box[2], canvas.width), min(box[1] + box[3], canvas.height)
    if right <= left or bottom <= top:
        return (0.0, 0.0, canvas.width, canvas.height)
    return (left, top, right - left, bottom - top)


def close_up(canvas: Canvas, boxes: Sequence[Sequence[float]]) -> list[float] | None:
    """The part of the canvas around some boxes, with air around them; None without any."""
    if not boxes:
        return None
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    air = max(right - left, bottom - top) * 0.4
    return list(_within((left - air, top - air, right - left + 2 * air, bottom - top + 2 * air), canvas))
