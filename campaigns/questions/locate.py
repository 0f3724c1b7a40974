"""“Draw a box around each …”: labelled boxes, outlines or points on a canvas, or the statement that there is nothing.

Settings (with their defaults), beside the `prompt`:
    shapes          "box"  what is drawn: "box", "polygon" or "point"
    many            false  whether one shape may carry several labels
    required_label  true   whether each shape must carry a label
    max_shapes      1000   most shapes in one answer
    merged          "median"  how places are merged: boxes by "median", "mean" (by reliability) or "max_iou" (greatest
                    common overlap); outlines by "median" (what most drew), "union", "intersection", "at_least" or
                    "medoid"
    at_least        2      of "at_least": how many of those who drew a thing must have drawn a place
    coarser_counts  false  whether a coarser concept than another's agrees with it in part
    find_similar    true   whether people may have more like a box of theirs looked for on the page
    certainty       false  whether people say of each shape how sure they are

Answer: `{"nothing_here": bool, "shapes": [{"id", "box": [x, y, w, h], "concepts": [id], "origin",
"prediction", "certainty"}], "rejected_predictions": [id], "comment": str}`, in canvas space. Outlines and points have
`"points": [[x, y], …]`, and their `box` follows from these. What each kind of shape is: `questions/shapes/`.
"""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from campaigns.quality import Consensus, Rule
from campaigns.questions import merging
from campaigns.questions.errors import AnswerError
from campaigns.questions.kind import Answer, Config, Mark, Region, Said, Size, Traits, Truth
from campaigns.questions.likeness import Likeness, jaccard
from campaigns.questions.places import as_points
from campaigns.questions.reading import (
    pointer,
    read_certainty,
    read_choice,
    read_concepts,
    read_config,
    read_list,
    read_nothing_here,
    read_object,
    read_remarks,
    read_uuid,
)
from campaigns.questions.shapes import SHAPES, ShapeKind, box, point, polygon, shape_kind
from taxonomy.tree import Tree

KIND = "locate"
LABEL = "Draw labelled shapes"
TRAITS = Traits(
    method=box.METHODS[0],
    tree_method=box.METHODS[1],
    other_methods={one.NAME: one.METHODS for one in (polygon, point)},
    says="boxes",
    released_as="boxes",
    draws=True,
)

DEFAULTS: Config = {
    "many": False,
    "required_label": True,
    "max_shapes": 1000,
    "coarser_counts": False,
    "find_similar": True,
    "certainty": False,
}
ORIGINS = ("drawn", "copied", "accepted", "edited")
# What people made themselves, on this image or on the one before: no prediction stands behind it.
OWN_ORIGINS = ORIGINS[:2]
_SHAPE_KEYS = {"id", "concepts", "origin", "prediction", "certainty"}


def validate_config(config: Mapping[str, Any]) -> Config:
    """The settings, completed with defaults. Raises ConfigError."""
    chosen = read_choice(config, "shapes", list(SHAPES))
    more = merging.read_merging(config, SHAPES[chosen].GEOMETRIES)
    rest = {name: value for name, value in config.items() if name not in ("shapes", *merging.SETTINGS)}
    return {"shapes": chosen, **more, **read_config(rest, DEFAULTS)}


def validate_answer(
    answer: Mapping[str, Any],
    *,
    config: Mapping[str, Any],
    canvas_size: Size,
    allowed_concepts: Container[str],
    region: Region | None = None,
) -> Answer:
    """The answer in its normal form. A shape that leaves its canvas is refused, never clipped. Raises
    AnswerError.

    With a `region` (x, y, w, h) each shape must touch it: what protrudes from the region is still wanted whole.
    """
    settings, kind = {**DEFAULTS, **config}, shape_kind(config)
    answer = read_object(answer, "")
    nothing_here = read_nothing_here(answer)
    raw = read_list(answer, "shapes")
    one, several = kind.WORDS
    if read_list(answer, "concepts"):
        raise AnswerError(
            "/concepts", "not-asked", f"This question asks for {several}; labels belong to the {several}."
        )
    _check_count(len(raw), kind, nothing_here=nothing_here, most=settings["max_shapes"])
    shapes: list[dict[str, Any]] = []
    ids: set[str] = set()
    drawn: set[tuple[object, ...]] = set()
    for index, value in enumerate(raw):
        where = pointer("shapes", index)
        shape = _read_shape(read_object(value, where), where, settings, allowed_concepts, canvas_size)
        kind.check(shape, where, canvas_size, region)
        if shape["id"] in ids:
            raise AnswerError(where + "/id", "repeated", f"Two {several} have the same identifier.")
        said = (kind.key(shape), *sorted(shape["concepts"]))
        if said in drawn:
            raise AnswerError(
                where,
                f"duplicate-{kind.NAME}",
                f"The same {one} with the same labels is there twice. Delete one.",
            )
        ids.add(shape["id"])
        drawn.add(said)
        shapes.append(shape)
    return {"nothing_here": nothing_here, "shapes": shapes, **read_remarks(answer)}


