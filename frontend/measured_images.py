"""Images that were measured, as pages draw them: shapes in canvas space, classes by their labels."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotation.queries import crop_url
from campaigns.evaluated_images import Said, ShownImage
from campaigns.models import EvaluationPair

SIDES = ("predicted", "second")  # by the number of the evaluation; what is true is drawn once


def drawn_images(images: Iterable[ShownImage], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each image with its shapes and what each evaluation says of it."""
    return [
        {
            "canvas": one.canvas,
            "picture": crop_url(one.canvas, None),
            "mark": max(one.canvas.width, one.canvas.height) / 60,
            "shapes": [
                *_shapes(one.sides[0].pairs, "true"),
                *(
                    shape
                    for side, said in zip(SIDES, one.sides, strict=False)
                    for shape in _shapes(said.pairs, side)
                ),
            ],
            "true": worded(one.sides[0].true, names),
            "sides": [_side(said, names) for said in one.sides],
        }
        for one in images
    ]


def _side(said: Said, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "said": worded(said.said, names),
        "tp": said.tp,
        "fp": said.fp,
        "fn": said.fn,
        "links": said.links,
        "right": not (said.fp or said.fn),
    }


def _shapes(pairs: Sequence[EvaluationPair], side: str) -> list[dict[str, Any]]:
    """Corners, a point or a box of each thing on one side; nothing for labels of whole images."""
    shapes = []
    for pair in pairs:
        box, flat = (pair.true_box, pair.true_points) if side == "true" else (pair.box, pair.points)
        if box is None:
            continue
        points = [(x, y) for x, y in zip((flat or [])[::2], (flat or [])[1::2], strict=True)]
        if not points and not (box[2] or box[3]):
            points = [(box[0], box[1])]
        shapes.append({"side": side, "box": box, "points": points})
    return shapes


def worded(ids: Sequence[str], names: Mapping[str, str]) -> str:
    """“clef of F × 2, clef of G”, the commonest first; "" for nothing."""
    counted = Counter(names.get(one, one) for one in ids)
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{name} × {count}" if count > 1 else name for name, count in ordered)
