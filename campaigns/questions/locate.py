"""“Draw a box around each …”: labelled boxes on a canvas, or the statement that there is nothing to draw.

Settings (with their defaults), beside the `prompt`:
    many            false  whether one box may carry several labels
    required_label  true   whether each box must carry a label
    max_shapes      1000   most boxes in one answer
    coarser_counts  false  whether a coarser concept than another's agrees with it in part

Answer: `{"nothing_here": bool, "shapes": [{"id", "box": [x, y, w, h], "concepts": [id], "origin",
"prediction"}], "rejected_predictions": [id], "comment": str}`, boxes in canvas space.
"""

from collections.abc import Container, Mapping, Sequence
from typing import Any

import numpy as np

from campaigns.quality import Consensus, Rule, merge_boxes
from campaigns.quality.matching import match_pairs
from campaigns.questions.errors import AnswerError
from campaigns.questions.kind import Answer, Config, Mark, Region, Said, Size, Traits, Truth
from campaigns.questions.likeness import Likeness, jaccard
from campaigns.questions.reading import (
    pointer,
    read_box,
    read_concepts,
    read_config,
    read_list,
    read_nothing_here,
    read_object,
    read_remarks,
    read_uuid,
)
from taxonomy.tree import Tree

KIND = "locate"
LABEL = "Draw labelled boxes"
TRAITS = Traits(
    method="complete-link boxes, majority labels, 1",
    tree_method="complete-link boxes, lowest label with over 2/3 support, 1",
    says="boxes",
    released_as="boxes",
    draws=True,
)

DEFAULTS: Config = {"many": False, "required_label": True, "max_shapes": 1000, "coarser_counts": False}
ORIGINS = ("drawn", "accepted", "edited")
# Clients round to hundredths of a canvas unit; a box on the edge may overshoot by one such step.
EDGE_TOLERANCE = 0.01
MATCH_AT_IOU = 0.5
_SHAPE_KEYS = {"id", "box", "concepts", "origin", "prediction"}


def validate_config(config: Mapping[str, Any]) -> Config:
    """The settings, completed with defaults. Raises ConfigError."""
    return read_config(config, DEFAULTS)


def validate_answer(
    answer: Mapping[str, Any],
    *,
    config: Mapping[str, Any],
    canvas_size: Size,
    allowed_concepts: Container[str],
    region: Region | None = None,
) -> Answer:
    """The answer in its normal form. A box that leaves its canvas is refused, never clipped. Raises
    AnswerError.

    With a `region` (x, y, w, h) each box must touch it: what protrudes from the region is still wanted whole.
    """
    settings = {**DEFAULTS, **config}
    answer = read_object(answer, "")
    nothing_here = read_nothing_here(answer)
    raw = read_list(answer, "shapes")
    if read_list(answer, "concepts"):
        raise AnswerError(
            "/concepts", "not-asked", "This question asks for boxes; labels belong to the boxes."
        )
    _check_count(len(raw), nothing_here=nothing_here, most=settings["max_shapes"])
    shapes: list[dict[str, Any]] = []
    ids: set[str] = set()
    drawn: set[tuple[object, ...]] = set()
    for index, value in enumerate(raw):
        where = pointer("shapes", index)
        shape = _read_shape(read_object(value, where), where, settings, allowed_concepts)
        _check_place(shape["box"], where + "/box", canvas_size, region)
        if shape["id"] in ids:
            raise AnswerError(where + "/id", "repeated", "Two boxes have the same identifier.")
        said = (*shape["box"], *sorted(shape["concepts"]))
        if said in drawn:
            raise AnswerError(
                where, "duplicate-box", "The same box with the same labels is there twice. Delete one."
            )
        ids.add(shape["id"])
        drawn.add(said)
        shapes.append(shape)
    return {"nothing_here": nothing_here, "shapes": shapes, **read_remarks(answer)}