def compare(a: Mapping[str, Any], b: Mapping[str, Any], *, alike: Likeness = jaccard) -> float:
    """F1 of two validated answers: shapes matched one to one (boxes and outlines at IoU 0.5, points within reach), a
    pair counting by the overlap of its labels.

    “Nothing here” against “nothing here” is 1, against any shape 0. Labels overlap by Jaccard, if
    not said otherwise; two unlabelled shapes agree.
    """
    left, right = a["shapes"], b["shapes"]
    if not left and not right:
        return 1.0
    pairs = _kind_of([*left, *right]).pairs(left, right)
    common = sum(alike(left[i]["concepts"], right[j]["concepts"]) for i, j in pairs)
    return 2 * common / (len(left) + len(right))


def _kind_of(shapes: Sequence[Mapping[str, Any]]) -> ShapeKind:
    """What shapes in their normal form are. Of a campaign that has asked for others before, all count as boxes."""
    corners = {min(len(shape.get("points", ())), 2) for shape in shapes}
    return {frozenset({1}): SHAPES["point"], frozenset({2}): SHAPES["polygon"]}.get(
        frozenset(corners), SHAPES["box"]
    )


def marks(answer: Mapping[str, Any]) -> list[Mark]:
    """Each shape."""
    return [
        Mark(
            id=shape["id"],
            box=tuple(shape["box"]),
            points=as_points(shape.get("points", ())),
            concepts=tuple(shape["concepts"]),
            origin=shape["origin"],
            prediction=shape["prediction"],
            certainty=shape.get("certainty", ""),
        )
        for shape in answer["shapes"]
    ]


def merge(said: Said, *, config: Mapping[str, Any], rule: Rule, tree: Tree[str] | None) -> list[Consensus]:
    """Shapes of different people on the same place are one thing; its label is that of the majority."""
    return shape_kind(config).merge(said, rule=rule, many=bool(config.get("many")), tree=tree)


def as_answer(standing: Sequence[Truth]) -> tuple[dict[str, Any], list[int]]:
    """A shape for each thing that stands."""
    shapes = [
        {
            "id": one.id,
            "box": list(one.box) if one.box else None,
            **({"points": [list(point) for point in one.points]} if one.points else {}),
            "concepts": list(one.concepts),
        }
        for one in standing
    ]
    return {"nothing_here": not shapes, "shapes": shapes}, list(range(len(shapes)))


def _check_count(count: int, kind: ShapeKind, *, nothing_here: bool, most: int) -> None:
    one, several = kind.WORDS
    if nothing_here and count:
        raise AnswerError(
            "/nothing_here",
            "contradiction",
            f"The answer says “nothing here” and has {several}. Keep one of the two.",
        )
    if not nothing_here and not count:
        article = "an" if one[0] in "aeiou" else "a"
        raise AnswerError(
            "/shapes", "empty-answer", f"The answer is empty. Draw {article} {one}, or say “nothing here”."
        )
    if count > most:
        raise AnswerError(
            "/shapes",
            "too-many-shapes",
            f"There are {count} {several}; {most} is the most.",
            count=count,
            most=most,
        )


def _read_shape(
    shape: Mapping[str, Any], where: str, settings: Mapping[str, Any], allowed: Container[str], size: Size
) -> dict[str, Any]:
    kind = shape_kind(settings)
    name = kind.WORDS[0]
    unknown = sorted(str(key) for key in set(shape) - _SHAPE_KEYS - kind.FIELDS)
    if unknown:
        raise AnswerError(
            where + pointer(unknown[0]), "unknown-field", f"This {name} has no field “{unknown[0]}”."
        )
    origin = shape.get("origin", "drawn")
    if origin not in ORIGINS:
        raise AnswerError(where + "/origin", "unknown-origin", f"The origin is one of: {', '.join(ORIGINS)}.")
    prediction = shape.get("prediction")
    if (prediction is None) != (origin in OWN_ORIGINS):
        raise AnswerError(
            where + "/prediction",
            "origin-without-prediction" if prediction is None else "prediction-without-origin",
            f"What was accepted or edited names its prediction; a drawn or copied {name} names none.",
        )
    concepts = read_concepts(shape, allowed, many=settings["many"], where=where)
    if settings["required_label"] and not concepts:
        raise AnswerError(where + "/concepts", "label-missing", f"The {name} has no label yet. Choose one.")
    return {
        "id": read_uuid(shape.get("id"), where + "/id"),
        **kind.read(shape, where, size),
        "concepts": concepts,
        "origin": origin,
        "prediction": None if prediction is None else read_uuid(prediction, where + "/prediction"),
        **read_certainty(shape, asked=settings["certainty"], where=where),
    }
