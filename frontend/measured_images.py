"""Images that were measured, as pages draw them: shapes in canvas space, classes by their labels."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from annotation.geometry import Box
from annotation.models import Canvas
from annotation.queries import crop_url
from campaigns.evaluated import region_around
from campaigns.evaluated_images import Said, ShownImage
from campaigns.models import EvaluationPair
from frontend.evaluating import picture_of

SIDES = ("predicted", "second")  # by the number of the evaluation; what is true is drawn once
MOST_OF_IT = 0.6  # a part that is more of the image than this is no part: all of it is shown
Shape = dict[str, Any]


def drawn_images(images: Iterable[ShownImage], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each image with its shapes and what each evaluation says of it; of two the part where they differ."""
    return [_drawn(one, names) for one in images]


def _drawn(one: ShownImage, names: Mapping[str, str]) -> dict[str, Any]:
    canvas = one.canvas
    agreed = _agreed(one.sides) if len(one.sides) > 1 else frozenset()
    shapes = [
        *_shapes(one.sides[0].pairs, "true", agreed),
        *(
            shape
            for side, said in zip(SIDES, one.sides, strict=False)
            for shape in _shapes(said.pairs, side, agreed)
        ),
    ]
    part = _part(canvas, [shape for shape in shapes if not shape["agreed"]]) if len(one.sides) > 1 else None
    region = list(part.xywh) if part else [0.0, 0.0, canvas.width, canvas.height]
    return {
        "canvas": canvas,
        "address": crop_url(canvas, part),
        "picture": picture_of(canvas, region if part else None),
        "region": region,
        "is_part": part is not None,
        "mark": max(region[2], region[3]) / 60,
        "shapes": shapes,
        "true": worded(one.sides[0].true, names),
        "sides": [_side(said, names) for said in one.sides],
    }


def _agreed(sides: Sequence[Said]) -> frozenset[UUID]:
    """The true things that both found, or both missed."""
    found = [
        {pair.true_annotation: pair.label is not None for pair in side.pairs if pair.true_annotation}
        for side in sides
    ]
    return frozenset(pk for pk, one in found[0].items() if found[1].get(pk) is one)


def _part(canvas: Canvas, shapes: Sequence[Shape]) -> Box | None:
    """Where shapes lie, with as much again around them; None where that is most of the image, or nothing."""
    reach = 0.02 * max(canvas.width, canvas.height)
    boxes = [
        Box(x, y, w, h) if w and h else Box(x - reach, y - reach, 2 * reach, 2 * reach)
        for x, y, w, h in (shape["box"] for shape in shapes)
    ]
    found = region_around(boxes, canvas.width, canvas.height) if boxes else None
    whole = MOST_OF_IT * canvas.width * canvas.height
    return found if found and found.w * found.h < whole else None


def _side(said: Said, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "said": worded(said.said, names),
        "tp": said.tp,
        "fp": said.fp,
        "fn": said.fn,
        "links": said.links,
        "right": not (said.fp or said.fn),
    }


def _shapes(pairs: Sequence[EvaluationPair], side: str, agreed: Container[UUID]) -> list[Shape]:
    """Corners, a point or a box of each thing on one side; nothing for labels of whole images."""
    shapes = []
    for pair in pairs:
        box, flat = (pair.true_box, pair.true_points) if side == "true" else (pair.box, pair.points)
        if box is None:
            continue
        points = [(x, y) for x, y in zip((flat or [])[::2], (flat or [])[1::2], strict=True)]
        if not points and not (box[2] or box[3]):
            points = [(box[0], box[1])]
        known = pair.true_annotation is not None and pair.true_annotation in agreed
        shapes.append({"side": side, "box": box, "points": points, "agreed": known})
    return shapes


def worded(ids: Sequence[str], names: Mapping[str, str]) -> str:
    """“clef of F × 2, clef of G”, the commonest first; "" for nothing."""
    counted = Counter(names.get(one, one) for one in ids)
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{name} × {count}" if count > 1 else name for name, count in ordered)