def compare(a: Mapping[str, Any], b: Mapping[str, Any], *, alike: Likeness = jaccard) -> float:
    """F1 of two validated answers: boxes matched one to one at IoU 0.5, a pair counting by the overlap of its
    labels.

    “Nothing here” against “nothing here” is 1, against any box 0. Labels overlap by Jaccard, if
    not said otherwise; two unlabelled boxes agree.
    """
    left, right = a["shapes"], b["shapes"]
    if not left and not right:
        return 1.0
    pairs = match_pairs(_boxes(left), _boxes(right), MATCH_AT_IOU)
    common = sum(alike(left[i]["concepts"], right[j]["concepts"]) for i, j in pairs.tolist())
    return 2 * common / (len(left) + len(right))


def marks(answer: Mapping[str, Any]) -> list[Mark]:
    """Each box."""
    return [
        Mark(
            id=shape["id"],
            box=tuple(shape["box"]),
            concepts=tuple(shape["concepts"]),
            origin=shape["origin"],
            prediction=shape["prediction"],
        )
        for shape in answer["shapes"]
    ]


def merge(said: Said, *, config: Mapping[str, Any], rule: Rule, tree: Tree[str] | None) -> list[Consensus]:
    """Boxes of different people on the same place are one thing; its label is that of the majority."""
    return merge_boxes(
        [box or () for box in said.boxes],
        said.person,
        said.concepts,
        seen=len(said.people),
        rule=rule,
        many=bool(config.get("many")),
        tree=tree,
    )


def as_answer(standing: Sequence[Truth]) -> tuple[dict[str, Any], list[int]]:
    """A box for each thing that stands."""
    shapes = [
        {"id": one.id, "box": list(one.box) if one.box else None, "concepts": list(one.concepts)}
        for one in standing
    ]
    return {"nothing_here": not shapes, "shapes": shapes}, list(range(len(shapes)))


def _check_count(count: int, *, nothing_here: bool, most: int) -> None:
    if nothing_here and count:
        raise AnswerError(
            "/nothing_here",
            "contradiction",
            "The answer says “nothing here” and has boxes. Keep one of the two.",
        )
    if not nothing_here and not count:
        raise AnswerError(
            "/shapes", "empty-answer", "The answer is empty. Draw a box, or say “nothing here”."
        )
    if count > most:
        raise AnswerError(
            "/shapes",
            "too-many-shapes",
            f"There are {count} boxes; {most} is the most.",
            count=count,
            most=most,
        )


def _read_shape(
    shape: Mapping[str, Any], where: str, settings: Mapping[str, Any], allowed: Container[str]
) -> dict[str, Any]:
    unknown = sorted(str(key) for key in set(shape) - _SHAPE_KEYS)
    if unknown:
        raise AnswerError(where + pointer(unknown[0]), "unknown-field", f"A box has no field “{unknown[0]}”.")
    origin = shape.get("origin", "drawn")
    if origin not in ORIGINS:
        raise AnswerError(
            where + "/origin", "unknown-origin", "The origin is one of: drawn, accepted, edited."
        )
    prediction = shape.get("prediction")
    if (prediction is None) != (origin == "drawn"):
        raise AnswerError(
            where + "/prediction",
            "origin-without-prediction" if prediction is None else "prediction-without-origin",
            "A box that was accepted or edited names its prediction; a drawn box names none.",
        )
    concepts = read_concepts(shape, allowed, many=settings["many"], where=where)
    if settings["required_label"] and not concepts:
        raise AnswerError(where + "/concepts", "label-missing", "The box has no label yet. Choose one.")
    return {
        "id": read_uuid(shape.get("id"), where + "/id"),
        "box": list(read_box(shape.get("box"), where + "/box")),
        "concepts": concepts,
        "origin": origin,
        "prediction": None if prediction is None else read_uuid(prediction, where + "/prediction"),
    }


def _check_place(box: list[float], where: str, canvas_size: Size, region: Region | None) -> None:
    (x, y, w, h), (width, height), slack = box, canvas_size, EDGE_TOLERANCE
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


def _boxes(shapes: list[dict[str, Any]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([shape["box"] for shape in shapes], dtype=np.float64).reshape(len(shapes), 4)
