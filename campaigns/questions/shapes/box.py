"""Boxes: `box`, `[x, y, w, h]`; two are one thing from IoU 0.5 on."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from campaigns.quality import Consensus, Rule, merge_boxes
from campaigns.quality.matching import match_pairs
from campaigns.questions.errors import AnswerError
from campaigns.questions.kind import Region, Said, Size
from campaigns.questions.reading import read_box
from campaigns.questions.shapes.kind import Drawn
from taxonomy.tree import Tree

NAME = "box"
LABEL = "Boxes"
METHODS = (
    "complete-link boxes, majority labels, 1",
    "complete-link boxes, lowest label with over 2/3 support, 1",
)
WORDS = ("box", "boxes")
GEOMETRIES = ("median", "mean", "max_iou")
FIELDS = frozenset({"box"})
# Clients round to hundredths of a canvas unit; what lies on the edge may overshoot by one such step.
EDGE_TOLERANCE = 0.01
MATCH_AT_IOU = 0.5


def read(shape: Mapping[str, Any], where: str, size: Size) -> Drawn:
    return {"box": list(read_box(shape.get("box"), where + "/box"))}


def check(drawn: Drawn, where: str, size: Size, region: Region | None) -> None:
    where += "/box"
    (x, y, w, h), (width, height), slack = drawn["box"], size, EDGE_TOLERANCE
    if x < -slack or y < -slack or x + w > width + slack or y + h > height + slack:
        raise AnswerError(
            where,
            "box-outside-canvas",
            f"The box leaves its canvas, which is {width:g} × {height:g}. Draw it inside the picture.",
            width=width,
            height=height,
        )
    if region is not None:
        left, top, wide, high = region
        if x >= left + wide or y >= top + high or x + w <= left or y + h <= top:
            raise AnswerError(
                where, "box-outside-region", "The box lies outside the part of the picture asked about."
            )


def key(drawn: Drawn) -> Hashable:
    return tuple(drawn["box"])


def pairs(a: Sequence[Drawn], b: Sequence[Drawn]) -> list[tuple[int, int]]:
    return [(i, j) for i, j in match_pairs(_boxes(a), _boxes(b), MATCH_AT_IOU).tolist()]


def merge(said: Said, *, rule: Rule, many: bool, tree: Tree[str] | None) -> list[Consensus]:
    return merge_boxes(
        [box or () for box in said.boxes],
        said.person,
        said.concepts,
        seen=len(said.people),
        rule=rule,
        weight=said.weight or None,
        edge_weight=said.edge_weight or None,
        many=many,
        tree=tree,
    )


def _boxes(shapes: Sequence[Drawn]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([shape["box"] for shape in shapes], dtype=np.float64).reshape(len(shapes), 4)
